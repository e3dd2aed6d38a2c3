// SPDX-License-Identifier: Apache-2.0
// Segment descriptors and gates in memory (SDM volume 3, 3.4.5, 6.14.1, 7.2.3).
#pragma once
#include <cstring>
#include <optional>

#include "models/cpu/insn.h"

namespace turnpike::cpu {

inline constexpr unsigned kPhysicalBits = 39;
inline constexpr unsigned kUserLevel = 3;

/// Bits of control registers and EFER (SDM volume 3, 2.5, 2.2.1).
namespace cr0 {
inline constexpr u64 PE = 1U << 0, TS = 1U << 3, ET = 1U << 4, WP = 1U << 16, NW = 1U << 29, CD = 1U << 30,
                     PG = 1U << 31;
}
namespace cr4 {
inline constexpr u64 TSD = 1U << 2, DE = 1U << 3, PAE = 1U << 5, PGE = 1U << 7, PCE = 1U << 8, UMIP = 1U << 11,
                     FSGSBASE = 1U << 16, SMEP = 1U << 20;
}
namespace efer {
inline constexpr u64 SCE = 1U << 0, LME = 1U << 8, LMA = 1U << 10, NXE = 1U << 11;
}

/// Current privilege level: the low bits of CS.
inline unsigned cpl(const State& s) { return s.sys.selector[kCs] & 3U; }

/// Bytes of a descriptor table, read past the caches. False: beyond the table's limit or outside DRAM.
inline bool read_table(const State& s, const TableRegister& table, u64 offset, void* data, unsigned bytes) {
    return offset + bytes - 1 <= table.limit && s.services->read_system(table.base + offset, data, bytes);
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

struct CodeSegment {
    unsigned level;  ///< its DPL
    bool conforming;
    bool present;
};

/// The 64-bit code segment that `selector` names, if it is one. The loader's is of privilege 0.
inline std::optional<CodeSegment> code_segment(const State& s, u16 selector) {
    if ((selector & 0xFFFC) == 0) return std::nullopt;
    if (!has_gdt(s)) return CodeSegment{0, false, true};
    const std::optional<u64> descriptor = segment_descriptor(s, selector);
    constexpr u64 kCode = u64{0x18} << 40;  // S, executable
    constexpr u64 kConforming = u64{0x04} << 40;
    constexpr u64 kLong = u64{1} << 53;
    constexpr u64 kDefault32 = u64{1} << 54;
    if (!descriptor || (*descriptor & kCode) != kCode) return std::nullopt;
    if ((*descriptor & kLong) == 0 || (*descriptor & kDefault32) != 0) return std::nullopt;
    return CodeSegment{static_cast<unsigned>(*descriptor >> 45) & 3, (*descriptor & kConforming) != 0,
                       ((*descriptor >> 47) & 1) != 0};
}

/// What a data access that is not canonical raises: #SS where RSP or RBP is the base (SDM volume 1, 3.4.2.1).
inline u8 data_fault(const Insn* i) {
    constexpr u8 kRsp = 4;
    constexpr u8 kRbp = 5;
    return i != nullptr && (i->base == kRsp || i->base == kRbp) ? vector::SS : vector::GP;
}

}  // namespace turnpike::cpu
