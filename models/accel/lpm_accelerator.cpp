// SPDX-License-Identifier: Apache-2.0
#include "models/accel/lpm_accelerator.h"

#include <cstring>

#include "regs/address_map.h"

namespace turnpike {

namespace {

/// A lookup is a read of 2, 4 or 8 bytes at a multiple of 4.
tlm::tlm_response_status check_lookup(const tlm::tlm_generic_payload& payload) {
    const unsigned bytes = payload.get_data_length();
    if (payload.is_write()) return tlm::TLM_COMMAND_ERROR_RESPONSE;
    if (payload.get_address() >= regs::map::LPM_LOOKUP_BYTES) return tlm::TLM_ADDRESS_ERROR_RESPONSE;
    if (payload.get_address() % 4 != 0 || (bytes != 2 && bytes != 4 && bytes != 8) ||
        payload.get_streaming_width() < bytes) {
        return tlm::TLM_BURST_ERROR_RESPONSE;
    }
    if (payload.get_byte_enable_ptr() != nullptr) return tlm::TLM_BYTE_ENABLE_ERROR_RESPONSE;
    return tlm::TLM_OK_RESPONSE;
}

}  // namespace

LpmAccelerator::LpmAccelerator(const sc_core::sc_module_name& name, const regs::params::accel_lpm& params)
    : LpmAccelerator(name, params, make_lpm_engine(params.mode)) {}

LpmAccelerator::LpmAccelerator(const sc_core::sc_module_name& name, const regs::params::accel_lpm& params,
                               std::unique_ptr<LpmEngine> engine, Steps steps)
    : sc_module(name),
      registers("registers"),
      lookup("lookup"),
      clock_("accel.lpm", params.freq_mhz, steps),
      engine_(std::move(engine)),
      port_("lpm", regs::lpm::kRegisterBytes, regs::lpm::kRegisters),
      mover_("mover", clock_, *engine_, register_slots_, lookup_slots_) {
    registers.register_b_transport(this, &LpmAccelerator::access_register);
    lookup.register_b_transport(this, &LpmAccelerator::access_lookup);
}

void LpmAccelerator::access_register(tlm::tlm_generic_payload& payload, sc_core::sc_time& delay) {
    clock_.catch_up(delay, false);
    if (!port_.accept(payload)) return;
    std::uint64_t value = 0;
    if (payload.is_read()) {
        const std::uint64_t edge = register_slots_.take(clock_.next_edge());
        clock_.wait_for(edge);
        value = engine_->read(payload.get_address(), edge);
        std::memcpy(payload.get_data_ptr(), &value, sizeof value);
        clock_.wait_for(edge + 1);
    } else {
        std::memcpy(&value, payload.get_data_ptr(), sizeof value);
        write_register(payload.get_address(), value);
    }
}

void LpmAccelerator::write_register(std::uint64_t offset, std::uint64_t value) {
    if (offset == regs::lpm::UPDATE_DOORBELL) mover_.reserve_list();
    const std::uint64_t edge = register_slots_.take(clock_.next_edge());
    clock_.wait_for(edge);
    const std::optional<LpmCommand> command = engine_->write(offset, value, edge);
    if (offset == regs::lpm::LOOKASIDE_ENTRIES) mover_.restart_rings();
    if (command) mover_.ring(*command);
    clock_.wait_for(edge + 1);
}

void LpmAccelerator::access_lookup(tlm::tlm_generic_payload& payload, sc_core::sc_time& delay) {
    payload.set_response_status(check_lookup(payload));
    // The ring's requests and lookups share the engine in the order in which they come, edge or not.
    clock_.catch_up(delay, payload.is_response_ok() && !mover_.requesting());
    if (!payload.is_response_ok() || payload.get_command() == tlm::TLM_IGNORE_COMMAND) return;
    const std::uint64_t index = look_up(static_cast<std::uint32_t>(payload.get_address() / 4)).index;
    std::memcpy(payload.get_data_ptr(), &index, payload.get_data_length());
}

LpmAnswer LpmAccelerator::look_up(std::uint32_t address) {
    const std::uint64_t asked = clock_.next_edge();
    const std::uint64_t accepted = lookup_slots_.take(asked);
    clock_.wait_for(accepted);
    const LpmEngine::Ticket ticket = engine_->issue(address, accepted);
    ++stats_.lookups;
    stats_.wait_cycles += accepted - asked;

    // The engine is looked at when its answer is due, and should it be late, at each later clock.
    std::uint64_t edge = accepted + kLpmLatency;
    clock_.wait_for(edge);
    std::optional<LpmAnswer> answer;
    while (!(answer = engine_->answer(ticket, edge))) clock_.wait_for(++edge);
    stats_.lookup_cycles += answer->cycle - accepted;
    if (answer->index == regs::map::LPM_MISS) ++stats_.misses;
    return *answer;
}

}  // namespace turnpike
