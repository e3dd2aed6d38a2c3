// SPDX-License-Identifier: Apache-2.0
#include "models/cpu/scheduled/facts.h"

namespace turnpike::cpu::scheduled {
namespace {

constexpr u32 kFlagMask = ZYDIS_CPUFLAG_PF | ZYDIS_CPUFLAG_AF | ZYDIS_CPUFLAG_ZF | ZYDIS_CPUFLAG_SF | ZYDIS_CPUFLAG_OF;

/// The number of a general register, or `kSink`.
unsigned place_of(ZydisRegister reg) {
    const ZydisRegister whole = ZydisRegisterGetLargestEnclosing(ZYDIS_MACHINE_MODE_LONG_64, reg);
    if (whole < ZYDIS_REGISTER_RAX || whole > ZYDIS_REGISTER_R15) return kSink;
    return static_cast<unsigned>(whole - ZYDIS_REGISTER_RAX);
}

u8 address_part(ZydisRegister reg) {
    const unsigned place = reg == ZYDIS_REGISTER_NONE ? kSink : place_of(reg);
    return static_cast<u8>(place == kSink ? kAlways : place);
}

bool is_high_byte(ZydisRegister reg) { return reg >= ZYDIS_REGISTER_AH && reg <= ZYDIS_REGISTER_BH; }

/// An immediate of 16 bits changes its instruction's length, which some decoders stumble over.
char immediate_letter(unsigned bits) { return bits == 64 ? 'I' : bits == 16 ? 'w' : 'i'; }

bool moves_stack(const ZydisDecodedInstruction& insn) {
    switch (insn.meta.category) {
        case ZYDIS_CATEGORY_PUSH:
        case ZYDIS_CATEGORY_POP:
        case ZYDIS_CATEGORY_CALL:
        case ZYDIS_CATEGORY_RET:
            return true;
        default:
            return false;
    }
}

/// Some that are written differently share a number: as addresses are compared too, that is no harm.
u16 expression_of(const Address& address, const ZydisDecodedOperandMem& operand) {
    const u32 scale = address.index == kAlways ? 0 : operand.scale;
    const u32 written =
        address.base | static_cast<u32>(address.index) << 5 | scale << 10 | static_cast<u32>(operand.disp.value) << 14;
    return static_cast<u16>((written * 0x9E3779B1U) >> 16);
}

class Builder {
  public:
    Builder(const ZydisDecodedInstruction& insn, const ZydisDecodedOperand* operands, Facts& facts)
        : insn_(insn), operands_(operands), facts_(facts) {}

    void build() {
        facts_.mnemonic = insn_.mnemonic;
        facts_.category = insn_.meta.category;
        facts_.bits = insn_.operand_width;
        facts_.lock = (insn_.attributes & ZYDIS_ATTRIB_HAS_LOCK) != 0;
        facts_.stack = moves_stack(insn_);
        facts_.fields = static_cast<u8>((insn_.raw.disp.size != 0 ? 1 : 0) + (insn_.raw.imm[0].size + 31) / 32);
        for (unsigned n = 0; n < insn_.operand_count; ++n) operand(operands_[n], n);
        const Address& lea = facts_.lea;
        if (lea.base != kAlways && lea.index != kAlways && lea.displaced) facts_.shape += '3';
        if (insn_.cpu_flags != nullptr) flags(*insn_.cpu_flags);
        // With a source of 0 they leave the target as it was.
        const bool scans = insn_.mnemonic == ZYDIS_MNEMONIC_BSF || insn_.mnemonic == ZYDIS_MNEMONIC_BSR;
        if (scans && facts_.target != kSink) facts_.reads |= 1U << facts_.target;
        // XCHG with memory locks by itself (SDM volume 2, XCHG).
        if (insn_.mnemonic == ZYDIS_MNEMONIC_XCHG && !facts_.memory.empty()) facts_.lock = true;
    }

  private:
    void operand(const ZydisDecodedOperand& operand, unsigned number) {
        const bool visible = number < insn_.operand_count_visible;
        switch (operand.type) {
            case ZYDIS_OPERAND_TYPE_REGISTER:
                reg(operand, number, visible);
                break;
            case ZYDIS_OPERAND_TYPE_MEMORY:
                if (visible) facts_.shape += 'm';
                memory(operand, !visible);
                break;
            case ZYDIS_OPERAND_TYPE_IMMEDIATE:
                if (visible) facts_.shape += immediate_letter(insn_.raw.imm[0].size);
                break;
            default:
                break;
        }
    }

    void reg(const ZydisDecodedOperand& operand, unsigned number, bool visible) {
        const unsigned place = place_of(operand.reg.value);
        if (visible)
            facts_.shape +=
                operand.visibility == ZYDIS_OPERAND_VISIBILITY_IMPLICIT && operand.reg.value == ZYDIS_REGISTER_CL ? 'c'
                                                                                                                  : 'r';
        if (place == kSink) return;
        if (!visible && facts_.stack && place == RSP) return;
        if (visible && number == 0) facts_.target = place, facts_.target_bits = operand.size;
        if (visible && number == 1) facts_.source = place, facts_.source_bits = operand.size;
        facts_.high_byte |= is_high_byte(operand.reg.value);
        const bool reads_it = (operand.actions & ZYDIS_OPERAND_ACTION_MASK_READ) != 0;
        if (place == RSP) facts_.explicit_rsp = facts_.explicit_rsp || reads_it;
        if (place == RSP && !reads_it) facts_.sets_rsp = true;
        const bool writes = (operand.actions & ZYDIS_OPERAND_ACTION_MASK_WRITE) != 0;
        const bool keeps_some = (operand.actions & ZYDIS_OPERAND_ACTION_CONDWRITE) != 0 || operand.size < 32;
        if ((operand.actions & ZYDIS_OPERAND_ACTION_MASK_READ) != 0 || (writes && keeps_some)) {
            facts_.reads |= 1U << place;
        }
        if (!writes) return;
        if (!facts_.writes_place(place)) facts_.results.push_back(static_cast<u8>(place));
        facts_.writes |= 1U << place;
    }

    void memory(const ZydisDecodedOperand& operand, bool hidden) {
        Address address;
        address.base = address_part(operand.mem.base);
        address.index = address_part(operand.mem.index);
        address.displaced = operand.mem.disp.has_displacement != 0;
        address.scaled = address.index != kAlways && operand.mem.scale > 2;
        address.reads = (operand.actions & ZYDIS_OPERAND_ACTION_MASK_READ) != 0;
        address.writes = (operand.actions & ZYDIS_OPERAND_ACTION_MASK_WRITE) != 0;
        address.hidden = hidden && facts_.stack;
        address.expression = expression_of(address, operand.mem);
        if (operand.mem.type == ZYDIS_MEMOP_TYPE_MEM) {
            facts_.memory.push_back(address);
        } else {
            facts_.lea = address;
        }
    }

    void flags(const ZydisAccessedFlags& flags) {
        const u32 written = flags.modified | flags.set_0 | flags.set_1 | flags.undefined;
        if ((flags.tested & ZYDIS_CPUFLAG_CF) != 0) facts_.reads |= 1U << kCarry;
        if ((flags.tested & kFlagMask) != 0) facts_.reads |= 1U << kFlags;
        if ((written & ZYDIS_CPUFLAG_CF) != 0) facts_.writes |= 1U << kCarry;
        if ((written & kFlagMask) != 0) facts_.writes |= 1U << kFlags;
    }

    const ZydisDecodedInstruction& insn_;
    const ZydisDecodedOperand* operands_;
    Facts& facts_;
};

}  // namespace

FactFinder::FactFinder() { ZydisDecoderInit(&decoder_, ZYDIS_MACHINE_MODE_LONG_64, ZYDIS_STACK_WIDTH_64); }

bool FactFinder::find(const u8* bytes, u64 available, Facts& facts) const {
    ZydisDecodedInstruction insn;
    ZydisDecodedOperand operands[ZYDIS_MAX_OPERAND_COUNT];
    facts = {};
    if (!ZYAN_SUCCESS(ZydisDecoderDecodeFull(&decoder_, bytes, available, &insn, operands))) return false;
    Builder(insn, operands, facts).build();
    return true;
}

}  // namespace turnpike::cpu::scheduled
