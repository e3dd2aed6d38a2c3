// SPDX-License-Identifier: Apache-2.0
// ICMP header (RFC 792). A view: whoever makes one has proved that the header's bytes are there.
#pragma once
#include <cstdint>

#include "sw/wire/bytes.h"

namespace fw::wire {

inline constexpr unsigned kIcmpHeaderBytes = 8;
/// Originate, receive and transmit timestamp (RFC 792, page 16).
inline constexpr unsigned kIcmpTimestampBytes = 12;

class Icmp {
  public:
    explicit Icmp(std::uint8_t* header) : at_(header) {}

    std::uint8_t type() const { return at_[0]; }
    std::uint8_t code() const { return at_[1]; }
    /// Second word of the header: gateway, pointer, or identifier and sequence number.
    std::uint32_t rest() const { return get32(at_ + 4); }
    std::uint16_t mtu() const { return get16(at_ + 6); }  ///< next-hop MTU (RFC 1191 4)

    void set_type(std::uint8_t type) { at_[0] = type; }
    void set_code(std::uint8_t code) { at_[1] = code; }
    void set_checksum(std::uint16_t sum) { store16(at_ + 2, sum); }  ///< byte order of memory, as RFC 1071 sums want it
    void set_rest(std::uint32_t word) { put32(at_ + 4, word); }

  private:
    std::uint8_t* at_;
};

}  // namespace fw::wire
