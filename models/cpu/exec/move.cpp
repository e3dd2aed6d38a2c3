// SPDX-License-Identifier: Apache-2.0
// Data movement: MOV and its extending forms, LEA, CMOVcc, SETcc, the stack, conversions.
#include "models/cpu/exec/handlers.h"

namespace turnpike::cpu {
namespace {

constexpr unsigned kRsp = 4;

template <class T, Kind Target, Kind Source>
struct Mov {
    template <class Access>
    TP_INLINE static bool run(State& s, const Insn* i) {
        T value;
        if (!read_source<Access, T, Source>(s, i, value)) return false;
        return write_target<Access, T, Target>(s, i, value, 0);
    }
};

template <class To, bool Signed>
struct Extend {
    template <class T, Kind Source>
    struct Body {
        template <class Access>
        TP_INLINE static bool run(State& s, const Insn* i) {
            T value;
            if (!read_source<Access, T, Source>(s, i, value)) return false;
            put<To>(s, i->dst, static_cast<To>(Signed ? sign_extend(value) : value));
            return true;
        }
    };
};

template <class To>
Handler extend_to(bool is_signed, unsigned size, Kind source) {
    return is_signed ? pick<Extend<To, true>::template Body>(size, source)
                     : pick<Extend<To, false>::template Body>(size, source);
}

template <class T>
struct Lea {
    template <class Access>
    TP_INLINE static bool run(State& s, const Insn* i) {
        put<T>(s, i->dst, static_cast<T>(effective_address(s, i)));
        return true;
    }
};

/// The address of the instruction behind: a segment base (`imm`: 4 FS, 5 GS, 0 none), or cut to 32 bits, or both.
template <bool Only32>
struct Address {
    template <class Access>
    TP_INLINE static bool run(State& s, const Insn* i) {
        u64 address = effective_address(s, i);
        if constexpr (Only32) address = static_cast<u32>(address);
        s.r[kAddressRegister] = linear_address(s, i->imm, address);
        return true;
    }
};

template <unsigned Code>
struct CmovIf {
    template <class T, Kind Source>
    struct Body {
        template <class Access>
        TP_INLINE static bool run(State& s, const Insn* i) {
            T value;
            if (!read_source<Access, T, Source>(s, i, value)) return false;
            // The 32-bit form clears the upper half whatever the condition.
            put<T>(s, i->dst, condition<Code>(s.flags) ? value : get<T>(s, i->dst));
            return true;
        }
    };
};

template <unsigned Code>
struct SetIf {
    template <class T, Kind Target>
    struct Body {
        template <class Access>
        TP_INLINE static bool run(State& s, const Insn* i) {
            return write_target<Access, T, Target>(s, i, condition<Code>(s.flags) ? T{1} : T{0}, 0);
        }
    };
};

template <unsigned Code>
Handler cmov_of(unsigned code, unsigned size, Kind source) {
    if constexpr (Code == 16) {
        return nullptr;
    } else {
        return code == Code ? pick_wide<CmovIf<Code>::template Body>(size, source)
                            : cmov_of<Code + 1>(code, size, source);
    }
}

template <unsigned Code>
Handler set_of(unsigned code, Kind target) {
    if constexpr (Code == 16) {
        return nullptr;
    } else {
        return code == Code ? pick<SetIf<Code>::template Body>(0, target) : set_of<Code + 1>(code, target);
    }
}

template <class T>
TP_INLINE T swap_bytes(T value) {
    if constexpr (sizeof(T) == 8) return __builtin_bswap64(value);
    if constexpr (sizeof(T) == 4) return __builtin_bswap32(value);
    if constexpr (sizeof(T) == 2) return __builtin_bswap16(value);
}

template <class T>
struct Bswap {
    template <class Access>
    TP_INLINE static bool run(State& s, const Insn* i) {
        // The 16-bit form is undefined; processors give 0.
        put<T>(s, i->dst, sizeof(T) == 2 ? T{0} : swap_bytes(get<T>(s, i->dst)));
        return true;
    }
};

template <class T, bool Store>
struct Movbe {
    template <class Access>
    TP_INLINE static bool run(State& s, const Insn* i) {
        T value = 0;
        if constexpr (Store) return write_target<Access, T, Kind::mem>(s, i, swap_bytes(get<T>(s, i->src)), 0);
        if (!read_source<Access, T, Kind::mem>(s, i, value)) return false;
        put<T>(s, i->dst, swap_bytes(value));
        return true;
    }
};

/// CBW, CWDE, CDQE: RAX from its lower half; CWD, CDQ, CQO: RDX from RAX's sign.
template <class Half, class T, bool IntoDx>
struct Convert {
    template <class Access>
    TP_INLINE static bool run(State& s, const Insn*) {
        if constexpr (IntoDx) {
            put<T>(s, 2, static_cast<T>(sign_extend(get<T>(s, 0)) >> 63 ? ~T{0} : T{0}));
        } else {
            put<T>(s, 0, static_cast<T>(sign_extend(static_cast<Half>(s.r[0]))));
        }
        return true;
    }
};

template <class T, Kind Source>
struct Push {
    template <class Access>
    TP_INLINE static bool run(State& s, const Insn* i) {
        T value;
        if (!read_source<Access, T, Source>(s, i, value)) return false;
        const u64 top = s.r[kRsp] - sizeof(T);
        const unsigned n = Source == Kind::mem ? 1 : 0;
        if (!Access::template store<T, vector::SS>(s, i, n, top, value)) return false;
        s.r[kRsp] = top;
        return true;
    }
};

template <class T, Kind Target>
struct Pop {
    template <class Access>
    TP_INLINE static bool run(State& s, const Insn* i) {
        T value;
        const u64 top = s.r[kRsp];
        if (!Access::template load<T, vector::SS>(s, i, 0, top, value)) return false;
        if constexpr (Target == Kind::mem) {
            if (!write_target<Access, T, Kind::mem>(s, i, value)) return false;
            s.r[kRsp] = top + sizeof(T);
        } else {
            s.r[kRsp] = top + sizeof(T);
            put<T>(s, i->dst, value);
        }
        return true;
    }
};

template <class T>
struct Pushf {
    template <class Access>
    TP_INLINE static bool run(State& s, const Insn* i) {
        const u64 top = s.r[kRsp] - sizeof(T);
        if (!Access::template store<T, vector::SS>(s, i, 0, top, static_cast<T>(s.rflags()))) return false;
        s.r[kRsp] = top;
        return true;
    }
};

template <bool Sahf>
struct FlagsInAh {
    template <class Access>
    static bool run(State& s, const Insn*) {
        constexpr u64 kMask = rflag::CF | rflag::PF | rflag::AF | rflag::ZF | rflag::SF;
        if constexpr (Sahf) {
            s.flags.set_bits((((s.r[0] >> 8) & kMask) | (s.flags.bits() & rflag::OF)));
        } else {
            put<u8>(s, 1, static_cast<u8>((s.flags.bits() & kMask) | rflag::ONE));
        }
        return true;
    }
};

/// The place in XLAT's table: AL is part of the address before it is cut to 32 bits.
template <bool Only32>
struct TableAddress {
    template <class Access>
    static bool run(State& s, const Insn* i) {
        u64 address = s.r[i->base] + get<u8>(s, 0);
        if constexpr (Only32) address = static_cast<u32>(address);
        s.r[kAddressRegister] = linear_address(s, i->imm, address);
        return true;
    }
};

struct Nop {
    template <class Access>
    static bool run(State&, const Insn*) {
        return true;
    }
};

}  // namespace

Handler mov_handler(unsigned size, Kind target, Kind source) { return pick<Mov>(size, target, source); }

Handler extend_handler(bool is_signed, unsigned target_size, unsigned size, Kind source) {
    return by_wide_size(target_size, [&]<class T>(T) { return extend_to<T>(is_signed, size, source); });
}

Handler lea_handler(unsigned size) {
    return by_wide_size(size, []<class T>(T) -> Handler { return &plain_step<Lea<T>>; });
}

Handler address_handler(bool only32) { return only32 ? &plain_step<Address<true>> : &plain_step<Address<false>>; }
Handler cmov_handler(unsigned code, unsigned size, Kind source) { return cmov_of<0>(code, size, source); }
Handler set_handler(unsigned code, Kind target) { return set_of<0>(code, target); }

Handler bswap_handler(unsigned size) {
    return by_wide_size(size, []<class T>(T) -> Handler { return &plain_step<Bswap<T>>; });
}

Handler movbe_handler(unsigned size, bool store) {
    return by_wide_size(size,
                        [&]<class T>(T) -> Handler { return store ? &step<Movbe<T, true>> : &step<Movbe<T, false>>; });
}

Handler convert_handler(unsigned size, bool into_dx) {
    switch (size) {
        case 1:
            return into_dx ? &plain_step<Convert<u8, u16, true>> : &plain_step<Convert<u8, u16, false>>;
        case 2:
            return into_dx ? &plain_step<Convert<u16, u32, true>> : &plain_step<Convert<u16, u32, false>>;
        case 3:
            return into_dx ? &plain_step<Convert<u32, u64, true>> : &plain_step<Convert<u32, u64, false>>;
        default:
            return nullptr;
    }
}

Handler push_handler(unsigned size, Kind source) {
    return by_stack_size(size, [&]<class T>(T) -> Handler {
        return source == Kind::reg   ? &step<Push<T, Kind::reg>>
               : source == Kind::imm ? &step<Push<T, Kind::imm>>
                                     : &step<Push<T, Kind::mem>>;
    });
}

Handler pop_handler(unsigned size, Kind target) {
    return by_stack_size(size, [&]<class T>(T) -> Handler {
        return target == Kind::reg ? &step<Pop<T, Kind::reg>> : &step<Pop<T, Kind::mem>>;
    });
}

Handler pushf_handler(unsigned size) {
    return by_stack_size(size, []<class T>(T) -> Handler { return &step<Pushf<T>>; });
}

Handler lahf_handler(bool sahf) { return sahf ? &plain_step<FlagsInAh<true>> : &plain_step<FlagsInAh<false>>; }
Handler table_address_handler(bool only32) {
    return only32 ? &plain_step<TableAddress<true>> : &plain_step<TableAddress<false>>;
}
Handler nop_handler() { return &plain_step<Nop>; }

}  // namespace turnpike::cpu
