// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "models/core/diagnosis.h"
#include "tests/nic/bench.h"

namespace turnpike {
namespace {

using regs::Fate;
using testing::ElementsAre;
using testing::ElementsAreArray;

TEST(NicTx, AFrameLeavesAsItStandsInMemory) {
    Bench bench;
    bench.start_tx(8);
    const Frame frame = make_frame(0, 100, kBroadcast);
    bench.put_tx(0, frame.bytes);
    bench.write(r::TDT(0), 1);
    bench.run_ns(5000);
    ASSERT_EQ(bench.sink.frames.size(), 1u);
    EXPECT_THAT(bench.sink.frames[0].bytes, ElementsAreArray(frame.bytes));
    EXPECT_FALSE(bench.sink.frames[0].bad_fcs);
    EXPECT_EQ(bench.read(r::TDH(0)), 1u);
    EXPECT_EQ(bench.tx_descriptor(0, r::TX_WB_DD), 1u);
    EXPECT_THAT(bench.observer.fetches, ElementsAre(Bench::kTxBuffers));
}

TEST(NicTx, FirstAndLastBitComeAfterBothReadsProcessingAndSerialisation) {
    Bench bench;
    bench.start_tx(8);
    bench.put_tx(0, make_frame(0, 60).bytes);
    bench.write(r::TDT(0), 1);
    bench.run_ns(5000);
    ASSERT_EQ(bench.observer.frames_sent.size(), 1u);
    const auto& sent = bench.observer.frames_sent[0];
    EXPECT_EQ(sent.id, 1000u) << "the observer's answer";
    EXPECT_EQ(sent.bytes, 60u);
    EXPECT_EQ(sent.first_ps, 1'300'000u);           // descriptor 600, data 600, nic.processing_ns 100
    EXPECT_EQ(sent.last_ps, 1'300'000u + 57'600u);  // preamble 8, 60, FCS 4 at 0.8 ns
}

TEST(NicTx, ShortFramesArePaddedWithZerosTo60Bytes) {
    Bench bench;
    bench.start_tx(8);
    const Frame frame = make_frame(0, 42);
    bench.put_tx(0, frame.bytes);
    bench.write(r::TDT(0), 1);
    bench.run_ns(5000);
    ASSERT_EQ(bench.sink.frames.size(), 1u);
    std::vector<std::uint8_t> expected = frame.bytes;
    expected.resize(60);
    EXPECT_EQ(bench.sink.frames[0].bytes, expected);
    EXPECT_EQ(bench.read(r::GPTC), 1u);
    EXPECT_EQ(bench.read(r::GOTCL), 64u);
    EXPECT_EQ(bench.read(r::TPT), 1u);
}

TEST(NicTx, WithoutPaddingEnabledAShortFrameLeavesAsARunt) {
    Bench bench;
    bench.start_tx(8);
    bench.write(r::HLREG0, bench.read(r::HLREG0) & ~r::HLREG0_TXPADEN.mask());
    bench.put_tx(0, make_frame(0, 42).bytes);
    bench.write(r::TDT(0), 1);
    bench.run_ns(5000);
    ASSERT_EQ(bench.sink.frames.size(), 1u);
    EXPECT_EQ(bench.sink.frames[0].bytes.size(), 42u);
}

TEST(NicTx, AFrameMayBeGatheredFromSeveralBuffers) {
    Bench bench;
    bench.start_tx(8);
    const Frame frame = make_frame(0, 1000);
    const std::span<const std::uint8_t> bytes = frame.bytes;
    bench.put_tx(0, bytes.subspan(0, 14), false);
    bench.put_tx(1, bytes.subspan(14, 486), false);
    bench.put_tx(2, bytes.subspan(500));
    bench.write(r::TDT(0), 2);
    bench.run_ns(5000);
    EXPECT_TRUE(bench.sink.frames.empty()) << "no end of packet yet";
    bench.write(r::TDT(0), 3);
    bench.run_ns(5000);
    ASSERT_EQ(bench.sink.frames.size(), 1u);
    EXPECT_EQ(bench.sink.frames[0].bytes, frame.bytes);
    EXPECT_THAT(bench.observer.fetches, ElementsAre(Bench::kTxBuffers));
}

TEST(NicTx, OnlyDescriptorsThatAskForItAreWrittenBack) {
    Bench bench;
    bench.start_tx(8);
    for (unsigned n = 0; n < 2; ++n) bench.put_tx(n, make_frame(n, 60).bytes);
    const std::uint64_t word = bench.memory.quadword(Bench::kTxRing + 8);
    bench.memory.set_quadword(Bench::kTxRing + 8, word & ~r::TX_READ_RS.field.mask());
    bench.write(r::TDT(0), 2);
    bench.run_ns(5000);
    EXPECT_EQ(bench.tx_descriptor(0, r::TX_WB_DD), 0u);
    EXPECT_EQ(bench.tx_descriptor(1, r::TX_WB_DD), 1u);
}

TEST(NicTx, TheRingWrapsAround) {
    Bench bench;
    bench.start_tx(8);
    for (unsigned n = 0; n < 50; ++n) {
        const Frame frame = make_frame(n, 60 + n);
        bench.put_tx(n % 8, frame.bytes);
        bench.write(r::TDT(0), (n + 1) % 8);
        bench.run_ns(3000);
        ASSERT_EQ(bench.sink.frames.size(), n + 1);
        ASSERT_EQ(bench.sink.frames[n].bytes, frame.bytes);
    }
    EXPECT_EQ(bench.read(r::TDH(0)), 50u % 8);
}

TEST(NicTx, NothingLeavesBeforeTransmitIsEnabled) {
    Bench bench;
    bench.start_tx(8);
    bench.write(r::DMATXCTL, 0);
    bench.put_tx(0, make_frame(0, 60).bytes);
    bench.write(r::TDT(0), 1);
    bench.run_ns(5000);
    EXPECT_TRUE(bench.sink.frames.empty());
    bench.write(r::DMATXCTL, 1);
    bench.run_ns(5000);
    EXPECT_EQ(bench.sink.frames.size(), 1u);
}

TEST(NicTx, AnFcsMadeBySoftwareIsCheckedOnTheWire) {
    Bench bench;
    bench.start_tx(8);
    std::vector<std::uint8_t> bytes(64);
    const std::uint8_t fcs[] = {0x08, 0x89, 0x12, 0x04};  // CRC-32 of 60 zero bytes
    std::copy(std::begin(fcs), std::end(fcs), bytes.begin() + 60);
    bench.put_tx(0, bytes);
    bytes[63] ^= 1;
    bench.put_tx(1, bytes);
    for (unsigned n = 0; n < 2; ++n) {
        const std::uint64_t at = Bench::kTxRing + n * 16 + 8;
        bench.memory.set_quadword(at, bench.memory.quadword(at) & ~r::TX_READ_IFCS.field.mask());
    }
    bench.write(r::TDT(0), 2);
    bench.run_ns(5000);
    ASSERT_EQ(bench.sink.frames.size(), 2u);
    EXPECT_EQ(bench.sink.frames[0].bytes.size(), 60u);
    EXPECT_FALSE(bench.sink.frames[0].bad_fcs);
    EXPECT_TRUE(bench.sink.frames[1].bad_fcs);
}

/// Sends one good descriptor and one whose second quadword is changed by `change`; the queue has to stop.
template <typename Change>
void expect_bad_descriptor(Change change) {
    Bench bench;
    unsigned told = 0;
    set_diagnosis_handler([&](const std::string&) { ++told; });
    bench.start_tx(8);
    for (unsigned n = 0; n < 3; ++n) bench.put_tx(n, make_frame(n, 60).bytes);
    const std::uint64_t at = Bench::kTxRing + 16 + 8;
    bench.memory.set_quadword(at, change(bench.memory.quadword(at)));
    bench.write(r::TDT(0), 3);
    bench.run_ns(5000);
    set_diagnosis_handler({});
    EXPECT_EQ(told, 1u);
    EXPECT_EQ(bench.sink.frames.size(), 1u);
    EXPECT_THAT(bench.observer.tx_drops, ElementsAre(Fate::tx_bad_descriptor));
    EXPECT_EQ(bench.statistic("tx_bad_descriptors"), 1u);
    EXPECT_FALSE(r::TXDCTL_ENABLE.test(bench.read(r::TXDCTL(0))));
    // The queue works again after software has set it up anew.
    bench.put_tx(0, make_frame(0, 60).bytes);
    bench.write(r::TDT(0), 0);
    bench.write(r::TXDCTL(0), r::TXDCTL_ENABLE.of(1));
    bench.write(r::TDT(0), 1);
    bench.run_ns(5000);
    EXPECT_EQ(bench.sink.frames.size(), 2u);
}

TEST(NicTx, ADescriptorOfNoKnownTypeStopsTheQueue) {
    expect_bad_descriptor([](std::uint64_t word) { return r::TX_READ_DTYP.field.set(word, 1); });
}

TEST(NicTx, AFrameOfNoBytesStopsTheQueue) {
    expect_bad_descriptor([](std::uint64_t word) { return r::TX_READ_DTALEN.field.set(word, 0); });
}

TEST(NicTx, AFrameBeyondTheDevicesLimitStopsTheQueue) {
    expect_bad_descriptor([](std::uint64_t word) { return r::TX_READ_DTALEN.field.set(word, 16'000); });
}

TEST(NicTx, ABufferThatDoesNotAnswerStopsTheQueue) {
    Bench bench;
    unsigned told = 0;
    set_diagnosis_handler([&](const std::string&) { ++told; });
    bench.start_tx(8);
    for (unsigned n = 0; n < 3; ++n) bench.put_tx(n, make_frame(n, 60).bytes);
    bench.memory.set_quadword(Bench::kTxRing + 16, 0x7000000000);
    bench.write(r::TDT(0), 3);
    bench.run_ns(5000);
    set_diagnosis_handler({});
    EXPECT_EQ(told, 1u);
    EXPECT_EQ(bench.sink.frames.size(), 1u);
    EXPECT_THAT(bench.observer.tx_drops, ElementsAre(Fate::tx_bus_error));
    EXPECT_THAT(bench.observer.fetches, ElementsAre(Bench::kTxBuffers, 0x7000000000));
}

TEST(NicTx, ThePacketBufferBoundsHowFarItReadsAhead) {
    regs::params::nic params;
    params.tx_fifo_kib = 4;
    Bench bench(params, 1000);
    bench.start_tx(16);
    for (unsigned n = 0; n < 8; ++n) bench.put_tx(n, make_frame(n, 1500).bytes);
    bench.write(r::TDT(0), 8);
    bench.run_ns(5000);
    // At 1 Gbit/s a frame of 1,512 bytes on the wire takes 12 µs, so none has left: 2 of 1,500 fit into 4,096.
    EXPECT_EQ(bench.read(r::TDH(0)), 2u);
    bench.run_ns(200'000);
    EXPECT_EQ(bench.sink.frames.size(), 8u);
}

TEST(NicTx, AStoppedQueueKeepsItsHeadAndSendsNothingMore) {
    Bench bench;
    bench.start_tx(8);
    for (unsigned n = 0; n < 4; ++n) bench.put_tx(n, make_frame(n, 60).bytes);
    bench.write(r::TDT(0), 4);
    bench.run_ns(900);  // data reads are under way
    bench.write(r::TXDCTL(0), 0);
    bench.run_ns(5000);
    EXPECT_TRUE(bench.sink.frames.empty());
    EXPECT_TRUE(bench.observer.fetches.empty());
}

}  // namespace
}  // namespace turnpike
