// SPDX-License-Identifier: Apache-2.0
#include "sw/hal/x86/traps.h"

#include "regs/counters.h"
#include "sw/kernel/printk.h"

extern "C" const fw::u8 vector_stubs[];
extern "C" void load_code_segment();

namespace fw {
namespace {

constexpr unsigned kVectors = 256;
constexpr u64 kStubBytes = 16;
constexpr u16 kCodeSelector = 0x08, kTssSelector = 0x18;
constexpr unsigned kFaultStackBytes = 4096;
constexpr unsigned kDoubleFault = 8;
constexpr u8 kFaultIst = 1;

// Flat 64-bit segments, Intel SDM volume 3, 3.4.5 and 5.2.1.
constexpr u64 kCodeSegment = 0x00AF9A000000FFFF, kDataSegment = 0x00CF92000000FFFF;

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

struct TrapFrame {
    u64 vector, error_code, rip, cs, rflags, rsp, ss;
};

alignas(16) constinit Gate idt[kVectors] = {};

/// Each core's. LTR marks the task in its descriptor as busy, so no two can share one.
struct CpuTables {
    alignas(16) u64 gdt[5];
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
    gdt[3] = (sizeof(TaskState) - 1) | (base & 0xFFFFFF) << 16 | kPresentTss << 40 | (base >> 24 & 0xFF) << 56;
    gdt[4] = base >> 32;
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

}  // namespace

void trap_init(unsigned cpu) {
    if (cpu == 0) fill_idt();
    load_gdt(tables[cpu]);
    load_idt();
}

extern "C" [[noreturn]] void do_exception(const TrapFrame* frame) {
    console_loglevel = 8;
    console_unlocked = true;
    printk(0, "CPU %u: exception %lu, error code 0x%lx, rip 0x%lx, rsp 0x%lx, rflags 0x%lx\n", hal::cpu_id(),
           frame->vector, frame->error_code, frame->rip, frame->rsp, frame->rflags);
    hal::panic("exception");
}

}  // namespace fw
