// SPDX-License-Identifier: Apache-2.0
// Descriptor tables, task register and segment registers (SDM volume 3, chapters 3 and 7).
#include <optional>
#include <utility>

#include "models/cpu/system_ops.h"

namespace turnpike::cpu {
namespace {

/// With UMIP only the supervisor may see where the tables lie (SDM volume 3, 2.5).
void check_visible(const State& s, const Insn* i) {
    if (cpl(s) != 0 && (s.sys.cr4 & cr4::UMIP) != 0) general_protection(i);
}

template <TableRegister System::*Table>
void load_table(State& s, const Insn* i) {
    const u64 address = effective_address(s, i);
    const u16 limit = load<u16>(s, i, 0, address);
    const u64 base = load<u64>(s, i, 1, address + 2);
    if (!is_canonical(base)) general_protection(i);
    s.sys.*Table = {base, limit};
}

template <TableRegister System::*Table>
void store_table(State& s, const Insn* i) {
    check_visible(s, i);
    const u64 address = effective_address(s, i);
    Slow::store<u16>(s, i, 0, address, (s.sys.*Table).limit);
    Slow::store<u64>(s, i, 1, address + 2, (s.sys.*Table).base);
}

void store_selector(State& s, const Insn* i, u16 value) {
    if ((i->imm & kMemoryOperand) != 0) {
        Slow::store<u16>(s, i, 0, effective_address(s, i), value);
    } else if (i->scale == 1) {
        put<u16>(s, i->dst, value);
    } else {
        s.r[i->dst] = value;
    }
}

constexpr u64 kPresent = u64{1} << 47;
constexpr u64 kSegment = u64{1} << 44;  ///< code or data, not a gate or a table
constexpr u64 kCode = u64{1} << 43;
constexpr u64 kConforming = u64{1} << 42;  ///< of a code segment
constexpr u64 kAccess = u64{1} << 41;      ///< data: writable, code: readable

unsigned level_of(u64 descriptor) { return static_cast<unsigned>(descriptor >> 45) & 3; }

/// SDM volume 2, MOV to DS, ES, FS, GS.
bool may_load(u64 descriptor, u16 selector, unsigned level) {
    if ((descriptor & kSegment) == 0) return false;
    const bool code = (descriptor & kCode) != 0;
    if (code && (descriptor & kAccess) == 0) return false;
    if (code && (descriptor & kConforming) != 0) return true;
    return level_of(descriptor) >= (selector & 3U) && level_of(descriptor) >= level;
}

void set_segment(State& s, const Insn* i, unsigned number, u16 selector) {
    u64 base = 0;
    if (number == kSs && has_gdt(s)) {
        check_stack_segment(s, i, selector, cpl(s));
    } else if ((selector & 0xFFFC) != 0 && has_gdt(s)) {
        const std::optional<u64> descriptor = segment_descriptor(s, selector);
        if (!descriptor || !may_load(*descriptor, selector, cpl(s))) general_protection(i, selector & 0xFFFC);
        if ((*descriptor & kPresent) == 0) throw Fault{vector::NP, i, true, selector & 0xFFFCU};
        base = descriptor_base(*descriptor);
    }
    s.sys.selector[number] = selector;
    if (number == kFs) s.sys.fs_base = base;
    if (number == kGs) s.sys.gs_base = base;
    if (number == kSs) s.shadow = true;
}

}  // namespace

void check_stack_segment(State& s, const Insn* i, u16 selector, unsigned level) {
    const u32 code = selector & 0xFFFC;
    if (code == 0) {
        // 64-bit mode runs on a null stack segment except at level 3.
        if (level == kUserLevel || (selector & 3U) != level) general_protection(i);
        return;
    }
    const std::optional<u64> descriptor = segment_descriptor(s, selector);
    if (!descriptor || (*descriptor & (kSegment | kCode | kAccess)) != (kSegment | kAccess) ||
        level_of(*descriptor) != level || (selector & 3U) != level) {
        general_protection(i, code);
    }
    if ((*descriptor & kPresent) == 0) throw Fault{vector::SS, i, true, code};
}

void drop_segments(State& s, unsigned level) {
    for (const unsigned number : {kEs, kDs, kFs, kGs}) {
        u16& selector = s.sys.selector[number];
        if ((selector & 0xFFFC) == 0 || !has_gdt(s)) continue;
        const std::optional<u64> descriptor = segment_descriptor(s, selector);
        if (!descriptor || !may_load(*descriptor, static_cast<u16>(selector & ~3U), level)) selector = 0;
    }
}

void lgdt(State& s, const Insn* i) { load_table<&System::gdtr>(s, i); }
void lidt(State& s, const Insn* i) { load_table<&System::idtr>(s, i); }
void sgdt(State& s, const Insn* i) { store_table<&System::gdtr>(s, i); }
void sidt(State& s, const Insn* i) { store_table<&System::idtr>(s, i); }

void lldt(State& s, const Insn* i) { s.sys.ldtr = operand<u16>(s, i); }

/// Task register: the TSS gives the stacks of gates that name one (SDM volume 3, 7.7).
void ltr(State& s, const Insn* i) {
    const u16 selector = operand<u16>(s, i);
    u64 descriptor[2];
    if ((selector & 0xFFFC) == 0) general_protection(i);
    const bool found = (selector & 4) == 0 &&
                       on_behalf_of(i, [&] { return read_table(s, s.sys.gdtr, selector & 0xFFF8U, descriptor, 16); });
    if (!found) general_protection(i, selector & 0xFFFC);
    constexpr u64 kType = u64{0x1F} << 40;
    constexpr u64 kAvailable = u64{9} << 40;
    if ((descriptor[0] & kType) != kAvailable) general_protection(i, selector & 0xFFFC);
    if (((descriptor[0] >> 47) & 1) == 0) throw Fault{vector::NP, i, true, selector & 0xFFFCU};
    s.sys.tr = selector;
    s.sys.tss_base = descriptor_base(descriptor[0]) | (descriptor[1] << 32);
    s.sys.tss_limit = static_cast<u32>((descriptor[0] & 0xFFFF) | ((descriptor[0] >> 32) & 0xF0000));
    const u64 busy = descriptor[0] | (u64{2} << 40);
    s.services->write(i, s.sys.gdtr.base + (selector & 0xFFF8U), &busy, 8, vector::GP, i->slot);
}

void sldt(State& s, const Insn* i) {
    check_visible(s, i);
    store_selector(s, i, s.sys.ldtr);
}
void str(State& s, const Insn* i) {
    check_visible(s, i);
    store_selector(s, i, s.sys.tr);
}
void read_segment(State& s, const Insn* i) { store_selector(s, i, s.sys.selector[i->imm & 7]); }

void write_segment(State& s, const Insn* i) {
    const unsigned number = i->imm & 7;
    if (number == kCs) undefined_opcode(i);
    const u16 selector = operand<u16>(s, i);
    on_behalf_of(i, [&] { set_segment(s, i, number, selector); });
}

void push_segment(State& s, const Insn* i) {
    const u64 top = s.r[kRsp] - 8;
    Slow::store<u64, vector::SS>(s, i, 0, top, s.sys.selector[i->imm & 7]);
    s.r[kRsp] = top;
}
void pop_segment(State& s, const Insn* i) {
    const u64 value = load<u64, vector::SS>(s, i, 0, s.r[kRsp]);
    on_behalf_of(i, [&] { set_segment(s, i, i->imm & 7, static_cast<u16>(value)); });
    s.r[kRsp] += 8;
}

void swapgs(State& s, const Insn*) { std::swap(s.sys.gs_base, s.sys.kernel_gs_base); }

/// RDFSBASE, RDGSBASE, WRFSBASE, WRGSBASE. `imm`: the segment, bit 8: 64 bits.
void read_base(State& s, const Insn* i) {
    if ((s.sys.cr4 & cr4::FSGSBASE) == 0) undefined_opcode(i);
    const u64 base = (i->imm & 7) == kFs ? s.sys.fs_base : s.sys.gs_base;
    s.r[i->dst] = (i->imm & kMemoryOperand) != 0 ? base : static_cast<u32>(base);
}
void write_base(State& s, const Insn* i) {
    if ((s.sys.cr4 & cr4::FSGSBASE) == 0) undefined_opcode(i);
    const u64 value = (i->imm & kMemoryOperand) != 0 ? s.r[i->src] : static_cast<u32>(s.r[i->src]);
    if (!is_canonical(value)) general_protection(i);
    ((i->imm & 7) == kFs ? s.sys.fs_base : s.sys.gs_base) = value;
}

}  // namespace turnpike::cpu
