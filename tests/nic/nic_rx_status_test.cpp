// SPDX-License-Identifier: Apache-2.0
// What descriptors tell about received packets: legacy layout, fragments, IPv6 extension headers, inexact filters.
#include <gtest/gtest.h>

#include <algorithm>

#include "tests/nic/packets.h"

namespace turnpike {
namespace {

/// Legacy write-back, 7.1.5: the second quadword.
std::uint64_t legacy_word(Bench& bench, unsigned index) {
    return bench.memory.quadword(Bench::kRxRing + index * 16 + 8);
}

struct NicRxLegacy : testing::Test {
    NicRxLegacy() {
        bench.start_rx(8, 0);
        bench.write(r::SRRCTL(0), 0x402);  // the reset value: 2 KiB, legacy
        bench.write(r::RDT(0), 7);
    }
    Bench bench;
};

TEST_F(NicRxLegacy, LengthStatusAndErrorsStandInTheSecondQuadword) {
    const Frame good = packet_frame({.payload = 100});
    bench.arrive(good);
    Frame bad = packet_frame({.protocol = kTcp, .payload = 100});
    bad.bytes[24] ^= 1;  // header checksum
    bad.bytes[60] ^= 1;  // payload
    bench.arrive(bad);
    bench.run_ns(5000);
    // DD, EOP, UDPCS, L4CS, IPCS: bits 0, 1, 4, 5, 6 of the status.
    EXPECT_EQ(legacy_word(bench, 0), 142u | 0x73ULL << 32);
    // TCPE and IPE: bits 6 and 7 of the errors.
    EXPECT_EQ(legacy_word(bench, 1), 154u | 0x63ULL << 32 | 0xC0ULL << 40);
    EXPECT_EQ(bench.memory.quadword(Bench::kRxRing), Bench::kRxBuffers) << "the address stays";
    EXPECT_TRUE(std::equal(good.bytes.begin(), good.bytes.end(), bench.rx_buffer(0, 142).begin()));
}

TEST_F(NicRxLegacy, AStrippedTagStandsInTheHighestWord) {
    bench.set(r::RXDCTL(0), r::RXDCTL_VME.of(1));
    bench.arrive(packet_frame({.tag = 0x6007}));
    bench.run_ns(5000);
    EXPECT_EQ(legacy_word(bench, 0) >> 48, 0x6007u);
    EXPECT_EQ(legacy_word(bench, 0) >> 32 & 0xFF, 0x7Bu) << "with VP, bit 3";
}

TEST_F(NicRxLegacy, AFrameOverSeveralBuffersEndsInTheOneWithEop) {
    bench.set(r::HLREG0, r::HLREG0_JUMBOEN.of(1));
    bench.write(r::MAXFRS, r::MAXFRS_MFS.of(9018));
    bench.arrive(make_frame(0, 3000));
    bench.run_ns(5000);
    EXPECT_EQ(legacy_word(bench, 0), 2048u | 0x01ULL << 32);
    EXPECT_EQ(legacy_word(bench, 1), 952u | 0x03ULL << 32);
}

/// A UDP datagram in two IPv4 fragments.
std::array<Frame, 2> fragments() {
    const std::vector<std::uint8_t> whole = packet_bytes({.payload = 64});
    std::array<Frame, 2> parts;
    constexpr std::size_t kFirst = 40, kHeaders = 34;
    const std::size_t begins[] = {kHeaders, kHeaders + kFirst}, ends[] = {kHeaders + kFirst, whole.size()};
    for (unsigned n = 0; n < 2; ++n) {
        auto& bytes = parts[n].bytes;
        bytes.assign(whole.begin(), whole.begin() + kHeaders);
        bytes.insert(bytes.end(), whole.begin() + static_cast<std::ptrdiff_t>(begins[n]),
                     whole.begin() + static_cast<std::ptrdiff_t>(ends[n]));
        put_word(bytes, 16, bytes.size() - 14);
        put_word(bytes, 20, n == 0 ? 0x2000 : kFirst / 8);
        put_word(bytes, 24, 0);
        put_word(bytes, 24, 0xFFFFU & ~unsigned{plain_sum(std::span(bytes).subspan(14, 20))});
        parts[n].id = n;
        bytes.resize(std::max<std::size_t>(bytes.size(), 60));  // padding is not summed
    }
    return parts;
}

TEST(NicRxFragment, TheSumsOfUdpFragmentsAndThePseudoHeaderMakeAllOnes) {  // 7.1.13
    Bench bench;
    bench.write(r::RXCSUM, r::RXCSUM_IPPCSE.of(1));
    bench.start_rx(8, 7);
    const auto parts = fragments();
    for (const Frame& part : parts) bench.arrive(part);
    bench.run_ns(5000);
    std::uint32_t sum = plain_sum(std::span(parts[0].bytes).subspan(26, 8)) + kUdp + 72;
    for (unsigned n = 0; n < 2; ++n) {
        sum += static_cast<std::uint32_t>(bench.rx_descriptor(n, r::RX_WB_FRAGMENT_CHECKSUM));
        EXPECT_EQ(bench.rx_descriptor(n, r::RX_WB_UDPV), n == 0 ? 1u : 0u) << "the first has the datagram's checksum";
        EXPECT_EQ(bench.rx_descriptor(n, r::RX_WB_UDPCS), 1u);
        EXPECT_EQ(bench.rx_descriptor(n, r::RX_WB_L4I), 0u);
        EXPECT_EQ(bench.rx_descriptor(n, r::RX_WB_IPCS), 1u);
        EXPECT_EQ(bench.rx_descriptor(n, r::RX_WB_IPE), 0u);
        EXPECT_EQ(bench.rx_descriptor(n, r::RX_WB_IP_ID), 0x1234u);
    }
    while (sum > 0xFFFF) sum = (sum & 0xFFFF) + (sum >> 16);
    EXPECT_EQ(sum, 0xFFFFu);
}

TEST(NicRxFragment, TheHashOrNoRequestLeavesNoSum) {  // 8.2.3.7.5
    Bench bench;
    bench.start_rx(8, 7);
    const auto parts = fragments();
    bench.arrive(parts[0]);
    bench.run_ns(3000);
    EXPECT_EQ(bench.rx_descriptor(0, r::RX_WB_FRAGMENT_CHECKSUM), 0u);
    EXPECT_EQ(bench.rx_descriptor(0, r::RX_WB_UDPV), 0u);
    bench.write(r::RXCSUM, r::RXCSUM_IPPCSE.of(1) | r::RXCSUM_PCSD.of(1));
    bench.arrive(parts[0]);
    bench.run_ns(3000);
    EXPECT_EQ(bench.rx_descriptor(1, r::RX_WB_RSS_HASH), 0u) << "no RSS, and neither identification nor sum";
    EXPECT_EQ(bench.rx_descriptor(1, r::RX_WB_UDPV), 0u);
}

struct ExtensionCase {
    const char* name;
    std::uint8_t next;
    std::vector<std::uint8_t> bytes;
    std::uint64_t type;    ///< 7.1.6.2: IPv6 4, extensions 8, UDP 32
    std::uint64_t looked;  ///< L4I
};
void PrintTo(const ExtensionCase& value, std::ostream* out) { *out << value.name; }
class NicRxExtension : public testing::TestWithParam<ExtensionCase> {};

TEST_P(NicRxExtension, IsFollowedAsTheDataSheetSays) {  // RFC 8200 4; 7.1.11
    const ExtensionCase& now = GetParam();
    Bench bench;
    bench.start_rx(8, 7);
    bench.arrive(packet_frame({.v6 = true, .extensions = now.bytes, .next = now.next}));
    bench.run_ns(5000);
    EXPECT_EQ(bench.rx_descriptor(0, r::RX_WB_PKT_TYPE), now.type);
    EXPECT_EQ(bench.rx_descriptor(0, r::RX_WB_L4I), now.looked);
    EXPECT_EQ(bench.rx_descriptor(0, r::RX_WB_L4E), 0u);
    EXPECT_EQ(bench.rx_descriptor(0, r::RX_WB_IPCS), 0u) << "IPv6 has no header checksum";
}
INSTANTIATE_TEST_SUITE_P(Kinds, NicRxExtension,
                         testing::Values(ExtensionCase{"none", 0, {}, 0x24, 1},
                                         ExtensionCase{"hop_by_hop", 0, {17, 0, 1, 4, 0, 0, 0, 0}, 0x2C, 1},
                                         ExtensionCase{"destination_options", 60, {17, 0, 1, 4, 0, 0, 0, 0}, 0x2C, 1},
                                         ExtensionCase{
                                             "two", 0, {60, 0, 1, 4, 0, 0, 0, 0, 17, 0, 1, 4, 0, 0, 0, 0}, 0x2C, 1},
                                         ExtensionCase{"routing_done", 43, {17, 0, 0, 0, 0, 0, 0, 0}, 0x2C, 1},
                                         ExtensionCase{"routing_under_way", 43, {17, 0, 0, 1, 0, 0, 0, 0}, 0x2C, 0},
                                         ExtensionCase{"fragment", 44, {17, 0, 0, 1, 0, 0, 0, 9}, 0x0C, 0}));

TEST(NicRxInexact, PacketsThatOnlyAHashLetThroughAreMarked) {  // 7.1.6.2: PIF
    Bench bench;
    bench.start_rx(8, 7);
    constexpr std::array<std::uint8_t, 6> kGroup = {0x01, 0x00, 0x5E, 0x00, 0x00, 0x09};
    bench.write(r::MTA(4), 1U << 16);
    bench.write(r::MCSTCTRL, r::MCSTCTRL_MFE.of(1));
    bench.arrive(make_frame(0, 60, kGroup));
    bench.arrive(make_frame(1, 60));
    bench.set(r::FCTRL, r::FCTRL_MPE.of(1));
    bench.arrive(make_frame(2, 60, kGroup));
    bench.run_ns(5000);
    EXPECT_EQ(bench.rx_descriptor(0, r::RX_WB_PIF), 1u);
    EXPECT_EQ(bench.rx_descriptor(1, r::RX_WB_PIF), 0u);
    EXPECT_EQ(bench.rx_descriptor(2, r::RX_WB_PIF), 0u) << "promiscuous";
}

}  // namespace
}  // namespace turnpike
