// SPDX-License-Identifier: Apache-2.0
#include "models/accel/lpm_mover.h"

#include <algorithm>
#include <bit>
#include <cstring>

namespace turnpike {

namespace lpm = regs::lpm;

namespace {

constexpr std::uint64_t kRecordBytes = 16;
constexpr std::uint64_t kEntryBytes = 8;
constexpr std::uint64_t kFewestEntries = 8;
constexpr std::uint64_t kMostEntries = 4096;

/// Requests that are there and not fetched; the counts run over at 2^32.
std::uint64_t waiting(const LpmCommand& rings, std::uint64_t next) {
    return lpm::LOOKASIDE_TAIL_NUMBER.get(rings.count - next);
}

bool can_be(const LpmCommand& rings, std::uint64_t next) {
    return std::has_single_bit(rings.entries) && rings.entries >= kFewestEntries && rings.entries <= kMostEntries &&
           waiting(rings, next) <= rings.entries;
}

}  // namespace

LpmMover::LpmMover(const sc_core::sc_module_name& name, const ClockDomain& clock, LpmEngine& engine,
                   ClockSlots& register_slots, ClockSlots& lookup_slots)
    : sc_module(name),
      dma("dma"),
      clock_(clock),
      engine_(engine),
      register_slots_(register_slots),
      lookup_slots_(lookup_slots) {
    SC_HAS_PROCESS(LpmMover);
    SC_THREAD(run_updates);
    SC_THREAD(run_requests);
    SC_THREAD(run_completions);
}

void LpmMover::reserve_list() {
    while (lists_.size() + reserved_ >= kQueuedLists) sc_core::wait(list_taken_);
    ++reserved_;
}

void LpmMover::ring(const LpmCommand& command) {
    if (command.kind == LpmCommand::Kind::update) {
        --reserved_;
        lists_.push_back(command);
        listed_.notify(sc_core::SC_ZERO_TIME);
    } else {
        rings_ = command;
        requesting_ = true;
        rung_.notify(sc_core::SC_ZERO_TIME);
    }
}

void LpmMover::restart_rings() {
    rings_ = {};
    next_ = 0;
    ++generation_;
}

void LpmMover::run_updates() {
    for (;;) {
        while (lists_.empty()) sc_core::wait(listed_);
        const LpmCommand list = lists_.front();
        lists_.pop_front();
        list_taken_.notify(sc_core::SC_ZERO_TIME);
        apply(list);
    }
}

void LpmMover::apply(const LpmCommand& list) {
    std::uint64_t at = list.base;
    for (std::uint64_t left = list.count; left > 0;) {
        std::array<std::uint64_t, kBlockBytes / 8> words = {};
        const std::uint64_t here = std::min(left, (kBlockBytes - at % kBlockBytes) / kRecordBytes);
        if (!move(tlm::TLM_READ_COMMAND, at, words.data(), static_cast<unsigned>(here * kRecordBytes))) {
            return report_bus_error(left);
        }
        for (std::uint64_t n = 0; n < here; ++n) {
            const std::uint64_t edge = register_slots_.take(clock_.next_edge());
            clock_.wait_for(edge);
            engine_.update({lpm::UPDATE_RECORD_PLACE.get(words[2 * n]), lpm::UPDATE_RECORD_HIGH.get(words[2 * n]),
                            words[2 * n + 1] & lpm_write_mask(lpm::ENTRY_DATA)},
                           edge);
            ++stats_.records;
        }
        at += here * kRecordBytes;
        left -= here;
    }
}

void LpmMover::run_requests() {
    for (;;) {
        while (waiting(rings_, next_) == 0) {
            requesting_ = false;
            sc_core::wait(rung_);
        }
        if (!can_be(rings_, next_)) {
            rings_.count = next_;
            report({.bad_ring = true});
            continue;
        }
        while (batches_.size() >= kBatches) sc_core::wait(batch_done_);
        Batch batch;
        if (!fetch_batch(batch)) continue;
        batches_.push_back(batch);
        batched_.notify(sc_core::SC_ZERO_TIME);
    }
}

/// Reads requests up to the next block and gives them to the engine. False: memory did not answer, or the ring has
/// begun anew meanwhile.
bool LpmMover::fetch_batch(Batch& batch) {
    if (waiting(rings_, next_) == 0) return false;
    batch.rings = rings_;
    batch.first = next_;
    batch.generation = generation_;
    const std::uint64_t entry = next_ % rings_.entries;
    batch.count = static_cast<unsigned>(std::min<std::uint64_t>(waiting(rings_, next_), kBatch - entry % kBatch));
    std::array<std::uint64_t, kBatch> requests = {};
    const bool answered = move(tlm::TLM_READ_COMMAND, rings_.base + entry * kEntryBytes, requests.data(),
                               static_cast<unsigned>(batch.count * kEntryBytes));
    if (batch.generation != generation_) return false;
    if (!answered) {
        rings_.count = next_;
        report_bus_error(0);
        return false;
    }
    for (unsigned n = 0; n < batch.count; ++n) {
        batch.last_edge = lookup_slots_.take(clock_.next_edge());
        clock_.wait_for(batch.last_edge);
        batch.tags[n] = static_cast<std::uint32_t>(lpm::LOOKASIDE_REQUEST_TAG.get(requests[n]));
        batch.tickets[n] =
            engine_.issue(static_cast<std::uint32_t>(lpm::LOOKASIDE_REQUEST_ADDRESS.get(requests[n])), batch.last_edge);
    }
    if (batch.generation == generation_) next_ = lpm::LOOKASIDE_TAIL_NUMBER.get(next_ + batch.count);
    return true;
}

void LpmMover::run_completions() {
    for (;;) {
        while (batches_.empty()) sc_core::wait(batched_);
        const Batch batch = batches_.front();
        complete(batch);
        batches_.pop_front();
        batch_done_.notify(sc_core::SC_ZERO_TIME);
    }
}

/// Waits for the answers and writes them. A ring that has begun anew gets none of the old one's.
void LpmMover::complete(const Batch& batch) {
    std::array<std::uint64_t, kBatch> completions = {};
    const bool even_pass = (batch.first / batch.rings.entries) % 2 == 0;
    std::uint64_t edge = batch.last_edge + kLpmLatency;
    clock_.wait_for(edge);
    edge = std::max(edge, clock_.next_edge());
    for (unsigned n = 0; n < batch.count; ++n) {
        std::optional<LpmAnswer> answer;
        while (!(answer = engine_.answer(batch.tickets[n], edge))) clock_.wait_for(++edge);
        completions[n] = lpm::LOOKASIDE_COMPLETION_HOP.of(answer->index) |
                         lpm::LOOKASIDE_COMPLETION_PHASE.of(even_pass ? 1 : 0) |
                         lpm::LOOKASIDE_COMPLETION_TAG.of(batch.tags[n]);
    }
    if (batch.generation != generation_) return;
    const std::uint64_t entry = batch.first % batch.rings.entries;
    if (!move(tlm::TLM_WRITE_COMMAND, batch.rings.completions + entry * kEntryBytes, completions.data(),
              static_cast<unsigned>(batch.count * kEntryBytes))) {
        return report_bus_error(0);
    }
    if (batch.generation != generation_) return;
    stats_.completions += batch.count;
    report({.completions = batch.count});
}

void LpmMover::report(const LpmMoved& moved) {
    const std::uint64_t edge = report_slots_.take(clock_.next_edge());
    clock_.wait_for(edge);
    engine_.moved(moved, edge);
}

void LpmMover::report_bus_error(std::uint64_t dropped) {
    ++stats_.bus_errors;
    report({.dropped = dropped, .bus_error = true});
}

/// False when nothing answers there.
bool LpmMover::move(tlm::tlm_command command, std::uint64_t address, void* data, unsigned bytes) {
    if (dma.size() == 0) return false;
    tlm::tlm_generic_payload payload;
    payload.set_command(command);
    payload.set_address(address);
    payload.set_data_ptr(static_cast<unsigned char*>(data));
    payload.set_data_length(bytes);
    payload.set_streaming_width(bytes);
    payload.set_byte_enable_ptr(nullptr);
    payload.set_dmi_allowed(false);
    payload.set_response_status(tlm::TLM_INCOMPLETE_RESPONSE);
    sc_core::sc_time delay = sc_core::SC_ZERO_TIME;
    dma->b_transport(payload, delay);
    if (delay != sc_core::SC_ZERO_TIME) sc_core::wait(delay);
    return payload.is_response_ok();
}

}  // namespace turnpike
