// SPDX-License-Identifier: Apache-2.0
// Several cores: start-up, locks, interrupts between them, coherence, and runs that repeat to the bit.
#include <gtest/gtest.h>

#include <atomic>
#include <string>
#include <thread>
#include <vector>

#include "tests/soc/smp_guests.h"
#include "tests/soc/smp_machine.h"

namespace turnpike::test {
namespace {

constexpr SmpTiming kTimings[] = {SmpTiming::simple, SmpTiming::zen5, SmpTiming::functional};

class SmpOf : public testing::TestWithParam<SmpTiming> {
  protected:
    static SmpOutcome run(std::span<const std::uint8_t> program) { return run_smp({program, 4, 100, GetParam()}); }
};
std::string name_of(const testing::TestParamInfo<SmpTiming>& info) {
    constexpr const char* kNames[] = {"Simple", "Zen5", "Functional"};
    return kNames[static_cast<unsigned>(info.param)];
}
INSTANTIATE_TEST_SUITE_P(Timing, SmpOf, testing::ValuesIn(kTimings), name_of);

TEST_P(SmpOf, ASpinLockLosesNoCountOfFourCores) {
    const SmpOutcome outcome = run(spin_lock_guest());
    EXPECT_EQ(outcome.finished, 4u);
    EXPECT_EQ(outcome.result[0], 4000u);
}

TEST_P(SmpOf, AQueueWithoutLocksHandsOverEachItemOnce) {
    const SmpOutcome outcome = run(queue_guest());
    EXPECT_EQ(outcome.finished, 4u);
    EXPECT_EQ(outcome.result[2] + outcome.result[3], 2u * (1000 * 1001 / 2));
    EXPECT_GT(outcome.result[2], 0u);
    EXPECT_GT(outcome.result[3], 0u);
}

TEST_P(SmpOf, AnInterruptGoesRoundFourCoresAHundredTimes) {
    const SmpOutcome outcome = run(ring_guest());
    EXPECT_EQ(outcome.finished, 4u);
    for (unsigned n = 0; n < 4; ++n) {
        EXPECT_EQ(outcome.result[n], 100u) << n;
        EXPECT_EQ(outcome.interrupts[n], 100u) << n;
    }
    EXPECT_GE(outcome.end_ps, 400u * 100'000) << "each hop takes the latency of an interrupt command";
}

TEST_P(SmpOf, AnNmiWakesCoresThatHaveInterruptsOff) {
    const SmpOutcome outcome = run(nmi_guest());
    EXPECT_EQ(outcome.finished, 4u);
    for (unsigned n = 1; n < 4; ++n) {
        EXPECT_EQ(outcome.result[n], 20u) << n;
        EXPECT_EQ(outcome.interrupts[n], 20u) << n;
    }
}

class TimedSmp : public SmpOf {};
INSTANTIATE_TEST_SUITE_P(Timing, TimedSmp, testing::Values(SmpTiming::simple, SmpTiming::zen5), name_of);

TEST_P(TimedSmp, ALineThatTwoCoresWriteInTurnsTravelsEachTime) {
    const SmpOutcome outcome = run_smp({ping_pong_guest(), 2, 100, GetParam()});
    EXPECT_EQ(outcome.finished, 2u);
    // Each hand-over is one core's look at a line that the other has just written.
    for (unsigned n = 0; n < 2; ++n) {
        EXPECT_GE(outcome.transfers[n], 499u) << n;
        EXPECT_LE(outcome.transfers[n], 2u * 502) << n;
    }
}

TEST_P(TimedSmp, AWriteToALineThatOthersHaveReadTakesTheirCopiesAway) {
    const SmpOutcome outcome = run(readers_guest());
    EXPECT_EQ(outcome.finished, 4u);
    EXPECT_EQ(outcome.result[3], 200u);
    // Each round: the writer finds three copies, and at least one of the readers the modified line.
    EXPECT_GE(outcome.upgrades[0], 200u);
    EXPECT_GE(outcome.transfers[1] + outcome.transfers[2] + outcome.transfers[3], 199u);
}

TEST_P(SmpOf, RepeatingARunUnderLoadChangesNothing) {
    for (const auto program : {spin_lock_guest(), queue_guest(), ring_guest(), nmi_guest()}) {
        const SmpOutcome calm = run(program);
        std::atomic<bool> stop = false;
        std::thread load([&stop] {
            while (!stop) {
            }
        });
        const SmpOutcome loaded = run(program);
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
