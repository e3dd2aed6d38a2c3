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

// 64 bits hold the product of up to 6148 s and 3000, and 128 bits that of any time.
TEST(Rate, CeilIsExactWhereTheProductOutgrows64Bits) {
    const Rate core = Rate::megahertz(3000);
    constexpr std::uint64_t kEdge = 6'148'914'691'236'517;  // (2^64 - 1) / 3000
    for (std::uint64_t ps = kEdge - 1000; ps < kEdge + 1000; ++ps) {
        const std::uint64_t whole = ps / 1000, rest = ps % 1000;
        ASSERT_EQ(core.counts_ceil(ps), whole * 3 + (rest * 3 + 999) / 1000) << ps;
    }
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
