// SPDX-License-Identifier: Apache-2.0
// Transmit queues: write-back, thresholds, turns, rate limiter, all 128 of them (82599 data sheet 7.2.1, 7.2.3).
#include <gtest/gtest.h>

#include "tests/nic/tx_packet.h"

namespace turnpike {
namespace {

constexpr std::uint64_t kHeadAt = 0x6F0000;
constexpr std::uint64_t kPerFramePs = 1'230'400;  // 1,514 bytes, FCS, preamble and gap: 1,538 at 0.8 ns

void give(Bench& bench, unsigned first, unsigned count, std::size_t bytes = 60) {
    for (unsigned n = first; n < first + count; ++n) bench.put_tx(n, make_frame(n, bytes).bytes);
    bench.write(r::TDT(0), first + count);
}

/// A queue of its own place: 8 descriptors behind the common ring, one frame in each.
void start_queue(Bench& bench, unsigned queue, unsigned frames, std::size_t bytes) {
    const std::uint64_t ring = Bench::kQueueRings + queue * 8 * 16;
    const std::uint64_t buffer = Bench::kTxBuffers + queue * Bench::kBufferBytes;
    const Frame frame = make_frame(queue, bytes);
    std::copy(frame.bytes.begin(), frame.bytes.end(), bench.memory.bytes.begin() + static_cast<std::ptrdiff_t>(buffer));
    for (unsigned n = 0; n < frames; ++n) {
        std::uint64_t words[2] = {buffer, 0};
        r::TX_READ_DTALEN.put(words, bytes);
        r::TX_READ_PAYLEN.put(words, bytes);
        r::TX_READ_DTYP.put(words, r::kDescriptorTypeAdvancedData);
        for (const auto& field : {r::TX_READ_DEXT, r::TX_READ_EOP, r::TX_READ_IFCS}) field.put(words, 1);
        bench.memory.set_quadword(ring + n * 16, words[0]);
        bench.memory.set_quadword(ring + n * 16 + 8, words[1]);
    }
    bench.set(r::DMATXCTL, r::DMATXCTL_TE.of(1));
    bench.write(r::TDBAL(queue), ring);
    bench.write(r::TDLEN(queue), 8 * 16);
    bench.write(r::TXDCTL(queue), r::TXDCTL_ENABLE.of(1));
    bench.write(r::TDT(queue), frames);
}

TEST(NicTxHead, IsWrittenToMemoryInPlaceOfTheDescriptors) {  // 7.2.3.5.2
    Bench bench;
    bench.start_tx(8);
    bench.memory.set_quadword(kHeadAt, 0xAAAAAAAA'AAAAAAAA);
    bench.write(r::TDWBAL(0), kHeadAt | r::TDWBAL_HEAD_WB_EN.of(1));
    give(bench, 0, 3);
    bench.run_ns(5000);
    EXPECT_EQ(bench.memory.quadword(kHeadAt), 0xAAAAAAAA'00000003) << "32 bits, and no more";
    for (unsigned n = 0; n < 3; ++n) EXPECT_EQ(bench.tx_descriptor(n, r::TX_WB_DD), 0u);
    EXPECT_EQ(bench.read(r::TDH(0)), 3u);
}

TEST(NicTxThreshold, WthreshGathersWriteBacksUntilTheQueueIsDry) {  // 7.2.3.5.1
    Bench bench({}, 100);  // a frame takes 6.7 µs on the wire; data is read ahead
    bench.start_tx(32);
    bench.enable_interrupts();
    bench.write(r::TXDCTL(0), r::TXDCTL_ENABLE.of(1) | r::TXDCTL_WTHRESH.of(4));
    give(bench, 0, 6);
    unsigned most_alone = 0;
    for (unsigned step = 0; step < 1000; ++step) {
        bench.run_ns(10);
        unsigned done = 0;
        for (unsigned n = 0; n < 6; ++n) done += static_cast<unsigned>(bench.tx_descriptor(n, r::TX_WB_DD));
        if (done != 0 && done < 4) most_alone = std::max(most_alone, done);
    }
    EXPECT_EQ(most_alone, 0u) << "none before four have come together";
    for (unsigned n = 0; n < 6; ++n) EXPECT_EQ(bench.tx_descriptor(n, r::TX_WB_DD), 1u) << "the last two when dry";
}

TEST(NicTxThreshold, HthreshWaitsForThatManyInMemoryWhilePthreshAreOnTheChip) {  // 7.2.3.4
    Bench bench;
    bench.start_tx(64);
    bench.write(r::DMATXCTL, 0);  // nothing is taken from the chip
    bench.write(r::TXDCTL(0), r::TXDCTL_ENABLE.of(1) | r::TXDCTL_PTHRESH.of(16) | r::TXDCTL_HTHRESH.of(8));
    give(bench, 0, 4);
    bench.run_ns(5000);
    const std::uint64_t empty = bench.memory.reads;
    EXPECT_EQ(empty, 1u) << "an empty chip reads what there is";
    give(bench, 4, 7);
    bench.run_ns(5000);
    EXPECT_EQ(bench.memory.reads, empty) << "7 in memory";
    give(bench, 11, 1);
    bench.run_ns(5000);
    EXPECT_EQ(bench.memory.reads, empty + 1) << "8 in memory";
    give(bench, 12, 20);
    bench.run_ns(5000);
    const std::uint64_t full = bench.memory.reads;
    give(bench, 32, 20);
    bench.run_ns(5000);
    EXPECT_EQ(bench.memory.reads, full) << "16 or more are on the chip";
}

struct RateCase {
    unsigned whole;     ///< RF_INT
    unsigned fraction;  ///< RF_DEC, of 16,384
};
void PrintTo(const RateCase& value, std::ostream* out) { *out << value.whole << "_and_" << value.fraction; }
class NicTxRate : public testing::TestWithParam<RateCase> {};

/// 8.2.3.10: the link's rate over RF_INT + RF_DEC / 2^14, measured over frames that follow each other at once.
TEST_P(NicTxRate, IsTheLinksOverTheFactor) {
    Bench bench;
    bench.start_tx(64);
    bench.write(r::RTTDQSEL, 0);
    bench.write(r::RTTBCNRC,
                r::RTTBCNRC_ENABLE.of(1) | r::RTTBCNRC_FACTOR.of(GetParam().whole << 14 | GetParam().fraction));
    constexpr unsigned kFrames = 40;
    give(bench, 0, kFrames, 1514);
    bench.run_ns(20'000'000);
    const auto& sent = bench.observer.frames_sent;
    ASSERT_EQ(sent.size(), kFrames);
    const double factor = GetParam().whole + GetParam().fraction / 16384.0;
    const auto total = static_cast<double>(sent.back().first_ps - sent.front().first_ps);
    EXPECT_NEAR(total, factor * kPerFramePs * (kFrames - 1), kFrames);
}
INSTANTIATE_TEST_SUITE_P(Factors, NicTxRate,
                         testing::Values(RateCase{1, 0}, RateCase{2, 0}, RateCase{10, 0}, RateCase{3, 0x2000},
                                         RateCase{100, 1}));

TEST(NicTxRateLimit, HoldsTheSelectedQueueOnly) {  // 8.2.3.10.13
    Bench bench;
    bench.write(r::RTTDQSEL, 3);
    bench.write(r::RTTBCNRC, r::RTTBCNRC_ENABLE.of(1) | r::RTTBCNRC_FACTOR.of(100 << 14));
    bench.write(r::RTTDQSEL, 2);
    EXPECT_EQ(bench.read(r::RTTBCNRC), 0u);
    start_queue(bench, 2, 7, 1514);
    start_queue(bench, 3, 7, 1514);
    bench.run_ns(20'000);
    EXPECT_EQ(bench.sink.frames.size(), 8u) << "all of queue 2, one of queue 3";
}

TEST(NicTxTurns, QueuesTakeTurnsFrameByFrame) {  // 7.2.1.2.1
    Bench bench;
    bench.write(r::DMATXCTL, 0);
    for (const unsigned queue : {0U, 5U, 9U}) start_queue(bench, queue, 4, 100);
    bench.write(r::DMATXCTL, 0);
    bench.run_ns(10'000);
    bench.sink.frames.clear();
    for (const unsigned queue : {0U, 5U, 9U}) {
        bench.write(r::TXDCTL(queue), 0);
        bench.write(r::TDT(queue), 0);
        bench.write(r::TXDCTL(queue), r::TXDCTL_ENABLE.of(1));
        bench.write(r::TDT(queue), 4);
    }
    bench.run_ns(5000);
    bench.write(r::DMATXCTL, r::DMATXCTL_TE.of(1));
    bench.run_ns(20'000);
    ASSERT_EQ(bench.sink.frames.size(), 12u);
    std::vector<unsigned> order;
    for (const Frame& frame : bench.sink.frames) order.push_back((frame.bytes[20] - 20U) / 37U);
    for (unsigned n = 3; n < 12; ++n) EXPECT_EQ(order[n], order[n - 3]) << n;
    EXPECT_NE(order[0], order[1]);
    EXPECT_NE(order[1], order[2]);
    EXPECT_NE(order[0], order[2]);
}

TEST(NicTxQueues, AllOneHundredAndTwentyEightSend) {  // 8.2.3.9
    Bench bench;
    for (unsigned queue = 0; queue < 128; ++queue) start_queue(bench, queue, 1, 100);
    bench.run_ns(100'000);
    ASSERT_EQ(bench.sink.frames.size(), 128u);
    for (unsigned queue = 0; queue < 128; ++queue) EXPECT_EQ(bench.read(0x06010 + queue * 0x40), 1u) << queue;
}

}  // namespace
}  // namespace turnpike
