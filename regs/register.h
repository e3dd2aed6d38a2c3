// SPDX-License-Identifier: Apache-2.0
// What a line of a register list (`*.def`) means. Freestanding: the firmware includes this too.
#pragma once
#include <cstddef>
#include <cstdint>

namespace turnpike::regs {

/// How software may touch a register.
enum class Access : std::uint8_t {
    RO,   ///< reads the value, writes are ignored
    RW,   ///< reads the value, writes replace the bits of the write mask
    WO,   ///< reads 0, writes have an effect
    RC,   ///< reads the value and clears it, writes are ignored
    W1C,  ///< reads the value, a 1 written clears the bit
    W1S,  ///< reads the value, a 1 written sets the bit
};

/// One register, or an array of `count` registers `stride` bytes apart.
struct Register {
    const char* name;
    std::uint64_t offset;  ///< bytes from the start of the block's window
    std::uint32_t stride;  ///< bytes; 0 for a single register
    std::uint32_t count;   ///< 1 for a single register
    std::uint64_t reset;
    Access access;
    std::uint64_t write_mask;  ///< bits that software can change (RW), clear (W1C) or set (W1S)
    const char* text;
};

/// A bit field: `get` takes it out of a register's value, `set` puts it in, `of` is the field alone.
struct Field {
    unsigned lsb;
    unsigned width;
    constexpr std::uint64_t mask() const { return (width >= 64 ? ~0ULL : ((1ULL << width) - 1)) << lsb; }
    constexpr std::uint64_t get(std::uint64_t value) const { return (value & mask()) >> lsb; }
    constexpr std::uint64_t of(std::uint64_t field) const { return (field << lsb) & mask(); }
    constexpr std::uint64_t set(std::uint64_t value, std::uint64_t field) const {
        return (value & ~mask()) | of(field);
    }
    constexpr bool test(std::uint64_t value) const { return (value & mask()) != 0; }
};

}  // namespace turnpike::regs
