// SPDX-License-Identifier: Apache-2.0
// TCP segments to closed ports (RFC 9293 3.10.7.1).
#include "sw/wire/tcp.h"
#include "tests/sw/net_icmp.h"

namespace fw::test {
namespace {

struct Segment {
    u16 source = 1024;
    u16 dest = 80;
    u32 seq = 0;
    u32 ack = 0;
    u8 flags = 0;
    u16 window = 0;
    Bytes data = {};
    Bytes options = {};  ///< whole words
};

constexpr u8 kFin = 1, kSyn = 2, kRst = 4, kAck = 16;

/// RFC 9293 3.1, with the checksum over its pseudo-header.
Bytes tcp_segment(const Segment& segment, u32 saddr, u32 daddr) {
    const auto header = static_cast<std::ptrdiff_t>(20 + segment.options.size());
    Bytes bytes(20 + segment.options.size() + segment.data.size());
    wire::put16(&bytes[0], segment.source);
    wire::put16(&bytes[2], segment.dest);
    wire::put32(&bytes[4], segment.seq);
    wire::put32(&bytes[8], segment.ack);
    bytes[12] = static_cast<u8>(header / 4 << 4);
    bytes[13] = segment.flags;
    wire::put16(&bytes[14], segment.window);
    std::copy(segment.options.begin(), segment.options.end(), bytes.begin() + 20);
    std::copy(segment.data.begin(), segment.data.end(), bytes.begin() + header);
    Bytes pseudo(12);
    wire::put32(&pseudo[0], saddr);
    wire::put32(&pseudo[4], daddr);
    pseudo[9] = 6;
    wire::put16(&pseudo[10], static_cast<u16>(bytes.size()));
    pseudo.insert(pseudo.end(), bytes.begin(), bytes.end());
    wire::put16(&bytes[16], internet_checksum(pseudo.data(), pseudo.size()));
    return bytes;
}

class TcpReset : public IcmpRouter {
  protected:
    static void receive_tcp(const Segment& segment, u8 tos = 0) {
        receive_ip(kEth0,
                   ip_packet({.destination = kOwn, .tos = tos, .protocol = 6}, tcp_segment(segment, kHost, kOwn)));
    }
    /// The reset is this segment; identification 0 with DF, window 0.
    static void expect_reset(u32 seq, u32 ack, u8 flags, u8 tos = 0) {
        const Header header = {
            .source = kOwn, .destination = kHost, .tos = tos, .protocol = 6, .id = 0, .frag_off = wire::IP_DF};
        const Segment reset = {.source = 80, .dest = 1024, .seq = seq, .ack = ack, .flags = flags};
        EXPECT_EQ(answer(), ip_packet(header, tcp_segment(reset, kOwn, kHost)));
        EXPECT_EQ(counter(Snmp::TcpInSegs), 1U);
        EXPECT_EQ(counter(Snmp::TcpOutSegs), 1U);
        EXPECT_EQ(counter(Snmp::TcpOutRsts), 1U);
        EXPECT_EQ(fate(Fate::proto_unreachable), 1U);
    }
    static void expect_silence(Fate expected) {
        EXPECT_TRUE(sent().empty());
        EXPECT_EQ(counter(Snmp::TcpOutRsts), 0U);
        EXPECT_EQ(fate(expected), 1U);
    }
};

TEST_F(TcpReset, ASynIsAcknowledgedByTheReset) {
    receive_tcp({.seq = 1000, .flags = kSyn, .window = 65535});
    expect_reset(0, 1001, kRst | kAck);
}

TEST_F(TcpReset, DataAndFinAreAcknowledgedToo) {
    receive_tcp({.seq = 0xFFFFFFFF, .flags = kFin, .data = {1, 2, 3}});
    expect_reset(0, 3, kRst | kAck);
}

// RFC 2385 and 5925: who signs is answered by nobody who lacks the key.
TEST_F(TcpReset, SignedSegmentsAndOptionsThatDoNotParseAreNotAnswered) {
    Bytes md5(20), ao(20), cut(20, 1);
    md5[0] = 19, md5[1] = 18;
    ao[0] = 29, ao[1] = 16;
    cut[1] = 2, cut[2] = 20;
    unsigned segments = 0;
    for (const Bytes& options : {md5, ao, cut}) {
        receive_tcp({.flags = kSyn, .options = options});
        EXPECT_EQ(counter(Snmp::TcpInSegs), ++segments);
        EXPECT_EQ(counter(Snmp::TcpOutRsts), 0U);
    }
    EXPECT_EQ(fate(Fate::proto_unreachable), 3U);
}

TEST_F(TcpReset, OptionsBehindTheEndOfTheirListAreNotLookedAt) {
    Bytes options(24);
    options[4] = 19, options[5] = 18;
    receive_tcp({.flags = kSyn, .options = options});
    expect_reset(0, 1, kRst | kAck);
}

TEST_F(TcpReset, AnAcknowledgementSaysWhereTheResetIs) {
    receive_tcp({.seq = 5, .ack = 77777, .flags = kAck | kFin, .data = {1}});
    expect_reset(77777, 0, kRst);
}

TEST_F(TcpReset, KeepsTheTosButNotTheEcnBits) {
    receive_tcp({.seq = 1, .flags = kSyn}, 0x1F);
    expect_reset(0, 2, kRst | kAck, 0x1C);
}

TEST_F(TcpReset, AResetIsNotAnswered) {
    receive_tcp({.seq = 1, .flags = kRst});
    expect_silence(Fate::proto_unreachable);
    EXPECT_EQ(counter(Snmp::TcpInSegs), 1U);
    EXPECT_EQ(counter(Snmp::TcpInErrs), 0U);
}

TEST_F(TcpReset, AWrongChecksumIsAnErrorWithoutAnswer) {
    Bytes segment = tcp_segment({.seq = 1, .flags = kSyn}, kHost, kOwn);
    segment[17] ^= 1;
    receive_ip(kEth0, ip_packet({.destination = kOwn, .protocol = 6}, segment));
    expect_silence(Fate::bad_checksum);
    EXPECT_EQ(counter(Snmp::TcpInCsumErrors), 1U);
    EXPECT_EQ(counter(Snmp::TcpInErrs), 1U);
    EXPECT_EQ(counter(Snmp::TcpInSegs), 1U);
}

TEST_F(TcpReset, ADataOffsetBelowTheHeaderIsAnError) {
    Bytes segment = tcp_segment({.flags = kSyn}, kHost, kOwn);
    segment[12] = 0x40;
    receive_ip(kEth0, ip_packet({.destination = kOwn, .protocol = 6}, segment));
    expect_silence(Fate::bad_transport);
    EXPECT_EQ(counter(Snmp::TcpInErrs), 1U);
}

TEST_F(TcpReset, WhatIsShorterThanItsHeaderIsDroppedUncounted) {
    receive_ip(kEth0, ip_packet({.destination = kOwn, .protocol = 6}, Bytes(19)));
    expect_silence(Fate::bad_transport);
    Bytes segment = tcp_segment({.flags = kSyn}, kHost, kOwn);
    segment[12] = 0x60;
    receive_ip(kEth0, ip_packet({.destination = kOwn, .protocol = 6}, segment));
    EXPECT_EQ(fate(Fate::bad_transport), 2U);
    EXPECT_EQ(counter(Snmp::TcpInErrs), 0U);
    EXPECT_EQ(counter(Snmp::TcpInSegs), 2U);
}

TEST_F(TcpReset, BroadcastsAreNotAnswered) {
    const Bytes segment = tcp_segment({.flags = kSyn}, kHost, ip4(10, 0, 0, 255));
    const Bytes packet = ip_packet({.destination = ip4(10, 0, 0, 255), .protocol = 6}, segment);
    receive_ip(kEth0, packet);
    expect_silence(Fate::local_broadcast);
    EXPECT_EQ(counter(Snmp::TcpInSegs), 1U);
    Bytes frame = frame_for(kEth0, packet);
    std::fill_n(frame.begin(), 6, u8{0xFF});
    receive(kEth0, frame);
    expect_silence(Fate::link_broadcast);
    EXPECT_EQ(counter(Snmp::TcpInSegs), 1U);
}

}  // namespace
}  // namespace fw::test
