// SPDX-License-Identifier: Apache-2.0
// Integer arithmetic and logic: ADD … TEST, INC, DEC, NEG, NOT, and the carry flag's own instructions.
#include "models/cpu/exec/handlers.h"

namespace turnpike::cpu {
namespace {

template <Alu Op, class T>
TP_INLINE T compute(const Flags& flags, T a, T b) {
    if constexpr (Op == Alu::add) return static_cast<T>(a + b);
    if constexpr (Op == Alu::adc) return static_cast<T>(a + b + (flags.cf() ? 1 : 0));
    if constexpr (Op == Alu::sub || Op == Alu::cmp) return static_cast<T>(a - b);
    if constexpr (Op == Alu::sbb) return static_cast<T>(a - b - (flags.cf() ? 1 : 0));
    if constexpr (Op == Alu::and_ || Op == Alu::test) return static_cast<T>(a & b);
    if constexpr (Op == Alu::or_) return static_cast<T>(a | b);
    if constexpr (Op == Alu::xor_) return static_cast<T>(a ^ b);
}

template <Alu Op, class T>
TP_INLINE void set_flags(Flags& flags, T a, T b, T r) {
    if constexpr (Op == Alu::add || Op == Alu::adc) {
        flags.arithmetic(r, carries_of_sum(a, b, r));
    } else if constexpr (Op == Alu::sub || Op == Alu::sbb || Op == Alu::cmp) {
        flags.arithmetic(r, borrows_of_difference(a, b, r));
    } else {
        flags.logic(r);  // AF is undefined: 0
    }
}

template <Alu Op>
struct Binary {
    template <class T, Kind Target, Kind Source>
    struct Body {
        template <class Access>
        TP_INLINE static bool run(State& s, const Insn* i) {
            T a;
            T b;
            if (!read_source<Access, T, Source>(s, i, b)) return false;
            if (!read_target<Access, T, Target>(s, i, a)) return false;
            const T r = compute<Op, T>(s.flags, a, b);
            if constexpr (Op != Alu::cmp && Op != Alu::test) {
                if (!write_target<Access, T, Target>(s, i, r)) return false;
            }
            set_flags<Op, T>(s.flags, a, b, r);
            return true;
        }
    };
};

template <class T>
TP_INLINE void keep_cf(Flags& flags, T r, bool overflow, bool adjust) {
    const bool cf = flags.cf();
    flags.result(r);
    flags.set_carries(cf, overflow, adjust);
}

template <Unary Op>
struct Single {
    template <class T, Kind Operand>
    struct Body {
        template <class Access>
        TP_INLINE static bool run(State& s, const Insn* i) {
            constexpr T kTop = static_cast<T>(T{1} << (kBits<T> - 1));
            T a;
            if (!read_target<Access, T, Operand>(s, i, a)) return false;
            T r;
            if constexpr (Op == Unary::inc) r = static_cast<T>(a + 1);
            if constexpr (Op == Unary::dec) r = static_cast<T>(a - 1);
            if constexpr (Op == Unary::neg) r = static_cast<T>(T{0} - a);
            if constexpr (Op == Unary::not_) r = static_cast<T>(~a);
            if (!write_target<Access, T, Operand>(s, i, r)) return false;
            if constexpr (Op == Unary::inc) keep_cf(s.flags, r, r == kTop, (r & 15) == 0);
            if constexpr (Op == Unary::dec) keep_cf(s.flags, r, a == kTop, (a & 15) == 0);
            if constexpr (Op == Unary::neg) s.flags.arithmetic(r, borrows_of_difference(T{0}, a, r));
            return true;
        }
    };
};

template <unsigned Op>
struct CarryFlag {
    template <class Access>
    static bool run(State& s, const Insn*) {
        s.flags.set_cf(Op == 0 ? false : Op == 1 ? true : !s.flags.cf());
        return true;
    }
};

/// Compare and conditional branch in one step: `i` compares, `i + 1` branches.
template <Alu Op, class T, Kind Target, Kind Source, unsigned Code>
const Insn* compare_and_branch(State& s, const Insn* i) {
    using Compare = typename Binary<Op>::template Body<T, Target, Source>;
    if (!Compare::template run<Fast>(s, i)) [[unlikely]] {
        return slow_step<Compare>(s, i);
    }
    s.rip = condition<Code>(s.flags) ? i[1].imm : i[1].disp;
    return i + 1;
}

template <Alu Op, class T, Kind Target, Kind Source, unsigned Code = 0>
Handler fused_with(Handler first, unsigned code) {
    if constexpr (Code == 16) {
        return nullptr;
    } else {
        if (code == Code) return &compare_and_branch<Op, T, Target, Source, Code>;
        return fused_with<Op, T, Target, Source, Code + 1>(first, code);
    }
}

template <Alu Op, class T>
Handler fused_of(Handler first, unsigned code) {
    constexpr unsigned size = sizeof(T) == 1 ? 0 : sizeof(T) == 2 ? 1 : sizeof(T) == 4 ? 2 : 3;
    const auto is = [&](Kind target, Kind source) { return first == alu_handler(Op, size, target, source); };
    if (is(Kind::reg, Kind::reg)) return fused_with<Op, T, Kind::reg, Kind::reg>(first, code);
    if (is(Kind::reg, Kind::imm)) return fused_with<Op, T, Kind::reg, Kind::imm>(first, code);
    if (is(Kind::mem, Kind::imm)) return fused_with<Op, T, Kind::mem, Kind::imm>(first, code);
    if (is(Kind::reg, Kind::mem)) return fused_with<Op, T, Kind::reg, Kind::mem>(first, code);
    return nullptr;
}

}  // namespace

Handler alu_handler(Alu op, unsigned size, Kind target, Kind source) {
    switch (op) {
        case Alu::add:
            return pick<Binary<Alu::add>::Body>(size, target, source);
        case Alu::or_:
            return pick<Binary<Alu::or_>::Body>(size, target, source);
        case Alu::adc:
            return pick<Binary<Alu::adc>::Body>(size, target, source);
        case Alu::sbb:
            return pick<Binary<Alu::sbb>::Body>(size, target, source);
        case Alu::and_:
            return pick<Binary<Alu::and_>::Body>(size, target, source);
        case Alu::sub:
            return pick<Binary<Alu::sub>::Body>(size, target, source);
        case Alu::xor_:
            return pick<Binary<Alu::xor_>::Body>(size, target, source);
        case Alu::cmp:
            return pick<Binary<Alu::cmp>::Body>(size, target, source);
        case Alu::test:
            return pick<Binary<Alu::test>::Body>(size, target, source);
    }
    return nullptr;
}

Handler unary_handler(Unary op, unsigned size, Kind operand) {
    switch (op) {
        case Unary::inc:
            return pick<Single<Unary::inc>::Body>(size, operand);
        case Unary::dec:
            return pick<Single<Unary::dec>::Body>(size, operand);
        case Unary::neg:
            return pick<Single<Unary::neg>::Body>(size, operand);
        case Unary::not_:
            return pick<Single<Unary::not_>::Body>(size, operand);
    }
    return nullptr;
}

Handler carry_flag_handler(unsigned op) {
    return op == 0 ? &plain_step<CarryFlag<0>> : op == 1 ? &plain_step<CarryFlag<1>> : &plain_step<CarryFlag<2>>;
}

Handler fused_handler(Handler first, unsigned code) {
    Handler found = nullptr;
    const auto try_size = [&]<class T>(T) {
        if (found == nullptr) found = fused_of<Alu::cmp, T>(first, code);
        if (found == nullptr) found = fused_of<Alu::test, T>(first, code);
    };
    try_size(u32{});
    try_size(u64{});
    try_size(u8{});
    try_size(u16{});
    return found;
}

}  // namespace turnpike::cpu
