// SPDX-License-Identifier: Apache-2.0
// Packets for others (Linux net/ipv4/ip_forward.c).
#include "sw/kernel/sysctl.h"
#include "sw/net/icmp.h"
#include "sw/net/ip.h"
#include "sw/net/neighbour.h"
#include "sw/wire/checksum.h"

namespace fw {

using wire::Ipv4;

namespace {

/// Longer than the way allows, and not to be cut (Linux ip_exceeds_mtu).
bool ip_exceeds_mtu(sk_buff* skb, u32 mtu) {
    if (likely(skb->len <= mtu)) return false;
    if ((ip_hdr(skb).frag_off() & wire::IP_DF) == 0) return false;
    return IPCB(skb)->frag_max_size > mtu || (IPCB(skb)->flags & IPSKB_IGNORE_DF) == 0;
}

}  // namespace

STAGE void ip_forward(sk_buff* skb) {
    if (unlikely(skb->pkt_type != PACKET_HOST)) {
        kfree_skb_reason(skb, Fate::link_broadcast);
        return;
    }
    if (unlikely(IPCB(skb)->opt.router_alert) && ip_call_ra_chain(skb)) return;
    Ipv4 ip = ip_hdr(skb);
    if (unlikely(ip.ttl() <= 1)) {
        snmp_inc(Snmp::IpInHdrErrors);
        icmp_send(skb, ICMP_TIME_EXCEEDED, ICMP_EXC_TTL, 0);
        kfree_skb_reason(skb, Fate::ttl_exceeded);
        return;
    }
    const rtable* rt = skb->dst;
    // A strict source route allows no hop that it does not name.
    if (unlikely(IPCB(skb)->opt.is_strictroute) && rt->gateway != 0) {
        icmp_send(skb, ICMP_DEST_UNREACH, ICMP_SR_FAILED, 0);
        kfree_skb_reason(skb, Fate::ip_options);
        return;
    }
    snmp_inc(Snmp::IpForwDatagrams);
    if (unlikely(skb->len > rt->mtu) && ip_exceeds_mtu(skb, ip_dst_mtu(skb))) {
        snmp_inc(Snmp::IpFragFails);
        icmp_send(skb, ICMP_DEST_UNREACH, ICMP_FRAG_NEEDED, ip_dst_mtu(skb));
        kfree_skb_reason(skb, Fate::frag_needed);
        return;
    }
    if (unlikely(!skb_cow(&skb, kHhBytes))) {
        kfree_skb_reason(skb, Fate::no_memory);
        return;
    }
    ip = ip_hdr(skb);
    wire::ip_decrease_ttl(ip);
    if (unlikely(IPCB(skb)->flags & IPSKB_NAT) && !ip_do_nat(skb)) {
        kfree_skb_reason(skb, Fate::bad_transport);
        return;
    }
    if (unlikely(IPCB(skb)->flags & IPSKB_DOREDIRECT) && IPCB(skb)->opt.srr == 0) ip_rt_send_redirect(skb);
    if (likely(sysctl(SysctlId::ip_forward_update_priority) != 0)) skb->priority = rt_tos2priority(ip.tos());
    NF_HOOK(NF_INET_FORWARD, skb, skb->dev, rt->dev, ip_forward_finish);
}

STAGE void ip_forward_finish(sk_buff* skb) {
    if (unlikely(IPCB(skb)->opt.optlen != 0)) ip_forward_options(skb);
    skb->dst->output(skb);
}

}  // namespace fw
