// SPDX-License-Identifier: Apache-2.0
// sysctls and the switches of the accelerators.
#include "sw/kernel/error.h"
#include "sw/kernel/printk.h"
#include "sw/kernel/sysctl.h"
#include "sw/net/devinet.h"
#include "sw/net/fib.h"
#include "sw/net/ip.h"
#include "sw/net/net.h"
#include "sw/net/route.h"

namespace fw {

using namespace regs::config;

namespace {

/// inet_forward_change: `all` (which ip_forward is another name for) sets the default and every interface, and whether
/// a router or a host listens to redirects.
void inet_forward_change(i64 on) {
    if (sysctl(SysctlId::ip_forward) == on) return;
    sysctl_global[static_cast<unsigned>(SysctlId::ip_forward)] = on;
    for (i64& value : sysctl_conf[static_cast<unsigned>(SysctlId::forwarding)]) value = on;
    sysctl_conf[static_cast<unsigned>(SysctlId::accept_redirects)][kConfAll] = on == 0;
}

/// Ports copy conf.default when they are made, and what was written there before by somebody counts as their own (Linux
/// struct ipv4_devconf, state). Of a router before router.sh all of conf.default is written but this (docs/diff.md).
bool copies_default(SysctlId id, SysctlScope scope) {
    return scope == SysctlScope::neigh || id == SysctlId::igmpv2_unsolicited_report_interval ||
           id == SysctlId::igmpv3_unsolicited_report_interval;
}

/// devinet_copy_dflt_conf, neigh_copy_dflt_parms: the default goes to all devices without a value of their own.
void copy_default(SysctlId id) {
    i64* values = sysctl_conf[static_cast<unsigned>(id)];
    const bool* state = sysctl_conf_state[static_cast<unsigned>(id)];
    for (unsigned ifindex = kLoopbackIfindex; ifindex < kConfDefault; ++ifindex) {
        if (!state[ifindex]) values[ifindex] = values[kConfDefault];
    }
}

int check_place(SysctlScope scope, u32 ifindex) {
    if (ifindex == SYSCTL_DEFAULT) return 0;
    if (ifindex == SYSCTL_ALL) return scope == SysctlScope::neigh ? -err::noent : 0;
    return ifindex != 0 && dev_get_by_index(ifindex) ? 0 : -err::nodev;
}

/// Index into sysctl_conf.
unsigned conf_place(u32 ifindex) {
    if (ifindex == SYSCTL_DEFAULT) return kConfDefault;
    return ifindex == SYSCTL_ALL ? kConfAll : ifindex;
}

int set_conf(SysctlId id, SysctlScope scope, u32 ifindex, i64 value) {
    const int error = check_place(scope, ifindex);
    if (error != 0) return error;
    const unsigned place = conf_place(ifindex);
    if (place == kConfAll && id == SysctlId::forwarding) {
        inet_forward_change(value);
        return 0;
    }
    sysctl_conf[static_cast<unsigned>(id)][place] = value;
    sysctl_conf_state[static_cast<unsigned>(id)][place] = true;
    if (place == kConfDefault && copies_default(id, scope)) copy_default(id);
    return 0;
}

/// Names under which a value of another unit is kept.
struct sysctl_alias {
    SysctlId written;
    SysctlId kept;
    i64 factor;
};
/// SKB_TRUESIZE(ETH_FRAME_LEN): what a full frame takes of a queue whose limit is in bytes.
constexpr i64 kFrameTruesize = 2090;
constexpr sysctl_alias kAliases[] = {
    {SysctlId::neigh_unres_qlen, SysctlId::neigh_unres_qlen_bytes, kFrameTruesize},
    {SysctlId::neigh_retrans_time, SysctlId::neigh_retrans_time_ms, 10},
    {SysctlId::neigh_base_reachable_time, SysctlId::neigh_base_reachable_time_ms, 1000},
};

int set_by_interface(SysctlId id, SysctlScope scope, u32 ifindex, i64 value) {
    for (const sysctl_alias& alias : kAliases) {
        if (alias.written == id) return set_conf(alias.kept, scope, ifindex, value * alias.factor);
    }
    return set_conf(id, scope, ifindex, value);
}

/// A limit that another one limits.
bool contradicts(SysctlId id, i64 value) {
    if (id == SysctlId::ipfrag_high_thresh) return value < sysctl(SysctlId::ipfrag_low_thresh);
    return id == SysctlId::ipfrag_low_thresh && value > sysctl(SysctlId::ipfrag_high_thresh);
}

void set_global(SysctlId id, i64 value) {
    if (id == SysctlId::ip_forward) return inet_forward_change(value);
    if (id == SysctlId::route_flush) return inet_rt_flush();
    sysctl_global[static_cast<unsigned>(id)] = value;
    if (id == SysctlId::tos_0x02_bulk) ip_tos_0x02_bulk(value != 0);
    printk_set_sysctl(id, value);
}

}  // namespace

int inet_sysctl(const msg::Sysctl& message) {
    if (message.id >= static_cast<u32>(SysctlId::count)) return -err::noent;
    const SysctlInfo& info = kSysctls[message.id];
    if (message.value < info.least || message.value > info.most) return -err::inval;
    const auto id = static_cast<SysctlId>(message.id);
    if (sysctl_is_read_only(id)) return -err::acces;
    if (contradicts(id, message.value)) return -err::inval;
    int error = 0;
    if (info.scope != SysctlScope::global) {
        error = set_by_interface(id, info.scope, message.ifindex, message.value);
    } else {
        set_global(id, message.value);
    }
    ip_route_input_changed();
    return error;
}

int inet_accelerators(const msg::Accelerators& message) {
    const int error = fib_trie_use_hardware(message.lpm_hardware != 0, message.lpm_lookaside != 0);
    return error != 0 ? error : ip_checksum_use_hardware(message.checksum_hardware != 0);
}

}  // namespace fw
