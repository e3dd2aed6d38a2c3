// SPDX-License-Identifier: Apache-2.0
// The egress queue between stack and driver (Linux net/sched/sch_generic.c).
#include "sw/kernel/sch_generic.h"

#include "sw/kernel/counters.h"
#include "sw/kernel/error.h"
#include "sw/kernel/interrupt.h"

namespace fw {
namespace {

// Packets sent in one go before others get a turn (Linux 6.18 net/core/hotdata.c, dev_tx_weight).
constexpr unsigned kTxWeight = 64;

constinit Qdisc root_qdisc[regs::kMaxDevices] = {};
// Queues that the transmit softirq is to run; interrupts append to it (Linux: softnet_data.output_queue).
constinit Qdisc* output_queue = nullptr;
constinit Qdisc** output_queue_tail = &output_queue;

/// One packet from the queue to the driver. False: nothing sent.
bool qdisc_restart(net_device* dev, Qdisc* q) {
    sk_buff* skb = q->ops->dequeue(q);
    if (!skb) return false;
    const u32 bytes = skb->len;
    if (likely(dev->ops->hard_start_xmit(skb, dev) == NETDEV_TX_OK)) {
        qdisc_count(q, regs::Qdisc::sent_packets);
        qdisc_count(q, regs::Qdisc::sent_bytes, bytes);
        return true;
    }
    q->ops->requeue(skb, q);
    qdisc_count(q, regs::Qdisc::requeues);
    // A stopped queue is scheduled by the driver's wake-up; the other case is a driver that was busy for a moment.
    if (!dev->queue_stopped) netif_schedule(dev);
    return false;
}

Qdisc* take_output_queue() {
    const u64 flags = hal::irq_save();
    Qdisc* list = output_queue;
    output_queue = nullptr;
    output_queue_tail = &output_queue;
    hal::irq_restore(flags);
    return list;
}

}  // namespace

void qdisc_run(net_device* dev) {
    Qdisc* q = dev->qdisc;
    for (unsigned sent = 0; q->qlen && !dev->queue_stopped && qdisc_restart(dev, q);) {
        if (++sent == kTxWeight && q->qlen) {
            netif_schedule(dev);
            return;
        }
    }
}

void netif_schedule(net_device* dev) {
    const u64 flags = hal::irq_save();
    Qdisc* q = dev->qdisc;
    if (q && !q->scheduled) {
        q->scheduled = true;
        q->next_scheduled = nullptr;
        *output_queue_tail = q;
        output_queue_tail = &q->next_scheduled;
        __cpu_raise_softirq(NET_TX_SOFTIRQ);
    }
    hal::irq_restore(flags);
}

void net_tx_action() {
    for (Qdisc* q = take_output_queue(); q;) {
        Qdisc* next = q->next_scheduled;
        q->scheduled = false;
        if (q->dev->qdisc == q) qdisc_run(q->dev);
        q = next;
    }
}

void netif_stop_queue(net_device* dev) { dev->queue_stopped = true; }

void netif_wake_queue(net_device* dev) {
    if (!dev->queue_stopped) return;
    dev->queue_stopped = false;
    netif_schedule(dev);
}

int dev_activate(net_device* dev) {
    if (!dev->tx_queue_len) return 0;
    Qdisc* q = &root_qdisc[dev->ifindex - 1];
    q->ops = default_qdisc_ops;
    q->dev = dev;
    q->stats = turnpike_counters.qdisc[dev->ifindex - 1];
    qdisc_set_qlen(q, 0);
    const int error = q->ops->init(q);
    if (error) return error;
    dev->queue_stopped = false;
    dev->qdisc = q;
    return 0;
}

void dev_deactivate(net_device* dev) {
    Qdisc* q = dev->qdisc;
    dev->qdisc = nullptr;
    if (q) q->ops->reset(q, Fate::device_down);
}

}  // namespace fw
