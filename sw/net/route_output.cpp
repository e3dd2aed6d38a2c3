// SPDX-License-Identifier: Apache-2.0
// Output routing: where packets of this host go and which source address they get (Linux net/ipv4/route.c,
// ip_route_output_key_hash_rcu and __mkroute_output; net/ipv4/fib_semantics.c, fib_result_prefsrc).
#include "sw/kernel/error.h"
#include "sw/net/devinet.h"
#include "sw/net/fib.h"
#include "sw/net/fib_rules.h"
#include "sw/net/igmp.h"
#include "sw/net/inetdevice.h"
#include "sw/net/ip.h"
#include "sw/net/ipmr.h"
#include "sw/net/nexthop_exception.h"
#include "sw/net/route_cache.h"

namespace fw {

using namespace regs::config;
using namespace wire;

namespace {

constexpr u32 INADDR_LOOPBACK = 0x7F000001;

/// Routes that no table entry stands for: what leaves by a device without a gateway.
struct device_routes {
    rtable on_link;
    rtable broadcast;
    rtable multicast[2][2];  ///< by whether this host is in the group, and whether the device's groups are forwarded
};
constinit device_routes routes_of[regs::kMaxDevices + 1] = {};

void fill(rtable* rt, u8 type, net_device* dev) {
    *rt = {};
    rt->dev = dev;
    rt->mtu = rt_route_mtu(rt);
    rt->type = type;
    rt->input = ip_local_deliver;
    rt->output = ip_output;
    rt->key.oif = dev->ifindex;
    rt->key.type = type;
}

/// What the first half of ip_route_output_key_hash_rcu finds out and __mkroute_output makes the route of.
struct output_result {
    net_device* dev;
    u16 nexthop;  ///< kNoNextHop: the destination is on the device's link, or this host
    u8 prefixlen;
};
constexpr output_result without_route(net_device* dev) { return {dev, kNoNextHop, 0}; }

/// A copy of what goes to many comes back to this host: of broadcasts always, of groups where it is in them or forwards
/// them (Linux __mkroute_output).
void fill_multicast(device_routes* routes, net_device* dev, bool member, bool forwards) {
    rtable* rt = &routes->multicast[member][forwards];
    fill(rt, RTN_MULTICAST, dev);
    rt->local = member;
    if (forwards) rt->input = ip_mr_input;
    if (forwards || (member && !(dev->flags & kIffLoopback))) rt->output = ip_mc_output;
}

rtable* fail(int* error, int number) {
    *error = -number;
    return nullptr;
}

bool is_group_or_lbcast(u32 address) { return ipv4_is_multicast(address) || ipv4_is_lbcast(address); }

rtable* group_route(device_routes* routes, const net_device* dev, u32 group) {
    const bool forwards = in_dev_mforward(dev) && !ipv4_is_local_multicast(group);
    return &routes->multicast[ip_check_mc(dev, group)][forwards];
}

/// A group goes by a route of its own only where the route is about groups.
bool is_on_link(const output_result& res) { return res.nexthop == kNoNextHop || res.prefixlen < kLeastGroupPrefix; }

/// __mkroute_output.
rtable* mkroute_output(const flowi4& flow, const output_result& res, int* error) {
    net_device* dev = res.dev;
    const bool loopback = (dev->flags & kIffLoopback) != 0;
    if (!loopback && ipv4_is_loopback(flow.saddr) && !in_dev_route_localnet(dev)) {
        return fail(error, err::inval);
    }
    *error = 0;
    device_routes& plain = routes_of[dev->ifindex];
    if (ipv4_is_lbcast(flow.daddr)) return &plain.broadcast;
    if (ipv4_is_zeronet(flow.daddr)) return fail(error, err::inval);
    if (ipv4_is_multicast(flow.daddr) && is_on_link(res)) return group_route(&plain, dev, flow.daddr);
    if (res.nexthop == kNoNextHop) return &plain.on_link;
    if (loopback && rt_table[res.nexthop].type == RTN_BROADCAST) return &plain.broadcast;
    return fib_find_exception(res.nexthop, flow.daddr);
}

/// The caller names the device. True: that settles the route.
bool settled_by_device(flowi4* flow, const net_device* dev) {
    if (ipv4_is_local_multicast(flow->daddr) || ipv4_is_lbcast(flow->daddr) || flow->proto == IPPROTO_IGMP) {
        if (flow->saddr == 0) flow->saddr = inet_select_addr(dev, 0, RT_SCOPE_LINK);
        return true;
    }
    if (flow->saddr != 0) return false;
    if (ipv4_is_multicast(flow->daddr)) {
        flow->saddr = inet_select_addr(dev, 0, flow->scope);
    } else if (flow->daddr == 0) {
        flow->saddr = inet_select_addr(dev, 0, RT_SCOPE_HOST);
    }
    return false;
}

/// No destination: the host talks to itself.
rtable* route_to_self(flowi4* flow, int* error) {
    if (flow->saddr == 0) flow->saddr = INADDR_LOOPBACK;
    flow->daddr = flow->saddr;
    flow->oif = kLoopbackIfindex;
    return mkroute_output(*flow, without_route(dev_get_by_index(kLoopbackIfindex)), error);
}

/// What the tables say.
rtable* route_by_tables(flowi4* flow, net_device* dev, int* error) {
    fib_result found = fib_lookup(*flow);
    if (found.err != 0) {
        if (flow->oif == 0) return fail(error, -found.err);
        // No route, but a device: the destination is taken to be on its link.
        if (flow->saddr == 0) flow->saddr = inet_select_addr(dev, 0, RT_SCOPE_LINK);
        return mkroute_output(*flow, without_route(dev), error);
    }
    if (found.route->type == RTN_NAT) return fail(error, err::inval);
    if (found.route->type == RTN_LOCAL) {
        const u32 preferred = rt_table[found.nexthop].key.prefsrc;
        if (flow->saddr == 0) flow->saddr = preferred != 0 ? preferred : flow->daddr;
        flow->oif = kLoopbackIfindex;
        return mkroute_output(*flow, without_route(dev_get_by_index(kLoopbackIfindex)), error);
    }
    fib_select_path(&found, *flow, nullptr);
    if (flow->saddr == 0) flow->saddr = fib_result_prefsrc(found);
    return mkroute_output(*flow, {rt_table[found.nexthop].dev, found.nexthop, found.route->len}, error);
}

/// ip_route_output_key_hash_rcu.
rtable* ip_route_output_slow(flowi4* flow, int* error) {
    if (flow->saddr != 0) {
        if (is_group_or_lbcast(flow->saddr)) return fail(error, err::inval);
        net_device* owner = ip_dev_find(flow->saddr);
        if (!owner) return fail(error, err::netunreach);
        if (flow->oif == 0 && is_group_or_lbcast(flow->daddr)) {
            // The address names the device (Linux: for old multicast programs).
            flow->oif = owner->ifindex;
            return mkroute_output(*flow, without_route(owner), error);
        }
    }
    net_device* dev = nullptr;
    if (flow->oif != 0) {
        dev = dev_get_by_index(flow->oif);
        if (!dev) return fail(error, err::nodev);
        if (!(dev->flags & IFF_UP)) return fail(error, err::netunreach);
        if (settled_by_device(flow, dev)) return mkroute_output(*flow, without_route(dev), error);
    }
    return flow->daddr == 0 ? route_to_self(flow, error) : route_by_tables(flow, dev, error);
}

/// What the cache's key does not hold must not matter.
bool is_cacheable(const flowi4& flow) {
    return flow.scope == RT_SCOPE_UNIVERSE && flow.proto != IPPROTO_IGMP && !ipv4_is_multicast(flow.daddr) &&
           !fib_rules_need_ports && sysctl(SysctlId::fib_multipath_hash_policy) == 0;
}

rtable* ip_route_output_cached(flowi4* flow, int* error) {
    if (!is_cacheable(*flow)) return ip_route_output_slow(flow, error);
    const rt_cache_key key = {flow->daddr, flow->saddr, 0,
                              flow->oif,   flow->mark,  static_cast<u8>(flow->tos & kTosRouteMask)};
    rt_cache_result result{};
    if (rt_cache_lookup(key, &result)) {
        flow->saddr = result.saddr;
        flow->daddr = result.daddr;
        flow->oif = result.oif;
        *error = 0;
        return result.rt;
    }
    const u32 genid = rt_genid_now();
    rtable* rt = ip_route_output_slow(flow, error);
    if (rt && !rt->fnhe) rt_intern_hash(key, {rt, flow->saddr, flow->daddr, flow->oif, 0}, genid);
    return rt;
}

/// in_dev_select_addr: an address of a device that the destination has nothing to do with.
u32 in_dev_select_addr(const net_device* dev, u8 scope) {
    for (const in_ifaddr* ifa = inet_ifa_list(dev); ifa; ifa = ifa->next) {
        if (!ifa->secondary && ifa->scope != RT_SCOPE_LINK && ifa->scope <= scope) return ifa->local;
    }
    return 0;
}

}  // namespace

void ip_route_output_dev(net_device* dev) {
    device_routes& routes = routes_of[dev->ifindex];
    fill(&routes.on_link, (dev->flags & kIffLoopback) ? RTN_LOCAL : RTN_UNICAST, dev);
    fill(&routes.broadcast, RTN_BROADCAST, dev);
    if (!(dev->flags & kIffLoopback)) routes.broadcast.output = ip_mc_output;
    for (unsigned which = 0; which < 4; ++which) fill_multicast(&routes, dev, (which & 2) != 0, (which & 1) != 0);
}

void ip_route_output_dev_mtu(const net_device* dev) {
    device_routes& routes = routes_of[dev->ifindex];
    rtable* const single[] = {&routes.on_link, &routes.broadcast};
    for (rtable* rt : single) rt->mtu = rt_route_mtu(rt);
    for (auto& pair : routes.multicast) {
        for (rtable& rt : pair) rt.mtu = rt_route_mtu(&rt);
    }
}

rtable* ip_route_group(net_device* dev, u32 group) { return group_route(&routes_of[dev->ifindex], dev, group); }

rtable* ip_route_broadcast(const net_device* dev) { return &routes_of[dev->ifindex].broadcast; }

// The last that got the address, or the one of a local route (all of 127.0.0.0/8 is lo's).
net_device* ip_dev_find(u32 address) {
    const in_ifaddr* ifa = inet_addr_hash[inet_addr_bucket(address)];
    while (ifa && ifa->local != address) ifa = ifa->hash_next;
    if (ifa) return ifa->dev;
    flowi4 flow{};
    flow.daddr = address;
    const fib_result found = fib_table_lookup(RT_TABLE_LOCAL, flow);
    return found.err == 0 && found.route->type == RTN_LOCAL ? rt_table[found.nexthop].dev : nullptr;
}

STAGE rtable* ip_route_output_key(flowi4* flow, int* error) {
    flow->iif = kLoopbackIfindex;
    return likely(!rt_caching()) ? ip_route_output_slow(flow, error) : ip_route_output_cached(flow, error);
}

u32 rt_saddr(u16 nexthop) {
    const rtable& rt = rt_table[nexthop];
    return inet_select_addr(rt.dev, rt.key.gateway, rt.key.scope);
}

u32 fib_result_prefsrc(const fib_result& found) {
    const u32 preferred = rt_table[found.nexthop].key.prefsrc;
    return preferred != 0 ? preferred : rt_saddr(found.nexthop);
}

u32 inet_select_addr(const net_device* dev, u32 destination, u8 scope) {
    const u8 widest = in_dev_route_localnet(dev) ? RT_SCOPE_LINK : RT_SCOPE_HOST;
    u32 address = 0;
    for (const in_ifaddr* ifa = inet_ifa_list(dev); ifa; ifa = ifa->next) {
        if (ifa->secondary || (ifa->scope < widest ? ifa->scope : widest) > scope) continue;
        if (destination == 0 || inet_ifa_match(destination, ifa)) return ifa->local;
        if (address == 0) address = ifa->local;
    }
    for (u32 ifindex = 1; address == 0 && ifindex <= regs::kMaxDevices; ++ifindex) {
        const net_device* other = dev_get_by_index(ifindex);
        if (other) address = in_dev_select_addr(other, scope);
    }
    return address;
}

u32 fib_compute_spec_dst(const sk_buff* skb) {
    const Ipv4 ip = ip_hdr(skb);
    if (skb->dst->type == RTN_LOCAL) return ip.daddr();
    u8 scope = RT_SCOPE_LINK;
    if (!ipv4_is_zeronet(ip.saddr())) {
        scope = RT_SCOPE_UNIVERSE;
        flowi4 flow{};
        flow.daddr = ip.saddr();
        flow.iif = kLoopbackIfindex;
        flow.tos = ip.tos();
        flow.mark = in_dev_src_vmark(skb->dev) ? skb->mark : 0;
        const fib_result back = fib_lookup(flow);
        if (back.err == 0) return fib_result_prefsrc(back);
    }
    return inet_select_addr(skb->dev, ip.saddr(), scope);
}

u32 ip_rt_get_source(const sk_buff* skb) {
    const Ipv4 ip = ip_hdr(skb);
    const rtable* rt = skb->dst;
    if (skb->skb_iif == 0) return ip.saddr();
    flowi4 flow{};
    flow.daddr = ip.daddr();
    flow.saddr = ip.saddr();
    flow.oif = rt->dev->ifindex;
    flow.iif = skb->skb_iif;
    flow.mark = skb->mark;
    flow.tos = ip.tos();
    const fib_result found = fib_lookup(flow);
    if (found.err == 0) return fib_result_prefsrc(found);
    return inet_select_addr(rt->dev, rt->gateway != 0 ? rt->gateway : ip.daddr(), RT_SCOPE_UNIVERSE);
}

u32 ip_dst_mtu(const sk_buff* skb) { return rt_dst_mtu(skb->dst, skb->skb_iif != 0); }

}  // namespace fw
