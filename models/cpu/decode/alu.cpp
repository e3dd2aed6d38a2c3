// SPDX-License-Identifier: Apache-2.0
// Decoding of arithmetic, shifts, multiplication, division and the atomic forms.
#include <optional>

#include "models/cpu/decode/groups.h"

namespace turnpike::cpu {
namespace {

std::optional<Alu> alu_of(ZydisMnemonic mnemonic) {
    switch (mnemonic) {
        case ZYDIS_MNEMONIC_ADD:
            return Alu::add;
        case ZYDIS_MNEMONIC_OR:
            return Alu::or_;
        case ZYDIS_MNEMONIC_ADC:
            return Alu::adc;
        case ZYDIS_MNEMONIC_SBB:
            return Alu::sbb;
        case ZYDIS_MNEMONIC_AND:
            return Alu::and_;
        case ZYDIS_MNEMONIC_SUB:
            return Alu::sub;
        case ZYDIS_MNEMONIC_XOR:
            return Alu::xor_;
        case ZYDIS_MNEMONIC_CMP:
            return Alu::cmp;
        case ZYDIS_MNEMONIC_TEST:
            return Alu::test;
        default:
            return std::nullopt;
    }
}

std::optional<Unary> unary_of(ZydisMnemonic mnemonic) {
    switch (mnemonic) {
        case ZYDIS_MNEMONIC_INC:
            return Unary::inc;
        case ZYDIS_MNEMONIC_DEC:
            return Unary::dec;
        case ZYDIS_MNEMONIC_NEG:
            return Unary::neg;
        case ZYDIS_MNEMONIC_NOT:
            return Unary::not_;
        default:
            return std::nullopt;
    }
}

std::optional<Shift> shift_of(ZydisMnemonic mnemonic) {
    switch (mnemonic) {
        case ZYDIS_MNEMONIC_ROL:
            return Shift::rol;
        case ZYDIS_MNEMONIC_ROR:
            return Shift::ror;
        case ZYDIS_MNEMONIC_RCL:
            return Shift::rcl;
        case ZYDIS_MNEMONIC_RCR:
            return Shift::rcr;
        case ZYDIS_MNEMONIC_SHL:
            return Shift::shl;
        case ZYDIS_MNEMONIC_SHR:
            return Shift::shr;
        case ZYDIS_MNEMONIC_SAR:
            return Shift::sar;
        default:
            return std::nullopt;
    }
}

std::optional<Widening> widening_of(ZydisMnemonic mnemonic) {
    switch (mnemonic) {
        case ZYDIS_MNEMONIC_MUL:
            return Widening::mul;
        case ZYDIS_MNEMONIC_IMUL:
            return Widening::imul;
        case ZYDIS_MNEMONIC_DIV:
            return Widening::div;
        case ZYDIS_MNEMONIC_IDIV:
            return Widening::idiv;
        default:
            return std::nullopt;
    }
}

/// Enters the accesses of a target that is read, and written unless `read_only`.
void target_accesses(Source& source, Kind target, unsigned size, bool read_only) {
    if (target != Kind::mem) return;
    source.access(1U << size, false);
    if (!read_only) source.access(1U << size, true);
    if (source.locked()) source.out.cls = OpClass::locked;
}

void binary(Source& source, Alu op) {
    Kind target;
    Kind from;
    const unsigned size = source.size_of(0);
    if (!source.take(0, target, &Insn::dst) || !source.take(1, from, &Insn::src)) return;
    const bool read_only = op == Alu::cmp || op == Alu::test;
    target_accesses(source, target, size, read_only);
    if (from == Kind::mem) source.access(1U << size, false);
    source.out.step.run = alu_handler(op, size, target, from);
}

void unary(Source& source, Unary op) {
    Kind target;
    const unsigned size = source.size_of(0);
    if (!source.take(0, target, &Insn::dst)) return;
    target_accesses(source, target, size, false);
    source.out.step.run = unary_handler(op, size, target);
}

bool count_operand(Source& source, unsigned n, bool& by_cl) {
    Kind kind;
    if (!source.kind_of(n, kind)) return false;
    by_cl = kind == Kind::reg;
    return kind != Kind::mem;
}

void shift(Source& source, Shift op) {
    Kind target;
    bool by_cl = false;
    const unsigned size = source.size_of(0);
    if (!source.take(0, target, &Insn::dst) || !count_operand(source, 1, by_cl)) return;
    target_accesses(source, target, size, false);
    source.out.step.run = shift_handler(op, size, target, by_cl);
}

void double_shift(Source& source, bool left) {
    Kind target;
    bool by_cl = false;
    const unsigned size = source.size_of(0);
    if (!source.take(0, target, &Insn::dst) || !count_operand(source, 2, by_cl)) return;
    source.out.step.src = source.number(1);
    target_accesses(source, target, size, false);
    source.out.step.run = double_shift_handler(left, size, target, by_cl);
}

void widening(Source& source, Widening op) {
    Kind from;
    const unsigned size = source.size_of(0);
    if (!source.take(0, from, &Insn::src)) return;
    if (from == Kind::mem) source.access(1U << size, false);
    source.out.cls = op == Widening::div || op == Widening::idiv ? OpClass::div : OpClass::mul;
    source.out.step.run = widening_handler(op, size, from);
}

/// IMUL with two or three operands.
void imul(Source& source) {
    Kind from;
    const unsigned size = source.size_of(0);
    const bool immediate = source.visible() == 3;
    if (!source.take(1, from, &Insn::src)) return;
    Insn& step = source.out.step;
    step.dst = source.number(0);
    if (from == Kind::mem) source.access(1U << size, false);
    if (immediate) step.imm = source.operands[2].imm.value.u;
    source.out.cls = OpClass::mul;
    step.run = imul_handler(size, from, immediate);
}

void exchange(Source& source) {
    Kind target;
    Kind other;
    const unsigned size = source.size_of(0);
    if (!source.kind_of(0, target) || !source.kind_of(1, other) || other == Kind::imm) return;
    const unsigned register_operand = other == Kind::mem ? 0 : 1;
    if (other == Kind::mem) target = Kind::mem;
    source.out.step.src = source.number(register_operand);
    if (target == Kind::reg) source.out.step.dst = source.number(0);
    target_accesses(source, target, size, false);
    const bool xchg = source.insn.mnemonic == ZYDIS_MNEMONIC_XCHG;
    if (xchg && target == Kind::mem) source.out.cls = OpClass::locked;  // locked without a prefix, too
    source.out.step.run = xchg                                          ? xchg_handler(size, target)
                          : source.insn.mnemonic == ZYDIS_MNEMONIC_XADD ? xadd_handler(size, target)
                                                                        : cmpxchg_handler(size, target);
}

/// 90 with REX.B exchanges R8 with RAX, whatever F3 says (measured on a Zen 5, and what QEMU does); Zydis names it
/// PAUSE.
bool exchange_with_r8(Source& source) {
    if (source.insn.raw.rex.B == 0) return false;
    constexpr u8 kRax = 0, kR8 = 8;
    source.out.step.dst = kR8;
    source.out.step.src = kRax;
    source.out.step.run = xchg_handler(size_log2(source.insn.operand_width), Kind::reg);
    return true;
}

void cmpxchg_pair(Source& source, unsigned size) {
    Kind target;
    if (!source.kind_of(0, target) || target != Kind::mem) return;
    target_accesses(source, target, size + 1, false);
    source.out.step.run = cmpxchg_pair_handler(size);
}

}  // namespace

bool decode_alu(Source& source) {
    const ZydisMnemonic mnemonic = source.insn.mnemonic;
    if (mnemonic == ZYDIS_MNEMONIC_IMUL && source.visible() > 1) {
        imul(source);
        return true;
    }
    if (const auto op = alu_of(mnemonic)) {
        binary(source, *op);
        return true;
    }
    if (const auto op = unary_of(mnemonic)) {
        unary(source, *op);
        return true;
    }
    if (const auto op = shift_of(mnemonic)) {
        shift(source, *op);
        return true;
    }
    if (const auto op = widening_of(mnemonic)) {
        widening(source, *op);
        return true;
    }
    switch (mnemonic) {
        case ZYDIS_MNEMONIC_SHLD:
            double_shift(source, true);
            return true;
        case ZYDIS_MNEMONIC_SHRD:
            double_shift(source, false);
            return true;
        case ZYDIS_MNEMONIC_PAUSE:
            return exchange_with_r8(source);
        case ZYDIS_MNEMONIC_XCHG:
        case ZYDIS_MNEMONIC_XADD:
        case ZYDIS_MNEMONIC_CMPXCHG:
            exchange(source);
            return true;
        case ZYDIS_MNEMONIC_CMPXCHG8B:
            cmpxchg_pair(source, 2);
            return true;
        case ZYDIS_MNEMONIC_CMPXCHG16B:
            cmpxchg_pair(source, 3);
            return true;
        default:
            return false;
    }
}

}  // namespace turnpike::cpu
