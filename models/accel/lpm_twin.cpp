// SPDX-License-Identifier: Apache-2.0
#include "models/accel/lpm_twin.h"

#include <algorithm>
#include <cassert>

#include "regs/address_map.h"

namespace turnpike {

namespace lpm = regs::lpm;

namespace {

/// Clocks from a lookup's acceptance to the edge that reads each memory: the address register, then each memory's own
/// time, and behind each level a register for what its word said.
constexpr std::array<std::uint64_t, kLpmMemories> read_edges() {
    std::array<std::uint64_t, kLpmMemories> edges = {1};
    for (unsigned memory = 1; memory < kLpmMemories; ++memory) {
        edges[memory] = edges[memory - 1] + kLpmMemoryClocks[memory - 1] + (memory > 1 ? 1 : 0);
    }
    return edges;
}

constexpr std::array<std::uint64_t, kLpmMemories> kReadEdge = read_edges();
/// The answer is queued at this edge, and can be taken at the next.
constexpr std::uint64_t kQueueEdge = kReadEdge[kLpmResult] + kLpmMemoryClocks[kLpmResult];
static_assert(kLpmLatency == kQueueEdge + 1, "regs/lpm.def: LATENCY does not follow from MEMORY_CLOCKS");

}  // namespace

LpmTwin::LpmTwin() : registers_("lpm", lpm::kRegisterBytes, lpm::kRegisters) {
    registers_.on_write(lpm::ENTRY_DATA, [this](std::uint64_t, std::uint64_t data) {
        const std::uint64_t place = registers_.get(lpm::ENTRY_ADDR);
        write_word(place, registers_.get(lpm::ENTRY_HIGH), data);
        const std::uint64_t next = lpm::ENTRY_ADDR_INDEX.get(place) + 1;
        registers_.set(lpm::ENTRY_ADDR, lpm::ENTRY_ADDR_INDEX.set(place, next));
    });
    registers_.on_write(lpm::UPDATE_DOORBELL, [this](std::uint64_t, std::uint64_t count) {
        registers_.add(lpm::UPDATE_PENDING, lpm::UPDATE_DOORBELL_COUNT.get(count));
    });
    registers_.on_write(lpm::LOOKASIDE_ENTRIES, [this](std::uint64_t, std::uint64_t) {
        registers_.set(lpm::LOOKASIDE_TAIL, 0);
        registers_.set(lpm::LOOKASIDE_HEAD, 0);
    });
}

// The memories keep their contents, as block RAMs do.
void LpmTwin::reset() {
    registers_.reset();
    flights_.clear();
    changes_ = {};
    reset_at_ = first_ = queued_ = taken_ = drain_to_ = issued_;
    last_issue_ = next_take_ = 0;
    held_ = false;
}

std::uint64_t LpmTwin::read(std::uint64_t offset, std::uint64_t cycle) {
    settle(cycle);
    if (offset == lpm::STATUS) queue_answers(cycle);
    if (offset == lpm::LOOKUPS) registers_.set(lpm::LOOKUPS, accepted_before(cycle) - reset_at_);
    if (offset == lpm::DRAIN) {
        const Ticket taken = taken_before(cycle);
        registers_.set(lpm::DRAIN, drain_to_ > taken ? drain_to_ - taken : 0);
    }
    return registers_.read(offset);
}

std::optional<LpmCommand> LpmTwin::write(std::uint64_t offset, std::uint64_t value, std::uint64_t cycle) {
    settle(cycle);
    Changes& changes = change_at(cycle);
    assert(!changes.write && !changes.update && "two writes in one clock");
    changes.write = {offset, value};
    if (offset == lpm::UPDATE_DOORBELL) {
        return LpmCommand{LpmCommand::Kind::update, registers_.get(lpm::UPDATE_BASE), 0, 0,
                          lpm::UPDATE_DOORBELL_COUNT.get(value)};
    }
    if (offset == lpm::LOOKASIDE_TAIL) {
        return LpmCommand{LpmCommand::Kind::lookaside, registers_.get(lpm::LOOKASIDE_REQUESTS),
                          registers_.get(lpm::LOOKASIDE_COMPLETIONS), registers_.get(lpm::LOOKASIDE_ENTRIES),
                          lpm::LOOKASIDE_TAIL_NUMBER.get(value)};
    }
    return std::nullopt;
}

void LpmTwin::update(const LpmUpdate& record, std::uint64_t cycle) {
    settle(cycle);
    Changes& changes = change_at(cycle);
    assert(!changes.write && !changes.update && "two writes in one clock");
    changes.update = record;
}

void LpmTwin::moved(const LpmMoved& moved, std::uint64_t cycle) {
    settle(cycle);
    assert(!change_at(cycle).moved && "two reports in one clock");
    change_at(cycle).moved = moved;
}

bool LpmTwin::ready(std::uint64_t cycle) { return issued_ - taken_before(cycle) < kLpmInFlight; }

LpmEngine::Ticket LpmTwin::issue(std::uint32_t address, std::uint64_t cycle) {
    settle(cycle);
    assert((issued_ == reset_at_ || cycle > last_issue_) && "two lookups in one clock");
    assert(ready(cycle) && "more lookups than can be under way");
    Flight flight{cycle, {.address = address}};
    if (!lpm::CTRL_ENABLE.test(registers_.get(lpm::CTRL))) {
        flight.walk.memory = kLpmMemories;
        flight.walk.value = regs::map::LPM_MISS;
    }
    flights_.push_back(flight);
    last_issue_ = cycle;
    return issued_++;
}

void LpmTwin::hold(bool held, std::uint64_t cycle) {
    take_answers(cycle);
    if (held_ && !held) next_take_ = std::max(next_take_, cycle);
    held_ = held;
}

std::optional<LpmAnswer> LpmTwin::answer(Ticket ticket, std::uint64_t cycle) {
    settle(cycle);
    take_answers(cycle + 1);
    assert(ticket >= first_ && ticket < issued_ && !flight(ticket).given && "no such lookup");
    if (ticket >= taken_) return std::nullopt;
    queue_answers(cycle);
    Flight& asked = flight(ticket);
    const LpmAnswer answer{static_cast<std::uint16_t>(asked.walk.value), asked.taken};
    asked.given = true;
    while (!flights_.empty() && flights_.front().given) {
        flights_.pop_front();
        ++first_;
    }
    return answer;
}

/// Lets what was written take effect once its edge lies before `cycle`; what the memories were read for up to that edge
/// comes first.
void LpmTwin::settle(std::uint64_t cycle) {
    if (!changes_.any() || changes_.cycle >= cycle) return;
    const Changes changes = changes_;
    changes_ = {};
    queue_answers(changes.cycle);
    for (Ticket ticket = queued_; ticket < issued_; ++ticket) read_memories(flight(ticket), changes.cycle);
    apply(changes);
}

void LpmTwin::apply(const Changes& changes) {
    if (changes.write && changes.write->first == lpm::DRAIN) drain_to_ = accepted_before(changes.cycle);
    if (changes.write) registers_.write(changes.write->first, changes.write->second);
    if (changes.update) {
        write_word(changes.update->place, changes.update->high, changes.update->data);
        registers_.set(lpm::UPDATE_PENDING, registers_.get(lpm::UPDATE_PENDING) - 1);
    }
    if (!changes.moved) return;
    const std::uint64_t head = registers_.get(lpm::LOOKASIDE_HEAD) + changes.moved->completions;
    registers_.set(lpm::LOOKASIDE_HEAD, lpm::LOOKASIDE_TAIL_NUMBER.get(head));
    registers_.set(lpm::UPDATE_PENDING, registers_.get(lpm::UPDATE_PENDING) - changes.moved->dropped);
    if (changes.moved->bus_error) set_status(lpm::STATUS_BUS_ERROR);
    if (changes.moved->bad_ring) set_status(lpm::STATUS_BAD_RING);
}

LpmTwin::Changes& LpmTwin::change_at(std::uint64_t cycle) {
    changes_.cycle = cycle;
    return changes_;
}

/// Lookups accepted at edges before `cycle`, as the number of the first later one.
std::uint64_t LpmTwin::accepted_before(std::uint64_t cycle) const {
    Ticket ticket = issued_;
    for (std::size_t n = flights_.size(); n > 0 && flights_[n - 1].accepted >= cycle; --n) --ticket;
    return ticket;
}

/// Answers taken at edges before `cycle`, as the number of the first later one. Whoever asked for an answer at this
/// edge has let it be taken already.
LpmTwin::Ticket LpmTwin::taken_before(std::uint64_t cycle) {
    take_answers(cycle);
    const bool taken_at_this_edge = next_take_ == cycle + 1 && taken_ != reset_at_;
    return taken_ - (taken_at_this_edge ? 1 : 0);
}

/// Takes the answers that are taken at edges before `end`.
void LpmTwin::take_answers(std::uint64_t end) {
    while (!held_ && taken_ < issued_) {
        Flight& next = flight(taken_);
        const std::uint64_t edge = std::max(next.accepted + kLpmLatency, next_take_);
        if (edge >= end) return;
        next.taken = edge;
        next_take_ = edge + 1;
        ++taken_;
    }
}

/// Brings to their end the lookups whose answers come out of the memories at edges before `end`.
void LpmTwin::queue_answers(std::uint64_t end) {
    while (queued_ < issued_ && flight(queued_).accepted + kQueueEdge < end) queue_answer(flight(queued_++));
}

void LpmTwin::queue_answer(Flight& flight) {
    read_memories(flight, flight.accepted + kQueueEdge);
    if (flight.walk.bad) set_status(lpm::STATUS_BAD_POINTER);
}

/// Carries out the memory reads at edges up to `last_edge`.
void LpmTwin::read_memories(Flight& flight, std::uint64_t last_edge) const {
    while (flight.walk.memory < kLpmMemories && flight.accepted + kReadEdge[flight.walk.memory] <= last_edge) {
        memories_.read(flight.walk);
    }
}

void LpmTwin::write_word(std::uint64_t place, std::uint64_t high, std::uint64_t data) {
    const auto memory = static_cast<unsigned>(lpm::ENTRY_ADDR_MEMORY.get(place));
    if (!memories_.write(memory, lpm::ENTRY_ADDR_INDEX.get(place), high, data)) set_status(lpm::STATUS_BAD_ADDRESS);
}

void LpmTwin::set_status(const regs::Field& flag) {
    registers_.set(lpm::STATUS, registers_.get(lpm::STATUS) | flag.mask());
}

}  // namespace turnpike
