// SPDX-License-Identifier: Apache-2.0
#include "models/cpu/decode/decode.h"

#include <algorithm>

#include "models/cpu/decode/groups.h"

namespace turnpike::cpu {

unsigned size_log2(unsigned bits) { return bits == 8 ? 0 : bits == 16 ? 1 : bits == 32 ? 2 : bits == 64 ? 3 : 9; }

namespace {

/// Number of a general register; byte index in the register file for 8-bit ones. 0xFF: none of them.
u8 gpr_number(ZydisRegister reg) {
    const auto in = [&](ZydisRegister first, ZydisRegister last) { return reg >= first && reg <= last; };
    if (in(ZYDIS_REGISTER_AL, ZYDIS_REGISTER_BL)) return static_cast<u8>((reg - ZYDIS_REGISTER_AL) * 8);
    if (in(ZYDIS_REGISTER_AH, ZYDIS_REGISTER_BH)) return static_cast<u8>((reg - ZYDIS_REGISTER_AH) * 8 + 1);
    if (in(ZYDIS_REGISTER_SPL, ZYDIS_REGISTER_R15B)) return static_cast<u8>((reg - ZYDIS_REGISTER_SPL + 4) * 8);
    if (in(ZYDIS_REGISTER_AX, ZYDIS_REGISTER_R15W)) return static_cast<u8>(reg - ZYDIS_REGISTER_AX);
    if (in(ZYDIS_REGISTER_EAX, ZYDIS_REGISTER_R15D)) return static_cast<u8>(reg - ZYDIS_REGISTER_EAX);
    if (in(ZYDIS_REGISTER_RAX, ZYDIS_REGISTER_R15)) return static_cast<u8>(reg - ZYDIS_REGISTER_RAX);
    return 0xFF;
}

/// SIB with base 5 and mod 0, whatever REX.B says (SDM volume 2, table 2-3). With prefix 67 and REX.B set Zydis 4.0
/// names a base and loses the displacement.
bool has_no_base(const ZydisDecodedInstruction& insn) {
    constexpr u8 kSib = 4, kNone = 5;
    return (insn.attributes & ZYDIS_ATTRIB_HAS_SIB) != 0 && insn.raw.modrm.mod == 0 && insn.raw.modrm.rm == kSib &&
           insn.raw.sib.base == kNone;
}

unsigned segment_number(ZydisRegister segment) {
    if (segment == ZYDIS_REGISTER_FS) return kFs;
    return segment == ZYDIS_REGISTER_GS ? kGs : 0U;
}

}  // namespace

bool Source::use_memory(const ZydisDecodedOperand& operand) {
    const ZydisDecodedOperandMem& mem = operand.mem;
    if (mem.type != ZYDIS_MEMOP_TYPE_MEM && mem.type != ZYDIS_MEMOP_TYPE_AGEN) return false;
    Insn& step = out.step;
    u64 disp = static_cast<u64>(mem.disp.value);
    u8 base = kZeroRegister;
    u8 index = kZeroRegister;
    if (mem.base == ZYDIS_REGISTER_RIP || mem.base == ZYDIS_REGISTER_EIP) {
        disp += rip + insn.length;
    } else if (has_no_base(insn)) {
        disp = static_cast<u64>(insn.raw.disp.value);
    } else if (mem.base != ZYDIS_REGISTER_NONE) {
        base = gpr_number(mem.base);
    }
    if (mem.index != ZYDIS_REGISTER_NONE) index = gpr_number(mem.index);
    if (base == 0xFF || index == 0xFF) return false;
    const u8 scale = mem.scale == 8 ? 3 : mem.scale == 4 ? 2 : mem.scale == 2 ? 1 : 0;
    const unsigned segment = mem.type == ZYDIS_MEMOP_TYPE_AGEN ? 0 : segment_number(mem.segment);
    if (segment != 0 || insn.address_width == 32) {
        Insn& address = out.address_step;
        address.run = address_handler(insn.address_width == 32);
        address.base = base;
        address.index = index;
        address.scale = scale;
        address.disp = disp;
        address.imm = segment;
        step.base = kAddressRegister;
        step.index = kZeroRegister;
    } else {
        step.base = base;
        step.index = index;
        step.scale = scale;
        step.disp = disp;
    }
    return true;
}

bool Source::kind_of(unsigned n, Kind& kind) {
    const ZydisDecodedOperand& operand = operands[n];
    switch (operand.type) {
        case ZYDIS_OPERAND_TYPE_REGISTER:
            kind = Kind::reg;
            return number(n) != 0xFF;
        case ZYDIS_OPERAND_TYPE_MEMORY:
            kind = Kind::mem;
            return use_memory(operand);
        case ZYDIS_OPERAND_TYPE_IMMEDIATE:
            kind = Kind::imm;
            out.step.imm = operand.imm.value.u;
            return true;
        default:
            return false;
    }
}

bool Source::take(unsigned n, Kind& kind, u8 Insn::*field) {
    if (!kind_of(n, kind)) return false;
    if (kind == Kind::reg) out.step.*field = number(n);
    return true;
}

u8 Source::number(unsigned n) const { return gpr_number(operands[n].reg.value); }

void Source::access(unsigned bytes, bool write) {
    out.accesses[out.access_count++] = {static_cast<u8>(bytes), write, false};
}

namespace {

Insn raising(SystemOp op) {
    Insn step;
    step.run = system_handler(op);
    return step;
}

Decoded not_decoded(SystemOp op) {
    Decoded out;
    out.step = raising(op);
    out.length = 1;
    out.flow = Flow::alone;
    out.sets_rip = true;
    return out;
}

/// Reads and writes one memory operand: its page must be writable already for the read.
bool updates_memory(const ZydisDecodedInstruction& insn, const ZydisDecodedOperand* operands) {
    for (unsigned n = 0; n < insn.operand_count_visible; ++n) {
        const ZydisDecodedOperand& operand = operands[n];
        if (operand.type == ZYDIS_OPERAND_TYPE_MEMORY && (operand.actions & ZYDIS_OPERAND_ACTION_MASK_READ) != 0 &&
            (operand.actions & ZYDIS_OPERAND_ACTION_MASK_WRITE) != 0) {
            return true;
        }
    }
    return false;
}

constexpr u64 kLongest = 15;

bool is_prefix(u8 byte) {
    constexpr std::array<u8, 11> kLegacy = {0x26, 0x2E, 0x36, 0x3E, 0x64, 0x65, 0x66, 0x67, 0xF0, 0xF2, 0xF3};
    return (byte & 0xF0) == 0x40 || std::find(kLegacy.begin(), kLegacy.end(), byte) != kLegacy.end();
}

/// An instruction with prefixes that it must not have: its length counts first.
bool is_too_long(const ZydisDecoder& decoder, const u8* bytes, u64 available) {
    u64 prefixes = 0;
    while (prefixes < available && is_prefix(bytes[prefixes])) ++prefixes;
    if (prefixes == 0 || available < kLongest) return false;
    constexpr u8 kOperandSize = 0x66;
    const bool small = std::find(bytes, bytes + prefixes, kOperandSize) != bytes + prefixes;
    // The rest alone; but with 66, where that may be, since an immediate's length goes by it.
    std::array<u8, kLongest + 1> rest{kOperandSize};
    std::copy(bytes + prefixes, bytes + available, rest.begin() + 1);
    ZydisDecodedInstruction bare;
    for (const u64 from : {small ? 0U : 1U, 1U}) {
        const ZyanStatus status = ZydisDecoderDecodeInstruction(&decoder, nullptr, rest.data() + from,
                                                                available - prefixes + 1 - from, &bare);
        if (ZYAN_SUCCESS(status)) return false;
        if (status == ZYDIS_STATUS_NO_MORE_DATA) return true;
    }
    return false;
}

}  // namespace

Decoder::Decoder(Maker maker) : maker_(maker) {
    ZydisDecoderInit(&decoder_, ZYDIS_MACHINE_MODE_LONG_64, ZYDIS_STACK_WIDTH_64);
    // Without these extensions their opcodes are hints that do nothing, and WBNOINVD is WBINVD.
    for (const ZydisDecoderMode mode :
         {ZYDIS_DECODER_MODE_MPX, ZYDIS_DECODER_MODE_CLDEMOTE, ZYDIS_DECODER_MODE_WBNOINVD}) {
        ZydisDecoderEnableMode(&decoder_, mode, ZYAN_FALSE);
    }
    if (maker == Maker::amd) ZydisDecoderEnableMode(&decoder_, ZYDIS_DECODER_MODE_AMD_BRANCHES, ZYAN_TRUE);
}

Decoded Decoder::decode(u64 rip, const u8* bytes, u64 available) const {
    ZydisDecodedInstruction insn;
    std::array<ZydisDecodedOperand, ZYDIS_MAX_OPERAND_COUNT> operands;
    const ZyanStatus status = ZydisDecoderDecodeFull(&decoder_, bytes, available, &insn, operands.data());
    // Cut short, or longer than 15 bytes: #GP (SDM volume 3, 6.15, interrupt 13).
    if (status == ZYDIS_STATUS_NO_MORE_DATA || status == ZYDIS_STATUS_INSTRUCTION_TOO_LONG) {
        Decoded out = not_decoded(SystemOp::outside);
        out.truncated = status == ZYDIS_STATUS_NO_MORE_DATA && available < ZYDIS_MAX_INSTRUCTION_LENGTH;
        return out;
    }
    if (!ZYAN_SUCCESS(status)) {
        return not_decoded(is_too_long(decoder_, bytes, available) ? SystemOp::outside : SystemOp::undefined);
    }
    Decoded out;
    out.step.base = out.step.index = kZeroRegister;
    out.length = insn.length;
    out.mnemonic = static_cast<u16>(insn.mnemonic);
    Source source{rip, insn, operands.data(), out, maker_};
    const bool known = decode_alu(source) || decode_move(source) || decode_bits(source) || decode_control(source) ||
                       decode_system(source);
    if (!known || out.step.run == nullptr) return not_decoded(SystemOp::undefined);
    if (updates_memory(insn, operands.data()) && out.access_count > 0) out.accesses[0].update = true;
    return out;
}

}  // namespace turnpike::cpu
