// SPDX-License-Identifier: Apache-2.0
// Numbers in packets: big-endian, at any address. memcpy is the one access that is defined for every alignment, and
// compiles to a plain load.
#pragma once
#include <bit>
#include <cstdint>

namespace fw::wire {

static_assert(std::endian::native == std::endian::little, "byte order of the core that the firmware is built for");

constexpr std::uint16_t swap16(std::uint16_t value) { return __builtin_bswap16(value); }
constexpr std::uint32_t swap32(std::uint32_t value) { return __builtin_bswap32(value); }

/// As it lies in memory, in the core's byte order.
inline std::uint16_t load16(const std::uint8_t* at) {
    std::uint16_t value;
    __builtin_memcpy(&value, at, sizeof value);
    return value;
}
inline std::uint32_t load32(const std::uint8_t* at) {
    std::uint32_t value;
    __builtin_memcpy(&value, at, sizeof value);
    return value;
}
inline std::uint64_t load64(const std::uint8_t* at) {
    std::uint64_t value;
    __builtin_memcpy(&value, at, sizeof value);
    return value;
}
inline void store16(std::uint8_t* at, std::uint16_t value) { __builtin_memcpy(at, &value, sizeof value); }
inline void store32(std::uint8_t* at, std::uint32_t value) { __builtin_memcpy(at, &value, sizeof value); }

/// As a number.
inline std::uint16_t get16(const std::uint8_t* at) { return swap16(load16(at)); }
inline std::uint32_t get32(const std::uint8_t* at) { return swap32(load32(at)); }
inline void put16(std::uint8_t* at, std::uint16_t value) { store16(at, swap16(value)); }
inline void put32(std::uint8_t* at, std::uint32_t value) { store32(at, swap32(value)); }

}  // namespace fw::wire
