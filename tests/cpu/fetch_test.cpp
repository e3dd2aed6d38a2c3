// SPDX-License-Identifier: Apache-2.0
// How far the front end runs ahead, against what was measured on Zen 5: chains of branches, calls and returns, and the
// entries of the op cache that a run between two taken branches needs.
#include <gtest/gtest.h>

#include "cli/blocks/block_runner.h"
#include "config/machine.h"

namespace turnpike {
namespace {

double cycles(const char* cpu, const std::string& hex) {
    regs::CpuProfile profile;
    config::load_cpu_profile(TURNPIKE_MACHINES_DIR, cpu, profile);
    return blocks::BlockRunner(profile).cycles_per_iteration(blocks::bytes_of_hex(hex).value()).value_or(-1);
}

std::string times(unsigned count, const std::string& hex) {
    std::string all;
    for (unsigned n = 0; n < count; ++n) all += hex;
    return all;
}

/// A code line of 64 bytes: so many instructions, the last of them a JMP to the next line.
std::string line_of(unsigned instructions) {
    const unsigned skipped = 64 - 2 - (instructions - 1);
    constexpr const char* kDigits = "0123456789abcdef";
    return times(instructions - 1, "90") + "eb" + kDigits[skipped / 16] + kDigits[skipped % 16] + times(skipped, "90");
}

// call f; jmp end; f: ret; end:
const std::string kCallAndReturn = "e802000000eb01c3";
const std::string kLongNop = "0f1f840000000000";  // 8 bytes
constexpr double kClose = 0.06;

TEST(Fetch, TwoTakenBranchesGoInACycle) { EXPECT_NEAR(cycles("zen5", "eb0190"), 0.5, kClose); }
TEST(Fetch, WhereATakenBranchEndsTheCycleOneGoes) { EXPECT_NEAR(cycles("skylake", "eb0190"), 1.0, kClose); }
TEST(Fetch, UpToTwoEntriesOfTheOpCacheKeepDispatchBusy) { EXPECT_NEAR(cycles("zen5", line_of(6)), 0.75, kClose); }
TEST(Fetch, ALineOfMoreThanTwoEntriesIsFetchedAgain) {
    EXPECT_NEAR(cycles("zen5", line_of(12)), 1.5, kClose);
    EXPECT_NEAR(cycles("zen5", line_of(13)), 3.0, kClose);
    EXPECT_NEAR(cycles("zen5", line_of(26)), 5.0, 0.1);
}
TEST(Fetch, ACallAndItsReturnTakeFourCycles) { EXPECT_NEAR(cycles("zen5", kCallAndReturn), 4.0, 0.1); }
TEST(Fetch, ACallIsHiddenBehindStraightCodeUpToTheLead) {
    EXPECT_NEAR(cycles("zen5", times(4, kCallAndReturn) + times(256, kLongNop)), 37.4, 2.5);
    EXPECT_NEAR(cycles("zen5", times(8, kCallAndReturn) + times(256, kLongNop)), 52.8, 2.0);
}
}  // namespace
}  // namespace turnpike
