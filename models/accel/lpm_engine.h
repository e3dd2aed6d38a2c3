// SPDX-License-Identifier: Apache-2.0
// The longest-prefix-match engine as its wrapper sees it: one clock edge after the other, without SystemC. The twin and
// the RTL are interchangeable behind it.
#pragma once
#include <array>
#include <bit>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>

#include "regs/lpm.h"

namespace turnpike {

/// The next-hop index, and the clock edge at which it was handed out.
struct LpmAnswer {
    std::uint16_t index = 0;
    std::uint64_t cycle = 0;
    bool operator==(const LpmAnswer&) const = default;
};

/// One record of an update list.
struct LpmUpdate {
    std::uint64_t place = 0;  ///< as in ENTRY_ADDR
    std::uint64_t high = 0;   ///< as in ENTRY_HIGH
    std::uint64_t data = 0;   ///< as in ENTRY_DATA
};

/// A doorbell was rung, with the registers that count for it.
struct LpmCommand {
    enum class Kind { update, lookaside };
    Kind kind = Kind::update;
    std::uint64_t base = 0;         ///< of the records or the request ring
    std::uint64_t completions = 0;  ///< address of the completion ring
    std::uint64_t entries = 0;      ///< of both rings
    std::uint64_t count = 0;        ///< records, or TAIL
    bool operator==(const LpmCommand&) const = default;
};

/// What the mover of data between engine and memory tells the registers, at one clock edge.
struct LpmMoved {
    unsigned completions = 0;   ///< written to the completion ring
    std::uint64_t dropped = 0;  ///< records that will not be applied
    bool bus_error = false;
    bool bad_ring = false;
};

/// The cycles of the calls never decrease. A call with cycle c happens at clock edge c: it sees what earlier edges left
/// behind, and what it changes is seen from edge c + 1 on.
class LpmEngine {
  public:
    using Ticket = std::uint64_t;  ///< counts lookups from 0
    virtual ~LpmEngine() = default;

    virtual void reset() = 0;
    /// Register bus: at most one access a clock. A write to a doorbell gives what is to be done.
    virtual std::uint64_t read(std::uint64_t offset, std::uint64_t cycle) = 0;
    virtual std::optional<LpmCommand> write(std::uint64_t offset, std::uint64_t value, std::uint64_t cycle) = 0;
    /// A record of an update list: at most one a clock, and none in a clock that writes a register.
    virtual void update(const LpmUpdate& record, std::uint64_t cycle) = 0;
    virtual void moved(const LpmMoved& moved, std::uint64_t cycle) = 0;

    /// A lookup can be accepted at edge `cycle`: it can unless kLpmInFlight wait for their answers to be taken.
    virtual bool ready(std::uint64_t cycle) = 0;
    /// The lookup of `address` is accepted at edge `cycle`: at most one a clock, and only when `ready`.
    virtual Ticket issue(std::uint32_t address, std::uint64_t cycle) = 0;
    /// From edge `cycle` on no answer is taken, or answers are taken again, one a clock.
    virtual void hold(bool held, std::uint64_t cycle) = 0;
    /// The answer, if it was taken at or before edge `cycle`. Each is given once.
    virtual std::optional<LpmAnswer> answer(Ticket ticket, std::uint64_t cycle) = 0;
};

/// The reset value of a register of the list.
constexpr std::uint64_t lpm_reset_value(std::uint64_t offset) {
    for (const regs::Register& reg : regs::lpm::kRegisters) {
        if (reg.offset == offset) return reg.reset;
    }
    return 0;
}

/// The bits of a register of the list that can be written.
constexpr std::uint64_t lpm_write_mask(std::uint64_t offset) {
    for (const regs::Register& reg : regs::lpm::kRegisters) {
        if (reg.offset == offset) return reg.write_mask;
    }
    return 0;
}

/// The memories by the numbers that ENTRY_ADDR.MEMORY has for them.
inline constexpr unsigned kLpmRoot = 0;
inline constexpr unsigned kLpmLevels = 5;  ///< LEVEL1 is memory 1
inline constexpr unsigned kLpmResult = 6;
inline constexpr unsigned kLpmMemories = 7;

/// Words of each memory.
using LpmCapacity = std::array<std::uint64_t, kLpmMemories>;
inline constexpr LpmCapacity kLpmCapacity = {
    8192,  // address[31:19]
    lpm_reset_value(regs::lpm::CAPACITY_LEVEL1),
    lpm_reset_value(regs::lpm::CAPACITY_LEVEL2),
    lpm_reset_value(regs::lpm::CAPACITY_LEVEL3),
    lpm_reset_value(regs::lpm::CAPACITY_LEVEL4),
    lpm_reset_value(regs::lpm::CAPACITY_LEVEL5),
    lpm_reset_value(regs::lpm::CAPACITY_RESULT),
};

/// Bits of a pointer to one of `words` words.
constexpr unsigned lpm_pointer_bits(std::uint64_t words) { return static_cast<unsigned>(std::bit_width(words - 1)); }

/// Bits of a word of each memory: pointers are as wide as what they point into is long.
constexpr unsigned lpm_word_bits(unsigned memory, const LpmCapacity& words = kLpmCapacity) {
    using namespace regs::lpm;
    if (memory == kLpmRoot) return ENTRY_DATA_ROOT_DEFAULT.width + 1 + lpm_pointer_bits(words[1]);
    if (memory == kLpmResult) return ENTRY_DATA_RESULT_HOP.width;
    const unsigned own =
        ENTRY_DATA_NODE_INTERNAL.width + ENTRY_DATA_NODE_UNIFORM.width + lpm_pointer_bits(words[kLpmResult]);
    if (memory == kLpmLevels) return own;
    return own + ENTRY_DATA_NODE_EXTERNAL.width + lpm_pointer_bits(words[memory + 1]);
}

/// Bits of all memories of an engine with these capacities.
constexpr std::uint64_t lpm_memory_bits(const LpmCapacity& words = kLpmCapacity) {
    std::uint64_t bits = 0;
    for (unsigned memory = 0; memory < kLpmMemories; ++memory) bits += words[memory] * lpm_word_bits(memory, words);
    return bits;
}

/// Lookups that may be accepted and not answered yet.
inline constexpr unsigned kLpmInFlight = 32;
inline constexpr std::uint64_t kLpmLatency = lpm_reset_value(regs::lpm::LATENCY);
/// Clocks that a read of each memory takes.
inline constexpr std::array<std::uint64_t, kLpmMemories> kLpmMemoryClocks = {
    regs::lpm::MEMORY_CLOCKS_ROOT.get(lpm_reset_value(regs::lpm::MEMORY_CLOCKS)),
    regs::lpm::MEMORY_CLOCKS_LEVEL1.get(lpm_reset_value(regs::lpm::MEMORY_CLOCKS)),
    regs::lpm::MEMORY_CLOCKS_LEVEL2.get(lpm_reset_value(regs::lpm::MEMORY_CLOCKS)),
    regs::lpm::MEMORY_CLOCKS_LEVEL3.get(lpm_reset_value(regs::lpm::MEMORY_CLOCKS)),
    regs::lpm::MEMORY_CLOCKS_LEVEL4.get(lpm_reset_value(regs::lpm::MEMORY_CLOCKS)),
    regs::lpm::MEMORY_CLOCKS_LEVEL5.get(lpm_reset_value(regs::lpm::MEMORY_CLOCKS)),
    regs::lpm::MEMORY_CLOCKS_RESULT.get(lpm_reset_value(regs::lpm::MEMORY_CLOCKS)),
};

struct Waveform;

/// "tlm", "rtl" or "lockstep"; anything else is an std::invalid_argument. `waveform`: what is to be recorded of the
/// RTL.
std::unique_ptr<LpmEngine> make_lpm_engine(const std::string& mode, const Waveform* waveform = nullptr);

}  // namespace turnpike
