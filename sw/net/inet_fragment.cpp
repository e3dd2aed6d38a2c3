// SPDX-License-Identifier: Apache-2.0
// Where a fragment belongs among the others (Linux net/ipv4/inet_fragment.c). Fragments that come one behind the other
// are a run; the runs are a search tree by offset, so that a datagram of many pieces costs little in any order.
#include "sw/net/ipq.h"

namespace fw {
namespace {

// The tree is a treap (Seidel and Aragon, "Randomized Search Trees", 1996): a node's weight is a hash of its offset, no
// node weighs more than its parent. Linux has a red-black tree.

u32 weight_of(sk_buff* skb) {
    constexpr u32 kGolden = 0x9E3779B9;
    return (FRAG_CB(skb)->offset >> 3) * kGolden;
}

sk_buff*& left(sk_buff* skb) { return skb->next; }
sk_buff*& right(sk_buff* skb) { return skb->prev; }

void insert_run(ipq* qp, sk_buff* skb) {
    const u32 offset = FRAG_CB(skb)->offset;
    sk_buff** link = &qp->fragments;
    while (*link && weight_of(*link) > weight_of(skb)) {
        link = offset < FRAG_CB(*link)->offset ? &left(*link) : &right(*link);
    }
    // What lies below goes to the left or to the right of the new node.
    sk_buff* below = *link;
    *link = skb;
    sk_buff** lower = &left(skb);
    sk_buff** higher = &right(skb);
    while (below) {
        if (FRAG_CB(below)->offset < offset) {
            *lower = below;
            lower = &right(below);
            below = *lower;
        } else {
            *higher = below;
            higher = &left(below);
            below = *higher;
        }
    }
    *lower = *higher = nullptr;
}

void start_run(ipq* qp, sk_buff* skb, u32 offset) {
    FRAG_CB(skb)->next_frag = nullptr;
    FRAG_CB(skb)->offset = offset;
    FRAG_CB(skb)->frag_run_len = skb->len;
    insert_run(qp, skb);
}

void start_last_run(ipq* qp, sk_buff* skb, u32 offset) {
    start_run(qp, skb, offset);
    qp->last_run_head = qp->fragments_tail = skb;
}

void append_to_last_run(ipq* qp, sk_buff* skb, u32 offset) {
    FRAG_CB(skb)->next_frag = nullptr;
    FRAG_CB(skb)->offset = offset;
    FRAG_CB(qp->last_run_head)->frag_run_len += skb->len;
    FRAG_CB(qp->fragments_tail)->next_frag = skb;
    qp->fragments_tail = skb;
}

/// Bytes that are there twice: within one run they are a duplicate, else the datagram is not to be trusted (RFC 5722
/// 4).
FragInsert compare_with_runs(const ipq* qp, u32 offset, u32 end) {
    sk_buff* run = qp->fragments;
    while (run) {
        const u32 begin = FRAG_CB(run)->offset;
        const u32 run_end = begin + FRAG_CB(run)->frag_run_len;
        if (end <= begin) {
            run = left(run);
        } else if (offset >= run_end) {
            run = right(run);
        } else {
            return offset >= begin && end <= run_end ? FragInsert::duplicate : FragInsert::overlap;
        }
    }
    return FragInsert::ok;
}

}  // namespace

FragInsert inet_frag_queue_insert(ipq* qp, sk_buff* skb, u32 offset, u32 end) {
    sk_buff* last = qp->fragments_tail;
    const u32 last_end = last ? FRAG_CB(last)->offset + last->len : 0;
    if (!last) {
        start_last_run(qp, skb, offset);
        return FragInsert::ok;
    }
    if (last_end < end) {
        if (offset < last_end) return FragInsert::overlap;
        if (offset == last_end) {
            append_to_last_run(qp, skb, offset);
        } else {
            start_last_run(qp, skb, offset);
        }
        return FragInsert::ok;
    }
    const FragInsert result = compare_with_runs(qp, offset, end);
    if (result == FragInsert::ok) start_run(qp, skb, offset);
    return result;
}

sk_buff* inet_frag_take_run(ipq* qp) {
    sk_buff* run = qp->fragments;
    if (!run) return nullptr;
    // Turned to the right at the root until nothing is lower.
    while (sk_buff* lower = left(run)) {
        left(run) = right(lower);
        right(lower) = run;
        run = lower;
    }
    qp->fragments = right(run);
    return run;
}

void inet_frag_queue_flush(ipq* qp, Fate fate) {
    while (sk_buff* skb = inet_frag_take_run(qp)) {
        while (skb) {
            sk_buff* next = FRAG_CB(skb)->next_frag;
            frag_kfree_skb(skb, fate);
            skb = next;
        }
    }
    qp->last_run_head = qp->fragments_tail = nullptr;
}

}  // namespace fw
