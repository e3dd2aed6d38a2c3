// SPDX-License-Identifier: Apache-2.0
// Decoding of data movement.
#include "models/cpu/decode/groups.h"

namespace turnpike::cpu {
namespace {

constexpr u8 kRsp = 4;

bool is_gpr(const Source& source, unsigned n) {
    return source.operands[n].type != ZYDIS_OPERAND_TYPE_REGISTER || source.number(n) != 0xFF;
}

void mov(Source& source) {
    Kind target;
    Kind from;
    const unsigned size = source.size_of(0);
    if (!source.take(0, target, &Insn::dst) || !source.take(1, from, &Insn::src)) return;
    if (target == Kind::mem) source.access(1U << size, true);
    if (from == Kind::mem) source.access(1U << size, false);
    source.out.step.run = mov_handler(size, target, from);
}

void extend(Source& source, bool is_signed) {
    Kind from;
    const unsigned size = source.size_of(1);
    if (!source.take(1, from, &Insn::src)) return;
    source.out.step.dst = source.number(0);
    if (from == Kind::mem) source.access(1U << size, false);
    source.out.step.run = extend_handler(is_signed, source.size_of(0), size, from);
}

void lea(Source& source) {
    if (!source.use_memory(source.operands[1])) return;
    source.out.step.dst = source.number(0);
    source.out.step.run = lea_handler(source.size_of(0));
}

void cmov(Source& source) {
    Kind from;
    const unsigned size = source.size_of(0);
    if (!source.take(1, from, &Insn::src)) return;
    source.out.step.dst = source.number(0);
    if (from == Kind::mem) source.access(1U << size, false);
    source.out.step.run = cmov_handler(source.insn.opcode & 15, size, from);
}

void set(Source& source) {
    Kind target;
    if (!source.take(0, target, &Insn::dst)) return;
    if (target == Kind::mem) source.access(1, true);
    source.out.step.run = set_handler(source.insn.opcode & 15, target);
}

void movbe(Source& source) {
    const bool store = source.operands[0].type == ZYDIS_OPERAND_TYPE_MEMORY;
    const unsigned size = source.size_of(0);
    if (!source.use_memory(source.operands[store ? 0 : 1])) return;
    (store ? source.out.step.src : source.out.step.dst) = source.number(store ? 1 : 0);
    source.access(1U << size, store);
    source.out.step.run = movbe_handler(size, store);
}

void push(Source& source) {
    Kind from;
    // The stack's operand size, not the immediate's.
    const unsigned size = source.insn.operand_width == 16 ? 1 : 3;
    if (!source.take(0, from, &Insn::src)) return;
    if (from == Kind::mem) source.access(1U << size, false);
    source.access(1U << size, true);
    source.out.step.run = push_handler(size, from);
}

void pop(Source& source) {
    Kind target;
    const unsigned size = source.size_of(0);
    if (!source.take(0, target, &Insn::dst)) return;
    source.access(1U << size, false);
    if (target == Kind::mem) {
        source.access(1U << size, true);
        // An address relative to RSP uses its value after the pop (SDM volume 2, POP).
        Insn& address = source.out.address_step.run != nullptr ? source.out.address_step : source.out.step;
        if (address.base == kRsp) address.disp += 1U << size;
    }
    source.out.step.run = pop_handler(size, target);
}

void pushf(Source& source, unsigned size) {
    source.access(1U << size, true);
    source.out.step.run = pushf_handler(size);
}

void convert(Source& source, unsigned size, bool into_dx) { source.out.step.run = convert_handler(size, into_dx); }

/// MOV AL from the place that a step before works out.
void xlat(Source& source) {
    constexpr u8 kRbx = 3, kAl = 0;
    const ZydisInstructionAttributes attributes = source.insn.attributes;
    Insn& address = source.out.address_step;
    address.run = table_address_handler(source.insn.address_width == 32);
    address.base = kRbx;
    if ((attributes & ZYDIS_ATTRIB_HAS_SEGMENT_FS) != 0) address.imm = kFs;
    if ((attributes & ZYDIS_ATTRIB_HAS_SEGMENT_GS) != 0) address.imm = kGs;
    source.out.step.base = kAddressRegister;
    source.out.step.dst = kAl;
    source.access(1, false);
    source.out.step.run = mov_handler(0, Kind::reg, Kind::mem);
}

bool decode_convert(Source& source) {
    switch (source.insn.mnemonic) {
        case ZYDIS_MNEMONIC_CBW:
            convert(source, 1, false);
            return true;
        case ZYDIS_MNEMONIC_CWDE:
            convert(source, 2, false);
            return true;
        case ZYDIS_MNEMONIC_CDQE:
            convert(source, 3, false);
            return true;
        case ZYDIS_MNEMONIC_CWD:
            convert(source, 1, true);
            return true;
        case ZYDIS_MNEMONIC_CDQ:
            convert(source, 2, true);
            return true;
        case ZYDIS_MNEMONIC_CQO:
            convert(source, 3, true);
            return true;
        default:
            return false;
    }
}

}  // namespace

bool decode_move(Source& source) {
    if (decode_convert(source)) return true;
    if (source.insn.meta.category == ZYDIS_CATEGORY_CMOV) {
        cmov(source);
        return true;
    }
    if (source.insn.meta.category == ZYDIS_CATEGORY_SETCC) {
        set(source);
        return true;
    }
    switch (source.insn.mnemonic) {
        case ZYDIS_MNEMONIC_MOV:
            if (!is_gpr(source, 0) || !is_gpr(source, 1)) return false;  // control and segment registers
            mov(source);
            return true;
        case ZYDIS_MNEMONIC_MOVNTI:
            mov(source);
            return true;
        case ZYDIS_MNEMONIC_MOVZX:
            extend(source, false);
            return true;
        case ZYDIS_MNEMONIC_MOVSX:
        case ZYDIS_MNEMONIC_MOVSXD:
            extend(source, true);
            return true;
        case ZYDIS_MNEMONIC_LEA:
            lea(source);
            return true;
        case ZYDIS_MNEMONIC_BSWAP:
            source.out.step.dst = source.number(0);
            source.out.step.run = bswap_handler(source.size_of(0));
            return true;
        case ZYDIS_MNEMONIC_MOVBE:
            movbe(source);
            return true;
        case ZYDIS_MNEMONIC_PUSH:
            if (!is_gpr(source, 0)) return false;
            push(source);
            return true;
        case ZYDIS_MNEMONIC_POP:
            if (!is_gpr(source, 0)) return false;
            pop(source);
            return true;
        case ZYDIS_MNEMONIC_PUSHFQ:
            pushf(source, 3);
            return true;
        case ZYDIS_MNEMONIC_PUSHF:
            pushf(source, 1);
            return true;
        case ZYDIS_MNEMONIC_LAHF:
            source.out.step.run = lahf_handler(false);
            return true;
        case ZYDIS_MNEMONIC_SAHF:
            source.out.step.run = lahf_handler(true);
            return true;
        case ZYDIS_MNEMONIC_XLAT:
            xlat(source);
            return true;
        default:
            return false;
    }
}

}  // namespace turnpike::cpu
