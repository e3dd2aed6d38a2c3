// SPDX-License-Identifier: Apache-2.0
// The machine beneath, on the modelled core: linear addresses are physical ones, device windows answer plain loads and
// stores. Inline, since each of these is one or two instructions on the packet path.
#pragma once
#include "sw/hal/hal.h"

namespace fw::hal {

// NOLINTBEGIN(performance-no-int-to-ptr): a device register is its address.
inline u32 mmio_read32(u64 address) { return *reinterpret_cast<volatile u32*>(address); }
inline void mmio_write32(u64 address, u32 value) { *reinterpret_cast<volatile u32*>(address) = value; }
inline u64 mmio_read64(u64 address) { return *reinterpret_cast<volatile u64*>(address); }
inline void mmio_write64(u64 address, u64 value) { *reinterpret_cast<volatile u64*>(address) = value; }
// NOLINTEND(performance-no-int-to-ptr)

inline constexpr u64 kInterruptFlag = 1U << 9;  // RFLAGS.IF, Intel SDM volume 1, 3.4.3.3

inline void irq_enable() { asm volatile("sti" ::: "memory"); }
inline void irq_disable() { asm volatile("cli" ::: "memory"); }
inline u64 irq_save() {
    u64 flags;
    asm volatile("pushfq\n\tpopq %0\n\tcli" : "=r"(flags)::"memory");
    return flags;
}
inline void irq_restore(u64 flags) {
    if (flags & kInterruptFlag) irq_enable();
}
// STI holds interrupts off for one more instruction, so that none slips in before the HLT (Intel SDM volume 2, STI).
inline void wait_for_interrupt() { asm volatile("sti\n\thlt" ::: "memory"); }

inline void write_msr(u32 number, u64 value) {
    asm volatile("wrmsr" ::"c"(number), "a"(static_cast<u32>(value)), "d"(static_cast<u32>(value >> 32)) : "memory");
}
inline u64 tsc() {
    u32 low, high;
    asm volatile("rdtsc" : "=a"(low), "=d"(high));
    return (u64{high} << 32) | low;
}
// The core's own data begins where GS does (sw/hal/x86/cpu.cpp). A constant of the core: it may be read once and kept.
inline unsigned cpu_id() {
    u32 id;
    asm("movl %%gs:0, %0" : "=r"(id));
    return id;
}
inline void cpu_relax() { asm volatile("pause" ::: "memory"); }
// Stores are seen in program order on x86 (Intel SDM volume 3, 8.2.2): only the compiler needs holding back.
inline void write_barrier() { asm volatile("" ::: "memory"); }

}  // namespace fw::hal
