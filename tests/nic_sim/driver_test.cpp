// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <set>

#include "tests/nic_sim/covering_array.h"
#include "tests/nic_sim/echo.h"
#include "tests/nic_sim/line_rate.h"

namespace turnpike::test {
namespace {

constexpr std::uint64_t kSeed = 20261127;

TEST(CoveringArray, HasEachPairOfValues) {
    const std::vector<unsigned> levels = {4, 3, 5, 6, 5, 4};
    std::set<std::array<unsigned, 4>> seen;
    const auto rows = covering_array(levels, kSeed);
    for (const auto& row : rows)
        for (unsigned a = 0; a < row.size(); ++a)
            for (unsigned b = a + 1; b < row.size(); ++b) seen.insert({a, row[a], b, row[b]});
    std::size_t pairs = 0;
    for (unsigned a = 0; a < levels.size(); ++a)
        for (unsigned b = a + 1; b < levels.size(); ++b) pairs += std::size_t{levels[a]} * levels[b];
    EXPECT_EQ(seen.size(), pairs);
    EXPECT_LE(rows.size(), 45u) << "30 are needed at least, for the two factors with most values";
}

TEST(NicSimDriver, EchoesEachFrameOnceInOrderUncorruptedOverAllPairsOfParameters) {
    Memory memory(std::size_t{1} << 30);
    NicSim sim({}, memory);
    for (const Combination& combination : combinations(kSeed))
        ASSERT_EQ(echo(sim, memory, combination, 400, kSeed), "") << text(combination) << "; seed " << kSeed;
}

TEST(NicSimDriver, EchoesThroughTheSmallestRingWithEachInterrupt) {
    Memory memory(std::size_t{1} << 24);
    NicSim sim({}, memory);
    for (const Interrupt interrupt : {Interrupt::polling, Interrupt::intx, Interrupt::msi, Interrupt::msix}) {
        const Combination combination{interrupt, 1, 8, 60, 600, 5, 3};
        ASSERT_EQ(echo(sim, memory, combination, 5'000, kSeed), "") << text(combination) << "; seed " << kSeed;
    }
}

TEST(NicSimDriver, SmallestFramesPassAtTheRateOfTheWireBothWays) {  // IEEE 802.3: 14.88 million a second
    constexpr std::uint64_t kFrames = 30'000;
    const LineRate result = line_rate(kFrames);
    EXPECT_EQ(result.received, kFrames);
    EXPECT_EQ(result.sent, kFrames);
    EXPECT_EQ(result.drops, "");
    // With the time from the first poll to the first frame, and from the last frame to its poll.
    EXPECT_GT(result.sent_mpps, 14.8);
    EXPECT_GT(result.received_mpps, 14.8);
}

TEST(NicSimDriver, TwoNicsShareOneTime) {
    Memory memory(std::size_t{1} << 24), other_memory(std::size_t{1} << 24);
    NicSimConfig config;
    NicSim first(config, memory);
    config.name = "nic1";
    NicSim second(config, other_memory);
    EXPECT_EQ(echo(first, memory, {}, 1000, kSeed), "");
    EXPECT_EQ(first.now_ps(), second.now_ps());
    EXPECT_EQ(echo(second, other_memory, {}, 1000, kSeed), "");
    EXPECT_EQ(first.now_ps(), second.now_ps());
}

TEST(NicSimDriver, ANewNicCanBeMadeAfterTheLastOneIsGone) {
    std::uint64_t ends[2];
    for (std::uint64_t& end : ends) {
        Memory memory(std::size_t{1} << 24);
        NicSim sim({}, memory);
        EXPECT_EQ(sim.now_ps(), 0u);
        EXPECT_EQ(echo(sim, memory, {}, 1000, kSeed), "");
        end = sim.now_ps();
    }
    EXPECT_EQ(ends[0], ends[1]) << "a run is the same when it is repeated";
}

TEST(NicSimDriver, AHandlerMayReadRegistersAndLetTimePass) {
    Memory memory(4096);
    NicSim sim({}, memory);
    unsigned calls = 0;
    sim.on_intx([&](bool level) {
        ++calls;
        if (!level) return;
        const std::uint64_t before = sim.now_ps();
        EXPECT_EQ(sim.mmio_read32(0, r::EICR), 1u);
        EXPECT_GT(sim.now_ps(), before);
        sim.run_for(1'000'000);
        EXPECT_EQ(calls, 1u) << "others wait for the end of this one";
    });
    sim.mmio_write32(0, r::EIMS, 1);
    sim.mmio_write32(0, r::EICS, 1);
    sim.run_for(1'000'000);
    EXPECT_EQ(calls, 2u) << "up and down";
}

}  // namespace
}  // namespace turnpike::test
