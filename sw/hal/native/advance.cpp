// SPDX-License-Identifier: Apache-2.0
#include "sw/hal/apic.h"
#include "sw/hal/native/test_machine.h"
#include "sw/kernel/interrupt.h"
#include "sw/kernel/sched.h"
#include "sw/kernel/time.h"

namespace fw::native {

namespace {
constexpr u32 kTscKhz = 3'000'000;
constexpr u32 kTscDeadline = 0x6E0;  // Intel SDM volume 4, IA32_TSC_DEADLINE
}  // namespace

void advance(u64 microseconds) {
    if (!tsc_khz) clock_start(kTscKhz);
    Machine& m = machine();
    const u64 end = uptime_ticks(uptime_us() + microseconds);
    schedule();
    while (const u64 deadline = m.msr[kTscDeadline]) {
        if (deadline > end) break;
        if (deadline > m.tsc) m.tsc = deadline;
        m.msr[kTscDeadline] = 0;
        do_IRQ(kTimerVector);
        schedule();
    }
    if (end > m.tsc) m.tsc = end;
}

}  // namespace fw::native
