// SPDX-License-Identifier: Apache-2.0
// What a valid route is (Linux net/ipv4/fib_semantics.c): its checks, its order, its error numbers.
#include "sw/kernel/error.h"
#include "sw/net/fib.h"
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
};
constexpr u8 kTypes = sizeof fib_props / sizeof fib_props[0];

/// A gateway that the administrator vouches for.
int check_onlink_gateway(const fib_config& cfg, rtable_key* key) {
    if (cfg.scope >= RT_SCOPE_LINK) return -err::inval;
    const net_device* dev = dev_get_by_index(cfg.oif);
    if (!dev) return -err::nodev;
    if (!(dev->flags & IFF_UP)) return -err::netdown;
    if (inet_addr_type(cfg.gateway) != RTN_UNICAST) return -err::inval;
    key->nh_scope = RT_SCOPE_LINK;
    return 0;
}

/// A gateway must be reachable over a route of link scope, which names the device.
int check_gateway(const fib_config& cfg, rtable_key* key) {
    if (cfg.onlink) return check_onlink_gateway(cfg, key);
    const u8 wanted = cfg.scope + 1 > RT_SCOPE_LINK ? static_cast<u8>(cfg.scope + 1) : RT_SCOPE_LINK;
    fib_result found = {nullptr, -err::netunreach};
    if (cfg.table != RT_TABLE_MAIN) found = fib_table_lookup(cfg.table, cfg.gateway, wanted, cfg.oif);
    if (found.err != 0) found = fib_lookup(cfg.gateway, wanted, cfg.oif);
    if (found.err != 0) return found.err;
    if (found.route->type != RTN_UNICAST && found.route->type != RTN_LOCAL) return -err::inval;
    const rtable& rt = rt_table[found.route->nexthop];
    if (!rt.dev) return -err::inval;
    key->oif = rt.key.oif;
    key->nh_scope = found.route->scope;
    return (rt.dev->flags & IFF_UP) ? 0 : -err::netdown;
}

/// The destination itself is on the link.
int check_on_link(const fib_config& cfg, rtable_key* key) {
    if (cfg.onlink) return -err::inval;
    const net_device* dev = dev_get_by_index(cfg.oif);
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

int check_next_hop(const fib_config& cfg, rtable_key* key) {
    if (cfg.scope == RT_SCOPE_HOST) {  // a local address
        if (cfg.gateway != 0) return -err::inval;
        key->nh_scope = RT_SCOPE_NOWHERE;
        return dev_get_by_index(cfg.oif) ? 0 : -err::nodev;
    }
    return cfg.gateway != 0 ? check_gateway(cfg, key) : check_on_link(cfg, key);
}

}  // namespace

int fib_create_info(const fib_config& cfg, rtable_key* key) {
    if (cfg.type >= kTypes || fib_props[cfg.type].scope > cfg.scope) return -err::inval;
    *key = {cfg.oif, cfg.gateway, cfg.prefsrc, cfg.type, cfg.scope, RT_SCOPE_NOWHERE, cfg.onlink};
    if (fib_props[cfg.type].leads_nowhere) {
        if (cfg.gateway != 0 || cfg.oif != 0) return -err::inval;
    } else {
        if (cfg.scope > RT_SCOPE_HOST) return -err::inval;
        const int error = check_next_hop(cfg, key);
        if (error != 0) return error;
    }
    return cfg.prefsrc != 0 && !fib_valid_prefsrc(cfg) ? -err::inval : 0;
}

u8 inet_addr_type(u32 address) {
    if (wire::ipv4_is_zeronet(address) || wire::ipv4_is_lbcast(address)) return RTN_BROADCAST;
    if (wire::ipv4_is_multicast(address)) return RTN_MULTICAST;
    const fib_result found = fib_table_lookup(RT_TABLE_LOCAL, address, RT_SCOPE_ANY, 0);
    return found.err == 0 ? found.route->type : RTN_UNICAST;
}

}  // namespace fw
