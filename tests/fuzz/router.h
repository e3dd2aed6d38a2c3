// SPDX-License-Identifier: Apache-2.0
// The stack between two ports, fed from a fuzzer's bytes. The router is booted once and keeps what it learns from input
// to input; after each, enough time passes for everything that waits (reassembly, addresses, retries) to end, and no
// packet may be left over.
#pragma once
#include <algorithm>
#include <cstdlib>
#include <cstring>
#include <vector>

#include "sw/hal/native/test_machine.h"
#include "sw/kernel/netdevice.h"
#include "sw/net/ip.h"
#include "sw/net/net.h"
#include "sw/wire/checksum.h"
#include "sw/wire/ethernet.h"
#include "sw/wire/ipv4.h"

namespace fw::fuzz {

using Bytes = std::vector<u8>;
namespace rc = regs::config;

constexpr u32 kPorts = 2, kFirstPort = 2;
constexpr u64 kSettleUs = 120'000'000;  ///< longer than the reassembly timer (30 s) and a neighbour's retries
constexpr u32 kMostPacket = 1500;

inline NetdevTx swallow(sk_buff* skb, net_device*) {
    consume_skb(skb);
    return NETDEV_TX_OK;
}
inline constexpr net_device_ops kSwallow = {nullptr, nullptr, swallow, nullptr};

inline net_device* port(u32 number) {
    static net_device devices[kPorts];
    return &devices[number % kPorts];
}

/// 10.0.0.1/24 and 10.0.1.1/24, forwarding, source routes and redirects on.
inline void boot_once() {
    static bool booted = false;
    if (booted) return;
    booted = true;
    native::boot();
    for (u32 n = 0; n < kPorts; ++n) {
        net_device* dev = port(n);
        std::memcpy(dev->name, "eth0", 5);
        dev->name[3] = static_cast<char>('0' + n);
        dev->ifindex = kFirstPort + n;
        dev->mtu = dev->max_mtu = kMostPacket;
        dev->hard_header_len = wire::kEthHeaderBytes;
        dev->dev_addr[0] = 2;
        dev->dev_addr[5] = static_cast<u8>(n + 1);
        dev->ops = &kSwallow;
        register_netdevice(dev);
        inet_link_set({dev->ifindex, 0, rc::IFF_UP, rc::IFF_UP, 0, {}});
        inet_addr_add({dev->ifindex, 0x0A000001 | n << 8, 0, 0, 24, 0});
    }
    inet_sysctl({static_cast<u32>(rc::SysctlId::ip_forward), 0, 1});
    inet_sysctl({static_cast<u32>(rc::SysctlId::accept_source_route), rc::SYSCTL_ALL, 1});
}

/// The fuzzer's bytes, taken one after the other; zeros when they have run out.
class Feed {
  public:
    Feed(const u8* data, std::size_t size) : at_(data), end_(data + size) {}
    bool done() const { return at_ == end_; }
    u8 take() { return done() ? u8{0} : *at_++; }
    u16 take16() { return static_cast<u16>(take() << 8 | take()); }
    Bytes take(std::size_t bytes) {
        bytes = std::min(bytes, static_cast<std::size_t>(end_ - at_));
        Bytes out(at_, at_ + bytes);
        at_ += bytes;
        return out;
    }

  private:
    const u8* at_;
    const u8* end_;
};

/// Times between two packets that bring something about: none, a jiffy, a retry, the reassembly timer.
inline void pass_time(u8 choice) {
    constexpr u64 kUs[] = {0, 1'000, 1'100'000, 31'000'000};
    if (kUs[choice & 3] != 0) native::advance(kUs[choice & 3]);
}

inline void receive(u32 number, u16 ethertype, bool broadcast, const Bytes& payload) {
    sk_buff* skb = alloc_skb();
    if (!skb) std::abort();
    net_device* dev = port(number);
    u8* header = skb_put(skb, wire::kEthHeaderBytes);
    const u8 all[6] = {0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF}, from[6] = {2, 0, 0, 0, 9, 9};
    std::memcpy(header, broadcast ? all : dev->dev_addr, 6);
    std::memcpy(header + 6, from, 6);
    header[12] = static_cast<u8>(ethertype >> 8);
    header[13] = static_cast<u8>(ethertype);
    const u32 bytes = std::min(static_cast<u32>(payload.size()), kMostPacket);
    if (bytes != 0) std::memcpy(skb_put(skb, bytes), payload.data(), bytes);
    eth_type_trans(skb, dev);
    netif_receive_skb(skb);
}

/// Total length and checksum of a packet whose header has its length.
inline void fix_ip(Bytes& packet) {
    wire::Ipv4 ip(packet.data());
    ip.set_tot_len(static_cast<u16>(packet.size()));
    wire::ip_send_check(ip);
}

/// A header without options in front of `payload`, to one of the addresses that lead to different places.
inline Bytes ip_packet(u8 protocol, u8 where, u16 frag_off, u16 id, const Bytes& payload) {
    constexpr u32 kTo[] = {0x0A000001, 0x0A000102, 0x0A0000FF, 0xE0000001,
                           0x0A000105, 0xC0A80101, 0xFFFFFFFF, 0x7F000001};
    const u32 to = kTo[where & 7];
    Bytes packet = {0x45,
                    0,
                    0,
                    0,
                    static_cast<u8>(id >> 8),
                    static_cast<u8>(id),
                    static_cast<u8>(frag_off >> 8),
                    static_cast<u8>(frag_off),
                    64,
                    protocol,
                    0,
                    0,
                    10,
                    0,
                    0,
                    2};
    for (int shift = 24; shift >= 0; shift -= 8) packet.push_back(static_cast<u8>(to >> shift));
    packet.insert(packet.end(), payload.begin(), payload.end());
    packet.resize(std::min<std::size_t>(packet.size(), kMostPacket));
    fix_ip(packet);
    return packet;
}

/// Calls `one(feed)` until the input has run out, then lets everything end.
template <typename One>
int run(const u8* data, std::size_t size, One one) {
    constexpr std::size_t kMostInput = 4096;
    if (size > kMostInput) return 0;
    boot_once();
    native::advance(kSettleUs);
    const u32 free_slots = skb_free_slots();
    for (Feed feed(data, size); !feed.done();) one(feed);
    native::advance(kSettleUs);
    if (skb_free_slots() != free_slots) std::abort();
    return 0;
}

}  // namespace fw::fuzz
