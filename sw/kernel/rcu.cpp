// SPDX-License-Identifier: Apache-2.0
#include "sw/kernel/rcu.h"

#include "sw/kernel/interrupt.h"
#include "sw/kernel/spinlock.h"

namespace fw {
namespace {

constinit spinlock lock = {LockClass::rcu};
constinit rcu_head* waiting = nullptr;  ///< for the grace period that is under way
constinit rcu_head* coming = nullptr;   ///< for the next one
constinit u32 cpus_missing = 0;         ///< CPUs that have not answered yet; 0: no grace period

/// With the lock held: asks all CPUs for a softirq.
void begin_grace_period() {
    waiting = coming;
    coming = nullptr;
    cpus_missing = cpus_online;
    const unsigned self = hal::cpu_id();
    for (unsigned cpu = 0; cpu < cpus_online; ++cpu) {
        if (cpu != self) raise_softirq_on(cpu, RCU_SOFTIRQ);
    }
    raise_softirq(RCU_SOFTIRQ);
}

void rcu_action() {
    rcu_head* done = nullptr;
    spin_lock(lock);
    if (--cpus_missing == 0) {
        done = waiting;
        waiting = nullptr;
        if (coming) begin_grace_period();
    }
    spin_unlock(lock);
    while (done) {
        rcu_head* next = done->next;
        done->function(done);
        done = next;
    }
}

}  // namespace

void call_rcu(rcu_head* head, void (*function)(rcu_head*)) {
    head->function = function;
    spin_lock(lock);
    head->next = coming;
    coming = head;
    if (cpus_missing == 0) begin_grace_period();
    spin_unlock(lock);
}

void rcu_init() {
    waiting = coming = nullptr;
    cpus_missing = 0;
    open_softirq(RCU_SOFTIRQ, rcu_action);
}

}  // namespace fw
