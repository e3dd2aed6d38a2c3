// SPDX-License-Identifier: Apache-2.0
// Input routing (Linux net/ipv4/route.c): the common case straight down, everything unusual in ip_route_input_slow.
#include "sw/net/route.h"

#include "sw/net/devinet.h"
#include "sw/net/fib.h"
#include "sw/net/fib_rules.h"
#include "sw/net/flow_dissector.h"
#include "sw/net/igmp.h"
#include "sw/net/inetdevice.h"
#include "sw/net/ip.h"
#include "sw/net/ipmr.h"
#include "sw/net/net_ratelimit.h"
#include "sw/net/nexthop_exception.h"
#include "sw/net/route_cache.h"
#include "sw/net/route_input.h"

namespace fw {

using namespace regs::config;
using namespace wire;

namespace {

/// Not asked yet; no index is that large.
constexpr u32 kNotLookedUp = ~u32{0};

/// Nothing is configured that ip_route_input must look at beyond the destination: no rules of somebody's own, no
/// filtering by source, no cache.
constinit bool common_case = false;

/// Destinations that have no route of their own.
constinit rtable rt_broadcast = {};
constinit rtable rt_multicast = {};
constinit rtable rt_multicast_forward = {};
constinit rtable rt_multicast_local = {};  ///< forwarded, and for this host as well
constinit rtable rt_not_forwarding = {};
/// Lookups that end without a route, by what ip_error answers.
constinit rtable rt_no_route = {};
constinit rtable rt_prohibited = {};
constinit rtable rt_blackhole = {};

/// First octets that ip_route_input_slow looks at more closely, as source or destination: 0, 127, and from 224 on.
bool is_unusual(u32 address) {
    const u32 first = address >> 24;
    return first == 0 || first == 127 || first >= 224;
}

bool is_ip(const sk_buff* skb) { return skb->protocol == swap16(ETH_P_IP); }

/// Groups that the device is in, and those that are forwarded.
rtable* ip_route_input_mc(route_query* query) {
    const flowi4& flow = query->flow;
    const bool our = ip_check_mc(query->dev, flow.daddr);
    const bool forward = !ipv4_is_local_multicast(flow.daddr) && in_dev_mforward(query->dev);
    if (!our && !forward) return query->refuse(Fate::local_broadcast);
    if (ipv4_is_multicast(flow.saddr) || ipv4_is_lbcast(flow.saddr)) return query->refuse(Fate::martian);
    if (ipv4_is_loopback(flow.saddr) && !in_dev_route_localnet(query->dev)) return query->refuse(Fate::martian);
    if (!is_ip(query->skb)) return query->refuse(Fate::martian);
    if (ipv4_is_zeronet(flow.saddr)) {
        // Who has no address yet may speak to his link, and to its routers.
        const bool igmp = ip_hdr(query->skb).protocol() == IPPROTO_IGMP;
        if (!ipv4_is_local_multicast(flow.daddr) && !igmp) return query->refuse(Fate::martian);
    } else {
        const int verdict = fib_validate_source(*query, 0, 0);
        if (verdict < 0) return query->refuse(fate_of_source(verdict));
    }
    snmp_inc(Snmp::RtCacheInSlowMc);
    if (!forward) return &rt_multicast;
    return our ? &rt_multicast_local : &rt_multicast_forward;
}

rtable* brd_input(route_query* query) {
    if (!is_ip(query->skb)) return query->refuse(Fate::martian);
    if (!ipv4_is_zeronet(query->flow.saddr)) {
        const int verdict = fib_validate_source(*query, 0, 0);
        if (verdict < 0) return ip_handle_martian_source(query, verdict);
    }
    snmp_inc(Snmp::RtCacheInBrd);
    return &rt_broadcast;
}

rtable* no_route(const fib_result& found) {
    snmp_inc(Snmp::RtCacheInNoRoute);
    if (found.nexthop != kNoNextHop) return &rt_table[found.nexthop];
    switch (-found.err) {
        case kErrProhibit:
            return &rt_prohibited;
        case kErrBlackhole:
            return &rt_blackhole;
        default:
            return &rt_no_route;
    }
}

rtable* not_forwarding() {
    snmp_inc(Snmp::RtCacheInNoRoute);
    return &rt_not_forwarding;
}

/// Where the tables say the packet goes; the trie's answer will do unless it has none, or one that table `default` may
/// overrule.
fib_result ip_route_lookup(const flowi4& flow, u32 index) {
    if (!fib_has_custom_rules) {
        if (index == kNotLookedUp) index = fib_trie_lookup(flow.daddr);
        const bool final = index != kNoNextHop && (rt_table[index].error == 0 || !fib_default_in_use());
        if (final) return {nullptr, -rt_table[index].error, static_cast<u16>(index), nullptr};
    }
    return fib_lookup(flow);
}

/// __mkroute_input.
rtable* ip_mkroute_input(route_query* query, fib_result* found) {
    query->multipath = rt_table[found->nexthop].key.group != 0;
    fib_select_path(found, query->flow, query->skb);
    rtable* rt = &rt_table[found->nexthop];
    net_device* dev = query->dev;
    const int verdict = fib_validate_source(*query, query->flow.daddr, rt->dev->ifindex);
    if (verdict < 0) return ip_handle_martian_source(query, verdict);
    if (rt->dev == dev) {
        if (!is_ip(query->skb)) {
            if (!in_dev_proxy_arp_pvlan(dev)) return query->refuse(Fate::martian);
        } else if (verdict == kSourceOnLink &&
                   (in_dev_shared_media(dev) || inet_addr_onlink(dev, query->flow.saddr, rt->key.gateway))) {
            IPCB(query->skb)->flags |= IPSKB_DOREDIRECT;
        }
    }
    return fib_find_exception(found->nexthop, query->flow.daddr);
}

/// Loopback addresses don't come from outside, unless route_localnet lets them. nullptr: they may.
rtable* check_localnet(route_query* query, bool* refused) {
    *refused = true;
    if (ipv4_is_loopback(query->flow.daddr)) {
        if (!in_dev_route_localnet(query->dev)) return martian_destination(query);
    } else if (ipv4_is_loopback(query->flow.saddr) && !in_dev_route_localnet(query->dev)) {
        return ip_handle_martian_source(query, kSourceMartian);
    }
    *refused = false;
    return nullptr;
}

/// ip_route_input_slow from the lookup on.
rtable* ip_route_input_by_tables(route_query* query, u32 index) {
    fib_result found = ip_route_lookup(query->flow, index);
    net_device* dev = query->dev;
    if (found.err != 0) return in_dev_forward(dev) ? no_route(found) : not_forwarding();
    if (!fib_route_nat(query, &found)) return query->refuse(Fate::no_route);
    rtable* rt = &rt_table[found.nexthop];
    if (rt->type == RTN_BROADCAST) {
        return in_dev_bforward(dev) ? ip_mkroute_input(query, &found) : brd_input(query);
    }
    if (rt->type == RTN_LOCAL) {
        const int verdict = fib_validate_source(*query, query->flow.daddr, 0);
        return verdict < 0 ? ip_handle_martian_source(query, verdict) : rt;
    }
    if (!in_dev_forward(dev)) return not_forwarding();
    if (rt->type != RTN_UNICAST) return martian_destination(query);
    return ip_mkroute_input(query, &found);
}

/// The checks of ip_route_input_slow in its order.
rtable* ip_route_input_slow(route_query* query, u32 index) {
    const flowi4& flow = query->flow;
    if (ipv4_is_multicast(flow.daddr)) return ip_route_input_mc(query);
    if (ipv4_is_multicast(flow.saddr) || ipv4_is_lbcast(flow.saddr)) {
        return ip_handle_martian_source(query, kSourceMartian);
    }
    if (ipv4_is_lbcast(flow.daddr) || (flow.saddr == 0 && flow.daddr == 0)) return brd_input(query);
    if (ipv4_is_zeronet(flow.saddr)) return ip_handle_martian_source(query, kSourceMartian);
    if (ipv4_is_zeronet(flow.daddr)) return martian_destination(query);
    bool refused = false;
    rtable* rt = check_localnet(query, &refused);
    return refused ? rt : ip_route_input_by_tables(query, index);
}

route_query query_for(sk_buff* skb, net_device* dev, u32 daddr, u32 saddr, u8 tos) {
    return {skb, dev, ip_route_input_flow(skb, dev, daddr, saddr, tos), Fate::martian, false, false};
}

rt_cache_key key_of(const flowi4& flow) {
    return {flow.daddr, flow.saddr, flow.iif, 0, flow.mark, static_cast<u8>(flow.tos & kTosRouteMask)};
}

/// Packets whose way depends on no more than the cache's key.
bool is_cacheable(const route_query& query) {
    if (ipv4_is_multicast(query.flow.daddr) || fib_rules_need_ports) return false;
    return !query.multipath ||
           (sysctl(SysctlId::fib_multipath_hash_policy) == 0 && ip_hdr(query.skb).protocol() != IPPROTO_ICMP);
}

bool ip_route_input_from_cache(route_query* query) {
    rt_cache_result result{};
    if (!rt_caching() || !rt_cache_lookup(key_of(query->flow), &result)) return false;
    query->skb->dst = result.rt;
    IPCB(query->skb)->flags |= result.flags;
    return true;
}

bool ip_route_input_rare(sk_buff* skb, net_device* dev, u32 index) {
    const Ipv4 ip(skb->data);
    route_query query = query_for(skb, dev, ip.daddr(), ip.saddr(), ip.tos());
    if (ip_route_input_from_cache(&query)) return true;
    const u16 flags_before = IPCB(skb)->flags;
    const u32 genid = rt_genid_now();
    skb->dst = ip_route_input_slow(&query, index);
    if (skb->dst) {
        if (rt_caching() && is_cacheable(query) && !skb->dst->fnhe) {
            const auto flags = static_cast<u16>(IPCB(skb)->flags & ~flags_before);
            rt_intern_hash(key_of(query.flow), {skb->dst, 0, 0, 0, flags}, genid);
        }
        return true;
    }
    if (query.fate == Fate::rp_filter) snmp_inc(Snmp::TcpExtIPReversePathFilter);
    kfree_skb_reason(skb, query.fate);
    return false;
}

}  // namespace

flowi4 ip_route_input_flow(const sk_buff* skb, const net_device* dev, u32 daddr, u32 saddr, u8 tos) {
    flowi4 flow{};
    flow.daddr = daddr;
    flow.saddr = saddr;
    flow.iif = dev->ifindex;
    flow.mark = skb->mark;
    flow.tos = tos;
    if (fib_rules_need_ports && is_ip(skb)) {
        const flow_keys keys = skb_flow_dissect(skb, false);
        flow.proto = keys.proto;
        flow.sport = keys.source_port();
        flow.dport = keys.destination_port();
    }
    return flow;
}

rtable* ip_route_input_noref(sk_buff* skb, u32 daddr, u32 saddr, u8 tos, net_device* dev, bool* translated) {
    route_query query = query_for(skb, dev, daddr, saddr, tos);
    rtable* rt = ip_route_input_slow(&query, kNotLookedUp);
    *translated = query.translated;
    return rt;
}

STAGE bool ip_route_input(sk_buff* skb, net_device* dev) {
    const Ipv4 ip(skb->data);
    const u32 saddr = ip.saddr();
    const u32 daddr = ip.daddr();
    if (unlikely(!common_case || is_unusual(saddr) || is_unusual(daddr))) {
        return ip_route_input_rare(skb, dev, kNotLookedUp);
    }
    const u16 index = fib_trie_lookup(daddr);
    if (unlikely(index == kNoNextHop)) return ip_route_input_rare(skb, dev, index);
    rtable* rt = &rt_table[index];
    if (unlikely(!rt->plain || !in_dev_forward(dev) || rt->dev == dev || inet_is_own_address(saddr))) {
        return ip_route_input_rare(skb, dev, index);
    }
    skb->dst = rt;
    return true;
}

void ip_route_input_changed() {
    rt_genid_bump();
    bool common = !fib_has_custom_rules && !fib_has_custom_local_routes && !rt_caching();
    for (u32 ifindex = 1; ifindex <= regs::kMaxDevices; ++ifindex) {
        const net_device* dev = dev_get_by_index(ifindex);
        if (dev && (in_dev_rpfilter(dev) != 0 || in_dev_accept_local(dev))) common = false;
    }
    // In one store: a program that joins a group comes here while other CPUs route.
    __atomic_store_n(&common_case, common, __ATOMIC_RELAXED);
}

void ip_route_init() {
    rt_init();
    net_ratelimit_init();
    rt_cache_init();
    rt_broadcast.input = rt_multicast.input = ip_local_deliver;
    rt_broadcast.type = RTN_BROADCAST;
    rt_multicast_local.input = rt_multicast_forward.input = ip_mr_input;
    rt_multicast.type = rt_multicast_local.type = rt_multicast_forward.type = RTN_MULTICAST;
    rt_multicast.local = rt_multicast_local.local = true;
    rtable* const failures[] = {&rt_no_route, &rt_not_forwarding, &rt_prohibited, &rt_blackhole};
    for (rtable* rt : failures) {
        rt->input = ip_error;
        rt->type = RTN_UNREACHABLE;
    }
    rt_no_route.error = kErrNetUnreach;
    rt_not_forwarding.error = kErrHostUnreach;
    rt_prohibited.error = kErrProhibit;
    rt_blackhole.error = kErrBlackhole;
    for (u32 ifindex = 1; ifindex <= regs::kMaxDevices; ++ifindex) {
        if (net_device* dev = dev_get_by_index(ifindex)) ip_route_output_dev(dev);
    }
}

}  // namespace fw
