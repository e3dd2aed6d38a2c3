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
};

struct Qdisc {
    const Qdisc_ops* ops;
    net_device* dev;
    u64* stats;  ///< regs::Qdisc row of turnpike_counters
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

/// Gives the device its default queue, or none for a device without a queue length.
int dev_activate(net_device* dev);
/// Empties and takes away the queue.
void dev_deactivate(net_device* dev);
/// Puts the packet into the device's queue and sends from it; 0, or -errno when the packet was dropped and counted.
int qdisc_xmit(sk_buff* skb, Qdisc* q);
/// Sends from the queue until it is empty, the driver has enough or a fair share is used up. Leaves it to another CPU
/// that does so already.
void qdisc_run(Qdisc* q);
/// Has the transmit softirq run the queue.
void netif_schedule(net_device* dev);
/// The transmit softirq.
void net_tx_action();

}  // namespace fw
