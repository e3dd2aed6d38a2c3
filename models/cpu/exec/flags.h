// SPDX-License-Identifier: Apache-2.0
// The arithmetic flags (Intel SDM volume 1, 3.4.3.1), kept as the values they follow from and worked out only when an
// instruction asks.
#pragma once
#include <cstdint>
#include <type_traits>

namespace turnpike::cpu {

using u8 = std::uint8_t;
using u16 = std::uint16_t;
using u32 = std::uint32_t;
using u64 = std::uint64_t;
using i64 = std::int64_t;

/// Bits of RFLAGS.
namespace rflag {
inline constexpr u64 CF = 1U << 0, ONE = 1U << 1, PF = 1U << 2, AF = 1U << 4, ZF = 1U << 6, SF = 1U << 7, TF = 1U << 8,
                     IF = 1U << 9, DF = 1U << 10, OF = 1U << 11, IOPL = 3U << 12, NT = 1U << 14, RF = 1U << 16,
                     AC = 1U << 18, ID = 1U << 21;
inline constexpr u64 STATUS = CF | PF | AF | ZF | SF | OF;
}  // namespace rflag

template <class T>
inline constexpr unsigned kBits = 8 * sizeof(T);

template <class T>
constexpr u64 sign_extend(T value) {
    return static_cast<u64>(static_cast<i64>(static_cast<std::make_signed_t<T>>(value)));
}

/// Carry out of each bit of a + b (+ carry) = r.
template <class T>
constexpr T carries_of_sum(T a, T b, T r) {
    return static_cast<T>((a & b) | ((a | b) & ~r));
}
/// Borrow out of each bit of a - b (- borrow) = r.
template <class T>
constexpr T borrows_of_difference(T a, T b, T r) {
    return static_cast<T>((~a & b) | ((~a | b) & r));
}

struct Flags {
    u64 zero = 1;   ///< ZF: this is 0
    u64 sign = 0;   ///< SF: bit 63; PF: even number of ones in bits 7..0
    u64 carry = 0;  ///< CF: bit 63; OF: bit 63 differs from bit 62; AF: bit 3

    bool cf() const { return (carry >> 63) != 0; }
    bool of() const { return ((carry ^ (carry << 1)) >> 63) != 0; }
    bool zf() const { return zero == 0; }
    bool sf() const { return (sign >> 63) != 0; }
    bool pf() const { return !__builtin_parity(static_cast<unsigned>(sign & 0xFF)); }
    bool af() const { return (carry & 8) != 0; }

    /// Result of an instruction that clears CF and OF.
    template <class T>
    void logic(T result) {
        zero = sign = sign_extend(result);
        carry = 0;
    }
    /// `carries`: the carry (borrow) out of each bit position.
    template <class T>
    void arithmetic(T result, T carries) {
        zero = sign = sign_extend(result);
        carry = spread(carries);
    }
    template <class T>
    void result(T value) {
        zero = sign = sign_extend(value);
    }
    void set_carries(bool cf_bit, bool of_bit, bool af_bit) {
        carry = (static_cast<u64>(cf_bit) << 63) | (static_cast<u64>(cf_bit != of_bit) << 62) |
                (static_cast<u64>(af_bit) << 3);
    }
    void set_cf(bool cf_bit) { set_carries(cf_bit, of(), af()); }
    void set_zf(bool zf_bit) {
        // The sign must not move with ZF, so only `zero` changes.
        zero = zf_bit ? 0 : 1;
    }

    u64 bits() const {
        return (cf() ? rflag::CF : 0) | (pf() ? rflag::PF : 0) | (af() ? rflag::AF : 0) | (zf() ? rflag::ZF : 0) |
               (sf() ? rflag::SF : 0) | (of() ? rflag::OF : 0);
    }
    void set_bits(u64 value) {
        zero = (value & rflag::ZF) ? 0 : 1;
        sign = ((value & rflag::SF) ? u64{1} << 63 : 0) | ((value & rflag::PF) ? 0 : 1);
        set_carries((value & rflag::CF) != 0, (value & rflag::OF) != 0, (value & rflag::AF) != 0);
    }

    template <class T>
    static u64 spread(T carries) {
        if constexpr (sizeof(T) == 8) {
            return carries;
        } else {
            return (static_cast<u64>(carries) << (64 - kBits<T>)) | carries;
        }
    }
};

/// The sixteen conditions by their encoding (SDM volume 2, B.1.4.7).
template <unsigned Code>
bool condition(const Flags& flags) {
    constexpr unsigned kind = Code >> 1;
    bool value = false;
    if constexpr (kind == 0) value = flags.of();
    if constexpr (kind == 1) value = flags.cf();
    if constexpr (kind == 2) value = flags.zf();
    if constexpr (kind == 3) value = flags.cf() || flags.zf();
    if constexpr (kind == 4) value = flags.sf();
    if constexpr (kind == 5) value = flags.pf();
    if constexpr (kind == 6) value = flags.sf() != flags.of();
    if constexpr (kind == 7) value = flags.zf() || flags.sf() != flags.of();
    return value != ((Code & 1) != 0);
}

}  // namespace turnpike::cpu
