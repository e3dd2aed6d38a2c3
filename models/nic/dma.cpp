// SPDX-License-Identifier: Apache-2.0
#include "models/nic/dma.h"

#include "models/core/clock.h"

namespace turnpike::nic {

bool Dma::read(std::uint64_t address, void* data, unsigned bytes) {
    sc_core::sc_time delay = sc_core::SC_ZERO_TIME;
    const bool good = transport(tlm::TLM_READ_COMMAND, address, data, bytes, delay);
    if (delay != sc_core::SC_ZERO_TIME) sc_core::wait(delay);
    return good;
}

bool Dma::write(std::uint64_t address, const void* data, unsigned bytes, std::uint64_t& visible_ps) {
    sc_core::sc_time delay = sc_core::SC_ZERO_TIME;
    const bool good = transport(tlm::TLM_WRITE_COMMAND, address, const_cast<void*>(data), bytes, delay);
    visible_ps = now_ps() + to_ps(delay);
    return good;
}

void Dma::message(std::uint64_t address, std::uint32_t data) {
    sc_core::sc_time delay = sc_core::SC_ZERO_TIME;
    transport(tlm::TLM_WRITE_COMMAND, address, &data, sizeof data, delay, &mark_);
}

bool Dma::transport(tlm::tlm_command command, std::uint64_t address, void* data, unsigned bytes,
                    sc_core::sc_time& delay, MessageMark* mark) {
    while (!enabled_ || !allowed_) sc_core::wait(enable_);
    // A payload allocates memory when it is made, so they are used again.
    std::unique_ptr<tlm::tlm_generic_payload> payload;
    if (free_.empty()) {
        payload = std::make_unique<tlm::tlm_generic_payload>();
    } else {
        payload = std::move(free_.back());
        free_.pop_back();
    }
    payload->set_command(command);
    payload->set_address(address);
    payload->set_data_ptr(static_cast<unsigned char*>(data));
    payload->set_data_length(bytes);
    payload->set_streaming_width(bytes);
    payload->set_byte_enable_ptr(nullptr);
    payload->set_dmi_allowed(false);
    payload->set_response_status(tlm::TLM_INCOMPLETE_RESPONSE);
    if (mark != nullptr) payload->set_extension(mark);
    ++under_way_;
    socket_->b_transport(*payload, delay);
    --under_way_;
    if (mark != nullptr) payload->clear_extension(mark);
    const bool good = payload->is_response_ok();
    free_.push_back(std::move(payload));
    return good;
}

void Dma::set_enabled(bool enabled) {
    enabled_ = enabled;
    if (enabled) enable_.notify();
}

void Dma::set_allowed(bool allowed) {
    allowed_ = allowed;
    // Nobody waits before the simulation starts.
    if (allowed && sc_core::sc_start_of_simulation_invoked()) enable_.notify();
}

}  // namespace turnpike::nic
