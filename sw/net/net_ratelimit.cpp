// SPDX-License-Identifier: Apache-2.0
#include "sw/net/net_ratelimit.h"

#include "sw/kernel/printk.h"
#include "sw/kernel/spinlock.h"
#include "sw/kernel/sysctl.h"
#include "sw/kernel/time.h"
#include "sw/kernel/timer.h"

namespace fw {
namespace {

struct ratelimit_state {
    bool begun;
    u64 begin;  ///< us since READY
    u32 printed;
    u32 missed;
};

constinit spinlock lock = {LockClass::ratelimit};
constinit ratelimit_state state = {};

}  // namespace

void net_ratelimit_init() { state = {}; }

bool net_ratelimit() {
    const u64 interval = static_cast<u64>(sysctl(SysctlId::message_cost)) * kSec;
    if (interval == 0) return true;
    const u64 now = uptime_us();
    spin_lock(lock);
    u32 suppressed = 0;
    if (!state.begun || now > state.begin + interval) {
        suppressed = state.missed;
        state = {true, now, 0, 0};
    }
    const bool allowed = i64{state.printed} < sysctl(SysctlId::message_burst);
    ++(allowed ? state.printed : state.missed);
    spin_unlock(lock);
    if (suppressed != 0) printk(KERN_WARNING, "net_ratelimit: %u callbacks suppressed\n", suppressed);
    return allowed;
}

}  // namespace fw
