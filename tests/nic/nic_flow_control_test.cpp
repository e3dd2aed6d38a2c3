// SPDX-License-Identifier: Apache-2.0
// Pause frames received and sent (82599 data sheet 3.7.7; IEEE 802.3 annex 31B).
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/nic/packets.h"

namespace turnpike {
namespace {

using testing::ElementsAreArray;

constexpr std::array<std::uint8_t, 6> kControlGroup = {0x01, 0x80, 0xC2, 0x00, 0x00, 0x01};
constexpr std::array<std::uint8_t, 6> kStranger = {2, 0, 0, 0, 0, 7};
constexpr std::uint64_t kQuantumPs = 51'200;  // 512 bits at 10 Gbit/s

Frame control_frame(std::uint16_t operation, std::uint16_t time, std::array<std::uint8_t, 6> to = kControlGroup) {
    Frame frame = make_frame(7, 60, to);
    put_word(frame.bytes, 12, 0x8808);
    put_word(frame.bytes, 14, operation);
    put_word(frame.bytes, 16, time);
    return frame;
}
Frame pause(std::uint16_t quanta, std::array<std::uint8_t, 6> to = kControlGroup) {
    return control_frame(1, quanta, to);
}

void send(Bench& bench, unsigned first, unsigned count, std::size_t bytes = 60) {
    for (unsigned n = first; n < first + count; ++n) bench.put_tx(n, make_frame(n, bytes).bytes);
    bench.write(r::TDT(0), first + count);
}

struct NicPause : testing::Test {
    void start(Bench& bench, std::uint64_t control = r::MFLCN_RFCE.of(1) | r::MFLCN_DPF.of(1)) {
        bench.start_rx(8, 7);
        bench.start_tx(16);
        bench.write(r::MFLCN, control);
        bench.run_ns(2000);
    }
};

TEST_F(NicPause, HoldsDataFramesForItsQuanta) {
    Bench bench;
    start(bench);
    const std::uint64_t begin = now_ps();
    bench.arrive(pause(100));
    EXPECT_EQ(bench.read(r::TFCS), 0u);
    send(bench, 0, 1);
    bench.run_ns(10'000);
    ASSERT_EQ(bench.observer.frames_sent.size(), 1u);
    EXPECT_EQ(bench.observer.frames_sent[0].first_ps, begin + 100 * kQuantumPs);
    EXPECT_EQ(bench.read(r::TFCS), 1u);
    EXPECT_EQ(bench.observer.drops.at(7), regs::Fate::rx_mac_control);
    EXPECT_EQ(bench.read(r::LXOFFRXCNT), 1u);
    EXPECT_EQ(bench.read(r::LXOFFRXCNT), 0u) << "a read clears";
    EXPECT_EQ(bench.read(r::LXONRXCNT), 0u);
}

TEST_F(NicPause, QuantaAreBitTimesOfTheLink) {
    Bench bench({}, 1000);
    start(bench);
    const std::uint64_t begin = now_ps();
    bench.arrive(pause(10));
    send(bench, 0, 1);
    bench.run_ns(20'000);
    ASSERT_EQ(bench.observer.frames_sent.size(), 1u);
    EXPECT_EQ(bench.observer.frames_sent[0].first_ps, begin + 10 * kQuantumPs * 10);
}

TEST_F(NicPause, ATimeOfZeroEndsIt) {
    Bench bench;
    start(bench);
    bench.arrive(pause(0xFFFF));
    send(bench, 0, 1);
    bench.run_ns(5000);
    EXPECT_TRUE(bench.sink.frames.empty());
    const std::uint64_t end = now_ps();
    bench.arrive(pause(0));
    bench.run_ns(1000);
    ASSERT_EQ(bench.observer.frames_sent.size(), 1u);
    EXPECT_EQ(bench.observer.frames_sent[0].first_ps, end);
    EXPECT_EQ(bench.read(r::LXONRXCNT), 1u);
}

TEST_F(NicPause, AFrameThatHasBegunIsSentWhole) {
    Bench bench;
    start(bench);
    send(bench, 0, 2, 1500);
    while (bench.observer.frames_sent.empty() && now_ps() < 10'000'000) {
        bench.run_ns(100);
        if (now_ps() > 3'800'000) break;  // the first began at 3.3 µs and takes 1.2 µs
    }
    const std::uint64_t begin = now_ps();
    bench.arrive(pause(100));
    bench.run_ns(20'000);
    ASSERT_EQ(bench.observer.frames_sent.size(), 2u);
    EXPECT_LT(bench.observer.frames_sent[0].first_ps, begin);
    EXPECT_EQ(bench.observer.frames_sent[1].first_ps, begin + 100 * kQuantumPs);
    EXPECT_EQ(bench.sink.frames[0].bytes.size(), 1500u);
}

TEST_F(NicPause, IsObeyedToTheStationsAddressAndToNoOther) {
    Bench bench;
    start(bench);
    bench.arrive(pause(100, kPortMac));
    EXPECT_EQ(bench.read(r::TFCS), 0u);
    bench.arrive(pause(0, kPortMac));
    EXPECT_EQ(bench.read(r::TFCS), 1u);
    bench.arrive(pause(100, kStranger));
    EXPECT_EQ(bench.read(r::TFCS), 1u);
    EXPECT_EQ(bench.read(r::LXOFFRXCNT), 1u);
}

TEST_F(NicPause, WithABadFcsIsNotObeyed) {
    Bench bench;
    start(bench);
    Frame frame = pause(100);
    frame.bad_fcs = true;
    bench.arrive(frame);
    EXPECT_EQ(bench.read(r::TFCS), 1u);
    EXPECT_EQ(bench.read(r::LXOFFRXCNT), 0u);
}

TEST_F(NicPause, WithoutRfceIsCountedAndNotObeyed) {
    Bench bench;
    start(bench, 0);
    bench.arrive(pause(100));
    EXPECT_EQ(bench.read(r::TFCS), 1u);
    EXPECT_EQ(bench.read(r::LXOFFRXCNT), 1u);
}

TEST_F(NicPause, GoesToTheHostUnlessDiscarded) {  // 8.2.3.22.34
    Bench bench;
    start(bench, r::MFLCN_RFCE.of(1));
    bench.set(r::FCTRL, r::FCTRL_MPE.of(1));
    bench.arrive(pause(1));
    bench.run_ns(3000);
    EXPECT_EQ(bench.read(r::RDH(0)), 1u);
    bench.write(r::MFLCN, r::MFLCN_RFCE.of(1) | r::MFLCN_DPF.of(1));
    bench.arrive(pause(1));
    bench.run_ns(3000);
    EXPECT_EQ(bench.read(r::RDH(0)), 1u);
}

TEST_F(NicPause, OtherControlFramesPassOnlyWithPmcf) {  // 8.2.3.22.34
    Bench bench;
    start(bench, 0);
    bench.set(r::FCTRL, r::FCTRL_MPE.of(1));
    bench.arrive(control_frame(2, 1));
    bench.run_ns(3000);
    EXPECT_EQ(bench.observer.drops.at(7), regs::Fate::rx_mac_control);
    bench.write(r::MFLCN, r::MFLCN_PMCF.of(1));
    bench.arrive(control_frame(2, 1));
    bench.run_ns(3000);
    EXPECT_EQ(bench.read(r::RDH(0)), 1u);
}

struct NicWatermark : testing::Test {
    /// High at 1,024 bytes, low at 512; nothing leaves the packet buffer until software gives descriptors.
    NicWatermark() {
        bench.start_rx(32, 0);
        bench.write(r::FCTTV(0), 0xABCD);
        bench.write(r::FCRTH(0), 0x400 | r::FCRTH_FCEN.of(1));
        bench.write(r::FCRTL(0), 0x200 | r::FCRTL_XONE.of(1));
        bench.write(r::FCCFG, r::FCCFG_TFCE.of(1));
    }
    void fill(unsigned frames) {
        for (unsigned n = 0; n < frames; ++n) bench.arrive(make_frame(n, 60));
        bench.run_ns(1000);
    }
    Bench bench;
};

std::vector<std::uint8_t> expected_pause(std::uint16_t quanta) {
    std::vector<std::uint8_t> bytes = {0x01, 0x80, 0xC2, 0, 0, 0x01, 2, 0, 0, 0, 0, 1, 0x88, 0x08, 0, 1};
    bytes.resize(60);
    put_word(bytes, 16, quanta);
    return bytes;
}

TEST_F(NicWatermark, XoffGoesAtTheHighOneAndXonBelowTheLowOne) {  // 3.7.7.3
    fill(17);
    EXPECT_TRUE(bench.sink.frames.empty()) << "1,020 bytes";
    fill(1);
    ASSERT_EQ(bench.sink.frames.size(), 1u);
    EXPECT_THAT(bench.sink.frames[0].bytes, ElementsAreArray(expected_pause(0xABCD)));
    bench.write(r::RDT(0), 9);
    bench.run_ns(3000);
    EXPECT_EQ(bench.sink.frames.size(), 1u) << "540 bytes are left";
    bench.write(r::RDT(0), 10);
    bench.run_ns(3000);
    ASSERT_EQ(bench.sink.frames.size(), 2u) << "480 bytes are left";
    EXPECT_THAT(bench.sink.frames[1].bytes, ElementsAreArray(expected_pause(0)));
    EXPECT_EQ(bench.read(r::LXOFFTXC), 1u);
    EXPECT_EQ(bench.read(r::LXONTXC), 1u);
    EXPECT_EQ(bench.read(r::LXOFFTXC) + bench.read(r::LXONTXC), 0u) << "a read clears";
    // Linux ixgbe_update_stats takes them out of these, so the device counts them there.
    EXPECT_EQ(bench.read(r::GPTC), 2u);
    EXPECT_EQ(bench.read(r::MPTC), 2u);
    EXPECT_EQ(bench.read(r::PTC64), 2u);
}

TEST_F(NicWatermark, WithoutXonEnabledOnlyTheTimeEndsThePause) {
    bench.write(r::FCRTL(0), 0x200);
    fill(18);
    bench.write(r::RDT(0), 18);
    bench.run_ns(5000);
    EXPECT_EQ(bench.sink.frames.size(), 1u);
    EXPECT_EQ(bench.read(r::LXONTXC), 0u);
}

TEST_F(NicWatermark, XoffIsRepeatedWhenItsTimeRunsLow) {  // 8.2.3.3.5
    bench.write(r::FCTTV(0), 100);
    bench.write(r::FCRTV, 20);
    fill(18);
    bench.run_ns(9000);
    ASSERT_EQ(bench.observer.frames_sent.size(), 3u) << "every 80 quanta, in 10 µs";
    for (unsigned n = 1; n < 3; ++n)
        EXPECT_EQ(bench.observer.frames_sent[n].first_ps - bench.observer.frames_sent[n - 1].first_ps, 80 * kQuantumPs);
}

TEST_F(NicWatermark, PauseFramesGoAlsoWhileThisSideIsPaused) {
    bench.write(r::MFLCN, r::MFLCN_RFCE.of(1) | r::MFLCN_DPF.of(1));
    bench.arrive(pause(0xFFFF));
    fill(18);
    EXPECT_EQ(bench.sink.frames.size(), 1u);
}

TEST_F(NicWatermark, NothingGoesWhileItIsOff) {
    bench.write(r::FCCFG, 0);
    fill(18);
    EXPECT_TRUE(bench.sink.frames.empty());
    bench.write(r::FCCFG, r::FCCFG_TFCE.of(1));
    bench.write(r::FCRTH(0), 0x400);
    fill(1);
    EXPECT_TRUE(bench.sink.frames.empty());
}

}  // namespace
}  // namespace turnpike
