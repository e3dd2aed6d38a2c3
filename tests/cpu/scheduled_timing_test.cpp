// SPDX-License-Identifier: Apache-2.0
// The scheduled model against latencies and throughputs measured on Zen 5, and against Intel's published Skylake ones.
#include <gtest/gtest.h>

#include "cli/blocks/block_runner.h"
#include "config/machine.h"

namespace turnpike {
namespace {

double cycles(const char* cpu, const char* hex) {
    regs::CpuProfile profile;
    config::load_cpu_profile(TURNPIKE_MACHINES_DIR, cpu, profile);
    return blocks::BlockRunner(profile).cycles_per_iteration(blocks::bytes_of_hex(hex).value()).value_or(-1);
}

double zen5(const char* hex) { return cycles("zen5", hex); }
double skylake(const char* hex) { return cycles("skylake", hex); }

constexpr double kClose = 0.06;

TEST(ScheduledTiming, AChainOfAddsTakesACycleEach) { EXPECT_NEAR(zen5("4c01f8"), 1.001, kClose); }
TEST(ScheduledTiming, AChainOfMultiplicationsTakesThreeCyclesEach) { EXPECT_NEAR(zen5("490fafc7"), 3.005, kClose); }
TEST(ScheduledTiming, AddWithCarryChainsThroughTheCarry) { EXPECT_NEAR(zen5("4c11f84c11f9"), 2.0, kClose); }
TEST(ScheduledTiming, APointerChaseInL1TakesFourCycles) { EXPECT_NEAR(zen5("488b00"), 4.0, kClose); }

TEST(ScheduledTiming, ALoadFromTheExpressionJustStoredIsRenamed) { EXPECT_NEAR(zen5("488906488b06"), 0.502, kClose); }
TEST(ScheduledTiming, ALoadThroughAnotherRegisterIsForwardedInSevenCycles) {
    EXPECT_NEAR(zen5("488906488b87c0eeffff"), 7.059, kClose);
}
TEST(ScheduledTiming, AByteIsForwardedWithoutRenaming) { EXPECT_NEAR(zen5("88060fb606"), 7.018, kClose); }
TEST(ScheduledTiming, ALoadOfTwoStoresWaitsForTheCache) { EXPECT_NEAR(zen5("88068846010fb706"), 14.009, 1.0); }
TEST(ScheduledTiming, IncrementingMemoryTakesACycle) { EXPECT_NEAR(zen5("48ff06"), 0.996, kClose); }

TEST(ScheduledTiming, PushAndPopHaveNoChainThroughTheStackPointer) { EXPECT_NEAR(zen5("5059"), 0.503, kClose); }
TEST(ScheduledTiming, ArithmeticOnTheStackPointerChains) { EXPECT_NEAR(zen5("4883ec404883c440"), 2.0, kClose); }
TEST(ScheduledTiming, AStoreAcrossALineTakesTwoSlots) {
    EXPECT_NEAR(zen5("48c7477c00000000"), 2 * zen5("48c7477000000000"), 0.3);
}

TEST(ScheduledTiming, EightChainsOfAddsDoNotFillSixPorts) {
    EXPECT_NEAR(zen5("4c01f84c01f94c01fa4c01fb4c01fd4c01fe4c01ff4d01f8"), 1.491, kClose);
}
TEST(ScheduledTiming, LeaOfThreePartsIsTwoOperationsInARow) {
    EXPECT_NEAR(zen5("4a8d443008"), 1.998, kClose);
    EXPECT_NEAR(zen5("4b8d4437084b8d4c37084b8d5437084b8d5c37084b8d6c37084b8d7437084b8d7c37084f8d443708"), 3.912, 0.12);
}
TEST(ScheduledTiming, ACodeLineTakesLongerThanItsSlotsOverTheWidth) {
    EXPECT_NEAR(zen5("66906690669066906690669066906690"), 1.251, kClose);
    EXPECT_NEAR(zen5("0f1f000f1f000f1f000f1f000f1f000f1f000f1f000f1f00"), 1.124, kClose);
    EXPECT_NEAR(zen5("0f1f840000020000"), 1.019 / 8, 0.01);
}
TEST(ScheduledTiming, ZeroIdiomsBreakChains) { EXPECT_LT(zen5("4831c0480fafc1"), 2.0); }
TEST(ScheduledTiming, LockedOperationsFollowOneAnother) { EXPECT_NEAR(zen5("f0480106"), 19.993, 0.5); }
TEST(ScheduledTiming, DivisionDependsOnItsQuotient) {
    EXPECT_NEAR(zen5("31d248f7f14c09f8"), 11.055, 0.5);
    EXPECT_NEAR(zen5("b90300000031d24c09f849c7c0ffffffff4c09c048f7f1"), 18.101, 0.5);
}

TEST(ScheduledTiming, TheSameBlockAlwaysTakesTheSame) {
    EXPECT_EQ(zen5("488b064801d84889470848ffc6"), zen5("488b064801d84889470848ffc6"));
}

// Intel Optimization Reference Manual, Skylake: IMUL 3 cycles; L1 4 cycles; four micro-ops a cycle.
TEST(ScheduledTiming, SkylakeRenamesFourMicroOpsACycle) {
    EXPECT_NEAR(skylake("0f1f000f1f000f1f000f1f00"), 1.0, kClose);
}
TEST(ScheduledTiming, SkylakeMultipliesInThreeCycles) { EXPECT_NEAR(skylake("490fafc7"), 3.0, kClose); }
TEST(ScheduledTiming, SkylakeStoresOnceACycle) { EXPECT_NEAR(skylake("48890648894608"), 2.0, kClose); }

TEST(Blocks, ABlockThatDoesNotRunThroughHasNoCycles) { EXPECT_LT(zen5("0f0b"), 0); }
TEST(Blocks, TextThatIsNotHexadecimalIsRefused) {
    EXPECT_FALSE(blocks::bytes_of_hex("4g").has_value());
    EXPECT_FALSE(blocks::bytes_of_hex("123").has_value());
}

}  // namespace
}  // namespace turnpike
