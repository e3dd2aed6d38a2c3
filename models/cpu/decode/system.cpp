// SPDX-License-Identifier: Apache-2.0
// Decoding of system instructions, hints and fences.
#include <optional>

#include "models/cpu/decode/groups.h"

namespace turnpike::cpu {
namespace {

constexpr u64 kMemoryOperand = 0x100;  ///< as in exec_system.cpp

/// A system instruction in a block of its own.
void alone(Source& source, SystemOp op, OpClass cls = OpClass::serialising) {
    source.out.flow = op == SystemOp::iretq ? Flow::alone_ret : Flow::alone;
    source.out.cls = cls;
    source.out.sets_rip = true;
    source.out.step.run = system_handler(op);
}

/// The operand `n` of a system instruction: a register, or memory of `bytes`.
bool operand(Source& source, unsigned n, unsigned bytes, bool write) {
    Kind kind;
    if (!source.kind_of(n, kind) || kind == Kind::imm) return false;
    if (kind == Kind::mem) {
        source.access(bytes, write);
        source.out.step.imm |= kMemoryOperand;
    } else {
        source.out.step.src = source.out.step.dst = source.number(n);
        source.out.step.scale = source.operands[n].size == 16 ? 1 : 0;  // the handler's sign for a 16-bit register
    }
    return true;
}

void table(Source& source, SystemOp op, bool write) {
    if (!source.use_memory(source.operands[0])) return;
    source.access(2, write);
    source.access(8, write);
    alone(source, op);
}

void selector(Source& source, SystemOp op, bool write) {
    if (!operand(source, 0, 2, write)) return;
    alone(source, op);
}

std::optional<unsigned> segment_of(const ZydisDecodedOperand& operand) {
    if (operand.type != ZYDIS_OPERAND_TYPE_REGISTER) return std::nullopt;
    switch (operand.reg.value) {
        case ZYDIS_REGISTER_ES:
            return kEs;
        case ZYDIS_REGISTER_CS:
            return kCs;
        case ZYDIS_REGISTER_SS:
            return kSs;
        case ZYDIS_REGISTER_DS:
            return kDs;
        case ZYDIS_REGISTER_FS:
            return kFs;
        case ZYDIS_REGISTER_GS:
            return kGs;
        default:
            return std::nullopt;
    }
}

std::optional<unsigned> control_of(const ZydisDecodedOperand& operand) {
    if (operand.type != ZYDIS_OPERAND_TYPE_REGISTER) return std::nullopt;
    if (operand.reg.value < ZYDIS_REGISTER_CR0 || operand.reg.value > ZYDIS_REGISTER_CR15) return std::nullopt;
    return static_cast<unsigned>(operand.reg.value - ZYDIS_REGISTER_CR0);
}

std::optional<unsigned> debug_of(const ZydisDecodedOperand& operand) {
    if (operand.type != ZYDIS_OPERAND_TYPE_REGISTER) return std::nullopt;
    if (operand.reg.value < ZYDIS_REGISTER_DR0 || operand.reg.value > ZYDIS_REGISTER_DR15) return std::nullopt;
    return static_cast<unsigned>(operand.reg.value - ZYDIS_REGISTER_DR0);
}

/// MOV from and to segment, control and debug registers.
void special_mov(Source& source) {
    if (const auto number = segment_of(source.operands[0])) {
        if (!operand(source, 1, 2, false)) return;
        source.out.step.imm |= *number;
        alone(source, SystemOp::write_segment);
    } else if (const auto from = segment_of(source.operands[1])) {
        if (!operand(source, 0, 2, true)) return;
        source.out.step.imm |= *from;
        alone(source, SystemOp::read_segment, OpClass::simple);
    } else if (const auto control = control_of(source.operands[0])) {
        source.out.step.src = source.number(1);
        source.out.step.imm = *control;
        alone(source, SystemOp::write_cr);
    } else if (const auto read = control_of(source.operands[1])) {
        source.out.step.dst = source.number(0);
        source.out.step.imm = *read;
        alone(source, SystemOp::read_cr);
    } else if (const auto debug = debug_of(source.operands[0])) {
        source.out.step.src = source.number(1);
        source.out.step.imm = *debug;
        alone(source, SystemOp::write_dr);
    } else if (const auto debug_read = debug_of(source.operands[1])) {
        source.out.step.dst = source.number(0);
        source.out.step.imm = *debug_read;
        alone(source, SystemOp::read_dr);
    }
}

void segment_on_stack(Source& source, bool push) {
    const auto number = segment_of(source.operands[0]);
    if (!number || source.insn.operand_width != 64) return;
    source.out.step.imm = *number;
    source.access(8, push);
    alone(source, push ? SystemOp::push_segment : SystemOp::pop_segment);
}

void interrupt(Source& source, u64 number) {
    source.out.step.imm = number;
    alone(source, SystemOp::int_);
}

void stack_words(Source& source, unsigned words) {
    for (unsigned n = 0; n < words; ++n) source.access(8, false);
}

/// RDFSBASE and the like.
void base(Source& source, unsigned segment, bool write) {
    source.out.step.src = source.out.step.dst = source.number(0);
    source.out.step.imm = segment | (source.operands[0].size == 64 ? kMemoryOperand : 0);
    alone(source, write ? SystemOp::write_base : SystemOp::read_base);
}

/// IN and OUT: the port is DX or an immediate.
void port(Source& source, bool out) {
    const ZydisDecodedOperand& number = source.operands[out ? 0 : 1];
    const ZydisDecodedOperand& data = source.operands[out ? 1 : 0];
    constexpr u64 kInDx = 0x10000;
    source.out.step.imm = number.type == ZYDIS_OPERAND_TYPE_IMMEDIATE ? number.imm.value.u & 0xFF : kInDx;
    source.out.step.scale = static_cast<u8>(data.size / 8);
    alone(source, out ? SystemOp::out : SystemOp::in);
}

void flush_line(Source& source) {
    Kind kind;
    if (!source.kind_of(0, kind) || kind != Kind::mem) return;
    source.access(1, false);
    source.out.cls = OpClass::serialising;
    source.out.step.run = system_handler(SystemOp::flush_line);
}

/// Changes nothing that the model has.
void nothing(Source& source, OpClass cls) {
    source.out.cls = cls;
    source.out.step.run = nop_handler();
}

void flag(Source& source, SystemOp op) { source.out.step.run = system_handler(op); }

/// Instructions in a block of their own without operands to decode.
struct Alone {
    ZydisMnemonic mnemonic;
    SystemOp op;
    OpClass cls;
};

constexpr Alone kAlone[] = {
    {ZYDIS_MNEMONIC_RDMSR, SystemOp::rdmsr, OpClass::serialising},
    {ZYDIS_MNEMONIC_WRMSR, SystemOp::wrmsr, OpClass::serialising},
    {ZYDIS_MNEMONIC_SWAPGS, SystemOp::swapgs, OpClass::serialising},
    {ZYDIS_MNEMONIC_INVD, SystemOp::write_back, OpClass::serialising},
    {ZYDIS_MNEMONIC_WBINVD, SystemOp::write_back, OpClass::serialising},
    {ZYDIS_MNEMONIC_CLTS, SystemOp::clts, OpClass::serialising},
    {ZYDIS_MNEMONIC_HLT, SystemOp::hlt, OpClass::simple},
    {ZYDIS_MNEMONIC_STI, SystemOp::sti, OpClass::simple},
    {ZYDIS_MNEMONIC_INT1, SystemOp::int1, OpClass::serialising},
    {ZYDIS_MNEMONIC_SYSCALL, SystemOp::syscall, OpClass::serialising},
    {ZYDIS_MNEMONIC_RDPMC, SystemOp::rdpmc, OpClass::serialising},
    {ZYDIS_MNEMONIC_CPUID, SystemOp::cpuid, OpClass::serialising},
    {ZYDIS_MNEMONIC_RDTSC, SystemOp::rdtsc, OpClass::simple},
    {ZYDIS_MNEMONIC_RDTSCP, SystemOp::rdtscp, OpClass::simple},
};

bool decode_alone(Source& source) {
    for (const Alone& entry : kAlone) {
        if (entry.mnemonic != source.insn.mnemonic) continue;
        alone(source, entry.op, entry.cls);
        return true;
    }
    return false;
}

bool decode_privileged(Source& source) {
    switch (source.insn.mnemonic) {
        case ZYDIS_MNEMONIC_LGDT:
            table(source, SystemOp::lgdt, false);
            return true;
        case ZYDIS_MNEMONIC_LIDT:
            table(source, SystemOp::lidt, false);
            return true;
        case ZYDIS_MNEMONIC_SGDT:
            table(source, SystemOp::sgdt, true);
            return true;
        case ZYDIS_MNEMONIC_SIDT:
            table(source, SystemOp::sidt, true);
            return true;
        case ZYDIS_MNEMONIC_LLDT:
            selector(source, SystemOp::lldt, false);
            return true;
        case ZYDIS_MNEMONIC_LTR:
            selector(source, SystemOp::ltr, false);
            return true;
        case ZYDIS_MNEMONIC_SLDT:
            selector(source, SystemOp::sldt, true);
            return true;
        case ZYDIS_MNEMONIC_STR:
            selector(source, SystemOp::str, true);
            return true;
        case ZYDIS_MNEMONIC_MOV:
            special_mov(source);
            return true;
        case ZYDIS_MNEMONIC_PUSH:
            segment_on_stack(source, true);
            return true;
        case ZYDIS_MNEMONIC_POP:
            segment_on_stack(source, false);
            return true;
        case ZYDIS_MNEMONIC_INVLPG:
            if (source.use_memory(source.operands[0])) alone(source, SystemOp::invlpg);
            return true;
        default:
            return false;
    }
}

/// 0F 0D with a register: a NOP of Intel's processors, #UD on AMD's (APM volume 3, PREFETCHW).
bool is_prefetch_of_register(const Source& source) {
    const ZydisDecodedInstruction& insn = source.insn;
    return source.maker == Maker::amd && insn.opcode_map == ZYDIS_OPCODE_MAP_0F && insn.opcode == 0x0D &&
           insn.raw.modrm.mod == 3;
}

bool decode_plain(Source& source) {
    switch (source.insn.mnemonic) {
        case ZYDIS_MNEMONIC_NOP:
            if (is_prefetch_of_register(source)) return false;
            nothing(source, OpClass::simple);
            return true;
        case ZYDIS_MNEMONIC_ENDBR64:
        case ZYDIS_MNEMONIC_ENDBR32:
        case ZYDIS_MNEMONIC_PREFETCH:
        case ZYDIS_MNEMONIC_PREFETCHNTA:
        case ZYDIS_MNEMONIC_PREFETCHT0:
        case ZYDIS_MNEMONIC_PREFETCHT1:
        case ZYDIS_MNEMONIC_PREFETCHT2:
        case ZYDIS_MNEMONIC_PREFETCHW:
        case ZYDIS_MNEMONIC_PREFETCHWT1:
        case ZYDIS_MNEMONIC_PAUSE:
        // Hints to units that the model does not have (shadow stacks, bounds, cache demotion): opcodes reserved for
        // NOP.
        case ZYDIS_MNEMONIC_RDSSPD:
        case ZYDIS_MNEMONIC_RDSSPQ:
        case ZYDIS_MNEMONIC_CLDEMOTE:
        case ZYDIS_MNEMONIC_BNDCL:
        case ZYDIS_MNEMONIC_BNDCN:
        case ZYDIS_MNEMONIC_BNDCU:
        case ZYDIS_MNEMONIC_BNDLDX:
        case ZYDIS_MNEMONIC_BNDMK:
        case ZYDIS_MNEMONIC_BNDMOV:
        case ZYDIS_MNEMONIC_BNDSTX:
            nothing(source, OpClass::simple);
            return true;
        case ZYDIS_MNEMONIC_MFENCE:
        case ZYDIS_MNEMONIC_LFENCE:
        case ZYDIS_MNEMONIC_SFENCE:
            nothing(source, OpClass::serialising);
            return true;
        case ZYDIS_MNEMONIC_CLFLUSH:
        case ZYDIS_MNEMONIC_CLFLUSHOPT:
        case ZYDIS_MNEMONIC_CLWB:
            flush_line(source);
            return true;
        case ZYDIS_MNEMONIC_CLC:
            source.out.step.run = carry_flag_handler(0);
            return true;
        case ZYDIS_MNEMONIC_STC:
            source.out.step.run = carry_flag_handler(1);
            return true;
        case ZYDIS_MNEMONIC_CMC:
            source.out.step.run = carry_flag_handler(2);
            return true;
        case ZYDIS_MNEMONIC_CLD:
            flag(source, SystemOp::cld);
            return true;
        case ZYDIS_MNEMONIC_STD:
            flag(source, SystemOp::std_);
            return true;
        case ZYDIS_MNEMONIC_CLI:
            flag(source, SystemOp::cli);
            return true;
        default:
            return false;
    }
}

}  // namespace

bool decode_system(Source& source) {
    if (decode_plain(source) || decode_alone(source) || decode_privileged(source)) return true;
    switch (source.insn.mnemonic) {
        case ZYDIS_MNEMONIC_INT:
            interrupt(source, source.operands[0].imm.value.u & 0xFF);
            return true;
        case ZYDIS_MNEMONIC_INT3:
            interrupt(source, vector::BP);
            return true;
        case ZYDIS_MNEMONIC_IRETQ:
            stack_words(source, 5);
            alone(source, SystemOp::iretq);
            return true;
        case ZYDIS_MNEMONIC_POPFQ:
            stack_words(source, 1);
            alone(source, SystemOp::popf, OpClass::simple);
            return true;
        case ZYDIS_MNEMONIC_POPF:
            source.access(2, false);
            alone(source, SystemOp::popf16, OpClass::simple);
            return true;
        case ZYDIS_MNEMONIC_SYSRET:
            if (source.insn.operand_width == 64) alone(source, SystemOp::sysretq);
            return true;
        case ZYDIS_MNEMONIC_IN:
            port(source, false);
            return true;
        case ZYDIS_MNEMONIC_OUT:
            port(source, true);
            return true;
        case ZYDIS_MNEMONIC_RDFSBASE:
            base(source, kFs, false);
            return true;
        case ZYDIS_MNEMONIC_RDGSBASE:
            base(source, kGs, false);
            return true;
        case ZYDIS_MNEMONIC_WRFSBASE:
            base(source, kFs, true);
            return true;
        case ZYDIS_MNEMONIC_WRGSBASE:
            base(source, kGs, true);
            return true;
        default:
            return false;
    }
}

}  // namespace turnpike::cpu
