// SPDX-License-Identifier: Apache-2.0
#include "sw/hal/apic.h"

#include "regs/ioapic.h"
#include "regs/lapic.h"

namespace fw {
namespace {

namespace lapic = regs::lapic;
namespace ioapic = regs::ioapic;

constexpr u32 kRedirectionTable = 0x10;  // index of entry 0's low half, 82093AA 3.2

void ioapic_write(u32 index, u32 value) {
    hal::mmio_write32(regs::map::IOAPIC_BASE + ioapic::IOREGSEL, index);
    hal::mmio_write32(regs::map::IOAPIC_BASE + ioapic::IOWIN, value);
}

// 11.6.1: delivery mode, and the shorthand for all but oneself.
constexpr u64 kInit = 5, kStartUp = 6, kAllOthers = 3;

constexpr unsigned kDeadlineMode = 2;  // 11.5.4.1
constexpr u32 kTscDeadline = 0x6E0;    // Intel SDM volume 4, IA32_TSC_DEADLINE

/// 11.6.1: the write of the low half sends; it must not fall upon a command that is still on its way.
void send_command(u64 low, unsigned destination) {
    const u64 flags = hal::irq_save();
    while (lapic::ICR_LOW_PENDING.test(hal::mmio_read32(regs::map::LAPIC_BASE + lapic::ICR_LOW))) hal::cpu_relax();
    hal::mmio_write32(regs::map::LAPIC_BASE + lapic::ICR_HIGH,
                      static_cast<u32>(lapic::ICR_HIGH_DESTINATION.of(destination)));
    hal::mmio_write32(regs::map::LAPIC_BASE + lapic::ICR_LOW, static_cast<u32>(low));
    hal::irq_restore(flags);
}

}  // namespace

void lapic_send_ipi(unsigned cpu, unsigned vector) {
    send_command(lapic::ICR_LOW_VECTOR.of(vector) | lapic::ICR_LOW_ASSERT.of(1), cpu);
}

void lapic_start_others(unsigned page) {
    const u64 others = lapic::ICR_LOW_SHORTHAND.of(kAllOthers) | lapic::ICR_LOW_ASSERT.of(1);
    send_command(others | lapic::ICR_LOW_MODE.of(kInit), 0);
    send_command(others | lapic::ICR_LOW_MODE.of(kStartUp) | lapic::ICR_LOW_VECTOR.of(page), 0);
}

void lapic_enable() {
    hal::mmio_write32(regs::map::LAPIC_BASE + lapic::TPR, 0);
    const u64 svr = lapic::SVR_VECTOR.of(kSpuriousVector) | lapic::SVR_ENABLE.of(1);
    hal::mmio_write32(regs::map::LAPIC_BASE + lapic::SVR, static_cast<u32>(svr));
    const u64 timer = lapic::LVT_TIMER_VECTOR.of(kTimerVector) | lapic::LVT_TIMER_MODE.of(kDeadlineMode);
    hal::mmio_write32(regs::map::LAPIC_BASE + lapic::LVT_TIMER, static_cast<u32>(timer));
}

// 11.5.4.1: writing 0 would disarm.
void lapic_timer_set(u64 tsc) { hal::write_msr(kTscDeadline, tsc ? tsc : 1); }

void lapic_eoi() { hal::mmio_write32(regs::map::LAPIC_BASE + lapic::EOI, 0); }

void ioapic_route(unsigned pin, unsigned cpu) {
    const u64 entry =
        ioapic::REDIR_VECTOR.of(kFirstIrqVector + pin) | ioapic::REDIR_LEVEL.of(1) | ioapic::REDIR_DESTINATION.of(cpu);
    // The half with the mask bit last, so that the entry is whole when it comes alive.
    ioapic_write(kRedirectionTable + 2 * pin + 1, static_cast<u32>(entry >> 32));
    ioapic_write(kRedirectionTable + 2 * pin, static_cast<u32>(entry));
}

}  // namespace fw
