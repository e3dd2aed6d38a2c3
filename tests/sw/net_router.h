// SPDX-License-Identifier: Apache-2.0
// The stack between three devices that write down what they are given to send.
#pragma once
#include <gtest/gtest.h>

#include <algorithm>
#include <cstring>
#include <string>
#include <vector>

#include "sw/hal/native/test_machine.h"
#include "sw/kernel/counters.h"
#include "sw/kernel/dev_mcast.h"
#include "sw/kernel/error.h"
#include "sw/kernel/netdevice.h"
#include "sw/kernel/rcu.h"
#include "sw/kernel/sysctl.h"
#include "sw/kernel/timer.h"
#include "sw/net/devinet.h"
#include "sw/net/fib.h"
#include "sw/net/icmp.h"
#include "sw/net/igmp.h"
#include "sw/net/ip.h"
#include "sw/net/ip_defrag.h"
#include "sw/net/ipmr.h"
#include "sw/net/neighbour.h"
#include "sw/net/net.h"
#include "sw/net/sock.h"
#include "sw/wire/checksum.h"

namespace fw::test {

using Bytes = std::vector<u8>;
using regs::Fate;
using regs::Snmp;
namespace rc = regs::config;

constexpr u32 ip4(u32 a, u32 b, u32 c, u32 d) { return a << 24 | b << 16 | c << 8 | d; }

inline constexpr unsigned kPorts = 3;
inline constexpr u32 kEth0 = 2, kEth1 = 3, kEth2 = 4;

/// A frame that left.
struct Sent {
    u32 ifindex;
    Bytes frame;
    bool operator==(const Sent&) const = default;
};

inline std::vector<Sent>& sent_frames() {
    static std::vector<Sent> frames;
    return frames;
}

inline NetdevTx record_xmit(sk_buff* skb, net_device* dev) {
    sent_frames().push_back({dev->ifindex, Bytes(skb->data, skb->data + skb->len)});
    consume_skb(skb);
    return NETDEV_TX_OK;
}

inline constexpr net_device_ops kRecordOps = {nullptr, nullptr, record_xmit, nullptr};

/// eth0, eth1, eth2 with the addresses of the oracle's scenarios.
inline net_device* port(u32 ifindex) {
    static net_device devices[kPorts];
    return &devices[ifindex - kEth0];
}

inline void make_ports() {
    for (u32 i = 0; i < kPorts; ++i) {
        net_device* dev = port(kEth0 + i);
        dev->name[0] = 'e', dev->name[1] = 't', dev->name[2] = 'h', dev->name[3] = static_cast<char>('0' + i);
        dev->ifindex = kEth0 + i;
        dev->hard_header_len = wire::kEthHeaderBytes;
        dev->ops = &kRecordOps;
        register_netdevice(dev);
    }
}

inline void reset_ports() {
    for (u32 i = 0; i < kPorts; ++i) {
        net_device* dev = port(kEth0 + i);
        dev_close(dev);
        dev->flags &= ~(rc::IFF_PROMISC | rc::IFF_ALLMULTI);
        dev->promiscuity = dev->allmulti = dev->gflags = 0;
        dev->mtu = dev->max_mtu = 1500;
        dev->tx_queue_len = 0;
        const u8 mac[ETH_ALEN] = {2, 0, 0, 0, static_cast<u8>(i), 1};
        std::memcpy(dev->dev_addr, mac, ETH_ALEN);
    }
}

class Router : public ::testing::Test {
  protected:
    void SetUp() override {
        static const bool booted = [] {
            native::boot();
            make_ports();
            return true;
        }();
        ASSERT_TRUE(booted);
        reset_ports();
        native::machine() = {};
        rcu_init();
        sysctl_init();
        timers_init();
        ip_route_init();
        fib_init();
        neigh_init();
        devinet_init();
        inet_protocols_init();
        ip_local_out_init();
        icmp_init();
        sockets_init();
        ip_defrag_init();
        dev_mc_init();
        igmp_init();
        ipmr_init();
        fib_trie_use_hardware(false);
        ip_checksum_use_hardware(false);
        for (nf_hook_entries& chain : nf_hooks) chain = {};
        std::memset(&turnpike_counters.cpu[0].snmp, 0, sizeof turnpike_counters.cpu[0].snmp);
        std::memset(&turnpike_counters.cpu[0].icmp_msg, 0, sizeof turnpike_counters.cpu[0].icmp_msg);
        std::memset(&turnpike_counters.cpu[0].fates, 0, sizeof turnpike_counters.cpu[0].fates);
        sent_frames().clear();
        free_slots_ = skb_free_slots();
    }

    /// Whatever happened to the packets: none is lost.
    void TearDown() override { EXPECT_EQ(skb_free_slots(), free_slots_); }

    static u64 counter(Snmp which) { return turnpike_counters.cpu[0].snmp[static_cast<unsigned>(which)]; }
    static u64 fate(Fate which) { return turnpike_counters.cpu[0].fates[static_cast<unsigned>(which)]; }
    static const std::vector<Sent>& sent() { return sent_frames(); }

    static int link_up(u32 ifindex) { return inet_link_set({ifindex, 0, rc::IFF_UP, rc::IFF_UP, 0, {}}); }
    static int link_down(u32 ifindex) { return inet_link_set({ifindex, 0, 0, rc::IFF_UP, 0, {}}); }
    static int addr_add(u32 ifindex, u32 address, u8 prefixlen) {
        return inet_addr_add({ifindex, address, 0, 0, prefixlen, 0});
    }
    static int addr_del(u32 ifindex, u32 address, u8 prefixlen) { return inet_addr_del({ifindex, address, prefixlen}); }

    /// As `ip route add` fills it in.
    static rc::RouteAdd route(u32 destination, u8 prefixlen) {
        rc::RouteAdd message;
        message.destination = destination;
        message.prefixlen = prefixlen;
        message.table = rc::RT_TABLE_MAIN;
        message.type = rc::RTN_UNICAST;
        return message;
    }
    static rc::RouteAdd via(u32 destination, u8 prefixlen, u32 gateway) {
        rc::RouteAdd message = route(destination, prefixlen);
        message.gateway = gateway;
        return message;
    }
    static rc::RouteAdd on_link(u32 destination, u8 prefixlen, u32 oif) {
        rc::RouteAdd message = route(destination, prefixlen);
        message.oif = oif;
        message.scope = rc::RT_SCOPE_LINK;
        return message;
    }
    static rc::RouteAdd special(u32 destination, u8 prefixlen, u8 type) {
        rc::RouteAdd message = route(destination, prefixlen);
        message.type = type;
        return message;
    }
    static rc::RouteDel del(u32 destination, u8 prefixlen) {
        rc::RouteDel message;
        message.destination = destination;
        message.prefixlen = prefixlen;
        message.table = rc::RT_TABLE_MAIN;
        message.scope = rc::RT_SCOPE_NOWHERE;
        return message;
    }
    static int neigh_add(u32 ifindex, u32 address, const u8 (&mac)[6], bool replace = false) {
        rc::NeighAdd message{ifindex, address, {}, rc::NUD_PERMANENT, replace, 1, 1, 0};
        std::memcpy(message.mac, mac, sizeof mac);
        return inet_neigh_add(message);
    }
    static int sysctl_write(rc::SysctlId id, u32 ifindex, i64 value) {
        return inet_sysctl({static_cast<u32>(id), ifindex, value});
    }

    /// eth0 10.0.0.1/24, eth1 10.0.1.1/24, two neighbours on each, forwarding on: the oracle's usual router.
    static void configure() {
        for (u8 n = 0; n < 2; ++n) {
            const u32 ifindex = kEth0 + n;
            ASSERT_EQ(link_up(ifindex), 0);
            ASSERT_EQ(addr_add(ifindex, ip4(10, 0, n, 1), 24), 0);
            for (u8 host = 2; host < 4; ++host) {
                const u8 mac[] = {2, 0, 0, static_cast<u8>(0x0A + n), n, host};
                ASSERT_EQ(neigh_add(ifindex, ip4(10, 0, n, host), mac), 0);
            }
        }
        ASSERT_EQ(sysctl_write(rc::SysctlId::ip_forward, 0, 1), 0);
    }

    /// A frame arrives at the device, as the driver hands it up.
    static void receive(u32 ifindex, const Bytes& frame) {
        // Tests set MTUs without inet_link_set, which tells the routes.
        for (u32 i = 0; i < kPorts; ++i) rt_dev_mtu_changed(port(kEth0 + i), 0);
        sk_buff* skb = alloc_skb();
        ASSERT_NE(skb, nullptr);
        std::memcpy(skb_put(skb, static_cast<u32>(frame.size())), frame.data(), frame.size());
        eth_type_trans(skb, port(ifindex));
        netif_receive_skb(skb);
    }

    /// An IP packet in a frame to the device's own address.
    static void receive_ip(u32 ifindex, const Bytes& packet) { receive(ifindex, frame_for(ifindex, packet)); }

    static Bytes frame_for(u32 ifindex, const Bytes& packet) {
        Bytes frame(14 + packet.size());
        const u8 rest[] = {2, 0, 0, 0x0A, 0, 2, 8, 0};
        std::memcpy(&frame[0], port(ifindex)->dev_addr, ETH_ALEN);
        std::memcpy(&frame[ETH_ALEN], rest, sizeof rest);
        std::copy(packet.begin(), packet.end(), frame.begin() + 14);
        return frame;
    }

    u32 free_slots_ = 0;
};

/// What goes into an IP header.
struct Header {
    u32 source = ip4(10, 0, 0, 2);
    u32 destination = ip4(10, 0, 1, 2);
    u8 ttl = 64;
    u8 tos = 0;
    u8 protocol = 253;  // RFC 3692: for experiments
    u16 id = 0x1234;
    u16 frag_off = 0;
    Bytes options = {};
};

/// RFC 1071, word by word as its text says; on purpose not the firmware's.
inline u16 internet_checksum(const u8* at, size_t bytes) {
    u32 sum = 0;
    for (size_t i = 0; i + 1 < bytes; i += 2) sum += static_cast<u32>(at[i] << 8 | at[i + 1]);
    if (bytes % 2 != 0) sum += static_cast<u32>(at[bytes - 1] << 8);
    while (sum >> 16) sum = (sum & 0xFFFF) + (sum >> 16);
    return static_cast<u16>(~sum);
}

inline void checksum_header(Bytes& packet) {
    const size_t bytes = static_cast<size_t>(packet[0] & 0xF) * 4;
    packet[10] = packet[11] = 0;
    const u16 sum = internet_checksum(packet.data(), bytes);
    packet[10] = static_cast<u8>(sum >> 8);
    packet[11] = static_cast<u8>(sum);
}

inline Bytes ip_packet(const Header& header, const Bytes& payload) {
    const size_t head = 20 + header.options.size();
    Bytes packet(head + payload.size());
    packet[0] = static_cast<u8>(0x40 | head / 4);
    packet[1] = header.tos;
    wire::put16(&packet[2], static_cast<u16>(packet.size()));
    wire::put16(&packet[4], header.id);
    wire::put16(&packet[6], header.frag_off);
    packet[8] = header.ttl;
    packet[9] = header.protocol;
    wire::put32(&packet[12], header.source);
    wire::put32(&packet[16], header.destination);
    std::copy(header.options.begin(), header.options.end(), packet.begin() + 20);
    std::copy(payload.begin(), payload.end(), packet.begin() + static_cast<std::ptrdiff_t>(head));
    checksum_header(packet);
    return packet;
}

}  // namespace fw::test
