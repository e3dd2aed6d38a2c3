// SPDX-License-Identifier: Apache-2.0
// `turnpike lpm`: every form gives the reference's answers, at the clocks that the engine promises, and mistakes in
// files are named.
#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>

#include "cli/lpm/lpm_run.h"
#include "config/error.h"
#include "tests/lpm/reference.h"

namespace turnpike::lpm {
namespace {

using lpm_test::Prefix;
using lpm_test::PrefixSource;
using lpm_test::Reference;

constexpr unsigned kPrefixes = 300, kAddresses = 4000, kUpdates = 20;
constexpr unsigned kRootBits = 13;  ///< shorter prefixes change many words, so that later updates begin late

/// A job, and the reference's answer to each address before and after each update.
struct Trial {
    Job job;
    std::vector<Reference> tables{1};

    explicit Trial(unsigned seed, unsigned updates) {
        PrefixSource random(seed);
        std::vector<Prefix> known;
        for (unsigned n = 0; n < kPrefixes; ++n) {
            known.push_back(random.prefix());
            job.table.push_back(put(known.back(), random.hop(), tables[0]));
        }
        for (unsigned n = 0; n < updates; ++n) {
            tables.push_back(tables.back());
            Prefix prefix;
            do {
                prefix = random.below(2) == 0 ? known[random.below(kPrefixes)] : random.prefix();
            } while (prefix.len < kRootBits);
            if (random.below(3) == 0) {
                tables.back().remove(prefix);
                job.updates.push_back({false, prefix.address, prefix.len, 0, n + 1});
            } else {
                job.updates.push_back(put(prefix, random.hop(), tables.back()));
            }
        }
        for (unsigned n = 0; n < kAddresses; ++n) {
            job.addresses.push_back(random.address_near(known[random.below(kPrefixes)]));
        }
    }

    static Change put(const Prefix& prefix, std::uint16_t hop, Reference& table) {
        table.put(prefix, hop);
        return {true, prefix.address, prefix.len, hop, 0};
    }

    /// The answer is that of a table between the first that can still be seen and the last that is under way.
    bool is_right(std::size_t n, std::uint16_t hop) const {
        const std::size_t step = kAddresses / tables.size();
        const std::size_t begun = std::min(n / step + 1, tables.size() - 1);
        const std::size_t sure = begun < 3 ? 0 : begun - 3;
        for (std::size_t table = sure; table <= begun; ++table) {
            if (tables[table].lookup(job.addresses[n]) == hop) return true;
        }
        return false;
    }
};

class LpmModes : public testing::TestWithParam<const char*> {};
INSTANTIATE_TEST_SUITE_P(Forms, LpmModes, testing::Values("software", "tlm", "rtl", "lockstep"));

TEST_P(LpmModes, AnswersAreTheReferencesAtOneAClock) {
    Trial trial(1, 0);
    trial.job.mode = GetParam();
    const Result result = run(trial.job);
    for (unsigned n = 0; n < kAddresses; ++n) {
        ASSERT_EQ(result.hops[n], trial.tables[0].lookup(trial.job.addresses[n])) << n;
    }
    EXPECT_EQ(result.prefixes, trial.tables[0].size());
    if (trial.job.mode == "software") return;
    EXPECT_EQ(result.clocks, kAddresses + result.least_latency);
    EXPECT_EQ(result.least_latency, result.most_latency);
}

TEST_P(LpmModes, NoneIsLostWithPausesAndStallsOnBothSides) {
    Trial trial(2, 0);
    trial.job.mode = GetParam();
    trial.job.idle_percent = 30;
    trial.job.stall_percent = 40;
    const Result result = run(trial.job);
    for (unsigned n = 0; n < kAddresses; ++n) {
        ASSERT_EQ(result.hops[n], trial.tables[0].lookup(trial.job.addresses[n])) << n;
    }
}

TEST_P(LpmModes, UnderUpdatesEachAnswerIsThatOfATableNearby) {
    Trial trial(3, kUpdates);
    trial.job.mode = GetParam();
    trial.job.stall_percent = 20;
    const Result result = run(trial.job);
    for (unsigned n = 0; n < kAddresses; ++n) ASSERT_TRUE(trial.is_right(n, result.hops[n])) << n;
    EXPECT_EQ(result.prefixes, trial.tables.back().size());
}

TEST_P(LpmModes, UpdatesThatTakeLongerThanTheLookupsAreCarriedOutAllTheSame) {
    Trial trial(4, kUpdates);
    trial.job.mode = GetParam();
    trial.job.addresses.resize(kUpdates);
    EXPECT_EQ(run(trial.job).prefixes, trial.tables.back().size());
}

/// A file of one test.
class LpmFile : public testing::Test {
  protected:
    std::string write(const std::string& text) {
        std::ofstream(path_) << text;
        return path_;
    }
    ~LpmFile() override { std::filesystem::remove(path_); }

    template <typename Read>
    void expect_error(const std::string& text, unsigned line, unsigned column, Read read) {
        try {
            read(write(text));
            ADD_FAILURE() << "accepted: " << text;
        } catch (const config::Error& error) {
            EXPECT_EQ(error.file, path_);
            EXPECT_EQ(error.line, line) << error.message;
            EXPECT_EQ(error.column, column) << error.message;
        }
    }

  private:
    std::string path_ = (std::filesystem::temp_directory_path() / fmt_name()).string();
    static std::string fmt_name() { return "turnpike_lpm_file_" + std::to_string(getpid()); }
};

TEST_F(LpmFile, ATableHasCommentsNextHopsOrTheLengthInTheirPlace) {
    NextHops hops;
    const auto table = read_table(write("# one\n; two\n\n10.0.0.0/8 65001\n10.1.0.0/16\n0.0.0.0/0\t65001\n"), hops);
    ASSERT_EQ(table.size(), 3u);
    EXPECT_EQ(table[0].prefix, 0x0A000000u);
    EXPECT_EQ(hops.name_of(table[0].hop), "65001");
    EXPECT_EQ(hops.name_of(table[1].hop), "/16");
    EXPECT_EQ(table[2].hop, table[0].hop);
}

TEST_F(LpmFile, MistakesAreNamedByFileLineAndColumn) {
    NextHops hops;
    const auto table = [&](const std::string& file) { read_table(file, hops); };
    const auto updates = [&](const std::string& file) { read_updates(file, hops); };
    expect_error("10.0.0.0/8 1\n10.0.0.256/32 1\n", 2, 1, table);
    expect_error("10.0.0.0/33 1\n", 1, 1, table);
    expect_error("10.0.0.0/8 1 2\n", 1, 14, table);
    expect_error("change 10.0.0.0/8 1\n", 1, 1, updates);
    expect_error("add 10.0.0.0/8 1 2\n", 1, 18, updates);
    expect_error("1.2.3.4\n1.2.3\n", 2, 1, [](const std::string& file) { read_addresses(file); });
}

TEST(LpmFiles, AFileThatIsNotThereIsAnError) { EXPECT_THROW(read_addresses("/nowhere/addresses"), config::Error); }

}  // namespace
}  // namespace turnpike::lpm
