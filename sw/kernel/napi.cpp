// SPDX-License-Identifier: Apache-2.0
// The receive softirq: polls what has been scheduled, fairly and within a budget (Linux net/core/dev.c, net_rx_action).
#include "sw/kernel/counters.h"
#include "sw/kernel/interrupt.h"
#include "sw/kernel/softnet.h"
#include "sw/kernel/sysctl.h"

namespace fw {

constinit softnet_data softnet[regs::kMaxCpus] = {};

namespace {

void append(softnet_data& sd, napi_struct* napi) {
    napi->next = nullptr;
    (sd.poll_last ? sd.poll_last->next : sd.poll_first) = napi;
    sd.poll_last = napi;
}

napi_struct* take_first(softnet_data& sd) {
    hal::irq_disable();
    napi_struct* napi = sd.poll_first;
    if (napi) {
        sd.poll_first = napi->next;
        if (!sd.poll_first) sd.poll_last = nullptr;
    }
    hal::irq_enable();
    return napi;
}

/// Whoever had more than its share goes behind the others.
void poll_again(softnet_data& sd, napi_struct* napi) {
    hal::irq_disable();
    append(sd, napi);
    hal::irq_enable();
}

}  // namespace

bool napi_schedule(napi_struct* napi) {
    const u64 flags = hal::irq_save();
    const bool first = !napi->scheduled;
    if (first) {
        napi->scheduled = true;
        append(softnet[hal::cpu_id()], napi);
        __cpu_raise_softirq(NET_RX_SOFTIRQ);
    }
    hal::irq_restore(flags);
    return first;
}

void napi_complete(napi_struct* napi) {
    napi->scheduled = false;
    // What the driver has still to do passes meanwhile.
    rx_begin_rest(softnet[hal::cpu_id()]);
}

STAGE void napi_gro_receive(sk_buff* skb) {
    skb->stamp = hal::tsc();
    rx_take(skb);
}

STAGE void net_rx_action() {
    softnet_data& sd = softnet[hal::cpu_id()];
    const u32 weight = static_cast<u32>(sysctl(SysctlId::dev_weight));
    i64 budget = sysctl(SysctlId::netdev_budget);
    while (napi_struct* napi = take_first(sd)) {
        const u32 work = napi->poll(napi, weight);
        rx_flush(sd);
        if (work >= weight) poll_again(sd, napi);
        budget -= work;
        if (unlikely(budget <= 0)) {
            softnet_inc(regs::Softnet::time_squeeze);
            break;
        }
    }
    // The rest waits for the next round, so that other softirqs get their turn.
    if (sd.poll_first) raise_softirq(NET_RX_SOFTIRQ);
}

}  // namespace fw
