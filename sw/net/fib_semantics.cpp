// SPDX-License-Identifier: Apache-2.0
// What a valid route is (Linux net/ipv4/fib_semantics.c): its checks, its order, its error numbers.
#include "sw/kernel/error.h"
#include "sw/net/fib.h"
#include "sw/net/nexthop_object.h"
#include "sw/wire/ipv4.h"

namespace fw {

using namespace regs::config;

namespace {

/// Narrowest scope that a route may have, by type; routes that stand for an error lead nowhere (Linux fib_props[]).
struct fib_prop {
    u8 scope;
    bool leads_nowhere;
};
constexpr fib_prop fib_props[] = {
    {RT_SCOPE_NOWHERE, false},   // 0: unspecified
    {RT_SCOPE_UNIVERSE, false},  // unicast
    {RT_SCOPE_HOST, false},      // local
    {RT_SCOPE_LINK, false},      // broadcast
    {RT_SCOPE_LINK, false},      // anycast
    {RT_SCOPE_UNIVERSE, false},  // multicast
    {RT_SCOPE_UNIVERSE, true},   // blackhole
    {RT_SCOPE_UNIVERSE, true},   // unreachable
    {RT_SCOPE_UNIVERSE, true},   // prohibit
    {RT_SCOPE_UNIVERSE, true},   // throw
    {RT_SCOPE_HOST, false},      // nat (Linux 2.4)
};
constexpr u8 kTypes = sizeof fib_props / sizeof fib_props[0];

/// A gateway that the administrator vouches for.
int check_onlink_gateway(const fib_config& cfg, const fib_config_nh& nh, rtable_key* key) {
    if (cfg.scope >= RT_SCOPE_LINK) return -err::inval;
    const net_device* dev = dev_get_by_index(nh.oif);
    if (!dev) return -err::nodev;
    if (!(dev->flags & IFF_UP)) return -err::netdown;
    if (inet_addr_type(nh.gateway) != RTN_UNICAST) return -err::inval;
    key->nh_scope = RT_SCOPE_LINK;
    return 0;
}

/// A gateway must be reachable over a route of link scope, which names the device.
int check_gateway(const fib_config& cfg, const fib_config_nh& nh, rtable_key* key) {
    if (nh.onlink) return check_onlink_gateway(cfg, nh, key);
    flowi4 flow{};
    flow.daddr = nh.gateway;
    flow.oif = nh.oif;
    flow.iif = kLoopbackIfindex;
    flow.scope = cfg.scope + 1 > RT_SCOPE_LINK ? static_cast<u8>(cfg.scope + 1) : RT_SCOPE_LINK;
    fib_result found = {nullptr, -err::netunreach, kNoNextHop, nullptr};
    if (cfg.table != RT_TABLE_MAIN) found = fib_table_lookup(cfg.table, flow);
    if (found.err != 0) found = fib_lookup(flow);
    if (found.err != 0) return found.err;
    if (found.route->type != RTN_UNICAST && found.route->type != RTN_LOCAL) return -err::inval;
    const rtable& rt = rt_table[found.nexthop];
    if (!rt.dev) return -err::inval;
    key->oif = rt.key.oif;
    key->nh_scope = found.route->scope;
    return (rt.dev->flags & IFF_UP) ? 0 : -err::netdown;
}

/// The destination itself is on the link.
int check_on_link(const fib_config_nh& nh, rtable_key* key) {
    if (nh.onlink) return -err::inval;
    const net_device* dev = dev_get_by_index(nh.oif);
    if (!dev) return -err::nodev;
    if (!(dev->flags & IFF_UP)) return -err::netdown;
    key->nh_scope = RT_SCOPE_HOST;
    return 0;
}

/// One of our addresses. A local route may name the address that it makes local itself.
bool fib_valid_prefsrc(const fib_config& cfg) {
    if (cfg.type == RTN_LOCAL && cfg.dst != 0 && cfg.prefsrc == cfg.dst) return true;
    return inet_addr_type(cfg.prefsrc) == RTN_LOCAL;
}

/// What all ways of the route have in common.
rtable_key common_key(const fib_config& cfg) {
    rtable_key key{};
    key.prefsrc = cfg.prefsrc;
    key.mtu = cfg.mtu;
    key.mtu_locked = cfg.mtu_locked;
    key.hoplimit = cfg.hoplimit;
    // A group below the route of its own has packets to it sent as multicasts (__mkroute_output).
    const bool group = cfg.type == RTN_UNICAST && wire::ipv4_is_multicast(cfg.dst) && cfg.dst_len >= kLeastGroupPrefix;
    key.type = group ? RTN_MULTICAST : cfg.type;
    key.scope = cfg.scope;
    key.nh_scope = RT_SCOPE_NOWHERE;
    return key;
}

/// One way, checked and taken.
int take_way(const fib_config& cfg, const fib_config_nh& nh, u16* nexthop) {
    rtable_key key = common_key(cfg);
    key.oif = nh.oif;
    key.gateway = nh.gateway;
    key.onlink = nh.onlink;
    const int error = fib_check_nh(cfg, nh, &key);
    if (error != 0) return error;
    *nexthop = rt_get(key);
    return *nexthop == kNoNextHop ? -err::nobufs : 0;
}

int take_multipath(const fib_config& cfg, u16* nexthop) {
    if (cfg.scope == RT_SCOPE_HOST) return -err::inval;
    fib_nh ways[MAX_NEXTHOPS] = {};
    unsigned taken = 0;
    int error = 0;
    for (; taken < cfg.nexthops; ++taken) {
        error = take_way(cfg, cfg.nh[taken], &ways[taken].nexthop);
        if (error != 0) break;
        ways[taken].weight = cfg.nh[taken].weight;
    }
    if (error == 0) {
        *nexthop = rt_get_group(ways, taken);
        if (*nexthop != kNoNextHop) return 0;
        error = -err::nobufs;
    }
    while (taken-- > 0) rt_put(ways[taken].nexthop);
    return error;
}

/// fib_get_nhs: a gateway or device beside next hops must be the first one's.
bool agrees_with_first(const fib_config& cfg) {
    const fib_config_nh& first = cfg.nh[0];
    return (cfg.oif == 0 || cfg.oif == first.oif) && (cfg.gateway == 0 || cfg.gateway == first.gateway);
}

int take_ways(const fib_config& cfg, u16* nexthop) {
    if (cfg.nexthops != 0 && !agrees_with_first(cfg)) return -err::inval;
    if (cfg.nexthops > 1) return take_multipath(cfg, nexthop);
    if (cfg.nexthops == 1) return take_way(cfg, cfg.nh[0], nexthop);
    return take_way(cfg, {cfg.gateway, cfg.oif, 1, cfg.onlink}, nexthop);
}

/// An address to translate to stands where others have a gateway (Linux 2.4 fib_create_info).
int take_nat(const fib_config& cfg, u16* nexthop) {
    if (cfg.gateway == 0 || cfg.oif != 0 || cfg.nexthops != 0) return -err::inval;
    rtable_key key = common_key(cfg);
    key.gateway = cfg.gateway;
    *nexthop = rt_get(key);
    return *nexthop == kNoNextHop ? -err::nobufs : 0;
}

/// By a next-hop object; a route that leads nowhere is bound to it no less.
int take_object(const fib_config& cfg, u16* nexthop) {
    const u16 object = nexthop_find_by_id(cfg.nh_id);
    if (object == kNoObject || cfg.type == RTN_NAT) return -err::inval;
    rtable_key key = common_key(cfg);
    if (fib_props[cfg.type].leads_nowhere) {
        key.object = object;
        *nexthop = rt_get(key);
    } else {
        if (cfg.scope > RT_SCOPE_HOST || fib_check_nexthop(object, cfg.scope) != 0) return -err::inval;
        if (cfg.prefsrc != 0 && !fib_valid_prefsrc(cfg)) return -err::inval;
        *nexthop = nexthop_get(key, object);
    }
    return *nexthop == kNoNextHop ? -err::nobufs : 0;
}

int take_nowhere(const fib_config& cfg, u16* nexthop) {
    if (cfg.gateway != 0 || cfg.oif != 0 || cfg.nexthops != 0) return -err::inval;
    *nexthop = rt_get(common_key(cfg));
    return *nexthop == kNoNextHop ? -err::nobufs : 0;
}

}  // namespace

bool fib_leads_nowhere(u8 type) { return fib_props[type].leads_nowhere; }

int fib_check_nh(const fib_config& cfg, const fib_config_nh& nh, rtable_key* key) {
    if (cfg.scope == RT_SCOPE_HOST) {  // a local address
        if (nh.gateway != 0) return -err::inval;
        key->nh_scope = RT_SCOPE_NOWHERE;
        return dev_get_by_index(nh.oif) ? 0 : -err::nodev;
    }
    return nh.gateway != 0 ? check_gateway(cfg, nh, key) : check_on_link(nh, key);
}

int fib_create_info(const fib_config& cfg, u16* nexthop) {
    if (cfg.type >= kTypes || fib_props[cfg.type].scope > cfg.scope || cfg.nexthops > MAX_NEXTHOPS) return -err::inval;
    if (cfg.nh_id != 0) return take_object(cfg, nexthop);
    if (fib_props[cfg.type].leads_nowhere) return take_nowhere(cfg, nexthop);  // with a source of whatever kind
    if (cfg.type == RTN_NAT) return take_nat(cfg, nexthop);
    if (cfg.scope > RT_SCOPE_HOST) return -err::inval;
    const int error = take_ways(cfg, nexthop);
    if (error == 0 && cfg.prefsrc != 0 && !fib_valid_prefsrc(cfg)) {
        rt_put(*nexthop);
        return -err::inval;
    }
    return error;
}

u8 inet_addr_type(u32 address) {
    if (wire::ipv4_is_zeronet(address) || wire::ipv4_is_lbcast(address)) return RTN_BROADCAST;
    if (wire::ipv4_is_multicast(address)) return RTN_MULTICAST;
    flowi4 flow{};
    flow.daddr = address;
    const fib_result found = fib_table_lookup(RT_TABLE_LOCAL, flow);
    return found.err == 0 ? found.route->type : RTN_UNICAST;
}

}  // namespace fw
