// SPDX-License-Identifier: Apache-2.0
// The per-CPU queue between interrupt and softirq (Linux struct softnet_data).
#pragma once
#include "regs/counters.h"
#include "sw/kernel/skbuff.h"

namespace fw {

/// A line of its own for each CPU.
struct alignas(64) softnet_data {
    sk_buff_head input_pkt_queue;
};
extern softnet_data softnet[regs::kMaxCpus];

/// The receive softirq.
void net_rx_action();

}  // namespace fw
