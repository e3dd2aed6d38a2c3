// SPDX-License-Identifier: Apache-2.0
// sysctls and the switches of the accelerators.
#include "sw/kernel/error.h"
#include "sw/kernel/printk.h"
#include "sw/kernel/sysctl.h"
#include "sw/net/devinet.h"
#include "sw/net/fib.h"
#include "sw/net/net.h"

namespace fw {

using namespace regs::config;

namespace {

constexpr unsigned kConfAll = 0;
constexpr unsigned kConfDefault = regs::kMaxDevices + 1;

/// inet_forward_change: `all` (which ip_forward is another name for) sets the default and every interface.
void inet_forward_change(i64 on) {
    sysctl_global[static_cast<unsigned>(SysctlId::ip_forward)] = on;
    for (i64& value : sysctl_conf[static_cast<unsigned>(SysctlId::forwarding)]) value = on;
}

int set_conf(SysctlId id, u32 ifindex, i64 value) {
    if (ifindex == SYSCTL_ALL && id == SysctlId::forwarding) {
        inet_forward_change(value);
        return 0;
    }
    unsigned place = ifindex;
    if (ifindex == SYSCTL_ALL) {
        place = kConfAll;
    } else if (ifindex == SYSCTL_DEFAULT) {
        place = kConfDefault;
    } else if (ifindex == 0 || !dev_get_by_index(ifindex)) {
        return -err::nodev;
    }
    sysctl_conf[static_cast<unsigned>(id)][place] = value;
    return 0;
}

void set_global(SysctlId id, i64 value) {
    if (id == SysctlId::ip_forward) return inet_forward_change(value);
    sysctl_global[static_cast<unsigned>(id)] = value;
    if (id == SysctlId::printk) console_loglevel = static_cast<int>(value);
}

}  // namespace

int inet_sysctl(const msg::Sysctl& message) {
    if (message.id >= static_cast<u32>(SysctlId::count)) return -err::noent;
    const SysctlInfo& info = kSysctls[message.id];
    if (message.value < info.least || message.value > info.most) return -err::inval;
    const auto id = static_cast<SysctlId>(message.id);
    if (info.per_interface) return set_conf(id, message.ifindex, message.value);
    set_global(id, message.value);
    return 0;
}

int inet_accelerators(const msg::Accelerators& message) {
    const int error = fib_trie_use_hardware(message.lpm_hardware != 0);
    return error != 0 ? error : ip_checksum_use_hardware(message.checksum_hardware != 0);
}

}  // namespace fw
