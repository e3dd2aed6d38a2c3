// SPDX-License-Identifier: Apache-2.0
// Link-layer addresses of next hops and what is known of them (Linux net/core/neighbour.c, include/net/neighbour.h).
// Packets find entries without a lock; an entry that is taken out stays readable until no packet can hold it (rcu.h).
// Its state, queue and timer are under its own lock. Lock order: table, entry.
#pragma once
#include "sw/kernel/netdevice.h"
#include "sw/kernel/rcu.h"
#include "sw/kernel/spinlock.h"
#include "sw/kernel/timer.h"
#include "sw/wire/ethernet.h"

namespace fw {

inline constexpr unsigned kMaxNeighbours = 4096;
/// The cached link header is copied as a whole; it ends where the packet begins (HH_DATA_MOD).
inline constexpr unsigned kHhBytes = 16;
/// Bytes of it that are not sent.
inline constexpr unsigned kHhFirst = kHhBytes - wire::kEthHeaderBytes;

// Sets of states (include/net/neighbour.h).
inline constexpr u16 NUD_NONE = 0;
inline constexpr u16 NUD_IN_TIMER =
    regs::config::NUD_INCOMPLETE | regs::config::NUD_REACHABLE | regs::config::NUD_DELAY | regs::config::NUD_PROBE;
inline constexpr u16 NUD_CONNECTED =
    regs::config::NUD_PERMANENT | regs::config::NUD_NOARP | regs::config::NUD_REACHABLE;
inline constexpr u16 NUD_VALID =
    NUD_CONNECTED | regs::config::NUD_PROBE | regs::config::NUD_STALE | regs::config::NUD_DELAY;

/// Times in us since READY; signed, since some lie before it.
struct alignas(64) neighbour {
    u8 hh[kHhBytes];                      ///< link header, ready to be copied; its first word changes in one store
    int (*output)(neighbour*, sk_buff*);  ///< neigh_hh_output where the address can be relied on
    neighbour* next;                      ///< in its hash chain
    net_device* dev;                      ///< nullptr: free
    u32 key;                              ///< IPv4 address
    u16 nud_state;                        ///< NUD_*
    u8 type;                              ///< RTN_* of the address
    bool dead;                            ///< taken out of the table
    spinlock lock;
    u32 probes;              ///< solicitations, counted from where the state begins
    sk_buff_head arp_queue;  ///< packets that wait for the address
    u32 arp_queue_len_bytes;
    i64 updated;
    i64 used;
    i64 confirmed;  ///< last proof that the neighbour hears us
    timer_list timer;
    neighbour* gc_next;  ///< entries that may be collected, oldest first; also the free list
    neighbour* gc_prev;
    bool on_gc_list;
    rcu_head rcu;
};

// What neigh_update may do (include/net/neighbour.h).
inline constexpr u32 NEIGH_UPDATE_F_OVERRIDE = 1;        ///< an address that is known may change
inline constexpr u32 NEIGH_UPDATE_F_WEAK_OVERRIDE = 2;   ///< … or else what is known becomes suspect
inline constexpr u32 NEIGH_UPDATE_F_ADMIN = 0x80000000;  ///< a person says so: permanent entries change, too

// neighbour.cpp: the table.
/// For a packet; counts nothing. nullptr: not known. The loopback device's one entry is found by neigh_create only.
STAGE neighbour* __ipv4_neigh_lookup_noref(u32 key, const net_device* dev);
neighbour* neigh_lookup(u32 key, const net_device* dev);
/// The entry, or a new one that knows nothing yet; nullptr: the table is full. Permanent ones are exempt from
/// collection.
neighbour* neigh_create(u32 key, net_device* dev, bool exempt_from_gc = false);
/// Takes the entry out at once. Where no packet is being worked on.
void neigh_delete(neighbour* neigh);
/// The device has another address: all of its entries go, permanent ones too. Where no packet is being worked on.
void neigh_changeaddr(const net_device* dev);
/// The device went down: the same, and what it answers for others.
void neigh_ifdown(const net_device* dev);
void neigh_init();

// neigh_output.cpp: packets.
// Each answers 0, or -errno when the packet was dropped.
/// Puts the link header before the packet and hands the frame to the device.
STAGE int neigh_hh_output(neighbour* neigh, sk_buff* skb);
/// The same if the address is known; else the packet waits for it.
STAGE int neigh_resolve_output(neighbour* neigh, sk_buff* skb);
/// Of an entry that is gone.
int neigh_blackhole(neighbour* neigh, sk_buff* skb);
/// A packet is to be sent: starts what must be done to know the address. True: the packet was taken, to wait or to die.
/// nullptr: no packet yet.
bool neigh_event_send(neighbour* neigh, sk_buff* skb);
inline const u8* neigh_ha(const neighbour* neigh) { return neigh->hh + kHhFirst; }

// neigh_update.cpp: what is learnt.
/// News about a neighbour: its address (nullptr: none said) and the state that it brings. 0 or -errno.
int neigh_update(neighbour* neigh, const u8* lladdr, u16 state, u32 flags);
/// A request came from the neighbour: makes the entry if there is none, and stale.
neighbour* neigh_event_ns(const u8* lladdr, u32 saddr, net_device* dev);
/// A protocol above has seen that the neighbour answers.
void neigh_confirm(neighbour* neigh);

// neigh_timer.cpp
void neigh_timer_handler(timer_list* timer);
/// us for which an address counts as reachable after proof.
i64 neigh_reachable_time(const net_device* dev);
/// us between solicitations.
i64 neigh_retrans_time(const net_device* dev);
i64 neigh_delay_probe_time(const net_device* dev);
/// Resolution failed: every waiting packet is answered. With the lock held, which is let go meanwhile.
void neigh_invalidate(neighbour* neigh);
/// Solicits once more. With the lock held, which is let go.
void neigh_probe(neighbour* neigh);
/// The address can be relied on, or not: which way packets take.
inline void neigh_connect(neighbour* neigh) { __atomic_store_n(&neigh->output, &neigh_hh_output, __ATOMIC_RELEASE); }
inline void neigh_suspect(neighbour* neigh) {
    __atomic_store_n(&neigh->output, &neigh_resolve_output, __ATOMIC_RELEASE);
}
/// Fills in the address. Readers see the old one or the new one.
void neigh_set_ha(neighbour* neigh, const u8* mac);
/// Drops what waits.
void neigh_purge_queue(neighbour* neigh);

// neigh_gc.cpp, for the table: with the table's lock held.
bool neigh_may_grow(bool exempt_from_gc);
void neigh_gc_add(neighbour* neigh);
void neigh_gc_remove(neighbour* neigh);
/// The entry has become permanent or is so no longer. Without locks.
void neigh_update_gc_list(neighbour* neigh);
void neigh_gc_init();
extern spinlock neigh_table_lock;
/// Links to all entries, for whoever walks them.
inline constexpr unsigned kNeighBuckets = 1024;
extern neighbour* neigh_buckets[kNeighBuckets];
extern i64 neigh_entries;
neighbour** neigh_link_of(const neighbour* neigh);
/// Takes the entry at `link` out; it lives until no packet can hold it. With the table's lock held.
void neigh_remove(neighbour** link);

}  // namespace fw
