// SPDX-License-Identifier: Apache-2.0
// `--wave`: the signals of Verilated blocks, within a window, and at no cost to what the run does.
#include <gtest/gtest.h>

#include "tests/run/program.h"
#include "tests/run/waveform_file.h"

namespace turnpike::test {
namespace {

constexpr std::uint64_t kPsPerUs = 1'000'000;

class Wave : public testing::Test {
  protected:
    Wave() : scenario(folder.path() / "s") {
        for (unsigned n = 0; n < 50; ++n) scenario.add(0, 20'000 + n * 5'000, UdpFrame().bytes());
        scenario.write();
        write_text(folder.path() / "table", "10.0.0.0/8 a\n10.1.0.0/16 b\n");
        std::string addresses;
        for (unsigned n = 0; n < 3000; ++n) addresses += "10." + std::to_string(n % 3) + ".0.1\n";
        write_text(folder.path() / "addresses", addresses);
    }
    Result run(const fs::path& out, const std::vector<std::string>& more) {
        std::vector<std::string> words{"run", scenario.folder.string(), "--quiet", "--out", out.string()};
        words.insert(words.end(), more.begin(), more.end());
        return turnpike(words);
    }
    Result lpm(const std::vector<std::string>& more) {
        std::vector<std::string> words{"lpm", (folder.path() / "table").string(),
                                       (folder.path() / "addresses").string()};
        words.insert(words.end(), more.begin(), more.end());
        return turnpike(words);
    }
    std::string file(const char* name) const { return (folder.path() / name).string(); }
    TemporaryFolder folder;
    Scenario scenario;
};

TEST_F(Wave, HasTheBlocksSignalsWithinTheWindowAndChangesNothing) {
    const Result recorded = run(folder.path() / "recorded", {"--set", "accel.lpm.mode=rtl", "--wave", file("x.fst"),
                                                             "--wave-start", "50us", "--wave-stop", "150us"});
    ASSERT_EQ(recorded.status, 0) << recorded.err;
    ASSERT_EQ(run(folder.path() / "plain", {"--set", "accel.lpm.mode=rtl"}).status, 0);
    EXPECT_EQ(read_text(folder.path() / "recorded/eth1.pcap"), read_text(folder.path() / "plain/eth1.pcap"));
    EXPECT_EQ(read_text(folder.path() / "recorded/stats.json"), read_text(folder.path() / "plain/stats.json"));
    const WaveformFile wave(file("x.fst"));
    EXPECT_EQ(wave.timescale, -12);
    EXPECT_GE(wave.start_ps, 50 * kPsPerUs);
    EXPECT_LE(wave.end_ps, 150 * kPsPerUs);
    EXPECT_GT(wave.end_ps, 140 * kPsPerUs);
    EXPECT_TRUE(wave.scopes.contains("lpm_accelerator"));
    for (const char* signal : {"clk_i", "valid_i", "address_i", "index_o"})
        EXPECT_TRUE(wave.has_signal(signal)) << signal;
    EXPECT_GT(wave.changes, 1000u);
}

TEST_F(Wave, OfTwoBlocksHasAFileForEach) {
    ASSERT_EQ(run(folder.path() / "out",
                  {"--set", "accel.lpm.mode=rtl", "--set", "accel.checksum.mode=lockstep", "--wave", file("x.fst")})
                  .status,
              0);
    EXPECT_TRUE(WaveformFile(file("x.lpm.fst")).scopes.contains("lpm_accelerator"));
    EXPECT_TRUE(WaveformFile(file("x.checksum.fst")).scopes.contains("checksum_accelerator"));
    EXPECT_FALSE(fs::exists(file("x.fst")));
}

TEST_F(Wave, FromPowerOnHasTheLoadingOfTheTable) {
    ASSERT_EQ(run(folder.path() / "out", {"--set", "accel.lpm.mode=rtl", "--wave", file("x.fst"),
                                          "--wave-from-power-on", "--wave-stop", "2ms"})
                  .status,
              0);
    EXPECT_GT(WaveformFile(file("x.fst")).changes, 1000u);
}

TEST_F(Wave, OfTheLpmCommandCountsFromItsFirstClock) {
    const Result recorded =
        lpm({"--mode", "rtl", "--wave", file("l.fst"), "--wave-start", "20us", "--wave-stop", "21us"});
    ASSERT_EQ(recorded.status, 0) << recorded.err;
    EXPECT_EQ(recorded.out, lpm({"--mode", "rtl"}).out);
    const WaveformFile wave(file("l.fst"));
    EXPECT_GE(wave.start_ps, 20 * kPsPerUs);
    EXPECT_LE(wave.end_ps, 21 * kPsPerUs);
}

TEST_F(Wave, MistakesEndWithStatus2BeforeAnythingRuns) {
    const struct {
        std::vector<std::string> options;
        const char* expected;
    } cases[] = {
        {{"--wave", file("x.fst")}, "found no Verilated block: software, software"},
        {{"--set", "accel.lpm.mode=tlm", "--wave", file("x.fst")}, "expected a mode rtl or lockstep"},
        {{"--set", "accel.lpm.mode=rtl", "--wave-start", "1ms"}, "found times without a file, expected --wave FILE"},
        {{"--set", "accel.lpm.mode=rtl", "--wave", file("x.fst"), "--wave-start", "5parsec"},
         "found --wave-start 5parsec, expected a time such as 5ms"},
        {{"--set", "accel.lpm.mode=rtl", "--wave", file("x.fst"), "--wave-start", "2ms", "--wave-stop", "2ms"},
         "expected --wave-stop after --wave-start"},
        {{"--set", "accel.lpm.mode=rtl", "--wave", file("no/x.fst")}, "expected a writable folder"},
    };
    for (const auto& one : cases) {
        std::vector<std::string> options = {"--set", "accel.lpm.mode=software"};
        options.insert(options.end(), one.options.begin(), one.options.end());
        const Result result = run(folder.path() / "out", options);
        EXPECT_EQ(result.status, 2) << result.err;
        EXPECT_NE(result.err.find(one.expected), std::string::npos) << result.err;
        EXPECT_FALSE(fs::exists(file("x.fst")));
        EXPECT_FALSE(fs::exists(folder.path() / "out"));
    }
    EXPECT_EQ(lpm({"--mode", "tlm", "--wave", file("x.fst")}).status, 2);
}

}  // namespace
}  // namespace turnpike::test
