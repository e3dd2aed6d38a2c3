// SPDX-License-Identifier: Apache-2.0
#include "tests/cpu/host/sample.h"

#include <Zydis/Zydis.h>

#include <cstdio>
#include <random>

namespace turnpike::host {

bool host_is_amd() { return __builtin_cpu_is("amd") != 0; }

namespace {

constexpr const char* kNames[16] = {"rax", "rcx", "rdx", "rbx", "rsp", "rbp", "rsi", "rdi",
                                    "r8",  "r9",  "r10", "r11", "r12", "r13", "r14", "r15"};

template <class... Values>
std::string text(const char* format, Values... values) {
    std::array<char, 256> line;
    std::snprintf(line.data(), line.size(), format, values...);
    return line.data();
}

unsigned long long wide(u64 value) { return value; }

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

std::string first_memory_difference(const Outcome& a, const Outcome& b) {
    for (unsigned n = 0; n < kWindow; ++n) {
        if (a.memory[n] == b.memory[n]) continue;
        const u64 address = n < kDataBytes ? kData + n : kStack + (n - kDataBytes);
        return text("memory at 0x%llx: %02x, %02x\n", wide(address), unsigned{a.memory[n]}, unsigned{b.memory[n]});
    }
    return {};
}

}  // namespace

std::vector<u8> memory_pool(u64 seed) {
    std::mt19937_64 random(seed);
    std::vector<u8> pool(kPoolBytes);
    for (u8& byte : pool) byte = static_cast<u8>(random());
    return pool;
}

Sample shortened(const Sample& sample, std::size_t units) {
    Sample cut = sample;
    cut.units.resize(units);
    cut.code.resize(units == 0 ? 0 : cut.units.back().end);
    return cut;
}

std::string difference(const Outcome& expected, const Outcome& found, const char* expected_name,
                       const char* found_name) {
    std::string out;
    for (unsigned n = 0; n < 16; ++n) {
        if (expected.registers[n] == found.registers[n]) continue;
        out += text("%s: %llx, %llx\n", kNames[n], wide(expected.registers[n]), wide(found.registers[n]));
    }
    if (expected.flags != found.flags) out += text("flags: %llx, %llx\n", wide(expected.flags), wide(found.flags));
    if (expected.exception != found.exception || expected.error_code != found.error_code || expected.rip != found.rip) {
        out += text("exception: %llu (0x%llx) at %llx, %llu (0x%llx) at %llx\n", wide(expected.exception),
                    wide(expected.error_code), wide(expected.rip), wide(found.exception), wide(found.error_code),
                    wide(found.rip));
    }
    if (expected.cr2 != found.cr2) out += text("cr2: %llx, %llx\n", wide(expected.cr2), wide(found.cr2));
    out += first_memory_difference(expected, found);
    return out.empty() ? out : text("%s, %s:\n", expected_name, found_name) + out;
}

std::string disassembly(const Sample& sample, std::size_t first_unit) {
    std::string out;
    ZydisFormatter formatter;
    ZydisFormatterInit(&formatter, ZYDIS_FORMATTER_STYLE_INTEL);
    std::size_t at = first_unit < sample.units.size() ? sample.units[first_unit].begin : 0;
    while (at < sample.code.size()) {
        ZydisDecodedInstruction insn;
        std::array<ZydisDecodedOperand, ZYDIS_MAX_OPERAND_COUNT> operands;
        std::array<char, 128> line{};
        if (!ZYAN_SUCCESS(ZydisDecoderDecodeFull(&decoder(), sample.code.data() + at, sample.code.size() - at, &insn,
                                                 operands.data()))) {
            out += text("  %llx: %02x (not an instruction)\n", wide(sample.at + at), unsigned{sample.code[at]});
            ++at;
            continue;
        }
        ZydisFormatterFormatInstruction(&formatter, &insn, operands.data(), insn.operand_count_visible, line.data(),
                                        line.size(), sample.at + at, nullptr);
        out += text("  %llx:", wide(sample.at + at));
        for (unsigned n = 0; n < insn.length; ++n) out += text(" %02x", unsigned{sample.code[at + n]});
        out += text("  %s\n", line.data());
        at += insn.length;
    }
    return out;
}

std::string mnemonic(const Sample& sample, const Unit& unit) {
    ZydisDecodedInstruction insn;
    if (!ZYAN_SUCCESS(ZydisDecoderDecodeInstruction(&decoder(), nullptr, sample.code.data() + unit.instruction,
                                                    sample.code.size() - unit.instruction, &insn))) {
        return "(invalid)";
    }
    return ZydisMnemonicGetString(insn.mnemonic);
}

}  // namespace turnpike::host
