// SPDX-License-Identifier: Apache-2.0
// Fragments to the router, and a protocol there that writes down the datagrams it is given.
#pragma once
#include "sw/net/ip_defrag.h"
#include "tests/sw/net_icmp.h"

namespace fw::test {

/// A part of a datagram's data: bytes from … to.
struct Piece {
    u32 from;
    u32 to;
    bool more;
    bool operator==(const Piece&) const = default;
};

class DefragRouter : public IcmpRouter {
  protected:
    static constexpr u8 kProtocol = 253;

    void SetUp() override {
        IcmpRouter::SetUp();
        delivered_.clear();
        probe_ = {};
        probe_.protocol = kProtocol;
        probe_.handler = take;
        ASSERT_EQ(inet_add_protocol(&probe_), 0);
    }
    void TearDown() override {
        native::advance(u64{31} * kSec);
        EXPECT_EQ(ip_frag_mem(), 0U);
        Router::TearDown();
    }

    static Bytes numbered(size_t bytes) {
        Bytes data(bytes);
        for (size_t i = 0; i < bytes; ++i) data[i] = static_cast<u8>(i * 7 + (i >> 8));
        return data;
    }
    static Bytes slice(const Bytes& data, u32 from, u32 to) { return Bytes(data.begin() + from, data.begin() + to); }

    static Header header() {
        Header header;
        header.destination = kOwn;
        return header;
    }
    static Bytes fragment(const Header& header, const Bytes& data, const Piece& piece) {
        Header own = header;
        own.frag_off = static_cast<u16>(own.frag_off | piece.from / 8 | (piece.more ? wire::IP_MF : 0));
        return ip_packet(own, slice(data, piece.from, piece.to));
    }
    static void receive_piece(const Bytes& data, const Piece& piece, const Header& header = DefragRouter::header()) {
        receive_ip(kEth0, fragment(header, data, piece));
    }
    static void receive_pieces(const std::vector<Piece>& pieces) {
        const Bytes data = numbered(128);
        for (const Piece& piece : pieces) receive_piece(data, piece);
    }
    static void expect_delivered(const Bytes& data) {
        ASSERT_EQ(delivered_.size(), 1U);
        EXPECT_EQ(delivered_[0], ip_packet(header(), data));
    }
    /// The datagram was given up with all of its `frames`.
    static void expect_discarded(u64 frames, u64 overlaps = 0) {
        EXPECT_EQ(fate(Fate::reasm_overlap), frames);
        EXPECT_EQ(counter(Snmp::IpReasmFails), 1U);
        EXPECT_EQ(counter(Snmp::IpExtReasmOverlaps), overlaps);
        EXPECT_EQ(counter(Snmp::IpReasmOKs), 0U);
        EXPECT_EQ(delivered_.size(), 0U);
        EXPECT_EQ(ip_frag_mem(), 0U);
    }

    static inline std::vector<Bytes> delivered_ = {};

  private:
    static void take(sk_buff* skb) {
        const u32 before = skb->transport_header - skb->network_header;
        Bytes packet(before + skb->len);
        skb_copy_bits(skb, -static_cast<i32>(before), packet.data(), static_cast<u32>(packet.size()));
        delivered_.push_back(packet);
        kfree_skb_reason(skb, Fate::delivered);
    }
    static inline inet_protocol probe_ = {};
};

}  // namespace fw::test
