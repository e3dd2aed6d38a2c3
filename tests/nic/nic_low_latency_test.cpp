// SPDX-License-Identifier: Apache-2.0
// Low latency interrupts (82599 data sheet 7.3.2.1.1): which packets make them, and what they cost.
#include <gtest/gtest.h>

#include "tests/nic/packets.h"

namespace turnpike {
namespace {

constexpr std::uint32_t kLongest = 0xFF8;  ///< EITR: 1,046.528 µs

/// The vector has just interrupted and may not again for more than a millisecond.
struct NicLowLatency : testing::Test {
    void start(std::uint32_t eitr = kLongest) {
        bench.start_rx(32, 31);
        bench.enable_interrupts(eitr);
        bench.run_ns(2000);
        bench.arrive(packet_frame({}));
        bench.run_ns(2000);
        EXPECT_TRUE(bench.line.read());
        bench.read(r::EICR);
    }
    /// Whether the packet interrupts within 2 µs.
    bool interrupts(const Frame& frame) {
        bench.arrive(frame);
        bench.run_ns(2000);
        const bool high = bench.line.read();
        bench.read(r::EICR);
        bench.run_ns(1);
        return high;
    }
    void five_tuple_rule() {
        bench.write(r::SDPQF(0), 0x0500);  // source port 5
        bench.write(r::L34TIMIR(0), r::L34TIMIR_LLI.of(1));
        bench.write(r::FTQF(0), r::FTQF_QUEUE_ENABLE.of(1) | r::FTQF_PRIORITY.of(1) | 0x1BULL << 25);
    }
    Bench bench;
};

TEST_F(NicLowLatency, AFiveTupleFilterMakesThem) {
    start();
    five_tuple_rule();
    EXPECT_FALSE(interrupts(packet_frame({})));
    EXPECT_TRUE(interrupts(packet_frame({.source_port = 5})));
    EXPECT_EQ(bench.rx_descriptor(1, r::RX_WB_LLINT), 0u);
    EXPECT_EQ(bench.rx_descriptor(2, r::RX_WB_LLINT), 1u);
}

TEST_F(NicLowLatency, AnEtherTypeFilterMakesThem) {
    start();
    bench.write(r::ETQF(0), r::ETQF_ETYPE.of(0x88B5) | r::ETQF_FILTER_EN.of(1));
    bench.write(r::ETQS(0), r::ETQS_LLI.of(1));
    EXPECT_FALSE(interrupts(packet_frame({})));
    EXPECT_TRUE(interrupts(make_frame(0, 60)));
}

TEST_F(NicLowLatency, AFlowDirectorFilterMakesThem) {
    start();
    bench.write(r::FDIRCTRL, r::FDIRCTRL_PBALLOC.of(1) | r::FDIRCTRL_PERFECT_MATCH.of(1));
    bench.write(r::FDIRM, r::FDIRM_FLEX.of(1));
    bench.run_ns(100'000);
    bench.write(r::FDIRIPSA, 0x0100000A);
    bench.write(r::FDIRIPDA, 0x0200000A);
    bench.write(r::FDIRPORT, 5 | 2000 << 16);
    bench.write(r::FDIRCMD, r::FDIRCMD_CMD.of(1) | r::FDIRCMD_L4TYPE.of(1) | r::FDIRCMD_INTERRUPT.of(1) |
                                r::FDIRCMD_QUEUE_EN.of(1));
    EXPECT_FALSE(interrupts(packet_frame({})));
    EXPECT_TRUE(interrupts(packet_frame({.source_port = 5})));
}

TEST_F(NicLowLatency, AVlanPriorityMakesThem) {  // 8.2.3.5.20
    start();
    bench.write(r::IMIRVP, r::IMIRVP_ENABLE.of(1) | r::IMIRVP_PRIORITY.of(5));
    EXPECT_FALSE(interrupts(packet_frame({})));
    EXPECT_FALSE(interrupts(packet_frame({.tag = 4 << 13})));
    EXPECT_TRUE(interrupts(packet_frame({.tag = 5 << 13})));
    EXPECT_TRUE(interrupts(packet_frame({.tag = 7 << 13})));
    bench.write(r::IMIRVP, r::IMIRVP_PRIORITY.of(5));
    EXPECT_FALSE(interrupts(packet_frame({.tag = 7 << 13})));
}

TEST_F(NicLowLatency, WithModerationEachCostsACredit) {
    bench.write(r::GPIE, r::GPIE_LLI_INTERVAL.of(15));  // a credit every 60 µs
    start(kLongest | static_cast<std::uint32_t>(r::EITR_LLI_MODERATION.of(1) | r::EITR_LLI_CREDIT.of(2)));
    five_tuple_rule();
    const Frame frame = packet_frame({.source_port = 5});
    EXPECT_EQ(r::EITR_LLI_CREDIT.get(bench.read(r::EITR(0))), 2u);
    EXPECT_TRUE(interrupts(frame));
    EXPECT_TRUE(interrupts(frame));
    EXPECT_FALSE(interrupts(frame)) << "no credit is left";
    EXPECT_EQ(r::EITR_LLI_CREDIT.get(bench.read(r::EITR(0))), 0u);
    bench.run_ns(60'000);
    EXPECT_EQ(r::EITR_LLI_CREDIT.get(bench.read(r::EITR(0))), 1u);
    EXPECT_TRUE(interrupts(frame));
    EXPECT_FALSE(interrupts(frame));
    bench.run_ns(60'000 * 40);
    EXPECT_EQ(r::EITR_LLI_CREDIT.get(bench.read(r::EITR(0))), 31u) << "the field's largest value";
}

}  // namespace
}  // namespace turnpike
