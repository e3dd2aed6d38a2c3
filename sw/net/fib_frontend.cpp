// SPDX-License-Identifier: Apache-2.0
// Routes that somebody asks for, and those that follow from addresses and links (Linux net/ipv4/fib_frontend.c).
#include "sw/kernel/error.h"
#include "sw/net/devinet.h"
#include "sw/net/fib.h"
#include "sw/net/neighbour.h"
#include "sw/net/net.h"
#include "sw/wire/ipv4.h"

namespace fw {

using namespace regs::config;

namespace {

/// A route as the kernel makes it for one of its addresses (fib_magic).
fib_config fib_magic(u8 type, u32 dst, u8 dst_len, const in_ifaddr* primary) {
    fib_config cfg;
    cfg.dst = dst;
    cfg.dst_len = dst_len;
    cfg.type = type;
    cfg.scope = type == RTN_LOCAL ? RT_SCOPE_HOST : RT_SCOPE_LINK;
    cfg.table = type == RTN_UNICAST ? RT_TABLE_MAIN : RT_TABLE_LOCAL;
    cfg.oif = primary->dev->ifindex;
    cfg.prefsrc = primary->local;
    cfg.protocol = RTPROT_KERNEL;
    cfg.append = true;
    return cfg;
}

bool is_up(const net_device* dev) { return (dev->flags & IFF_UP) != 0; }

/// The primary address of a secondary's subnet (inet_ifa_byprefix).
const in_ifaddr* primary_of(const in_ifaddr* ifa) {
    if (!ifa->secondary) return ifa;
    for (const in_ifaddr* other = inet_ifa_list(ifa->dev); other; other = other->next) {
        if (!other->secondary && other->mask == ifa->mask && inet_ifa_match(ifa->address, other)) return other;
    }
    return ifa;
}

constexpr unsigned kMaxRoutesOfAddress = 4;

struct address_routes {
    fib_config cfg[kMaxRoutesOfAddress];
    unsigned count = 0;
    void add(const fib_config& one) { cfg[count++] = one; }
};

/// The routes that an address calls for while its device is up (fib_add_ifaddr): the local one comes first, and stays
/// when the device is down.
address_routes routes_of(const in_ifaddr* ifa, const in_ifaddr* primary) {
    address_routes routes;
    routes.add(fib_magic(RTN_LOCAL, ifa->local, 32, primary));
    if (ifa->broadcast != 0 && ifa->broadcast != 0xFFFFFFFF) {
        routes.add(fib_magic(RTN_BROADCAST, ifa->broadcast, 32, primary));
    }
    const u32 prefix = ifa->address & ifa->mask;
    if (wire::ipv4_is_zeronet(prefix) || ifa->secondary || (prefix == ifa->local && ifa->prefixlen == 32))
        return routes;
    const u8 type = (ifa->dev->flags & kIffLoopback) ? RTN_LOCAL : RTN_UNICAST;
    if (!ifa->noprefixroute) {
        fib_config subnet = fib_magic(type, prefix, ifa->prefixlen, primary);
        subnet.metric = ifa->metric;
        routes.add(subnet);
    }
    if (ifa->prefixlen < 31) routes.add(fib_magic(RTN_BROADCAST, prefix | ~ifa->mask, 32, primary));
    return routes;
}

bool same_route(const fib_config& a, const fib_config& b) {
    return a.dst == b.dst && a.dst_len == b.dst_len && a.type == b.type && a.prefsrc == b.prefsrc &&
           a.metric == b.metric;
}

/// Another address of the device calls for the same route.
bool still_wanted(const fib_config& route, const in_ifaddr* gone) {
    for (const in_ifaddr* ifa = inet_ifa_list(gone->dev); ifa; ifa = ifa->next) {
        const address_routes routes = routes_of(ifa, primary_of(ifa));
        for (unsigned i = 0; i < routes.count; ++i) {
            if (same_route(routes.cfg[i], route)) return true;
        }
    }
    return false;
}

bool prefers_source(const fib_alias& route, u32 address) { return rt_table[route.nexthop].key.prefsrc == address; }
bool uses_device(const fib_alias& route, u32 ifindex) { return rt_leads_only_to(rt_table[route.nexthop], ifindex); }
/// Local addresses answer on other links even while their own is down.
bool uses_device_and_is_not_local(const fib_alias& route, u32 ifindex) {
    return uses_device(route, ifindex) && rt_table[route.nexthop].key.nh_scope != RT_SCOPE_NOWHERE;
}

}  // namespace

int fib_add_ifaddr(const in_ifaddr* ifa) {
    const address_routes routes = routes_of(ifa, primary_of(ifa));
    const unsigned count = is_up(ifa->dev) ? routes.count : 1;
    bool added[kMaxRoutesOfAddress] = {};
    for (unsigned i = 0; i < count; ++i) {
        const int error = fib_table_insert(routes.cfg[i]);
        if (error == -err::nospc || error == -err::nobufs) {
            while (i-- > 0) {
                if (added[i]) fib_table_delete(routes.cfg[i]);
            }
            return error;
        }
        added[i] = error == 0;  // else it was there
    }
    if (is_up(ifa->dev)) rt_groups_up(ifa->dev->ifindex);
    return 0;
}

void fib_del_ifaddr(const in_ifaddr* ifa) {
    const address_routes routes = routes_of(ifa, primary_of(ifa));
    for (unsigned i = routes.count; i-- > 0;) {
        if (!still_wanted(routes.cfg[i], ifa)) fib_table_delete(routes.cfg[i]);
    }
    if (inet_addr_type(ifa->local) != RTN_LOCAL) fib_flush(prefers_source, ifa->local);
    if (!inet_ifa_list(ifa->dev)) fib_disable_ip(ifa->dev, true);
}

int fib_netdev_up(net_device* dev) {
    ip_route_output_dev(dev);
    ip_route_input_changed();
    for (const in_ifaddr* ifa = inet_ifa_list(dev); ifa; ifa = ifa->next) {
        const int error = fib_add_ifaddr(ifa);
        if (error != 0) return error;
    }
    rt_groups_up(dev->ifindex);
    return 0;
}

void fib_disable_ip(net_device* dev, bool force) {
    rt_groups_down(dev->ifindex, force);
    fib_flush(force ? uses_device : uses_device_and_is_not_local, dev->ifindex);
    neigh_ifdown(dev);
}

namespace {

constexpr u32 kMostRouteMtu = 65535 - 15;  // ip_metrics_convert, net/ipv4/metrics.c

/// What messages that add and that delete have in common.
template <typename Message>
fib_config config_of(const Message& message) {
    fib_config cfg;
    cfg.dst = message.destination;
    cfg.dst_len = message.prefixlen;
    cfg.tos = message.tos;
    cfg.type = message.type;
    cfg.scope = message.scope;
    cfg.protocol = message.protocol;
    cfg.table = message.table != 0 ? message.table : RT_TABLE_MAIN;
    cfg.gateway = message.gateway;
    cfg.oif = message.oif;
    cfg.prefsrc = message.prefsrc;
    cfg.metric = message.metric;
    cfg.mtu = message.mtu;
    cfg.nh_id = message.nhid;
    cfg.nexthops = message.nexthops;
    for (unsigned i = 0; i < cfg.nexthops && i < MAX_NEXTHOPS; ++i) {
        cfg.nh[i] = {message.nh_gateway[i], message.nh_oif[i], static_cast<u16>(message.nh_weight[i] + 1), false};
    }
    return cfg;
}

}  // namespace

int inet_route_add(const msg::RouteAdd& message) {
    fib_config cfg = config_of(message);
    if (cfg.nexthops > MAX_NEXTHOPS) return -err::inval;
    if (cfg.type == 0) cfg.type = RTN_UNICAST;
    if (cfg.mtu > kMostRouteMtu) cfg.mtu = kMostRouteMtu;
    cfg.mtu_locked = message.mtu_locked != 0;
    cfg.hoplimit = message.hoplimit;
    cfg.onlink = message.onlink != 0;
    cfg.replace = message.replace != 0;
    cfg.change = message.change != 0;
    cfg.append = message.append != 0;
    cfg.prepend = message.prepend != 0;
    for (unsigned i = 0; i < cfg.nexthops; ++i) cfg.nh[i].onlink = message.nh_onlink[i] != 0;
    const int error = fib_table_insert(cfg);
    if (error == 0 && cfg.type == RTN_LOCAL) {
        fib_has_custom_local_routes = true;
        ip_route_input_changed();
    }
    return error;
}

int inet_route_del(const msg::RouteDel& message) {
    return message.nexthops > MAX_NEXTHOPS ? -err::inval : fib_table_delete(config_of(message));
}

}  // namespace fw
