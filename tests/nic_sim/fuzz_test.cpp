// SPDX-License-Identifier: Apache-2.0
// bench_nic fuzz does the same ten million times and more.
#include <gtest/gtest.h>

#include "tests/nic_sim/fuzz.h"
#include "tests/nic_sim/sequence.h"

namespace turnpike::test {
namespace {

TEST(NicSimFuzz, RandomOperationsStayInsideTheGuestsMemoryAndAreTheSameWhenRepeated) {
    constexpr std::uint64_t kSeed = 1;
    const FuzzReport first = fuzz(60'000, kSeed);
    EXPECT_GT(first.refused, 0u) << "the seed reaches beyond memory";
    EXPECT_GT(first.stops, 0u);
    EXPECT_GT(first.sent, 0u) << "frames come through in between";
    EXPECT_EQ(fuzz(60'000, kSeed).digest, first.digest);
}

struct BusError : Sequence {
    static constexpr std::uint64_t kNowhere = 0x123'4560'0000;
    std::uint64_t statistic(const std::string& name) {
        for (const auto& [key, value] : sim.counters().statistics)
            if (key == name) return value;
        return ~std::uint64_t{0};
    }
    void start_rx(std::uint64_t base) {
        sim.cfg_write32(4, 6);
        sim.run_for(2 * kMillisecond);
        write(sheet::FCTRL, 1U << 9);
        write(sheet::RDBAL, base);
        write(sheet::RDBAH, base >> 32);
        write(sheet::RDLEN, kEntries * 16);
        write(sheet::SRRCTL, 2 | 1U << 25);
        write(sheet::RXDCTL, sheet::kQueueEnable);
        write(sheet::RDT, 8);
        write(sheet::RXCTRL, 1);
        sim.run_for(5 * kMicrosecond);
    }
};

TEST_F(BusError, OfAnRxRingStopsIt) {
    start_rx(kNowhere);
    EXPECT_EQ(read(sheet::RXDCTL) & sheet::kQueueEnable, 0u);
    EXPECT_EQ(sim.counters().dma_errors, 1u) << "one read of descriptors";
    EXPECT_EQ(statistic("rx_bus_errors"), 1u);
}

TEST_F(BusError, OfAnRxBufferStopsTheRing) {
    const Ring ring = make_ring();
    set_quadword(ring.base, kNowhere);
    start_rx(ring.base);
    sim.wire_rx(numbered_frame(0), sim.now_ps());
    sim.run_for(5 * kMicrosecond);
    EXPECT_EQ(read(sheet::RXDCTL) & sheet::kQueueEnable, 0u);
    EXPECT_EQ(sim.counters().dma_errors, 1u);
    EXPECT_EQ(statistic("rx_bus_errors"), 1u);
}

TEST_F(BusError, OfATxBufferStopsTheRingAndSendsNothing) {
    sim.cfg_write32(4, 6);
    sim.run_for(2 * kMillisecond);
    const Ring ring = make_ring();
    put_tx(ring, 0, numbered_frame(0));
    set_quadword(ring.base, kNowhere);
    put_tx(ring, 1, numbered_frame(1));
    unsigned sent = 0;
    sim.on_wire_tx([&](std::span<const std::uint8_t>, std::uint64_t) { ++sent; });
    write(sheet::DMATXCTL, 1);
    write(sheet::TDBAL, ring.base);
    write(sheet::TDBAH, ring.base >> 32);
    write(sheet::TDLEN, kEntries * 16);
    write(sheet::TXDCTL, sheet::kQueueEnable);
    write(sheet::TDT, 2);
    sim.run_for(10 * kMicrosecond);
    EXPECT_EQ(read(sheet::TXDCTL) & sheet::kQueueEnable, 0u);
    EXPECT_EQ(statistic("tx_bus_errors"), 1u);
    EXPECT_EQ(sent, 0u);
    EXPECT_FALSE(tx_done(ring, 0));
}

}  // namespace
}  // namespace turnpike::test
