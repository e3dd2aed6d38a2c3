// SPDX-License-Identifier: Apache-2.0
// Packets to a neighbour (Linux net/core/neighbour.c: neigh_hh_output, neigh_resolve_output, __neigh_event_send).
#include "sw/kernel/error.h"
#include "sw/kernel/sysctl.h"
#include "sw/kernel/time.h"
#include "sw/net/inetdevice.h"
#include "sw/net/neighbour.h"

namespace fw {

using regs::Snmp;
using namespace regs::config;

namespace {

/// Room that a waiting packet takes in its queue. The oldest go until it is there; one that is larger than the whole
/// queue still waits, alone.
void queue_packet(neighbour* neigh, sk_buff* skb) {
    const i64 limit = neigh_parm(neigh->dev, SysctlId::neigh_unres_qlen_bytes);
    const u32 bytes = skb_truesize(skb);
    while (i64{neigh->arp_queue_len_bytes} + bytes > limit) {
        sk_buff* oldest = skb_dequeue(&neigh->arp_queue);
        if (!oldest) break;
        neigh->arp_queue_len_bytes -= skb_truesize(oldest);
        kfree_skb_reason(oldest, Fate::neigh_queue);
        snmp_inc(Snmp::ArpCacheUnresolvedDiscards);
    }
    skb_queue_tail(&neigh->arp_queue, skb);
    neigh->arp_queue_len_bytes += bytes;
}

void begin_resolution(neighbour* neigh, i64 now) {
    neigh->probes = static_cast<u32>(neigh_parm(neigh->dev, SysctlId::neigh_ucast_solicit));
    neigh->nud_state = NUD_INCOMPLETE;
    neigh->updated = now;
    mod_timer(&neigh->timer, static_cast<u64>(now + neigh_retrans_time(neigh->dev)));
}

void begin_delay(neighbour* neigh, i64 now) {
    neigh->nud_state = NUD_DELAY;
    neigh->updated = now;
    mod_timer(&neigh->timer, static_cast<u64>(now + neigh_delay_probe_time(neigh->dev)));
}

bool may_solicit(const net_device* dev) {
    return neigh_parm(dev, SysctlId::neigh_mcast_solicit) + neigh_parm(dev, SysctlId::neigh_app_solicit) > 0;
}

bool drop(neighbour* neigh, sk_buff* skb) {
    spin_unlock(neigh->lock);
    if (skb) kfree_skb_reason(skb, Fate::no_neighbour);
    return true;
}

/// __neigh_event_send for an entry that is not valid: the packet waits, the first one has the address asked for.
bool resolve(neighbour* neigh, sk_buff* skb, i64 now) {
    const bool first = !(neigh->nud_state & NUD_INCOMPLETE);
    if (first && !may_solicit(neigh->dev)) {
        neigh->nud_state = NUD_FAILED;
        neigh->updated = now;
        return drop(neigh, skb);
    }
    if (first) begin_resolution(neigh, now);
    if (skb) queue_packet(neigh, skb);
    if (first) {
        neigh_probe(neigh);
    } else {
        spin_unlock(neigh->lock);
    }
    return true;
}

}  // namespace

STAGE int neigh_hh_output(neighbour* neigh, sk_buff* skb) {
    __builtin_memcpy(skb->data - kHhBytes, neigh->hh, kHhBytes);
    skb_push(skb, wire::kEthHeaderBytes);
    skb->mac_header = skb_headroom(skb);
    return dev_queue_xmit(skb);
}

STAGE int neigh_resolve_output(neighbour* neigh, sk_buff* skb) {
    return neigh_event_send(neigh, skb) ? 0 : neigh_hh_output(neigh, skb);
}

int neigh_blackhole(neighbour*, sk_buff* skb) {
    kfree_skb_reason(skb, Fate::no_neighbour);
    return -err::netdown;
}

bool neigh_event_send(neighbour* neigh, sk_buff* skb) {
    const i64 now = static_cast<i64>(uptime_us());
    neigh->used = now;
    spin_lock(neigh->lock);
    if (neigh->dead) return drop(neigh, skb);
    if (!(neigh->nud_state & NUD_VALID)) return resolve(neigh, skb, now);
    if (neigh->nud_state & NUD_STALE) begin_delay(neigh, now);
    spin_unlock(neigh->lock);
    return false;
}

}  // namespace fw
