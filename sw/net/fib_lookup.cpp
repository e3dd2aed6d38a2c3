// SPDX-License-Identifier: Apache-2.0
// Exact lookups, by all that routes can be told apart by (Linux net/ipv4/fib_trie.c, fib_table_lookup;
// include/net/ip_fib.h, fib_lookup; net/ipv4/fib_semantics.c, fib_select_path).
#include "sw/kernel/error.h"
#include "sw/net/fib.h"
#include "sw/net/fib_rules.h"
#include "sw/net/multipath.h"

namespace fw {

using namespace regs::config;

namespace {

/// `table` as a lookup in `view` sees it.
bool in_view(u32 table, u32 view, bool merged) {
    if (table == view) return true;
    return merged && view == RT_TABLE_MAIN && table == RT_TABLE_LOCAL;
}

/// fib_lookup_good_nhc: the way of the route that the lookup may take; kNoNextHop: none.
u16 good_way(const fib_alias& route, u32 oif) {
    const rtable& rt = rt_table[route.nexthop];
    if (rt.key.group == 0) return oif == 0 || rt.key.oif == oif ? route.nexthop : kNoNextHop;
    if (oif == 0) return route.nexthop;
    const nexthop_group& group = rt_group(rt);
    for (unsigned i = 0; i < group.count; ++i) {
        const fib_nh& nh = group.nh[i];
        if (!nh.dead && rt_table[nh.nexthop].key.oif == oif) return nh.nexthop;
    }
    return kNoNextHop;
}

bool is_error(const fib_alias& route) { return route.type == RTN_THROW || rt_table[route.nexthop].error != 0; }

}  // namespace

const fib_alias* fib_find_usable(u32 dst, unsigned len, u32 table, const flowi4& flow, bool merged, u16* nexthop) {
    for (const fib_alias* route = fib_chain(dst, len); route; route = fib_chain_next(route)) {
        if (route->dst != dst || route->len != len || !in_view(route->table, table, merged)) continue;
        if (route->tos != 0 && route->tos != (flow.tos & kTosRouteMask)) continue;
        if (route->scope < flow.scope) continue;
        *nexthop = is_error(*route) ? route->nexthop : good_way(*route, flow.oif);
        if (*nexthop != kNoNextHop) return route;
        if (rt_table[route->nexthop].key.object != 0) break;  // as if it were the prefix's last (fib_table_lookup)
    }
    return nullptr;
}

fib_result fib_table_lookup(u32 table, const flowi4& flow) {
    const bool merged = !fib_has_custom_rules;
    const u32 view = merged && table == RT_TABLE_LOCAL ? RT_TABLE_MAIN : table;
    for (unsigned len = 33; len-- > 0;) {
        if (!fib_length_in_use(len)) continue;
        u16 nexthop = kNoNextHop;
        const fib_alias* route = fib_find_usable(flow.daddr & inet_make_mask(len), len, view, flow, merged, &nexthop);
        if (!route) continue;
        if (route->type == RTN_THROW) break;
        return {route, -rt_table[route->nexthop].error, nexthop, nullptr};
    }
    return {nullptr, -kErrAgain, kNoNextHop, nullptr};
}

fib_result fib_lookup(const flowi4& flow) {
    if (fib_has_custom_rules) return fib_rules_lookup(flow);
    fib_result result = fib_table_lookup(RT_TABLE_MAIN, flow);
    if (result.err != 0 && fib_default_in_use()) result = fib_table_lookup(RT_TABLE_DEFAULT, flow);
    if (result.err == -kErrAgain) result.err = -err::netunreach;
    return result;
}

void fib_select_path(fib_result* found, const flowi4& flow, const sk_buff* skb) {
    if (flow.oif != 0) return;
    if (rt_table[found->nexthop].key.group == 0) {
        if (!skb) fib_select_default(found, flow);
        return;
    }
    const u32 saddr = skb ? 0 : flow.saddr;  // whose packets have no address of ours to prefer
    found->nexthop = fib_select_multipath(found->nexthop, fib_multipath_hash(flow, skb ? skb : flow.about), saddr);
}

}  // namespace fw
