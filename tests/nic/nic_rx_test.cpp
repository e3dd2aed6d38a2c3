// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "models/core/diagnosis.h"
#include "tests/nic/bench.h"

namespace turnpike {
namespace {

using regs::Fate;
using testing::ElementsAreArray;

TEST(NicRx, AFrameIsInMemoryWithItsDescriptorDone) {
    Bench bench;
    bench.start_rx(8, 7);
    bench.run_ns(1000);
    const Frame frame = make_frame(3, 100);
    bench.arrive(frame);
    bench.run_ns(1000);
    EXPECT_THAT(bench.rx_buffer(0, 100), ElementsAreArray(frame.bytes));
    EXPECT_EQ(bench.rx_descriptor(0, r::RX_WB_STATUS), 3u);  // DD and EOP
    EXPECT_EQ(bench.rx_descriptor(0, r::RX_WB_LENGTH), 100u);
    EXPECT_EQ(bench.rx_descriptor(0, r::RX_WB_ERROR), 0u);
    EXPECT_EQ(bench.rx_descriptor(1, r::RX_WB_DD), 0u);
    EXPECT_EQ(bench.read(r::RDH(0)), 1u);
    EXPECT_EQ(bench.observer.addresses.at(3), Bench::kRxBuffers);
}

TEST(NicRx, AFrameBecomesVisibleAfterProcessingAndTheWritesLatency) {
    Bench bench;
    bench.start_rx(8, 7);
    bench.run_ns(1000);
    bench.arrive(make_frame(0, 60));
    bench.run_ns(1000);
    // nic.processing_ns 100, memory 300 ns after it.
    EXPECT_EQ(bench.observer.written_back_ps.at(0), 1'400'000u);
}

TEST(NicRx, GoodFramesAreCountedWithTheirFcs) {
    Bench bench;
    bench.start_rx(8, 7);
    bench.arrive(make_frame(0, 60));
    bench.arrive(make_frame(1, 1514));
    EXPECT_EQ(bench.read(r::GPRC), 2u);
    EXPECT_EQ(bench.read(r::GORCL), 64u + 1518u);
    EXPECT_EQ(bench.read(r::GORCH), 0u);
    EXPECT_EQ(bench.read(r::GPRC), 0u) << "a read clears";
    EXPECT_EQ(bench.statistic("rx_pkts_nic"), 2u);
    EXPECT_EQ(bench.statistic("rx_bytes_nic"), 1582u);
}

TEST(NicRx, AnEmptyRingHoldsFramesBackUntilSoftwareGivesDescriptors) {
    Bench bench;
    bench.start_rx(8, 0);
    bench.arrive(make_frame(0, 60));
    bench.run_ns(5000);
    EXPECT_TRUE(bench.observer.written_back_ps.empty());
    bench.write(r::RDT(0), 1);
    bench.run_ns(5000);
    EXPECT_EQ(bench.observer.written_back_ps.size(), 1u);
}

TEST(NicRx, WithDropEnableAnEmptyRingDropsAndCounts) {
    Bench bench;
    bench.start_rx(8, 1);
    bench.set(r::SRRCTL(0), r::SRRCTL_DROP_EN.of(1));
    for (FrameId id = 0; id < 3; ++id) bench.arrive(make_frame(id, 60));
    bench.run_ns(5000);
    EXPECT_EQ(bench.observer.written_back_ps.size(), 1u);
    EXPECT_EQ(bench.observer.drops.at(1), Fate::rx_no_descriptor);
    EXPECT_EQ(bench.observer.drops.at(2), Fate::rx_no_descriptor);
    EXPECT_EQ(bench.read(r::QPRDC(0)), 2u);
}

TEST(NicRx, TheRingWrapsAround) {
    Bench bench;
    bench.start_rx(8, 7);
    for (FrameId id = 0; id < 100; ++id) {
        const Frame frame = make_frame(id, 60);
        bench.arrive(frame);
        bench.run_ns(2000);
        ASSERT_EQ(bench.rx_descriptor(id % 8, r::RX_WB_DD), 1u) << id;
        ASSERT_THAT(bench.rx_buffer(id % 8, 60), ElementsAreArray(frame.bytes)) << id;
        bench.give_rx_descriptor(id % 8);
        bench.write(r::RDT(0), id % 8);
    }
    EXPECT_EQ(bench.read(r::RDH(0)), 100u % 8);
}

TEST(NicRx, AFrameLongerThanABufferSpansDescriptorsWithEopOnTheLast) {
    Bench bench;
    bench.set(r::HLREG0, r::HLREG0_JUMBOEN.of(1));
    bench.write(r::MAXFRS, r::MAXFRS_MFS.of(9018));
    bench.start_rx(16, 15);
    const Frame frame = make_frame(0, 9000);
    bench.arrive(frame);
    bench.run_ns(5000);
    std::vector<std::uint8_t> got;
    for (unsigned n = 0; n < 5; ++n) {
        const bool last = n == 4;
        EXPECT_EQ(bench.rx_descriptor(n, r::RX_WB_DD), 1u);
        EXPECT_EQ(bench.rx_descriptor(n, r::RX_WB_EOP), last ? 1u : 0u);
        const std::uint64_t length = bench.rx_descriptor(n, r::RX_WB_LENGTH);
        EXPECT_EQ(length, last ? 9000u - 4 * 2048u : 2048u);
        const auto part = bench.rx_buffer(n, length);
        got.insert(got.end(), part.begin(), part.end());
    }
    EXPECT_EQ(got, frame.bytes);
    EXPECT_EQ(bench.observer.written_back_ps.size(), 1u);
}

TEST(NicRx, ThePacketBufferOverflowsExactlyWhenItIsFull) {
    Bench bench;
    bench.start_rx(8, 0);
    bench.write(r::RXPBSIZE(0), 0x400);  // 1 KiB: 17 frames of 60 bytes are 1,020
    for (FrameId id = 0; id < 25; ++id) bench.arrive(make_frame(id, 60));
    EXPECT_EQ(bench.read(r::MPC(0)), 8u);
    EXPECT_EQ(bench.observer.drops.size(), 8u);
    EXPECT_EQ(bench.observer.drops.begin()->first, 17u);
    EXPECT_EQ(bench.observer.drops.begin()->second, Fate::rx_fifo_overflow);
    bench.write(r::RDT(0), 7);
    bench.run_ns(5000);
    for (FrameId id = 25; id < 35; ++id) bench.arrive(make_frame(id, 60));
    EXPECT_EQ(bench.statistic("rx_missed_errors"), 11u) << "7 frames went to memory, so 7 fit again";
}

TEST(NicRx, FramesBelow64BytesAreRunts) {
    Bench bench;
    bench.start_rx(8, 7);
    bench.arrive(make_frame(0, 0));
    bench.arrive(make_frame(1, 13));
    bench.arrive(make_frame(2, 59));
    bench.arrive(make_frame(3, 60));
    EXPECT_EQ(bench.read(r::RUC), 3u);
    for (FrameId id = 0; id < 3; ++id) EXPECT_EQ(bench.observer.drops.at(id), Fate::rx_runt);
    EXPECT_EQ(bench.observer.drops.count(3), 0u);
    EXPECT_EQ(bench.observer.arrivals.size(), 4u);
}

TEST(NicRx, FramesAbove1518BytesAreOversize) {
    Bench bench;
    bench.start_rx(8, 7);
    bench.arrive(make_frame(0, 1514));
    bench.arrive(make_frame(1, 1515));
    bench.arrive(make_frame(2, 65535));
    EXPECT_EQ(bench.read(r::ROC), 2u);
    EXPECT_EQ(bench.observer.drops.count(0), 0u);
    EXPECT_EQ(bench.observer.drops.at(1), Fate::rx_oversize);
    EXPECT_EQ(bench.observer.drops.at(2), Fate::rx_oversize);
}

TEST(NicRx, AVlanTagDoesNotCountForTheLongestFrame) {
    Bench bench;
    bench.start_rx(8, 7);
    Frame frame = make_frame(0, 1518);
    frame.bytes[12] = 0x81;
    frame.bytes[13] = 0x00;
    bench.arrive(frame);
    EXPECT_TRUE(bench.observer.drops.empty());
}

TEST(NicRx, JumboFramesPassUpToMaxfrs) {
    Bench bench;
    bench.start_rx(16, 15);
    bench.set(r::HLREG0, r::HLREG0_JUMBOEN.of(1));
    bench.write(r::MAXFRS, r::MAXFRS_MFS.of(9018));
    bench.arrive(make_frame(0, 9014));
    bench.arrive(make_frame(1, 9015));
    EXPECT_EQ(bench.observer.drops.size(), 1u);
    EXPECT_EQ(bench.observer.drops.at(1), Fate::rx_oversize);
}

TEST(NicRx, ABadFcsIsCountedAndDropped) {
    Bench bench;
    bench.start_rx(8, 7);
    Frame frame = make_frame(0, 60);
    frame.bad_fcs = true;
    bench.arrive(frame);
    EXPECT_EQ(bench.read(r::CRCERRS), 1u);
    EXPECT_EQ(bench.read(r::GPRC), 0u);
    EXPECT_EQ(bench.observer.drops.at(0), Fate::rx_bad_fcs);
}

TEST(NicRx, StoreBadPacketsDeliversABadFcsWithItsErrorBit) {
    Bench bench;
    bench.start_rx(8, 7);
    bench.set(r::FCTRL, r::FCTRL_SBP.of(1));
    Frame frame = make_frame(0, 60);
    frame.bad_fcs = true;
    bench.arrive(frame);
    bench.run_ns(5000);
    EXPECT_EQ(bench.read(r::CRCERRS), 1u);
    EXPECT_EQ(bench.read(r::GPRC), 0u);
    EXPECT_EQ(bench.rx_descriptor(0, r::RX_WB_ERROR), 0x200u);  // RXE, bit 29 of the double word
}

TEST(NicRx, WithoutStrippingTheFcsIsDelivered) {
    Bench bench;
    bench.write(r::HLREG0, bench.read(r::HLREG0) & ~r::HLREG0_RXCRCSTRP.mask());
    bench.start_rx(8, 7);
    // The FCS of a frame makes the CRC-32 over frame and FCS a constant residue (IEEE 802.3 3.2.9); for 60 zero bytes
    // the CRC is the well-known one of 60 zeros.
    Frame frame{std::vector<std::uint8_t>(60), 0};
    bench.set(r::FCTRL, r::FCTRL_UPE.of(1));
    bench.arrive(frame);
    bench.run_ns(5000);
    EXPECT_EQ(bench.rx_descriptor(0, r::RX_WB_LENGTH), 64u);
    const auto fcs = bench.rx_buffer(0, 64).subspan(60);
    EXPECT_THAT(fcs, ElementsAreArray({0x08, 0x89, 0x12, 0x04}));
}

TEST(NicRx, VlanTagsAreTakenOutWhenTheQueueSaysSo) {
    Bench bench;
    bench.start_rx(8, 7);
    bench.set(r::RXDCTL(0), r::RXDCTL_VME.of(1));
    Frame frame = make_frame(0, 64);
    const std::uint8_t tag[] = {0x81, 0x00, 0x60, 0x07, 0x88, 0xB5};
    std::copy(std::begin(tag), std::end(tag), frame.bytes.begin() + 12);
    bench.arrive(frame);
    bench.run_ns(5000);
    EXPECT_EQ(bench.rx_descriptor(0, r::RX_WB_LENGTH), 60u);
    EXPECT_EQ(bench.rx_descriptor(0, r::RX_WB_VLAN), 0x6007u);
    EXPECT_EQ(bench.rx_descriptor(0, r::RX_WB_VP), 1u);
    frame.bytes.erase(frame.bytes.begin() + 12, frame.bytes.begin() + 16);
    EXPECT_THAT(bench.rx_buffer(0, 60), ElementsAreArray(frame.bytes));
}

TEST(NicRx, LengthErrorsAreCountedWhenEnabled) {
    Bench bench;
    bench.start_rx(8, 7);
    Frame frame = make_frame(0, 60);
    frame.bytes[12] = 0;
    frame.bytes[13] = 47;  // IEEE 802.3 3.2.6: 47 bytes of data make 61
    bench.arrive(frame);
    EXPECT_EQ(bench.read(r::RLEC), 0u);
    bench.set(r::HLREG0, r::HLREG0_RXLNGTHERREN.of(1));
    bench.arrive(frame);
    EXPECT_EQ(bench.read(r::RLEC), 1u);
    frame.bytes[13] = 38;  // padded to 46
    bench.arrive(frame);
    EXPECT_EQ(bench.read(r::RLEC), 0u);
}

TEST(NicRx, FramesBeforeReceiveIsEnabledAreDropped) {
    Bench bench;
    bench.arrive(make_frame(0, 60));
    EXPECT_EQ(bench.observer.drops.at(0), Fate::rx_disabled);
    EXPECT_EQ(bench.read(r::TPR), 0u);
}

TEST(NicRx, FramesForAQueueThatIsOffAreDropped) {
    Bench bench;
    bench.start_rx(8, 7);
    bench.write(r::RXDCTL(0), 0);
    bench.arrive(make_frame(0, 60));
    bench.run_ns(5000);
    EXPECT_EQ(bench.observer.drops.at(0), Fate::rx_disabled);
}

TEST(NicRx, AResetLosesWhatIsInThePacketBuffer) {
    Bench bench;
    bench.start_rx(8, 0);
    for (FrameId id = 0; id < 3; ++id) bench.arrive(make_frame(id, 60));
    bench.run_ns(1000);
    bench.write(r::CTRL, r::CTRL_RST.of(1));
    bench.run_ns(1000);
    EXPECT_EQ(bench.observer.drops.size(), 3u);
    bench.start_rx(8, 7);
    bench.arrive(make_frame(3, 60));
    bench.run_ns(5000);
    EXPECT_EQ(bench.observer.written_back_ps.count(3), 1u) << "works again after the reset";
}

TEST(NicRx, ABufferThatDoesNotAnswerStopsTheQueueWithOneDiagnosis) {
    Bench bench;
    unsigned told = 0;
    set_diagnosis_handler([&](const std::string&) { ++told; });
    bench.start_rx(8, 0);
    bench.memory.set_quadword(Bench::kRxRing, 0x7000000000);
    bench.write(r::RDT(0), 7);
    for (FrameId id = 0; id < 3; ++id) bench.arrive(make_frame(id, 60));
    bench.run_ns(5000);
    set_diagnosis_handler({});
    EXPECT_EQ(told, 1u);
    EXPECT_EQ(bench.observer.drops.at(0), Fate::rx_bus_error);
    EXPECT_EQ(bench.observer.drops.at(1), Fate::rx_disabled);
    EXPECT_EQ(bench.statistic("rx_bus_errors"), 1u);
    EXPECT_FALSE(r::RXDCTL_ENABLE.test(bench.read(r::RXDCTL(0))));
}

TEST(NicRx, ARingThatDoesNotAnswerStopsTheQueue) {
    Bench bench;
    set_diagnosis_handler([](const std::string&) {});
    bench.start_rx(8, 0);
    bench.write(r::RXDCTL(0), 0);
    bench.write(r::RDBAH(0), 0x70);
    bench.write(r::RXDCTL(0), r::RXDCTL_ENABLE.of(1));
    bench.write(r::RDT(0), 7);
    bench.arrive(make_frame(0, 60));
    bench.run_ns(5000);
    set_diagnosis_handler({});
    EXPECT_EQ(bench.observer.drops.at(0), Fate::rx_bus_error);
    EXPECT_EQ(bench.statistic("rx_bus_errors"), 1u);
}

TEST(NicRx, DescriptorsOfNoKnownTypeAreDiagnosed) {
    Bench bench;
    unsigned told = 0;
    set_diagnosis_handler([&](const std::string&) { ++told; });
    bench.start_rx(8, 7);
    bench.write(r::SRRCTL(0), r::SRRCTL_BSIZEPACKET.of(2) | r::SRRCTL_DESCTYPE.of(7));
    bench.arrive(make_frame(0, 60));
    bench.arrive(make_frame(1, 60));
    bench.run_ns(5000);
    set_diagnosis_handler({});
    EXPECT_EQ(told, 1u);
    EXPECT_EQ(bench.observer.drops.at(1), Fate::rx_disabled);
}

}  // namespace
}  // namespace turnpike
