// SPDX-License-Identifier: Apache-2.0
// The checksum engine as its wrapper sees it: one clock edge after the other, without SystemC. The twin and the RTL are
// interchangeable behind it.
#pragma once
#include <array>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>

#include "regs/checksum.h"

namespace turnpike {

inline constexpr unsigned kChecksumBeatBytes = 64;

/// 64 bytes of a packet, or of memory at a 64-byte boundary; byte 0 in the lowest bits of data[0].
struct ChecksumBeat {
    std::array<std::uint64_t, kChecksumBeatBytes / 8> data = {};
    std::uint64_t keep = 0;  ///< bit n: byte n belongs to the sum
    bool last = false;       ///< ends the sum
    bool error = false;      ///< with `last`: the rest could not be read
    // The same in all beats of a sum:
    std::uint16_t start = 0;  ///< bytes from the first beat's byte 0 on that come before the sum's first byte
    std::uint16_t seed = 0;   ///< sum of the pseudo-header, in memory order
    bool udp = false;         ///< a check of 0 is sent as all ones (RFC 768)
};

struct ChecksumCommand {
    std::uint64_t address = 0;
    std::uint32_t length = 0;
    std::uint16_t seed = 0;
    bool udp = false;
    bool operator==(const ChecksumCommand&) const = default;
};

/// A finished sum, and the clock edge at which it was handed out.
struct ChecksumSum {
    std::uint16_t sum = 0;    ///< not complemented, in memory order
    std::uint16_t check = 0;  ///< to be written into the checksum's field, which was summed as 0
    bool error = false;
    std::uint64_t cycle = 0;
    /// What was summed carries the right checksum.
    bool good() const { return sum == 0xFFFF; }
    bool operator==(const ChecksumSum&) const = default;
};

/// The cycles of the calls never decrease. A call with cycle c happens at clock edge c: it sees what earlier edges left
/// behind, and what it changes is seen from edge c + 1 on.
class ChecksumStream {
  public:
    virtual ~ChecksumStream() = default;

    virtual void reset() = 0;
    /// The beat is accepted at edge `cycle`: at most one a clock, of the same sum or the next.
    virtual void beat(const ChecksumBeat& beat, std::uint64_t cycle) = 0;
    /// The next finished sum, in order, if it came out at or before edge `cycle`. RESULT shows it from the next edge
    /// on.
    virtual std::optional<ChecksumSum> sum(std::uint64_t cycle) = 0;
};

/// The stream with its registers, as firmware sees it; a device that checks packets on their way needs the stream
/// alone.
class ChecksumEngine : public ChecksumStream {
  public:
    /// Register bus: at most one access a clock. A write to COMMAND gives the command to carry out.
    virtual std::uint64_t read(std::uint64_t offset, std::uint64_t cycle) = 0;
    virtual std::optional<ChecksumCommand> write(std::uint64_t offset, std::uint64_t value, std::uint64_t cycle) = 0;
};

/// The reset value of a register of the list.
constexpr std::uint64_t checksum_reset_value(std::uint64_t offset) {
    for (const regs::Register& reg : regs::checksum::kRegisters) {
        if (reg.offset == offset) return reg.reset;
    }
    return 0;
}

inline constexpr std::uint64_t kChecksumLatency = checksum_reset_value(regs::checksum::LATENCY);

struct Waveform;

/// "tlm", "rtl" or "lockstep"; anything else is an std::invalid_argument.
std::unique_ptr<ChecksumEngine> make_checksum_engine(const std::string& mode, const Waveform* waveform = nullptr);

}  // namespace turnpike
