// SPDX-License-Identifier: Apache-2.0
#include "models/core/clock.h"

#include <gtest/gtest.h>

namespace turnpike {
namespace {

TEST(Rate, ThreeGigahertzCyclesDoNotAccumulateRounding) {
    const Rate core = Rate::megahertz(3000);
    EXPECT_EQ(core.ps_floor(1), 333u);
    EXPECT_EQ(core.ps_floor(3), 1000u);
    EXPECT_EQ(core.ps_floor(3'000'000'000'000ULL), 1'000'000'000'000'000ULL);
}

TEST(Rate, ByteTimesAreThoseOfTheLink) {
    EXPECT_EQ(Rate::bytes_at_mbps(10'000).ps_floor(84), 67'200u);  // 64-byte frame with preamble and gap: 14.88 Mpps
    EXPECT_EQ(Rate::bytes_at_mbps(1'000).ps_floor(1), 8'000u);
}

TEST(Rate, CeilIsTheFirstCountAtOrAfterATime) {
    const Rate core = Rate::megahertz(3000);
    for (std::uint64_t ps : {0ULL, 1ULL, 332ULL, 333ULL, 334ULL, 999ULL, 1000ULL, 123'456'789ULL}) {
        const std::uint64_t cycle = core.counts_ceil(ps);
        EXPECT_GE(core.ps_ceil(cycle), ps);
        if (cycle > 0) {
            EXPECT_LT(core.ps_floor(cycle - 1), ps);
        }
    }
}

}  // namespace
}  // namespace turnpike
