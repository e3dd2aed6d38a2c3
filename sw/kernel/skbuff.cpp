// SPDX-License-Identifier: Apache-2.0
// Socket buffers from a pool of equal slots (Linux net/core/skbuff.c).
#include "sw/kernel/skbuff.h"

#include "sw/kernel/counters.h"

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

constinit sk_buff* free_list = nullptr;
constinit u32 free_slots = 0;

void release(sk_buff* skb) {
    const u64 flags = hal::irq_save();
    skb->next = free_list;
    free_list = skb;
    ++free_slots;
    hal::irq_restore(flags);
}

/// True when the caller held the last reference.
bool unref(sk_buff* skb) { return --skb->users == 0; }

}  // namespace

void skb_init() {
    free_list = nullptr;
    free_slots = 0;
    for (unsigned i = kSkbPoolSlots; i-- > 0;) release(&skb_pool[i].skb);
}

u32 skb_free_slots() { return free_slots; }

STAGE sk_buff* alloc_skb() {
    const u64 flags = hal::irq_save();
    sk_buff* skb = free_list;
    if (likely(skb != nullptr)) {
        free_list = skb->next;
        --free_slots;
    }
    hal::irq_restore(flags);
    if (unlikely(!skb)) return nullptr;
    *skb = {};
    skb->head = reinterpret_cast<SkbSlot*>(skb)->data;
    skb->data = skb->tail = skb->head + kSkbHeadroom;
    skb->end = skb->head + kSkbDataBytes;
    skb->users = 1;
    return skb;
}

STAGE void kfree_skb_reason(sk_buff* skb, Fate fate) {
    if (!unref(skb)) return;
    ++turnpike_counters.fates[static_cast<unsigned>(fate)];
    release(skb);
}

STAGE void consume_skb(sk_buff* skb) {
    if (unref(skb)) release(skb);
}

OBSERVED void copy_skb_header(sk_buff* to, const sk_buff* from) {
    to->dev = from->dev;
    to->dst = from->dst;
    to->stamp = from->stamp;
    to->priority = from->priority;
    to->mark = from->mark;
    to->protocol = from->protocol;
    to->pkt_type = from->pkt_type;
    to->ip_summed = from->ip_summed;
    __builtin_memcpy(to->cb, from->cb, sizeof to->cb);
}

sk_buff* skb_realloc_headroom(const sk_buff* skb, u32 headroom) {
    const u32 before = skb_headroom(skb);
    if (headroom < before) headroom = before;
    if (headroom + skb->len > kSkbDataBytes) return nullptr;
    sk_buff* copy = alloc_skb();
    if (!copy) return nullptr;
    copy_skb_header(copy, skb);
    copy->len = skb->len;
    copy->data = copy->head + headroom;
    copy->tail = copy->data + skb->len;
    // Header offsets count from head, and the packet now lies further along. The bytes before it come with it, since
    // the link header may lie there.
    const u32 moved = headroom - before;
    copy->mac_header = skb->mac_header + moved;
    copy->network_header = skb->network_header + moved;
    copy->transport_header = skb->transport_header + moved;
    __builtin_memcpy(copy->head + moved, skb->head, before + skb->len);
    return copy;
}

bool skb_cow(sk_buff** skb, u32 headroom) {
    const sk_buff* old = *skb;
    if (likely(skb_headroom(old) >= headroom && old->users == 1)) return true;
    sk_buff* copy = skb_realloc_headroom(old, headroom);
    if (!copy) return false;
    consume_skb(*skb);
    *skb = copy;
    return true;
}

}  // namespace fw
