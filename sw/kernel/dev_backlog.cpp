// SPDX-License-Identifier: Apache-2.0
// From interrupts to the receive softirq by a queue of each CPU (Linux net/core/dev.c, netif_rx; congestion levels of
// 2.4's).
#include "sw/kernel/counters.h"
#include "sw/kernel/softnet.h"
#include "sw/kernel/sysctl.h"

namespace fw {
namespace {

/// 2.4: the average forgets half with each packet.
void get_sample_stats(softnet_data& sd) {
    sd.avg_blog = sd.avg_blog / 2 + sd.input_pkt_queue.qlen / 2;
    if (likely(sd.avg_blog <= sysctl(SysctlId::no_cong))) {
        sd.cng_level = NET_RX_SUCCESS;
    } else if (sd.avg_blog <= sysctl(SysctlId::lo_cong)) {
        sd.cng_level = NET_RX_CN_LOW;
    } else {
        sd.cng_level = sd.avg_blog <= sysctl(SysctlId::mod_cong) ? NET_RX_CN_MOD : NET_RX_CN_HIGH;
    }
}

/// With interrupts off. Each time that the queue fills up anew counts as one throttling, as in 2.4; but what fits is
/// taken all the same, as in 6.18.
NetRx drop(softnet_data& sd, sk_buff* skb) {
    softnet_inc(regs::Softnet::dropped);
    if (!sd.throttle) softnet_inc(regs::Softnet::throttled);
    sd.throttle = true;
    dev_count(skb->dev, regs::Dev::rx_dropped);
    kfree_skb_reason(skb, Fate::backlog_full);
    return NET_RX_DROP;
}

/// What interrupts have queued, all at once. False: nothing.
bool take_input(softnet_data& sd) {
    hal::irq_disable();
    sd.process_queue = sd.input_pkt_queue;
    skb_queue_head_init(&sd.input_pkt_queue);
    const bool any = sd.process_queue.qlen != 0;
    if (!any) napi_complete(&sd.backlog);
    if (sd.process_queue.qlen <= sysctl(SysctlId::no_cong_thresh)) sd.throttle = false;
    hal::irq_enable();
    return any;
}

u32 process_backlog(napi_struct*, u32 budget) {
    softnet_data& sd = softnet[hal::cpu_id()];
    u32 work = 0;
    while (work < budget) {
        sk_buff* skb = skb_dequeue(&sd.process_queue);
        if (skb) {
            ++work;
            rx_take(skb);
        } else if (!take_input(sd)) {
            break;
        }
    }
    return work;
}

}  // namespace

STAGE NetRx netif_rx(sk_buff* skb) {
    skb->stamp = hal::tsc();
    const u64 flags = hal::irq_save();
    softnet_data& sd = softnet[hal::cpu_id()];
    NetRx level = NET_RX_DROP;
    // The limit is compared before the packet is added, so the queue grows to one more (Linux enqueue_to_backlog).
    if (unlikely(sd.input_pkt_queue.qlen > sysctl(SysctlId::netdev_max_backlog))) {
        drop(sd, skb);
    } else {
        skb_queue_tail(&sd.input_pkt_queue, skb);
        napi_schedule(&sd.backlog);
        get_sample_stats(sd);
        level = sd.cng_level;
    }
    hal::irq_restore(flags);
    return level;
}

void softnet_init() {
    for (softnet_data& sd : softnet) {
        sd = {};
        sd.backlog.poll = process_backlog;
    }
}

}  // namespace fw
