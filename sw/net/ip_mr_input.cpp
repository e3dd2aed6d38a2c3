// SPDX-License-Identifier: Apache-2.0
// Packets to groups that are forwarded (Linux net/ipv4/ipmr.c: ip_mr_input, ip_mr_forward, ipmr_queue_xmit). One that
// this host is a member for is delivered as well.
#include "sw/net/ipmr.h"
#include "sw/net/neighbour.h"
#include "sw/wire/checksum.h"

namespace fw {

namespace {

void ipmr_forward_finish(sk_buff* skb) {
    snmp_inc(Snmp::IpForwDatagrams);
    if (unlikely(IPCB(skb)->opt.optlen != 0)) ip_forward_options(skb);
    skb->dst->output(skb);
}

/// The route out of the interface, for the group whatever its source.
rtable* ipmr_route(const sk_buff* skb, u32 ifindex) {
    const wire::Ipv4 ip = ip_hdr(skb);
    flowi4 flow = {};
    flow.daddr = ip.daddr();
    flow.oif = ifindex;
    flow.tos = ip.tos();
    int error = 0;
    return ip_route_output_key(&flow, &error);
}

void ipmr_queue_xmit(sk_buff* skb, u32 ifindex) {
    rtable* rt = ipmr_route(skb, ifindex);
    if (!rt) {
        kfree_skb_reason(skb, Fate::mc_no_route);
        return;
    }
    // RFC 1112 and RFC 1812 allow no ICMP about multicasts, so whoever sends them is not told.
    if (skb->len > rt_route_mtu(rt) && (ip_hdr(skb).frag_off() & wire::IP_DF)) {
        snmp_inc(Snmp::IpFragFails);
        kfree_skb_reason(skb, Fate::frag_needed);
        return;
    }
    if (!skb_cow(&skb, kHhBytes)) {
        kfree_skb_reason(skb, Fate::no_memory);
        return;
    }
    skb->dst = rt;
    wire::ip_decrease_ttl(ip_hdr(skb));
    IPCB(skb)->flags |= IPSKB_FORWARDED;
    NF_HOOK(NF_INET_FORWARD, skb, skb->dev, rt->dev, ipmr_forward_finish);
}

void queue_copy(const sk_buff* skb, u32 ifindex) {
    sk_buff* copy = skb_clone(skb);
    if (copy) ipmr_queue_xmit(copy, ifindex);
}

void count(u64* counter, u64 amount) { __atomic_fetch_add(counter, amount, __ATOMIC_RELAXED); }

/// The packet leaves by the interface: its TTL is above the threshold, and with an entry for all sources it does not go
/// back to where it came from.
bool leaves_by(const mfc_cache* entry, const sk_buff* skb, u32 ifindex) {
    const u8 threshold = entry->ttls[ifindex - 1];
    if (threshold == 0 || ip_hdr(skb).ttl() <= threshold) return false;
    return entry->origin != 0 || ifindex != skb->dev->ifindex;
}

/// Sends copies; the last one is the packet itself unless it is `local`.
void ip_mr_forward(sk_buff* skb, mfc_cache* entry, bool local) {
    count(&entry->pkt, 1);
    count(&entry->bytes, skb->len);
    u32 last = 0;
    if (entry->parent != skb->dev->ifindex) {
        if (skb->pkt_type != PACKET_LOOPBACK) count(&entry->wrong_if, 1);  // else our own: it came from nowhere
    } else {
        for (u32 ifindex = regs::config::MAX_INTERFACES; ifindex > 0; --ifindex) {
            if (!leaves_by(entry, skb, ifindex)) continue;
            if (last != 0) queue_copy(skb, last);
            last = ifindex;
        }
    }
    if (local) {
        if (last != 0) queue_copy(skb, last);
    } else if (last != 0) {
        ipmr_queue_xmit(skb, last);
    } else {
        kfree_skb_reason(skb, Fate::mc_no_route);
    }
}

}  // namespace

STAGE void ip_mr_input(sk_buff* skb) {
    const bool local = skb->dst->local;
    if (!local && IPCB(skb)->opt.router_alert && ip_call_ra_chain(skb)) return;
    const wire::Ipv4 ip = ip_hdr(skb);
    mfc_cache* entry = ipmr_cache_find(ip.saddr(), ip.daddr());
    if (!entry) entry = ipmr_cache_find(0, ip.daddr());
    if (entry) {
        ip_mr_forward(skb, entry, local);
    } else if (!local) {
        kfree_skb_reason(skb, Fate::mc_no_route);
    }
    if (local) ip_local_deliver(skb);
}

}  // namespace fw
