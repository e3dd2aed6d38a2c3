// SPDX-License-Identifier: Apache-2.0
// Reachability over time (Linux net/core/neighbour.c: neigh_timer_handler, neigh_probe, neigh_invalidate).
#include <cstddef>

#include "sw/kernel/random.h"
#include "sw/kernel/time.h"
#include "sw/net/arp.h"
#include "sw/net/inetdevice.h"
#include "sw/net/ip.h"
#include "sw/net/neighbour.h"

namespace fw {

using namespace regs::config;

namespace {

/// Timers come no closer (HZ / 100).
constexpr i64 kLeastWait = 10 * kMsec;

u32 max_probes(const neighbour* neigh) {
    const net_device* dev = neigh->dev;
    const SysctlId broadcast =
        neigh->nud_state & NUD_PROBE ? SysctlId::neigh_mcast_resolicit : SysctlId::neigh_mcast_solicit;
    return static_cast<u32>(neigh_parm(dev, SysctlId::neigh_ucast_solicit) +
                            neigh_parm(dev, SysctlId::neigh_app_solicit) + neigh_parm(dev, broadcast));
}

void enter(neighbour* neigh, u16 state, i64 now) {
    neigh->nud_state = state;
    neigh->updated = now;
}

/// Proof is recent, or a packet was sent of late: then it is worth asking; else nobody needs the entry now.
i64 reachable_ends(neighbour* neigh, i64 now) {
    const i64 end = neigh->confirmed + neigh_reachable_time(neigh->dev);
    if (now <= end) return end;
    const i64 delay = neigh_delay_probe_time(neigh->dev);
    enter(neigh, now <= neigh->used + delay ? NUD_DELAY : NUD_STALE, now);
    neigh_suspect(neigh);
    return now + delay;
}

/// A protocol above may have had its proof meanwhile.
i64 delay_ends(neighbour* neigh, i64 now) {
    if (now <= neigh->confirmed + neigh_delay_probe_time(neigh->dev)) {
        enter(neigh, NUD_REACHABLE, now);
        neigh_connect(neigh);
        return neigh->confirmed + neigh_reachable_time(neigh->dev);
    }
    enter(neigh, NUD_PROBE, now);
    neigh->probes = 0;
    return now + neigh_retrans_time(neigh->dev);
}

/// When the timer is to come again.
i64 next_state(neighbour* neigh, i64 now) {
    if (neigh->nud_state & NUD_REACHABLE) return reachable_ends(neigh, now);
    if (neigh->nud_state & NUD_DELAY) return delay_ends(neigh, now);
    return now + neigh_retrans_time(neigh->dev);
}

}  // namespace

// Linux draws a time between half and one and a half times the base every five minutes (neigh_rand_reach_time); here a
// device has one of its own for the whole run, with the default seed the middle.
i64 neigh_reachable_time(const net_device* dev) {
    const i64 base = neigh_parm(dev, SysctlId::neigh_base_reachable_time_ms) * static_cast<i64>(kMsec);
    const u64 key = random_key(RandomKey::reachable_time);
    if (key == 0 || base == 0) return base;
    return base / 2 + static_cast<i64>((key >> dev->ifindex) % static_cast<u64>(base));
}

i64 neigh_retrans_time(const net_device* dev) {
    const i64 wait = neigh_parm(dev, SysctlId::neigh_retrans_time_ms) * static_cast<i64>(kMsec);
    return wait > kLeastWait ? wait : kLeastWait;
}

i64 neigh_delay_probe_time(const net_device* dev) {
    return neigh_parm(dev, SysctlId::neigh_delay_first_probe_time) * static_cast<i64>(kSec);
}

void neigh_timer_handler(timer_list* timer) {
    auto* neigh = reinterpret_cast<neighbour*>(reinterpret_cast<u8*>(timer) - offsetof(neighbour, timer));
    spin_lock(neigh->lock);
    if (neigh->dead || !(neigh->nud_state & NUD_IN_TIMER)) return spin_unlock(neigh->lock);
    const i64 now = static_cast<i64>(uptime_us());
    i64 next = next_state(neigh, now);
    const bool probing = neigh->nud_state & (NUD_INCOMPLETE | NUD_PROBE);
    if (probing && neigh->probes >= max_probes(neigh)) {
        enter(neigh, NUD_FAILED, now);
        neigh_invalidate(neigh);
        return spin_unlock(neigh->lock);
    }
    if (next < now + kLeastWait) next = now + kLeastWait;
    if (neigh->nud_state & NUD_IN_TIMER) mod_timer(&neigh->timer, static_cast<u64>(next));
    if (probing) return neigh_probe(neigh);
    spin_unlock(neigh->lock);
}

void neigh_probe(neighbour* neigh) {
    const sk_buff* last = neigh->arp_queue.prev;
    const u32 source = last ? ip_hdr(last).saddr() : 0;
    // Made under the lock, since the packet that waits may be gone without it.
    sk_buff* request = arp_solicit(neigh, neigh->probes++, source, last);
    spin_unlock(neigh->lock);
    if (request) dev_queue_xmit(request);
}

void neigh_purge_queue(neighbour* neigh) {
    while (sk_buff* skb = skb_dequeue(&neigh->arp_queue)) kfree_skb_reason(skb, Fate::no_neighbour);
    neigh->arp_queue_len_bytes = 0;
}

// An answer may lead to the same neighbour again, so the state is looked at before each.
void neigh_invalidate(neighbour* neigh) {
    snmp_inc(Snmp::ArpCacheResFailed);
    neigh->updated = static_cast<i64>(uptime_us());
    while (neigh->nud_state == NUD_FAILED) {
        sk_buff* skb = skb_dequeue(&neigh->arp_queue);
        if (!skb) break;
        spin_unlock(neigh->lock);
        arp_error_report(skb);
        spin_lock(neigh->lock);
    }
    neigh_purge_queue(neigh);
}

}  // namespace fw
