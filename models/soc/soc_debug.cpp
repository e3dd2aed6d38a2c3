// SPDX-License-Identifier: Apache-2.0
// The machine as a debugger reads it: through TLM's debug transport, which takes no time and has no side effects.
#include <algorithm>
#include <array>
#include <cstring>

#include "models/soc/soc.h"
#include "regs/address_map.h"

namespace turnpike {
namespace {

constexpr unsigned kWidestRegister = 8;

}  // namespace

/// The register that begins at `address` into `data` of kWidestRegister bytes; its size, 0 where there is none.
unsigned Soc::debug_register(std::uint64_t address, unsigned char* data) {
    const bool own_apic = address - regs::map::LAPIC_BASE < regs::map::LAPIC_BYTES;
    tlm::tlm_generic_payload payload;
    payload.set_command(tlm::TLM_READ_COMMAND);
    payload.set_address(own_apic ? address - regs::map::LAPIC_BASE : address);
    payload.set_data_ptr(data);
    payload.set_data_length(kWidestRegister);
    payload.set_streaming_width(kWidestRegister);
    return own_apic ? cores_[0]->local->transport_dbg(payload) : cores_[0]->bus->transport_dbg(payload);
}

bool Soc::debug_read(std::uint64_t physical, void* data, unsigned bytes) {
    if (physical < dram_->size() && bytes <= dram_->size() - physical) {
        std::memcpy(data, dram_->data() + physical, bytes);
        return true;
    }
    auto* to = static_cast<unsigned char*>(data);
    while (bytes != 0) {
        // The register that holds this byte begins at a multiple of 8, or of 4.
        std::array<unsigned char, kWidestRegister> value{};
        unsigned skip = physical % kWidestRegister;
        unsigned size = debug_register(physical - skip, value.data());
        if (size <= skip) {
            skip %= kWidestRegister / 2;
            size = debug_register(physical - skip, value.data());
        }
        if (size <= skip) return false;
        const unsigned count = std::min(bytes, size - skip);
        std::memcpy(to, value.data() + skip, count);
        to += count;
        physical += count;
        bytes -= count;
    }
    return true;
}

bool Soc::debug_write(std::uint64_t physical, const void* data, unsigned bytes) {
    if (physical >= dram_->size() || bytes > dram_->size() - physical) return false;
    std::memcpy(dram_->data() + physical, data, bytes);
    for (unsigned n = 0; n < debug_cores(); ++n) debug_core(n).memory_patched(physical, bytes);
    return true;
}

}  // namespace turnpike
