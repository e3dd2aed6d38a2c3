// SPDX-License-Identifier: Apache-2.0
// What the firmware needs of the machine beneath it. Two forms, one chosen at build time: hal/x86 (the modelled core)
// and hal/native (unit tests on the host, devices replaced by the test).
#pragma once
#include <cstddef>
#include <cstdint>

namespace turnpike::regs {}

namespace fw {

namespace regs = turnpike::regs;

using u8 = std::uint8_t;
using u16 = std::uint16_t;
using u32 = std::uint32_t;
using u64 = std::uint64_t;
using i8 = __INT8_TYPE__;
using i32 = std::int32_t;
using i64 = std::int64_t;

// A stage: a function whose cycles the host accounts to its name. It must stay a function of its own, so the compiler
// may neither inline, clone nor merge it; all stages lie in one section, by which the host knows them.
#define STAGE __attribute__((noinline, noclone, noipa, used, section(".text.stage")))
// Watched by the host (regs/observe.def): kept as a function, but not accounted as a stage.
#define OBSERVED __attribute__((noinline, noclone, noipa, used))

#define likely(x) __builtin_expect(!!(x), 1)
#define unlikely(x) __builtin_expect(!!(x), 0)

namespace hal {

u32 mmio_read32(u64 address);
void mmio_write32(u64 address, u32 value);
u64 mmio_read64(u64 address);
void mmio_write64(u64 address, u64 value);

/// Disables interrupts; the answer goes to irq_restore.
u64 irq_save();
void irq_restore(u64 flags);
void irq_enable();
void irq_disable();
/// Enables interrupts and sleeps until one; returns after its handler, with interrupts enabled.
void wait_for_interrupt();
/// Time-stamp counter.
u64 tsc();
/// A register of the core's own, by its number in Intel SDM volume 4.
void write_msr(u32 number, u64 value);
/// Number of the core that asks; the first is 0.
unsigned cpu_id();
/// Cores of the machine.
unsigned machine_cpus();
/// Starts all other cores: each begins in start_secondary (sw/kernel/smp.h) with its number and a stack of its own.
void start_other_cpus();
/// A started core's own tables; cpu_id answers from here on.
void init_cpu(unsigned cpu);
/// In a loop that waits for another core.
void cpu_relax();
/// Orders earlier stores before later ones as devices see them.
void write_barrier();
/// Stops the machine; `reason` goes to the console.
[[noreturn]] void panic(const char* reason);

}  // namespace hal
}  // namespace fw

#ifdef TURNPIKE_FIRMWARE
#include "sw/hal/x86/hal_inline.h"
#elif defined(TURNPIKE_HAL_INLINE)
#include TURNPIKE_HAL_INLINE
#endif
