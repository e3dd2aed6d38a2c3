// SPDX-License-Identifier: Apache-2.0
// The routing tables: a hash of prefixes, every chain in the order in which lookups prefer (Linux
// net/ipv4/fib_trie.c, fib_table_insert and its neighbours).
//
// As long as there are no policy rules, Linux keeps `local` and `main` in one trie: the longest prefix wins whatever
// its table, and `local` goes first among equals. Only where both have nothing does `default` count. So the trie has
// two tiers; numbered tables, which only rules lead to, are not in it.
#include "sw/kernel/error.h"
#include "sw/net/fib.h"
#include "sw/net/fib_rules.h"

namespace fw {

using namespace regs::config;

bool fib_has_custom_local_routes = false;
bool fib_has_custom_rules = false;

namespace {

constexpr unsigned kBuckets = 8192;
constexpr u16 kEnd = 0xFFFF;
static_assert(kMaxRoutes < kEnd);

constinit fib_alias pool[kMaxRoutes] = {};
constinit u16 buckets[kBuckets] = {};
constinit u16 free_list = kEnd;
/// Routes by prefix length, so that lookups leave out lengths that nobody uses.
constinit u32 routes_of_length[33] = {};
constinit u32 routes_in_default = 0;
constinit bool default_created = false;

u16& bucket_of(u32 dst, unsigned len) { return buckets[((dst ^ (len << 27) ^ (len << 3)) * 0x9E3779B1U) >> 19]; }

bool same_prefix(const fib_alias& route, u32 dst, unsigned len) { return route.dst == dst && route.len == len; }

/// Tier of a table, or kTiers for one that is not in the trie.
unsigned tier_of(u32 table) {
    if (table == RT_TABLE_MAIN || table == RT_TABLE_LOCAL) return kTierMain;
    return table == RT_TABLE_DEFAULT ? kTierDefault : kTiers;
}

bool goes_before(const fib_alias& at, const fib_alias& route) {
    if (at.table != route.table) return at.table > route.table;
    if (at.tos != route.tos) return at.tos > route.tos;
    return at.metric <= route.metric;
}

/// Where a new route is linked in: behind all that go before it or are its equals.
u16* place_for(const fib_alias& route) {
    u16* link = &bucket_of(route.dst, route.len);
    for (; *link != kEnd; link = &pool[*link].next) {
        if (same_prefix(pool[*link], route.dst, route.len) && !goes_before(pool[*link], route)) break;
    }
    return link;
}

bool equal_in_rank(const fib_alias& a, const fib_alias& b) {
    return same_prefix(a, b.dst, b.len) && a.table == b.table && a.tos == b.tos && a.metric == b.metric;
}

/// First route of this prefix, table, TOS and metric.
u16* find_alias(const fib_alias& route) {
    u16* link = &bucket_of(route.dst, route.len);
    while (*link != kEnd && !equal_in_rank(pool[*link], route)) link = &pool[*link].next;
    return *link == kEnd ? nullptr : link;
}

/// The trie follows: the prefix's winner may be another one now.
void winner_changed(u32 dst, unsigned len, u32 table) {
    const unsigned tier = tier_of(table);
    if (tier < kTiers) fib_trie_update(dst, len, tier, fib_winner(dst, len, tier));
}

/// Links `route` in at `link`; 0, or -errno with nothing changed.
int link_route(u16* link, const fib_alias& route) {
    const u16 index = free_list;
    if (index == kEnd) return -err::nobufs;
    if (tier_of(route.table) < kTiers) {
        const int error = fib_trie_hold(route.dst, route.len);
        if (error != 0) return error;
    }
    free_list = pool[index].next;
    pool[index] = route;
    pool[index].used = true;
    pool[index].next = *link;
    *link = index;
    ++routes_of_length[route.len];
    if (route.table == RT_TABLE_DEFAULT) {
        ++routes_in_default;
        default_created = true;
    }
    winner_changed(route.dst, route.len, route.table);
    rt_genid_bump();
    return 0;
}

void unlink_route(u16* link) {
    const u16 index = *link;
    const fib_alias gone = pool[index];
    *link = gone.next;
    pool[index].used = false;
    pool[index].next = free_list;
    free_list = index;
    --routes_of_length[gone.len];
    if (gone.table == RT_TABLE_DEFAULT) --routes_in_default;
    winner_changed(gone.dst, gone.len, gone.table);
    if (tier_of(gone.table) < kTiers) fib_trie_release(gone.dst, gone.len);
    rt_put(gone.nexthop);
    rt_genid_bump();
}

/// NLM_F_REPLACE: the first route of the prefix, table, TOS and metric takes the new next hop.
int replace_route(u16* first, const fib_alias& route) {
    fib_alias& old = pool[*first];
    if (old.nexthop == route.nexthop && old.protocol == route.protocol) {
        rt_put(route.nexthop);
        return 0;
    }
    const u16 before = old.nexthop;
    old.nexthop = route.nexthop;
    old.protocol = route.protocol;
    old.type = route.type;
    old.scope = route.scope;
    winner_changed(route.dst, route.len, route.table);
    rt_put(before);
    rt_genid_bump();
    return 0;
}

bool same_way(const fib_alias& a, const fib_alias& b) { return a.nexthop == b.nexthop && a.protocol == b.protocol; }

/// The same route once more, from `first` on.
bool is_there(u16* first, const fib_alias& route) {
    for (u16 at = *first; at != kEnd; at = pool[at].next) {
        if (equal_in_rank(pool[at], route) && same_way(pool[at], route)) return true;
    }
    return false;
}

int insert(const fib_config& cfg, const fib_alias& route) {
    u16* first = find_alias(route);
    if (!first) return cfg.change ? -err::noent : link_route(place_for(route), route);
    if (cfg.replace) {
        if (!same_way(pool[*first], route) && is_there(first, route)) return -err::exist;
        return replace_route(first, route);
    }
    if (!(cfg.append || cfg.prepend) || is_there(first, route)) return -err::exist;
    return link_route(cfg.append ? place_for(route) : first, route);
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
           same_nexthops(cfg, rt);
}

/// fib_valid_key_len, and inet_validate_dscp: no bits behind the prefix, no ECN bits in the TOS.
bool valid(const fib_config& cfg) {
    constexpr u8 kEcnBits = 3;
    return cfg.dst_len <= 32 && (cfg.dst & ~inet_make_mask(cfg.dst_len)) == 0 && (cfg.tos & kEcnBits) == 0;
}

const fib_alias* route_at(u16 index) { return index == kEnd ? nullptr : &pool[index]; }

}  // namespace

void fib_init() {
    for (u16& head : buckets) head = kEnd;
    for (u32& count : routes_of_length) count = 0;
    free_list = kEnd;
    for (unsigned i = kMaxRoutes; i-- > 0;) {
        pool[i] = {};
        pool[i].next = free_list;
        free_list = static_cast<u16>(i);
    }
    routes_in_default = 0;
    default_created = false;
    fib_has_custom_local_routes = false;
    fib_has_custom_rules = false;
    fib_trie_init();
    fib_rules_init();
}

int fib_table_insert(const fib_config& cfg) {
    if (!valid(cfg)) return -err::inval;
    u16 nexthop = kNoNextHop;
    int error = fib_create_info(cfg, &nexthop);
    if (error != 0) return error;
    fib_alias route = {};
    route.dst = cfg.dst;
    route.len = cfg.dst_len;
    route.table = cfg.table;
    route.tos = cfg.tos;
    route.metric = cfg.metric;
    route.type = cfg.type;
    route.scope = cfg.scope;
    route.protocol = cfg.protocol;
    route.nexthop = nexthop;
    error = insert(cfg, route);
    if (error != 0) rt_put(nexthop);
    return error;
}

int fib_table_delete(const fib_config& cfg) {
    if (!valid(cfg)) return -err::inval;
    for (u16* link = &bucket_of(cfg.dst, cfg.dst_len); *link != kEnd; link = &pool[*link].next) {
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
    for (u16& head : buckets) {
        for (u16* link = &head; *link != kEnd;) {
            if (dead(pool[*link], argument)) {
                unlink_route(link);
            } else {
                link = &pool[*link].next;
            }
        }
    }
}

void fib_table_flush(u32 table, u32 ifindex) {
    for (u16& head : buckets) {
        for (u16* link = &head; *link != kEnd;) {
            const rtable_key& key = rt_table[pool[*link].nexthop].key;
            const bool meant =
                (table == 0 || pool[*link].table == table) && (ifindex == 0 || (key.oif == ifindex && key.group == 0));
            if (meant) {
                unlink_route(link);
            } else {
                link = &pool[*link].next;
            }
        }
    }
}

bool fib_default_in_use() { return default_created; }

const fib_alias* fib_next(const fib_alias* route) {
    const fib_alias* at = route ? route + 1 : pool;
    while (at != pool + kMaxRoutes && !at->used) ++at;
    return at == pool + kMaxRoutes ? nullptr : at;
}

const fib_alias* fib_winner(u32 dst, unsigned len, unsigned tier) {
    // What the trie can't tell apart, TOS, the value of its entry leaves to software.
    for (const fib_alias* route = fib_chain(dst, len); route; route = fib_chain_next(route)) {
        if (same_prefix(*route, dst, len) && tier_of(route->table) == tier) return route;
    }
    return nullptr;
}

const fib_alias* fib_covering(u32 dst, unsigned len, unsigned tier, unsigned* found_len, unsigned* found_tier) {
    unsigned below = len;
    for (unsigned level = tier + 1; level-- > 0; below = len + 1) {
        if (level == kTierDefault && routes_in_default == 0) break;
        for (unsigned bits = below; bits-- > 0;) {
            if (routes_of_length[bits] == 0) continue;
            const fib_alias* route = fib_winner(dst & inet_make_mask(bits), bits, level);
            if (!route) continue;
            *found_len = bits;
            *found_tier = level;
            return route;
        }
    }
    return nullptr;
}

}  // namespace fw
