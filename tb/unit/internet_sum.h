// SPDX-License-Identifier: Apache-2.0
// The sum of RFC 1071 as its section 1 words it: adjacent octets paired to 16-bit integers, added with end-around
// carry, byte after byte.
#pragma once
#include <cstdint>
#include <span>

namespace turnpike::tb {

/// `sum + bytes` as the accelerator's registers hold it: the first byte of a pair is the low half.
inline std::uint16_t internet_sum(std::span<const std::uint8_t> bytes, std::uint16_t sum = 0) {
    std::uint32_t network = static_cast<std::uint16_t>(sum << 8 | sum >> 8);
    for (std::size_t n = 0; n < bytes.size(); ++n) {
        network += n % 2 == 0 ? bytes[n] << 8 : bytes[n];
        if (network > 0xFFFF) network -= 0xFFFF;
    }
    return static_cast<std::uint16_t>(network << 8 | network >> 8);
}

}  // namespace turnpike::tb
