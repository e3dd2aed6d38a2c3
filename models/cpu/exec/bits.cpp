// SPDX-License-Identifier: Apache-2.0
// Bit tests, bit counts, BMI1/BMI2, ADX and CRC32.
#include "models/cpu/exec/handlers.h"

namespace turnpike::cpu {
namespace {

/// From the operand to the one of the bit string that has bit `number`, in bytes (SDM volume 2, BT).
template <class T>
TP_INLINE u64 distance_of(T number) {
    const i64 units = static_cast<i64>(sign_extend(number)) >> std::countr_zero(kBits<T>);
    return static_cast<u64>(units) * sizeof(T);
}

/// The address of a bit string's operand: with prefix 67 cut to 32 bits as a whole, then the segment's base.
template <class T, bool Only32>
struct BitAddress {
    template <class Access>
    static bool run(State& s, const Insn* i) {
        u64 address = effective_address(s, i) + distance_of<T>(get<T>(s, i->src));
        if constexpr (Only32) address = static_cast<u32>(address);
        s.r[kAddressRegister] = linear_address(s, i->imm, address);
        return true;
    }
};

template <Bit Op, bool Placed = false>
struct BitTest {
    template <class T, Kind Target, Kind Source>
    struct Body {
        template <class Access>
        TP_INLINE static bool run(State& s, const Insn* i) {
            const T number = Source == Kind::reg ? get<T>(s, i->src) : static_cast<T>(i->imm);
            const unsigned bit = static_cast<unsigned>(number & (kBits<T> - 1));
            u64 address = 0;
            T a;
            if constexpr (Target == Kind::mem) {
                address = effective_address(s, i);
                if constexpr (Source == Kind::reg && !Placed) address += distance_of(number);
                if (!Access::load(s, i, 0, address, a)) return false;
            } else {
                a = get<T>(s, i->dst);
            }
            const T mask = static_cast<T>(T{1} << bit);
            T r = a;
            if constexpr (Op == Bit::bts) r = static_cast<T>(a | mask);
            if constexpr (Op == Bit::btr) r = static_cast<T>(a & ~mask);
            if constexpr (Op == Bit::btc) r = static_cast<T>(a ^ mask);
            if constexpr (Op != Bit::bt) {
                if constexpr (Target == Kind::mem) {
                    if (!Access::store(s, i, 1, address, r)) return false;
                } else {
                    put<T>(s, i->dst, r);
                }
            }
            s.flags.set_cf((a & mask) != 0);
            return true;
        }
    };
};

template <Count Op>
struct Counting {
    template <class T, Kind Source>
    struct Body {
        template <class Access>
        TP_INLINE static bool run(State& s, const Insn* i) {
            T a;
            if (!read_source<Access, T, Source>(s, i, a)) return false;
            if constexpr (Op == Count::bsf || Op == Count::bsr) {
                // A source of 0 leaves the target as it is, as every processor does.
                if (a != 0) {
                    put<T>(s, i->dst, static_cast<T>(Op == Count::bsf ? std::countr_zero(a) : std::bit_width(a) - 1));
                }
                s.flags.set_zf(a == 0);
            } else if constexpr (Op == Count::popcnt) {
                put<T>(s, i->dst, static_cast<T>(std::popcount(a)));
                s.flags.set_bits(a == 0 ? rflag::ZF : 0);
            } else {
                const T r = static_cast<T>(Op == Count::tzcnt ? std::countr_zero(a) : std::countl_zero(a));
                put<T>(s, i->dst, r);
                s.flags.set_bits((a == 0 ? rflag::CF : 0) | (r == 0 ? rflag::ZF : 0));
            }
            return true;
        }
    };
};

template <class T>
T deposit(T source, T mask) {
    T r = 0;
    for (T rest = mask; rest != 0; rest = static_cast<T>(rest & (rest - 1)), source = static_cast<T>(source >> 1)) {
        if ((source & 1) != 0) r = static_cast<T>(r | (rest & (T{0} - rest)));
    }
    return r;
}

template <class T>
T extract(T source, T mask) {
    T r = 0;
    unsigned at = 0;
    for (T rest = mask; rest != 0; rest = static_cast<T>(rest & (rest - 1)), ++at) {
        if ((source & rest & (T{0} - rest)) != 0) r = static_cast<T>(r | (T{1} << at));
    }
    return r;
}

template <class T>
TP_INLINE T low_bits(T value, unsigned count) {
    return count >= kBits<T> ? value : static_cast<T>(value & ((T{1} << count) - 1));
}

/// `b` is the operand that may be memory, `c` the third register (its number is in `imm`) or the immediate.
template <Bmi Op>
struct BmiOp {
    template <class T, Kind Source>
    struct Body {
        template <class Access>
        TP_INLINE static bool run(State& s, const Insn* i) {
            T b;
            if (!read_source<Access, T, Source>(s, i, b)) return false;
            const T c = Op == Bmi::rorx || Op == Bmi::blsi || Op == Bmi::blsr || Op == Bmi::blsmsk
                            ? static_cast<T>(i->imm)
                            : get<T>(s, static_cast<unsigned>(i->imm));
            if constexpr (Op == Bmi::mulx) {
                const unsigned __int128 product = static_cast<unsigned __int128>(get<T>(s, 2)) * b;
                put<T>(s, static_cast<unsigned>(i->imm), static_cast<T>(product));
                put<T>(s, i->dst, static_cast<T>(product >> kBits<T>));
            } else {
                put<T>(s, i->dst, compute(s.flags, b, c));
            }
            return true;
        }

        TP_INLINE static T compute(Flags& flags, T b, T c) {
            const unsigned count = static_cast<unsigned>(c & (kBits<T> - 1));
            T r = 0;
            if constexpr (Op == Bmi::pdep) return deposit(c, b);
            if constexpr (Op == Bmi::pext) return extract(c, b);
            if constexpr (Op == Bmi::rorx) return std::rotr(b, static_cast<int>(count));
            if constexpr (Op == Bmi::sarx) return static_cast<T>(static_cast<i64>(sign_extend(b)) >> count);
            if constexpr (Op == Bmi::shlx) return static_cast<T>(b << count);
            if constexpr (Op == Bmi::shrx) return static_cast<T>(b >> count);
            if constexpr (Op == Bmi::andn) r = static_cast<T>(~c & b);
            if constexpr (Op == Bmi::bextr) r = bit_field(b, c);
            if constexpr (Op == Bmi::bzhi) r = low_bits(b, static_cast<unsigned>(c & 0xFF));
            if constexpr (Op == Bmi::blsi) r = static_cast<T>(b & (T{0} - b));
            if constexpr (Op == Bmi::blsr) r = static_cast<T>(b & (b - 1));
            if constexpr (Op == Bmi::blsmsk) r = static_cast<T>(b ^ (b - 1));
            flags.result(r);
            bool cf = false;
            if constexpr (Op == Bmi::bzhi) cf = (c & 0xFF) >= kBits<T>;
            if constexpr (Op == Bmi::blsi) cf = b != 0;
            if constexpr (Op == Bmi::blsr || Op == Bmi::blsmsk) cf = b == 0;
            flags.set_carries(cf, false, false);
            return r;
        }

        static T bit_field(T value, T control) {
            const unsigned start = static_cast<unsigned>(control & 0xFF);
            const unsigned length = static_cast<unsigned>((control >> 8) & 0xFF);
            return start >= kBits<T> ? T{0} : low_bits(static_cast<T>(value >> start), length);
        }
    };
};

template <bool Overflow>
struct AddWithFlag {
    template <class T, Kind Source>
    struct Body {
        template <class Access>
        TP_INLINE static bool run(State& s, const Insn* i) {
            T b;
            if (!read_source<Access, T, Source>(s, i, b)) return false;
            Flags& f = s.flags;
            const unsigned __int128 sum =
                static_cast<unsigned __int128>(get<T>(s, i->dst)) + b + ((Overflow ? f.of() : f.cf()) ? 1U : 0U);
            const bool out = (sum >> kBits<T>) != 0;
            put<T>(s, i->dst, static_cast<T>(sum));
            f.set_carries(Overflow ? f.cf() : out, Overflow ? out : f.of(), f.af());
            return true;
        }
    };
};

/// CRC-32C, polynomial 0x11EDC6F41, least significant bit first (SDM volume 2, CRC32).
u32 crc32c(u32 crc, u64 data, unsigned bytes) {
    for (unsigned n = 0; n < bytes; ++n) {
        crc ^= static_cast<u32>((data >> (8 * n)) & 0xFF);
        for (unsigned bit = 0; bit < 8; ++bit) crc = (crc >> 1) ^ ((crc & 1) != 0 ? 0x82F63B78U : 0U);
    }
    return crc;
}

template <class T, Kind Source>
struct Crc32 {
    template <class Access>
    TP_INLINE static bool run(State& s, const Insn* i) {
        T b;
        if (!read_source<Access, T, Source>(s, i, b)) return false;
        put<u32>(s, i->dst, crc32c(get<u32>(s, i->dst), b, sizeof(T)));
        return true;
    }
};

template <template <class, Kind> class Body>
Handler pick_dword(unsigned size, Kind source) {
    if (size < 2) return nullptr;
    return pick<Body>(size, source);
}

}  // namespace

Handler bit_handler(Bit op, unsigned size, Kind target, Kind source) {
    if (size == 0) return nullptr;
    switch (op) {
        case Bit::bt:
            return pick<BitTest<Bit::bt>::Body>(size, target, source);
        case Bit::bts:
            return pick<BitTest<Bit::bts>::Body>(size, target, source);
        case Bit::btr:
            return pick<BitTest<Bit::btr>::Body>(size, target, source);
        case Bit::btc:
            return pick<BitTest<Bit::btc>::Body>(size, target, source);
    }
    return nullptr;
}

Handler bit_address_handler(unsigned size, bool only32) {
    return by_wide_size(size, [&]<class T>(T) -> Handler {
        return only32 ? &plain_step<BitAddress<T, true>> : &plain_step<BitAddress<T, false>>;
    });
}

Handler placed_bit_handler(Bit op, unsigned size) {
    const auto of = [&]<Bit Op>() -> Handler {
        return size == 1   ? &step<typename BitTest<Op, true>::template Body<u16, Kind::mem, Kind::reg>>
               : size == 2 ? &step<typename BitTest<Op, true>::template Body<u32, Kind::mem, Kind::reg>>
                           : &step<typename BitTest<Op, true>::template Body<u64, Kind::mem, Kind::reg>>;
    };
    switch (op) {
        case Bit::bt:
            return of.template operator()<Bit::bt>();
        case Bit::bts:
            return of.template operator()<Bit::bts>();
        case Bit::btr:
            return of.template operator()<Bit::btr>();
        case Bit::btc:
            return of.template operator()<Bit::btc>();
    }
    return nullptr;
}

Handler count_handler(Count op, unsigned size, Kind source) {
    switch (op) {
        case Count::bsf:
            return pick_wide<Counting<Count::bsf>::Body>(size, source);
        case Count::bsr:
            return pick_wide<Counting<Count::bsr>::Body>(size, source);
        case Count::tzcnt:
            return pick_wide<Counting<Count::tzcnt>::Body>(size, source);
        case Count::lzcnt:
            return pick_wide<Counting<Count::lzcnt>::Body>(size, source);
        case Count::popcnt:
            return pick_wide<Counting<Count::popcnt>::Body>(size, source);
    }
    return nullptr;
}

Handler bmi_handler(Bmi op, unsigned size, Kind source) {
    switch (op) {
        case Bmi::andn:
            return pick_dword<BmiOp<Bmi::andn>::Body>(size, source);
        case Bmi::bextr:
            return pick_dword<BmiOp<Bmi::bextr>::Body>(size, source);
        case Bmi::bzhi:
            return pick_dword<BmiOp<Bmi::bzhi>::Body>(size, source);
        case Bmi::blsi:
            return pick_dword<BmiOp<Bmi::blsi>::Body>(size, source);
        case Bmi::blsr:
            return pick_dword<BmiOp<Bmi::blsr>::Body>(size, source);
        case Bmi::blsmsk:
            return pick_dword<BmiOp<Bmi::blsmsk>::Body>(size, source);
        case Bmi::mulx:
            return pick_dword<BmiOp<Bmi::mulx>::Body>(size, source);
        case Bmi::pdep:
            return pick_dword<BmiOp<Bmi::pdep>::Body>(size, source);
        case Bmi::pext:
            return pick_dword<BmiOp<Bmi::pext>::Body>(size, source);
        case Bmi::rorx:
            return pick_dword<BmiOp<Bmi::rorx>::Body>(size, source);
        case Bmi::sarx:
            return pick_dword<BmiOp<Bmi::sarx>::Body>(size, source);
        case Bmi::shlx:
            return pick_dword<BmiOp<Bmi::shlx>::Body>(size, source);
        case Bmi::shrx:
            return pick_dword<BmiOp<Bmi::shrx>::Body>(size, source);
    }
    return nullptr;
}

Handler adx_handler(bool overflow, unsigned size, Kind source) {
    return overflow ? pick_dword<AddWithFlag<true>::Body>(size, source)
                    : pick_dword<AddWithFlag<false>::Body>(size, source);
}

Handler crc32_handler(unsigned size, Kind source) { return pick<Crc32>(size, source); }

}  // namespace turnpike::cpu
