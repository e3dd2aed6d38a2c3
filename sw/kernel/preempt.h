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
    u32 preempt_count;      ///< nested softirqs in bits 8 to 15, nested interrupts from bit 16 on
    u32 softirq_pending;    ///< bit per Softirq
    u32 softirqs_deferred;  ///< the same: left to ksoftirqd, which waits for its turn
    u32 need_resched;       ///< schedule() would choose another task
    u32 remote_softirqs;    ///< bit per Softirq, marked by other CPUs

    u32 runnable_softirqs() const { return softirq_pending & ~softirqs_deferred; }
};
extern CpuState cpu_state[regs::kMaxCpus];

inline CpuState& this_cpu() { return cpu_state[hal::cpu_id()]; }

/// An interrupt handler or a softirq is running on this CPU.
inline bool in_interrupt() { return this_cpu().preempt_count != 0; }
inline bool softirq_pending() { return this_cpu().runnable_softirqs() != 0; }
inline bool need_resched() { return this_cpu().need_resched != 0; }

}  // namespace fw
