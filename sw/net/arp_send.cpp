// SPDX-License-Identifier: Apache-2.0
// Questions and answers that this host sends (Linux net/ipv4/arp.c: arp_solicit, arp_send, arp_error_report).
#include "sw/net/arp.h"
#include "sw/net/devinet.h"
#include "sw/net/fib.h"
#include "sw/net/icmp.h"
#include "sw/net/ip.h"

namespace fw {

using namespace regs::config;
using namespace wire;

namespace {

constexpr u8 kBroadcastMac[ETH_ALEN] = {0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF};

void needs_no_arp(neighbour* neigh, const u8* mac) {
    neigh->nud_state = NUD_NOARP;
    neigh_set_ha(neigh, mac);
    neigh_connect(neigh);
}

/// Both are of one subnet of the device.
bool inet_addr_onlink(const net_device* dev, u32 a, u32 b) {
    for (const in_ifaddr* ifa = inet_ifa_list(dev); ifa; ifa = ifa->next) {
        if (inet_ifa_match(a, ifa) && inet_ifa_match(b, ifa)) return true;
    }
    return false;
}

/// Who asks, by arp_announce; 0: the device's best address is to be chosen.
u32 announced_source(const net_device* dev, u32 target, u32 source) {
    const i64 restriction = in_dev_arp_announce(dev);
    if (restriction == 2 || source == 0 || inet_addr_type(source) != RTN_LOCAL) return 0;
    return restriction == 0 || inet_addr_onlink(dev, target, source) ? source : 0;
}

/// nullptr: no such frames on this device, or no skb.
sk_buff* arp_create(u16 op, u32 target, net_device* dev, u32 source, const u8* dest_hw, const u8* target_hw,
                    const sk_buff* cause) {
    sk_buff* skb = dev->flags & kIffNoarp ? nullptr : alloc_skb();
    if (!skb) return nullptr;
    u8* at = skb_put(skb, kArpBytes);
    Arp arp(at);
    arp.set_types(ARPHRD_ETHER, ETH_P_IP);
    arp.set_op(op);
    __builtin_memcpy(arp.sender_mac(), dev->dev_addr, ETH_ALEN);
    arp.set_sender_ip(source);
    if (target_hw) {
        __builtin_memcpy(arp.target_mac(), target_hw, ETH_ALEN);
    } else {
        __builtin_memset(arp.target_mac(), 0, ETH_ALEN);
    }
    arp.set_target_ip(target);
    skb->network_header = skb_headroom(skb);
    u8* header = skb_push(skb, kEthHeaderBytes);
    skb->mac_header = skb_headroom(skb);
    __builtin_memcpy(header + kEthDestination, dest_hw ? dest_hw : kBroadcastMac, ETH_ALEN);
    __builtin_memcpy(header + kEthSource, dev->dev_addr, ETH_ALEN);
    put16(header + kEthType, ETH_P_ARP);
    skb->protocol = swap16(ETH_P_ARP);
    skb->dev = dev;
    if (cause) skb_set_cause(skb, cause);
    return skb;
}

}  // namespace

void ip_eth_mc_map(u32 group, u8* mac) {
    mac[0] = 0x01;
    mac[1] = 0x00;
    mac[2] = 0x5E;
    mac[3] = (group >> 16) & 0x7F;
    mac[4] = static_cast<u8>(group >> 8);
    mac[5] = static_cast<u8>(group);
}

void arp_constructor(neighbour* neigh) {
    neigh->type = inet_addr_type(neigh->key);
    neigh_suspect(neigh);
    if (neigh->type == RTN_MULTICAST) {
        u8 mac[ETH_ALEN];
        ip_eth_mc_map(neigh->key, mac);
        needs_no_arp(neigh, mac);
    } else if (neigh->dev->flags & (kIffNoarp | kIffLoopback)) {
        needs_no_arp(neigh, neigh->dev->dev_addr);
    } else if (neigh->type == RTN_BROADCAST) {
        needs_no_arp(neigh, kBroadcastMac);
    }
}

void arp_send(u16 op, u32 target, net_device* dev, u32 source, const u8* dest_hw, const u8* target_hw,
              const sk_buff* cause) {
    if (sk_buff* skb = arp_create(op, target, dev, source, dest_hw, target_hw, cause)) dev_queue_xmit(skb);
}

// The first solicitations go to the neighbour alone; an entry whose address is not known begins behind them. Those of
// app_solicit are for a program that nobody has.
STAGE sk_buff* arp_solicit(const neighbour* neigh, u32 probes, u32 source, const sk_buff* waiting) {
    net_device* dev = neigh->dev;
    u32 saddr = announced_source(dev, neigh->key, source);
    if (saddr == 0) saddr = inet_select_addr(dev, neigh->key, RT_SCOPE_LINK);
    const i64 unicast = neigh_parm(dev, SysctlId::neigh_ucast_solicit);
    const u8* dest_hw = nullptr;
    if (i64{probes} < unicast) {
        dest_hw = neigh_ha(neigh);
    } else if (i64{probes} < unicast + neigh_parm(dev, SysctlId::neigh_app_solicit)) {
        return nullptr;
    }
    return arp_create(ARPOP_REQUEST, neigh->key, dev, saddr, dest_hw, nullptr, waiting);
}

// RFC 5227 2.3: an announcement is a request whose sender and target are the same.
void arp_notify(net_device* dev) {
    if (in_dev_arp_notify(dev) == 0 || !(dev->flags & IFF_UP)) return;
    for (const in_ifaddr* ifa = inet_ifa_list(dev); ifa; ifa = ifa->next) {
        arp_send(ARPOP_REQUEST, ifa->local, dev, ifa->local, nullptr, nullptr, nullptr);
    }
}

// The options are read once more, and so recorded in once more, as in Linux (ipv4_send_dest_unreach).
void arp_error_report(sk_buff* skb) {
    const bool readable = ip_hdr(skb).ihl() == 5 || ip_options_recompile(skb);
    if (readable) icmp_send(skb, ICMP_DEST_UNREACH, ICMP_HOST_UNREACH, 0);
    kfree_skb_reason(skb, Fate::no_neighbour);
}

}  // namespace fw
