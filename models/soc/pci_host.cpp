// SPDX-License-Identifier: Apache-2.0
#include "models/soc/pci_host.h"

#include <cstring>

#include "regs/address_map.h"

namespace turnpike {
namespace {

constexpr std::uint64_t kFunctionBytes = 0x1000;
constexpr std::uint32_t kNobodyAnswers = 0xFFFFFFFF;

bool is_word(const tlm::tlm_generic_payload& payload) {
    return payload.get_data_length() == 4 && payload.get_address() % 4 == 0;
}

}  // namespace

WordWindow::WordWindow(const sc_core::sc_module_name& name, Read read, Write write)
    : sc_module(name), socket("socket"), read_(std::move(read)), write_(std::move(write)) {
    socket.register_b_transport(this, &WordWindow::b_transport);
    socket.register_transport_dbg(this, &WordWindow::transport_dbg);
}

void WordWindow::b_transport(tlm::tlm_generic_payload& payload, sc_core::sc_time&) {
    if (!is_word(payload)) return payload.set_response_status(tlm::TLM_BURST_ERROR_RESPONSE);
    std::uint32_t value = 0;
    if (payload.is_read()) {
        value = read_(payload.get_address());
        std::memcpy(payload.get_data_ptr(), &value, sizeof value);
    } else {
        std::memcpy(&value, payload.get_data_ptr(), sizeof value);
        write_(payload.get_address(), value);
    }
    payload.set_response_status(tlm::TLM_OK_RESPONSE);
}

/// Reads only: these registers have no side effect of reading.
unsigned WordWindow::transport_dbg(tlm::tlm_generic_payload& payload) {
    if (!is_word(payload) || !payload.is_read()) return 0;
    const std::uint32_t value = read_(payload.get_address());
    std::memcpy(payload.get_data_ptr(), &value, sizeof value);
    return sizeof value;
}

nic::ConfigSpace* PciHost::find(std::uint64_t offset) const {
    const std::uint64_t device = offset / regs::map::PCI_DEVICE_BYTES;
    const bool first_function = offset % regs::map::PCI_DEVICE_BYTES < kFunctionBytes;
    return device < devices_.size() && first_function ? devices_[device] : nullptr;
}

std::uint32_t PciHost::read(std::uint64_t offset) const {
    nic::ConfigSpace* device = find(offset);
    return device != nullptr ? device->read(offset % kFunctionBytes) : kNobodyAnswers;
}

void PciHost::write(std::uint64_t offset, std::uint32_t value) const {
    if (nic::ConfigSpace* device = find(offset)) device->write(offset % kFunctionBytes, value);
}

}  // namespace turnpike
