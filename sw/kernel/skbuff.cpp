// SPDX-License-Identifier: Apache-2.0
// Socket buffers from a pool of equal slots (Linux net/core/skbuff.c).
#include "sw/kernel/skbuff.h"

#include "sw/hal/poison.h"
#include "sw/kernel/spinlock.h"

namespace fw {

inline constexpr std::size_t kCacheLine = 64;

/// Structure and data side by side. The size is a multiple of a cache line, but no multiple of a page: else the headers
/// of all packets would fall into the same few sets of the first-level cache.
struct alignas(kCacheLine) SkbSlot {
    sk_buff skb;
    alignas(kCacheLine) u8 data[kSkbDataBytes];
};
static_assert(sizeof(SkbSlot) % kCacheLine == 0 && (sizeof(SkbSlot) / kCacheLine) % 2 == 1);

}  // namespace fw

// For the host (regs/observe.def).
extern "C" {
constinit fw::SkbSlot skb_pool[fw::kSkbPoolSlots] __attribute__((used)) = {};
extern const fw::u64 skb_slot_bytes;
constinit const fw::u64 skb_slot_bytes __attribute__((used)) = sizeof(fw::SkbSlot);
}

namespace fw {
namespace {

// Free slots lie in lists of a fixed number, full ones in a depot that all CPUs share. Each CPU works on a list of its
// own and keeps a second one, full or empty, so that it comes to the depot at most once in so many calls (Bonwick and
// Adams, "Magazines and Vmem", USENIX 2001; Linux's slab caches do the like).
constexpr u32 kListSlots = 64;
static_assert(kSkbPoolSlots % kListSlots == 0);

struct alignas(kCacheLine) CpuPool {
    sk_buff* list;
    sk_buff* spare;  ///< a full list, or none
    u32 slots;       ///< in `list`
};
constinit CpuPool cpu_pool[regs::kMaxCpus] = {};

constinit spinlock pool_lock = {LockClass::skb_pool};
constinit sk_buff* depot = nullptr;  ///< full lists, one behind the other by their first slot's `prev`
constinit u32 depot_lists = 0;

void depot_put(sk_buff* list) {
    spin_lock(pool_lock);
    list->prev = depot;
    depot = list;
    ++depot_lists;
    spin_unlock(pool_lock);
}

sk_buff* depot_take() {
    spin_lock(pool_lock);
    sk_buff* list = depot;
    if (list) {
        depot = list->prev;
        --depot_lists;
    }
    spin_unlock(pool_lock);
    return list;
}

u8* slot_data(sk_buff* skb) { return reinterpret_cast<SkbSlot*>(skb)->data; }

void give_back(sk_buff* skb) {
    hal::poison(slot_data(skb), kSkbDataBytes);
    const u64 flags = hal::irq_save();
    CpuPool& pool = cpu_pool[hal::cpu_id()];
    if (unlikely(pool.slots == kListSlots)) {
        if (pool.spare) depot_put(pool.spare);
        pool.spare = pool.list;
        pool.list = nullptr;
        pool.slots = 0;
    }
    skb->next = pool.list;
    pool.list = skb;
    ++pool.slots;
    hal::irq_restore(flags);
}

/// A full list for a CPU that has used its own up; false when there is none.
bool refill(CpuPool& pool) {
    pool.list = pool.spare ? pool.spare : depot_take();
    pool.spare = nullptr;
    pool.slots = pool.list ? kListSlots : 0;
    return pool.list != nullptr;
}

/// True when the caller held the last reference. The only holder need not lock the bus to know that.
bool unref(sk_buff* skb) {
    if (likely(__atomic_load_n(&skb->users, __ATOMIC_ACQUIRE) == 1)) return true;
    return __atomic_sub_fetch(&skb->users, 1, __ATOMIC_ACQ_REL) == 0;
}

void end(sk_buff* skb, Fate fate) {
    if (fate != Fate::count) ++cpu_counters().fates[static_cast<unsigned>(fate)];
    skb_release(skb, fate);
}

/// A clone, or a packet whose bytes clones use: the slot with the bytes is free when the last of them has ended.
void end_shared(sk_buff* skb, Fate fate) {
    sk_buff* owner = skb_data_owner(skb);
    if (owner == skb) {
        skb->end_fate = fate;
    } else {
        end(skb, fate);
    }
    if (__atomic_sub_fetch(&owner->dataref, 1, __ATOMIC_ACQ_REL) == 0) end(owner, owner->end_fate);
}

}  // namespace

/// The packet's memory is free again. The host sees here what became of it: `fate`, or Fate::count where that was told
/// already or lies with a copy.
OBSERVED void skb_release(sk_buff* skb, Fate) { give_back(skb); }

sk_buff* skb_data_owner(const sk_buff* skb) { return reinterpret_cast<sk_buff*>(skb->head - offsetof(SkbSlot, data)); }

void skb_init() {
    for (CpuPool& pool : cpu_pool) pool = {};
    depot = nullptr;
    depot_lists = 0;
    for (unsigned first = kSkbPoolSlots; first > 0; first -= kListSlots) {
        sk_buff* list = nullptr;
        for (unsigned i = first; i-- > first - kListSlots;) {
            skb_pool[i].skb.next = list;
            list = &skb_pool[i].skb;
        }
        depot_put(list);
    }
}

u32 skb_free_slots() {
    u32 slots = depot_lists * kListSlots;
    for (const CpuPool& pool : cpu_pool) slots += pool.slots + (pool.spare ? kListSlots : 0);
    return slots;
}

STAGE sk_buff* alloc_skb() {
    const u64 flags = hal::irq_save();
    CpuPool& pool = cpu_pool[hal::cpu_id()];
    sk_buff* skb = nullptr;
    if (likely(pool.slots != 0 || refill(pool))) {
        skb = pool.list;
        pool.list = skb->next;
        --pool.slots;
    }
    hal::irq_restore(flags);
    if (unlikely(!skb)) return nullptr;
    *skb = {};
    skb->head = slot_data(skb);
    hal::unpoison(skb->head, kSkbDataBytes);
    skb->data = skb->tail = skb->head + kSkbHeadroom;
    skb->end = skb->head + kSkbDataBytes;
    skb->users = skb->dataref = 1;
    return skb;
}

STAGE void kfree_skb_reason(sk_buff* skb, Fate fate) {
    if (!unref(skb)) return;
    for (sk_buff* piece = skb->frag_list; unlikely(piece != nullptr);) {
        sk_buff* next = piece->next;
        kfree_skb_reason(piece, fate);
        piece = next;
    }
    if (unlikely(skb->dataref != 1)) return end_shared(skb, fate);
    ++cpu_counters().fates[static_cast<unsigned>(fate)];
    skb_release(skb, fate);
}

STAGE void consume_skb(sk_buff* skb) {
    if (!unref(skb)) return;
    for (sk_buff* piece = skb->frag_list; unlikely(piece != nullptr);) {
        sk_buff* next = piece->next;
        consume_skb(piece);
        piece = next;
    }
    if (unlikely(skb->dataref != 1)) return end_shared(skb, Fate::count);
    skb_release(skb, Fate::count);
}

}  // namespace fw
