// SPDX-License-Identifier: Apache-2.0
// What is learnt of a neighbour (Linux net/core/neighbour.c: neigh_update and what calls it).
#include "sw/kernel/error.h"
#include "sw/kernel/time.h"
#include "sw/net/neighbour.h"

namespace fw {

using namespace regs::config;

namespace {

/// The entry is not to be used until it is resolved anew. With the lock held.
void lose(neighbour* neigh, u16 state) {
    const u16 old = neigh->nud_state;
    del_timer(&neigh->timer);
    if (old & NUD_CONNECTED) neigh_suspect(neigh);
    neigh->nud_state = state;
    if ((old & (NUD_INCOMPLETE | NUD_PROBE)) && (state & NUD_FAILED)) neigh_invalidate(neigh);
}

void enter(neighbour* neigh, u16 state, i64 now) {
    del_timer(&neigh->timer);
    if (state & NUD_PROBE) neigh->probes = 0;
    if (state & NUD_IN_TIMER) {
        const i64 wait = state & NUD_REACHABLE ? neigh_reachable_time(neigh->dev) : 0;
        mod_timer(&neigh->timer, static_cast<u64>(now + wait));
    }
    neigh->nud_state = state;
}

/// The address is known now: what waited for it goes out. With the lock held, which is let go meanwhile; a packet may
/// come back here and find the entry changed.
void send_waiting(neighbour* neigh) {
    while (neigh->nud_state & NUD_VALID) {
        sk_buff* skb = skb_dequeue(&neigh->arp_queue);
        if (!skb) break;
        spin_unlock(neigh->lock);
        neigh->output(neigh, skb);
        spin_lock(neigh->lock);
    }
    neigh_purge_queue(neigh);
}

/// News with an address, or that an address which is known is still right. With the lock held.
int learn(neighbour* neigh, const u8* lladdr, u16 state, u32 flags) {
    const u16 old = neigh->nud_state;
    const i64 now = static_cast<i64>(uptime_us());
    if (!lladdr && !(old & NUD_VALID)) return -err::inval;
    bool changed = lladdr && !((old & NUD_VALID) && __builtin_memcmp(lladdr, neigh_ha(neigh), ETH_ALEN) == 0);
    // Even when nothing changes: the neighbour was heard.
    if (state & NUD_CONNECTED) neigh->confirmed = now;
    if (old & NUD_VALID) {
        if (changed && !(flags & NEIGH_UPDATE_F_OVERRIDE)) {
            if (!(flags & NEIGH_UPDATE_F_WEAK_OVERRIDE) || !(old & NUD_CONNECTED)) return 0;
            changed = false;
            state = NUD_STALE;
        } else if (!changed && state == NUD_STALE && !(flags & NEIGH_UPDATE_F_ADMIN)) {
            state = old;
        }
    }
    if (state != old || changed) neigh->updated = now;
    if (state != old) enter(neigh, state, now);
    if (changed) {
        neigh_set_ha(neigh, lladdr);
        if (!(state & NUD_CONNECTED)) neigh->confirmed = now - 2 * neigh_reachable_time(neigh->dev);
    }
    if (state == old) return 0;
    if (state & NUD_CONNECTED) {
        neigh_connect(neigh);
    } else {
        neigh_suspect(neigh);
    }
    if (!(old & NUD_VALID)) send_waiting(neigh);
    return 0;
}

}  // namespace

int neigh_update(neighbour* neigh, const u8* lladdr, u16 state, u32 flags) {
    int error = 0;
    spin_lock(neigh->lock);
    if (neigh->dead || (!(flags & NEIGH_UPDATE_F_ADMIN) && (neigh->nud_state & (NUD_NOARP | NUD_PERMANENT)))) {
        error = -err::perm;
    } else if (!(state & NUD_VALID)) {
        lose(neigh, state);
    } else {
        error = learn(neigh, lladdr, state, flags);
    }
    spin_unlock(neigh->lock);
    if (flags & NEIGH_UPDATE_F_ADMIN) neigh_update_gc_list(neigh);
    return error;
}

neighbour* neigh_event_ns(const u8* lladdr, u32 saddr, net_device* dev) {
    neighbour* neigh = neigh_lookup(saddr, dev);
    if (!neigh) neigh = neigh_create(saddr, dev);
    if (neigh) neigh_update(neigh, lladdr, NUD_STALE, NEIGH_UPDATE_F_OVERRIDE);
    return neigh;
}

void neigh_confirm(neighbour* neigh) { neigh->confirmed = static_cast<i64>(uptime_us()); }

void neigh_set_ha(neighbour* neigh, const u8* mac) {
    static_assert(kHhFirst + ETH_ALEN == sizeof(u64), "the address is the rest of the header's first word");
    u64 word = 0;
    __builtin_memcpy(reinterpret_cast<u8*>(&word) + kHhFirst, mac, ETH_ALEN);
    __atomic_store_n(reinterpret_cast<u64*>(neigh->hh), word, __ATOMIC_RELEASE);
}

}  // namespace fw
