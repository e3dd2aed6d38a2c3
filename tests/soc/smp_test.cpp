// SPDX-License-Identifier: Apache-2.0
// Several cores: start-up, locks, interrupts between them, coherence, and runs that repeat to the bit.
#include <gtest/gtest.h>

#include <atomic>
#include <thread>
#include <vector>

#include "tests/soc/smp_guests.h"
#include "tests/soc/smp_machine.h"

namespace turnpike::test {
namespace {

TEST(Smp, ASpinLockLosesNoCountOfFourCores) {
    const SmpOutcome outcome = run_smp({spin_lock_guest()});
    EXPECT_EQ(outcome.finished, 4u);
    EXPECT_EQ(outcome.result[0], 4000u);
}

TEST(Smp, AQueueWithoutLocksHandsOverEachItemOnce) {
    const SmpOutcome outcome = run_smp({queue_guest()});
    EXPECT_EQ(outcome.finished, 4u);
    EXPECT_EQ(outcome.result[2] + outcome.result[3], 2u * (1000 * 1001 / 2));
    EXPECT_GT(outcome.result[2], 0u);
    EXPECT_GT(outcome.result[3], 0u);
}

TEST(Smp, AnInterruptGoesRoundFourCoresAHundredTimes) {
    const SmpOutcome outcome = run_smp({ring_guest()});
    EXPECT_EQ(outcome.finished, 4u);
    for (unsigned n = 0; n < 4; ++n) {
        EXPECT_EQ(outcome.result[n], 100u) << n;
        EXPECT_EQ(outcome.interrupts[n], 100u) << n;
    }
    EXPECT_GE(outcome.end_ps, 400u * 100'000) << "each hop takes the latency of an interrupt command";
}

TEST(Smp, ALineThatTwoCoresWriteInTurnsTravelsEachTime) {
    const SmpOutcome outcome = run_smp({ping_pong_guest(), 2});
    EXPECT_EQ(outcome.finished, 2u);
    // Each hand-over is one core's look at a line that the other has just written.
    for (unsigned n = 0; n < 2; ++n) {
        EXPECT_GE(outcome.transfers[n], 499u) << n;
        EXPECT_LE(outcome.transfers[n], 2u * 502) << n;
    }
}

TEST(Smp, RepeatingARunUnderLoadChangesNothing) {
    for (const auto program : {spin_lock_guest(), queue_guest(), ring_guest()}) {
        const SmpOutcome calm = run_smp({program});
        std::atomic<bool> stop = false;
        std::thread load([&stop] {
            while (!stop) {
            }
        });
        const SmpOutcome loaded = run_smp({program});
        stop = true;
        load.join();
        EXPECT_TRUE(calm == loaded);
    }
}

TEST(Smp, WhereCoresMeetOnlyInLockedInstructionsTheWindowChangesNothing) {
    const SmpOutcome usual = run_smp({locked_release_guest(), 4, 100});
    EXPECT_EQ(usual.result[0], 4000u);
    for (const std::uint64_t window_ns : {10u, 37u, 1000u})
        EXPECT_TRUE(usual == run_smp({locked_release_guest(), 4, window_ns})) << window_ns;
}

TEST(Smp, TheCountIsRightWhateverTheWindow) {
    for (const std::uint64_t window_ns : {1u, 20u, 1000u, 10'000u}) {
        const SmpOutcome outcome = run_smp({spin_lock_guest(), 4, window_ns});
        EXPECT_EQ(outcome.finished, 4u) << window_ns;
        EXPECT_EQ(outcome.result[0], 4000u) << window_ns;
    }
}

}  // namespace
}  // namespace turnpike::test
