// SPDX-License-Identifier: Apache-2.0
#include "bench/silicon/calibration.h"

#include <gtest/gtest.h>

namespace turnpike::silicon {
namespace {

/// A clock with two ticks in three cycles that takes 50 ticks to be read: the chains of 300 and 900 additions, a block
/// of `cycles` run 100 and 300 times.
Pass pass_of(u64 cycles) {
    const auto ticks = [](u64 of) { return std::vector<u64>(5, 50 + 2 * of / 3); };
    return {ticks(100 * cycles), ticks(300 * cycles), ticks(300), ticks(900)};
}

TEST(SiliconCalibration, AQuantileLiesBetweenItsNeighbours) {
    EXPECT_DOUBLE_EQ(quantile({3, 1, 2}, 0.5), 2);
    EXPECT_DOUBLE_EQ(quantile({4, 1, 2, 3}, 0.5), 2.5);
    EXPECT_DOUBLE_EQ(quantile({10, 20}, 0.25), 12.5);
    EXPECT_DOUBLE_EQ(quantile({7}, 0.9), 7);
    EXPECT_DOUBLE_EQ(quantile({1, 2, 3}, 1), 3);
}

TEST(SiliconCalibration, TheChainTellsTheTicksOfACycle) {
    EXPECT_NEAR(ticks_per_cycle(pass_of(3), 600), 2.0 / 3, 1e-9);
}

TEST(SiliconCalibration, ReadingTheClockAndTheWayInCancel) {
    const auto figure = figure_of({pass_of(3), pass_of(3), pass_of(3)}, 200, 600);
    ASSERT_TRUE(figure);
    EXPECT_NEAR(figure->cycles, 3, 1e-9);
    EXPECT_NEAR(figure->stability, 0, 1e-9);
}

TEST(SiliconCalibration, AClockThatTicksSlowerInOnePassChangesNothing) {
    Pass slow = pass_of(6);
    for (auto* samples : {&slow.shorter, &slow.longer, &slow.shorter_chain, &slow.longer_chain}) {
        for (u64& ticks : *samples) ticks /= 2;
    }
    const auto figure = figure_of({pass_of(6), slow, pass_of(6)}, 200, 600);
    ASSERT_TRUE(figure);
    EXPECT_NEAR(figure->cycles, 6, 0.01);
    EXPECT_LT(figure->stability, 0.01);
}

TEST(SiliconCalibration, ASampleAnInterruptFellIntoDoesNotCount) {
    Pass disturbed = pass_of(3);
    disturbed.longer[1] += 1'000'000;
    disturbed.shorter_chain[4] += 5'000;
    EXPECT_NEAR(figure_of({disturbed, disturbed, disturbed}, 200, 600)->cycles, 3, 1e-9);
}

TEST(SiliconCalibration, APassWhoseChainRunsBackwardsDoesNotCount) {
    Pass backwards = pass_of(3);
    std::swap(backwards.shorter_chain, backwards.longer_chain);
    EXPECT_NEAR(figure_of({pass_of(3), backwards, pass_of(3)}, 200, 600)->cycles, 3, 1e-9);
    EXPECT_FALSE(figure_of({backwards, backwards, pass_of(3)}, 200, 600));
}

TEST(SiliconCalibration, StabilityIsTheDistanceOfTheQuartilesByTheMedian) {
    const auto figure = figure_of({pass_of(3), pass_of(6), pass_of(9), pass_of(12), pass_of(15)}, 200, 600);
    ASSERT_TRUE(figure);
    EXPECT_NEAR(figure->cycles, 9, 1e-9);
    EXPECT_NEAR(figure->stability, 6.0 / 9, 1e-9);
}

TEST(SiliconCalibration, WhatTakesNoTimeHasNoFigure) { EXPECT_FALSE(figure_of({pass_of(0)}, 200, 600)); }

}  // namespace
}  // namespace turnpike::silicon
