// SPDX-License-Identifier: Apache-2.0
// From an interrupt vector to its handlers and out through the softirqs (Linux arch irq.c, kernel/irq/handle.c).
#include "regs/address_map.h"
#include "sw/hal/apic.h"
#include "sw/kernel/counters.h"
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
    unsigned irq;  ///< its number in the counters
};

// Every port and the mailbox have one handler of their line; each message has its own.
constexpr unsigned kMaxActions = regs::map::MAX_PORTS + 1 + regs::kMaxMessageIrqs;
constinit IrqAction actions[kMaxActions] = {};
constinit unsigned actions_used = 0;
constinit unsigned message_irqs = 0;
constinit IrqAction* irq_desc[regs::map::IOAPIC_PINS] = {};

/// Vectors behind those of the I/O APIC's pins, each CPU's for itself.
constexpr unsigned kFirstMessageVector = kFirstIrqVector + regs::map::IOAPIC_PINS;
constexpr unsigned kMessageVectors = kTimerVector - kFirstMessageVector;
static_assert(kMessageVectors >= 2 * regs::map::MAX_PORTS);
constinit IrqAction* message_desc[regs::kMaxCpus][kMessageVectors] = {};

void count(unsigned irq) { ++cpu_counters().irq[irq]; }

void set_name(unsigned irq, const char* name) {
    char* to = turnpike_counters.irq_name[irq];
    for (unsigned i = 0; i + 1 < regs::kIrqNameBytes && name[i]; ++i) to[i] = name[i];
}

/// What is to be called for a vector; nullptr: nobody has asked for it.
const IrqAction* actions_of(unsigned vector) {
    if (vector < kFirstIrqVector || vector >= kTimerVector) return nullptr;
    if (vector >= kFirstMessageVector) return message_desc[hal::cpu_id()][vector - kFirstMessageVector];
    return irq_desc[vector - kFirstIrqVector];
}

void irq_enter() { this_cpu().preempt_count += kHardirqUnit; }

void irq_exit() {
    this_cpu().preempt_count -= kHardirqUnit;
    if (!in_interrupt() && softirq_pending()) do_softirq();
}

}  // namespace

int request_irq(unsigned pin, IrqHandler handler, void* data, unsigned cpu, const char* name) {
    if (pin >= regs::map::IOAPIC_PINS || cpu >= cpus_online) return -err::inval;
    if (actions_used == kMaxActions) return -err::nomem;
    IrqAction& action = actions[actions_used++];
    action = {handler, data, irq_desc[pin], pin};
    const bool first = irq_desc[pin] == nullptr;
    irq_desc[pin] = &action;
    if (first) {
        set_name(pin, name);
        ioapic_route(pin, cpu);
    }
    return 0;
}

int request_message_irq(IrqHandler handler, void* data, unsigned cpu, const char* name) {
    if (cpu >= cpus_online) return -err::inval;
    unsigned vector = 0;
    while (vector < kMessageVectors && message_desc[cpu][vector]) ++vector;
    if (vector == kMessageVectors || actions_used == kMaxActions || message_irqs == regs::kMaxMessageIrqs)
        return -err::nospc;
    IrqAction& action = actions[actions_used++];
    action = {handler, data, nullptr, regs::kFirstMessageIrq + message_irqs++};
    set_name(action.irq, name);
    message_desc[cpu][vector] = &action;
    return static_cast<int>(kFirstMessageVector + vector);
}

/// Another CPU has marked softirqs for this one, or woken a task.
STAGE void reschedule_interrupt() {
    irq_enter();
    count(regs::kRescheduleIrq);
    lapic_eoi();
    take_remote_softirqs();
    scheduler_ipi();
    irq_exit();
}

STAGE void local_timer_interrupt() {
    irq_enter();
    count(regs::kTimerIrq);
    lapic_eoi();
    timer_interrupt();
    irq_exit();
}

STAGE void do_IRQ(unsigned vector) {
    if (unlikely(vector >= kTimerVector)) {
        if (vector == kTimerVector) return local_timer_interrupt();
        if (vector == kRescheduleVector) return reschedule_interrupt();
    }
    const IrqAction* action = actions_of(vector);
    if (!action) {
        // A spurious interrupt has no end of interrupt (Intel SDM volume 3, 11.9).
        if (vector != kSpuriousVector) {
            printk(4, "unexpected interrupt vector %u\n", vector);
            lapic_eoi();
        }
        return;
    }
    irq_enter();
    count(action->irq);
    for (; action; action = action->next) action->handler(action->irq, action->data);
    // After the handlers: a line is low again, so that the level-triggered entry does not fire a second time.
    lapic_eoi();
    irq_exit();
}

}  // namespace fw
