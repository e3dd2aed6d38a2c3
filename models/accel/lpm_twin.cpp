// SPDX-License-Identifier: Apache-2.0
#include "models/accel/lpm_twin.h"

#include <algorithm>
#include <cassert>

#include "regs/address_map.h"

namespace turnpike {

namespace lpm = regs::lpm;
constexpr std::uint16_t kMiss = regs::map::LPM_MISS;

LpmTwin::LpmTwin() : registers_("lpm", lpm::kRegisterBytes, lpm::kRegisters) {
    for (unsigned level = 0; level < kLpmLevels; ++level) {
        memories_[level].resize(kLpmNodes[level] * kLpmEntriesPerNode);
    }
    registers_.on_write(lpm::ENTRY_DATA, [this](std::uint64_t, std::uint64_t data) { write_entry(data); });
}

// The memories keep their contents, as block RAMs do.
void LpmTwin::reset() {
    registers_.reset();
    flights_.clear();
    pending_.reset();
    lookups_ = 0;
    last_issue_ = 0;
}

std::uint64_t LpmTwin::read(std::uint64_t offset, std::uint64_t cycle) {
    settle(cycle);
    const bool accepted_at_this_edge = lookups_ > 0 && last_issue_ == cycle;
    registers_.set(lpm::LOOKUPS, lookups_ - (accepted_at_this_edge ? 1 : 0));
    return registers_.read(offset);
}

void LpmTwin::write(std::uint64_t offset, std::uint64_t value, std::uint64_t cycle) {
    settle(cycle);
    assert(!pending_ && "two register accesses in one clock");
    pending_ = Write{cycle, offset, value};
}

LpmEngine::Ticket LpmTwin::issue(std::uint32_t address, std::uint64_t cycle) {
    settle(cycle);
    assert((lookups_ == 0 || cycle > last_issue_) && "two lookups in one clock");
    const bool enabled = lpm::CTRL_ENABLE.test(registers_.get(lpm::CTRL));
    flights_.push_back({issued_, address, cycle, 0, !enabled, enabled ? std::uint16_t{0} : kMiss});
    ++lookups_;
    last_issue_ = cycle;
    return issued_++;
}

std::optional<LpmAnswer> LpmTwin::answer(Ticket ticket, std::uint64_t cycle) {
    settle(cycle);
    const auto flight =
        std::find_if(flights_.begin(), flights_.end(), [=](const Flight& f) { return f.ticket == ticket; });
    assert(flight != flights_.end() && "no such lookup");
    const std::uint64_t out = flight->accepted + kLpmLatency;
    if (out > cycle) return std::nullopt;
    read_memories(*flight, out);
    const LpmAnswer answer{flight->done ? flight->value : kMiss, out};
    flights_.erase(flight);
    return answer;
}

/// Lets a register write take effect once its edge lies before `cycle`; memory reads up to that edge come first.
void LpmTwin::settle(std::uint64_t cycle) {
    if (!pending_ || pending_->cycle >= cycle) return;
    const Write write = *pending_;
    pending_.reset();
    for (Flight& flight : flights_) read_memories(flight, write.cycle);
    registers_.write(write.offset, write.value);
}

/// Carries out the flight's memory reads at edges up to `last_edge`.
void LpmTwin::read_memories(Flight& flight, std::uint64_t last_edge) const {
    while (!flight.done && flight.level < kLpmLevels && flight.accepted + 1 + flight.level <= last_edge) {
        const unsigned level = flight.level++;
        if (flight.value >= kLpmNodes[level]) {
            flight.done = true;
            flight.value = kMiss;
            return;
        }
        const unsigned slot = (flight.address >> (24 - 8 * level)) & 0xFF;
        const std::uint32_t entry = memories_[level][flight.value * kLpmEntriesPerNode + slot];
        flight.value = static_cast<std::uint16_t>(lpm::ENTRY_DATA_VALUE.get(entry));
        flight.done = !lpm::ENTRY_DATA_CHILD.test(entry);
    }
}

void LpmTwin::write_entry(std::uint64_t data) {
    const std::uint64_t at = registers_.get(lpm::ENTRY_ADDR);
    const std::uint64_t index = lpm::ENTRY_ADDR_INDEX.get(at);
    std::vector<std::uint32_t>& memory = memories_[lpm::ENTRY_ADDR_LEVEL.get(at)];
    if (index < memory.size()) {
        memory[index] =
            static_cast<std::uint32_t>(data & (lpm::ENTRY_DATA_VALUE.mask() | lpm::ENTRY_DATA_CHILD.mask()));
    } else {
        registers_.set(lpm::STATUS, registers_.get(lpm::STATUS) | lpm::STATUS_BAD_ADDRESS.mask());
    }
    registers_.set(lpm::ENTRY_ADDR, lpm::ENTRY_ADDR_INDEX.set(at, index + 1));
}

}  // namespace turnpike
