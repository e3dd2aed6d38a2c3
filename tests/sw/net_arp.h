// SPDX-License-Identifier: Apache-2.0
// ARP messages as RFC 826 lays them out, written down octet by octet, and a router whose neighbours must be asked for.
#pragma once
#include "sw/kernel/time.h"
#include "sw/net/pneigh.h"
#include "tests/sw/net_router.h"

namespace fw::test {

using Mac = std::array<u8, 6>;
inline constexpr Mac kBroadcast = {0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF};
inline constexpr Mac kHostMac = {2, 0, 0, 0x0B, 1, 9};
inline constexpr Mac kOtherMac = {2, 0, 0, 0x0B, 1, 0xEE};
inline constexpr u64 kSecond = 1'000'000;

inline Mac own_mac(u32 ifindex) {
    Mac mac;
    std::copy_n(port(ifindex)->dev_addr, 6, mac.begin());
    return mac;
}

struct ArpMessage {
    Mac to = kBroadcast;
    Mac from = kHostMac;
    u16 hardware = 1;
    u16 protocol = 0x0800;
    u8 hardware_bytes = 6;
    u8 protocol_bytes = 4;
    u16 op = 1;
    Mac sha = kHostMac;
    u32 sip = ip4(10, 0, 1, 9);
    Mac tha = {};
    u32 tip = ip4(10, 0, 1, 1);
};

inline Bytes arp_frame(const ArpMessage& m) {
    Bytes frame(42);
    const auto put_mac = [&](size_t at, const Mac& mac) { std::memcpy(&frame[at], mac.data(), mac.size()); };
    put_mac(0, m.to);
    put_mac(6, m.from);
    wire::put16(&frame[12], 0x0806);
    wire::put16(&frame[14], m.hardware);
    wire::put16(&frame[16], m.protocol);
    frame[18] = m.hardware_bytes;
    frame[19] = m.protocol_bytes;
    wire::put16(&frame[20], m.op);
    put_mac(22, m.sha);
    wire::put32(&frame[28], m.sip);
    put_mac(32, m.tha);
    wire::put32(&frame[38], m.tip);
    return frame;
}

/// eth0 10.0.0.1/24, eth1 10.0.1.1/24, eth0's host 10.0.0.2 permanent, eth1's 10.0.1.9 to be asked for.
class ArpRouter : public Router {
  protected:
    static constexpr u32 kHost = ip4(10, 0, 1, 9), kOwn = ip4(10, 0, 1, 1);

    void SetUp() override {
        Router::SetUp();
        configure();
        native::advance(10 * kSecond);  // entries made from now on are not at the edge of time
    }

    void TearDown() override {
        link_down(kEth0);
        link_down(kEth1);
        link_down(kEth2);
        native::advance(0);
        Router::TearDown();
    }

    /// A packet from eth0's host to eth1's.
    static void forward(u8 tag = 0, u32 destination = kHost) {
        Header header;
        header.destination = destination;
        receive_ip(kEth0, ip_packet(header, {tag}));
    }

    static Bytes request(u32 target = kHost, u32 source = kOwn, const Mac& to = kBroadcast, u32 ifindex = kEth1) {
        return arp_frame({to, own_mac(ifindex), 1, 0x0800, 6, 4, 1, own_mac(ifindex), source, {}, target});
    }

    static ArpMessage reply_message(const Mac& mac = kHostMac) {
        ArpMessage m;
        m.to = own_mac(kEth1);
        m.from = m.sha = mac;
        m.op = 2;
        m.tha = own_mac(kEth1);
        return m;
    }
    static void reply(const Mac& mac = kHostMac) { receive(kEth1, arp_frame(reply_message(mac))); }

    static Bytes answer(const ArpMessage& asked, u32 ifindex = kEth1) {
        return arp_frame(
            {asked.sha, own_mac(ifindex), 1, 0x0800, 6, 4, 2, own_mac(ifindex), asked.tip, asked.sha, asked.sip});
    }

    static u16 state(u32 address = kHost, u32 ifindex = kEth1) {
        const neighbour* neigh = __ipv4_neigh_lookup_noref(address, port(ifindex));
        return neigh ? neigh->nud_state : 0xFFFF;
    }
    static Mac mac_of(u32 address = kHost) {
        Mac mac = {};
        const neighbour* neigh = __ipv4_neigh_lookup_noref(address, port(kEth1));
        if (neigh) std::copy_n(neigh_ha(neigh), 6, mac.begin());
        return mac;
    }
    static constexpr u16 kNone = 0xFFFF;

    static std::vector<Sent> take_sent() { return std::exchange(sent_frames(), {}); }
    /// Exactly this left eth1.
    static void expect_sent(const std::vector<Bytes>& frames, u32 ifindex = kEth1) {
        const auto got = take_sent();
        ASSERT_EQ(got.size(), frames.size());
        for (size_t i = 0; i < frames.size(); ++i) EXPECT_EQ(got[i], (Sent{ifindex, frames[i]})) << i;
    }

    /// The entry is reachable since now.
    static void make_reachable() {
        forward();
        reply();
        ASSERT_EQ(state(), rc::NUD_REACHABLE);
        take_sent();
    }
    static int neigh_state(u32 address, u16 state, bool create, bool replace, const Mac* mac, u32 ifindex = kEth1) {
        rc::NeighAdd message{ifindex, address, {}, state, replace, create, mac != nullptr, 0};
        if (mac) std::copy(mac->begin(), mac->end(), message.mac);
        return inet_neigh_add(message);
    }
};

}  // namespace fw::test
