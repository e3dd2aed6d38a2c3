// SPDX-License-Identifier: Apache-2.0
// Values of the sysctls of regs/sysctls.def.
#pragma once
#include "regs/config.h"
#include "regs/counters.h"
#include "sw/hal/hal.h"

namespace fw {

using regs::config::SysctlId;

inline constexpr unsigned kSysctlCount = static_cast<unsigned>(SysctlId::count);
/// Where `all` and `default` are among the interfaces.
inline constexpr unsigned kConfAll = 0, kConfDefault = regs::kMaxDevices + 1;

/// Global values, by SysctlId; per-interface ones by SysctlId and interface index, kConfAll or kConfDefault.
extern i64 sysctl_global[kSysctlCount];
extern i64 sysctl_conf[kSysctlCount][kConfDefault + 1];
/// The value was set for itself, so that `default` no longer changes it (Linux struct ipv4_devconf, state).
extern bool sysctl_conf_state[kSysctlCount][kConfDefault + 1];

inline i64 sysctl(SysctlId id) { return sysctl_global[static_cast<unsigned>(id)]; }
inline i64 sysctl_of(SysctlId id, u32 ifindex) { return sysctl_conf[static_cast<unsigned>(id)][ifindex]; }

/// Defaults from the list.
void sysctl_init();

}  // namespace fw
