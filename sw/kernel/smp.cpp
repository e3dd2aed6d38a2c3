// SPDX-License-Identifier: Apache-2.0
#include "sw/kernel/smp.h"

#include "sw/hal/apic.h"
#include "sw/kernel/preempt.h"
#include "sw/kernel/printk.h"

namespace fw {

constinit u32 cpus_online = 1;

namespace {

// Looks at the count of those that have come; a started core needs some thousand instructions.
constexpr unsigned kStartLimit = 10'000'000;

constinit u32 cpus_arrived = 1;

constinit bool stop_wanted = false;
constinit u32 cpus_stopped = 0;

/// The softirq of a CPU that is to stand still.
void stand_still() {
    const u64 flags = hal::irq_save();
    __atomic_add_fetch(&cpus_stopped, 1, __ATOMIC_ACQ_REL);
    while (__atomic_load_n(&stop_wanted, __ATOMIC_ACQUIRE)) hal::cpu_relax();
    __atomic_sub_fetch(&cpus_stopped, 1, __ATOMIC_ACQ_REL);
    hal::irq_restore(flags);
}

void wait_until(const u32& count, u32 wanted) {
    while (__atomic_load_n(&count, __ATOMIC_ACQUIRE) != wanted) hal::cpu_relax();
}

}  // namespace

void smp_init() {
    const unsigned cpus = hal::machine_cpus();
    open_softirq(STOP_SOFTIRQ, stand_still);
    if (cpus <= 1) return;
    hal::start_other_cpus();
    unsigned looks = 0;
    while (__atomic_load_n(&cpus_arrived, __ATOMIC_ACQUIRE) != cpus) {
        if (++looks == kStartLimit) {
            printk(0, "only %u of %u CPUs have started\n", cpus_arrived, cpus);
            hal::panic("a CPU does not start");
        }
        hal::cpu_relax();
    }
    cpus_online = cpus;
}

void raise_softirq_on(unsigned cpu, Softirq nr) {
    __atomic_or_fetch(&cpu_state[cpu].remote_softirqs, 1U << nr, __ATOMIC_ACQ_REL);
    lapic_send_ipi(cpu, kRescheduleVector);
}

void take_remote_softirqs() {
    CpuState& cpu = this_cpu();
    cpu.softirq_pending |= __atomic_exchange_n(&cpu.remote_softirqs, 0, __ATOMIC_ACQ_REL);
}

void stop_machine(void (*change)()) {
    if (!smp_running()) return change();
    const unsigned self = hal::cpu_id();
    __atomic_store_n(&stop_wanted, true, __ATOMIC_RELEASE);
    for (unsigned cpu = 0; cpu < cpus_online; ++cpu) {
        if (cpu != self) raise_softirq_on(cpu, STOP_SOFTIRQ);
    }
    wait_until(cpus_stopped, cpus_online - 1);
    change();
    __atomic_store_n(&stop_wanted, false, __ATOMIC_RELEASE);
    // Nobody may still be on its way out when the next stop begins to count.
    wait_until(cpus_stopped, 0);
}

extern "C" [[noreturn]] void start_secondary(unsigned cpu) {
    hal::init_cpu(cpu);
    lapic_enable();
    __atomic_add_fetch(&cpus_arrived, 1, __ATOMIC_ACQ_REL);
    cpu_idle();
}

}  // namespace fw
