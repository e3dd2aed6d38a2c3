// SPDX-License-Identifier: Apache-2.0
// Multiplication and division. SF, ZF, AF and PF are undefined after a multiplication (here: of the low half, AF 0),
// all flags after a division (here: unchanged).
#include "models/cpu/exec/handlers.h"

namespace turnpike::cpu {
namespace {

using Wide = unsigned __int128;
using SignedWide = __int128;

template <class T>
TP_INLINE void put_pair(State& s, Wide value) {
    if constexpr (sizeof(T) == 1) {
        put<u16>(s, 0, static_cast<u16>(value));  // AX
    } else {
        put<T>(s, 0, static_cast<T>(value));
        put<T>(s, 2, static_cast<T>(value >> kBits<T>));
    }
}

template <class T>
TP_INLINE Wide get_pair(const State& s) {
    if constexpr (sizeof(T) == 1) {
        return get<u16>(s, 0);
    } else {
        return (Wide{get<T>(s, 2)} << kBits<T>) | get<T>(s, 0);
    }
}

template <class T>
TP_INLINE SignedWide wide_signed(T value) {
    return static_cast<i64>(sign_extend(value));
}

template <class T, Kind Source>
struct Mul {
    template <class Access>
    TP_INLINE static bool run(State& s, const Insn* i) {
        T b;
        if (!read_source<Access, T, Source>(s, i, b)) return false;
        const Wide product = Wide{get<T>(s, 0)} * b;
        put_pair<T>(s, product);
        const bool high = (product >> kBits<T>) != 0;
        s.flags.result(static_cast<T>(product));
        s.flags.set_carries(high, high, false);
        return true;
    }
};

template <class T, Kind Source>
struct Imul {
    template <class Access>
    TP_INLINE static bool run(State& s, const Insn* i) {
        T b;
        if (!read_source<Access, T, Source>(s, i, b)) return false;
        const SignedWide product = wide_signed(get<T>(s, 0)) * wide_signed(b);
        put_pair<T>(s, static_cast<Wide>(product));
        const bool high = product != wide_signed(static_cast<T>(product));
        s.flags.result(static_cast<T>(product));
        s.flags.set_carries(high, high, false);
        return true;
    }
};

template <class T>
TP_INLINE void put_quotient(State& s, T quotient, T remainder) {
    if constexpr (sizeof(T) == 1) {
        put<u16>(s, 0, static_cast<u16>((remainder << 8) | quotient));
    } else {
        put<T>(s, 0, quotient);
        put<T>(s, 2, remainder);
    }
}

/// For the timing model: how long a division takes depends on its quotient.
TP_INLINE void note_quotient(State& s, Wide quotient) {
    const u64 high = static_cast<u64>(quotient >> 64);
    const unsigned bits = high != 0 ? 64U : static_cast<unsigned>(std::bit_width(static_cast<u64>(quotient)));
    s.quotient_bits[s.divisions] = static_cast<u8>(bits);
    s.divisions = static_cast<u8>((s.divisions + 1U) % kMaxBlockInsns);
}

template <class T, Kind Source>
struct Div {
    template <class Access>
    TP_INLINE static bool run(State& s, const Insn* i) {
        T b;
        if (!read_source<Access, T, Source>(s, i, b)) return false;
        const Wide a = get_pair<T>(s);
        if (b == 0 || (a >> kBits<T>) >= b) throw Fault{vector::DE, i};
        if (static_cast<u64>(a >> 64) == 0) {
            const u64 low = static_cast<u64>(a);
            note_quotient(s, low / b);
            put_quotient<T>(s, static_cast<T>(low / b), static_cast<T>(low % b));
        } else {
            note_quotient(s, a / b);
            put_quotient<T>(s, static_cast<T>(a / b), static_cast<T>(a % b));
        }
        return true;
    }
};

template <class T, Kind Source>
struct Idiv {
    template <class Access>
    TP_INLINE static bool run(State& s, const Insn* i) {
        T b;
        if (!read_source<Access, T, Source>(s, i, b)) return false;
        if (b == 0) throw Fault{vector::DE, i};
        // By magnitudes, which have no overflow of their own.
        const Wide pair = get_pair<T>(s);
        constexpr unsigned kPairBits = 2 * kBits<T>;
        const bool a_negative = ((pair >> (kPairBits - 1)) & 1) != 0;
        const bool b_negative = (b >> (kBits<T> - 1)) != 0;
        constexpr Wide kMask = kPairBits == 128 ? ~Wide{0} : (Wide{1} << (kPairBits % 128)) - 1;
        const Wide a = a_negative ? (Wide{0} - pair) & kMask : pair;
        const T divisor = b_negative ? static_cast<T>(T{0} - b) : b;
        const Wide quotient = a / divisor;
        const T remainder = static_cast<T>(a % divisor);
        const bool negative = a_negative != b_negative;
        const Wide most = (Wide{1} << (kBits<T> - 1)) - (negative ? 0 : 1);
        if (quotient > most) throw Fault{vector::DE, i};
        note_quotient(s, quotient);
        const T low = static_cast<T>(quotient);
        put_quotient<T>(s, negative ? static_cast<T>(T{0} - low) : low,
                        a_negative ? static_cast<T>(T{0} - remainder) : remainder);
        return true;
    }
};

/// IMUL with a register target; `Immediate`: times an immediate instead of the target.
template <bool Immediate>
struct ImulTo {
    template <class T, Kind Source>
    struct Body {
        template <class Access>
        TP_INLINE static bool run(State& s, const Insn* i) {
            T b;
            if (!read_source<Access, T, Source>(s, i, b)) return false;
            const T a = Immediate ? static_cast<T>(i->imm) : get<T>(s, i->dst);
            const SignedWide product = wide_signed(a) * wide_signed(b);
            const T r = static_cast<T>(product);
            const bool high = product != wide_signed(r);
            put<T>(s, i->dst, r);
            s.flags.result(r);
            s.flags.set_carries(high, high, false);
            return true;
        }
    };
};

}  // namespace

Handler widening_handler(Widening op, unsigned size, Kind source) {
    switch (op) {
        case Widening::mul:
            return pick<Mul>(size, source);
        case Widening::imul:
            return pick<Imul>(size, source);
        case Widening::div:
            return pick<Div>(size, source);
        case Widening::idiv:
            return pick<Idiv>(size, source);
    }
    return nullptr;
}

Handler imul_handler(unsigned size, Kind source, bool immediate) {
    return immediate ? pick_wide<ImulTo<true>::Body>(size, source) : pick_wide<ImulTo<false>::Body>(size, source);
}

}  // namespace turnpike::cpu
