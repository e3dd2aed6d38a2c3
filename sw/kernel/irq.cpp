// SPDX-License-Identifier: Apache-2.0
// From an interrupt vector to its handlers and out through the softirqs (Linux arch irq.c, kernel/irq/handle.c).
#include "regs/address_map.h"
#include "sw/hal/apic.h"
#include "sw/kernel/error.h"
#include "sw/kernel/interrupt.h"
#include "sw/kernel/preempt.h"
#include "sw/kernel/printk.h"
#include "sw/kernel/sched.h"
#include "sw/kernel/smp.h"
#include "sw/kernel/timer.h"

namespace fw {
namespace {

struct IrqAction {
    IrqHandler handler;
    void* data;
    IrqAction* next;
};

// Every port and the mailbox have one handler.
constexpr unsigned kMaxActions = regs::map::MAX_PORTS + 1;
constinit IrqAction actions[kMaxActions] = {};
constinit unsigned actions_used = 0;
constinit IrqAction* irq_desc[regs::map::IOAPIC_PINS] = {};

void irq_enter() { this_cpu().preempt_count += kHardirqUnit; }

void irq_exit() {
    this_cpu().preempt_count -= kHardirqUnit;
    if (!in_interrupt() && softirq_pending()) do_softirq();
}

}  // namespace

int request_irq(unsigned pin, IrqHandler handler, void* data, unsigned cpu) {
    if (pin >= regs::map::IOAPIC_PINS || cpu >= cpus_online) return -err::inval;
    if (actions_used == kMaxActions) return -err::nomem;
    IrqAction& action = actions[actions_used++];
    action = {handler, data, irq_desc[pin]};
    const bool first = irq_desc[pin] == nullptr;
    irq_desc[pin] = &action;
    if (first) ioapic_route(pin, cpu);
    return 0;
}

/// Another CPU has marked softirqs for this one, or woken a task.
STAGE void reschedule_interrupt() {
    irq_enter();
    lapic_eoi();
    take_remote_softirqs();
    scheduler_ipi();
    irq_exit();
}

STAGE void local_timer_interrupt() {
    irq_enter();
    lapic_eoi();
    timer_interrupt();
    irq_exit();
}

STAGE void do_IRQ(unsigned vector) {
    if (unlikely(vector >= kTimerVector)) {
        if (vector == kTimerVector) return local_timer_interrupt();
        if (vector == kRescheduleVector) return reschedule_interrupt();
    }
    const unsigned pin = vector - kFirstIrqVector;
    if (pin >= regs::map::IOAPIC_PINS || !irq_desc[pin]) {
        // A spurious interrupt has no end of interrupt (Intel SDM volume 3, 11.9).
        if (vector != kSpuriousVector) {
            printk(4, "unexpected interrupt vector %u\n", vector);
            lapic_eoi();
        }
        return;
    }
    irq_enter();
    for (const IrqAction* action = irq_desc[pin]; action; action = action->next) action->handler(pin, action->data);
    // After the handlers: the line is low again, so that the level-triggered entry does not fire a second time.
    lapic_eoi();
    irq_exit();
}

}  // namespace fw
