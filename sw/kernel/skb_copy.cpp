// SPDX-License-Identifier: Apache-2.0
// Clones and copies (Linux net/core/skbuff.c).
#include "sw/kernel/skbuff.h"

namespace fw {
namespace {

/// Where the bytes lie and what they are. `moved`: by how much they lie further along in the new buffer.
void place(sk_buff* to, const sk_buff* from, u32 moved) {
    to->len = from->len;
    to->mac_header = from->mac_header + moved;
    to->network_header = from->network_header + moved;
    to->transport_header = from->transport_header + moved;
}

sk_buff* copy_piece(const sk_buff* piece) { return skb_realloc_headroom(piece, skb_headroom(piece)); }

/// The pieces of `from`, each made by `make`; false: no skb was left for one of them.
bool take_pieces(sk_buff* to, const sk_buff* from, sk_buff* (*make)(const sk_buff*)) {
    sk_buff** link = &to->frag_list;
    for (const sk_buff* piece = from->frag_list; piece; piece = piece->next) {
        *link = make(piece);
        if (!*link) return false;
        link = &(*link)->next;
    }
    return true;
}

/// A packet of its own with the bytes of `skb` from its first on, `headroom` before them.
sk_buff* copy_with_headroom(const sk_buff* skb, u32 headroom) {
    const u32 before = skb_headroom(skb), bytes = skb_headlen(skb);
    sk_buff* copy = alloc_skb();
    if (!copy) return nullptr;
    copy_skb_header(copy, skb);
    copy->data = copy->head + headroom;
    copy->tail = copy->data + bytes;
    place(copy, skb, headroom - before);
    // The bytes before the packet come with it, since the link header may lie there.
    const u32 kept = before < headroom ? before : headroom;
    __builtin_memcpy(copy->data - kept, skb->data - kept, kept + bytes);
    if (unlikely(skb->frag_list != nullptr) && !take_pieces(copy, skb, copy_piece)) {
        consume_skb(copy);
        return nullptr;
    }
    return copy;
}

bool replace(sk_buff** skb, sk_buff* copy) {
    if (!copy) return false;
    consume_skb(*skb);
    *skb = copy;
    return true;
}

}  // namespace

OBSERVED void copy_skb_header(sk_buff* to, const sk_buff* from) {
    to->dev = from->dev;
    to->dst = from->dst;
    to->stamp = from->stamp;
    to->priority = from->priority;
    to->mark = from->mark;
    to->protocol = from->protocol;
    to->pkt_type = from->pkt_type;
    to->ip_summed = from->ip_summed;
    to->csum_offset = from->csum_offset;
    to->skb_iif = from->skb_iif;
    __builtin_memcpy(to->cb, from->cb, sizeof to->cb);
}

sk_buff* skb_clone(const sk_buff* skb) {
    sk_buff* clone = alloc_skb();
    if (!clone) return nullptr;
    copy_skb_header(clone, skb);
    clone->head = skb->head;
    clone->data = skb->data;
    clone->tail = skb->tail;
    clone->end = skb->end;
    place(clone, skb, 0);
    clone->dataref = 0;
    __atomic_add_fetch(&skb_data_owner(skb)->dataref, 1, __ATOMIC_ACQ_REL);
    if (unlikely(skb->frag_list != nullptr) && !take_pieces(clone, skb, skb_clone)) {
        consume_skb(clone);
        return nullptr;
    }
    return clone;
}

sk_buff* skb_share_check(sk_buff* skb) {
    if (likely(!skb_shared(skb))) return skb;
    sk_buff* clone = skb_clone(skb);
    consume_skb(skb);
    return clone;
}

sk_buff* skb_realloc_headroom(const sk_buff* skb, u32 headroom) {
    const u32 before = skb_headroom(skb);
    if (headroom < before) headroom = before;
    return headroom + skb_headlen(skb) <= kSkbDataBytes ? copy_with_headroom(skb, headroom) : nullptr;
}

bool skb_cow(sk_buff** skb, u32 headroom) {
    const sk_buff* old = *skb;
    if (likely(skb_headroom(old) >= headroom && old->users == 1 && !skb_cloned(old))) return true;
    return replace(skb, skb_realloc_headroom(old, headroom));
}

bool pskb_expand_head(sk_buff** skb, u32 headroom, u32 tailroom) {
    const sk_buff* old = *skb;
    const bool own = !skb_shared(old) && !skb_cloned(old);
    if (own && skb_headroom(old) >= headroom && skb_tailroom(old) >= tailroom) return true;
    if (headroom + skb_headlen(old) + tailroom > kSkbDataBytes) return false;
    return replace(skb, copy_with_headroom(old, headroom));
}

}  // namespace fw
