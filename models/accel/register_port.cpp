// SPDX-License-Identifier: Apache-2.0
#include "models/accel/register_port.h"

#include <fmt/core.h>

#include <algorithm>
#include <cstring>

#include "models/core/diagnosis.h"

namespace turnpike {

bool RegisterPort::accept(tlm::tlm_generic_payload& payload) {
    if (!is_whole(payload)) {
        payload.set_response_status(tlm::TLM_BURST_ERROR_RESPONSE);
        return false;
    }
    if (payload.get_byte_enable_ptr() != nullptr) {
        payload.set_response_status(tlm::TLM_BYTE_ENABLE_ERROR_RESPONSE);
        return false;
    }
    payload.set_response_status(tlm::TLM_OK_RESPONSE);
    if (payload.get_command() == tlm::TLM_IGNORE_COMMAND) return false;
    if (exists(payload.get_address())) return true;

    if (payload.is_read()) std::memset(payload.get_data_ptr(), 0, bytes_);
    if (reported_.insert(payload.get_address() * 2 + (payload.is_write() ? 1 : 0)).second) {
        diagnose(fmt::format("{}: {} an unknown register at offset {:#x}; {}", name_,
                             payload.is_write() ? "write to" : "read of", payload.get_address(),
                             payload.is_write() ? "ignored" : "reads 0"));
    }
    return false;
}

bool RegisterPort::is_whole(const tlm::tlm_generic_payload& payload) const {
    return payload.get_data_length() == bytes_ && payload.get_address() % bytes_ == 0 &&
           payload.get_streaming_width() >= bytes_;
}

bool RegisterPort::exists(std::uint64_t offset) const {
    return std::any_of(list_.begin(), list_.end(), [=](const regs::Register& reg) { return reg.offset == offset; });
}

}  // namespace turnpike
