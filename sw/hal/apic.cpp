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

}  // namespace

void lapic_enable() {
    hal::mmio_write32(regs::map::LAPIC_BASE + lapic::TPR, 0);
    const u64 svr = lapic::SVR_VECTOR.of(kSpuriousVector) | lapic::SVR_ENABLE.of(1);
    hal::mmio_write32(regs::map::LAPIC_BASE + lapic::SVR, static_cast<u32>(svr));
}

void lapic_eoi() { hal::mmio_write32(regs::map::LAPIC_BASE + lapic::EOI, 0); }

void ioapic_route(unsigned pin) {
    const u64 entry = ioapic::REDIR_VECTOR.of(kFirstIrqVector + pin) | ioapic::REDIR_LEVEL.of(1);
    // The half with the mask bit last, so that the entry is whole when it comes alive.
    ioapic_write(kRedirectionTable + 2 * pin + 1, static_cast<u32>(entry >> 32));
    ioapic_write(kRedirectionTable + 2 * pin, static_cast<u32>(entry));
}

}  // namespace fw
