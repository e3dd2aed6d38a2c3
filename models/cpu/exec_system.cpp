// SPDX-License-Identifier: Apache-2.0
// Interrupt flag, gates, descriptor tables, control registers, MSRs, CPUID, time stamp. Each ends its block; all of
// them run at privilege 0. Operands: `imm` bits 7..0 number of the register, bit 8: the other operand is memory.
#include "models/cpu/cpuid.h"
#include "models/cpu/descriptor.h"
#include "models/cpu/handlers.h"
#include "models/cpu/msr.h"

namespace turnpike::cpu {
namespace {

constexpr unsigned kRsp = 4;
constexpr u64 kMemoryOperand = 0x100;

[[noreturn]] void general_protection(const Insn* i, u32 code = 0) { throw Fault{vector::GP, i, true, code}; }

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

/// Wraps an operation on the state: RIP goes to the next instruction unless the operation moves it.
template <auto Operation>
const Insn* system(State& s, const Insn* i) {
    const u64 behind = s.block_rip + i->end;
    s.rip = behind;
    Operation(s, i);
    return i;
}

void hlt(State& s, const Insn*) { s.halted = true; }
void sti(State& s, const Insn*) {
    s.shadow = (s.system_flags & rflag::IF) == 0;
    s.system_flags |= rflag::IF;
}
void interrupt(State& s, const Insn* i) {
    try {
        s.services->software_interrupt(static_cast<u8>(i->imm));
    } catch (Fault& fault) {
        fault.at = i;  // a fault on the way belongs to the instruction
        throw;
    }
}
void undefined(State&, const Insn* i) { throw Fault{vector::UD, i}; }
void outside(State&, const Insn* i) { general_protection(i); }

void iretq(State& s, const Insn* i) {
    const u64 top = s.r[kRsp];
    u64 frame[5];
    for (unsigned n = 0; n < 5; ++n) frame[n] = load<u64, vector::SS>(s, i, n, top + 8 * n);
    const u16 code = static_cast<u16>(frame[1]);
    if (!is_kernel_code(s, code)) general_protection(i, code & 0xFFFC);
    if (!is_canonical(frame[0])) general_protection(i);
    s.rip = frame[0];
    s.sys.selector[kCs] = code;
    s.set_rflags(frame[2]);
    s.r[kRsp] = frame[3];
    s.sys.selector[kSs] = static_cast<u16>(frame[4]);
}

void lretq(State& s, const Insn* i) {
    const u64 top = s.r[kRsp];
    const u64 target = load<u64, vector::SS>(s, i, 0, top);
    const u16 code = static_cast<u16>(load<u64, vector::SS>(s, i, 1, top + 8));
    if (!is_kernel_code(s, code)) general_protection(i, code & 0xFFFC);
    if (!is_canonical(target)) general_protection(i);
    s.rip = target;
    s.sys.selector[kCs] = code;
    s.r[kRsp] = top + 16 + i->imm;
}

void popf(State& s, const Insn* i) {
    const u64 value = load<u64, vector::SS>(s, i, 0, s.r[kRsp]);
    s.r[kRsp] += 8;
    s.set_rflags(value);
}
void popf16(State& s, const Insn* i) {
    const u16 value = load<u16, vector::SS>(s, i, 0, s.r[kRsp]);
    s.r[kRsp] += 2;
    s.set_rflags((s.rflags() & ~u64{0xFFFF}) | value);
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
    const u64 address = effective_address(s, i);
    Slow::store<u16>(s, i, 0, address, (s.sys.*Table).limit);
    Slow::store<u64>(s, i, 1, address + 2, (s.sys.*Table).base);
}

void lldt(State& s, const Insn* i) { s.sys.ldtr = operand<u16>(s, i); }

/// Task register: the TSS gives the stacks of gates that name one (SDM volume 3, 7.7).
void ltr(State& s, const Insn* i) {
    const u16 selector = operand<u16>(s, i);
    u64 descriptor[2];
    if ((selector & 0xFFFC) == 0) general_protection(i);
    if ((selector & 4) != 0 || !read_table(s, s.sys.gdtr, selector & 0xFFF8U, descriptor, 16)) {
        general_protection(i, selector & 0xFFFC);
    }
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

void store_selector(State& s, const Insn* i, u16 value) {
    if ((i->imm & kMemoryOperand) != 0) {
        Slow::store<u16>(s, i, 0, effective_address(s, i), value);
    } else if (i->scale == 1) {
        put<u16>(s, i->dst, value);
    } else {
        s.r[i->dst] = value;
    }
}

void sldt(State& s, const Insn* i) { store_selector(s, i, s.sys.ldtr); }
void str(State& s, const Insn* i) { store_selector(s, i, s.sys.tr); }
void read_segment(State& s, const Insn* i) { store_selector(s, i, s.sys.selector[i->imm & 7]); }

void set_segment(State& s, const Insn* i, unsigned number, u16 selector) {
    u64 base = 0;
    if ((selector & 0xFFFC) != 0 && has_gdt(s)) {
        const std::optional<u64> descriptor = segment_descriptor(s, selector);
        if (!descriptor) general_protection(i, selector & 0xFFFC);
        if (((*descriptor >> 47) & 1) == 0) {
            throw Fault{number == kSs ? vector::SS : vector::NP, i, true, selector & 0xFFFCU};
        }
        base = descriptor_base(*descriptor);
    }
    s.sys.selector[number] = selector;
    if (number == kFs) s.sys.fs_base = base;
    if (number == kGs) s.sys.gs_base = base;
    if (number == kSs) s.shadow = true;
}

void write_segment(State& s, const Insn* i) {
    const unsigned number = i->imm & 7;
    if (number == kCs) undefined(s, i);
    set_segment(s, i, number, operand<u16>(s, i));
}

void push_segment(State& s, const Insn* i) {
    const u64 top = s.r[kRsp] - 8;
    Slow::store<u64, vector::SS>(s, i, 0, top, s.sys.selector[i->imm & 7]);
    s.r[kRsp] = top;
}
void pop_segment(State& s, const Insn* i) {
    const u64 value = load<u64, vector::SS>(s, i, 0, s.r[kRsp]);
    set_segment(s, i, i->imm & 7, static_cast<u16>(value));
    s.r[kRsp] += 8;
}

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
            undefined(s, i);
    }
}

/// 64-bit mode stays on: clearing what it needs is a fault (SDM volume 3, 2.5, 4.1.1).
void write_cr(State& s, const Insn* i) {
    const u64 value = s.r[i->src];
    constexpr u64 kPgPe = 0x80000001;
    constexpr u64 kPae = 0x20;
    switch (i->imm & 0xF) {
        case 0:
            if ((value & kPgPe) != kPgPe || (value >> 32) != 0) general_protection(i);
            s.sys.cr0 = value | 0x10;
            break;
        case 2:
            s.sys.cr2 = value;
            break;
        case 3:
            s.sys.cr3 = value;
            break;
        case 4:
            if ((value & kPae) == 0 || (value >> 32) != 0) general_protection(i);
            s.sys.cr4 = value;
            break;
        case 8:
            if (value > 15) general_protection(i);
            s.services->task_priority(static_cast<u8>(value << 4));
            break;
        default:
            undefined(s, i);
    }
}

void rdmsr(State& s, const Insn*) {
    const u64 value = read_msr(s, static_cast<u32>(s.r[1]));
    put<u32>(s, 0, static_cast<u32>(value));
    put<u32>(s, 2, static_cast<u32>(value >> 32));
}
void wrmsr(State& s, const Insn* i) {
    const u64 value = (s.r[2] << 32) | static_cast<u32>(s.r[0]);
    if (!write_msr(s, static_cast<u32>(s.r[1]), value)) general_protection(i);
}
void swapgs(State& s, const Insn*) { std::swap(s.sys.gs_base, s.sys.kernel_gs_base); }

void cpuid(State& s, const Insn*) {
    const CpuidAnswer answer = cpuid_leaf(static_cast<u32>(s.r[0]), static_cast<u32>(s.r[1]));
    put<u32>(s, 0, answer.eax);
    put<u32>(s, 3, answer.ebx);
    put<u32>(s, 1, answer.ecx);
    put<u32>(s, 2, answer.edx);
}

void rdtsc(State& s, const Insn*) {
    const u64 now = s.services->time_stamp();
    put<u32>(s, 0, static_cast<u32>(now));
    put<u32>(s, 2, static_cast<u32>(now >> 32));
}
void rdtscp(State& s, const Insn* i) {
    rdtsc(s, i);
    put<u32>(s, 1, static_cast<u32>(s.sys.tsc_aux));
}

/// Flags that change nothing but themselves: no end of a block.
template <u64 Flag, bool Set>
struct SystemFlag {
    template <class Access>
    static bool run(State& s, const Insn*) {
        s.system_flags = Set ? s.system_flags | Flag : s.system_flags & ~Flag;
        return true;
    }
};

}  // namespace

Handler system_handler(SystemOp op) {
    switch (op) {
        case SystemOp::hlt:
            return &system<hlt>;
        case SystemOp::cli:
            return &plain_step<SystemFlag<rflag::IF, false>>;
        case SystemOp::sti:
            return &system<sti>;
        case SystemOp::cld:
            return &plain_step<SystemFlag<rflag::DF, false>>;
        case SystemOp::std_:
            return &plain_step<SystemFlag<rflag::DF, true>>;
        case SystemOp::int_:
            return &system<interrupt>;
        case SystemOp::iretq:
            return &system<iretq>;
        case SystemOp::lretq:
            return &system<lretq>;
        case SystemOp::popf:
            return &system<popf>;
        case SystemOp::popf16:
            return &system<popf16>;
        case SystemOp::undefined:
            return &system<undefined>;
        case SystemOp::outside:
            return &system<outside>;
        case SystemOp::lgdt:
            return &system<load_table<&System::gdtr>>;
        case SystemOp::lidt:
            return &system<load_table<&System::idtr>>;
        case SystemOp::sgdt:
            return &system<store_table<&System::gdtr>>;
        case SystemOp::sidt:
            return &system<store_table<&System::idtr>>;
        case SystemOp::lldt:
            return &system<lldt>;
        case SystemOp::ltr:
            return &system<ltr>;
        case SystemOp::sldt:
            return &system<sldt>;
        case SystemOp::str:
            return &system<str>;
        case SystemOp::read_cr:
            return &system<read_cr>;
        case SystemOp::write_cr:
            return &system<write_cr>;
        case SystemOp::read_segment:
            return &system<read_segment>;
        case SystemOp::write_segment:
            return &system<write_segment>;
        case SystemOp::push_segment:
            return &system<push_segment>;
        case SystemOp::pop_segment:
            return &system<pop_segment>;
        case SystemOp::rdmsr:
            return &system<rdmsr>;
        case SystemOp::wrmsr:
            return &system<wrmsr>;
        case SystemOp::swapgs:
            return &system<swapgs>;
        case SystemOp::cpuid:
            return &system<cpuid>;
        case SystemOp::rdtsc:
            return &system<rdtsc>;
        case SystemOp::rdtscp:
            return &system<rdtscp>;
    }
    return nullptr;
}

}  // namespace turnpike::cpu
