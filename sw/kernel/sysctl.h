// SPDX-License-Identifier: Apache-2.0
// Values of the sysctls of regs/sysctls.def.
#pragma once
#include "regs/config.h"
#include "regs/counters.h"
#include "sw/hal/hal.h"

namespace fw {

using regs::config::SysctlId;

/// Global values, by SysctlId; per-interface ones by SysctlId and interface index (0: all, kMaxDevices + 1: default).
extern i64 sysctl_global[static_cast<unsigned>(SysctlId::count)];
extern i64 sysctl_conf[static_cast<unsigned>(SysctlId::count)][regs::kMaxDevices + 2];

inline i64 sysctl(SysctlId id) { return sysctl_global[static_cast<unsigned>(id)]; }
inline i64 sysctl_of(SysctlId id, u32 ifindex) { return sysctl_conf[static_cast<unsigned>(id)][ifindex]; }

/// Defaults from the list.
void sysctl_init();

}  // namespace fw
