// SPDX-License-Identifier: Apache-2.0
// Guests that run wild: garbage as code, at both privileges, with and without page tables, on one core and on several;
// tables that change under them, interrupts at random times. The simulator never crashes, never hangs, does the same
// each time, and says why a core stopped. bench/wild runs the same for as long as one likes.
#include <gtest/gtest.h>

#include <array>

#include "config/machine.h"
#include "tests/cpu/wild/wild_guest.h"

namespace turnpike::wild {
namespace {

constexpr unsigned kGuests = 600;

TEST(WildGuest, EndsAtItsLimitOrWithADiagnosisWhateverItExecutes) {
    regs::CpuProfile zen5;
    config::load_cpu_profile(TURNPIKE_MACHINES_DIR, "zen5", zen5);
    std::array<unsigned, 3> ends{};
    unsigned several = 0;
    u64 exceptions = 0, interrupts = 0;
    for (u64 seed = 1; seed <= kGuests; ++seed) {
        const Result result = run_wild({.seed = seed, .scheduled = seed % 10 == 0 ? &zen5 : nullptr});
        ASSERT_EQ(result.complaint, "") << "seed " << seed << '\n' << result.diagnosis;
        if (result.end == End::shut_down) {
            EXPECT_NE(result.diagnosis.find("triple fault"), std::string::npos) << result.diagnosis;
        }
        ++ends[static_cast<unsigned>(result.end)];
        several += result.cores > 1 ? 1 : 0;
        exceptions += result.exceptions;
        interrupts += result.interrupts;
    }
    for (const unsigned count : ends) EXPECT_GT(count, kGuests / 200);
    EXPECT_GT(several, kGuests / 8);
    EXPECT_GT(exceptions, 10 * kGuests);
    EXPECT_GT(interrupts, kGuests / 2);
}

TEST(WildGuest, GoesTheSameWayEachTime) {
    for (u64 seed = 1; seed <= 60; ++seed) {
        EXPECT_EQ(run_wild({.seed = seed}).fingerprint, run_wild({.seed = seed}).fingerprint) << "seed " << seed;
    }
}

}  // namespace
}  // namespace turnpike::wild
