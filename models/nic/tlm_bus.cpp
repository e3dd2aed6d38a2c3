// SPDX-License-Identifier: Apache-2.0
#include "models/nic/tlm_bus.h"

#include "models/core/clock.h"

namespace turnpike::nic {
namespace {

void prepare(tlm::tlm_generic_payload& payload, tlm::tlm_command command, std::uint64_t address, void* data,
             unsigned bytes) {
    payload.set_command(command);
    payload.set_address(address);
    payload.set_data_ptr(static_cast<unsigned char*>(data));
    payload.set_data_length(bytes);
    payload.set_streaming_width(bytes);
    payload.set_byte_enable_ptr(nullptr);
    payload.set_dmi_allowed(false);
    payload.set_response_status(tlm::TLM_INCOMPLETE_RESPONSE);
}

}  // namespace

TlmBus::TlmBus(tlm::tlm_initiator_socket<>& socket, unsigned reads) : socket_(socket) {
    for (unsigned n = 0; n < reads; ++n) spawn("bus_read", [this] { work(); });
    spawn("bus_write", [this] { post(); });
}

void TlmBus::spawn(const char* name, std::function<void()> body) {
    sc_core::sc_spawn_options options;
    options.set_stack_size(kStackBytes);
    sc_core::sc_spawn(std::move(body), sc_core::sc_gen_unique_name(name), &options);
}

void TlmBus::read(BusRead& read) {
    reads_.push_back(&read);
    if (idle_.empty()) return;
    sc_core::sc_event* event = idle_.back();
    idle_.pop_back();
    event->notify();
}

bool TlmBus::write(BusWrite& write) {
    writes_.push_back(&write);
    written_.notify();
    return false;
}

void TlmBus::work() {
    sc_core::sc_event event;
    tlm::tlm_generic_payload payload;
    for (;;) {
        while (reads_.empty()) {
            idle_.push_back(&event);
            sc_core::wait(event);
        }
        BusRead& read = *reads_.front();
        reads_.pop_front();
        prepare(payload, tlm::TLM_READ_COMMAND, read.address, read.data, read.bytes);
        sc_core::sc_time delay = sc_core::SC_ZERO_TIME;
        socket_->b_transport(payload, delay);
        if (delay != sc_core::SC_ZERO_TIME) sc_core::wait(delay);
        read.good = payload.is_response_ok();
        read.then.resume();
    }
}

/// One after the other: a write may have to wait for room.
void TlmBus::post() {
    tlm::tlm_generic_payload payload;
    for (;;) {
        while (writes_.empty()) sc_core::wait(written_);
        BusWrite& write = *writes_.front();
        writes_.pop_front();
        prepare(payload, tlm::TLM_WRITE_COMMAND, write.address, const_cast<void*>(write.data), write.bytes);
        sc_core::sc_time delay = sc_core::SC_ZERO_TIME;
        socket_->b_transport(payload, delay);
        write.good = payload.is_response_ok();
        write.visible_ps = now_ps() + to_ps(delay);
        write.then.resume();
    }
}

}  // namespace turnpike::nic
