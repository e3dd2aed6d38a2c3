// SPDX-License-Identifier: Apache-2.0
// Packets of a connection (Linux net/ipv4/ip_output.c, __ip_queue_xmit): all of them take one route, which the socket
// keeps until some route changes.
#include "sw/kernel/sysctl.h"
#include "sw/net/ip.h"
#include "sw/net/sock.h"

namespace fw {

namespace {

/// The kept route, while it holds (Linux __sk_dst_check).
rtable* sk_dst_check(const sock* sk) { return sk->dst && sk->dst_genid == rt_genid_now() ? sk->dst : nullptr; }

rtable* route_of(sock* sk) {
    if (rtable* rt = sk_dst_check(sk)) return rt;
    flowi4 flow = sk_flow(sk, sk->daddr, sk->dport);
    int error = 0;
    sk->dst_genid = rt_genid_now();
    sk->dst = ip_route_output_key(&flow, &error);
    return sk->dst;
}

}  // namespace

STAGE bool ip_queue_xmit(sock* sk, sk_buff* skb) {
    rtable* rt = route_of(sk);
    if (!rt) {
        snmp_inc(Snmp::IpOutNoRoutes);
        consume_skb(skb);
        return false;
    }
    if (skb->ip_summed == CHECKSUM_PARTIAL && !(rt->dev->features & NETIF_F_IP_CSUM)) skb_checksum_help(skb);
    skb->mark = sk->mark;
    skb->priority = sk->priority;
    const u8 ttl = sk->ttl != 0 ? sk->ttl : rt_hoplimit(rt);
    ip_build_and_send_pkt(skb, rt, sk_flow(sk, sk->daddr, sk->dport), ttl, ip_dont_fragment(sk->pmtudisc, rt));
    return true;
}

}  // namespace fw
