// SPDX-License-Identifier: Apache-2.0
// The end of packets that the router cannot route, and what their senders are told (Linux net/ipv4/route.c, ip_error).
#include "sw/kernel/sysctl.h"
#include "sw/kernel/timer.h"
#include "sw/net/devinet.h"
#include "sw/net/icmp.h"
#include "sw/net/inetpeer.h"
#include "sw/net/ip.h"

namespace fw {
namespace {

/// On a device that does not forward nothing is answered.
void ip_error_of_host(sk_buff* skb) {
    if (skb->dst->error == kErrHostUnreach) snmp_inc(Snmp::IpInAddrErrors);
    if (skb->dst->error == kErrNetUnreach) snmp_inc(Snmp::IpExtInNoRoutes);
    kfree_skb_reason(skb, Fate::not_forwarding);
}

/// These answers have limits of their own, route_error_cost and route_error_burst.
void answer(sk_buff* skb, u8 code) {
    const u64 cost = static_cast<u64>(sysctl(SysctlId::route_error_cost)) * kMsec;
    const u64 burst = static_cast<u64>(sysctl(SysctlId::route_error_burst)) * kMsec;
    if (inet_peer_error_allow(ip_hdr(skb).saddr(), cost, burst)) icmp_send(skb, ICMP_DEST_UNREACH, code, 0);
}

}  // namespace

STAGE void ip_error(sk_buff* skb) {
    if (!in_dev_forward(skb->dev)) return ip_error_of_host(skb);
    switch (skb->dst->error) {
        case kErrNetUnreach:
            snmp_inc(Snmp::IpExtInNoRoutes);
            answer(skb, ICMP_NET_UNREACH);
            return kfree_skb_reason(skb, Fate::no_route);
        case kErrHostUnreach:
            answer(skb, ICMP_HOST_UNREACH);
            return kfree_skb_reason(skb, Fate::unreachable);
        case kErrProhibit:
            answer(skb, ICMP_PKT_FILTERED);
            return kfree_skb_reason(skb, Fate::prohibit);
        default:
            return kfree_skb_reason(skb, Fate::blackhole);
    }
}

}  // namespace fw
