// SPDX-License-Identifier: Apache-2.0
// Multipath routes: several next hops with weights behind one index (Linux net/ipv4/fib_semantics.c, fib_rebalance,
// fib_sync_down_dev, fib_sync_up and fib_select_multipath), and those by groups of next-hop objects
// (net/ipv4/nexthop.c, nexthop_select_path).
#include "sw/kernel/sysctl.h"
#include "sw/net/fib.h"
#include "sw/net/neighbour.h"
#include "sw/net/route.h"

namespace fw {

using namespace regs::config;

namespace {

/// By rtable_key::group less 1.
constinit nexthop_group groups[kMaxGroups] = {};

/// Hashes have 31 bits.
constexpr u64 kHashes = u64{1} << 31;

/// Each way gets its share of the hashes; dead ones get none.
void fib_rebalance(nexthop_group& group) {
    u64 total = 0;
    for (unsigned i = 0; i < group.count; ++i) total += group.nh[i].dead ? 0 : group.nh[i].weight;
    u64 sum = 0;
    for (unsigned i = 0; i < group.count; ++i) {
        fib_nh& nh = group.nh[i];
        if (nh.dead) {
            nh.upper_bound = -1;
            continue;
        }
        sum += nh.weight;
        nh.upper_bound = static_cast<i64>((sum * kHashes + total / 2) / total) - 1;
    }
}

bool same_ways(const nexthop_group& group, const fib_nh* nh, unsigned count, u16 object) {
    if (group.count != count || group.object != object) return false;
    for (unsigned i = 0; i < count; ++i) {
        if (group.nh[i].nexthop != nh[i].nexthop || group.nh[i].weight != nh[i].weight) return false;
    }
    return true;
}

nexthop_group* find_group(const fib_nh* nh, unsigned count, u16 object) {
    for (nexthop_group& group : groups) {
        if (same_ways(group, nh, count, object)) return &group;
    }
    return nullptr;
}

/// A new one of these ways; nullptr: there is no room.
nexthop_group* make_group(const fib_nh* nh, unsigned count, u16 object) {
    nexthop_group* group = groups;
    while (group != groups + kMaxGroups && group->count != 0) ++group;
    if (group == groups + kMaxGroups) return nullptr;
    group->count = count;
    group->object = object;
    for (unsigned i = 0; i < count; ++i) group->nh[i] = nh[i];
    fib_rebalance(*group);
    return group;
}

/// What the index of a group shows: its first way.
rtable_key key_of(const nexthop_group& group) {
    rtable_key key = rt_table[group.nh[0].nexthop].key;
    key.group = static_cast<u16>(&group - groups + 1);
    key.object = group.object;
    return key;
}

/// fib_good_nh: nothing is known of the way's gateway, or that it is there.
bool is_good(const fib_nh& nh) {
    const rtable& rt = rt_table[nh.nexthop];
    if (rt.gateway == 0) return true;
    const neighbour* neigh = __ipv4_neigh_lookup_noref(rt.gateway, rt.dev);
    return !neigh || (neigh->nud_state & NUD_VALID) != 0;
}

/// nexthop_select_path_hthr: always one that is good, if there is any; whose address the packet has doesn't count.
u16 select_path_of_object(const nexthop_group& group, u32 hash) {
    const fib_nh* first = nullptr;
    for (unsigned i = 0; i < group.count; ++i) {
        const fib_nh& nh = group.nh[i];
        if (!is_good(nh)) continue;
        if (!first) first = &nh;
        if (i64{hash} <= nh.upper_bound) return nh.nexthop;
    }
    return first ? first->nexthop : group.nh[0].nexthop;
}

}  // namespace

const nexthop_group& rt_group(const rtable& rt) { return groups[rt.key.group - 1]; }

u16 rt_get_group(const fib_nh* nh, unsigned count, u16 object) {
    if (nexthop_group* group = find_group(nh, count, object)) {
        for (unsigned i = 0; i < count; ++i) rt_put(nh[i].nexthop);  // the group has its own
        return rt_get(key_of(*group));
    }
    nexthop_group* group = make_group(nh, count, object);
    if (!group) return kNoNextHop;
    const u16 index = rt_get(key_of(*group));
    if (index == kNoNextHop) group->count = 0;
    return index;
}

void rt_change_group(u16 index, u16 object, const fib_nh* nh, unsigned count) {
    const u16 number = rt_table[index].key.group;
    if (number == 0) return rt_change(index, key_of(*make_group(nh, count, object)));
    nexthop_group& group = groups[number - 1];
    const nexthop_group before = group;
    group.count = count;
    for (unsigned i = 0; i < count; ++i) group.nh[i] = nh[i];
    fib_rebalance(group);
    rt_change(index, key_of(group));
    for (unsigned i = 0; i < before.count; ++i) rt_put(before.nh[i].nexthop);
}

unsigned rt_free_groups() {
    unsigned count = 0;
    for (const nexthop_group& group : groups) count += group.count == 0 ? 1 : 0;
    return count;
}

void rt_group_put(u16 number) {
    nexthop_group& group = groups[number - 1];
    const unsigned count = group.count;
    group.count = 0;
    for (unsigned i = 0; i < count; ++i) rt_put(group.nh[i].nexthop);
}

void rt_groups_init() {
    for (nexthop_group& group : groups) group = {};
}

void rt_groups_down(u32 ifindex, bool all) {
    for (nexthop_group& group : groups) {
        for (unsigned i = 0; i < group.count; ++i) {
            const rtable_key& key = rt_table[group.nh[i].nexthop].key;
            if (group.object == 0 && key.oif == ifindex && (all || key.nh_scope != RT_SCOPE_NOWHERE))
                group.nh[i].dead = true;
        }
        if (group.count != 0) fib_rebalance(group);
    }
}

void rt_groups_up(u32 ifindex) {
    for (nexthop_group& group : groups) {
        for (unsigned i = 0; i < group.count; ++i) {
            if (rt_table[group.nh[i].nexthop].key.oif == ifindex) group.nh[i].dead = false;
        }
        if (group.count != 0) fib_rebalance(group);
    }
}

bool rt_leads_only_to(const rtable& rt, u32 ifindex) {
    if (rt.key.object != 0) return false;  // the object's end is theirs, too
    if (rt.key.group == 0) return rt.key.oif == ifindex;
    const nexthop_group& group = rt_group(rt);
    for (unsigned i = 0; i < group.count; ++i) {
        if (!group.nh[i].dead && rt_table[group.nh[i].nexthop].key.oif != ifindex) return false;
    }
    return true;
}

u16 fib_select_multipath(u16 nexthop, u32 hash, u32 saddr) {
    const bool use_neigh = sysctl(SysctlId::fib_multipath_use_neigh) != 0;
    const nexthop_group& group = rt_group(rt_table[nexthop]);
    if (group.object != 0) return select_path_of_object(group, hash);
    u16 best = group.nh[0].nexthop;
    int best_score = -1;
    for (unsigned i = 0; i < group.count; ++i) {
        const fib_nh& nh = group.nh[i];
        if (nh.dead || (use_neigh && !is_good(nh))) continue;
        const int score = (saddr != 0 && rt_saddr(nh.nexthop) == saddr ? 2 : 0) + (i64{hash} <= nh.upper_bound ? 1 : 0);
        if (score > best_score) {
            best = nh.nexthop;
            best_score = score;
        }
        if (score == 3 || (saddr == 0 && score == 1)) break;
    }
    return best;
}

}  // namespace fw
