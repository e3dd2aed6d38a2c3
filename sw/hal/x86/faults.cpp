// SPDX-License-Identifier: Apache-2.0
// Exceptions of programs (Linux arch/x86/kernel/traps.c, mm/fault.c, show_signal_msg).
#include "sw/hal/x86/traps.h"
#include "sw/kernel/printk.h"
#include "sw/kernel/sched.h"

namespace fw {
namespace {

constexpr unsigned kPageFault = 14;
constexpr int kLevel = 3;  // shown by default; Linux: 6

const char* name_of(u64 vector) {
    switch (vector) {
        case 0:
            return "divide error";
        case 1:
            return "debug";
        case 3:
            return "int3";
        case 6:
            return "invalid opcode";
        case 12:
            return "stack segment";
        case 13:
            return "general protection fault";
        default:
            return "exception";
    }
}

u64 fault_address() {
    u64 address;
    asm volatile("movq %%cr2, %0" : "=r"(address));
    return address;
}

}  // namespace

void end_faulty_task(const TrapFrame& frame) {
    const u64 address = fault_address();
    hal::irq_enable();
    const task_struct* const task = current();
    if (frame.vector == kPageFault) {
        printk(kLevel, "%s[%u]: segfault at %lx ip %lx sp %lx error %lx\n", task->comm, task->pid, address, frame.rip,
               frame.rsp, frame.error_code);
    } else {
        printk(kLevel, "traps: %s[%u] %s ip:%lx sp:%lx error:%lx\n", task->comm, task->pid, name_of(frame.vector),
               frame.rip, frame.rsp, frame.error_code);
    }
    do_exit();
}

}  // namespace fw
