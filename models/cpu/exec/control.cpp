// SPDX-License-Identifier: Apache-2.0
// Branches, calls and stack frames. A direct branch holds its target in `imm` and the next address in `disp`.
#include "models/cpu/descriptor.h"
#include "models/cpu/exec/handlers.h"

namespace turnpike::cpu {
namespace {

constexpr unsigned kRcx = 1;
constexpr unsigned kRsp = 4;
constexpr unsigned kRbp = 5;

template <unsigned Code>
const Insn* jcc(State& s, const Insn* i) {
    s.rip = condition<Code>(s.flags) ? i->imm : i->disp;
    return i;
}

template <unsigned Code>
Handler jcc_of(unsigned code) {
    if constexpr (Code == 16) {
        return nullptr;
    } else {
        return code == Code ? &jcc<Code> : jcc_of<Code + 1>(code);
    }
}

const Insn* jump_direct(State& s, const Insn* i) {
    s.rip = i->imm;
    return i;
}

template <class T, Jump Form>
TP_INLINE u64 target_of(const State& s, const Insn* i, T loaded) {
    if constexpr (Form == Jump::direct) return i->imm;
    if constexpr (Form == Jump::reg) return get<T>(s, i->src);
    return loaded;
}

template <class T, Jump Form>
struct JumpTo {
    template <class Access>
    TP_INLINE static bool run(State& s, const Insn* i) {
        T loaded = 0;
        if constexpr (Form == Jump::mem) {
            if (!Access::load(s, i, 0, effective_address(s, i), loaded)) return false;
        }
        const u64 target = target_of<T, Form>(s, i, loaded);
        if (!is_canonical(target)) [[unlikely]] {
            throw Fault{vector::GP, i, true};
        }
        s.rip = target;
        return true;
    }
};

template <class T, Jump Form>
struct Call {
    template <class Access>
    TP_INLINE static bool run(State& s, const Insn* i) {
        T loaded = 0;
        if constexpr (Form == Jump::mem) {
            if (!Access::load(s, i, 0, effective_address(s, i), loaded)) return false;
        }
        const u64 target = target_of<T, Form>(s, i, loaded);
        const u64 top = s.r[kRsp] - sizeof(T);
        const T behind = static_cast<T>(s.block_rip + i->end);
        const bool lost = !is_canonical(target);
        // Intel's processors write the return address before they look at the target, AMD's behind that.
        if (lost && s.services->identity().maker == Maker::amd) [[unlikely]] {
            throw Fault{vector::GP, i, true};
        }
        if (!Access::template store<T, vector::SS>(s, i, Form == Jump::mem ? 1 : 0, top, behind)) return false;
        if (lost) [[unlikely]] {
            throw Fault{vector::GP, i, true};
        }
        s.r[kRsp] = top;
        s.rip = target;
        return true;
    }
};

/// RET and RET imm16.
template <class T>
struct Ret {
    template <class Access>
    TP_INLINE static bool run(State& s, const Insn* i) {
        T target;
        if (!Access::template load<T, vector::SS>(s, i, 0, s.r[kRsp], target)) return false;
        if (!is_canonical(target)) [[unlikely]] {
            throw Fault{vector::GP, i, true};
        }
        s.r[kRsp] += sizeof(T) + i->imm;
        s.rip = target;
        return true;
    }
};

template <unsigned Form, bool Address32>
const Insn* loop(State& s, const Insn* i) {
    const auto count = [&] { return Address32 ? static_cast<u32>(s.r[kRcx]) : s.r[kRcx]; };
    bool taken;
    if constexpr (Form == 3) {
        taken = count() == 0;
    } else {
        if constexpr (Address32) {
            put<u32>(s, kRcx, static_cast<u32>(s.r[kRcx] - 1));
        } else {
            s.r[kRcx] -= 1;
        }
        taken = count() != 0 && (Form == 2 || s.flags.zf() == (Form == 1));
    }
    s.rip = taken ? i->imm : i->disp;
    return i;
}

/// ENTER imm16, imm8; `imm`: bytes of the frame, `disp`: nesting level. The stack pointer has 64 bits whatever the
/// operand size, by which frame pointers are kept.
template <class T>
struct Enter {
    template <class Access>
    static bool run(State& s, const Insn* i) {
        // What it writes it may have to read, and then could not begin anew on the checked path.
        if (std::is_same_v<Access, Fast> && i->disp > 1) return false;
        u64 top = s.r[kRsp] - sizeof(T);
        u64 chain = s.r[kRbp];
        if (!Access::template store<T, vector::SS>(s, i, 0, top, static_cast<T>(chain))) return false;
        const u64 frame = top;
        unsigned n = 1;
        for (u64 level = 1; level < i->disp; ++level) {
            chain -= sizeof(T);
            T pointer;
            if (!Access::template load<T, vector::SS>(s, i, n, chain, pointer)) return false;
            top -= sizeof(T);
            if (!Access::template store<T, vector::SS>(s, i, n + 1, top, pointer)) return false;
            n += 2;
        }
        if (i->disp > 0) {
            top -= sizeof(T);
            if (!Access::template store<T, vector::SS>(s, i, n, top, static_cast<T>(frame))) return false;
        }
        // The end of the frame must be writable (SDM volume 2, ENTER).
        top -= i->imm;
        if (!Access::template check_store<T, vector::SS>(s, i, top)) return false;
        put<T>(s, kRbp, static_cast<T>(frame));
        s.r[kRsp] = top;
        return true;
    }
};

template <class T>
struct Leave {
    template <class Access>
    TP_INLINE static bool run(State& s, const Insn* i) {
        T value;
        const u64 frame = s.r[kRbp];
        if (!Access::template load<T, vector::SS>(s, i, 0, frame, value)) return false;
        s.r[kRsp] = frame + sizeof(T);
        put<T>(s, kRbp, value);
        return true;
    }
};

/// Not an instruction: leaves a block that ends without a branch.
const Insn* block_end(State& s, const Insn* i) {
    s.rip = i->imm;
    return i - 1;
}

template <unsigned Form>
Handler loop_of(bool address32) {
    return address32 ? &loop<Form, true> : &loop<Form, false>;
}

}  // namespace

Handler jump_handler(Jump kind, unsigned size) {
    return by_stack_size(size, [&]<class T>(T) -> Handler {
        return kind == Jump::direct ? &jump_direct
               : kind == Jump::reg  ? &branch<JumpTo<T, Jump::reg>>
                                    : &branch<JumpTo<T, Jump::mem>>;
    });
}
Handler call_handler(Jump kind, unsigned size) {
    return by_stack_size(size, [&]<class T>(T) -> Handler {
        return kind == Jump::direct ? &branch<Call<T, Jump::direct>>
               : kind == Jump::reg  ? &branch<Call<T, Jump::reg>>
                                    : &branch<Call<T, Jump::mem>>;
    });
}
Handler jcc_handler(unsigned code) { return jcc_of<0>(code); }
Handler ret_handler(unsigned size) {
    return by_stack_size(size, []<class T>(T) -> Handler { return &branch<Ret<T>>; });
}
Handler loop_handler(unsigned kind, bool address32) {
    return kind == 0   ? loop_of<0>(address32)
           : kind == 1 ? loop_of<1>(address32)
           : kind == 2 ? loop_of<2>(address32)
                       : loop_of<3>(address32);
}
Handler enter_handler(unsigned size) {
    return by_stack_size(size, []<class T>(T) -> Handler { return &step<Enter<T>>; });
}
Handler leave_handler(unsigned size) {
    return by_stack_size(size, []<class T>(T) -> Handler { return &step<Leave<T>>; });
}
Handler block_end_handler() { return &block_end; }

}  // namespace turnpike::cpu
