// SPDX-License-Identifier: Apache-2.0
// The counter table that the host reads (regs/counters.def), and short ways to count.
#pragma once
#include "regs/counters.h"
#include "sw/hal/hal.h"

extern "C" turnpike::regs::CounterTable turnpike_counters;

namespace fw {

inline void snmp_inc(regs::Snmp counter, u64 amount = 1) {
    turnpike_counters.snmp[static_cast<unsigned>(counter)] += amount;
}
inline void softnet_inc(regs::Softnet counter, u64 amount = 1) {
    turnpike_counters.softnet[hal::cpu_id()][static_cast<unsigned>(counter)] += amount;
}

}  // namespace fw
