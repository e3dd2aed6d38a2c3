// SPDX-License-Identifier: Apache-2.0
// Sources and destinations that cannot be (RFC 1812 5.3.7, 5.3.8; Linux net/ipv4/fib_frontend.c, fib_validate_source;
// net/ipv4/route.c, ip_handle_martian_source).
#include "sw/kernel/printk.h"
#include "sw/net/devinet.h"
#include "sw/net/fib.h"
#include "sw/net/fib_rules.h"
#include "sw/net/inetdevice.h"
#include "sw/net/ip.h"
#include "sw/net/net_ratelimit.h"
#include "sw/net/route_input.h"

namespace fw {

using namespace regs::config;

namespace {

/// rp_filter 1: the way back must lead out of the device that the packet came in by (RFC 3704 2.2).
constexpr i64 kStrict = 1;

/// A lookup for the way back.
flowi4 reverse_flow(const route_query& query, u32 daddr, u32 oif) {
    flowi4 flow{};
    flow.daddr = query.flow.saddr;
    flow.saddr = daddr;
    flow.iif = oif != 0 ? oif : kLoopbackIfindex;
    flow.tos = query.flow.tos;
    flow.mark = in_dev_src_vmark(query.dev) ? query.flow.mark : 0;
    flow.proto = query.flow.proto;
    flow.sport = query.flow.dport;
    flow.dport = query.flow.sport;
    return flow;
}

/// The first way of the route that lives.
const rtable& first_way(const fib_result& found) {
    const rtable& rt = rt_table[found.nexthop];
    if (rt.key.group == 0) return rt;
    const nexthop_group& group = rt_group(rt);
    unsigned i = 0;
    while (i + 1 < group.count && group.nh[i].dead) ++i;
    return rt_table[group.nh[i].nexthop];
}

/// fib_info_nh_uses_dev.
bool leads_out_of(const fib_result& found, const net_device* dev) {
    const rtable& rt = rt_table[found.nexthop];
    if (rt.key.group == 0) return rt.dev == dev;
    const nexthop_group& group = rt_group(rt);
    for (unsigned i = 0; i < group.count; ++i) {
        if (rt_table[group.nh[i].nexthop].dev == dev) return true;
    }
    return false;
}

int on_link_or_not(const fib_result& found) {
    return first_way(found).key.nh_scope >= RT_SCOPE_HOST ? kSourceOnLink : kSourceOk;
}

int full_check(const route_query& query, u32 daddr, u32 oif, i64 rp_filter) {
    const net_device* dev = query.dev;
    flowi4 flow = reverse_flow(query, daddr, oif);
    const fib_result back = fib_lookup(flow);
    const int last_resort = rp_filter != 0 ? kSourceRpFilter : kSourceOk;
    if (back.err != 0) return last_resort;
    const bool local = back.route->type == RTN_LOCAL;
    if (back.route->type != RTN_UNICAST && !(local && in_dev_accept_local(dev))) return kSourceMartian;
    if (leads_out_of(back, dev) || (local && (dev->flags & kIffLoopback) != 0)) return on_link_or_not(back);
    if (!inet_ifa_list(dev)) return last_resort;
    if (rp_filter == kStrict) return kSourceRpFilter;
    flow.oif = dev->ifindex;
    const fib_result here = fib_lookup(flow);
    return here.err == 0 && here.route->type == RTN_UNICAST ? on_link_or_not(here) : kSourceOk;
}

constexpr char kHex[] = "0123456789abcdef";

/// RFC 1812 5.3.8: of a martian source the link header is the only hint. In the form of Linux's print_hex_dump.
void log_link_header(const sk_buff* skb, const net_device* dev) {
    char text[3 * wire::kEthHeaderBytes];
    const u8* header = skb->head + skb->mac_header;
    for (unsigned i = 0; i < dev->hard_header_len; ++i) {
        text[3 * i] = kHex[header[i] >> 4];
        text[3 * i + 1] = kHex[header[i] & 15];
        text[3 * i + 2] = ' ';
    }
    text[3 * dev->hard_header_len - 1] = '\0';
    printk(KERN_WARNING, "ll header: 00000000: %s\n", text);
}

}  // namespace

int fib_validate_source(const route_query& query, u32 daddr, u32 oif) {
    const i64 rp_filter = in_dev_rpfilter(query.dev);
    if (rp_filter == 0 && (query.dev->ifindex != oif || !in_dev_tx_redirects(query.dev))) {
        if (in_dev_accept_local(query.dev)) return kSourceOk;
        if (!fib_has_custom_local_routes && !fib_has_custom_rules) {
            return inet_is_own_address(query.flow.saddr) ? kSourceMartian : kSourceOk;
        }
    }
    return full_check(query, daddr, oif, rp_filter);
}

bool inet_addr_onlink(const net_device* dev, u32 a, u32 b) {
    for (const in_ifaddr* ifa = inet_ifa_list(dev); ifa; ifa = ifa->next) {
        if (!ifa->secondary && inet_ifa_match(a, ifa) && (b == 0 || inet_ifa_match(b, ifa))) return true;
    }
    return false;
}

rtable* ip_handle_martian_source(route_query* query, int verdict) {
    snmp_inc(Snmp::RtCacheInMartianSrc);
    const net_device* dev = query->dev;
    if (in_dev_log_martians(dev) && net_ratelimit()) {
        printk(KERN_WARNING, "martian source %pI4 from %pI4, on dev %s\n", &query->flow.daddr, &query->flow.saddr,
               dev->name);
        if (dev->hard_header_len != 0) log_link_header(query->skb, dev);
    }
    return query->refuse(fate_of_source(verdict));
}

rtable* martian_destination(route_query* query) {
    snmp_inc(Snmp::RtCacheInMartianDst);
    if (in_dev_log_martians(query->dev) && net_ratelimit()) {
        printk(KERN_WARNING, "martian destination %pI4 from %pI4, dev %s\n", &query->flow.daddr, &query->flow.saddr,
               query->dev->name);
    }
    return query->refuse(Fate::martian);
}

}  // namespace fw
