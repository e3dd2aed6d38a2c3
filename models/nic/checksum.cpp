// SPDX-License-Identifier: Apache-2.0
#include "models/nic/checksum.h"

#include <bit>
#include <cstring>

namespace turnpike::nic {

static_assert(std::endian::native == std::endian::little);

std::uint16_t ones_sum(std::span<const std::uint8_t> bytes, std::uint32_t sum) {
    // RFC 1071 2: the sum of swapped words is the swapped sum, and wider words may be added.
    std::uint64_t total = 0;
    std::size_t at = 0;
    for (; at + 4 <= bytes.size(); at += 4) {
        std::uint32_t word = 0;
        std::memcpy(&word, bytes.data() + at, sizeof word);
        total += word;
    }
    std::uint32_t rest = 0;
    if (at < bytes.size()) std::memcpy(&rest, bytes.data() + at, bytes.size() - at);
    total += rest;
    while (total >> 16 != 0) total = (total & 0xFFFF) + (total >> 16);
    total = ((total & 0xFF) << 8 | total >> 8) + sum;
    while (total >> 16 != 0) total = (total & 0xFFFF) + (total >> 16);
    return static_cast<std::uint16_t>(total);
}

}  // namespace turnpike::nic
