// SPDX-License-Identifier: Apache-2.0
// Rate limits of ICMP (Linux 6.18 net/ipv4/icmp.c): one bucket for all messages, one for each destination.
#include "sw/kernel/random.h"
#include "sw/kernel/spinlock.h"
#include "sw/kernel/sysctl.h"
#include "sw/kernel/time.h"
#include "sw/kernel/timer.h"
#include "sw/net/icmp_msg.h"
#include "sw/net/inetpeer.h"

namespace fw {
namespace {

/// The global bucket is filled in steps of HZ/50 at least, and for one second at most.
constexpr u64 kRefillStep = 20 * kMsec, kRefillMost = kSec;
/// Linux takes 0, 1 or 2 for each message by chance, so that nobody can count messages to others by it; the mean is 1.
constexpr u64 kGlobalCosts = 3, kMeanCost = 1;

constinit spinlock global_lock = {LockClass::icmp};
constinit i64 global_credit = 0;
constinit u64 global_stamp = 0;  ///< us since READY when the bucket was filled
constinit bool global_used = false;

/// icmpv4_mask_allow: path MTU discovery is never limited, other types where icmp_ratemask says so.
bool mask_allow(u8 type, u8 code) {
    if (type > NR_ICMP_TYPES) return true;
    if (type == ICMP_DEST_UNREACH && code == ICMP_FRAG_NEEDED) return true;
    return (sysctl(SysctlId::icmp_ratemask) >> type & 1) == 0;
}

/// icmp_global_allow.
bool global_allow() {
    if (global_credit > 0) return true;
    const u64 now = uptime_us();
    // Before the first message the bucket stands since long ago.
    const u64 passed = elapsed(global_stamp, now);
    const u64 since = global_used && passed < kRefillMost ? passed : kRefillMost;
    if (since < kRefillStep) return false;
    const i64 more = sysctl(SysctlId::icmp_msgs_per_sec) * static_cast<i64>(since) / static_cast<i64>(kSec);
    if (more == 0) return false;
    const i64 burst = sysctl(SysctlId::icmp_msgs_burst);
    global_credit = global_credit + more < burst ? global_credit + more : burst;
    global_stamp = now;
    global_used = true;
    return true;
}

}  // namespace

IcmpLimit icmpv4_global_allow(u8 type, u8 code) {
    if (mask_allow(type, code)) return IcmpLimit::none;
    spin_lock(global_lock);
    const bool allowed = global_allow();
    spin_unlock(global_lock);
    if (allowed) return IcmpLimit::applies;
    snmp_inc(Snmp::IcmpOutRateLimitGlobal);
    return IcmpLimit::refused;
}

bool icmpv4_xrlim_allow(const rtable* rt, const flowi4& flow, IcmpLimit limit) {
    if (limit != IcmpLimit::applies) return true;
    const u64 timeout = static_cast<u64>(sysctl(SysctlId::icmp_ratelimit)) * kMsec;
    const bool looped = (rt->dev->flags & kIffLoopback) != 0;
    if (timeout != 0 && !looped && !inet_peer_xrlim_allow(flow.daddr, timeout)) {
        snmp_inc(Snmp::IcmpOutRateLimitHost);
        return false;
    }
    spin_lock(global_lock);
    global_credit -= static_cast<i64>(random_below(kGlobalCosts, kMeanCost));
    spin_unlock(global_lock);
    return true;
}

void icmp_init() {
    inet_peer_init();
    global_credit = 0;
    global_stamp = 0;
    global_used = false;
}

}  // namespace fw
