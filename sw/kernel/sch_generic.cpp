// SPDX-License-Identifier: Apache-2.0
// The egress queue between stack and driver (Linux net/sched/sch_generic.c).
#include "sw/kernel/sch_generic.h"

#include "sw/kernel/error.h"
#include "sw/kernel/interrupt.h"

namespace fw {
namespace {

// Packets sent in one go before others get a turn (Linux 6.18 net/core/hotdata.c, dev_tx_weight).
constexpr unsigned kTxWeight = 64;

/// Each on lines of its own: with several transmit queues each CPU has one to itself.
struct alignas(64) QdiscSlot {
    Qdisc qdisc;
};
constinit QdiscSlot queue_qdisc[regs::kMaxDevices][regs::kMaxQueues] = {};

/// Queues that a CPU's transmit softirq is to run; interrupts append to it (Linux: softnet_data.output_queue).
struct alignas(64) OutputQueue {
    Qdisc* first;
    Qdisc* last;
};
constinit OutputQueue output_queue[regs::kMaxCpus] = {};

/// With the lock held: the next packet for the driver.
sk_buff* next_packet(Qdisc* q) { return q->qlen && !netif_tx_queue_stopped(q->txq) ? q->ops->dequeue(q) : nullptr; }

/// With the lock held, which is let go while the driver works: one packet. False: the driver would not take it.
bool qdisc_restart(Qdisc* q, sk_buff* skb) {
    net_device* dev = q->dev;
    const u32 bytes = skb->len;
    spin_unlock(q->lock);
    const bool sent = likely(dev_hard_start_xmit(skb, dev) == NETDEV_TX_OK);
    spin_lock(q->lock);
    if (sent) {
        qdisc_count(q, regs::Qdisc::sent_packets);
        qdisc_count(q, regs::Qdisc::sent_bytes, bytes);
        return true;
    }
    q->ops->requeue(skb, q);
    qdisc_count(q, regs::Qdisc::requeues);
    // A stopped queue is scheduled by the driver's wake-up; the other case is a driver that was busy for a moment.
    if (!netif_tx_queue_stopped(q->txq)) netif_schedule_queue(q->txq);
    return false;
}

/// With the lock held, by the CPU that has set `running`. Whoever puts a packet in or wakes the queue later finds the
/// mark gone under the same lock, and goes on.
void run_locked(Qdisc* q) {
    unsigned sent = 0;
    while (sk_buff* skb = next_packet(q)) {
        if (!qdisc_restart(q, skb)) break;
        if (++sent == kTxWeight && q->qlen) {
            netif_schedule_queue(q->txq);
            break;
        }
    }
    q->running = false;
}

bool begin_run(Qdisc* q) {
    if (q->running) return false;
    q->running = true;
    return true;
}

Qdisc* take_output_queue() {
    const u64 flags = hal::irq_save();
    OutputQueue& queue = output_queue[hal::cpu_id()];
    Qdisc* list = queue.first;
    queue = {};
    hal::irq_restore(flags);
    return list;
}

}  // namespace

int qdisc_xmit(sk_buff* skb, Qdisc* q) {
    spin_lock(q->lock);
    const int error = q->ops->enqueue(skb, q);
    if (begin_run(q)) run_locked(q);
    spin_unlock(q->lock);
    return error;
}

void qdisc_run(Qdisc* q) {
    spin_lock(q->lock);
    if (begin_run(q)) run_locked(q);
    spin_unlock(q->lock);
}

void netif_schedule_queue(netdev_queue* txq) {
    const u64 flags = hal::irq_save();
    Qdisc* q = txq->qdisc;
    if (q && !__atomic_exchange_n(&q->scheduled, true, __ATOMIC_ACQ_REL)) {
        OutputQueue& queue = output_queue[hal::cpu_id()];
        q->next_scheduled = nullptr;
        (queue.last ? queue.last->next_scheduled : queue.first) = q;
        queue.last = q;
        __cpu_raise_softirq(NET_TX_SOFTIRQ);
    }
    hal::irq_restore(flags);
}

void net_tx_action() {
    for (Qdisc* q = take_output_queue(); q;) {
        Qdisc* next = q->next_scheduled;
        __atomic_store_n(&q->scheduled, false, __ATOMIC_RELEASE);
        if (q->txq->qdisc == q) qdisc_run(q);
        q = next;
    }
}

void netif_tx_stop_queue(netdev_queue* queue) { __atomic_store_n(&queue->stopped, true, __ATOMIC_RELAXED); }

// The waker's netif_schedule_queue comes to the queue's lock after this store, so a run that still saw the queue
// stopped has ended by then.
void netif_tx_wake_queue(netdev_queue* queue) {
    if (!netif_tx_queue_stopped(queue)) return;
    __atomic_store_n(&queue->stopped, false, __ATOMIC_RELEASE);
    netif_schedule_queue(queue);
}

namespace {

int activate_queue(net_device* dev, unsigned number) {
    Qdisc* q = &queue_qdisc[dev->ifindex - 1][number].qdisc;
    q->ops = dev->qdisc_ops ? dev->qdisc_ops : default_qdisc_ops;
    q->dev = dev;
    q->txq = &dev->tx[number];
    q->lock.counted_as = LockClass::qdisc;
    q->stats = turnpike_counters.queue[dev->ifindex - 1][number].qdisc;
    qdisc_set_qlen(q, 0);
    const int error = q->ops->init(q);
    if (error) return error;
    q->txq->stopped = false;
    q->txq->qdisc = q;
    return 0;
}

}  // namespace

int dev_activate(net_device* dev) {
    dev->active_tx_queues = dev->qdisc_ops ? 1 : dev->real_num_tx_queues;
    if (!dev->tx_queue_len) return 0;
    for (unsigned n = 0; n < dev->active_tx_queues; ++n) {
        const int error = activate_queue(dev, n);
        if (!error) continue;
        dev_deactivate(dev);
        return error;
    }
    return 0;
}

void dev_deactivate(net_device* dev) {
    for (netdev_queue& txq : dev->tx) {
        Qdisc* q = txq.qdisc;
        txq.qdisc = nullptr;
        if (!q) continue;
        q->ops->reset(q, Fate::device_down);
        if (q->ops->destroy) q->ops->destroy(q);
    }
}

}  // namespace fw
