// SPDX-License-Identifier: Apache-2.0
#include "sw/kernel/interrupt.h"
#include "sw/kernel/ksoftirqd.h"
#include "sw/kernel/preempt.h"

namespace fw {

constinit CpuState cpu_state[regs::kMaxCpus] = {};

namespace {

// Rounds over softirqs that mark themselves again, before ksoftirqd gets the rest (Linux kernel/softirq.c,
// MAX_SOFTIRQ_RESTART). Beyond it, or when another task's turn has come, interrupted work would never get its own.
constexpr unsigned kMaxRounds = 10;

using Action = void (*)();
constinit Action softirq_vec[NR_SOFTIRQS] = {};

void run_round(u32 pending) {
    while (pending) {
        const unsigned nr = static_cast<unsigned>(__builtin_ctz(pending));
        pending &= pending - 1;
        softirq_vec[nr]();
    }
}

}  // namespace

void open_softirq(Softirq nr, void (*action)()) { softirq_vec[nr] = action; }

void __cpu_raise_softirq(Softirq nr) { this_cpu().softirq_pending |= 1U << nr; }

void raise_softirq(Softirq nr) {
    const u64 flags = hal::irq_save();
    __cpu_raise_softirq(nr);
    hal::irq_restore(flags);
}

void local_bh_disable() { this_cpu().preempt_count += kSoftirqUnit; }

void local_bh_enable() {
    this_cpu().preempt_count -= kSoftirqUnit;
    if (softirq_pending()) do_softirq();
}

STAGE void do_softirq() {
    if (in_interrupt()) return;
    CpuState& cpu = this_cpu();
    const u64 flags = hal::irq_save();
    cpu.preempt_count += kSoftirqUnit;
    unsigned rounds = 0;
    while (const u32 pending = cpu.runnable_softirqs()) {
        if (unlikely(rounds == kMaxRounds || (rounds && cpu.need_resched))) {
            wakeup_softirqd();
            break;
        }
        ++rounds;
        cpu.softirq_pending &= ~pending;
        hal::irq_enable();
        run_round(pending);
        hal::irq_disable();
    }
    cpu.preempt_count -= kSoftirqUnit;
    hal::irq_restore(flags);
}

}  // namespace fw
