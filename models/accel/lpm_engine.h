// SPDX-License-Identifier: Apache-2.0
// The longest-prefix-match engine as its wrapper sees it: one clock edge after the other, without SystemC. The twin and
// the RTL are interchangeable behind it.
#pragma once
#include <array>
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

/// The cycles of the calls never decrease. A call with cycle c happens at clock edge c: it sees what earlier edges left
/// behind, and what it changes is seen from edge c + 1 on.
class LpmEngine {
  public:
    using Ticket = std::uint64_t;  ///< counts lookups from 0
    virtual ~LpmEngine() = default;

    virtual void reset() = 0;
    /// Register bus: at most one access a clock.
    virtual std::uint64_t read(std::uint64_t offset, std::uint64_t cycle) = 0;
    virtual void write(std::uint64_t offset, std::uint64_t value, std::uint64_t cycle) = 0;
    /// The lookup of `address` is accepted at edge `cycle`: at most one a clock.
    virtual Ticket issue(std::uint32_t address, std::uint64_t cycle) = 0;
    /// The answer, if it came out at or before edge `cycle`. Each is given once.
    virtual std::optional<LpmAnswer> answer(Ticket ticket, std::uint64_t cycle) = 0;
};

/// The reset value of a register of the list.
constexpr std::uint64_t lpm_reset_value(std::uint64_t offset) {
    for (const regs::Register& reg : regs::lpm::kRegisters) {
        if (reg.offset == offset) return reg.reset;
    }
    return 0;
}

inline constexpr unsigned kLpmLevels = 4;
inline constexpr unsigned kLpmEntriesPerNode = 256;
inline constexpr std::uint64_t kLpmLatency = lpm_reset_value(regs::lpm::LATENCY);
/// Nodes of each level, by its CAPACITY field.
inline constexpr std::array<std::uint64_t, kLpmLevels> kLpmNodes = {
    regs::lpm::CAPACITY_LEVEL0.get(lpm_reset_value(regs::lpm::CAPACITY)),
    regs::lpm::CAPACITY_LEVEL1.get(lpm_reset_value(regs::lpm::CAPACITY)),
    regs::lpm::CAPACITY_LEVEL2.get(lpm_reset_value(regs::lpm::CAPACITY)),
    regs::lpm::CAPACITY_LEVEL3.get(lpm_reset_value(regs::lpm::CAPACITY)),
};

/// "tlm", "rtl" or "lockstep"; anything else is an std::invalid_argument.
std::unique_ptr<LpmEngine> make_lpm_engine(const std::string& mode);

}  // namespace turnpike
