// SPDX-License-Identifier: Apache-2.0
// Descriptor tables and exceptions of the core.
#pragma once
#include "sw/hal/hal.h"

namespace fw {

/// What the processor and the stub push on an exception.
struct TrapFrame {
    u64 vector, error_code, rip, cs, rflags, rsp, ss;
};

/// Loads the core's own GDT and TSS, and the IDT of all; lets programs make system calls.
void trap_init(unsigned cpu);
/// Where interrupts and exceptions of an unprivileged program find their stack.
void set_interrupt_stack(unsigned cpu, u64 top);
/// The current task made an exception outside of the kernel.
[[noreturn]] void end_faulty_task(const TrapFrame& frame);

}  // namespace fw
