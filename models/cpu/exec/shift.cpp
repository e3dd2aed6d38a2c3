// SPDX-License-Identifier: Apache-2.0
// Shifts and rotates. A count of 0 leaves the flags alone; OF is defined for a count of 1 only and otherwise follows
// the same formula.
#include "models/cpu/exec/handlers.h"

namespace turnpike::cpu {
namespace {

template <class T>
TP_INLINE bool top(T value) {
    return (value >> (kBits<T> - 1)) != 0;
}

struct ShiftFlags {
    bool cf;
    bool of;
};

template <Shift Op, class T>
TP_INLINE T shift_bits(T a, unsigned count, ShiftFlags& flags) {
    const u64 wide = a;
    T r;
    if constexpr (Op == Shift::shl) {
        r = static_cast<T>(wide << count);
        flags.cf = count <= kBits<T> && ((wide >> (kBits<T> - count)) & 1) != 0;
        flags.of = top(r) != flags.cf;
    } else if constexpr (Op == Shift::shr) {
        r = static_cast<T>(wide >> count);
        flags.cf = ((wide >> (count - 1)) & 1) != 0;
        flags.of = top(a);
    } else {
        const i64 value = static_cast<i64>(sign_extend(a));
        r = static_cast<T>(value >> count);
        flags.cf = ((value >> (count - 1)) & 1) != 0;
        flags.of = false;
    }
    return r;
}

template <class T>
TP_INLINE T rotate_left(T a, unsigned count) {
    const unsigned by = count & (kBits<T> - 1);
    return by == 0 ? a : static_cast<T>((a << by) | (a >> (kBits<T> - by)));
}

/// Rotation through the carry: kBits + 1 bits wide.
template <Shift Op, class T>
T rotate_carry(T a, unsigned count, bool carry, ShiftFlags& flags) {
    for (unsigned n = count % (kBits<T> + 1); n > 0; --n) {
        const bool out = Op == Shift::rcl ? top(a) : (a & 1) != 0;
        a = Op == Shift::rcl ? static_cast<T>((a << 1) | (carry ? 1 : 0))
                             : static_cast<T>((a >> 1) | (static_cast<T>(carry) << (kBits<T> - 1)));
        carry = out;
    }
    flags.cf = carry;
    flags.of = Op == Shift::rcl ? top(a) != carry : top(a) != top(static_cast<T>(a << 1));
    return a;
}

template <Shift Op, class T>
TP_INLINE T shift_value(const Flags& now, T a, unsigned count, ShiftFlags& flags) {
    if constexpr (Op == Shift::rol) {
        const T r = rotate_left(a, count);
        flags = {(r & 1) != 0, top(r) != ((r & 1) != 0)};
        return r;
    } else if constexpr (Op == Shift::ror) {
        const T r = rotate_left(a, kBits<T> - (count & (kBits<T> - 1)));
        flags = {top(r), top(r) != top(static_cast<T>(r << 1))};
        return r;
    } else if constexpr (Op == Shift::rcl || Op == Shift::rcr) {
        return rotate_carry<Op, T>(a, count, now.cf(), flags);
    } else {
        return shift_bits<Op, T>(a, count, flags);
    }
}

template <class T>
TP_INLINE unsigned shift_count(const State& s, const Insn* i, bool by_cl) {
    return static_cast<unsigned>(by_cl ? s.r[1] : i->imm) & (sizeof(T) == 8 ? 63U : 31U);
}

template <Shift Op, bool ByCl>
struct ShiftBy {
    template <class T, Kind Target>
    struct Body {
        template <class Access>
        TP_INLINE static bool run(State& s, const Insn* i) {
            T a;
            if (!read_target<Access, T, Target>(s, i, a)) return false;
            const unsigned count = shift_count<T>(s, i, ByCl);
            if (count == 0) return write_target<Access, T, Target>(s, i, a);
            ShiftFlags flags{};
            const T r = shift_value<Op, T>(s.flags, a, count, flags);
            if (!write_target<Access, T, Target>(s, i, r)) return false;
            if constexpr (Op == Shift::shl || Op == Shift::shr || Op == Shift::sar) {
                s.flags.result(r);
                s.flags.set_carries(flags.cf, flags.of, false);
            } else {
                s.flags.set_carries(flags.cf, flags.of, s.flags.af());
            }
            return true;
        }
    };
};

template <bool Left, bool ByCl>
struct DoubleShift {
    template <class T, Kind Target>
    struct Body {
        template <class Access>
        TP_INLINE static bool run(State& s, const Insn* i) {
            T a;
            if (!read_target<Access, T, Target>(s, i, a)) return false;
            const unsigned count = shift_count<T>(s, i, ByCl);
            if (count == 0) return write_target<Access, T, Target>(s, i, a);
            using Wide = unsigned __int128;
            const T b = get<T>(s, i->src);
            const Wide both = Left ? (Wide{a} << kBits<T>) | b : (Wide{b} << kBits<T>) | a;
            T r = static_cast<T>(Left ? (both << count) >> kBits<T> : both >> count);
            // Undefined beyond the operand's size: behind the source Intel's processors shift the target in again,
            // AMD's the source.
            if (sizeof(T) == 2 && count > kBits<T>) {
                const T again = s.services->identity().maker == Maker::amd ? b : a;
                r = static_cast<T>(r | (Left ? again >> (2 * kBits<T> - count) : again << (2 * kBits<T> - count)));
            }
            const unsigned out = Left ? 2 * kBits<T> - count : count - 1;
            const bool cf = ((both >> out) & 1) != 0;
            if (!write_target<Access, T, Target>(s, i, r)) return false;
            s.flags.result(r);
            s.flags.set_carries(cf, top(a) != top(r), false);
            return true;
        }
    };
};

template <Shift Op>
Handler shift_of(unsigned size, Kind target, bool by_cl) {
    return by_cl ? pick<ShiftBy<Op, true>::template Body>(size, target)
                 : pick<ShiftBy<Op, false>::template Body>(size, target);
}

}  // namespace

Handler shift_handler(Shift op, unsigned size, Kind target, bool by_cl) {
    switch (op) {
        case Shift::rol:
            return shift_of<Shift::rol>(size, target, by_cl);
        case Shift::ror:
            return shift_of<Shift::ror>(size, target, by_cl);
        case Shift::rcl:
            return shift_of<Shift::rcl>(size, target, by_cl);
        case Shift::rcr:
            return shift_of<Shift::rcr>(size, target, by_cl);
        case Shift::shl:
            return shift_of<Shift::shl>(size, target, by_cl);
        case Shift::shr:
            return shift_of<Shift::shr>(size, target, by_cl);
        case Shift::sar:
            return shift_of<Shift::sar>(size, target, by_cl);
    }
    return nullptr;
}

Handler double_shift_handler(bool left, unsigned size, Kind target, bool by_cl) {
    if (size == 0) return nullptr;
    if (left) {
        return by_cl ? pick<DoubleShift<true, true>::Body>(size, target)
                     : pick<DoubleShift<true, false>::Body>(size, target);
    }
    return by_cl ? pick<DoubleShift<false, true>::Body>(size, target)
                 : pick<DoubleShift<false, false>::Body>(size, target);
}

}  // namespace turnpike::cpu
