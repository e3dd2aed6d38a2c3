// SPDX-License-Identifier: Apache-2.0
// Receive side of net/core/dev.c: from driver or backlog to the packet-type handlers.
#include "sw/kernel/counters.h"
#include "sw/kernel/netdevice.h"
#include "sw/wire/ethernet.h"

namespace fw {

constinit packet_type* ptype_all = nullptr;

namespace {

constexpr unsigned kPtypeHash = 16;
constinit packet_type* ptype_base[kPtypeHash] = {};

packet_type** list_of(u16 protocol) {
    return protocol ? &ptype_base[__builtin_bswap16(protocol) % kPtypeHash] : &ptype_all;
}

packet_type* next_of(packet_type* handler, u16 protocol) {
    while (handler && handler->type != protocol) handler = handler->next;
    return handler;
}

/// A taker that is not the last one has a clone, so that none disturbs another; with no skb left it misses the packet.
void deliver_clone(sk_buff* skb, packet_type* taker) {
    if (sk_buff* clone = skb_clone(skb)) taker->func(clone, skb->dev, taker);
}

/// No protocol wants the packet. Linux counts it as dropped unless a tap has seen it.
void no_handler(sk_buff* skb) {
    if (ptype_all) return kfree_skb_reason(skb, Fate::tapped);
    dev_count(skb->dev, regs::Dev::rx_dropped);
    kfree_skb_reason(skb, Fate::unknown_protocol);
}

bool is_vlan(u16 protocol) {
    return protocol == wire::swap16(wire::ETH_P_8021Q) || protocol == wire::swap16(wire::ETH_P_8021AD);
}

/// IEEE 802.1Q at a port that has no VLANs (skb_vlan_untag, and what follows vlan_do_receive). A tag of VLAN 0 says
/// only how urgent the frame is: it comes off, true. Any other is of a network that the port is not in: to Linux a
/// frame of another host, which counts as dropped only if no protocol would take it. What ends within its tag counts
/// nowhere.
bool vlan_untag(sk_buff* skb) {
    constexpr u32 kTagBytes = 4, kLeastBytes = kTagBytes + sizeof(u16);
    constexpr u16 kVidMask = 0x0FFF;
    const bool whole = skb_headlen(skb) >= kLeastBytes;
    const bool member = whole && (wire::get16(skb->data) & kVidMask) == 0;
    if (whole) {
        skb->protocol = eth_protocol(wire::get16(skb->data + sizeof(u16)));
        skb_pull(skb, kTagBytes);
        skb->network_header = skb->transport_header = skb_headroom(skb);
    }
    if (member) return true;
    if (whole && !next_of(*list_of(skb->protocol), skb->protocol)) dev_count(skb->dev, regs::Dev::rx_dropped);
    kfree_skb_reason(skb, Fate::vlan);
    return false;
}

void deliver(sk_buff* skb) {
    packet_type* taker = next_of(*list_of(skb->protocol), skb->protocol);
    if (unlikely(!taker)) {
        if (!is_vlan(skb->protocol)) return no_handler(skb);
        if (vlan_untag(skb)) deliver(skb);
        return;
    }
    while (packet_type* next = next_of(taker->next, skb->protocol)) {
        deliver_clone(skb, taker);
        taker = next;
    }
    taker->func(skb, skb->dev, taker);
}

}  // namespace

void dev_add_pack(packet_type* handler) {
    packet_type** list = list_of(handler->type);
    handler->next = *list;
    *list = handler;
}

void dev_remove_pack(const packet_type* handler) {
    packet_type** link = list_of(handler->type);
    while (*link && *link != handler) link = &(*link)->next;
    if (*link) *link = handler->next;
}

STAGE void netif_receive_skb(sk_buff* skb) {
    softnet_inc(regs::Softnet::processed);
    skb->network_header = skb->transport_header = skb_headroom(skb);
    skb->skb_iif = skb->dev->ifindex;
    if (unlikely(ptype_all != nullptr)) {
        for (packet_type* tap = ptype_all; tap; tap = tap->next) deliver_clone(skb, tap);
    }
    deliver(skb);
}

}  // namespace fw
