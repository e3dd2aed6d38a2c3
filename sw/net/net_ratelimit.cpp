// SPDX-License-Identifier: Apache-2.0
#include "sw/net/net_ratelimit.h"

#include "sw/kernel/printk.h"
#include "sw/kernel/spinlock.h"
#include "sw/kernel/time.h"
#include "sw/kernel/timer.h"

namespace fw {
namespace {

// Linux net/core/utils.c, net_ratelimit_state.
constexpr u64 kInterval = 5 * kSec;
constexpr u32 kBurst = 10;

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
    const u64 now = uptime_us();
    spin_lock(lock);
    u32 suppressed = 0;
    if (!state.begun || now > state.begin + kInterval) {
        suppressed = state.missed;
        state = {true, now, 0, 0};
    }
    const bool allowed = state.printed < kBurst;
    ++(allowed ? state.printed : state.missed);
    spin_unlock(lock);
    if (suppressed != 0) printk(KERN_WARNING, "net_ratelimit: %u callbacks suppressed\n", suppressed);
    return allowed;
}

}  // namespace fw
