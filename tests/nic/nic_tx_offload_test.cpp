// SPDX-License-Identifier: Apache-2.0
// Transmit offloads (82599 data sheet 7.2.4, 7.2.5, 7.4): checksums, VLAN tags, UDP segments, legacy descriptors.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/nic/offload_check.h"
#include "tests/nic/tx_packet.h"

namespace turnpike {
namespace {

using testing::ElementsAreArray;
using Bytes = std::vector<std::uint8_t>;

/// The packet with its checksums taken out and software's pseudo header sum in their place.
Bytes unfinished(const PacketSpec& spec, std::size_t network, std::size_t transport) {
    Bytes bytes = packet_bytes(spec);
    if (!spec.v6) put_word(bytes, network + 10, 0xBEEF);  // does not count
    const std::size_t length = (spec.protocol == kTcp ? 20 : 8) + spec.payload;
    put_word(bytes, transport + (spec.protocol == kTcp ? 16 : 6),
             pseudo_sum(bytes, network, spec.v6, spec.protocol, length));
    return bytes;
}

struct ChecksumCase {
    const char* name;
    PacketSpec packet;
    ContextSpec context;
};
void PrintTo(const ChecksumCase& value, std::ostream* out) { *out << value.name; }
class NicTxChecksum : public testing::TestWithParam<ChecksumCase> {};

TEST_P(NicTxChecksum, IsInsertedAsRfc1071SaysIt) {  // 7.2.5
    const ChecksumCase& now = GetParam();
    Bench bench;
    bench.start_tx(8);
    put_tx_context(bench, 0, now.context);
    bench.put_tx(1, unfinished(now.packet, now.context.link, now.context.link + now.context.network));
    set_tx_bits(bench, 1, {r::TX_READ_IXSM, r::TX_READ_TXSM});
    bench.write(r::TDT(0), 2);
    bench.run_ns(5000);
    ASSERT_EQ(bench.sink.frames.size(), 1u);
    EXPECT_THAT(bench.sink.frames[0].bytes, ElementsAreArray(packet_bytes(now.packet)));
}
INSTANTIATE_TEST_SUITE_P(
    Protocols, NicTxChecksum,
    testing::Values(ChecksumCase{"tcp", {.protocol = kTcp}, {}}, ChecksumCase{"udp", {}, {.kind = r::kContextUdp}},
                    ChecksumCase{"odd_length", {.payload = 33}, {.kind = r::kContextUdp}},
                    ChecksumCase{"options", {.protocol = kTcp, .option_words = 3}, {.network = 32}},
                    ChecksumCase{"tagged_by_software", {.tag = 5, .protocol = kTcp}, {.link = 18}},
                    ChecksumCase{"tcp_over_ipv6", {.v6 = true, .protocol = kTcp}, {.network = 40, .v6 = true}},
                    ChecksumCase{"udp_over_ipv6", {.v6 = true}, {.network = 40, .kind = r::kContextUdp, .v6 = true}}));

TEST(NicTxVlan, TheContextsTagIsInsertedBehindTheAddresses) {  // 7.4.3, 7.2.3.2.3
    Bench bench;
    bench.start_tx(8);
    put_tx_context(bench, 0, {.vlan = 0x6123});
    const Frame frame = make_frame(0, 100);
    bench.put_tx(1, frame.bytes);
    set_tx_bits(bench, 1, {r::TX_READ_VLE});
    bench.write(r::TDT(0), 2);
    bench.run_ns(5000);
    ASSERT_EQ(bench.sink.frames.size(), 1u);
    Bytes expected(frame.bytes.begin(), frame.bytes.begin() + 12);
    expected.insert(expected.end(), {0x81, 0x00, 0x61, 0x23});
    expected.insert(expected.end(), frame.bytes.begin() + 12, frame.bytes.end());
    EXPECT_THAT(bench.sink.frames[0].bytes, ElementsAreArray(expected));
    EXPECT_EQ(bench.read(r::GOTCL), 108u) << "104 bytes and the FCS";
}

TEST(NicTxVlan, TheTagsTypeIsThatOfDmatxctl) {  // 8.2.3.9.2
    Bench bench;
    bench.start_tx(8);
    bench.write(r::DMATXCTL, r::DMATXCTL_TE.of(1) | r::DMATXCTL_VT.of(0x88A8));
    bench.put_tx(0, make_frame(0, 100).bytes);
    put_tx_context(bench, 1, {.vlan = 9, .index = 1});
    bench.put_tx(2, make_frame(0, 100).bytes);
    set_tx_bits(bench, 2, {r::TX_READ_VLE});
    const std::uint64_t at = Bench::kTxRing + 2 * 16 + 8;
    bench.memory.set_quadword(at, r::TX_READ_IDX.field.set(bench.memory.quadword(at), 1));
    bench.write(r::TDT(0), 3);
    bench.run_ns(5000);
    ASSERT_EQ(bench.sink.frames.size(), 2u);
    EXPECT_EQ(word_at(bench.sink.frames[0].bytes, 12), 0x88B5u);
    EXPECT_EQ(word_at(bench.sink.frames[1].bytes, 12), 0x88A8u);
    EXPECT_EQ(word_at(bench.sink.frames[1].bytes, 14), 9u) << "the second context's";
}

TEST(NicTxLegacy, AChecksumFromItsStartToTheEndIsPutInItsPlace) {  // 7.2.3.2.1
    Bench bench;
    bench.start_tx(8);
    const PacketSpec spec;
    Bytes bytes = packet_bytes(spec);
    put_word(bytes, 40, pseudo_sum(bytes, 14, false, kUdp, 8 + spec.payload));
    put_tx_legacy(bench, 0, bytes, {.checksum = true, .start = 34, .place = 40});
    bench.write(r::TDT(0), 1);
    bench.run_ns(5000);
    ASSERT_EQ(bench.sink.frames.size(), 1u);
    EXPECT_THAT(bench.sink.frames[0].bytes, ElementsAreArray(packet_bytes(spec)));
    EXPECT_EQ(bench.tx_descriptor(0, r::TX_WB_DD), 1u);
}

TEST(NicTxLegacy, ATagIsTheDescriptorsOwn) {
    Bench bench;
    bench.start_tx(8);
    put_tx_legacy(bench, 0, make_frame(0, 60).bytes, {.tag = true, .vlan = 0x2004});
    bench.write(r::TDT(0), 1);
    bench.run_ns(5000);
    ASSERT_EQ(bench.sink.frames.size(), 1u);
    EXPECT_EQ(word_at(bench.sink.frames[0].bytes, 12), 0x8100u);
    EXPECT_EQ(word_at(bench.sink.frames[0].bytes, 14), 0x2004u);
}

TEST(NicTxUdpSegmentation, EachSegmentHasItsLengthAndChecksum) {  // 7.2.4.7
    Bench bench;
    bench.start_tx(8);
    const PacketSpec spec{.payload = 250};
    Bytes packet = packet_bytes(spec);
    put_word(packet, 40, pseudo_sum(packet, 14, false, kUdp, 0));
    put_tx_context(bench, 0, {.transport = 8, .mss = 100, .kind = r::kContextUdp});
    bench.put_tx(1, packet);
    set_tx_bits(bench, 1, {r::TX_READ_TSE, r::TX_READ_IXSM, r::TX_READ_TXSM});
    bench.write(r::TDT(0), 2);
    bench.run_ns(5000);
    ASSERT_EQ(bench.sink.frames.size(), 3u);
    for (unsigned n = 0; n < 3; ++n) {
        const std::size_t payload = n < 2 ? 100 : 50;
        const Bytes& bytes = bench.sink.frames[n].bytes;
        EXPECT_EQ(bytes.size(), 42 + payload);
        EXPECT_EQ(word_at(bytes, 16), 28 + payload) << "total length";
        EXPECT_EQ(word_at(bytes, 18), 0x1234u + n) << "identification";
        EXPECT_EQ(word_at(bytes, 38), 8 + payload) << "UDP length";
        EXPECT_EQ(plain_sum(std::span(bytes).subspan(14, 20)), 0xFFFFu);
        EXPECT_EQ(plain_sum(std::span(bytes).subspan(34), pseudo_sum(bytes, 14, false, kUdp, 8 + payload)), 0xFFFFu);
    }
}

TEST(NicTxSegmentation, RandomPacketsReassembleToTheInput) { EXPECT_EQ(check_segmentation(150, 82599), ""); }

TEST(NicRxVerdict, AgreesWithSoftwareOnRandomFrames) { EXPECT_EQ(check_verdicts(20'000, 82599), ""); }

}  // namespace
}  // namespace turnpike
