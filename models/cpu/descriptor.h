// SPDX-License-Identifier: Apache-2.0
// Segment descriptors and gates in memory (SDM volume 3, 3.4.5, 6.14.1, 7.2.3).
#pragma once
#include <cstring>
#include <optional>

#include "models/cpu/insn.h"

namespace turnpike::cpu {

/// Bytes of a descriptor table, read past the caches. False: beyond the table's limit or outside DRAM.
inline bool read_table(const State& s, const TableRegister& table, u64 offset, void* data, u64 bytes) {
    const u64 address = table.base + offset;
    if (offset + bytes - 1 > table.limit || address > s.fast_limit) return false;
    std::memcpy(data, s.memory + address, bytes);
    return true;
}

/// Before the firmware loads a table of its own, the loader's flat segments stand and selectors are taken as they are.
inline bool has_gdt(const State& s) { return s.sys.gdtr.limit != 0; }

inline std::optional<u64> segment_descriptor(const State& s, u16 selector) {
    u64 value;
    if ((selector & 4) != 0 || !read_table(s, s.sys.gdtr, selector & 0xFFF8U, &value, 8)) return std::nullopt;
    return value;
}

/// Base address in a descriptor's lower 8 bytes.
inline u64 descriptor_base(u64 low) { return ((low >> 16) & 0xFFFFFF) | ((low >> 32) & 0xFF000000); }

/// Whether `selector` may go to CS in this model: privilege 0, a present 64-bit code segment.
inline bool is_kernel_code(const State& s, u16 selector) {
    if ((selector & 0xFFFC) == 0 || (selector & 3) != 0) return false;
    if (!has_gdt(s)) return true;
    const std::optional<u64> descriptor = segment_descriptor(s, selector);
    constexpr u64 kPresentCode = u64{0x98} << 40;  // P, S, executable
    constexpr u64 kPrivilege = u64{3} << 45;
    constexpr u64 kLong = u64{1} << 53;
    return descriptor && (*descriptor & kPresentCode) == kPresentCode && (*descriptor & kPrivilege) == 0 &&
           (*descriptor & kLong) != 0;
}

inline bool is_canonical(u64 address) { return static_cast<u64>(static_cast<i64>(address << 16) >> 16) == address; }

/// What a data access that is not canonical raises: #SS where RSP or RBP is the base (SDM volume 1, 3.4.2.1).
inline u8 data_fault(const Insn* i) {
    constexpr u8 kRsp = 4;
    constexpr u8 kRbp = 5;
    return i != nullptr && (i->base == kRsp || i->base == kRbp) ? vector::SS : vector::GP;
}

}  // namespace turnpike::cpu
