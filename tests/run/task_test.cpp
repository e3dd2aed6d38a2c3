// SPDX-License-Identifier: Apache-2.0
// Timers and unprivileged programs on the modelled core (task_boot.cpp, task_programs.user.cpp).
#include "tests/run/task_programs.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <sstream>

#include "tests/run/program.h"

namespace turnpike::test {
namespace {

using namespace fw::test;
using testing::AllOf;
using testing::ContainsRegex;
using testing::ElementsAre;
using testing::HasSubstr;

class Task : public testing::Test {
  protected:
    Task() : scenario(folder.path() / "s"), router_lines(scenario.router) {
        scenario.toml = "[run]\npace = \"real\"\ndrain_s = 0.4\n";
    }

    /// Runs the programs.
    fs::path run(const std::vector<ProgramNumber>& programs, const std::vector<std::string>& settings = {},
                 const std::string& name = "out") {
        std::uint64_t bits = 0;
        for (const ProgramNumber number : programs) bits |= 1ULL << number;
        scenario.router = router_lines + "sysctl -w net.ipv4.route.error_burst=" + std::to_string(bits) + "\n";
        scenario.write();
        fs::path out = folder.path() / name;
        std::vector<std::string> words{"run",        scenario.folder.string(), "--quiet", "--out", out.string(),
                                       "--firmware", TURNPIKE_TASK_FIRMWARE};
        for (const std::string& setting : settings) {
            words.emplace_back("--set");
            words.push_back(setting);
        }
        const Result result = turnpike(words);
        EXPECT_EQ(result.status, 0) << result.err << read_text(out / "console.txt");
        return out;
    }
    static std::string console(const fs::path& out) { return read_text(out / "console.txt"); }
    static std::vector<std::string> lines(const std::string& text) {
        std::vector<std::string> all;
        std::istringstream in(text);
        for (std::string line; std::getline(in, line);) all.push_back(line);
        return all;
    }
    static const nlohmann::ordered_json stage(const nlohmann::ordered_json& core, const std::string& name) {
        for (const auto& entry : core["stages"])
            if (entry["name"] == name) return entry;
        return {};
    }

    TemporaryFolder folder;
    Scenario scenario;
    const std::string router_lines;
};

TEST_F(Task, TimersThatWereSetBeforeReadyFireToTheMicrosecondAndInOrder) {
    scenario.toml = "[run]\npace = \"real\"\ndrain_s = 41\n";
    const fs::path out = run({});
    EXPECT_THAT(lines(console(out)), ElementsAre(ContainsRegex("0.00150[0-3]. timer: early"),
                                                 ContainsRegex("0.00200[0-3]. timer: first of two"),
                                                 ContainsRegex("0.00200[0-9]. timer: second of two"),
                                                 "[   17.000001] timer: in between", "[   40.000000] timer: late"));
    // Silence costs nothing.
    const auto core = read_json(out / "stats.json")["core"];
    EXPECT_LT(core["instructions"], 50'000);
    EXPECT_LT(core["interrupts"], 20);
}

TEST_F(Task, AProgramSleepsWakesAndFindsItsMemoryAsItWas) {
    EXPECT_THAT(console(run({kSleeper})), HasSubstr("sleeper: argument 0, sum 85344, slept\n"));
}

TEST_F(Task, ProgramsThatCalculateTakeTurns) {
    const std::string text = console(run({kWorker}));
    const std::size_t first = text.find("worker: done\n");
    ASSERT_NE(first, std::string::npos);
    EXPECT_NE(text.find("worker: done\n", first + 1), std::string::npos);
}

TEST_F(Task, InterruptsLeaveAProgramsRegistersAlone) {
    for (unsigned n = 0; n < 300; ++n) {
        UdpFrame frame;
        frame.id = static_cast<std::uint16_t>(n);
        scenario.add(0, 1'000'000 + n * 20'011, frame.bytes());
    }
    const fs::path out = run({kCounter});
    EXPECT_THAT(console(out), HasSubstr("counter: right\n"));
    EXPECT_EQ(read_json(out / "stats.json")["frames_by_fate"]["forwarded"], 300);
}

TEST_F(Task, ANeverEndingProgramDoesNotStopTheRouterNorOtherPrograms) {
    for (unsigned n = 0; n < 100; ++n) scenario.add(0, 1'000'000 + n * 50'000, UdpFrame{}.bytes());
    scenario.toml = "[run]\npace = \"real\"\ndrain_s = 0.01\n";
    const fs::path out = run({kSpinner, kBadPointers});
    EXPECT_THAT(console(out), HasSubstr("bad_pointers: refused\n"));
    const auto stats = read_json(out / "stats.json");
    EXPECT_EQ(stats["frames_by_fate"]["forwarded"], 100);
    EXPECT_TRUE(stats["balance"]["balanced"]);
}

TEST_F(Task, WhateverAProgramDoesWrongEndsItAndNothingElse) {
    const std::string text = console(run({kReadsKernel, kWritesCode, kReadsDevice, kNullPointer, kStopsInterrupts,
                                          kHalts, kBadOpcode, kDividesByZero, kRunsItsStack, kCallsKernel, kReturns,
                                          kOverflows, kSpoilsSegments, kSpoilsFlags, kSleeper}));
    // Error codes: Intel SDM volume 3, 4.7: 4 user, 2 write, 1 the page is there, 16 instruction fetch.
    EXPECT_THAT(text,
                ContainsRegex("reads_kernel\\[[0-9]+\\]: segfault at 200000 ip 1[0-9a-f]+ sp 7ff[0-9a-f]+ error 5\n"));
    EXPECT_THAT(text, ContainsRegex("writes_code\\[[0-9]+\\]: segfault at 1[0-9a-f]+ ip .* error 7\n"));
    EXPECT_THAT(text, ContainsRegex("reads_device\\[[0-9]+\\]: segfault at d0020000 ip .* error 5\n"));
    EXPECT_THAT(text, ContainsRegex("null_pointer\\[[0-9]+\\]: segfault at 10 ip .* error 7\n"));
    EXPECT_THAT(text, ContainsRegex("traps: stops_interrupt\\[[0-9]+\\] general protection fault ip:"));
    EXPECT_THAT(text, ContainsRegex("traps: halts\\[[0-9]+\\] general protection fault ip:"));
    EXPECT_THAT(text, ContainsRegex("traps: bad_opcode\\[[0-9]+\\] invalid opcode ip:"));
    EXPECT_THAT(text, ContainsRegex("traps: divides_by_zero\\[[0-9]+\\] divide error ip:"));
    EXPECT_THAT(text,
                ContainsRegex("runs_its_stack\\[[0-9]+\\]: segfault at 7ff[0-9a-f]+ ip 7ff[0-9a-f]+ .* error 15\n"));
    EXPECT_THAT(text, ContainsRegex("calls_kernel\\[[0-9]+\\]: segfault at 180000 ip 180000 .* error 15\n"));
    EXPECT_THAT(text, ContainsRegex("returns\\[[0-9]+\\]: segfault at 0 ip 0 .* error 15\n"));
    EXPECT_THAT(text, ContainsRegex("overflows\\[[0-9]+\\]: segfault at 7ff[0-9a-f]+ ip .* error 6\n"));
    EXPECT_THAT(text, ContainsRegex("spoils_segments: still here\n"));
    EXPECT_THAT(text, ContainsRegex("spoils_segments\\[[0-9]+\\] stack segment ip:"));
    EXPECT_THAT(text, ContainsRegex("spoils_flags: still here\n"));
    EXPECT_THAT(text, ContainsRegex("spoils_flags\\[[0-9]+\\] debug ip:"));
    EXPECT_THAT(text, HasSubstr("slept\n"));
}

TEST_F(Task, UnderAFloodKsoftirqdAndAProgramShareTheCore) {
    // Minimum-size frames at line rate from both sides for 60 ms are more than a core forwards.
    for (unsigned n = 0; n < 60'000; ++n) scenario.add(0, 1'000'000 + n * 1'000, UdpFrame{}.bytes());
    scenario.toml = "[run]\npace = \"real\"\ndrain_s = 0.05\n";
    const fs::path out = run({kWorker}, {"cpu.freq_mhz=1000"});
    const auto stats = read_json(out / "stats.json");
    EXPECT_TRUE(stats["balance"]["balanced"]);
    EXPECT_GT(stage(stats["core"], "run_ksoftirqd")["calls"], 0);
    EXPECT_THAT(console(out), HasSubstr("worker: done\n"));
}

TEST_F(Task, ProgramsOnSeveralCoresGoTheSameWayEachTime) {
    for (unsigned n = 0; n < 50; ++n) scenario.add(0, 1'000'000 + n * 30'000, UdpFrame{}.bytes());
    const std::vector<ProgramNumber> programs = {kSleeper, kWorker, kCounter, kNullPointer, kSpoilsSegments};
    const std::vector<std::string> settings = {"cpu.cores=3", "nic.irq_cores=2"};
    const fs::path once = run(programs, settings, "once"), again = run(programs, settings, "again");
    EXPECT_THAT(console(once), AllOf(HasSubstr("slept"), HasSubstr("worker: done"), HasSubstr("counter: right")));
    for (const char* file : {"console.txt", "stats.json"}) EXPECT_EQ(read_text(once / file), read_text(again / file));
}

TEST_F(Task, ProgramsRunUnderTheScheduledCoreToo) {
    const std::string text = console(run({kSleeper, kCounter, kNullPointer}, {"cpu.profile=zen5"}));
    EXPECT_THAT(text, AllOf(HasSubstr("slept"), HasSubstr("counter: right"), HasSubstr("segfault at 10")));
}

}  // namespace
}  // namespace turnpike::test
