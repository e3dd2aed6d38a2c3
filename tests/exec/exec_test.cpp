// SPDX-License-Identifier: Apache-2.0
// Compiled programs give on the modelled core what they give natively; guests that go wrong are told, never a crash.
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>
#include <sstream>
#include <string>

#include "cli/exec/exec_command.h"
#include "config/error.h"
#include "tests/exec/run_program.h"

namespace turnpike::exec {
namespace {

/// Names and digests measured on silicon (tests/data/kernels/zen5_kernels.csv).
std::string silicon_digests() {
    std::ifstream in(fs::path(EXEC_KERNELS) / "zen5_kernels.csv");
    std::string line, out;
    std::getline(in, line);
    while (std::getline(in, line))
        out += line.substr(0, line.find(',')) + " " + line.substr(line.rfind(',') + 1) + "\n";
    return out;
}

class KernelsOf : public testing::TestWithParam<const char*> {};

TEST(Kernels, OfGccGiveTheDigestsOfTheSiliconNatively) {
    EXPECT_EQ(native_output(built("kernels_gcc_native")), silicon_digests());
}

TEST_P(KernelsOf, GiveTheDigestsOfTheSameCompilersNativeProgram) {
    const fs::path elf = built(GetParam());
    if (!fs::exists(elf)) GTEST_SKIP() << "no such compiler on this machine for " << elf.filename();
    const Ran ran = run(elf, {.functional = true});
    ASSERT_EQ(ran.end, End::exited) << ran.diagnosis;
    EXPECT_EQ(ran.status, 0U);
    const std::string name = elf.stem();
    const std::string expected = native_output(built(name.substr(0, name.rfind('_')) + "_native"));
    EXPECT_EQ(std::count(expected.begin(), expected.end(), '\n'), 42);
    EXPECT_EQ(ran.output, expected);
}

INSTANTIATE_TEST_SUITE_P(Compilers, KernelsOf,
                         testing::Values("kernels_gcc_O0.elf", "kernels_gcc_O1.elf", "kernels_gcc_O2.elf",
                                         "kernels_gcc_O3.elf", "kernels_clang_O0.elf", "kernels_clang_O1.elf",
                                         "kernels_clang_O2.elf", "kernels_clang_O3.elf"));

class Programs : public testing::TestWithParam<const char*> {};

TEST_P(Programs, PrintWhatTheyPrintNatively) {
    const std::string name = GetParam();
    if (!fs::exists(built(name + "_O2.elf"))) GTEST_SKIP() << "the package with this program's source is not installed";
    const std::string expected = native_output(built(name + "_native"));
    ASSERT_FALSE(expected.empty());
    for (const char* level : {"_O0.elf", "_O1.elf", "_O2.elf", "_O3.elf"}) {
        if (!fs::exists(built(name + level))) continue;
        const Ran ran = run(built(name + level), {.functional = true});
        ASSERT_EQ(ran.end, End::exited) << ran.diagnosis;
        EXPECT_EQ(ran.status, 0U);
        EXPECT_EQ(ran.output, expected) << level;
    }
}

INSTANTIATE_TEST_SUITE_P(FromPackages, Programs, testing::Values("hashes", "images"));

TEST(Exec, TimingChangesNoResultAndRepeatsExactly) {
    const Ran functional = run(built("status.elf"), {.functional = true}), timed = run(built("status.elf"), {});
    EXPECT_EQ(timed.stats.instructions, functional.stats.instructions);
    EXPECT_EQ(timed.output, functional.output);
    const Ran first = run(built("hello.elf"), {}), again = run(built("hello.elf"), {});
    EXPECT_EQ(first.status, 0U);
    EXPECT_EQ(first.output, again.output);
    EXPECT_EQ(first.stats.busy_cycles, again.stats.busy_cycles);
    EXPECT_NE(first.output.find("fibonacci(20) = 6765 in "), std::string::npos);
}

TEST(Exec, AnAllowanceOfInstructionsEndsTheRunAtTheEndOfABlock) {
    // More than any block holds before it branches in fibonacci(20), which takes hundreds of thousands.
    constexpr std::uint64_t kBlock = 64;
    for (const bool functional : {true, false}) {
        for (const std::uint64_t allowed : {1U, 1000U, 100'000U}) {
            const Ran ran = run(built("hello.elf"), {.functional = functional, .allowed = allowed});
            EXPECT_EQ(ran.end, End::instructions);
            EXPECT_GE(ran.stats.instructions, allowed);
            EXPECT_LT(ran.stats.instructions, allowed + kBlock);
            EXPECT_EQ(ran.output, "");
        }
    }
}

TEST(Exec, AnAllowanceChangesNothingBeforeItsEnd) {
    const Ran whole = run(built("hello.elf"), {.cpu = "zen5"});
    const Ran allowed = run(built("hello.elf"), {.allowed = whole.stats.instructions + 1, .cpu = "zen5"});
    EXPECT_EQ(allowed.end, End::exited);
    EXPECT_EQ(allowed.stats.busy_cycles, whole.stats.busy_cycles);
    EXPECT_EQ(allowed.output, whole.output);
}

TEST(Exec, AWildProgramStopsWithRegistersBranchesAndBacktrace) {
    const Ran ran = run(built("wild.elf"), {});
    EXPECT_EQ(ran.end, End::shut_down);
    EXPECT_EQ(ran.output, "about to jump\n");
    for (const char* part : {"rax", "last branches", "jump_into_data+", "main+", "0f 0b"})
        EXPECT_NE(ran.diagnosis.find(part), std::string::npos) << part << " in " << ran.diagnosis;
}

TEST(Exec, GarbageInPlaceOfCodeNeverCrashesTheSimulator) {
    std::uint32_t seed = 1;
    for (unsigned round = 0; round < 32; ++round) {
        const auto spoil = [&](cpu::Memory memory) {
            for (unsigned n = 0; n < 8192; ++n) {
                seed = seed * 1664525u + 1013904223u;
                // A few wrong bytes let a program run on, many stop it soon.
                if (seed >> 24 < 1U << (round % 8)) memory.data[0x100000 + n] = static_cast<std::uint8_t>(seed >> 16);
            }
        };
        const Ran ran = run(built("hello.elf"), {.functional = round % 2 == 0, .allowed = 200'000, .spoil = spoil});
        EXPECT_TRUE(ran.end != End::exited || ran.diagnosis.empty());
    }
}

int command(const std::vector<std::string>& arguments) {
    CLI::App app;
    int status = -1;
    add_exec_command(app, EXEC_MACHINES, status);
    std::vector<std::string> reversed(arguments.rbegin(), arguments.rend());
    reversed.push_back("exec");
    app.parse(reversed);
    return status;
}

TEST(ExecCommand, TheExitStatusIsTheProgramsOwn) {
    testing::internal::CaptureStdout();
    EXPECT_EQ(command({built("status.elf").string(), "--quiet"}), 42);
    EXPECT_EQ(testing::internal::GetCapturedStdout(), "forty-two\n");
}

TEST(ExecCommand, TheExitPortEndsTheRunToo) { EXPECT_EQ(command({built("port.elf").string(), "--quiet"}), 7); }

TEST(ExecCommand, JsonHoldsCountsAndOutput) {
    testing::internal::CaptureStdout();
    EXPECT_EQ(command({built("status.elf").string(), "--json"}), 42);
    const auto json = nlohmann::json::parse(testing::internal::GetCapturedStdout());
    EXPECT_EQ(json["output"], "forty-two\n");
    EXPECT_EQ(json["status"], 42);
    EXPECT_EQ(json["end"], "exit");
    EXPECT_GT(json["instructions"].get<unsigned>(), 10U);
    EXPECT_GT(json["caches"]["l1d"]["accesses"].get<unsigned>(), 0U);
}

TEST(ExecCommand, AProgramThatDoesNotEndByItselfIsStatusOne) {
    testing::internal::CaptureStdout();
    testing::internal::CaptureStderr();
    EXPECT_EQ(command({built("wild.elf").string()}), 1);
    testing::internal::GetCapturedStdout();
    EXPECT_NE(testing::internal::GetCapturedStderr().find("backtrace"), std::string::npos);
}

TEST(ExecCommand, MaxInstructionsIsStatusOneWithItsReason) {
    testing::internal::CaptureStdout();
    testing::internal::CaptureStderr();
    EXPECT_EQ(command({built("hello.elf").string(), "--json", "--max-instructions", "5000"}), 1);
    const auto json = nlohmann::json::parse(testing::internal::GetCapturedStdout());
    EXPECT_NE(testing::internal::GetCapturedStderr().find("stopped after"), std::string::npos);
    EXPECT_EQ(json["end"], "max-instructions");
    EXPECT_EQ(json["status"], 1);
    EXPECT_GE(json["instructions"].get<unsigned>(), 5000U);
    EXPECT_LT(json["instructions"].get<unsigned>(), 5100U);
}

TEST(ExecCommand, AUsersMistakeNamesFileAndExpectation) {
    const fs::path text = fs::path(EXEC_KERNELS) / "zen5_kernels.csv";
    EXPECT_THROW(command({text.string()}), ElfError);
    EXPECT_THROW(command({"/nonexistent.elf"}), ElfError);
    EXPECT_THROW(command({built("hello.elf").string(), "--cpu", "nonesuch"}), config::Error);
    EXPECT_THROW(command({built("hello.elf").string(), "--max-instructions", "0"}), CLI::ParseError);
}

}  // namespace
}  // namespace turnpike::exec
