// SPDX-License-Identifier: Apache-2.0
// RTL in which one constant is wrong (broken_rtl.cmake): lockstep stops the run at the first difference, with the last
// requests of both forms, and a waveform of the microseconds before.
#include <gtest/gtest.h>

#include "tests/run/program.h"
#include "tests/run/waveform_file.h"

namespace turnpike::test {
namespace {

constexpr std::uint64_t kPsPerClock = 4000;  // 250 MHz
constexpr std::uint64_t kLongestPs = 6'000'000;

std::uint64_t clock_of(const std::string& text, const std::string& block) {
    const std::string before = "lockstep mismatch: " + block + " at clock ";
    const std::size_t at = text.find(before);
    return at == std::string::npos ? 0 : std::stoull(text.substr(at + before.size()));
}

class BrokenRtl : public testing::Test {
  protected:
    BrokenRtl() : scenario(folder.path() / "s") {
        scenario.router += "ip route add default via 10.0.1.2\n";
        for (unsigned n = 0; n < 20; ++n) {
            UdpFrame frame;
            frame.destination = n < 10 ? 0x0A000102 : 0x63000001;  // then by the default route
            scenario.add(0, 20'000 + n * 5'000, frame.bytes());
        }
        scenario.write();
    }
    Result run(const char* program, const char* setting) {
        return run_program(program, {"run", scenario.folder.string(), "--quiet", "--set", "accel.lpm.mode=software",
                                     "--set", setting, "--out", (folder.path() / "out").string()});
    }
    void expect_found(const Result& result, const std::string& block) {
        EXPECT_EQ(result.status, 1);
        const std::uint64_t clock = clock_of(result.err, block);
        EXPECT_NE(clock, 0u) << result.err;
        for (const char* part : {"last requests of the twin:\n", "last requests of the RTL:\n", "waveform of the last"})
            EXPECT_NE(result.err.find(part), std::string::npos) << result.err;
        const WaveformFile wave(folder.path() / "out/lockstep.fst");
        EXPECT_TRUE(wave.scopes.contains(block + "_accelerator"));
        EXPECT_LE(wave.end_ps, (clock + 1) * kPsPerClock);
        EXPECT_GE(wave.end_ps + 2 * kPsPerClock, clock * kPsPerClock) << "the last edge is that of the difference";
        EXPECT_GE(wave.start_ps + kLongestPs, wave.end_ps);
        EXPECT_FALSE(fs::exists(folder.path() / "out/stats.json"));
    }
    TemporaryFolder folder;
    Scenario scenario;
};

TEST_F(BrokenRtl, OfTheLpmEngineIsFoundByTheFirstLookupThatItAnswersWrong) {
    expect_found(run(TURNPIKE_BROKEN_PROGRAM, "accel.lpm.mode=lockstep"), "lpm");
}

TEST_F(BrokenRtl, OfTheChecksumEngineIsFoundByTheFirstSum) {
    expect_found(run(TURNPIKE_BROKEN_PROGRAM, "accel.checksum.mode=lockstep"), "checksum");
}

TEST_F(BrokenRtl, IsNotThatOfTheProgram) {
    for (const char* setting : {"accel.lpm.mode=lockstep", "accel.checksum.mode=lockstep"}) {
        const Result result = run(TURNPIKE_PROGRAM, setting);
        EXPECT_EQ(result.status, 0) << result.err;
        EXPECT_FALSE(fs::exists(folder.path() / "out/lockstep.fst"));
    }
}

TEST_F(BrokenRtl, GoesUnnoticedWithoutTheTwin) {
    EXPECT_EQ(run(TURNPIKE_BROKEN_PROGRAM, "accel.lpm.mode=rtl").status, 0) << "so lockstep is what finds it";
}

TEST_F(BrokenRtl, IsFoundByTheLpmCommandToo) {
    write_text(folder.path() / "table", "0.0.0.0/0 a\n10.0.0.0/24 b\n");
    write_text(folder.path() / "addresses", "10.0.0.1\n99.0.0.1\n");
    const Result result = run_program(
        TURNPIKE_BROKEN_PROGRAM,
        {"lpm", (folder.path() / "table").string(), (folder.path() / "addresses").string(), "--mode", "lockstep"});
    EXPECT_EQ(result.status, 1);
    EXPECT_NE(clock_of(result.err, "lpm"), 0u) << result.err;
    EXPECT_NE(result.err.find("last requests of the RTL:"), std::string::npos);
    EXPECT_TRUE(WaveformFile("lockstep.fst").scopes.contains("lpm_accelerator"));
    fs::remove("lockstep.fst");
}

}  // namespace
}  // namespace turnpike::test
