// SPDX-License-Identifier: Apache-2.0
#include "cli/diff/packet.h"

#include <gtest/gtest.h>

#include "tests/linux/frames.h"

namespace turnpike::diff {
namespace {

std::string_view name_at(const TestFrame& frame, std::size_t offset) { return field_at(decode_fields(frame), offset); }

TEST(Packet, EveryByteOfAUdpFrameHasTheFieldOfItsRfc) {
    const TestFrame frame = udp_frame(1);
    EXPECT_EQ(name_at(frame, 0), "eth.dst");
    EXPECT_EQ(name_at(frame, 11), "eth.src");
    EXPECT_EQ(name_at(frame, 13), "eth.type");
    EXPECT_EQ(name_at(frame, 15), "ip.tos");
    EXPECT_EQ(name_at(frame, 17), "ip.len");
    EXPECT_EQ(name_at(frame, 20), "ip.frag");
    EXPECT_EQ(name_at(frame, 22), "ip.ttl");
    EXPECT_EQ(name_at(frame, 23), "ip.proto");
    EXPECT_EQ(name_at(frame, 25), "ip.csum");
    EXPECT_EQ(name_at(frame, 26), "ip.src");
    EXPECT_EQ(name_at(frame, 33), "ip.dst");
    EXPECT_EQ(name_at(frame, 34), "udp.srcport");
    EXPECT_EQ(name_at(frame, 41), "udp.csum");
    EXPECT_EQ(name_at(frame, 42), "payload");
    EXPECT_EQ(name_at(frame, 71), "payload");
}

TEST(Packet, IpOptionsAndPaddingAreNamed) {
    TestFrame frame = udp_frame(1, 99, 0);
    frame[14] = 0x46;  // 24 bytes of header
    frame[17] = 32;
    frame.insert(frame.begin() + 34, {0x94, 0x04, 0, 0});  // router alert, RFC 2113
    frame.resize(60);
    EXPECT_EQ(name_at(frame, 35), "ip.options");
    EXPECT_EQ(name_at(frame, 38), "udp.srcport");
    EXPECT_EQ(name_at(frame, 46), "padding");
}

TEST(Packet, ALaterFragmentHasPayloadWhereTheFirstHasPorts) {
    TestFrame frame = udp_frame(1);
    frame[21] = 0xB9;  // offset 185 * 8
    EXPECT_EQ(name_at(frame, 34), "payload");
}

TEST(Packet, TruncatedFramesAreDecodedAsFarAsTheyGo) {
    const TestFrame whole = udp_frame(1);
    for (std::size_t bytes = 0; bytes <= whole.size(); ++bytes) {
        const TestFrame cut(whole.begin(), whole.begin() + static_cast<std::ptrdiff_t>(bytes));
        std::size_t covered = 0;
        for (const Field& field : decode_fields(cut)) {
            EXPECT_EQ(field.offset, covered);
            covered += field.bytes;
        }
        EXPECT_EQ(covered, bytes);
        EXPECT_FALSE(flow_key(cut).empty());
    }
}

TEST(Packet, FlowsAreTheFiveTuple) {
    EXPECT_EQ(flow_key(udp_frame(1)), flow_key(udp_frame(2)));
    EXPECT_NE(flow_key(udp_frame(1, 99)), flow_key(udp_frame(1, 98)));
}

TEST(Packet, EchoRequestsWithDifferentIdentifiersAreDifferentFlows) {
    EXPECT_EQ(flow_key(echo_frame(7, 1)), flow_key(echo_frame(7, 2)));
    EXPECT_NE(flow_key(echo_frame(7, 1)), flow_key(echo_frame(8, 1)));
}

TEST(Packet, FragmentsOfOneDatagramAreOneFlow) {
    TestFrame first = udp_frame(500, 99);
    first[20] = 0x20;  // more fragments
    TestFrame last = udp_frame(500, 12);
    last[21] = 0xB9;
    TestFrame other = first;
    other[19] ^= 1;
    EXPECT_EQ(flow_key(first), flow_key(last));
    EXPECT_NE(flow_key(first), flow_key(other));
}

}  // namespace
}  // namespace turnpike::diff
