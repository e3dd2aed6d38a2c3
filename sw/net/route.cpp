// SPDX-License-Identifier: Apache-2.0
// Input routing (Linux net/ipv4/route.c): the common case straight down, everything unusual in ip_route_input_slow.
#include "sw/net/route.h"

#include "sw/net/devinet.h"
#include "sw/net/fib.h"
#include "sw/net/ip.h"

namespace fw {

using namespace regs::config;
using namespace wire;

namespace {

/// Not asked yet; no index is that large.
constexpr u32 kNotLookedUp = ~u32{0};

/// Destinations that have no route of their own.
constinit rtable rt_broadcast = {};
constinit rtable rt_multicast = {};
constinit rtable rt_no_route = {};
constinit rtable rt_not_forwarding = {};

/// First octets that ip_route_input_slow looks at more closely, as source or destination: 0, 127, and from 224 on.
bool is_unusual(u32 address) {
    const u32 first = address >> 24;
    return first == 0 || first == 127 || first >= 224;
}

bool martian(sk_buff* skb) {
    kfree_skb_reason(skb, Fate::martian);
    return false;
}

bool deliver_to(sk_buff* skb, rtable* rt) {
    skb->dst = rt;
    return true;
}

/// Linux's full_check without rp_filter: the way back to the source leads to a neighbour or nowhere, not to this host.
bool source_route_ok(u32 saddr) {
    const fib_result back = fib_lookup(saddr);
    return back.err != 0 || back.route->type == RTN_UNICAST;
}

/// fib_validate_source with rp_filter 0 and accept_local 0. `out` is where the packet would go, nullptr for this host:
/// on the way out of the device it came from (a redirect) the kernel looks closer.
bool source_ok(u32 saddr, const net_device* in, const net_device* out) {
    if (unlikely(out == in || fib_has_custom_local_routes)) return source_route_ok(saddr);
    return !inet_is_own_address(saddr);
}

/// Groups: this host belongs to 224.0.0.1 alone (RFC 1112 7.1), and there is no multicast forwarding.
bool ip_route_input_mc(sk_buff* skb, const net_device* dev, u32 saddr, u32 daddr) {
    if (daddr != INADDR_ALLHOSTS_GROUP) {
        kfree_skb_reason(skb, Fate::local_broadcast);
        return false;
    }
    if (ipv4_is_multicast(saddr) || ipv4_is_lbcast(saddr) || ipv4_is_loopback(saddr)) return martian(skb);
    // 224.0.0.1 is a link-local group, to which 0.0.0.0 may send.
    if (!ipv4_is_zeronet(saddr) && !source_ok(saddr, dev, nullptr)) return martian(skb);
    return deliver_to(skb, &rt_multicast);
}

bool brd_input(sk_buff* skb, const net_device* dev, u32 saddr, rtable* rt) {
    if (!ipv4_is_zeronet(saddr) && !source_ok(saddr, dev, nullptr)) return martian(skb);
    return deliver_to(skb, rt);
}

/// The exact answer where the trie has none or an error that table `default` may overrule.
rtable* ip_route_lookup(u32 daddr, u32 index) {
    if (index == kNotLookedUp) index = fib_trie_lookup(daddr);
    if (index != kNoNextHop && (rt_table[index].error == 0 || !fib_default_in_use())) return &rt_table[index];
    const fib_result result = fib_lookup(daddr);
    return result.route ? &rt_table[result.route->nexthop] : &rt_no_route;
}

/// The checks of ip_route_input_slow in its order.
bool ip_route_input_slow(sk_buff* skb, net_device* dev, u32 saddr, u32 daddr, u32 index) {
    if (ipv4_is_multicast(daddr)) return ip_route_input_mc(skb, dev, saddr, daddr);
    if (ipv4_is_multicast(saddr) || ipv4_is_lbcast(saddr)) return martian(skb);
    if (ipv4_is_lbcast(daddr) || (saddr == 0 && daddr == 0)) return brd_input(skb, dev, saddr, &rt_broadcast);
    if (ipv4_is_zeronet(saddr) || ipv4_is_zeronet(daddr)) return martian(skb);
    if (ipv4_is_loopback(daddr) || ipv4_is_loopback(saddr)) return martian(skb);

    rtable* rt = ip_route_lookup(daddr, index);
    if (rt->error != 0) return deliver_to(skb, in_dev_forward(dev) ? rt : &rt_not_forwarding);
    if (rt->type == RTN_BROADCAST) return brd_input(skb, dev, saddr, rt);
    if (rt->type == RTN_LOCAL) return source_ok(saddr, dev, nullptr) ? deliver_to(skb, rt) : martian(skb);
    if (!in_dev_forward(dev)) return deliver_to(skb, &rt_not_forwarding);
    if (rt->type != RTN_UNICAST) return martian(skb);
    return source_ok(saddr, dev, rt->dev) ? deliver_to(skb, rt) : martian(skb);
}

}  // namespace

STAGE bool ip_route_input(sk_buff* skb, net_device* dev) {
    const Ipv4 ip(skb->data);
    const u32 saddr = ip.saddr();
    const u32 daddr = ip.daddr();
    if (unlikely(is_unusual(saddr) || is_unusual(daddr))) {
        return ip_route_input_slow(skb, dev, saddr, daddr, kNotLookedUp);
    }
    const u16 index = fib_trie_lookup(daddr);
    if (unlikely(index == kNoNextHop)) return ip_route_input_slow(skb, dev, saddr, daddr, index);
    rtable* rt = &rt_table[index];
    if (unlikely(rt->type != RTN_UNICAST || !in_dev_forward(dev))) {
        return ip_route_input_slow(skb, dev, saddr, daddr, index);
    }
    if (unlikely(!source_ok(saddr, dev, rt->dev))) return martian(skb);
    skb->dst = rt;
    return true;
}

void ip_route_init() {
    rt_init();
    rt_broadcast.input = rt_multicast.input = ip_local_deliver;
    rt_broadcast.type = RTN_BROADCAST;
    rt_multicast.type = RTN_MULTICAST;
    rt_no_route.input = rt_not_forwarding.input = ip_error;
    rt_no_route.type = rt_not_forwarding.type = RTN_UNREACHABLE;
    rt_no_route.error = kErrNetUnreach;
    rt_not_forwarding.error = kErrHostUnreach;
    for (u32 ifindex = 1; ifindex <= regs::kMaxDevices; ++ifindex) {
        if (net_device* dev = dev_get_by_index(ifindex)) ip_route_output_dev(dev);
    }
}

}  // namespace fw
