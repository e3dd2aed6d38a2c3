// SPDX-License-Identifier: Apache-2.0
// The routing tables: a hash of prefixes, every chain in the order in which lookups prefer (Linux
// net/ipv4/fib_trie.c, fib_table_insert and its neighbours).
//
// As long as there are no policy rules, Linux keeps `local` and `main` in one trie: the longest prefix wins whatever
// its table, and `local` goes first among equals. These are in the trie of fib_trie.cpp. `default`, which only counts
// where both have nothing, and numbered tables, which only rules lead to, are not.
#include "sw/kernel/error.h"
#include "sw/kernel/sysctl.h"
#include "sw/net/fib.h"
#include "sw/net/fib_rules.h"
#include "sw/net/nexthop_object.h"

namespace fw {

using namespace regs::config;

bool fib_has_custom_local_routes = false;
bool fib_has_custom_rules = false;

namespace {

constexpr unsigned kBucketBits = 16;
constexpr u32 kEnd = ~u32{0};

constinit fib_alias pool[kMaxRoutes] = {};
constinit u32 buckets[1U << kBucketBits] = {};
constinit u32 free_list = kEnd;
/// Behind the last entry of the pool that was ever used.
constinit u32 pool_end = 0;
/// Routes by prefix length, so that lookups leave out lengths that nobody uses.
constinit u32 routes_of_length[33] = {};
/// Tables that have ever had a route asked for; `local` and `main` are there from the start.
constinit u32 tables[kMaxTables] = {};
constinit unsigned table_count = 0;

u32& bucket_of(u32 dst, unsigned len) {
    return buckets[((dst ^ (len << 27) ^ (len << 3)) * 0x9E3779B1U) >> (32 - kBucketBits)];
}

bool same_prefix(const fib_alias& route, u32 dst, unsigned len) { return route.dst == dst && route.len == len; }

bool is_in_trie(u32 table) { return table == RT_TABLE_MAIN || table == RT_TABLE_LOCAL; }

bool goes_before(const fib_alias& at, const fib_alias& route) {
    if (at.table != route.table) return at.table > route.table;
    if (at.tos != route.tos) return at.tos > route.tos;
    return at.metric <= route.metric;
}

/// Where a new route is linked in: behind all that go before it or are its equals.
u32* place_for(const fib_alias& route) {
    u32* link = &bucket_of(route.dst, route.len);
    for (; *link != kEnd; link = &pool[*link].next) {
        if (same_prefix(pool[*link], route.dst, route.len) && !goes_before(pool[*link], route)) break;
    }
    return link;
}

bool equal_in_rank(const fib_alias& a, const fib_alias& b) {
    return same_prefix(a, b.dst, b.len) && a.table == b.table && a.tos == b.tos && a.metric == b.metric;
}

/// First route of this prefix, table, TOS and metric.
u32* find_alias(const fib_alias& route) {
    u32* link = &bucket_of(route.dst, route.len);
    while (*link != kEnd && !equal_in_rank(pool[*link], route)) link = &pool[*link].next;
    return *link == kEnd ? nullptr : link;
}

/// The trie follows: the prefix's winner may be another one now.
int winner_changed(u32 dst, unsigned len, u32 table) {
    return is_in_trie(table) ? fib_trie_update(dst, len, fib_winner(dst, len)) : 0;
}

/// An entry of the pool; kEnd: there is none left.
u32 take_entry() {
    const u32 index = free_list;
    if (index == kEnd) return pool_end == kMaxRoutes ? kEnd : pool_end++;
    free_list = pool[index].next;
    return index;
}

void free_entry(u32 index) {
    pool[index].used = 0;
    pool[index].next = free_list;
    free_list = index;
}

/// Links `route` in at `link`; 0, or -errno with nothing changed.
int link_route(u32* link, const fib_alias& route) {
    const u32 index = take_entry();
    if (index == kEnd) return -err::nobufs;
    pool[index] = route;
    pool[index].used = 1;
    pool[index].next = *link;
    *link = index;
    const int error = winner_changed(route.dst, route.len, route.table);
    if (error != 0) {
        *link = pool[index].next;
        free_entry(index);
        return error;
    }
    ++routes_of_length[route.len];
    rt_genid_bump();
    return 0;
}

void unlink_route(u32* link) {
    const u32 index = *link;
    const fib_alias gone = pool[index];
    *link = gone.next;
    free_entry(index);
    --routes_of_length[gone.len];
    // The next route of the prefix may need room for a next hop of its own.
    if (winner_changed(gone.dst, gone.len, gone.table) != 0) fib_trie_ask_software();
    rt_put(gone.nexthop);
    rt_genid_bump();
}

/// NLM_F_REPLACE: the first route of the prefix, table, TOS and metric takes the new next hop.
int replace_route(u32* first, const fib_alias& route) {
    fib_alias& old = pool[*first];
    if (old.nexthop == route.nexthop && old.protocol == route.protocol) {
        rt_put(route.nexthop);
        return 0;
    }
    const fib_alias before = old;
    old.nexthop = route.nexthop;
    old.protocol = route.protocol;
    old.type = route.type;
    old.scope = route.scope;
    const int error = winner_changed(route.dst, route.len, route.table);
    if (error != 0) {
        old = before;
        return error;
    }
    rt_put(before.nexthop);
    rt_genid_bump();
    return 0;
}

bool same_way(const fib_alias& a, const fib_alias& b) { return a.nexthop == b.nexthop && a.protocol == b.protocol; }

/// The same route once more, from `first` on.
bool is_there(u32* first, const fib_alias& route) {
    for (u32 at = *first; at != kEnd; at = pool[at].next) {
        if (equal_in_rank(pool[at], route) && same_way(pool[at], route)) return true;
    }
    return false;
}

int insert(const fib_config& cfg, const fib_alias& route) {
    u32* first = find_alias(route);
    if (!first) return cfg.change ? -err::noent : link_route(place_for(route), route);
    if (cfg.replace) {
        if (!same_way(pool[*first], route) && is_there(first, route)) return -err::exist;
        return replace_route(first, route);
    }
    if (!(cfg.append || cfg.prepend) || is_there(first, route)) return -err::exist;
    return link_route(cfg.append ? place_for(route) : first, route);
}

/// fib_nh_match: a route by an object goes by the object's id alone.
bool same_object(const fib_config& cfg, const rtable& rt) {
    if (cfg.nh_id != 0) return rt.key.object != kNoObject && nexthop_find_by_id(cfg.nh_id) == rt.key.object;
    return rt.key.object == kNoObject || (cfg.oif == 0 && cfg.gateway == 0 && cfg.nexthops == 0);
}

/// fib_nh_match for several ways: all of the route's, in their order.
bool same_nexthops(const fib_config& cfg, const rtable& rt) {
    if (cfg.nexthops == 0) return true;
    if (rt.key.group == 0) return false;
    const nexthop_group& group = rt_group(rt);
    if (cfg.nexthops < group.count) return false;
    for (unsigned i = 0; i < group.count; ++i) {
        const rtable_key& key = rt_table[group.nh[i].nexthop].key;
        if (cfg.nh[i].oif != 0 && cfg.nh[i].oif != key.oif) return false;
        if (cfg.nh[i].gateway != 0 && cfg.nh[i].gateway != key.gateway) return false;
    }
    return true;
}

bool wanted(const fib_config& cfg, const fib_alias& route) {
    const rtable& rt = rt_table[route.nexthop];
    return route.table == cfg.table && route.tos == cfg.tos && (cfg.type == 0 || route.type == cfg.type) &&
           (cfg.scope == RT_SCOPE_NOWHERE || route.scope == cfg.scope) &&
           (cfg.prefsrc == 0 || rt.key.prefsrc == cfg.prefsrc) && (cfg.metric == 0 || route.metric == cfg.metric) &&
           (cfg.protocol == 0 || route.protocol == cfg.protocol) && (cfg.mtu == 0 || rt.key.mtu == cfg.mtu) &&
           (cfg.oif == 0 || rt.key.oif == cfg.oif) && (cfg.gateway == 0 || rt.key.gateway == cfg.gateway) &&
           same_object(cfg, rt) && same_nexthops(cfg, rt);
}

/// rtm_to_fib_config: no ECN bits in the TOS, and an object or next hops. fib_valid_key_len: no bits behind the prefix.
bool valid(const fib_config& cfg) {
    constexpr u8 kEcnBits = 3;
    if (cfg.nh_id != 0 && (cfg.gateway != 0 || cfg.oif != 0 || cfg.nexthops != 0)) return false;
    return cfg.dst_len <= 32 && (cfg.dst & ~inet_make_mask(cfg.dst_len)) == 0 && (cfg.tos & kEcnBits) == 0;
}

bool prefix_is_meant(const Flush& which, const fib_alias& route) {
    const bool within = ((route.dst ^ which.destination) & inet_make_mask(which.prefixlen)) == 0;
    switch (which.prefix_match) {
        case MATCH_ANY:
            return true;
        case MATCH_ROOT:
            return route.len >= which.prefixlen && within;
        case MATCH_WIDER:
            return route.len <= which.prefixlen && ((route.dst ^ which.destination) & inet_make_mask(route.len)) == 0;
        default:
            return route.len == which.prefixlen && within;
    }
}

/// Of several ways none has a device of its own.
bool is_meant(const Flush& which, const fib_alias& route) {
    const rtable_key& key = rt_table[route.nexthop].key;
    const u8 listed = key.reject ? RTN_BLACKHOLE : route.type;
    return (which.table == 0 || route.table == which.table) && (which.type == 0 || listed == which.type) &&
           (which.protocol == 0 || route.protocol == which.protocol) &&
           (which.ifindex == 0 || (key.oif == which.ifindex && key.group == 0)) && prefix_is_meant(which, route);
}

/// What the kernel says to iproute2, which deletes routes in the words in which they are listed: of one by an object
/// they name object and way at once, unless nexthop_compat_mode is off, and of one by a blackhole a type that it has
/// not.
int deletion_of_listed(const rtable_key& key) {
    if (key.object == kNoObject) return 0;
    if (sysctl(SysctlId::nexthop_compat_mode) != 0) return -err::inval;
    return key.reject ? -err::srch : 0;
}

const fib_alias* route_at(u32 index) { return index == kEnd ? nullptr : &pool[index]; }

/// What leads to an entry in its hash chain.
u32* link_to(u32 index) {
    u32* link = &bucket_of(pool[index].dst, pool[index].len);
    while (*link != index) link = &pool[*link].next;
    return link;
}

}  // namespace

void fib_init() {
    for (u32& head : buckets) head = kEnd;
    for (u32& count : routes_of_length) count = 0;
    free_list = kEnd;
    for (u32 i = 0; i < pool_end; ++i) pool[i].used = 0;
    pool_end = 0;
    table_count = 0;
    fib_has_custom_local_routes = false;
    fib_has_custom_rules = false;
    fib_trie_init();
    fib_rules_init();
    nexthop_init();
}

int fib_table_insert(const fib_config& cfg) {
    if (!valid(cfg)) return -err::inval;
    if (!fib_new_table(cfg.table)) return -err::nobufs;
    u16 nexthop = kNoNextHop;
    int error = fib_create_info(cfg, &nexthop);
    if (error != 0) return error;
    fib_alias route = {};
    route.dst = cfg.dst;
    route.len = cfg.dst_len;
    route.table = cfg.table;
    route.tos = cfg.tos;
    route.metric = cfg.metric;
    route.type = cfg.type & 0xF;  // fib_create_info knows no greater ones
    route.scope = cfg.scope;
    route.protocol = cfg.protocol;
    route.last_choice = -1;
    route.nexthop = nexthop;
    error = insert(cfg, route);
    if (error != 0) rt_put(nexthop);
    return error;
}

int fib_table_delete(const fib_config& cfg) {
    if (!valid(cfg)) return -err::inval;
    for (u32* link = &bucket_of(cfg.dst, cfg.dst_len); *link != kEnd; link = &pool[*link].next) {
        if (!same_prefix(pool[*link], cfg.dst, cfg.dst_len) || !wanted(cfg, pool[*link])) continue;
        unlink_route(link);
        return 0;
    }
    return -err::srch;
}

const fib_alias* fib_chain(u32 dst, unsigned len) { return route_at(bucket_of(dst, len)); }

const fib_alias* fib_chain_next(const fib_alias* route) { return route_at(route->next); }

bool fib_length_in_use(unsigned len) { return routes_of_length[len] != 0; }

void fib_flush(bool (*dead)(const fib_alias& route, u32 argument), u32 argument) {
    for (u32 i = 0; i < pool_end; ++i) {
        if (pool[i].used && dead(pool[i], argument)) unlink_route(link_to(i));
    }
}

int fib_table_flush(const Flush& which) {
    if (which.table != 0 && !fib_table_exists(which.table)) return -err::noent;  // inet_dump_fib
    int error = 0;
    for (u32 i = 0; i < pool_end; ++i) {
        if (!pool[i].used || !is_meant(which, pool[i])) continue;
        const int one = deletion_of_listed(rt_table[pool[i].nexthop].key);
        if (one == 0) unlink_route(link_to(i));
        if (error == 0) error = one;
    }
    return error;
}

bool fib_table_exists(u32 id) {
    if (is_in_trie(id)) return true;
    for (unsigned i = table_count; i-- > 0;) {
        if (tables[i] == id) return true;
    }
    return false;
}

bool fib_new_table(u32 id) {
    if (fib_table_exists(id)) return true;
    if (table_count == kMaxTables) return false;
    tables[table_count++] = id;
    return true;
}

u32 fib_empty_table() {
    u32 id = 1;
    while (fib_table_exists(id)) ++id;
    return fib_new_table(id) ? id : 0;
}

const fib_alias* fib_next(const fib_alias* route) {
    const fib_alias* at = route ? route + 1 : pool;
    while (at != pool + pool_end && !at->used) ++at;
    return at == pool + pool_end ? nullptr : at;
}

const fib_alias* fib_winner(u32 dst, unsigned len) {
    // What the trie can't tell apart, TOS, the value of its entry leaves to software.
    for (const fib_alias* route = fib_chain(dst, len); route; route = fib_chain_next(route)) {
        if (same_prefix(*route, dst, len) && is_in_trie(route->table)) return route;
    }
    return nullptr;
}

}  // namespace fw
