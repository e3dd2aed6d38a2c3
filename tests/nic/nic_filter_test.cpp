// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <ostream>

#include "models/nic/rx/packet.h"
#include "tests/nic/bench.h"

namespace turnpike {
namespace {

using regs::Fate;
using Mac = std::array<std::uint8_t, 6>;

constexpr Mac kOther = {2, 0, 0, 0, 0, 2};
constexpr Mac kGroup = {0x01, 0x00, 0x5E, 0x00, 0x00, 0x09};  // 224.0.0.9, RFC 1112 6.4

/// Whether a frame to `to` passes.
bool passes(Bench& bench, Mac to) {
    static FrameId next = 0;
    const FrameId id = next++;
    bench.arrive(make_frame(id, 60, to));
    bench.run_ns(10'000);
    const auto drop = bench.observer.drops.find(id);
    if (drop != bench.observer.drops.end()) {
        EXPECT_EQ(drop->second, Fate::rx_filtered);
    }
    return drop == bench.observer.drops.end();
}

TEST(NicFilter, OnlyTheStationAddressPassesByDefault) {
    Bench bench;
    bench.start_rx(64, 63);
    bench.write(r::FCTRL, 0);
    EXPECT_TRUE(passes(bench, kPortMac));
    EXPECT_FALSE(passes(bench, kOther));
    EXPECT_FALSE(passes(bench, kGroup));
    EXPECT_FALSE(passes(bench, kBroadcast));
}

TEST(NicFilter, SwitchedOffItTakesFramesForAnybody) {
    regs::params::nic params;
    params.rx_filter = "off";
    Bench bench(params);
    bench.start_rx(8, 7);
    bench.write(r::FCTRL, 0);
    for (const Mac& to : {kPortMac, kOther, kGroup, kBroadcast}) EXPECT_TRUE(passes(bench, to));
    EXPECT_EQ(bench.read(r::GPRC), 4u);
}

TEST(NicFilter, AFrameForAnotherMacIsFilteredAndNotCountedAsGood) {
    Bench bench;
    bench.start_rx(8, 7);
    EXPECT_FALSE(passes(bench, kOther));
    EXPECT_EQ(bench.read(r::TPR), 1u);
    EXPECT_EQ(bench.read(r::GPRC), 0u);
}

TEST(NicFilter, ASecondAddressPassesWhileItIsValid) {
    Bench bench;
    bench.start_rx(8, 7);
    bench.write(r::RAL(5), 0x00000002);
    bench.write(r::RAH(5), 0x80000200);
    EXPECT_TRUE(passes(bench, kOther));
    bench.write(r::RAH(5), 0x00000200);
    EXPECT_FALSE(passes(bench, kOther));
}

TEST(NicFilter, BroadcastNeedsBam) {
    Bench bench;
    bench.start_rx(8, 7);
    bench.write(r::FCTRL, r::FCTRL_UPE.of(1) | r::FCTRL_MPE.of(1));
    EXPECT_FALSE(passes(bench, kBroadcast));
    bench.write(r::FCTRL, r::FCTRL_BAM.of(1));
    EXPECT_TRUE(passes(bench, kBroadcast));
    EXPECT_EQ(bench.read(r::BPRC), 1u);
    EXPECT_EQ(bench.read(r::MPRC), 0u);
}

TEST(NicFilter, PromiscuousUnicastTakesOnlyUnicast) {
    Bench bench;
    bench.start_rx(8, 7);
    bench.write(r::FCTRL, r::FCTRL_UPE.of(1));
    EXPECT_TRUE(passes(bench, kOther));
    EXPECT_FALSE(passes(bench, kGroup));
}

TEST(NicFilter, PromiscuousMulticastTakesOnlyMulticast) {
    Bench bench;
    bench.start_rx(8, 7);
    bench.write(r::FCTRL, r::FCTRL_MPE.of(1));
    EXPECT_TRUE(passes(bench, kGroup));
    EXPECT_FALSE(passes(bench, kOther));
    EXPECT_EQ(bench.read(r::MPRC), 1u);
}

/// 01:00:5e:00:00:09 has the last two bytes 00 09: with MO = 0, bits [47:36] are 0x090, word 4 bit 16; MO = 1,
/// [46:35]: 0x120, word 9 bit 0; MO = 2, [45:34]: 0x240, word 18 bit 0; MO = 3, [43:32]: 0x900, word 72 bit 0.
struct HashPlace {
    unsigned offset, word, bit;
};
/// For the test's name.
void PrintTo(const HashPlace& value, std::ostream* out) { *out << "offset " << value.offset; }
class NicMulticastHash : public testing::TestWithParam<HashPlace> {};

TEST_P(NicMulticastHash, PassesExactlyWhenTheTableHasItsBit) {
    const HashPlace place = GetParam();
    Bench bench;
    bench.start_rx(8, 7);
    bench.write(r::MTA(place.word), 1U << place.bit);
    bench.write(r::MCSTCTRL, place.offset);
    EXPECT_FALSE(passes(bench, kGroup)) << "the filter is off";
    bench.write(r::MCSTCTRL, r::MCSTCTRL_MFE.of(1) | place.offset);
    EXPECT_TRUE(passes(bench, kGroup));
    bench.write(r::MTA(place.word), ~(1U << place.bit));
    EXPECT_FALSE(passes(bench, kGroup));
}
INSTANTIATE_TEST_SUITE_P(AllOffsets, NicMulticastHash,
                         testing::Values(HashPlace{0, 4, 16}, HashPlace{1, 9, 0}, HashPlace{2, 18, 0},
                                         HashPlace{3, 72, 0}));

/// Ethernet II with an IPv4 header of RFC 791.
std::vector<std::uint8_t> ipv4_frame(std::uint8_t version_ihl, std::uint16_t fragment, std::uint8_t protocol) {
    std::vector<std::uint8_t> frame(60);
    frame[12] = 0x08;
    frame[14] = version_ihl;
    frame[20] = static_cast<std::uint8_t>(fragment >> 8);
    frame[21] = static_cast<std::uint8_t>(fragment);
    frame[23] = protocol;
    return frame;
}

TEST(NicPacketType, NamesNetworkAndTransport) {
    EXPECT_EQ(nic::parse(ipv4_frame(0x45, 0x4000, 6)).type, 0x11);
    EXPECT_EQ(nic::parse(ipv4_frame(0x45, 0, 17)).type, 0x21);
    EXPECT_EQ(nic::parse(ipv4_frame(0x45, 0, 1)).type, 0x01);
    EXPECT_EQ(nic::parse(ipv4_frame(0x46, 0, 6)).type, 0x13);
    EXPECT_EQ(nic::parse(ipv4_frame(0x65, 0, 6)).type, 0) << "not version 4";
    EXPECT_EQ(nic::parse(make_frame(0, 60).bytes).type, 0) << "not IP";
}

TEST(NicPacketType, FragmentsHaveNoTransport) {
    EXPECT_EQ(nic::parse(ipv4_frame(0x45, 0x2000, 17)).type, 0x01);
    EXPECT_EQ(nic::parse(ipv4_frame(0x45, 0x00B9, 17)).type, 0x01);
}

TEST(NicPacketType, LooksBehindAVlanTag) {
    std::vector<std::uint8_t> frame = ipv4_frame(0x45, 0, 17);
    frame.insert(frame.begin() + 12, {0x81, 0x00, 0x00, 0x07});
    EXPECT_EQ(nic::parse(frame).type, 0x21);
}

}  // namespace
}  // namespace turnpike
