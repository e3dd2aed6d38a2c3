// SPDX-License-Identifier: Apache-2.0
// The default queue: three bands of first in, first out; a band is served when those before it are empty (Linux
// net/sched/sch_generic.c).
#include "sw/kernel/error.h"
#include "sw/kernel/sch_generic.h"

namespace fw {
namespace {

constexpr unsigned kBands = 3;
constexpr u32 TC_PRIO_MAX = 15;
// Band of a packet's priority, from the documents and Linux alike.
constexpr u8 prio2band[TC_PRIO_MAX + 1] = {1, 2, 2, 2, 1, 2, 0, 0, 1, 1, 1, 1, 1, 1, 1, 1};

struct Bands {
    sk_buff_head list[kBands];
};

unsigned band_of(const sk_buff* skb) { return prio2band[skb->priority & TC_PRIO_MAX]; }

regs::Qdisc band_counter(unsigned band) {
    return static_cast<regs::Qdisc>(static_cast<unsigned>(regs::Qdisc::band0) + band);
}

}  // namespace

int pfifo_fast_init(Qdisc* q) {
    for (sk_buff_head& list : qdisc_priv<Bands>(q).list) skb_queue_head_init(&list);
    return 0;
}

void pfifo_fast_requeue(sk_buff* skb, Qdisc* q) {
    skb_queue_head(&qdisc_priv<Bands>(q).list[band_of(skb)], skb);
    qdisc_set_qlen(q, q->qlen + 1);
}

void pfifo_fast_reset(Qdisc* q, Fate reason) {
    for (sk_buff_head& list : qdisc_priv<Bands>(q).list) {
        while (sk_buff* skb = skb_dequeue(&list)) kfree_skb_reason(skb, reason);
    }
    qdisc_set_qlen(q, 0);
}

// Each band holds tx_queue_len packets (Linux 2.6.9 and 6.18 agree).
STAGE int pfifo_fast_enqueue(sk_buff* skb, Qdisc* q) {
    const unsigned band = band_of(skb);
    sk_buff_head* list = &qdisc_priv<Bands>(q).list[band];
    if (unlikely(list->qlen >= q->dev->tx_queue_len)) {
        qdisc_count(q, regs::Qdisc::dropped);
        kfree_skb_reason(skb, Fate::qdisc_full);
        return -err::nobufs;
    }
    skb_queue_tail(list, skb);
    qdisc_count(q, band_counter(band));
    qdisc_set_qlen(q, q->qlen + 1);
    return 0;
}

STAGE sk_buff* pfifo_fast_dequeue(Qdisc* q) {
    for (sk_buff_head& list : qdisc_priv<Bands>(q).list) {
        if (sk_buff* skb = skb_dequeue(&list)) {
            qdisc_set_qlen(q, q->qlen - 1);
            return skb;
        }
    }
    return nullptr;
}

constinit const Qdisc_ops pfifo_fast_ops = {
    .id = "pfifo_fast",
    .init = pfifo_fast_init,
    .enqueue = pfifo_fast_enqueue,
    .dequeue = pfifo_fast_dequeue,
    .requeue = pfifo_fast_requeue,
    .reset = pfifo_fast_reset,
};

}  // namespace fw
