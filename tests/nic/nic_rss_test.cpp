// SPDX-License-Identifier: Apache-2.0
// RSS against the vectors that Microsoft publishes ("Verifying the RSS hash calculation").
#include <gtest/gtest.h>

#include <cstring>

#include "tests/nic/bench.h"

namespace turnpike {
namespace {

constexpr std::uint8_t kKey[40] = {0x6d, 0x5a, 0x56, 0xda, 0x25, 0x5b, 0x0e, 0xc2, 0x41, 0x67, 0x25, 0x3d, 0x43, 0xa3,
                                   0x8f, 0xb0, 0xd0, 0xca, 0x2b, 0xcb, 0xae, 0x7b, 0x30, 0xb4, 0x77, 0xcb, 0x2d, 0xa3,
                                   0x80, 0x30, 0xf2, 0x0c, 0x6a, 0x42, 0xb7, 0x3b, 0xbe, 0xac, 0x01, 0xfa};

struct Vector {
    std::array<std::uint8_t, 4> source, destination;
    unsigned source_port, destination_port;
    std::uint32_t ipv4, tcp;
};
constexpr Vector kVectors[] = {
    {{66, 9, 149, 187}, {161, 142, 100, 80}, 2794, 1766, 0x323e8fc2, 0x51ccc178},
    {{199, 92, 111, 2}, {65, 69, 140, 83}, 14230, 4739, 0xd718262a, 0xc626b0ea},
    {{24, 19, 198, 95}, {12, 22, 207, 184}, 12898, 38024, 0xd2d0a5de, 0x5c2b394a},
    {{38, 27, 205, 30}, {209, 142, 163, 6}, 48228, 2217, 0x82989176, 0xafc7327f},
    {{153, 39, 163, 191}, {202, 188, 127, 2}, 44251, 1303, 0x5d1809c5, 0x10e828a2},
};

Frame tcp_frame(const Vector& vector) {
    Frame frame = make_frame(0, 60);
    const std::uint8_t header[] = {0x08, 0x00, 0x45, 0, 0, 46, 0, 0, 0, 0, 64, 6, 0, 0};
    std::copy(std::begin(header), std::end(header), frame.bytes.begin() + 12);
    std::copy(vector.source.begin(), vector.source.end(), frame.bytes.begin() + 26);
    std::copy(vector.destination.begin(), vector.destination.end(), frame.bytes.begin() + 30);
    for (unsigned n = 0; n < 2; ++n) {
        frame.bytes[34 + n] = static_cast<std::uint8_t>(vector.source_port >> (8 - 8 * n));
        frame.bytes[36 + n] = static_cast<std::uint8_t>(vector.destination_port >> (8 - 8 * n));
    }
    return frame;
}

void start(Bench& bench, std::uint64_t functions) {
    for (unsigned n = 0; n < r::RSSRK_COUNT; ++n) {
        std::uint32_t word = 0;
        std::memcpy(&word, kKey + n * 4, sizeof word);
        bench.write(r::RSSRK(n), word);
    }
    bench.write(r::RXCSUM, r::RXCSUM_PCSD.of(1));
    bench.write(r::MRQC, r::MRQC_MRQE.of(1) | functions);
    bench.start_rx(8, 7);
    bench.run_ns(1000);
}

TEST(NicRss, HashesOfIpv4AndTcpEqualThePublishedVectors) {  // 7.1.2.8.1, table 7-11
    Bench bench;
    start(bench, r::MRQC_TCP_IPV4.of(1));
    for (unsigned n = 0; n < std::size(kVectors); ++n) {
        bench.arrive(tcp_frame(kVectors[n]));
        bench.run_ns(2000);
        EXPECT_EQ(bench.rx_descriptor(n, r::RX_WB_RSS_HASH), kVectors[n].tcp) << n;
        EXPECT_EQ(bench.rx_descriptor(n, r::RX_WB_RSS_TYPE), 1u);
    }
}

TEST(NicRss, HashesOfIpv4AloneEqualThePublishedVectors) {
    Bench bench;
    start(bench, r::MRQC_IPV4.of(1));
    for (unsigned n = 0; n < std::size(kVectors); ++n) {
        bench.arrive(tcp_frame(kVectors[n]));
        bench.run_ns(2000);
        EXPECT_EQ(bench.rx_descriptor(n, r::RX_WB_RSS_HASH), kVectors[n].ipv4) << n;
        EXPECT_EQ(bench.rx_descriptor(n, r::RX_WB_RSS_TYPE), 2u);
    }
}

TEST(NicRss, TheRedirectionTableNamesTheQueue) {  // 8.2.3.7.15
    Bench bench;
    start(bench, r::MRQC_IPV4.of(1));
    const std::uint32_t entry = kVectors[0].ipv4 & 0x7F;
    bench.write(r::RETA(entry / 4), 5U << (entry % 4 * 8));
    bench.arrive(tcp_frame(kVectors[0]));
    bench.run_ns(2000);
    EXPECT_EQ(bench.observer.drops.at(0), regs::Fate::rx_disabled) << "queue 5 is off";
    EXPECT_EQ(bench.rx_descriptor(0, r::RX_WB_DD), 0u);
}

TEST(NicTxOffload, SegmentationCutsThePayloadAndRepeatsTheHeaders) {  // 7.2.4
    Bench bench;
    bench.start_tx(8);
    constexpr std::size_t kHeaders = 54, kPayload = 2500, kMss = 1000;
    std::vector<std::uint8_t> packet(kHeaders + kPayload);
    packet[12] = 0x08, packet[14] = 0x45, packet[23] = 6, packet[46] = 0x50, packet[47] = 0x19;  // FIN, PSH, ACK
    packet[19] = 7;                                                                              // identification
    for (std::size_t i = kHeaders; i < packet.size(); ++i) packet[i] = static_cast<std::uint8_t>(i * 3);
    std::uint64_t context[2] = {0, 0};
    r::TX_CONTEXT_MACLEN.put(context, 14), r::TX_CONTEXT_IPLEN.put(context, 20), r::TX_CONTEXT_L4LEN.put(context, 20);
    r::TX_CONTEXT_MSS.put(context, kMss), r::TX_CONTEXT_L4T.put(context, r::kContextTcp);
    r::TX_CONTEXT_IPV4.put(context, 1), r::TX_CONTEXT_DEXT.put(context, 1);
    r::TX_CONTEXT_DTYP.put(context, r::kDescriptorTypeContext);
    bench.memory.set_quadword(Bench::kTxRing, context[0]);
    bench.memory.set_quadword(Bench::kTxRing + 8, context[1]);
    bench.put_tx(1, packet);
    std::uint64_t words[2] = {0, bench.memory.quadword(Bench::kTxRing + 24)};
    r::TX_READ_TSE.put(words, 1), r::TX_READ_IXSM.put(words, 1), r::TX_READ_TXSM.put(words, 1);
    bench.memory.set_quadword(Bench::kTxRing + 24, words[1]);
    bench.write(r::TDT(0), 2);
    bench.run_ns(20'000);
    ASSERT_EQ(bench.sink.frames.size(), 3u);
    std::vector<std::uint8_t> joined;
    for (unsigned n = 0; n < 3; ++n) {
        const auto& bytes = bench.sink.frames[n].bytes;
        const std::size_t data = n < 2 ? kMss : 500;
        ASSERT_EQ(bytes.size(), kHeaders + data);
        EXPECT_EQ(bytes[16] << 8 | bytes[17], static_cast<int>(40 + data)) << "total length";
        EXPECT_EQ(bytes[19], 7 + n) << "identification";
        EXPECT_EQ(bytes[40] << 8 | bytes[41], static_cast<int>(n * kMss)) << "sequence";
        EXPECT_EQ(bytes[47], n < 2 ? 0x10 : 0x19) << "FIN and PSH are the last one's";
        std::uint32_t sum = 0;  // RFC 791 3.1
        for (unsigned i = 14; i < 34; i += 2) sum += static_cast<std::uint32_t>(bytes[i] << 8 | bytes[i + 1]);
        EXPECT_EQ((sum & 0xFFFF) + (sum >> 16), 0xFFFFu) << "header checksum";
        joined.insert(joined.end(), bytes.begin() + kHeaders, bytes.end());
    }
    EXPECT_TRUE(std::equal(joined.begin(), joined.end(), packet.begin() + kHeaders));
}

}  // namespace
}  // namespace turnpike
