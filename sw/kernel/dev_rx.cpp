// SPDX-License-Identifier: Apache-2.0
// Receive side of net/core/dev.c: from the driver through the backlog to the packet-type handlers.
#include "sw/kernel/counters.h"
#include "sw/kernel/interrupt.h"
#include "sw/kernel/netdevice.h"
#include "sw/kernel/softnet.h"
#include "sw/kernel/sysctl.h"

namespace fw {

constinit softnet_data softnet[regs::kMaxCpus] = {};

namespace {

constexpr unsigned kPtypeHash = 16;
constinit packet_type* ptype_all = nullptr;
constinit packet_type* ptype_base[kPtypeHash] = {};

unsigned ptype_hash(u16 protocol) { return __builtin_bswap16(protocol) % kPtypeHash; }

/// Next packet of the backlog, which interrupts fill.
sk_buff* backlog_dequeue() {
    hal::irq_disable();
    sk_buff* skb = skb_dequeue(&softnet[hal::cpu_id()].input_pkt_queue);
    hal::irq_enable();
    return skb;
}

}  // namespace

void dev_add_pack(packet_type* handler) {
    packet_type** list = handler->type ? &ptype_base[ptype_hash(handler->type)] : &ptype_all;
    handler->next = *list;
    *list = handler;
}

STAGE bool netif_rx(sk_buff* skb) {
    skb->stamp = hal::tsc();
    const u64 flags = hal::irq_save();
    sk_buff_head& backlog = softnet[hal::cpu_id()].input_pkt_queue;
    // The limit is compared before the packet is added, so the queue grows to one more (Linux enqueue_to_backlog).
    if (unlikely(backlog.qlen > sysctl(SysctlId::netdev_max_backlog))) {
        softnet_inc(regs::Softnet::dropped);
        hal::irq_restore(flags);
        dev_count(skb->dev, regs::Dev::rx_dropped);
        kfree_skb_reason(skb, Fate::backlog_full);
        return false;
    }
    skb_queue_tail(&backlog, skb);
    __cpu_raise_softirq(NET_RX_SOFTIRQ);
    hal::irq_restore(flags);
    return true;
}

STAGE void netif_receive_skb(sk_buff* skb) {
    skb->network_header = skb->transport_header = skb_headroom(skb);
    skb->skb_iif = skb->dev->ifindex;
    packet_type* last = nullptr;
    // Each taker but the last gets a reference of its own.
    const auto deliver_to = [&](packet_type* taker) {
        if (last) {
            __atomic_add_fetch(&skb->users, 1, __ATOMIC_RELAXED);  // an earlier taker may free on another CPU
            last->func(skb, skb->dev, last);
        }
        last = taker;
    };
    for (packet_type* tap = ptype_all; tap; tap = tap->next) deliver_to(tap);
    for (packet_type* handler = ptype_base[ptype_hash(skb->protocol)]; handler; handler = handler->next) {
        if (handler->type == skb->protocol) deliver_to(handler);
    }
    if (likely(last != nullptr)) {
        last->func(skb, skb->dev, last);
        return;
    }
    dev_count(skb->dev, regs::Dev::rx_dropped);
    kfree_skb_reason(skb, Fate::unknown_protocol);
}

STAGE void net_rx_action() {
    for (i64 budget = sysctl(SysctlId::netdev_budget); budget > 0; --budget) {
        sk_buff* skb = backlog_dequeue();
        if (!skb) return;
        softnet_inc(regs::Softnet::processed);
        netif_receive_skb(skb);
    }
    if (softnet[hal::cpu_id()].input_pkt_queue.qlen == 0) return;
    // The rest waits for the next round, so that other softirqs get their turn.
    softnet_inc(regs::Softnet::time_squeeze);
    raise_softirq(NET_RX_SOFTIRQ);
}

}  // namespace fw
