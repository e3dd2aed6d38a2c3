// SPDX-License-Identifier: Apache-2.0
// Transfers of control between privilege levels: INT n, IRETQ, far RETQ, SYSCALL, SYSRET; and POPF.
#include "models/cpu/system_ops.h"

namespace turnpike::cpu {

void load_flags(State& s, u64 value, unsigned level) {
    u64 kept = level == 0 ? 0 : rflag::IOPL;
    if (level > io_privilege(s)) kept |= rflag::IF;
    s.set_rflags((value & ~kept) | (s.system_flags & kept));
}

void int_n(State& s, const Insn* i) {
    on_behalf_of(i, [&] { s.services->software_interrupt(static_cast<u8>(i->imm), true); });
}
void int1(State& s, const Insn* i) {
    on_behalf_of(i, [&] { s.services->software_interrupt(vector::DB, false); });
}

namespace {

/// The privilege of the code segment that a far return goes to (SDM volume 2, IRET, RET).
unsigned check_return_code(State& s, const Insn* i, u16 code) {
    const unsigned level = code & 3;
    const auto segment = on_behalf_of(i, [&] { return code_segment(s, code); });
    const bool fits = segment && (segment->conforming ? segment->level <= level : segment->level == level);
    if (!fits || level < cpl(s)) general_protection(i, code & 0xFFFC);
    if (!segment->present) throw Fault{vector::NP, i, true, code & 0xFFFCU};
    return level;
}

}  // namespace

void iretq(State& s, const Insn* i) {
    s.sys.nmi_blocked = false;  // even if it faults
    if ((s.system_flags & rflag::NT) != 0) general_protection(i);
    const u64 top = s.r[kRsp];
    u64 frame[5];
    for (unsigned n = 0; n < 5; ++n) frame[n] = load<u64, vector::SS>(s, i, n, top + 8 * n);
    const u16 code = static_cast<u16>(frame[1]);
    const u16 stack = static_cast<u16>(frame[4]);
    const unsigned from = cpl(s);
    const unsigned level = check_return_code(s, i, code);
    if (has_gdt(s)) on_behalf_of(i, [&] { check_stack_segment(s, i, stack, level); });
    if (!is_canonical(frame[0])) general_protection(i);
    if (level != from) on_behalf_of(i, [&] { drop_segments(s, level); });
    load_flags(s, frame[2], from);
    s.rip = frame[0];
    s.sys.selector[kCs] = code;
    s.sys.selector[kSs] = stack;
    s.r[kRsp] = frame[3];
    s.services->privilege_changed();
}

void lretq(State& s, const Insn* i) {
    const u64 top = s.r[kRsp];
    const u64 target = load<u64, vector::SS>(s, i, 0, top);
    const u16 code = static_cast<u16>(load<u64, vector::SS>(s, i, 1, top + 8));
    const unsigned level = check_return_code(s, i, code);
    const u64 behind = top + 16 + i->imm;
    u64 stack = behind;
    if (level != cpl(s)) {
        stack = load<u64, vector::SS>(s, i, 2, behind);
        const u16 selector = static_cast<u16>(load<u64, vector::SS>(s, i, 3, behind + 8));
        on_behalf_of(i, [&] { check_stack_segment(s, i, selector, level); });
        if (!is_canonical(target)) general_protection(i);
        on_behalf_of(i, [&] { drop_segments(s, level); });
        s.sys.selector[kSs] = selector;
        stack += i->imm;
    }
    if (!is_canonical(target)) general_protection(i);
    s.rip = target;
    s.sys.selector[kCs] = code;
    s.r[kRsp] = stack;
    s.services->privilege_changed();
}

/// SDM volume 2, SYSCALL.
void syscall(State& s, const Insn* i) {
    if ((s.sys.efer & efer::SCE) == 0) undefined_opcode(i);
    constexpr unsigned kRcx = 1, kR11 = 11;
    s.r[kRcx] = s.rip;
    s.r[kR11] = s.rflags();
    s.rip = s.sys.lstar;
    s.set_rflags(s.rflags() & ~s.sys.fmask);
    const u16 code = static_cast<u16>(s.sys.star >> 32) & 0xFFFC;
    s.sys.selector[kCs] = code;
    s.sys.selector[kSs] = static_cast<u16>(code + 8);
    s.services->privilege_changed();
}

/// SDM volume 2, SYSRET. A return to compatibility mode is outside the model: the decoder takes REX.W only.
void sysretq(State& s, const Insn* i) {
    if ((s.sys.efer & efer::SCE) == 0) undefined_opcode(i);
    if (cpl(s) != 0) general_protection(i);
    constexpr unsigned kRcx = 1, kR11 = 11;
    if (!is_canonical(s.r[kRcx])) general_protection(i);
    constexpr u64 kFlags = 0x3C7FD7;
    s.rip = s.r[kRcx];
    s.set_rflags(s.r[kR11] & kFlags);
    const u16 base = static_cast<u16>(s.sys.star >> 48);
    s.sys.selector[kCs] = static_cast<u16>((base + 16) | kUserLevel);
    s.sys.selector[kSs] = static_cast<u16>((base + 8) | kUserLevel);
    s.services->privilege_changed();
}

void popf(State& s, const Insn* i) {
    const u64 value = load<u64, vector::SS>(s, i, 0, s.r[kRsp]);
    s.r[kRsp] += 8;
    load_flags(s, value, cpl(s));
}
void popf16(State& s, const Insn* i) {
    const u16 value = load<u16, vector::SS>(s, i, 0, s.r[kRsp]);
    s.r[kRsp] += 2;
    load_flags(s, (s.rflags() & ~u64{0xFFFF}) | value, cpl(s));
}

}  // namespace turnpike::cpu
