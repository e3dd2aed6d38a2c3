// SPDX-License-Identifier: Apache-2.0
// XCHG, XADD, CMPXCHG and CMPXCHG8B/16B. One core runs at a time, so each is atomic as it stands; where there are
// several, a step before each locked instruction puts them in the order of time.
#include "models/cpu/exec/handlers.h"

namespace turnpike::cpu {
namespace {

template <class T, Kind Target>
struct Xchg {
    template <class Access>
    TP_INLINE static bool run(State& s, const Insn* i) {
        T a;
        if (!read_target<Access, T, Target>(s, i, a)) return false;
        const T b = get<T>(s, i->src);
        if (!write_target<Access, T, Target>(s, i, b)) return false;
        put<T>(s, i->src, a);
        return true;
    }
};

template <class T, Kind Target>
struct Xadd {
    template <class Access>
    TP_INLINE static bool run(State& s, const Insn* i) {
        T a;
        if (!read_target<Access, T, Target>(s, i, a)) return false;
        const T b = get<T>(s, i->src);
        const T r = static_cast<T>(a + b);
        if constexpr (Target == Kind::mem) {
            if (!write_target<Access, T, Target>(s, i, r)) return false;
            put<T>(s, i->src, a);
        } else {
            put<T>(s, i->src, a);
            put<T>(s, i->dst, r);  // with both the same, the sum stays
        }
        s.flags.arithmetic(r, carries_of_sum(a, b, r));
        return true;
    }
};

template <class T, Kind Target>
struct Cmpxchg {
    template <class Access>
    TP_INLINE static bool run(State& s, const Insn* i) {
        T old;
        if (!read_target<Access, T, Target>(s, i, old)) return false;
        const T expected = get<T>(s, 0);
        const bool equal = old == expected;
        if constexpr (Target == Kind::mem) {
            // Memory is always written, with the old value where the comparison failed (SDM volume 2, CMPXCHG).
            if (!write_target<Access, T, Target>(s, i, equal ? get<T>(s, i->src) : old)) return false;
            if (!equal) put<T>(s, 0, old);
        } else if (equal) {
            put<T>(s, i->dst, get<T>(s, i->src));
        } else {
            put<T>(s, 0, old);
        }
        const T r = static_cast<T>(expected - old);
        s.flags.arithmetic(r, borrows_of_difference(expected, old, r));
        return true;
    }
};

template <class T>
struct CmpxchgPair {
    struct Pair {
        T low;
        T high;
    };
    template <class Access>
    static bool run(State& s, const Insn* i) {
        const u64 address = effective_address(s, i);
        if (sizeof(T) == 8 && (address & 15) != 0) throw Fault{vector::GP, i, true};
        Pair old;
        if (!Access::load(s, i, 0, address, old)) return false;
        const bool equal = old.low == get<T>(s, 0) && old.high == get<T>(s, 2);
        const Pair value = equal ? Pair{get<T>(s, 3), get<T>(s, 1)} : old;
        if (!Access::store(s, i, 1, address, value)) return false;
        if (!equal) {
            put<T>(s, 0, old.low);
            put<T>(s, 2, old.high);
        }
        s.flags.set_zf(equal);
        return true;
    }
};

const Insn* synchronise(State& s, const Insn* i) {
    s.services->synchronise(i);
    return next(s, i);
}

}  // namespace

Handler synchronise_handler() { return &synchronise; }
Handler xchg_handler(unsigned size, Kind target) { return pick<Xchg>(size, target); }
Handler xadd_handler(unsigned size, Kind target) { return pick<Xadd>(size, target); }
Handler cmpxchg_handler(unsigned size, Kind target) { return pick<Cmpxchg>(size, target); }
Handler cmpxchg_pair_handler(unsigned size) { return size == 3 ? &step<CmpxchgPair<u64>> : &step<CmpxchgPair<u32>>; }

}  // namespace turnpike::cpu
