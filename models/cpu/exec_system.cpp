// SPDX-License-Identifier: Apache-2.0
// Interrupt flag, MSRs, CPUID, counters and ports; and the handlers of all system instructions. Most end their block.
#include "models/cpu/cpuid.h"
#include "models/cpu/msr.h"
#include "models/cpu/system_ops.h"

namespace turnpike::cpu {
namespace {

/// Wraps an operation on the state: RIP goes to the next instruction unless the operation moves it.
template <auto Operation>
const Insn* system(State& s, const Insn* i) {
    const u64 behind = s.block_rip + i->end;
    s.rip = behind;
    Operation(s, i);
    return i;
}

/// The same for instructions of privilege 0 (SDM volume 3, 5.9).
template <auto Operation>
const Insn* privileged(State& s, const Insn* i) {
    if (cpl(s) != 0) [[unlikely]] {
        general_protection(i);
    }
    return system<Operation>(s, i);
}

void no_effect(State&, const Insn*) {}
void hlt(State& s, const Insn*) { s.halted = true; }
void sti(State& s, const Insn* i) {
    if (cpl(s) > io_privilege(s)) general_protection(i);
    s.shadow = (s.system_flags & rflag::IF) == 0;
    s.system_flags |= rflag::IF;
}
void undefined(State&, const Insn* i) { undefined_opcode(i); }
void outside(State&, const Insn* i) { general_protection(i); }

void rdmsr(State& s, const Insn*) {
    const u64 value = read_msr(s, static_cast<u32>(s.r[1]));
    put<u32>(s, 0, static_cast<u32>(value));
    put<u32>(s, 2, static_cast<u32>(value >> 32));
}
void wrmsr(State& s, const Insn* i) {
    const u64 value = (s.r[2] << 32) | static_cast<u32>(s.r[0]);
    if (!write_msr(s, static_cast<u32>(s.r[1]), value)) general_protection(i);
}

void cpuid(State& s, const Insn*) {
    const CpuidAnswer answer = cpuid_leaf(s.services->identity(), static_cast<u32>(s.r[0]), static_cast<u32>(s.r[1]));
    put<u32>(s, 0, answer.eax);
    put<u32>(s, 3, answer.ebx);
    put<u32>(s, 1, answer.ecx);
    put<u32>(s, 2, answer.edx);
}

void rdtsc(State& s, const Insn* i) {
    if (cpl(s) != 0 && (s.sys.cr4 & cr4::TSD) != 0) general_protection(i);
    const u64 now = s.services->time_stamp();
    put<u32>(s, 0, static_cast<u32>(now));
    put<u32>(s, 2, static_cast<u32>(now >> 32));
}
void rdtscp(State& s, const Insn* i) {
    rdtsc(s, i);
    put<u32>(s, 1, static_cast<u32>(s.sys.tsc_aux));
}
void rdpmc(State& s, const Insn* i) {
    if (cpl(s) != 0 && (s.sys.cr4 & cr4::PCE) == 0) general_protection(i);
    u64 value;
    if (!s.services->read_counter(static_cast<u32>(s.r[1]), value)) general_protection(i);
    put<u32>(s, 0, static_cast<u32>(value));
    put<u32>(s, 2, static_cast<u32>(value >> 32));
}

/// Above IOPL the TSS says which ports may be used (SDM volume 1, 19.5.2).
bool port_allowed(State& s, u16 port, unsigned bytes) {
    if (cpl(s) <= io_privilege(s)) return true;
    constexpr u64 kMapBase = 0x66;
    u16 base = 0;
    if (s.sys.tss_limit < kMapBase + 1 || !s.services->read_system(s.sys.tss_base + kMapBase, &base, 2)) return false;
    const u64 at = base + port / 8U;
    u16 bits = 0;
    if (at + 1 > s.sys.tss_limit || !s.services->read_system(s.sys.tss_base + at, &bits, 2)) return false;
    return ((bits >> (port % 8)) & ((1U << bytes) - 1)) == 0;
}

/// `imm`: the port, or bit 16: it is in DX; `scale`: bytes.
u16 port_of(State& s, const Insn* i) {
    constexpr u64 kInDx = 0x10000;
    const u16 port = static_cast<u16>((i->imm & kInDx) != 0 ? s.r[2] : i->imm);
    if (!on_behalf_of(i, [&] { return port_allowed(s, port, i->scale); })) general_protection(i);
    return port;
}

void in(State& s, const Insn* i) {
    u32 value = 0;
    s.services->port_read(port_of(s, i), &value, i->scale);
    if (i->scale == 1) put<u8>(s, 0, static_cast<u8>(value));
    if (i->scale == 2) put<u16>(s, 0, static_cast<u16>(value));
    if (i->scale == 4) put<u32>(s, 0, value);
}
void out(State& s, const Insn* i) {
    const u32 value = static_cast<u32>(s.r[0]);
    s.services->port_write(port_of(s, i), &value, i->scale);
}

/// Flags that change nothing but themselves: no end of a block.
template <u64 Flag, bool Set>
struct SystemFlag {
    template <class Access>
    static bool run(State& s, const Insn* i) {
        if (Flag == rflag::IF && cpl(s) > io_privilege(s)) general_protection(i);
        s.system_flags = Set ? s.system_flags | Flag : s.system_flags & ~Flag;
        return true;
    }
};

/// CLFLUSH and the like read nothing, but must be allowed to (SDM volume 2, CLFLUSH).
struct TouchLine {
    template <class Access>
    static bool run(State& s, const Insn* i) {
        u8 byte;
        return Access::load(s, i, 0, effective_address(s, i), byte);
    }
};

}  // namespace

Handler system_handler(SystemOp op) {
    switch (op) {
        case SystemOp::hlt:
            return &privileged<hlt>;
        case SystemOp::cli:
            return &plain_step<SystemFlag<rflag::IF, false>>;
        case SystemOp::sti:
            return &system<sti>;
        case SystemOp::cld:
            return &plain_step<SystemFlag<rflag::DF, false>>;
        case SystemOp::std_:
            return &plain_step<SystemFlag<rflag::DF, true>>;
        case SystemOp::int_:
            return &system<int_n>;
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
            return &privileged<lgdt>;
        case SystemOp::lidt:
            return &privileged<lidt>;
        case SystemOp::sgdt:
            return &system<sgdt>;
        case SystemOp::sidt:
            return &system<sidt>;
        case SystemOp::lldt:
            return &privileged<lldt>;
        case SystemOp::ltr:
            return &privileged<ltr>;
        case SystemOp::sldt:
            return &system<sldt>;
        case SystemOp::str:
            return &system<str>;
        case SystemOp::read_cr:
            return &privileged<read_cr>;
        case SystemOp::write_cr:
            return &privileged<write_cr>;
        case SystemOp::read_segment:
            return &system<read_segment>;
        case SystemOp::write_segment:
            return &system<write_segment>;
        case SystemOp::push_segment:
            return &system<push_segment>;
        case SystemOp::pop_segment:
            return &system<pop_segment>;
        case SystemOp::rdmsr:
            return &privileged<rdmsr>;
        case SystemOp::wrmsr:
            return &privileged<wrmsr>;
        case SystemOp::swapgs:
            return &privileged<swapgs>;
        case SystemOp::cpuid:
            return &system<cpuid>;
        case SystemOp::rdtsc:
            return &system<rdtsc>;
        case SystemOp::rdtscp:
            return &system<rdtscp>;
        case SystemOp::int1:
            return &system<int1>;
        case SystemOp::sysretq:
            return &system<sysretq>;
        case SystemOp::syscall:
            return &system<syscall>;
        case SystemOp::read_dr:
            return &privileged<read_dr>;
        case SystemOp::write_dr:
            return &privileged<write_dr>;
        case SystemOp::clts:
            return &privileged<clts>;
        case SystemOp::invlpg:
            return &privileged<invlpg>;
        case SystemOp::read_base:
            return &system<read_base>;
        case SystemOp::write_base:
            return &system<write_base>;
        case SystemOp::rdpmc:
            return &system<rdpmc>;
        case SystemOp::in:
            return &system<in>;
        case SystemOp::out:
            return &system<out>;
        case SystemOp::write_back:
            return &privileged<no_effect>;
        case SystemOp::flush_line:
            return &step<TouchLine>;
    }
    return nullptr;
}

}  // namespace turnpike::cpu
