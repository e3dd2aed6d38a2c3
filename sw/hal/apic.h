// SPDX-License-Identifier: Apache-2.0
// Interrupt controllers: local APIC (Intel SDM volume 3, chapter 11) and I/O APIC (82093AA data sheet).
#pragma once
#include "regs/address_map.h"
#include "sw/hal/hal.h"

namespace fw {

inline constexpr unsigned kFirstIrqVector = 0x20;  ///< vectors below belong to exceptions, Intel SDM volume 3, 6.3.1
inline constexpr unsigned kSpuriousVector = 0xFF;
inline constexpr unsigned kRescheduleVector = 0xFD;  ///< Linux arch/x86/include/asm/irq_vectors.h
inline constexpr unsigned kTimerVector = 0xEC;       ///< the same file, LOCAL_TIMER_VECTOR

/// Enables this core's local APIC, its timer waiting for deadlines of the time-stamp counter.
void lapic_enable();
/// One timer interrupt as soon as the time-stamp counter has reached `tsc`, in place of the last one that was wanted.
void lapic_timer_set(u64 tsc);
/// End of interrupt.
void lapic_eoi();
/// Interrupts another core.
void lapic_send_ipi(unsigned cpu, unsigned vector);
/// INIT and start-up at page `page` to all other cores.
void lapic_start_others(unsigned page);
/// The write by which a device raises a vector of a core: fixed, edge-triggered (Intel SDM volume 3, 11.11).
struct MsiMessage {
    u64 address;
    u32 data;
};
constexpr MsiMessage msi_message(unsigned cpu, unsigned vector) {
    return {regs::map::MSI_BASE | u64{cpu} << 12, vector};
}
/// Lets pin `pin` raise vector kFirstIrqVector + pin on core `cpu`, level-triggered.
void ioapic_route(unsigned pin, unsigned cpu);

}  // namespace fw
