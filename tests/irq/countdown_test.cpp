// SPDX-License-Identifier: Apache-2.0
#include "models/irq/countdown.h"

#include <gtest/gtest.h>

namespace turnpike::test {
namespace {

TEST(Countdown, OneShotExpiresOnceAfterCountTimesDivider) {
    Countdown timer(100);  // 10 ns a clock
    timer.set_divider(0, 16);
    timer.start(5'000, 3);
    EXPECT_EQ(timer.expiry_ps(), 5'000u + 3 * 16 * 10'000);
    EXPECT_EQ(timer.current(5'000), 3u);
    EXPECT_EQ(timer.current(5'000 + 159'999), 3u);
    EXPECT_EQ(timer.current(5'000 + 160'000), 2u);
    EXPECT_EQ(timer.current(5'000 + 479'999), 1u);
    timer.expire();
    EXPECT_EQ(timer.expiry_ps(), Countdown::kNever);
    EXPECT_EQ(timer.current(1'000'000), 0u);
}

TEST(Countdown, PeriodsAreExactWhateverTheClock) {
    Countdown timer(3);  // 333333.33 ps a clock
    timer.set_divider(0, 1);
    timer.set_periodic(true);
    timer.start(0, 1);
    for (int n = 0; n < 2; ++n) timer.expire();
    EXPECT_EQ(timer.expiry_ps(), 1'000'000u) << "the third period ends after exactly 1 us";
}

TEST(Countdown, AnInitialCountOfZeroStops) {
    Countdown timer(100);
    timer.start(0, 10);
    timer.start(50'000, 0);
    EXPECT_EQ(timer.expiry_ps(), Countdown::kNever);
    EXPECT_EQ(timer.current(60'000), 0u);
}

TEST(Countdown, ANewDividerGoesOnFromTheCurrentCount) {
    Countdown timer(100);
    timer.set_divider(0, 2);
    timer.start(0, 100);
    EXPECT_EQ(timer.current(1'000'000), 50u);
    timer.set_divider(1'000'000, 4);
    EXPECT_EQ(timer.current(1'000'000), 50u);
    EXPECT_EQ(timer.expiry_ps(), 1'000'000u + 50 * 4 * 10'000);
}

TEST(Countdown, TheLongestCountDoesNotOverflow) {
    Countdown timer(100);
    timer.set_divider(0, 128);
    timer.start(0, 0xFFFFFFFF);
    EXPECT_EQ(timer.expiry_ps(), 4294967295ULL * 128 * 10'000);
}

}  // namespace
}  // namespace turnpike::test
