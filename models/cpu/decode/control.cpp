// SPDX-License-Identifier: Apache-2.0
// Decoding of branches, stack frames and string instructions.
#include <optional>

#include "models/cpu/decode/groups.h"

namespace turnpike::cpu {
namespace {

void ends(Source& source, Flow flow, OpClass cls) {
    source.out.flow = flow;
    source.out.cls = cls;
    source.out.sets_rip = true;
}

/// With prefix 66 AMD's processors branch with 16-bit operands (APM volume 3, 1.2.4); Intel's ignore it there. log2 of
/// the bytes.
unsigned branch_size(const Source& source) {
    const bool small = (source.insn.attributes & ZYDIS_ATTRIB_HAS_OPERANDSIZE) != 0 && source.insn.raw.rex.W == 0;
    return source.maker == Maker::amd && small ? 1 : 3;
}

/// Target and next address of a direct branch.
bool direct(Source& source) {
    const ZydisDecodedOperand& operand = source.operands[0];
    if (operand.type != ZYDIS_OPERAND_TYPE_IMMEDIATE || !operand.imm.is_relative) return false;
    const u64 target = source.behind() + operand.imm.value.u;
    source.out.step.imm = branch_size(source) == 1 ? target & 0xFFFF : target;
    source.out.step.disp = source.behind();
    return true;
}

void conditional(Source& source) {
    ends(source, Flow::end, OpClass::branch);
    if (!direct(source)) return;
    const auto loop = [&](unsigned kind) { source.out.step.run = loop_handler(kind, source.insn.address_width == 32); };
    switch (source.insn.mnemonic) {
        case ZYDIS_MNEMONIC_LOOPNE:
            loop(0);
            return;
        case ZYDIS_MNEMONIC_LOOPE:
            loop(1);
            return;
        case ZYDIS_MNEMONIC_LOOP:
            loop(2);
            return;
        case ZYDIS_MNEMONIC_JRCXZ:
        case ZYDIS_MNEMONIC_JECXZ:
            loop(3);
            return;
        default:
            break;
    }
    const unsigned code = source.insn.opcode & 15;
    source.out.jcc = static_cast<int>(code);
    source.out.step.run = jcc_handler(code);
}

void jump_or_call(Source& source, bool call) {
    if (source.insn.meta.branch_type == ZYDIS_BRANCH_TYPE_FAR) return;
    const unsigned size = branch_size(source);
    const auto handler = [&](Jump kind) { return call ? call_handler(kind, size) : jump_handler(kind, size); };
    Jump form = Jump::direct;
    if (source.operands[0].type == ZYDIS_OPERAND_TYPE_IMMEDIATE) {
        ends(source, Flow::end, OpClass::branch);
        if (!direct(source)) return;
    } else {
        ends(source, Flow::end, OpClass::indirect);
        Kind from;
        if (source.size_of(0) != size || !source.take(0, from, &Insn::src)) return;
        form = from == Kind::mem ? Jump::mem : Jump::reg;
        if (form == Jump::mem) source.access(1U << size, false);
    }
    if (call) source.access(1U << size, true);
    source.out.step.run = handler(form);
}

void ret(Source& source) {
    const u64 released = source.visible() == 1 ? source.operands[0].imm.value.u : 0;
    source.out.step.imm = released;
    if (source.insn.meta.branch_type == ZYDIS_BRANCH_TYPE_FAR) {
        if (source.insn.operand_width != 64) return;
        source.access(8, false);
        source.access(8, false);
        ends(source, Flow::alone_ret, OpClass::serialising);
        source.out.step.run = system_handler(SystemOp::lretq);
        return;
    }
    ends(source, Flow::ret, OpClass::indirect);
    source.access(1U << branch_size(source), false);
    source.out.step.run = ret_handler(branch_size(source));
}

/// 64 bits, or 16 with the prefix.
unsigned stack_size(const Source& source) { return source.insn.operand_width == 16 ? 1 : 3; }

void enter(Source& source) {
    source.out.step.imm = source.operands[0].imm.value.u;
    const u64 level = source.operands[1].imm.value.u & 31;
    const unsigned size = stack_size(source);
    source.out.step.disp = level;
    source.access(1U << size, true);
    for (u64 n = 1; n < level; ++n) {
        source.access(1U << size, false);
        source.access(1U << size, true);
    }
    if (level > 0) source.access(1U << size, true);
    source.out.step.run = enter_handler(size);
}

struct StringForm {
    String op;
    unsigned size;
};

std::optional<StringForm> string_of(const Source& source) {
    switch (source.insn.mnemonic) {
        case ZYDIS_MNEMONIC_MOVSB:
            return StringForm{String::movs, 0};
        case ZYDIS_MNEMONIC_MOVSW:
            return StringForm{String::movs, 1};
        case ZYDIS_MNEMONIC_MOVSQ:
            return StringForm{String::movs, 3};
        case ZYDIS_MNEMONIC_STOSB:
            return StringForm{String::stos, 0};
        case ZYDIS_MNEMONIC_STOSW:
            return StringForm{String::stos, 1};
        case ZYDIS_MNEMONIC_STOSD:
            return StringForm{String::stos, 2};
        case ZYDIS_MNEMONIC_STOSQ:
            return StringForm{String::stos, 3};
        case ZYDIS_MNEMONIC_LODSB:
            return StringForm{String::lods, 0};
        case ZYDIS_MNEMONIC_LODSW:
            return StringForm{String::lods, 1};
        case ZYDIS_MNEMONIC_LODSD:
            return StringForm{String::lods, 2};
        case ZYDIS_MNEMONIC_LODSQ:
            return StringForm{String::lods, 3};
        case ZYDIS_MNEMONIC_SCASB:
            return StringForm{String::scas, 0};
        case ZYDIS_MNEMONIC_SCASW:
            return StringForm{String::scas, 1};
        case ZYDIS_MNEMONIC_SCASD:
            return StringForm{String::scas, 2};
        case ZYDIS_MNEMONIC_SCASQ:
            return StringForm{String::scas, 3};
        case ZYDIS_MNEMONIC_CMPSB:
            return StringForm{String::cmps, 0};
        case ZYDIS_MNEMONIC_CMPSW:
            return StringForm{String::cmps, 1};
        case ZYDIS_MNEMONIC_CMPSQ:
            return StringForm{String::cmps, 3};
        // Two SSE instructions share these mnemonics; theirs come with the 0F opcode map.
        case ZYDIS_MNEMONIC_MOVSD:
            if (source.insn.opcode_map == ZYDIS_OPCODE_MAP_DEFAULT) return StringForm{String::movs, 2};
            return std::nullopt;
        case ZYDIS_MNEMONIC_CMPSD:
            if (source.insn.opcode_map == ZYDIS_OPCODE_MAP_DEFAULT) return StringForm{String::cmps, 2};
            return std::nullopt;
        default:
            return std::nullopt;
    }
}

void string(Source& source, const StringForm& form) {
    const ZydisInstructionAttributes attributes = source.insn.attributes;
    const bool repne = (attributes & ZYDIS_ATTRIB_HAS_REPNE) != 0;
    const bool rep = (attributes & (ZYDIS_ATTRIB_HAS_REP | ZYDIS_ATTRIB_HAS_REPE)) != 0;
    if ((attributes & ZYDIS_ATTRIB_HAS_SEGMENT_FS) != 0) source.out.step.imm = kFs;
    if ((attributes & ZYDIS_ATTRIB_HAS_SEGMENT_GS) != 0) source.out.step.imm = kGs;
    ends(source, Flow::alone, OpClass::string);
    source.out.step.run = string_handler(form.op, form.size, repne ? 2 : rep ? 1 : 0, source.insn.address_width == 32);
}

}  // namespace

bool decode_control(Source& source) {
    if (source.insn.meta.category == ZYDIS_CATEGORY_COND_BR) {
        conditional(source);
        return true;
    }
    if (const auto form = string_of(source)) {
        string(source, *form);
        return true;
    }
    switch (source.insn.mnemonic) {
        case ZYDIS_MNEMONIC_JMP:
            jump_or_call(source, false);
            return true;
        case ZYDIS_MNEMONIC_CALL:
            jump_or_call(source, true);
            return true;
        case ZYDIS_MNEMONIC_RET:
            ret(source);
            return true;
        case ZYDIS_MNEMONIC_ENTER:
            enter(source);
            return true;
        case ZYDIS_MNEMONIC_LEAVE: {
            const unsigned size = stack_size(source);
            source.access(1U << size, false);
            source.out.step.run = leave_handler(size);
            return true;
        }
        default:
            return false;
    }
}

}  // namespace turnpike::cpu
