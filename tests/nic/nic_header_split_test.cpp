// SPDX-License-Identifier: Apache-2.0
// Header split in the cases of the 82599 data sheet's table (7.1.10).
#include <gtest/gtest.h>

#include "tests/nic/packets.h"

namespace turnpike {
namespace {

constexpr std::uint64_t kHeaders = 0x700000;
constexpr std::uint64_t kTcpSplit = 1 << 4, kUdpSplit = 1 << 5, kIpv4Split = 1 << 8, kIpv6Split = 1 << 9;
constexpr std::uint64_t kL2Split = 1 << 12;

struct SplitCase {
    const char* name;
    unsigned type;        ///< SRRCTL.DESCTYPE
    unsigned units;       ///< SRRCTL.BSIZEHEADER, 64 bytes each
    std::uint64_t split;  ///< PSRTYPE
    PacketSpec packet;
    unsigned found, overflow, told;  ///< SPH, HBO, HDR_LEN
    std::size_t in_header;           ///< bytes in the header buffer
};
void PrintTo(const SplitCase& value, std::ostream* out) { *out << value.name; }

class NicHeaderSplit : public testing::TestWithParam<SplitCase> {};

TEST_P(NicHeaderSplit, FollowsTheTable) {
    const SplitCase& now = GetParam();
    Bench bench;
    bench.start_rx(8, 0);
    bench.memory.set_quadword(Bench::kRxRing + 8, kHeaders);
    bench.write(r::SRRCTL(0),
                r::SRRCTL_BSIZEPACKET.of(2) | r::SRRCTL_BSIZEHEADER.of(now.units) | r::SRRCTL_DESCTYPE.of(now.type));
    bench.write(r::PSRTYPE(0), now.split);
    bench.write(r::RDT(0), 7);
    const Frame frame = packet_frame(now.packet);
    bench.arrive(frame);
    bench.run_ns(5000);
    EXPECT_EQ(bench.rx_descriptor(0, r::RX_WB_DD), 1u);
    EXPECT_EQ(bench.rx_descriptor(0, r::RX_WB_EOP), 1u);
    EXPECT_EQ(bench.rx_descriptor(0, r::RX_WB_SPH), now.found);
    EXPECT_EQ(bench.rx_descriptor(0, r::RX_WB_HBO), now.overflow);
    EXPECT_EQ(bench.rx_descriptor(0, r::RX_WB_HDR_LEN), now.told);
    const std::size_t rest = frame.bytes.size() - now.in_header;
    EXPECT_EQ(bench.rx_descriptor(0, r::RX_WB_LENGTH), rest);
    std::vector<std::uint8_t> got(bench.memory.bytes.begin() + kHeaders,
                                  bench.memory.bytes.begin() + kHeaders + static_cast<std::ptrdiff_t>(now.in_header));
    const auto payload = bench.rx_buffer(0, rest);
    got.insert(got.end(), payload.begin(), payload.end());
    EXPECT_EQ(got, frame.bytes);
}

const PacketSpec kUdp100{.payload = 100};                                            // 14 + 20 + 8 + 100
const PacketSpec kTcpOptions{.protocol = kTcp, .payload = 100, .option_words = 10};  // 14 + 60 + 20 + 100
const PacketSpec kUdp6{.v6 = true, .payload = 100};                                  // 14 + 40 + 8 + 100
const PacketSpec kUdp6Hop{.v6 = true, .payload = 100, .extensions = {17, 0, 1, 4, 0, 0, 0, 0}, .next = 0};

INSTANTIATE_TEST_SUITE_P(
    Split, NicHeaderSplit,
    testing::Values(SplitCase{"udp", 2, 2, kUdpSplit | kIpv4Split | kL2Split, kUdp100, 1, 0, 42, 42},
                    SplitCase{"ipv4_only", 2, 2, kIpv4Split, kUdp100, 1, 0, 34, 34},
                    SplitCase{"link_only", 2, 2, kL2Split, kUdp100, 1, 0, 14, 14},
                    SplitCase{"link_with_tag", 2, 2, kL2Split, {.tag = 7, .payload = 100}, 1, 0, 18, 18},
                    SplitCase{"tcp_with_options", 2, 2, kTcpSplit, kTcpOptions, 1, 0, 94, 94},
                    SplitCase{"another_protocol", 2, 2, kTcpSplit, kUdp100, 0, 0, 0, 0},
                    SplitCase{
                        "fragment", 2, 2, kUdpSplit | kIpv4Split, {.payload = 100, .fragment = 0x2000}, 1, 0, 34, 34},
                    SplitCase{"udp_over_ipv6", 2, 2, kUdpSplit, kUdp6, 1, 0, 62, 62},
                    SplitCase{"ipv6_with_extension", 2, 2, kIpv6Split, kUdp6Hop, 1, 0, 62, 62},
                    SplitCase{"udp_behind_extension", 2, 2, kUdpSplit, kUdp6Hop, 1, 0, 70, 70},
                    SplitCase{"too_large", 2, 1, kTcpSplit, kTcpOptions, 1, 1, 94, 0}));
INSTANTIATE_TEST_SUITE_P(AlwaysHeader, NicHeaderSplit,
                         testing::Values(SplitCase{"all_fits", 5, 3, kUdpSplit, kUdp100, 0, 0, 142, 142},
                                         SplitCase{"nothing_found", 5, 1, kTcpSplit, kUdp100, 0, 0, 64, 64},
                                         SplitCase{"found", 5, 1, kUdpSplit, kUdp100, 1, 0, 42, 42},
                                         SplitCase{"too_large", 5, 1, kTcpSplit, kTcpOptions, 1, 1, 94, 64}));

TEST(NicHeaderSplitBuffers, OnlyTheFirstDescriptorOfAFrameHasTheHeader) {
    Bench bench;
    bench.set(r::HLREG0, r::HLREG0_JUMBOEN.of(1));
    bench.write(r::MAXFRS, r::MAXFRS_MFS.of(9018));
    bench.start_rx(8, 0);
    bench.memory.set_quadword(Bench::kRxRing + 8, kHeaders);
    bench.write(r::SRRCTL(0), r::SRRCTL_BSIZEPACKET.of(2) | r::SRRCTL_BSIZEHEADER.of(2) | r::SRRCTL_DESCTYPE.of(2));
    bench.write(r::PSRTYPE(0), kUdpSplit);
    bench.write(r::RDT(0), 7);
    bench.arrive(packet_frame({.payload = 5000}));
    bench.run_ns(5000);
    const std::uint64_t lengths[] = {2048, 2048, 904};
    for (unsigned n = 0; n < 3; ++n) {
        EXPECT_EQ(bench.rx_descriptor(n, r::RX_WB_SPH), n == 0 ? 1u : 0u) << n;
        EXPECT_EQ(bench.rx_descriptor(n, r::RX_WB_HDR_LEN), n == 0 ? 42u : 0u) << n;
        EXPECT_EQ(bench.rx_descriptor(n, r::RX_WB_LENGTH), lengths[n]) << n;
        EXPECT_EQ(bench.rx_descriptor(n, r::RX_WB_EOP), n == 2 ? 1u : 0u) << n;
    }
}

}  // namespace
}  // namespace turnpike
