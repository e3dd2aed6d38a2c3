// SPDX-License-Identifier: Apache-2.0
// The table of next hops (Linux shares struct fib_info the same way, net/ipv4/fib_semantics.c, fib_find_info).
#include "sw/kernel/sysctl.h"
#include "sw/kernel/time.h"
#include "sw/net/fib.h"
#include "sw/net/ip.h"
#include "sw/net/nexthop_exception.h"
#include "sw/net/route.h"

namespace fw {

constinit rtable rt_table[kMaxNextHops] = {};
constinit u32 rt_genid = 0;

namespace {

using namespace regs::config;

constexpr unsigned kBuckets = 1024;
constinit u16 buckets[kBuckets] = {};
constinit u16 free_list = kNoNextHop;
constinit unsigned free_count = 0;

unsigned bucket_of(const rtable_key& key) {
    const u32 mixed = (key.gateway ^ (key.prefsrc << 7) ^ (key.oif << 3) ^ key.type ^ (u32{key.group} << 16) ^
                       (u32{key.object} << 12)) *
                      0x9E3779B1U;  // Knuth, TAOCP 6.4
    return mixed >> 22;
}

/// What a packet to such a destination ends with, by type (Linux fib_props[]).
int error_of(u8 type) {
    switch (type) {
        case RTN_BLACKHOLE:
            return kErrBlackhole;
        case RTN_UNREACHABLE:
            return kErrHostUnreach;
        case RTN_PROHIBIT:
            return kErrProhibit;
        default:
            return 0;
    }
}

void (*output_of(u8 type))(sk_buff*) {
    switch (type) {
        case RTN_MULTICAST:
            return ip_mc_output_by_route;
        case RTN_BROADCAST:
            return ip_broadcast_output;
        default:
            return ip_output;
    }
}

/// A broadcast that comes back to its sender has a route of its own (mc_output): one that is received and comes here
/// is to be forwarded.
void (*input_of(const rtable& rt))(sk_buff*) {
    if (rt.error != 0) return ip_error;
    return rt.type == RTN_UNICAST || rt.type == RTN_BROADCAST ? ip_forward : ip_local_deliver;
}

void fill(rtable* rt, const rtable_key& key) {
    rt->key = key;
    rt->type = key.type;
    rt->dev = key.oif != 0 ? dev_get_by_index(key.oif) : nullptr;
    rt->gateway = key.nh_scope == RT_SCOPE_LINK ? key.gateway : 0;
    rt->error = error_of(key.type);
    if (rt->error == 0 && key.reject) rt->error = kErrBlackhole;
    rt->exceptions = 0;
    rt->fnhe = nullptr;
    rt->plain = rt_may_be_plain(*rt);
    rt->mtu = rt_route_mtu(rt);
    rt->output = output_of(key.type);
    rt->input = input_of(*rt);
}

void hash_insert(u16 index) {
    u16& head = buckets[bucket_of(rt_table[index].key)];
    rt_table[index].next = head;
    head = index;
}

void hash_remove(u16 index) {
    u16* link = &buckets[bucket_of(rt_table[index].key)];
    while (*link != index) link = &rt_table[*link].next;
    *link = rt_table[index].next;
}

}  // namespace

bool rt_may_be_plain(const rtable& rt) { return rt.key.type == RTN_UNICAST && rt.key.group == 0 && !rt.key.reject; }

bool rt_mtu_locked(const rtable* rt) { return rt->key.mtu_locked || (rt->fnhe && rt->fnhe->mtu_locked); }

u8 rt_hoplimit(const rtable* rt) {
    return rt->key.hoplimit != 0 ? rt->key.hoplimit : static_cast<u8>(sysctl(SysctlId::ip_default_ttl));
}

u32 rt_dst_mtu(const rtable* rt, bool forwarding) {
    const bool learnt = !forwarding || rt_mtu_locked(rt) || sysctl(SysctlId::ip_forward_use_pmtu) != 0;
    const fib_nh_exception* fnhe = rt->fnhe;
    if (learnt && fnhe && fnhe->pmtu != 0 && uptime_us() < fnhe->expires) return fnhe->pmtu;
    return rt_route_mtu(rt);
}

u32 rt_route_mtu(const rtable* rt) {
    const u32 mtu = rt->key.mtu != 0 ? rt->key.mtu : rt->dev ? rt->dev->mtu : kIpMaxMtu;
    return mtu < kIpMaxMtu ? mtu : kIpMaxMtu;
}

u16 rt_find(const rtable_key& key) {
    u16 index = buckets[bucket_of(key)];
    while (index != kNoNextHop && !(rt_table[index].key == key)) index = rt_table[index].next;
    return index;
}

u16 rt_get(const rtable_key& key) {
    u16 index = rt_find(key);
    if (index == kNoNextHop) {
        index = free_list;
        if (index == kNoNextHop) return kNoNextHop;
        rtable& rt = rt_table[index];
        free_list = rt.next;
        --free_count;
        fill(&rt, key);
        hash_insert(index);
    }
    ++rt_table[index].users;
    return index;
}

void rt_put(u16 index) {
    rtable& rt = rt_table[index];
    if (--rt.users > 0) return;
    hash_remove(index);
    rt.next = free_list;
    free_list = index;
    ++free_count;
    if (rt.key.group != 0) rt_group_put(rt.key.group);
    if (rt.exceptions != 0) fib_forget_exceptions(index);
}

void rt_change(u16 index, const rtable_key& key) {
    rtable& rt = rt_table[index];
    if (rt.exceptions != 0) fib_forget_exceptions(index);
    const u16 group = rt.key.group;
    hash_remove(index);
    fill(&rt, key);
    hash_insert(index);
    if (group != 0 && key.group != group) rt_group_put(group);
    rt_genid_bump();
}

unsigned rt_free_count() { return free_count; }

void rt_init() {
    for (u16& head : buckets) head = kNoNextHop;
    free_list = kNoNextHop;
    free_count = kMaxNextHops;
    for (unsigned i = kMaxNextHops; i-- > 0;) {
        rt_table[i] = {};
        rt_table[i].next = free_list;
        free_list = static_cast<u16>(i);
    }
    rt_groups_init();
    fib_exceptions_init();
}

void rt_dev_mtu_changed(const net_device* dev, u32 before) {
    for (rtable& rt : rt_table) {
        if (rt.users != 0 && rt.dev == dev) rt.mtu = rt_route_mtu(&rt);
    }
    ip_route_output_dev_mtu(dev);
    fib_exceptions_mtu_changed(dev, dev->mtu, before);
}

}  // namespace fw
