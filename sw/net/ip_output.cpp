// SPDX-License-Identifier: Apache-2.0
// From routing to the device (Linux net/ipv4/ip_output.c).
#include "sw/kernel/error.h"
#include "sw/net/ip.h"
#include "sw/net/neighbour.h"

namespace fw {

namespace {

/// What goes to many is counted apart as well.
void count_to_many(u8 type, u32 bytes) {
    if (type == regs::config::RTN_MULTICAST) {
        snmp_inc(Snmp::IpExtOutMcastPkts);
        snmp_inc(Snmp::IpExtOutMcastOctets, bytes);
    } else if (type == regs::config::RTN_BROADCAST) {
        snmp_inc(Snmp::IpExtOutBcastPkts);
        snmp_inc(Snmp::IpExtOutBcastOctets, bytes);
    }
}

/// Behind POST_ROUTING: the copy comes back to this host by its receive queue, as from nobody's wire (Linux
/// dev_loopback_xmit).
void ip_mc_finish_output(sk_buff* skb) {
    skb->mac_header = skb_headroom(skb);
    skb->pkt_type = PACKET_LOOPBACK;
    __builtin_memset(skb->cb, 0, sizeof skb->cb);
    netif_rx(skb);
}

/// `rt`: what the copy is to this host.
void loop_back(const sk_buff* skb, rtable* rt) {
    sk_buff* copy = skb_clone(skb);
    if (!copy) return;
    copy->dst = rt;
    NF_HOOK(NF_INET_POST_ROUTING, copy, nullptr, copy->dev, ip_mc_finish_output);
}

/// The sender wants a copy, and there is somebody for it: a forwarded packet is for members only, one of this host's
/// own also for whom it is forwarded to.
bool wants_mc_loop(sk_buff* skb, const rtable* rt) {
    const u16 flags = IPCB(skb)->flags;
    return !(flags & IPSKB_NO_MC_LOOP) && (rt->local || !(flags & IPSKB_FORWARDED));
}

/// `group`: what the packet is to this host: its route, or the one of the link where its own comes of a table.
void mc_output(sk_buff* skb, rtable* group) {
    const rtable* rt = skb->dst;
    net_device* in = skb->dev;
    skb->dev = rt->dev;
    skb->protocol = wire::swap16(wire::ETH_P_IP);
    if (rt->type == regs::config::RTN_BROADCAST || wants_mc_loop(skb, group)) loop_back(skb, group);
    if (rt->type == regs::config::RTN_MULTICAST && ip_hdr(skb).ttl() == 0) {
        consume_skb(skb);  // to this host only (RFC 1112 6.1)
        return;
    }
    NF_HOOK(NF_INET_POST_ROUTING, skb, in, rt->dev, ip_finish_output);
}

}  // namespace

STAGE void ip_mc_output(sk_buff* skb) { mc_output(skb, skb->dst); }

void ip_mc_output_by_route(sk_buff* skb) {
    rtable* group = ip_route_group(skb->dst->dev, ip_hdr(skb).daddr());
    if (group->output == ip_mc_output) {
        mc_output(skb, group);
    } else {
        ip_output(skb);
    }
}

void ip_broadcast_output(sk_buff* skb) {
    if (skb->skb_iif != 0) return ip_output(skb);
    mc_output(skb, ip_route_broadcast(skb->dst->dev));
}

STAGE void ip_output(sk_buff* skb) {
    net_device* in = skb->dev;
    net_device* out = skb->dst->dev;
    skb->dev = out;
    skb->protocol = wire::swap16(wire::ETH_P_IP);
    NF_HOOK(NF_INET_POST_ROUTING, skb, in, out, ip_finish_output);
}

STAGE void ip_finish_output(sk_buff* skb) {
    const bool in_pieces = IPCB(skb)->frag_max_size != 0;
    if (unlikely(skb->len > skb->dst->mtu || in_pieces)) {
        const u32 mtu = (IPCB(skb)->flags & IPSKB_DEVICE_MTU) ? skb->dst->dev->mtu : ip_dst_mtu(skb);
        if (skb->len > mtu || in_pieces) return ip_fragment(skb, mtu, ip_finish_output2);
    }
    ip_finish_output2(skb);
}

STAGE int ip_finish_output2(sk_buff* skb) {
    const rtable* rt = skb->dst;
    snmp_inc(Snmp::IpOutTransmits);
    snmp_inc(Snmp::IpExtOutOctets, skb->len);
    if (unlikely(rt->type != regs::config::RTN_UNICAST)) count_to_many(rt->type, skb->len);
    if (unlikely(skb_headroom(skb) < kHhBytes) && !skb_cow(&skb, kHhBytes)) {
        kfree_skb_reason(skb, Fate::no_memory);
        return -err::nomem;
    }
    const u32 key = rt->gateway != 0 ? rt->gateway : ip_hdr(skb).daddr();
    neighbour* neigh = __ipv4_neigh_lookup_noref(key, rt->dev);
    if (unlikely(!neigh)) {
        neigh = neigh_create(key, rt->dev);
        if (!neigh) {
            kfree_skb_reason(skb, Fate::no_neighbour);
            return -err::inval;
        }
    }
    return neigh->output(neigh, skb);
}

}  // namespace fw
