// SPDX-License-Identifier: Apache-2.0
// pfifo_fast with TCP in the band that is served first and everything else in the next one, whatever its TOS says. The
// TOS byte itself stays as it is: only the packet's priority inside this host changes.
#include "sw/kernel/printk.h"
#include "sw/kernel/sch_generic.h"
#include "sw/wire/ethernet.h"
#include "sw/wire/ipv4.h"

namespace fw {
namespace {

// Priorities that prio2band[] gives to band 0 and to band 1.
constexpr u32 TC_PRIO_BESTEFFORT = 0, TC_PRIO_INTERACTIVE = 6;
constexpr unsigned kReportEvery = 1000;

constinit unsigned tcp_packets = 0;

bool is_tcp(const sk_buff* skb) {
    if (skb->protocol != wire::swap16(wire::ETH_P_IP)) return false;
    return wire::Ipv4(skb->head + skb->network_header).protocol() == wire::IPPROTO_TCP;
}

}  // namespace

STAGE int tcp_first_enqueue(sk_buff* skb, Qdisc* q) {
    const bool tcp = is_tcp(skb);
    skb->priority = tcp ? TC_PRIO_INTERACTIVE : TC_PRIO_BESTEFFORT;
    if (tcp && ++tcp_packets % kReportEvery == 0)
        printk(6, "%s: %u TCP packets put first\n", q->dev->name, tcp_packets);
    return pfifo_fast_enqueue(skb, q);
}

namespace {

constinit const Qdisc_ops tcp_first_ops = {
    .id = "tcp_first",
    .init = pfifo_fast_init,
    .enqueue = tcp_first_enqueue,
    .dequeue = pfifo_fast_dequeue,
    .requeue = pfifo_fast_requeue,
    .reset = pfifo_fast_reset,
};

}  // namespace

constinit const Qdisc_ops* const default_qdisc_ops = &tcp_first_ops;

}  // namespace fw
