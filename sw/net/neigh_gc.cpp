// SPDX-License-Identifier: Apache-2.0
// Collecting entries that nobody needs (Linux net/core/neighbour.c: neigh_forced_gc, neigh_periodic_work).
#include "sw/kernel/printk.h"
#include "sw/kernel/sysctl.h"
#include "sw/kernel/time.h"
#include "sw/net/inetdevice.h"
#include "sw/net/neighbour.h"
#include "sw/wire/ipv4.h"

namespace fw {

using regs::Snmp;
using namespace regs::config;

namespace {

/// Forced collection comes no more often while the table is below gc_thresh3, and leaves younger changes alone.
constexpr i64 kForcedGcInterval = 5 * kSec;

constinit neighbour* oldest = nullptr;
constinit neighbour* newest = nullptr;
constinit i64 gc_entries = 0;  ///< in the list
constinit i64 last_flush = 0;
constinit timer_list gc_timer = {};

bool can_be_forced_out(const neighbour* neigh, i64 now) {
    return neigh->nud_state == NUD_FAILED || neigh->nud_state == NUD_NOARP || wire::ipv4_is_multicast(neigh->key) ||
           now - neigh->updated > kForcedGcInterval;
}

/// False: nothing could be taken out.
bool forced_gc(i64 now) {
    snmp_inc(Snmp::ArpCacheForcedGcRuns);
    const i64 wanted = gc_entries - sysctl(SysctlId::neigh_gc_thresh2);
    i64 shrunk = 0;
    for (neighbour *neigh = oldest, *next; neigh; neigh = next) {
        next = neigh->gc_next;
        if (can_be_forced_out(neigh, now)) {
            neigh_remove(neigh_link_of(neigh));
            ++shrunk;
        }
        if (shrunk >= wanted) break;
    }
    last_flush = now;
    return shrunk > 0;
}

bool is_idle(neighbour* neigh, i64 now) {
    if (neigh->nud_state & (NUD_PERMANENT | NUD_IN_TIMER)) return false;
    if (neigh->used < neigh->confirmed && neigh->confirmed <= now) neigh->used = neigh->confirmed;
    const i64 stale = neigh_parm(neigh->dev, SysctlId::neigh_gc_stale_time) * static_cast<i64>(kSec);
    return neigh->nud_state == NUD_FAILED || now - neigh->used >= stale;
}

i64 gc_interval() {
    const auto base = static_cast<unsigned>(SysctlId::neigh_base_reachable_time_ms);
    return sysctl_conf[base][kConfDefault] * static_cast<i64>(kMsec) / 2;
}

void collect(i64 now) {
    for (neighbour*& head : neigh_buckets) {
        for (neighbour** link = &head; *link;) {
            neighbour* neigh = *link;
            spin_lock(neigh->lock);
            const bool idle = is_idle(neigh, now);
            spin_unlock(neigh->lock);
            if (idle) {
                neigh_remove(link);
            } else {
                link = &neigh->next;
            }
        }
    }
}

void periodic_work(timer_list* timer) {
    const i64 now = static_cast<i64>(uptime_us());
    snmp_inc(Snmp::ArpCachePeriodicGcRuns);
    spin_lock(neigh_table_lock);
    if (neigh_entries >= sysctl(SysctlId::neigh_gc_thresh1)) collect(now);
    spin_unlock(neigh_table_lock);
    mod_timer(timer, static_cast<u64>(now + gc_interval()));
}

}  // namespace

bool neigh_may_grow(bool exempt_from_gc) {
    if (exempt_from_gc) return true;
    const i64 now = static_cast<i64>(uptime_us());
    const bool full = gc_entries >= sysctl(SysctlId::neigh_gc_thresh3);
    const bool crowded = gc_entries >= sysctl(SysctlId::neigh_gc_thresh2) && now > last_flush + kForcedGcInterval;
    if (!full && !crowded) return true;
    if (forced_gc(now) || !full) return true;
    printk(6, "arp_cache: neighbor table overflow!\n");
    snmp_inc(Snmp::ArpCacheTableFulls);
    return false;
}

void neigh_gc_add(neighbour* neigh) {
    neigh->gc_next = nullptr;
    neigh->gc_prev = newest;
    (newest ? newest->gc_next : oldest) = neigh;
    newest = neigh;
    neigh->on_gc_list = true;
    ++gc_entries;
}

void neigh_gc_remove(neighbour* neigh) {
    if (!neigh->on_gc_list) return;
    (neigh->gc_prev ? neigh->gc_prev->gc_next : oldest) = neigh->gc_next;
    (neigh->gc_next ? neigh->gc_next->gc_prev : newest) = neigh->gc_prev;
    neigh->on_gc_list = false;
    --gc_entries;
}

void neigh_update_gc_list(neighbour* neigh) {
    spin_lock(neigh_table_lock);
    const bool exempt = neigh->nud_state & NUD_PERMANENT;
    if (exempt) {
        neigh_gc_remove(neigh);
    } else if (!neigh->on_gc_list && !neigh->dead) {
        neigh_gc_add(neigh);
    }
    spin_unlock(neigh_table_lock);
}

void neigh_gc_init() {
    oldest = newest = nullptr;
    gc_entries = last_flush = 0;
    timer_setup(&gc_timer, periodic_work);
    mod_timer(&gc_timer, 2 * static_cast<u64>(gc_interval()));  // Linux: after one reachable time
}

}  // namespace fw
