// SPDX-License-Identifier: Apache-2.0
// Source routes (RFC 791 3.1, RFC 1812 5.2.4.1; Linux net/ipv4/ip_options.c, ip_options_rcv_srr).
#include "sw/net/icmp.h"
#include "sw/net/ip.h"

namespace fw {

using namespace wire;
using namespace regs::config;

namespace {

/// Offset of the header's destination address, which a strict source route finds wrong.
constexpr u32 kDestinationOffset = 16;

bool refuse(sk_buff* skb) {
    kfree_skb_reason(skb, Fate::ip_options);
    return false;
}

bool refuse_with_parameter_problem(sk_buff* skb, u32 pointer) {
    icmp_send(skb, ICMP_PARAMETERPROB, 0, pointer << 24);
    return refuse(skb);
}

/// Routes the packet as if it went to `nexthop`. False: it was dropped.
bool route_to(sk_buff* skb, u32 nexthop) {
    Ipv4 ip = ip_hdr(skb);
    const u32 daddr = ip.daddr();
    ip.set_daddr(nexthop);
    if (!ip_route_input(skb, skb->dev)) return false;
    ip.set_daddr(daddr);
    const u8 type = skb->dst->type;
    return type == RTN_UNICAST || type == RTN_LOCAL ? true : refuse(skb);
}

}  // namespace

STAGE bool ip_options_rcv_srr(sk_buff* skb) {
    ip_options& opt = IPCB(skb)->opt;
    if (skb->pkt_type != PACKET_HOST) return refuse(skb);
    if (skb->dst->type == RTN_UNICAST) {
        // Not a stop of the route: a loose one allows the hops between.
        return opt.is_strictroute ? refuse_with_parameter_problem(skb, kDestinationOffset) : true;
    }
    if (skb->dst->type != RTN_LOCAL) return refuse(skb);

    Ipv4 ip = ip_hdr(skb);
    const u8* option = ip.bytes() + opt.srr;
    const unsigned space = option[1];
    for (unsigned pointer = option[2]; pointer <= space; pointer += 4) {
        if (pointer + 3 > space) return refuse_with_parameter_problem(skb, opt.srr + 2U);
        const u32 nexthop = get32(option + pointer - 1);
        if (!route_to(skb, nexthop)) return false;
        opt.is_changed = true;
        if (skb->dst->type != RTN_LOCAL) {
            opt.srr_is_hit = true;
            opt.nexthop = nexthop;
            return true;
        }
        ip.set_daddr(nexthop);           // the next stop is this host as well
        skb->ip_summed = CHECKSUM_NONE;  // the NIC summed the pseudo-header with the address before
    }
    return true;
}

}  // namespace fw
