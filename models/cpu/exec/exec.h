// SPDX-License-Identifier: Apache-2.0
// How handlers are made. An instruction is a struct with `run<Access>(state, insn)`: it reads, then writes memory, and
// only then changes registers and flags. `Fast` accesses plain DRAM and gives up (false) on anything else, before any
// effect; `Slow` then carries the instruction out again with every access checked.
#pragma once
#include <bit>
#include <cstring>
#include <type_traits>

#include "models/cpu/insn.h"

namespace turnpike::cpu {

static_assert(std::endian::native == std::endian::little, "the register file is accessed in bytes, as x86 does");

#define TP_INLINE [[gnu::always_inline]] inline

/// Replaces a linear address by the physical one if the access is allowed and lies in one page of DRAM.
template <bool Write>
TP_INLINE bool find_page(const State& s, u64& address, u64 bytes) {
    const TlbEntry& entry = s.tlb[(address >> kPageShift) & (kTlbEntries - 1)];
    // The last byte's page: an access that crosses pages never matches, its entry would be another.
    if ((Write ? entry.write_page : entry.read_page) != (address + bytes - 1) >> kPageShift) return false;
    address += entry.offset;
    return true;
}

struct Fast {
    template <class T, u8 FaultVector = vector::GP>
    TP_INLINE static bool load(State& s, const Insn* i, unsigned n, u64 address, T& value) {
        if (address >= s.plain_end) [[unlikely]] {
            if (!find_page<false>(s, address, sizeof(T))) return false;
        }
        s.slot[i->slot + n] = address;
        std::memcpy(&value, s.memory + address, sizeof(T));
        return true;
    }
    template <class T, u8 FaultVector = vector::GP>
    TP_INLINE static bool store(State& s, const Insn* i, unsigned n, u64 address, T value) {
        if (address >= s.plain_end) [[unlikely]] {
            if (!find_page<true>(s, address, sizeof(T))) return false;
        }
        if (s.code_map[address >> kPageShift] != 0) [[unlikely]] {
            return false;
        }
        s.slot[i->slot + n] = address;
        std::memcpy(s.memory + address, &value, sizeof(T));
        return true;
    }
    template <class T, u8 FaultVector>
    TP_INLINE static bool check_store(State& s, const Insn*, u64 address) {
        return address < s.plain_end || find_page<true>(s, address, sizeof(T));
    }
};

struct Slow {
    template <class T, u8 FaultVector = vector::GP>
    static bool load(State& s, const Insn* i, unsigned n, u64 address, T& value) {
        s.services->read(i, address, &value, sizeof(T), FaultVector, i->slot + n);
        return true;
    }
    template <class T, u8 FaultVector = vector::GP>
    static bool store(State& s, const Insn* i, unsigned n, u64 address, T value) {
        s.services->write(i, address, &value, sizeof(T), FaultVector, i->slot + n);
        return true;
    }
    /// No store, but the fault that one would be.
    template <class T, u8 FaultVector>
    static bool check_store(State& s, const Insn* i, u64 address) {
        s.services->check_write(i, address, sizeof(T), FaultVector);
        return true;
    }
};

TP_INLINE const Insn* next(State& s, const Insn* i) { return i[1].run(s, i + 1); }

/// Ends the block behind `i`.
inline const Insn* stop_behind(State& s, const Insn* i) {
    s.rip = s.block_rip + i->end;
    return i;
}

template <class Body>
[[gnu::noinline, gnu::cold]] const Insn* slow_step(State& s, const Insn* i) {
    Body::template run<Slow>(s, i);
    return s.leave ? stop_behind(s, i) : next(s, i);
}

/// An instruction that may access memory.
template <class Body>
const Insn* step(State& s, const Insn* i) {
    if (!Body::template run<Fast>(s, i)) [[unlikely]] {
        return slow_step<Body>(s, i);
    }
    return next(s, i);
}

/// An instruction that only works on registers.
template <class Body>
const Insn* plain_step(State& s, const Insn* i) {
    Body::template run<Fast>(s, i);
    return next(s, i);
}

template <class Body>
[[gnu::noinline, gnu::cold]] const Insn* slow_branch(State& s, const Insn* i) {
    Body::template run<Slow>(s, i);
    return i;
}

/// An instruction that accesses memory and sets RIP: the end of a block.
template <class Body>
const Insn* branch(State& s, const Insn* i) {
    if (!Body::template run<Fast>(s, i)) [[unlikely]] {
        return slow_branch<Body>(s, i);
    }
    return i;
}

/// An offset behind the base of segment `number`; 0: of none that has a base. AMD's processors want the offset itself
/// to be canonical, too (measured on family 26): one that is not stays what it is, for the access to fault.
TP_INLINE u64 linear_address(const State& s, u64 number, u64 offset) {
    if (number == 0) return offset;
    if (!is_canonical(offset) && s.services->identity().maker == Maker::amd) [[unlikely]] {
        return offset;
    }
    return offset + (number == kFs ? s.sys.fs_base : s.sys.gs_base);
}

TP_INLINE u64 effective_address(const State& s, const Insn* i) {
    return s.r[i->base] + (s.r[i->index] << i->scale) + i->disp;
}

template <class T>
TP_INLINE T get(const State& s, unsigned number) {
    if constexpr (sizeof(T) == 1) {
        u8 value;
        std::memcpy(&value, reinterpret_cast<const u8*>(s.r.data()) + number, 1);
        return value;
    } else {
        return static_cast<T>(s.r[number]);
    }
}

/// 32-bit results clear the upper half, 16- and 8-bit ones leave the rest (SDM volume 1, 3.4.1.1).
template <class T>
TP_INLINE void put(State& s, unsigned number, T value) {
    if constexpr (sizeof(T) >= 4) {
        s.r[number] = value;
    } else if constexpr (sizeof(T) == 2) {
        s.r[number] = (s.r[number] & ~u64{0xFFFF}) | value;
    } else {
        // A whole-register write: a later wide read then needs no merge in the host's store buffer.
        u64& whole = s.r[number >> 3];
        const unsigned shift = (number & 7) * 8;
        whole = (whole & ~(u64{0xFF} << shift)) | (static_cast<u64>(value) << shift);
    }
}

enum class Kind { reg, imm, mem };

template <class Access, class T, Kind K>
TP_INLINE bool read_source(State& s, const Insn* i, T& value) {
    if constexpr (K == Kind::reg) {
        value = get<T>(s, i->src);
    } else if constexpr (K == Kind::imm) {
        value = static_cast<T>(i->imm);
    } else {
        return Access::load(s, i, 0, effective_address(s, i), value);
    }
    return true;
}

template <class Access, class T, Kind K>
TP_INLINE bool read_target(State& s, const Insn* i, T& value) {
    if constexpr (K == Kind::reg) {
        value = get<T>(s, i->dst);
        return true;
    } else {
        return Access::load(s, i, 0, effective_address(s, i), value);
    }
}

/// `n`: which of the instruction's memory accesses this is; a read-modify-write's store is number 1.
template <class Access, class T, Kind K>
TP_INLINE bool write_target(State& s, const Insn* i, T value, unsigned n = 1) {
    if constexpr (K == Kind::reg) {
        put<T>(s, i->dst, value);
        return true;
    } else {
        return Access::store(s, i, n, effective_address(s, i), value);
    }
}

template <class Body, bool Memory>
constexpr Handler handler_of() {
    return Memory ? &step<Body> : &plain_step<Body>;
}

/// `of(T{})` for the operand size of `1 << size` bytes, 16 bits or more; nullptr: no such size.
template <class Of>
Handler by_wide_size(unsigned size, Of of) {
    return size == 1 ? of(u16{}) : size == 2 ? of(u32{}) : size == 3 ? of(u64{}) : nullptr;
}

/// The same with 8 bits.
template <class Of>
Handler by_size(unsigned size, Of of) {
    return size == 0 ? of(u8{}) : by_wide_size(size, of);
}

/// The same for the stack, which takes 64 and 16 bits.
template <class Of>
Handler by_stack_size(unsigned size, Of of) {
    return size == 3 ? of(u64{}) : size == 1 ? of(u16{}) : nullptr;
}

/// The handler of `Body<T, target, source>` for an operand size of `1 << size` bytes; nullptr: no such form.
template <template <class, Kind, Kind> class Body>
Handler pick(unsigned size, Kind target, Kind source) {
    const auto of = [&]<class T>(T) -> Handler {
        if (target == Kind::reg && source == Kind::reg) return &plain_step<Body<T, Kind::reg, Kind::reg>>;
        if (target == Kind::reg && source == Kind::imm) return &plain_step<Body<T, Kind::reg, Kind::imm>>;
        if (target == Kind::reg && source == Kind::mem) return &step<Body<T, Kind::reg, Kind::mem>>;
        if (target == Kind::mem && source == Kind::reg) return &step<Body<T, Kind::mem, Kind::reg>>;
        if (target == Kind::mem && source == Kind::imm) return &step<Body<T, Kind::mem, Kind::imm>>;
        return nullptr;
    };
    return by_size(size, of);
}

/// The same for a single operand.
template <template <class, Kind> class Body>
Handler pick(unsigned size, Kind operand) {
    const auto of = [&]<class T>(T) -> Handler {
        if (operand == Kind::reg) return &plain_step<Body<T, Kind::reg>>;
        if (operand == Kind::mem) return &step<Body<T, Kind::mem>>;
        return nullptr;
    };
    return by_size(size, of);
}

/// The same for sizes of 16 bits and more and a register target: `Body<T, source>`.
template <template <class, Kind> class Body>
Handler pick_wide(unsigned size, Kind source) {
    return size == 0 ? nullptr : pick<Body>(size, source);
}

}  // namespace turnpike::cpu
