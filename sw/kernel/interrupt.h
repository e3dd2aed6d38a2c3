// SPDX-License-Identifier: Apache-2.0
// Interrupts and softirqs (Linux kernel/softirq.c, arch irq.c).
#pragma once
#include "sw/kernel/preempt.h"

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
/// Runs what is marked, unless this CPU already does or an interrupt is being handled. Called from the three points of
/// the documents: interrupt exit, return from a system call, and schedule(); and from the idle loop.
void do_softirq();

/// In between this CPU runs no softirq. A task works on packets, and on whatever softirqs change, only so: for the
/// packet path it then is a softirq itself, and stop_machine and call_rcu wait for it. They may be nested.
void local_bh_disable();
void local_bh_enable();

using IrqHandler = void (*)(unsigned irq, void* data);
/// Routes I/O APIC pin `pin` (level-triggered) to `handler` on CPU `cpu`. Several handlers may share a pin and then its
/// first one's CPU and name. 0 or -errno.
int request_irq(unsigned pin, IrqHandler handler, void* data, unsigned cpu = 0, const char* name = "");
/// A vector of CPU `cpu` for message-signalled interrupts, which `handler` takes; or -errno.
int request_message_irq(IrqHandler handler, void* data, unsigned cpu, const char* name);
/// Entered from the assembly stub with interrupts off.
extern "C" void do_IRQ(unsigned vector);

[[noreturn]] void cpu_idle();

}  // namespace fw
