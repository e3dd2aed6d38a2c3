// SPDX-License-Identifier: Apache-2.0
// The counter table that the host reads (regs/counters.def), and short ways to count.
#pragma once
#include "regs/counters.h"
#include "sw/hal/hal.h"

extern "C" turnpike::regs::CounterTable turnpike_counters;

namespace fw {

inline regs::CpuCounters& cpu_counters() { return turnpike_counters.cpu[hal::cpu_id()]; }

inline void snmp_inc(regs::Snmp counter, u64 amount = 1) {
    cpu_counters().snmp[static_cast<unsigned>(counter)] += amount;
}
inline void softnet_inc(regs::Softnet counter, u64 amount = 1) {
    cpu_counters().softnet[static_cast<unsigned>(counter)] += amount;
}

}  // namespace fw
