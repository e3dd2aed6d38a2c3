// SPDX-License-Identifier: Apache-2.0
#include "tests/cpu/host/instruction_facts.h"

#include <algorithm>
#include <array>

#include "models/cpu/decode/decode.h"

namespace turnpike::host {
namespace {

const ZydisDecoder& decoder() {
    static const ZydisDecoder made = [] {
        ZydisDecoder fresh;
        ZydisDecoderInit(&fresh, ZYDIS_MACHINE_MODE_LONG_64, ZYDIS_STACK_WIDTH_64);
        ZydisDecoderEnableMode(&fresh, ZYDIS_DECODER_MODE_MPX, ZYAN_FALSE);
        ZydisDecoderEnableMode(&fresh, ZYDIS_DECODER_MODE_AMD_BRANCHES, host_is_amd() ? ZYAN_TRUE : ZYAN_FALSE);
        return fresh;
    }();
    return made;
}

bool is_modelled(const u8* code, std::size_t bytes) {
    static const cpu::Decoder core(host_is_amd() ? cpu::Maker::amd : cpu::Maker::intel);
    // With enough bytes behind it: what is cut short is not what is meant.
    std::array<u8, 16> padded{};
    for (std::size_t n = 0; n < std::min(bytes, padded.size()); ++n) padded[n] = code[n];
    return core.decode(kCode, padded.data(), 15).mnemonic != 0;
}

/// Where EVEX is no instruction, its length still counts, and the model does not know it.
bool is_evex(const u8* code, std::size_t bytes) {
    const std::size_t prefixes = count_prefixes(code, bytes);
    return prefixes < bytes && code[prefixes] == 0x62;
}

/// REX right before VEX and more than 15 bytes: of #UD and #GP AMD's processors raise now the one, now the other.
bool is_undecided(const u8* code, std::size_t bytes) {
    constexpr std::size_t kLongest = 15;
    const std::size_t prefixes = count_prefixes(code, bytes);
    if (!host_is_amd() || bytes <= kLongest || prefixes == 0 || prefixes >= bytes) return false;
    return (code[prefixes - 1] & 0xF0) == 0x40 && (code[prefixes] == 0xC4 || code[prefixes] == 0xC5);
}

}  // namespace

std::size_t count_prefixes(const u8* code, std::size_t bytes) {
    static constexpr std::array<u8, 11> kPrefixes = {0x26, 0x2E, 0x36, 0x3E, 0x64, 0x65, 0x66, 0x67, 0xF0, 0xF2, 0xF3};
    const u8* const opcode = std::find_if(code, code + bytes, [](u8 byte) {
        return (byte & 0xF0) != 0x40 && std::find(kPrefixes.begin(), kPrefixes.end(), byte) == kPrefixes.end();
    });
    return static_cast<std::size_t>(opcode - code);
}

bool decode(const u8* code, std::size_t bytes, ZydisDecodedInstruction& insn) {
    return ZYAN_SUCCESS(ZydisDecoderDecodeInstruction(&decoder(), nullptr, code, bytes, &insn));
}

bool comparable(const u8* code, std::size_t bytes) {
    ZydisDecodedInstruction insn;
    if (!decode(code, bytes, insn)) return !is_evex(code, bytes) && !is_undecided(code, bytes);
    switch (insn.mnemonic) {
        case ZYDIS_MNEMONIC_CPUID:
        case ZYDIS_MNEMONIC_RDTSC:
        case ZYDIS_MNEMONIC_RDTSCP:
        case ZYDIS_MNEMONIC_SGDT:
        case ZYDIS_MNEMONIC_SIDT:
        case ZYDIS_MNEMONIC_SLDT:
        case ZYDIS_MNEMONIC_STR:
        case ZYDIS_MNEMONIC_SYSCALL:
        case ZYDIS_MNEMONIC_INT:
        case ZYDIS_MNEMONIC_IRETQ:
        case ZYDIS_MNEMONIC_RET:
        case ZYDIS_MNEMONIC_POPF:  // of any flags: alignment checks are outside the model
        case ZYDIS_MNEMONIC_POPFQ:
            return false;
        default:
            break;
    }
    const bool branch = insn.meta.category == ZYDIS_CATEGORY_COND_BR || insn.meta.category == ZYDIS_CATEGORY_CALL ||
                        insn.meta.category == ZYDIS_CATEGORY_UNCOND_BR;
    return !branch && is_modelled(code, bytes);
}

bool is_locked_access(const u8* code, std::size_t bytes) {
    ZydisDecodedInstruction insn;
    if (!decode(code, bytes, insn)) return false;
    return (insn.attributes & ZYDIS_ATTRIB_HAS_LOCK) != 0 || insn.mnemonic == ZYDIS_MNEMONIC_XCHG;
}

std::optional<unsigned> shift_count(const u8* code, std::size_t bytes) {
    ZydisDecodedInstruction insn;
    std::array<ZydisDecodedOperand, ZYDIS_MAX_OPERAND_COUNT> operands;
    if (!ZYAN_SUCCESS(ZydisDecoderDecodeFull(&decoder(), code, bytes, &insn, operands.data()))) return std::nullopt;
    for (unsigned n = 1; n < insn.operand_count_visible; ++n) {
        if (operands[n].type == ZYDIS_OPERAND_TYPE_IMMEDIATE)
            return static_cast<unsigned>(operands[n].imm.value.u & 0xFF);
    }
    return std::nullopt;
}

}  // namespace turnpike::host
