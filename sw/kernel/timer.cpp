// SPDX-License-Identifier: Apache-2.0
#include "sw/kernel/timer.h"

#include "sw/hal/apic.h"
#include "sw/kernel/interrupt.h"
#include "sw/kernel/spinlock.h"
#include "sw/kernel/time.h"
#include "sw/kernel/timer_wheel.h"

namespace fw {
namespace {

struct alignas(64) TimerBase {
    spinlock lock = {LockClass::timer};
    u64 armed;  ///< the time that the local APIC's deadline stands for; 0 while the softirq is about to set it anew
    timer_list* expired;  ///< those whose handlers are being run
    TimerWheel wheel;
};
constinit TimerBase bases[regs::kMaxCpus] = {};

/// No deadline is later, so that its ticks fit 64 bits: 35 years.
constexpr u64 kFarthest = u64{1} << 50;

/// Sets this CPU's deadline if `at` is earlier. Before the clock runs there is none.
void arm(TimerBase& base, u64 at) {
    if (!tsc_khz || at >= base.armed) return;
    base.armed = at;
    lapic_timer_set(uptime_ticks(at < kFarthest ? at : kFarthest));
}

/// Locks two CPUs' timers, or the one's, always in the same order.
void lock_both(unsigned a, unsigned b) {
    spin_lock(bases[a < b ? a : b].lock);
    if (a != b) spin_lock(bases[a < b ? b : a].lock);
}
void unlock_both(unsigned a, unsigned b) {
    spin_unlock(bases[a].lock);
    if (a != b) spin_unlock(bases[b].lock);
}

/// Locks this CPU's timers and those that the timer is among, whose CPU is the answer.
unsigned lock_base_of(const timer_list* timer, unsigned self) {
    for (;;) {
        const unsigned cpu = __atomic_load_n(&timer->cpu, __ATOMIC_ACQUIRE);
        lock_both(cpu, self);
        if (likely(timer->cpu == cpu)) return cpu;
        unlock_both(cpu, self);
    }
}

void run_handlers(TimerBase& base) {
    while (timer_list* const timer = base.expired) {
        base.wheel.remove(timer);
        spin_unlock(base.lock);
        hal::irq_enable();
        timer->function(timer);
        hal::irq_disable();
        spin_lock(base.lock);
    }
}

STAGE void run_timer_softirq() {
    TimerBase& base = bases[hal::cpu_id()];
    const u64 flags = spin_lock_irqsave(base.lock);
    base.armed = 0;
    const u64 now = uptime_us();
    for (u64 at = base.wheel.first(); at <= now; at = base.wheel.first()) {
        base.wheel.advance(at);
        base.wheel.take(&base.expired);
        // What a handler sets for a time that has passed comes after those that are due now.
        base.wheel.advance(at + 1);
        run_handlers(base);
    }
    if (base.wheel.clock() < now) base.wheel.advance(now);
    base.armed = TimerWheel::kNever;
    arm(base, base.wheel.first());
    spin_unlock_irqrestore(base.lock, flags);
}

}  // namespace

void mod_timer(timer_list* timer, u64 expires) {
    const u64 flags = hal::irq_save();
    const unsigned self = hal::cpu_id(), cpu = lock_base_of(timer, self);
    if (timer->pprev) bases[cpu].wheel.remove(timer);
    timer->expires = expires;
    bases[self].wheel.add(timer);
    arm(bases[self], expires);
    __atomic_store_n(&timer->cpu, self, __ATOMIC_RELEASE);
    unlock_both(cpu, self);
    hal::irq_restore(flags);
}

bool del_timer(timer_list* timer) {
    const u64 flags = hal::irq_save();
    const unsigned self = hal::cpu_id(), cpu = lock_base_of(timer, self);
    const bool was_set = timer->pprev != nullptr;
    if (was_set) bases[cpu].wheel.remove(timer);
    unlock_both(cpu, self);
    hal::irq_restore(flags);
    return was_set;
}

void timer_interrupt() {
    bases[hal::cpu_id()].armed = 0;
    __cpu_raise_softirq(TIMER_SOFTIRQ);
}

void timers_init() {
    for (TimerBase& base : bases) {
        base.armed = TimerWheel::kNever;
        base.expired = nullptr;
        base.wheel.init();
    }
    open_softirq(TIMER_SOFTIRQ, run_timer_softirq);
}

void timers_start() {
    raise_softirq(TIMER_SOFTIRQ);
    const unsigned self = hal::cpu_id();
    for (unsigned cpu = 0; cpu < cpus_online; ++cpu) {
        if (cpu != self && bases[cpu].wheel.first() != TimerWheel::kNever) raise_softirq_on(cpu, TIMER_SOFTIRQ);
    }
}

}  // namespace fw
