// SPDX-License-Identifier: Apache-2.0
#include "sw/hal/x86/traps.h"

#include "regs/counters.h"
#include "sw/kernel/printk.h"

extern "C" const fw::u8 vector_stubs[];
extern "C" void load_code_segment();
extern "C" void syscall_entry();

namespace fw {
namespace {

constexpr unsigned kVectors = 256;
constexpr u64 kStubBytes = 16;
// The order of the GDT is what SYSCALL and SYSRET want (Intel SDM volume 2): code and data, the user's data and code.
constexpr u16 kCodeSelector = 0x08, kDataSelector = 0x10, kTssSelector = 0x28;
constexpr u16 kUserBits = 3;  // privilege level of a selector
constexpr unsigned kFaultStackBytes = 4096;
constexpr unsigned kDoubleFault = 8;
constexpr u8 kFaultIst = 1;

// Flat 64-bit segments, Intel SDM volume 3, 3.4.5 and 5.2.1.
constexpr u64 kCodeSegment = 0x00AF9A000000FFFF, kDataSegment = 0x00CF92000000FFFF;
constexpr u64 kUserDataSegment = 0x00CFF2000000FFFF, kUserCodeSegment = 0x00AFFA000000FFFF;

// Intel SDM volume 4.
constexpr u32 kEfer = 0xC0000080, kStar = 0xC0000081, kLstar = 0xC0000082, kFmask = 0xC0000084;
constexpr u64 kEferSyscall = 1, kEferLongMode = 0x500, kEferNoExecute = 1U << 11;
/// Flags that a system call begins without: trap, interrupts, direction, I/O privilege, nested task, alignment check.
constexpr u64 kSyscallMask = 0x47700;

struct [[gnu::packed]] TaskState {  // Intel SDM volume 3, 7.7
    u32 reserved0 = 0;
    u64 rsp[3] = {};
    u64 reserved1 = 0;
    u64 ist[7] = {};
    u64 reserved2 = 0;
    u16 reserved3 = 0;
    u16 io_map = sizeof(TaskState);
};
static_assert(sizeof(TaskState) == 104);

struct [[gnu::packed]] TablePointer {
    u16 limit;
    const void* base;
};

struct Gate {  // Intel SDM volume 3, 6.14.1
    u64 low;
    u64 high;
};

alignas(16) constinit Gate idt[kVectors] = {};

/// Each core's. LTR marks the task in its descriptor as busy, so no two can share one.
struct CpuTables {
    alignas(16) u64 gdt[7];
    TaskState tss;
    // A double fault may well come from a lost stack, so it gets one of its own.
    alignas(16) u8 fault_stack[kFaultStackBytes];
};
constinit CpuTables tables[regs::kMaxCpus] = {};

Gate interrupt_gate(u64 handler, u8 ist) {
    constexpr u64 kPresentInterruptGate = 0x8E;
    const u64 low = (handler & 0xFFFF) | (u64{kCodeSelector} << 16) | (u64{ist} << 32) | (kPresentInterruptGate << 40) |
                    ((handler >> 16 & 0xFFFF) << 48);
    return {low, handler >> 32};
}

void load_gdt(CpuTables& own) {
    const u64 base = reinterpret_cast<u64>(&own.tss);
    constexpr u64 kPresentTss = 0x89;
    u64* gdt = own.gdt;
    gdt[1] = kCodeSegment;
    gdt[2] = kDataSegment;
    gdt[3] = kUserDataSegment;
    gdt[4] = kUserCodeSegment;
    gdt[5] = (sizeof(TaskState) - 1) | (base & 0xFFFFFF) << 16 | kPresentTss << 40 | (base >> 24 & 0xFF) << 56;
    gdt[6] = base >> 32;
    own.tss.ist[kFaultIst - 1] = reinterpret_cast<u64>(own.fault_stack + kFaultStackBytes);
    const TablePointer pointer{sizeof(own.gdt) - 1, gdt};
    asm volatile("lgdt %0" ::"m"(pointer) : "memory");
    load_code_segment();
    asm volatile("ltr %w0" ::"r"(kTssSelector));
}

void fill_idt() {
    for (unsigned vector = 0; vector < kVectors; ++vector) {
        const u64 stub = reinterpret_cast<u64>(vector_stubs) + vector * kStubBytes;
        idt[vector] = interrupt_gate(stub, vector == kDoubleFault ? kFaultIst : 0);
    }
}

void load_idt() {
    const TablePointer pointer{sizeof(idt) - 1, idt};
    asm volatile("lidt %0" ::"m"(pointer) : "memory");
}

void enable_syscalls() {
    hal::write_msr(kEfer, kEferLongMode | kEferSyscall | kEferNoExecute);
    hal::write_msr(kStar, u64{kDataSelector | kUserBits} << 48 | u64{kCodeSelector} << 32);
    hal::write_msr(kLstar, reinterpret_cast<u64>(syscall_entry));
    hal::write_msr(kFmask, kSyscallMask);
}

}  // namespace

void set_interrupt_stack(unsigned cpu, u64 top) { tables[cpu].tss.rsp[0] = top; }

void trap_init(unsigned cpu) {
    if (cpu == 0) fill_idt();
    load_gdt(tables[cpu]);
    load_idt();
    enable_syscalls();
}

extern "C" [[noreturn]] void do_exception(const TrapFrame* frame) {
    if ((frame->cs & kUserBits) && frame->vector != kDoubleFault) end_faulty_task(*frame);
    console_loglevel = 8;
    console_unlocked = true;
    printk(0, "CPU %u: exception %lu, error code 0x%lx, rip 0x%lx, rsp 0x%lx, rflags 0x%lx\n", hal::cpu_id(),
           frame->vector, frame->error_code, frame->rip, frame->rsp, frame->rflags);
    hal::panic("exception");
}

}  // namespace fw
