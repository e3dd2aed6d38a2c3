// SPDX-License-Identifier: Apache-2.0
// Which entries of the route cache go (Linux 2.6 net/ipv4/route.c: rt_may_expire, rt_score, rt_garbage_collect,
// rt_check_expire). Nobody holds an entry, so what Linux asks of its reference count is always free.
#include "sw/kernel/printk.h"
#include "sw/kernel/time.h"
#include "sw/kernel/timer.h"
#include "sw/net/ip.h"
#include "sw/net/net_ratelimit.h"
#include "sw/net/route_cache_table.h"

namespace fw {

using namespace regs::config;

namespace {

constexpr u64 kGcMinInterval = kSec / 2;  ///< ip_rt_gc_min_interval
constexpr u64 kGcInterval = 60 * kSec;    ///< ip_rt_gc_interval

struct gc_state {
    u64 expire;   ///< unused for longer than this, an entry goes
    u64 last_gc;  ///< 0: never
    u32 rover;    ///< chain where the last collection ended
    i64 equilibrium;
    u32 expiry_rover;
};
constinit gc_state gc = {};
constinit timer_list expiry_timer = {};

u64 gc_timeout() { return static_cast<u64>(sysctl(SysctlId::route_gc_timeout)) * kSec; }

bool is_to_many(const rt_cache_entry& entry) {
    return entry.result.rt->type == RTN_BROADCAST || entry.result.rt->type == RTN_MULTICAST;
}

/// rt_fast_clean: received broadcasts go first where they share a chain.
bool rt_fast_clean(const rt_cache_entry& entry) {
    return is_to_many(entry) && entry.key.iif != 0 && entry.next != kRtEnd;
}

bool rt_may_expire(const rt_cache_entry& entry, u64 now, u64 tmo) {
    return elapsed(entry.lastuse, now) > tmo || rt_fast_clean(entry);
}

/// Aged entries of one chain go. Each that stays halves what the next one is allowed. How many went.
i64 clean_chain(u16* link, u64 now, u64 tmo) {
    i64 freed = 0;
    while (*link != kRtEnd) {
        rt_cache_entry& entry = rt_cache.entry[*link];
        if (!rt_is_expired(entry) && !rt_may_expire(entry, now, tmo)) {
            tmo >>= 1;
            link = &entry.next;
            continue;
        }
        rt_free(link);
        ++freed;
    }
    return freed;
}

/// How many entries should go now; 0 or less: none.
i64 goal_of_collection() {
    const i64 entries = rt_cache.entries;
    i64 goal = entries - (sysctl(SysctlId::route_gc_elasticity) << kRtHashLog);
    if (goal > 0) {  // dangerously many
        goal = goal >> 1 > kRtHashChains ? goal >> 1 : i64{kRtHashChains};
        gc.equilibrium = entries - goal;
        return goal;
    }
    const i64 thresh = sysctl(SysctlId::route_gc_thresh);
    if (gc.equilibrium < thresh) gc.equilibrium = thresh;
    goal = entries - gc.equilibrium;
    if (goal > 0) {
        gc.equilibrium += goal >> 1 < kRtHashChains ? goal >> 1 : i64{kRtHashChains};
        goal = entries - gc.equilibrium;
    }
    return goal;
}

bool below_max() { return i64{rt_cache.entries} < sysctl(SysctlId::route_max_size); }

void work_done() {
    gc.expire += kGcMinInterval;
    if (gc.expire > gc_timeout() || i64{rt_cache.entries} < sysctl(SysctlId::route_gc_thresh)) gc.expire = gc_timeout();
}

/// Walks all chains once; true: enough went.
bool collect(i64 goal, u64 now) {
    for (unsigned i = 0; i < kRtHashChains; ++i) {
        gc.rover = (gc.rover + 1) % kRtHashChains;
        goal -= clean_chain(&rt_cache.chain[gc.rover], now, gc.expire);
        if (goal <= 0) return true;
    }
    return false;
}

void rt_check_expire(timer_list*) {
    const u64 now = uptime_us();
    spin_lock(rt_cache_lock);
    u64 goal = (kGcInterval << kRtHashLog) / gc_timeout();
    if (goal > kRtHashChains) goal = kRtHashChains;
    for (; goal > 0; --goal) {
        gc.expiry_rover = (gc.expiry_rover + 1) % kRtHashChains;
        clean_chain(&rt_cache.chain[gc.expiry_rover], now, gc_timeout());
    }
    const bool more = rt_cache.entries != 0;
    spin_unlock(rt_cache_lock);
    if (more) mod_timer(&expiry_timer, now + kGcInterval);
}

}  // namespace

u32 rt_score(const rt_cache_entry& entry, u64 now) {
    const auto age = static_cast<u32>(elapsed(entry.lastuse, now) / kMsec);
    const bool local = entry.result.rt->type == RTN_LOCAL || is_to_many(entry);
    return (~age & 0x3FFFFFFF) | (entry.key.iif == 0 || !local ? 1U << 30 : 0);
}

bool rt_garbage_collect() {
    if (i64{rt_cache.entries} <= sysctl(SysctlId::route_gc_thresh)) return true;
    const u64 now = uptime_us();
    snmp_inc(Snmp::RtCacheGcTotal);
    if (gc.last_gc != 0 && elapsed(gc.last_gc, now) < kGcMinInterval && below_max()) {
        snmp_inc(Snmp::RtCacheGcIgnored);
        return true;
    }
    const i64 goal = goal_of_collection();
    if (elapsed(gc.last_gc, now) >= kGcMinInterval || gc.last_gc == 0) gc.last_gc = now;
    if (goal <= 0) {
        gc.equilibrium += goal;
        work_done();
        return true;
    }
    if (collect(goal, now)) {
        work_done();
        return true;
    }
    snmp_inc(Snmp::RtCacheGcGoalMiss);
    gc.expire >>= 1;
    if (below_max()) return true;
    snmp_inc(Snmp::RtCacheGcDstOverflow);
    if (net_ratelimit()) printk(KERN_WARNING, "dst cache overflow\n");
    return false;
}

void rt_start_expiry() {
    if (!timer_pending(&expiry_timer)) mod_timer(&expiry_timer, uptime_us() + kGcInterval);
}

void rt_cache_gc_init() {
    if (timer_pending(&expiry_timer)) del_timer(&expiry_timer);
    timer_setup(&expiry_timer, rt_check_expire);
    gc = {};
    gc.expire = gc_timeout();
}

}  // namespace fw
