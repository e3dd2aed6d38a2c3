// SPDX-License-Identifier: Apache-2.0
#include "sw/kernel/sysctl.h"

#include "sw/kernel/printk.h"

namespace fw {

constinit i64 sysctl_global[kSysctlCount] = {};
constinit i64 sysctl_conf[kSysctlCount][kConfDefault + 1] = {};
constinit bool sysctl_conf_state[kSysctlCount][kConfDefault + 1] = {};

void sysctl_init() {
    for (unsigned id = 0; id < kSysctlCount; ++id) {
        const regs::config::SysctlInfo& info = regs::config::kSysctls[id];
        sysctl_global[id] = info.value;
        for (i64& value : sysctl_conf[id]) value = info.value;
        for (bool& set : sysctl_conf_state[id]) set = false;
    }
    // ipv4_devconf of net/ipv4/devinet.c does not mention it, ipv4_devconf_dflt does.
    sysctl_conf[static_cast<unsigned>(SysctlId::accept_source_route)][kConfAll] = 0;
    for (const SysctlId level : kPrintkSysctls) printk_set_sysctl(level, sysctl(level));
}

}  // namespace fw
