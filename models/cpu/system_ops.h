// SPDX-License-Identifier: Apache-2.0
// System instructions, each a function on the state; a wrapper in exec/system.cpp has moved RIP to the next one.
// Operands: `imm` bits 7..0 number of the register, bit 8: the other operand is memory.
#pragma once
#include "models/cpu/descriptor.h"
#include "models/cpu/exec/handlers.h"

namespace turnpike::cpu {

inline constexpr unsigned kRsp = 4;
inline constexpr u64 kMemoryOperand = 0x100;

[[noreturn]] inline void general_protection(const Insn* i, u32 code = 0) { throw Fault{vector::GP, i, true, code}; }
[[noreturn]] inline void undefined_opcode(const Insn* i) { throw Fault{vector::UD, i}; }

template <class T, u8 FaultVector = vector::GP>
T load(State& s, const Insn* i, unsigned n, u64 address) {
    T value;
    Slow::load<T, FaultVector>(s, i, n, address, value);
    return value;
}

template <class T>
T operand(State& s, const Insn* i) {
    return (i->imm & kMemoryOperand) != 0 ? load<T>(s, i, 0, effective_address(s, i)) : get<T>(s, i->src);
}

/// For what the state does on behalf of `i`: faults on the way belong to the instruction.
template <class Action>
auto on_behalf_of(const Insn* i, Action action) {
    try {
        return action();
    } catch (Fault& fault) {
        fault.at = i;
        throw;
    }
}

inline unsigned io_privilege(const State& s) { return static_cast<unsigned>(s.system_flags >> 12) & 3; }
/// Loads RFLAGS as far as the privilege `level` allows (SDM volume 2, POPF).
void load_flags(State& s, u64 value, unsigned level);

// exec/transfer.cpp: transfers of control.
void int_n(State& s, const Insn* i);
void int1(State& s, const Insn* i);
void iretq(State& s, const Insn* i);
void lretq(State& s, const Insn* i);
void syscall(State& s, const Insn* i);
void sysretq(State& s, const Insn* i);
void popf(State& s, const Insn* i);
void popf16(State& s, const Insn* i);

// exec/segment.cpp: descriptor tables and segment registers.
void lgdt(State& s, const Insn* i);
void lidt(State& s, const Insn* i);
void sgdt(State& s, const Insn* i);
void sidt(State& s, const Insn* i);
void lldt(State& s, const Insn* i);
void ltr(State& s, const Insn* i);
void sldt(State& s, const Insn* i);
void str(State& s, const Insn* i);
void read_segment(State& s, const Insn* i);
void write_segment(State& s, const Insn* i);
void push_segment(State& s, const Insn* i);
void pop_segment(State& s, const Insn* i);
void swapgs(State& s, const Insn* i);
void read_base(State& s, const Insn* i);
void write_base(State& s, const Insn* i);
/// Checks what `selector` names before it goes to the stack segment of `level` (SDM volume 2, MOV, IRET).
void check_stack_segment(State& s, const Insn* i, u16 selector, unsigned level);
/// After a return to a less privileged level: segments that it must not have are emptied (SDM volume 2, IRET).
void drop_segments(State& s, unsigned level);

// exec/control_registers.cpp
void read_cr(State& s, const Insn* i);
void write_cr(State& s, const Insn* i);
void read_dr(State& s, const Insn* i);
void write_dr(State& s, const Insn* i);
void clts(State& s, const Insn* i);
void invlpg(State& s, const Insn* i);

}  // namespace turnpike::cpu
