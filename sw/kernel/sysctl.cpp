// SPDX-License-Identifier: Apache-2.0
#include "sw/kernel/sysctl.h"

#include "sw/kernel/printk.h"

namespace fw {

constinit i64 sysctl_global[static_cast<unsigned>(SysctlId::count)] = {};
constinit i64 sysctl_conf[static_cast<unsigned>(SysctlId::count)][regs::kMaxDevices + 2] = {};

void sysctl_init() {
    for (unsigned id = 0; id < static_cast<unsigned>(SysctlId::count); ++id) {
        const regs::config::SysctlInfo& info = regs::config::kSysctls[id];
        sysctl_global[id] = info.value;
        for (i64& value : sysctl_conf[id]) value = info.value;
    }
    console_loglevel = static_cast<int>(sysctl(SysctlId::printk));
}

}  // namespace fw
