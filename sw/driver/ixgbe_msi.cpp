// SPDX-License-Identifier: Apache-2.0
// Message-signalled interrupts (9.3.7, 9.3.8): capabilities in PCI configuration space, and the table in BAR4.
#include "regs/nic_pci.h"
#include "sw/driver/ixgbe.h"
#include "sw/hal/apic.h"

namespace fw {
namespace {

namespace pci = regs::nic_pci;

// PCI local bus specification 3.0: ids of capabilities (appendix H), the base address registers' low bits (6.2.5.1).
constexpr u32 kMsiId = 0x05, kMsixId = 0x11, kBarFlags = 0xF;
constexpr unsigned kMostCapabilities = 48;  // as many as fit behind the header
// An entry of the table, 6.8.2: address, its high half, data, and a word whose lowest bit masks the vector.
constexpr u64 kEntryBytes = 16, kAddress = 0, kAddressHigh = 4, kData = 8, kControl = 12;

u32 read(const ixgbe_adapter* adapter, u64 offset) { return hal::mmio_read32(adapter->config_space + offset); }
void write(const ixgbe_adapter* adapter, u64 offset, u64 value) {
    hal::mmio_write32(adapter->config_space + offset, static_cast<u32>(value));
}

/// Follows the list of 6.7.
bool has_capability(const ixgbe_adapter* adapter, u32 id) {
    if (adapter->config_space == 0) return false;
    u32 at = read(adapter, pci::CAPABILITIES) & 0xFC;
    for (unsigned n = 0; at != 0 && n < kMostCapabilities; ++n) {
        const u32 header = read(adapter, at);
        if ((header & 0xFF) == id) return true;
        at = header >> 8 & 0xFC;
    }
    return false;
}

}  // namespace

IxgbeInterrupts ixgbe_choose_interrupts(ixgbe_adapter* adapter, IxgbeInterrupts wanted) {
    if (wanted == IxgbeInterrupts::msix && has_capability(adapter, kMsixId)) {
        adapter->msix_table = (read(adapter, pci::BAR4) & ~kBarFlags) | u64{read(adapter, pci::BAR5)} << 32;
        return IxgbeInterrupts::msix;
    }
    if (wanted != IxgbeInterrupts::line && has_capability(adapter, kMsiId)) return IxgbeInterrupts::msi;
    return IxgbeInterrupts::line;
}

void ixgbe_set_msix_vector(const ixgbe_adapter* adapter, u32 entry, unsigned cpu, int vector) {
    const u64 at = adapter->msix_table + entry * kEntryBytes;
    const MsiMessage message = msi_message(cpu, static_cast<unsigned>(vector));
    hal::mmio_write32(at + kAddress, static_cast<u32>(message.address));
    hal::mmio_write32(at + kAddressHigh, static_cast<u32>(message.address >> 32));
    hal::mmio_write32(at + kData, message.data);
    hal::mmio_write32(at + kControl, 0);
}

void ixgbe_enable_msix(const ixgbe_adapter* adapter) {
    write(adapter, pci::MSIX, read(adapter, pci::MSIX) | pci::MSIX_ENABLE.of(1));
}

void ixgbe_set_msi(const ixgbe_adapter* adapter, unsigned cpu, int vector) {
    const MsiMessage message = msi_message(cpu, static_cast<unsigned>(vector));
    write(adapter, pci::MSI_ADDRESS, message.address);
    write(adapter, pci::MSI_ADDRESS_HIGH, message.address >> 32);
    write(adapter, pci::MSI_DATA, message.data);
    write(adapter, pci::MSI, read(adapter, pci::MSI) | pci::MSI_ENABLE.of(1));
}

}  // namespace fw
