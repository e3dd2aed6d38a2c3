// SPDX-License-Identifier: Apache-2.0
// What this CPU is in the middle of (Linux include/linux/hardirq.h).
#pragma once
#include "regs/counters.h"
#include "sw/hal/hal.h"

namespace fw {

inline constexpr u32 kSoftirqUnit = 1U << 8;
inline constexpr u32 kHardirqUnit = 1U << 16;

/// A line of its own for each CPU.
struct alignas(64) CpuState {
    u32 preempt_count;    ///< nested softirqs in bits 8 to 15, nested interrupts from bit 16 on
    u32 softirq_pending;  ///< bit per Softirq
    u32 remote_softirqs;  ///< the same, marked by other CPUs
};
extern CpuState cpu_state[regs::kMaxCpus];

inline CpuState& this_cpu() { return cpu_state[hal::cpu_id()]; }

}  // namespace fw
