// SPDX-License-Identifier: Apache-2.0
// Interrupt flag, MSRs, CPUID, counters and ports; and the handlers of all system instructions. Most end their block.
#include <algorithm>
#include <iterator>

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
        const u64 address = effective_address(s, i);
        if constexpr (std::is_same_v<Access, Fast>) {
            u8 byte;
            return Access::load(s, i, 0, address, byte);
        } else {
            s.services->check_readable(i, address, i->slot);
            return true;
        }
    }
};

struct Entry {
    SystemOp op;
    Handler run;
};

constexpr Entry kHandlers[] = {
    {SystemOp::hlt, &privileged<hlt>},
    {SystemOp::cli, &plain_step<SystemFlag<rflag::IF, false>>},
    {SystemOp::sti, &system<sti>},
    {SystemOp::cld, &plain_step<SystemFlag<rflag::DF, false>>},
    {SystemOp::std_, &plain_step<SystemFlag<rflag::DF, true>>},
    {SystemOp::int_, &system<int_n>},
    {SystemOp::iretq, &system<iretq>},
    {SystemOp::lretq, &system<lretq>},
    {SystemOp::popf, &system<popf>},
    {SystemOp::popf16, &system<popf16>},
    {SystemOp::undefined, &system<undefined>},
    {SystemOp::outside, &system<outside>},
    {SystemOp::lgdt, &privileged<lgdt>},
    {SystemOp::lidt, &privileged<lidt>},
    {SystemOp::sgdt, &system<sgdt>},
    {SystemOp::sidt, &system<sidt>},
    {SystemOp::lldt, &privileged<lldt>},
    {SystemOp::ltr, &privileged<ltr>},
    {SystemOp::sldt, &system<sldt>},
    {SystemOp::str, &system<str>},
    {SystemOp::read_cr, &privileged<read_cr>},
    {SystemOp::write_cr, &privileged<write_cr>},
    {SystemOp::read_segment, &system<read_segment>},
    {SystemOp::write_segment, &system<write_segment>},
    {SystemOp::push_segment, &system<push_segment>},
    {SystemOp::pop_segment, &system<pop_segment>},
    {SystemOp::rdmsr, &privileged<rdmsr>},
    {SystemOp::wrmsr, &privileged<wrmsr>},
    {SystemOp::swapgs, &privileged<swapgs>},
    {SystemOp::cpuid, &system<cpuid>},
    {SystemOp::rdtsc, &system<rdtsc>},
    {SystemOp::rdtscp, &system<rdtscp>},
    {SystemOp::int1, &system<int1>},
    {SystemOp::sysretq, &system<sysretq>},
    {SystemOp::syscall, &system<syscall>},
    {SystemOp::read_dr, &privileged<read_dr>},
    {SystemOp::write_dr, &privileged<write_dr>},
    {SystemOp::clts, &privileged<clts>},
    {SystemOp::invlpg, &privileged<invlpg>},
    {SystemOp::read_base, &system<read_base>},
    {SystemOp::write_base, &system<write_base>},
    {SystemOp::rdpmc, &system<rdpmc>},
    {SystemOp::in, &system<in>},
    {SystemOp::out, &system<out>},
    {SystemOp::write_back, &privileged<no_effect>},
    {SystemOp::flush_line, &step<TouchLine>},
};

}  // namespace

Handler system_handler(SystemOp op) {
    const auto* const found =
        std::find_if(std::begin(kHandlers), std::end(kHandlers), [&](const Entry& entry) { return entry.op == op; });
    return found != std::end(kHandlers) ? found->run : nullptr;
}

}  // namespace turnpike::cpu
