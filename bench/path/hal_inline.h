// SPDX-License-Identifier: Apache-2.0
// The machine beneath the packet path where it is measured: as sw/hal/x86/hal_inline.h, less what only privilege 0 may
// do, so that one object code runs on the modelled core and in a process of the host.
#pragma once
#include "sw/hal/hal.h"

namespace fw::hal {

inline u32 mmio_read32(u64) { return 0; }
inline void mmio_write32(u64, u32) {}
inline u64 mmio_read64(u64) { return 0; }
inline void mmio_write64(u64, u64) {}

inline void irq_enable() { asm volatile("" ::: "memory"); }
inline void irq_disable() { asm volatile("" ::: "memory"); }
inline u64 irq_save() {
    u64 flags;
    asm volatile("pushfq\n\tpopq %0" : "=r"(flags)::"memory");
    return flags;
}
inline void irq_restore(u64 flags) {
    if (flags & 1U << 9) irq_enable();
}
inline void wait_for_interrupt() {}

inline u64 tsc() {
    u32 low, high;
    asm volatile("rdtsc" : "=a"(low), "=d"(high));
    return (u64{high} << 32) | low;
}
inline unsigned cpu_id() {
    u32 id;
    asm("movl %%gs:0, %0" : "=r"(id));
    return id;
}
inline void write_msr(u32, u64) {}
inline void cpu_relax() { asm volatile("pause" ::: "memory"); }
inline void write_barrier() { asm volatile("" ::: "memory"); }

}  // namespace fw::hal
