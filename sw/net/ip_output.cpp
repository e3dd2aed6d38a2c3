// SPDX-License-Identifier: Apache-2.0
// From routing to the device (Linux net/ipv4/ip_output.c).
#include "sw/net/ip.h"
#include "sw/net/neighbour.h"

namespace fw {

namespace {

void count_group(const sk_buff* skb, u8 type) {
    if (type == regs::config::RTN_MULTICAST) {
        snmp_inc(Snmp::IpExtOutMcastPkts);
        snmp_inc(Snmp::IpExtOutMcastOctets, skb->len);
    } else if (type == regs::config::RTN_BROADCAST) {
        snmp_inc(Snmp::IpExtOutBcastPkts);
        snmp_inc(Snmp::IpExtOutBcastOctets, skb->len);
    }
}

}  // namespace

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
        const u32 mtu = ip_dst_mtu(skb);
        if (skb->len > mtu || in_pieces) return ip_fragment(skb, mtu, ip_finish_output2);
    }
    ip_finish_output2(skb);
}

STAGE void ip_finish_output2(sk_buff* skb) {
    const rtable* rt = skb->dst;
    if (unlikely(rt->type != regs::config::RTN_UNICAST)) count_group(skb, rt->type);
    snmp_inc(Snmp::IpOutTransmits);
    snmp_inc(Snmp::IpExtOutOctets, skb->len);
    if (unlikely(skb_headroom(skb) < kHhBytes) && !skb_cow(&skb, kHhBytes)) {
        kfree_skb_reason(skb, Fate::no_memory);
        return;
    }
    const u32 key = rt->gateway != 0 ? rt->gateway : ip_hdr(skb).daddr();
    neighbour* neigh = __ipv4_neigh_lookup_noref(key, rt->dev);
    if (unlikely(!neigh)) {
        neigh = neigh_create(key, rt->dev);
        if (!neigh) {
            kfree_skb_reason(skb, Fate::no_neighbour);
            return;
        }
    }
    neigh->output(neigh, skb);
}

}  // namespace fw
