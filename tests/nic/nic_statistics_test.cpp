// SPDX-License-Identifier: Apache-2.0
// The statistics registers (82599 data sheet 8.2.3.23): what each counts, that octets count the FCS, that a read
// clears.
#include <gtest/gtest.h>

#include "tests/nic/packets.h"

namespace turnpike {
namespace {

constexpr std::array<std::uint8_t, 6> kGroup = {0x01, 0x00, 0x5E, 0x00, 0x00, 0x09};
constexpr std::array<std::uint8_t, 6> kStranger = {2, 0, 0, 0, 0, 7};

/// Reads once for the value and once for its clearing.
void expect_count(Bench& bench, std::uint64_t reg, std::uint32_t value, const char* name) {
    EXPECT_EQ(bench.read(reg), value) << name;
    EXPECT_EQ(bench.read(reg), 0u) << name << ": a read clears";
}

/// The last size of each class and the first of the next, without FCS.
constexpr std::size_t kSizes[] = {60, 61, 123, 124, 251, 252, 507, 508, 1019, 1020, 1514};
constexpr std::uint32_t kPerClass[] = {1, 2, 2, 2, 2, 2};

TEST(NicStatistics, ReceivedFramesAreCountedBySizeWithFcs) {  // 8.2.3.23.26 to 31
    Bench bench;
    bench.start_rx(16, 15);
    std::uint32_t octets = 0;
    for (const std::size_t size : kSizes)
        bench.arrive(make_frame(0, size)), octets += static_cast<std::uint32_t>(size + 4);
    bench.run_ns(20'000);
    for (unsigned n = 0; n < 6; ++n) expect_count(bench, r::PRC64 + n * 4, kPerClass[n], "PRC");
    expect_count(bench, r::GPRC, 11, "GPRC");
    expect_count(bench, r::GORCL, octets, "GORCL");
    expect_count(bench, r::TPR, 11, "TPR");
    expect_count(bench, r::TORL, octets, "TORL");
    expect_count(bench, r::QPRC(0), 11, "QPRC");
    expect_count(bench, r::QBRC_L(0), octets, "QBRC");
}

TEST(NicStatistics, SentFramesAreCountedBySizeWithFcs) {  // 8.2.3.23.52 to 57
    Bench bench;
    bench.start_tx(16);
    std::uint32_t octets = 0;
    for (unsigned n = 0; n < 11; ++n) {
        bench.put_tx(n, make_frame(n, kSizes[n]).bytes);
        octets += static_cast<std::uint32_t>(kSizes[n] + 4);
    }
    bench.write(r::TDT(0), 11);
    bench.run_ns(20'000);
    for (unsigned n = 0; n < 6; ++n) expect_count(bench, r::PTC64 + n * 4, kPerClass[n], "PTC");
    expect_count(bench, r::GPTC, 11, "GPTC");
    expect_count(bench, r::GOTCL, octets, "GOTCL");
    expect_count(bench, r::TPT, 11, "TPT");
    expect_count(bench, r::QPTC(0), 11, "QPTC");
    expect_count(bench, r::QBTC_L(0), octets, "QBTC");
}

TEST(NicStatistics, BroadcastAndMulticastAreCountedApart) {
    Bench bench;
    bench.start_rx(16, 15);
    bench.start_tx(16);
    bench.set(r::FCTRL, r::FCTRL_MPE.of(1));
    const std::array<std::uint8_t, 6> to[] = {kBroadcast, kGroup, kGroup, kPortMac, kPortMac, kPortMac};
    for (unsigned n = 0; n < 6; ++n) {
        bench.arrive(make_frame(n, 60, to[n]));
        bench.put_tx(n, make_frame(n, 60, to[n]).bytes);
    }
    bench.write(r::TDT(0), 6);
    bench.run_ns(20'000);
    expect_count(bench, r::BPRC, 1, "BPRC");
    expect_count(bench, r::MPRC, 2, "MPRC");
    expect_count(bench, r::BPTC, 1, "BPTC");
    expect_count(bench, r::MPTC, 2, "MPTC");
}

TEST(NicStatistics, FramesInErrorAreCountedByTheirError) {
    Bench bench;
    bench.start_rx(16, 15);
    const auto arrive = [&](std::size_t bytes, bool bad) {
        Frame frame = make_frame(0, bytes);
        frame.bad_fcs = bad;
        bench.arrive(frame);
    };
    arrive(59, false);
    arrive(59, true);
    arrive(1515, false);
    arrive(1515, true);
    arrive(60, true);
    bench.arrive(make_frame(0, 60, kStranger));
    expect_count(bench, r::RUC, 1, "RUC");
    expect_count(bench, r::RFC, 1, "RFC");
    expect_count(bench, r::ROC, 1, "ROC");
    expect_count(bench, r::RJC, 1, "RJC");
    expect_count(bench, r::CRCERRS, 2, "CRCERRS: not of frames below 64 bytes");
    expect_count(bench, r::TPR, 6, "TPR counts all");
    expect_count(bench, r::TORL, 2 * 63 + 2 * 1519 + 2 * 64, "TORL counts all");
    expect_count(bench, r::GPRC, 0, "GPRC counts what passes");
}

TEST(NicStatistics, LengthErrorsAreCounted) {  // 8.2.3.23.9
    Bench bench;
    bench.start_rx(8, 7);
    bench.set(r::HLREG0, r::HLREG0_RXLNGTHERREN.of(1));
    Frame frame = make_frame(0, 60);
    put_word(frame.bytes, 12, 47);
    bench.arrive(frame);
    expect_count(bench, r::RLEC, 1, "RLEC");
}

TEST(NicStatistics, ChecksumErrorsAreCounted) {  // 8.2.3.23.70
    Bench bench;
    bench.start_rx(8, 7);
    Frame frame = packet_frame({});
    frame.bytes[24] ^= 1;
    bench.arrive(frame);
    bench.arrive(packet_frame({}));
    bench.run_ns(3000);
    expect_count(bench, r::XEC, 1, "XEC");
}

TEST(NicStatistics, MissedPacketsAreCountedAndRaiseTheirCause) {  // 8.2.3.23.4, EICR bit 17
    Bench bench;
    bench.start_rx(8, 0);
    bench.write(r::RXPBSIZE(0), 0x400);
    for (FrameId id = 0; id < 17; ++id) bench.arrive(make_frame(id, 60));
    EXPECT_FALSE(r::EICR_RX_MISS.test(bench.read(r::EICR)));
    bench.arrive(make_frame(17, 60));
    EXPECT_EQ(bench.read(r::EICR), 1u << 17);
    expect_count(bench, r::MPC(0), 1, "MPC");
}

TEST(NicStatistics, DropsForWantOfADescriptorAreTheQueuesOwn) {  // 8.2.3.23.75
    Bench bench;
    bench.write(r::RQSMR(0), 7);
    bench.start_rx(8, 1);
    bench.set(r::SRRCTL(0), r::SRRCTL_DROP_EN.of(1));
    for (FrameId id = 0; id < 4; ++id) bench.arrive(make_frame(id, 60));
    bench.run_ns(5000);
    expect_count(bench, r::QPRDC(7), 3, "QPRDC");
    expect_count(bench, r::QPRDC(0), 0, "QPRDC of another counter");
}

TEST(NicStatistics, QueuesAreCountedWhereTheMapsSay) {  // 8.2.3.23.71, 8.2.3.23.73
    Bench bench;
    // Queue 0 to counter 3, queue 1 to counter 9, queue 127 to counter 15.
    bench.write(r::RQSMR(0), 0x0903);
    bench.write(r::RQSMR(31), 0x0F000000);
    bench.write(r::TQSM(0), 0x000C);
    for (const unsigned queue : {0U, 1U, 127U}) bench.start_rx_queue(queue);
    bench.write(r::FTQF(0), r::FTQF_QUEUE_ENABLE.of(1) | r::FTQF_PRIORITY.of(1) | 0x1FULL << 25);
    bench.run_ns(3000);
    for (const unsigned queue : {0U, 1U, 1U, 127U}) {
        bench.write(r::L34TIMIR(0), r::L34TIMIR_QUEUE.of(queue));
        bench.arrive(packet_frame({}));
        bench.run_ns(3000);
    }
    expect_count(bench, r::QPRC(3), 1, "QPRC");
    expect_count(bench, r::QPRC(9), 2, "QPRC");
    expect_count(bench, r::QPRC(15), 1, "QPRC");
    expect_count(bench, r::QBRC_L(9), 2 * 78, "QBRC: 14 + 20 + 8 + 32, and the FCS");
    bench.start_tx(8);
    bench.put_tx(0, make_frame(0, 100).bytes);
    bench.write(r::TDT(0), 1);
    bench.run_ns(5000);
    expect_count(bench, r::QPTC(12), 1, "QPTC");
    expect_count(bench, r::QBTC_L(12), 104, "QBTC");
}

TEST(NicStatistics, QueueOctetsAreThoseOnTheWireWhateverIsStripped) {
    Bench bench;
    bench.start_rx(8, 7);
    bench.set(r::RXDCTL(0), r::RXDCTL_VME.of(1));
    bench.write(r::HLREG0, bench.read(r::HLREG0) & ~r::HLREG0_RXCRCSTRP.mask());
    bench.arrive(packet_frame({.tag = 5}));
    bench.run_ns(3000);
    expect_count(bench, r::QBRC_L(0), 82, "QBRC");
}

}  // namespace
}  // namespace turnpike
