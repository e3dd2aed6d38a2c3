// SPDX-License-Identifier: Apache-2.0
#include "bench/silicon/block_facts.h"

#include <Zydis/Zydis.h>

namespace turnpike::silicon {
namespace {

struct Tags {
    bool load = false, store = false, multiply = false, divide = false, locked = false;

    std::string text() const {
        return std::string(load ? "L" : "") + (store ? "S" : "") + (multiply ? "M" : "") + (divide ? "D" : "") +
               (locked ? "K" : "");
    }
};

bool multiplies(ZydisMnemonic mnemonic) {
    return mnemonic == ZYDIS_MNEMONIC_MUL || mnemonic == ZYDIS_MNEMONIC_IMUL || mnemonic == ZYDIS_MNEMONIC_MULX;
}

bool divides(ZydisMnemonic mnemonic) { return mnemonic == ZYDIS_MNEMONIC_DIV || mnemonic == ZYDIS_MNEMONIC_IDIV; }

/// The segments' bases belong to the measuring process.
bool needs_own_segments(const ZydisDecodedInstruction& insn) {
    switch (insn.mnemonic) {
        case ZYDIS_MNEMONIC_WRFSBASE:
        case ZYDIS_MNEMONIC_WRGSBASE:
        case ZYDIS_MNEMONIC_RDFSBASE:
        case ZYDIS_MNEMONIC_RDGSBASE:
            return true;
        default:
            return (insn.attributes & (ZYDIS_ATTRIB_HAS_SEGMENT_FS | ZYDIS_ATTRIB_HAS_SEGMENT_GS)) != 0;
    }
}

void look_at(const ZydisDecodedInstruction& insn, const ZydisDecodedOperand* operands, Tags& tags) {
    tags.multiply |= multiplies(insn.mnemonic);
    tags.divide |= divides(insn.mnemonic);
    tags.locked |= (insn.attributes & ZYDIS_ATTRIB_HAS_LOCK) != 0;
    for (unsigned n = 0; n < insn.operand_count; ++n) {
        const ZydisDecodedOperand& operand = operands[n];
        if (operand.type != ZYDIS_OPERAND_TYPE_MEMORY || operand.mem.type != ZYDIS_MEMOP_TYPE_MEM) continue;
        tags.load |= (operand.actions & ZYDIS_OPERAND_ACTION_MASK_READ) != 0;
        tags.store |= (operand.actions & ZYDIS_OPERAND_ACTION_MASK_WRITE) != 0;
    }
}

}  // namespace

BlockFacts facts_of(std::span<const u8> block) {
    ZydisDecoder decoder;
    ZydisDecoderInit(&decoder, ZYDIS_MACHINE_MODE_LONG_64, ZYDIS_STACK_WIDTH_64);
    BlockFacts facts;
    Tags tags;
    for (std::size_t at = 0; at < block.size(); ++facts.instructions) {
        ZydisDecodedInstruction insn;
        ZydisDecodedOperand operands[ZYDIS_MAX_OPERAND_COUNT];
        if (!ZYAN_SUCCESS(ZydisDecoderDecodeFull(&decoder, block.data() + at, block.size() - at, &insn, operands))) {
            facts.refusal = "no instruction at byte " + std::to_string(at);
            return facts;
        }
        if (needs_own_segments(insn)) facts.refusal = "uses FS or GS at byte " + std::to_string(at);
        look_at(insn, operands, tags);
        at += insn.length;
    }
    if (block.empty()) facts.refusal = "no instruction at byte 0";
    facts.tags = tags.text();
    return facts;
}

}  // namespace turnpike::silicon
