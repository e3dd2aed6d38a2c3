// SPDX-License-Identifier: Apache-2.0
#include "models/accel/checksum_accelerator.h"

#include <algorithm>
#include <cstring>
#include <stdexcept>

namespace turnpike {

namespace csum = regs::checksum;

namespace {

/// Bits first … end-1 of a beat's byte enables.
std::uint64_t keep_bits(std::uint64_t first, std::uint64_t end) {
    const std::uint64_t below_end = end >= 64 ? ~0ULL : (1ULL << end) - 1;
    return first >= 64 ? 0 : below_end & (~0ULL << first);
}

}  // namespace

ChecksumAccelerator::ChecksumAccelerator(const sc_core::sc_module_name& name,
                                         const regs::params::accel_checksum& params)
    : ChecksumAccelerator(name, params, make_checksum_engine(params.mode)) {}

ChecksumAccelerator::ChecksumAccelerator(const sc_core::sc_module_name& name,
                                         const regs::params::accel_checksum& params,
                                         std::unique_ptr<ChecksumEngine> engine, Steps steps)
    : sc_module(name),
      registers("registers"),
      dma("dma"),
      clock_("accel.checksum", params.freq_mhz, steps),
      engine_(std::move(engine)),
      port_("checksum", csum::kRegisterBytes, csum::kRegisters) {
    registers.register_b_transport(this, &ChecksumAccelerator::access_register);
    SC_HAS_PROCESS(ChecksumAccelerator);
    SC_THREAD(run_commands);
    SC_THREAD(run_adder);
    if (params.outstanding_reads == 0) {
        throw std::invalid_argument("accel.checksum: outstanding_reads is 0, at least 1 is expected");
    }
    for (std::uint64_t n = 0; n < params.outstanding_reads; ++n) {
        Reader& reader = *readers_.emplace_back(std::make_unique<Reader>());
        idle_readers_.push_back(&reader);
        sc_core::sc_spawn([this, &reader] { run_reader(reader); }, sc_core::sc_gen_unique_name("reader"));
    }
}

void ChecksumAccelerator::access_register(tlm::tlm_generic_payload& payload, sc_core::sc_time& delay) {
    clock_.catch_up(delay, port_.is_sound(payload));
    if (!port_.accept(payload)) return;
    std::uint64_t value = 0;
    if (payload.is_read()) {
        value = read_register(payload.get_address(), delay);
        std::memcpy(payload.get_data_ptr(), &value, sizeof value);
    } else {
        std::memcpy(&value, payload.get_data_ptr(), sizeof value);
        write_register(payload.get_address(), value);
    }
}

std::uint64_t ChecksumAccelerator::read_register(std::uint64_t offset, sc_core::sc_time& delay) {
    if (offset == csum::RESULT) wait_for_last_sum();
    const std::uint64_t edge = register_slots_.take(clock_.next_edge());
    clock_.wait_for(edge);
    const std::uint64_t value = engine_->read(offset, edge);
    delay = clock_.answer_at(edge + 1);
    return value;
}

void ChecksumAccelerator::write_register(std::uint64_t offset, std::uint64_t value) {
    if (offset == csum::COMMAND) {
        while (commands_.size() + reserved_ >= kQueuedCommands) sc_core::wait(taken_);
        ++reserved_;
    }
    const std::uint64_t edge = register_slots_.take(clock_.next_edge());
    clock_.wait_for(edge);
    const std::optional<ChecksumCommand> command = engine_->write(offset, value, edge);
    if (offset == csum::COMMAND) --reserved_;
    if (command) {
        commands_.push_back(*command);
        commanded_.notify();
    }
    clock_.wait_for(edge + 1);
}

void ChecksumAccelerator::wait_for_last_sum() {
    while (ended_ < begun_ || !commands_.empty() || reserved_ > 0) sc_core::wait(taken_);
    // RESULT shows a sum from the edge after it came out. Should it be late, or another have ended before that edge,
    // the engine is looked at again.
    for (std::uint64_t edge = clock_.next_edge();;) {
        edge = std::max(edge, due_) + 1;
        clock_.wait_until_due(edge);
        collect(edge);
        const bool ended_now = due_ == edge + kChecksumLatency;
        if (stats_.sums >= ended_ - (ended_now ? 1 : 0)) return;
    }
}

void ChecksumAccelerator::collect(std::uint64_t edge) {
    while (const std::optional<ChecksumSum> sum = engine_->sum(edge)) {
        ++stats_.sums;
        if (sum->error) ++stats_.bus_errors;
    }
}

void ChecksumAccelerator::run_commands() {
    for (;;) {
        while (commands_.empty()) sc_core::wait(commanded_);
        while (blocks_.size() >= readers_.size()) sc_core::wait(summed_);
        const ChecksumCommand command = commands_.front();
        commands_.pop_front();
        ++begun_;
        taken_.notify();
        ask_for(command);
    }
}

void ChecksumAccelerator::ask_for(const ChecksumCommand& command) {
    const std::uint64_t begun = clock_.next_edge();
    const std::uint64_t end = command.address + command.length;
    std::uint64_t at = command.address - command.address % kChecksumBeatBytes;
    do {
        while (blocks_.size() >= readers_.size()) sc_core::wait(summed_);
        clock_.wait_for(read_slots_.take(clock_.next_edge()));
        if (failed_ == begun_) return;
        Block& block = blocks_.emplace_back();
        block.address = at;
        block.command = begun_;
        block.begun = begun;
        block.beat.seed = command.seed;
        block.beat.udp = command.udp;
        block.beat.start = static_cast<std::uint16_t>(command.address % kChecksumBeatBytes);
        block.beat.keep = keep_bits(command.address > at ? command.address - at : 0, end - at);
        at += kChecksumBeatBytes;
        block.beat.last = at >= end;
        if (command.length == 0) {
            block.arrived = true;
            arrived_.notify();
            return;
        }
        Reader& reader = *idle_readers_.back();
        idle_readers_.pop_back();
        reader.block = &block;
        reader.go.notify();
    } while (at < end);
}

void ChecksumAccelerator::run_reader(Reader& reader) {
    for (;;) {
        while (reader.block == nullptr) sc_core::wait(reader.go);
        Block& block = *reader.block;
        if (!fetch(reader.payload, block)) {
            block.beat.error = block.beat.last = true;
            block.beat.keep = 0;
        }
        block.arrived = true;
        arrived_.notify();
        reader.block = nullptr;
        idle_readers_.push_back(&reader);
    }
}

/// Blocks enter the adder in the order of the commands, however they arrive. What a command has asked for beyond a
/// block that could not be read is dropped.
void ChecksumAccelerator::run_adder() {
    for (;;) {
        while (blocks_.empty() || !blocks_.front().arrived) sc_core::wait(arrived_);
        if (blocks_.front().command != failed_) send(blocks_.front());
        blocks_.pop_front();
        summed_.notify();
    }
}

/// Reads 64 bytes of memory, which may be there only after now; false when nothing answers there.
bool ChecksumAccelerator::fetch(tlm::tlm_generic_payload& payload, Block& block) {
    std::array<unsigned char, kChecksumBeatBytes> bytes = {};
    payload.set_read();
    payload.set_address(block.address);
    payload.set_data_ptr(bytes.data());
    payload.set_data_length(kChecksumBeatBytes);
    payload.set_streaming_width(kChecksumBeatBytes);
    payload.set_byte_enable_ptr(nullptr);
    payload.set_dmi_allowed(false);
    payload.set_response_status(tlm::TLM_INCOMPLETE_RESPONSE);
    sc_core::sc_time delay = sc_core::SC_ZERO_TIME;
    dma->b_transport(payload, delay);
    block.edge = clock_.edge_after(delay);
    if (!payload.is_response_ok()) return false;
    std::memcpy(block.beat.data.data(), bytes.data(), bytes.size());
    return true;
}

void ChecksumAccelerator::send(const Block& block) {
    const std::uint64_t edge = beat_slots_.take(std::max(clock_.next_edge(), block.edge));
    clock_.wait_for(edge);
    engine_->beat(block.beat, edge);
    collect(edge);
    ++stats_.beats;
    stats_.bytes += static_cast<unsigned>(__builtin_popcountll(block.beat.keep));
    if (!block.beat.last) return;
    stats_.busy_cycles += edge + 1 - std::max(block.begun, busy_until_);
    busy_until_ = edge + 1;
    if (block.beat.error) failed_ = block.command;
    due_ = edge + kChecksumLatency;
    ++ended_;
    taken_.notify();
}

}  // namespace turnpike
