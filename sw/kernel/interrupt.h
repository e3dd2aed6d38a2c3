// SPDX-License-Identifier: Apache-2.0
// Interrupts and softirqs (Linux kernel/softirq.c, arch irq.c).
#pragma once
#include "sw/hal/hal.h"

namespace fw {

/// In the order in which they run. The first is this firmware's own (smp.h).
enum Softirq : unsigned {
    STOP_SOFTIRQ,
    HI_SOFTIRQ,
    TIMER_SOFTIRQ,
    NET_TX_SOFTIRQ,
    NET_RX_SOFTIRQ,
    RCU_SOFTIRQ,
    NR_SOFTIRQS
};

void open_softirq(Softirq nr, void (*action)());
/// Marks the softirq for this CPU; interrupts must be off.
void __cpu_raise_softirq(Softirq nr);
/// The same from any context.
void raise_softirq(Softirq nr);
bool softirq_pending();
/// Runs what is marked, unless this CPU already does or an interrupt is being handled. Called from the three points of
/// the documents: interrupt exit, return from a system call, and schedule(); and from the idle loop.
void do_softirq();

using IrqHandler = void (*)(unsigned irq, void* data);
/// Routes I/O APIC pin `pin` (level-triggered) to `handler` on CPU `cpu`. Several handlers may share a pin and then its
/// first one's CPU. 0 or -errno.
int request_irq(unsigned pin, IrqHandler handler, void* data, unsigned cpu = 0);
/// Entered from the assembly stub with interrupts off.
extern "C" void do_IRQ(unsigned vector);

/// An interrupt handler or a softirq is running on this CPU.
bool in_interrupt();

/// The scheduler point: runs softirqs, then the next task if there is one.
void schedule();
[[noreturn]] void cpu_idle();

}  // namespace fw
