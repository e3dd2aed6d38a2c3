// SPDX-License-Identifier: Apache-2.0
#include "sw/kernel/ksoftirqd.h"

#include "sw/kernel/interrupt.h"
#include "sw/kernel/preempt.h"
#include "sw/kernel/smp.h"

namespace fw {
namespace {

constinit task_struct* ksoftirqd[regs::kMaxCpus] = {};

constexpr u32 kDeferrable = 1U << NET_TX_SOFTIRQ | 1U << NET_RX_SOFTIRQ;

STAGE void run_ksoftirqd(const void*) {
    for (;;) {
        while (softirq_pending()) {
            do_softirq();
            if (need_resched()) schedule();
        }
        set_current_state(TASK_INTERRUPTIBLE);
        if (softirq_pending()) {
            set_current_state(TASK_RUNNING);
        } else {
            schedule();
        }
    }
}

}  // namespace

void spawn_ksoftirqd() {
    for (unsigned cpu = 0; cpu < cpus_online; ++cpu) {
        char name[kCommBytes] = "ksoftirqd/";
        char* digit = name + sizeof "ksoftirqd/" - 1;
        if (cpu >= 10) *digit++ = static_cast<char>('0' + cpu / 10);
        *digit = static_cast<char>('0' + cpu % 10);
        ksoftirqd[cpu] = kthread_create(run_ksoftirqd, nullptr, name, cpu);
    }
}

void wakeup_softirqd() {
    task_struct* const task = ksoftirqd[hal::cpu_id()];
    if (!task) return;
    wake_up_process(task);
    ksoftirqd_defer(current());
}

void ksoftirqd_defer(const task_struct* next) {
    const task_struct* const task = ksoftirqd[hal::cpu_id()];
    const bool waits = task && task != next && task->state == TASK_RUNNING;
    this_cpu().softirqs_deferred = waits ? kDeferrable : 0;
}

}  // namespace fw
