// SPDX-License-Identifier: Apache-2.0
// Received packets in batches (Linux net/core/dev.c, gro_normal_one and its neighbours): while one batch is delivered,
// work on the next is already under way. Packets keep their order, and none outlives the poll that took it in.
#include "sw/kernel/softnet.h"

namespace fw {

constinit const rx_ahead_ops* rx_ahead = nullptr;

namespace {

void deliver(softnet_data& sd, u32 count) {
    for (; count > 0; --count) {
        sk_buff* skb = skb_dequeue(&sd.rx_list);
        --sd.rx_begun;
        rx_ahead->turn();
        netif_receive_skb(skb);
    }
    rx_ahead->done();
}

/// Begins the last `count` packets of the list.
void begin(softnet_data& sd, u32 count) {
    const sk_buff* first = sd.rx_list.prev;
    for (u32 n = 1; n < count; ++n) first = first->prev;
    sd.rx_begun += count;
    rx_ahead->begin(first, count);
}

}  // namespace

void rx_take(sk_buff* skb) {
    if (likely(!rx_ahead)) return netif_receive_skb(skb);
    softnet_data& sd = softnet[hal::cpu_id()];
    skb_queue_tail(&sd.rx_list, skb);
    const u32 before = sd.rx_begun;
    if (sd.rx_list.qlen - before < kRxBatch) return;
    begin(sd, kRxBatch);
    deliver(sd, before);
}

void rx_begin_rest(softnet_data& sd) {
    const u32 rest = sd.rx_list.qlen - sd.rx_begun;
    if (rest != 0) begin(sd, rest);
}

void rx_flush(softnet_data& sd) {
    if (sd.rx_list.qlen == 0) return;
    rx_begin_rest(sd);
    deliver(sd, sd.rx_list.qlen);
}

}  // namespace fw
