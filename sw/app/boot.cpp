// SPDX-License-Identifier: Apache-2.0
#include "sw/app/boot.h"

#include "regs/config.h"
#include "sw/kernel/netdevice.h"
#include "sw/kernel/random.h"
#include "sw/kernel/rcu.h"
#include "sw/kernel/sched.h"
#include "sw/kernel/syscall.h"
#include "sw/kernel/sysctl.h"
#include "sw/kernel/timer.h"
#include "sw/net/net.h"

namespace fw {

void kernel_init() {
    random_seed(regs::config::DEFAULT_SEED);
    sysctl_init();
    timers_init();
    sched_init();
    syscall_init();
    rcu_init();
    skb_init();
    net_dev_init();
    ip_init();
}

}  // namespace fw
