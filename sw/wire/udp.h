// SPDX-License-Identifier: Apache-2.0
// UDP header (RFC 768).
#pragma once
#include <cstdint>

#include "sw/wire/bytes.h"

namespace fw::wire {

inline constexpr unsigned kUdpHeaderBytes = 8;

class Udp {
  public:
    explicit Udp(const std::uint8_t* header) : at_(header) {}
    std::uint16_t source() const { return get16(at_); }
    std::uint16_t dest() const { return get16(at_ + 2); }
    std::uint16_t len() const { return get16(at_ + 4); }
    std::uint16_t check() const { return load16(at_ + 6); }  ///< 0: the sender made none

  private:
    const std::uint8_t* at_;
};

}  // namespace fw::wire
