// SPDX-License-Identifier: Apache-2.0
#include "sw/kernel/interrupt.h"
#include "sw/kernel/preempt.h"

namespace fw {

constinit CpuState cpu_state[regs::kMaxCpus] = {};

namespace {

// Rounds over softirqs that mark themselves again, before the rest waits for the idle loop (Linux 2.6 kernel/softirq.c,
// MAX_SOFTIRQ_RESTART). Beyond it, interrupted work would never get its turn.
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

bool softirq_pending() { return this_cpu().softirq_pending != 0; }

bool in_interrupt() { return this_cpu().preempt_count != 0; }

STAGE void do_softirq() {
    if (in_interrupt()) return;
    CpuState& cpu = this_cpu();
    const u64 flags = hal::irq_save();
    cpu.preempt_count += kSoftirqUnit;
    for (unsigned rounds = 0; cpu.softirq_pending && rounds < kMaxRounds; ++rounds) {
        const u32 pending = cpu.softirq_pending;
        cpu.softirq_pending = 0;
        hal::irq_enable();
        run_round(pending);
        hal::irq_disable();
    }
    cpu.preempt_count -= kSoftirqUnit;
    hal::irq_restore(flags);
}

}  // namespace fw
