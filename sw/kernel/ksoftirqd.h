// SPDX-License-Identifier: Apache-2.0
// The task that softirqs are left to when they keep coming back, so that other tasks get their turns (Linux
// kernel/softirq.c).
#pragma once
#include "sw/kernel/sched.h"

namespace fw {

/// One on each CPU that is online.
void spawn_ksoftirqd();
/// Softirqs have come back too often: this CPU's task goes on with them. Without one the idle loop does.
void wakeup_softirqd();
/// `next` is about to run on this CPU. While ksoftirqd waits for its turn, interrupts leave the network's softirqs to
/// it: else they would run with every interrupt, and no turn would be worth much (Linux 4.9 to 6.4, ksoftirqd_running).
void ksoftirqd_defer(const task_struct* next);

}  // namespace fw
