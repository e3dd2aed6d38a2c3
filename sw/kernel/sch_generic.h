// SPDX-License-Identifier: Apache-2.0
// Queueing disciplines: a table of functions and a state (Linux include/net/sch_generic.h).
#pragma once
#include "sw/kernel/netdevice.h"
#include "sw/kernel/spinlock.h"

namespace fw {

struct Qdisc_ops {
    const char* id;
    int (*init)(Qdisc*);                 ///< 0 or -errno
    int (*enqueue)(sk_buff*, Qdisc*);    ///< takes the packet; -errno when it was dropped and counted
    sk_buff* (*dequeue)(Qdisc*);         ///< nullptr: nothing to send now
    void (*requeue)(sk_buff*, Qdisc*);   ///< a packet that the driver would not take: back to the front
    void (*reset)(Qdisc*, Fate reason);  ///< drops everything queued
    // Where there is nothing to do, nullptr.
    void (*destroy)(Qdisc*) = nullptr;  ///< gives back what init took; after reset
    /// New parameters, of a form of its own; 0 or -errno, and then nothing has changed.
    int (*change)(Qdisc*, const void* options, u32 bytes) = nullptr;
    /// Writes its parameters in the form that change takes; how many bytes.
    u32 (*dump)(const Qdisc*, void* to, u32 room) = nullptr;
};

struct Qdisc {
    const Qdisc_ops* ops;
    net_device* dev;
    netdev_queue* txq;  ///< the first of those that it sends by
    u64* stats;         ///< regs::Qdisc row of turnpike_counters
    Qdisc* next_scheduled;
    spinlock lock;  ///< for all of the queue but `scheduled`; its functions are called with the lock held
    u32 qlen;
    bool scheduled;  ///< in some CPU's list for the transmit softirq
    bool running;    ///< some CPU hands its packets to the driver; no other one does meanwhile, so they stay in order
    alignas(16) u8 priv[128];
};

template <typename State>
State& qdisc_priv(Qdisc* q) {
    static_assert(sizeof(State) <= sizeof(Qdisc::priv));
    return *reinterpret_cast<State*>(q->priv);
}

inline void qdisc_count(Qdisc* q, regs::Qdisc counter, u64 amount = 1) {
    q->stats[static_cast<unsigned>(counter)] += amount;
}
inline void qdisc_set_qlen(Qdisc* q, u32 qlen) {
    q->qlen = qlen;
    q->stats[static_cast<unsigned>(regs::Qdisc::backlog_packets)] = qlen;
}

// The functions of pfifo_fast, so that others can be made of them. Enqueue goes by skb->priority.
int pfifo_fast_init(Qdisc* q);
int pfifo_fast_enqueue(sk_buff* skb, Qdisc* q);
sk_buff* pfifo_fast_dequeue(Qdisc* q);
void pfifo_fast_requeue(sk_buff* skb, Qdisc* q);
void pfifo_fast_reset(Qdisc* q, Fate reason);
extern const Qdisc_ops pfifo_fast_ops;

/// What a device's queue is made of; sch_default.cpp.
extern const Qdisc_ops* const default_qdisc_ops;

/// Puts another discipline in the place of the device's (nullptr: the default one); what is queued is dropped. A device
/// that is down has it when it comes up. It is one for the whole device: all packets then leave by its first transmit
/// queue. 0, or -errno and the old one stays.
int dev_graft_qdisc(net_device* dev, const Qdisc_ops* ops);
/// The discipline's own change and dump. -EOPNOTSUPP or 0 bytes where it has none, or the device no queue.
int qdisc_change(net_device* dev, const void* options, u32 bytes);
u32 qdisc_dump(net_device* dev, void* to, u32 room);
/// Gives the device its queue: what was grafted, else the default one for each of its transmit queues (Linux: mq); none
/// for a device without a queue length.
int dev_activate(net_device* dev);
/// Empties and takes away the queue.
void dev_deactivate(net_device* dev);
/// Puts the packet into the device's queue and sends from it; 0, or -errno when the packet was dropped and counted.
int qdisc_xmit(sk_buff* skb, Qdisc* q);
/// Sends from the queue until it is empty, the driver has enough or a fair share is used up. Leaves it to another CPU
/// that does so already.
void qdisc_run(Qdisc* q);
/// Has the transmit softirq run the queue.
void netif_schedule_queue(netdev_queue* queue);
/// The transmit softirq.
void net_tx_action();

}  // namespace fw
