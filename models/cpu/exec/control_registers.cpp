// SPDX-License-Identifier: Apache-2.0
// Control and debug registers (SDM volume 3, 2.5, 18.2), and what goes with them: INVLPG, CLTS.
#include "models/cpu/system_ops.h"

namespace turnpike::cpu {
namespace {

/// Bits of CR4 that the model has or that change nothing in it (VME, PVI, PSE, MCE, OSFXSR, OSXMMEXCPT).
constexpr u64 kCr4Bits = cr4::TSD | cr4::DE | cr4::PAE | cr4::PGE | cr4::PCE | cr4::UMIP | cr4::FSGSBASE | cr4::SMEP |
                         0x1 | 0x2 | 0x10 | 0x40 | 0x200 | 0x400;
constexpr u64 kCr0Bits = 0xE005003F;

void write_cr0(State& s, const Insn* i, u64 value) {
    constexpr u64 kLongMode = cr0::PG | cr0::PE;
    // 64-bit mode stays on: clearing what it needs is a fault (SDM volume 3, 4.1.1).
    if ((value & kLongMode) != kLongMode || (value >> 32) != 0) general_protection(i);
    if ((value & cr0::NW) != 0 && (value & cr0::CD) == 0) general_protection(i);
    const u64 changed = s.sys.cr0 ^ value;
    s.sys.cr0 = (value & kCr0Bits) | cr0::ET;
    if ((changed & cr0::WP) != 0) s.services->flush_translations(true);
}

void write_cr3(State& s, const Insn* i, u64 value) {
    if ((value >> kPhysicalBits) != 0) general_protection(i);
    s.sys.cr3 = value;
    s.sys.paged = true;
    s.services->flush_translations(false);
}

void write_cr4(State& s, const Insn* i, u64 value) {
    if ((value & cr4::PAE) == 0 || (value & ~kCr4Bits) != 0) general_protection(i);
    const u64 changed = s.sys.cr4 ^ value;
    s.sys.cr4 = value;
    if ((changed & (cr4::PGE | cr4::SMEP)) != 0) s.services->flush_translations(true);
}

}  // namespace

void read_cr(State& s, const Insn* i) {
    switch (i->imm & 0xF) {
        case 0:
            s.r[i->dst] = s.sys.cr0;
            break;
        case 2:
            s.r[i->dst] = s.sys.cr2;
            break;
        case 3:
            s.r[i->dst] = s.sys.cr3;
            break;
        case 4:
            s.r[i->dst] = s.sys.cr4;
            break;
        case 8:
            s.r[i->dst] = s.services->task_priority() >> 4;
            break;
        default:
            undefined_opcode(i);
    }
}

void write_cr(State& s, const Insn* i) {
    const u64 value = s.r[i->src];
    switch (i->imm & 0xF) {
        case 0:
            write_cr0(s, i, value);
            break;
        case 2:
            s.sys.cr2 = value;
            break;
        case 3:
            write_cr3(s, i, value);
            break;
        case 4:
            write_cr4(s, i, value);
            break;
        case 8:
            if (value > 15) general_protection(i);
            s.services->task_priority(static_cast<u8>(value << 4));
            break;
        default:
            undefined_opcode(i);
    }
}

namespace {

/// DR4 and DR5 are other names of DR6 and DR7 unless CR4.DE is set (SDM volume 3, 18.2.2).
unsigned debug_register(const State& s, const Insn* i) {
    const unsigned number = i->imm & 0xF;
    if (number > 7) undefined_opcode(i);
    if (number != 4 && number != 5) return number;
    if ((s.sys.cr4 & cr4::DE) != 0) undefined_opcode(i);
    return number + 2;
}

}  // namespace

void read_dr(State& s, const Insn* i) {
    const unsigned number = debug_register(s, i);
    s.r[i->dst] = number < 4 ? s.sys.dr[number] : number == 6 ? s.sys.dr6 : s.sys.dr7;
}

/// Breakpoints are kept and never hit; single-stepping reports itself in DR6.
void write_dr(State& s, const Insn* i) {
    const unsigned number = debug_register(s, i);
    const u64 value = s.r[i->src];
    if (number < 4) {
        s.sys.dr[number] = value;
        return;
    }
    if ((value >> 32) != 0) general_protection(i);
    constexpr u64 kDr6Writable = 0xE00F, kDr6Ones = 0xFFFF0FF0, kDr7Zeros = 0xD000, kDr7Ones = 0x400;
    if (number == 6) {
        s.sys.dr6 = (value & kDr6Writable) | kDr6Ones;
    } else {
        s.sys.dr7 = (value & ~kDr7Zeros) | kDr7Ones;
    }
}

void clts(State& s, const Insn*) { s.sys.cr0 &= ~cr0::TS; }

void invlpg(State& s, const Insn* i) {
    const u64 address = effective_address(s, i);
    // An address that is not canonical is no fault (SDM volume 2, INVLPG).
    if (is_canonical(address)) s.services->flush_page(address);
}

}  // namespace turnpike::cpu
