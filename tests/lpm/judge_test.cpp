// SPDX-License-Identifier: Apache-2.0
// The engine's tables and updates judged against the reference, at full rate: small forms of what bench/lpm does with
// whole tables of the Internet. The judge itself is shown to notice what is wrong.
#include <gtest/gtest.h>

#include "cli/lpm/lpm_sizing.h"
#include "config/error.h"
#include "tests/lpm/internet_table.h"
#include "tests/lpm/tree_table.h"
#include "tests/lpm/update_judge.h"

namespace turnpike::lpm_test {
namespace {

constexpr std::size_t kPrefixes = 20'000;
constexpr fw::TreeCapacity kLarge = {{8192, 98304, 417792, 24576, 16384}, 1310720};

lpm::Job job_of(const char* mode, std::vector<lpm::Change> table) {
    lpm::Job job;
    job.mode = mode;
    job.table = std::move(table);
    return job;
}

Reference reference_of(const std::vector<lpm::Change>& table) {
    Reference reference;
    for (const lpm::Change& one : table) reference.put({one.prefix, one.len}, one.hop);
    return reference;
}

class Engines : public testing::TestWithParam<const char*> {};
INSTANTIATE_TEST_SUITE_P(Forms, Engines, testing::Values("tlm", "rtl", "lockstep"));

TEST_P(Engines, UnderRandomUpdatesEveryAnswerIsOfATableBesideTheUpdateAndNeverGoesBack) {
    lpm::Job job = job_of(GetParam(), internet_table(kPrefixes, 1));
    job.updates = random_updates(job.table, 600, 2);
    UpdateJudge judge(job, 150'000, 3);
    const lpm::Result result = lpm::run(job, judge);
    EXPECT_EQ(judge.verdict().right, judge.count());
    EXPECT_EQ(judge.verdict().wrong, 0u);
    EXPECT_EQ(judge.verdict().back, 0u);
    EXPECT_GT(judge.verdict().changing, 10'000u);
    EXPECT_EQ(result.least_latency, result.most_latency);
    expect_same_usage(result.usage, usage_of_fresh_build(judge.final_table(), fw::kEngineShape, kLarge));
}

TEST_P(Engines, WithPausesAndStallsUnderUpdatesNothingIsLostEither) {
    lpm::Job job = job_of(GetParam(), internet_table(kPrefixes, 4));
    job.updates = random_updates(job.table, 300, 5);
    job.idle_percent = 30;
    job.stall_percent = 40;
    UpdateJudge judge(job, 60'000, 6);
    lpm::run(job, judge);
    EXPECT_EQ(judge.verdict().right, judge.count());
}

TEST_P(Engines, RandomAndBiasedAddressesGetTheReferencesAnswersOneAClock) {
    for (const bool biased : {false, true}) {
        lpm::Job job = job_of(GetParam(), internet_table(kPrefixes, 7));
        job.addresses = random_addresses(job.table, 50'000, biased, 8);
        const lpm::Result result = lpm::run(job);
        const Reference reference = reference_of(job.table);
        ASSERT_EQ(result.hops.size(), job.addresses.size());
        for (std::size_t n = 0; n < job.addresses.size(); ++n) {
            ASSERT_EQ(result.hops[n], reference.lookup(job.addresses[n])) << n;
        }
        EXPECT_EQ(result.clocks, job.addresses.size() + result.least_latency);
    }
}

// As many as LEVEL5 has words, less the chunks that are kept for removals.
TEST(RandomHosts, FillTheEngineUntilItRefusesOneAndAreAllFound) {
    TreeTable tree(fw::kEngineShape, kLarge);
    lpm::Job job = job_of("tlm", random_hosts(16'385, 9));
    std::size_t fitting = 0;
    while (tree.tree.put(job.table[fitting].prefix, 32, job.table[fitting].hop) == 0) ++fitting;
    EXPECT_GT(fitting, 15'000u);
    EXPECT_LE(fitting, 16'384u);
    job.table.resize(fitting + 1);
    EXPECT_THROW(lpm::run(job), config::Error);
    job.table.resize(fitting);
    for (const lpm::Change& one : job.table) job.addresses.push_back(one.prefix);
    const lpm::Result result = lpm::run(job);
    for (std::size_t n = 0; n < fitting; ++n) ASSERT_EQ(result.hops[n], job.table[n].hop);
}

TEST(InternetTable, HasTheShapeOfTheTableOf2014) {
    const std::vector<lpm::Change> table = internet_table(100'000, 1);
    ASSERT_EQ(table.size(), 100'000u);
    EXPECT_TRUE(std::is_sorted(table.begin(), table.end(), [](const auto& a, const auto& b) {
        return std::pair(a.prefix, a.len) < std::pair(b.prefix, b.len);
    }));
    const auto share = [&](unsigned least, unsigned most) {
        return std::count_if(table.begin(), table.end(),
                             [&](const lpm::Change& one) { return one.len >= least && one.len <= most; });
    };
    // Per cent of that table: 52.7 are /24s, 27.9 /21 to /23, 0.7 longer, 3.2 /16 or shorter.
    EXPECT_NEAR(static_cast<double>(share(24, 24)), 52'675, 3000);
    EXPECT_NEAR(static_cast<double>(share(21, 23)), 27'856, 3000);
    EXPECT_NEAR(static_cast<double>(share(25, 32)), 677, 300);
    EXPECT_NEAR(static_cast<double>(share(8, 16)), 3241, 300);
}

// 512,621 prefixes took 36.1 bits a prefix used.
TEST(InternetTable, TakesAsManyBitsAPrefixAsTheTableOf2014AndFitsAnEngineMadeForIt) {
    const std::vector<lpm::Change> table = internet_table(512'621, 1);
    TreeTable tree(fw::kEngineShape, kLarge);
    for (const lpm::Change& one : table) ASSERT_EQ(tree.tree.put(one.prefix, one.len, one.hop), 0);
    const LpmCapacity words = lpm::capacity_for(tree.tree.usage(), 10);
    EXPECT_LE(static_cast<double>(lpm_memory_bits(words)) / static_cast<double>(table.size()), 50.0);
    TreeTable sized(fw::kEngineShape, lpm::tree_capacity(words));
    for (const lpm::Change& one : table) ASSERT_EQ(sized.tree.put(one.prefix, one.len, one.hop), 0);
}

/// A table and lookups in it without an engine: the test answers.
class Judge : public testing::Test {
  protected:
    Judge() : job_(job_of("", {{true, 0x0A000000, 8, 1, 0}})) {
        job_.updates = {{true, 0x0A000000, 8, 2, 0}, {true, 0x0A000000, 8, 3, 0}};
    }
    /// Answers given to lookups in the network; `done` and `begun` of each.
    UpdateJudge::Verdict judge(const std::vector<std::array<std::size_t, 3>>& answers) {
        UpdateJudge judge(job_, answers.size(), 1);
        for (std::size_t n = 0; n < answers.size(); ++n) {
            for (std::uint32_t address = 0; (address = judge.next(1)) != 0x0A000000;) {
                const std::size_t done = answers[n][1];
                judge.answered(address >> 24 == 10 ? static_cast<std::uint16_t>(1 + done) : kMiss, done, done);
            }
            judge.answered(static_cast<std::uint16_t>(answers[n][0]), answers[n][1], answers[n][2]);
        }
        return judge.verdict();
    }
    lpm::Job job_;
};

TEST_F(Judge, TakesTheAnswerBeforeAndAfterAnUpdate) {
    const auto verdict = judge({{1, 0, 1}, {2, 0, 1}, {2, 1, 1}, {2, 1, 2}, {3, 1, 2}});
    EXPECT_EQ(verdict.wrong + verdict.back, 0u);
    EXPECT_EQ(verdict.changing, 4u);
}

TEST_F(Judge, NoticesAnAnswerThatIsOfNeither) {
    EXPECT_EQ(judge({{7, 0, 1}}).wrong, 1u);
    EXPECT_EQ(judge({{3, 0, 1}}).wrong, 1u) << "of an update that has not begun";
    EXPECT_EQ(judge({{1, 1, 1}}).wrong, 1u) << "of a table that was gone when the lookup began";
}

TEST_F(Judge, NoticesThatAnAddressGoesBack) { EXPECT_EQ(judge({{2, 0, 1}, {1, 0, 1}}).back, 1u); }

}  // namespace
}  // namespace turnpike::lpm_test
