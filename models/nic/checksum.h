// SPDX-License-Identifier: Apache-2.0
// The Internet checksum (RFC 1071), of received and of sent packets.
#pragma once
#include <cstdint>
#include <span>

namespace turnpike::nic {

/// Ones' complement sum of big-endian 16-bit words on top of `sum`, not complemented; an odd last byte is padded.
std::uint16_t ones_sum(std::span<const std::uint8_t> bytes, std::uint32_t sum = 0);

}  // namespace turnpike::nic
