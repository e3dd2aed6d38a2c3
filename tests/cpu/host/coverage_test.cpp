// SPDX-License-Identifier: Apache-2.0
// The samples reach everything that the decoder accepts: each handler, but for those whose instructions answer
// differently on each machine or leave the sandbox, is in the code of as many samples as the comparison runs.
#include <Zydis/Zydis.h>
#include <gtest/gtest.h>

#include <map>
#include <set>

#include "models/cpu/decode/decode.h"
#include "tests/cpu/host/generator.h"

namespace turnpike::host {
namespace {

using Handlers = std::map<cpu::Handler, std::string>;  ///< and the mnemonic of an instruction that it is for

constexpr u64 kInstructions = 500'000;

/// The system instructions that no sample has.
bool never_compared(u16 mnemonic) {
    switch (mnemonic) {
        case ZYDIS_MNEMONIC_CPUID:
        case ZYDIS_MNEMONIC_RDTSC:
        case ZYDIS_MNEMONIC_RDTSCP:
        case ZYDIS_MNEMONIC_SYSCALL:
        case ZYDIS_MNEMONIC_SGDT:
        case ZYDIS_MNEMONIC_SIDT:
        case ZYDIS_MNEMONIC_SLDT:
        case ZYDIS_MNEMONIC_STR:
            return true;
        default:
            return false;
    }
}

/// The mnemonic 0 stands for what the decoder does not accept.
void note(const cpu::Decoded& decoded, Handlers& handlers) {
    if (decoded.mnemonic == 0 || never_compared(decoded.mnemonic)) return;
    const std::string name = ZydisMnemonicGetString(static_cast<ZydisMnemonic>(decoded.mnemonic));
    handlers.emplace(decoded.step.run, name);
    if (decoded.address_step.run != nullptr) handlers.emplace(decoded.address_step.run, name + "'s address");
}

/// Prefixes, opcode, ModRM and what follows.
void try_opcode(const cpu::Decoder& decoder, const std::vector<u8>& front, Handlers& handlers) {
    for (unsigned opcode = 0; opcode < 256; ++opcode) {
        std::vector<u8> code = front;
        code.push_back(static_cast<u8>(opcode));
        const std::size_t modrm = code.size();
        code.resize(modrm + 12, 0x11);
        for (const unsigned mod : {0x00U, 0xC0U}) {
            for (unsigned rest = 0; rest < 64; ++rest) {
                code[modrm] = static_cast<u8>(mod | rest);
                note(decoder.decode(0x1000, code.data(), 15), handlers);
            }
        }
    }
}

/// Every opcode of every map, with every prefix that has a meaning.
Handlers accepted() {
    const cpu::Decoder decoder;
    Handlers handlers;
    const std::vector<std::vector<u8>> prefixes = {{},
                                                   {0x66},
                                                   {0xF2},
                                                   {0xF3},
                                                   {0x67},
                                                   {0x64},
                                                   {0x66, 0x67},
                                                   {0x66, 0xF2},
                                                   {0x66, 0xF3},
                                                   {0x67, 0xF2},
                                                   {0x67, 0xF3},
                                                   {0x66, 0x67, 0xF2},
                                                   {0x66, 0x67, 0xF3}};
    const std::vector<std::vector<u8>> maps = {{}, {0x0F}, {0x0F, 0x38}, {0x0F, 0x3A}};
    for (const auto& prefix : prefixes) {
        for (const unsigned rex : {0U, 0x40U, 0x48U}) {
            for (const auto& map : maps) {
                std::vector<u8> front = prefix;
                if (rex != 0) front.push_back(static_cast<u8>(rex));
                front.insert(front.end(), map.begin(), map.end());
                try_opcode(decoder, front, handlers);
            }
        }
    }
    for (unsigned map = 1; map < 4; ++map) {
        for (unsigned last = 0; last < 256; ++last) {  // W, vvvv, L, pp
            try_opcode(decoder, {0xC4, static_cast<u8>(0xE0 | map), static_cast<u8>(last)}, handlers);
        }
    }
    return handlers;
}

TEST(Samples, ReachEveryHandlerOfTheDecoder) {
    const Handlers all = accepted();
    ASSERT_GT(all.size(), 500U);
    const cpu::Decoder decoder;
    Handlers reached;
    Generator generator(2);
    for (u64 made = 0; made < kInstructions;) {
        const Sample sample = generator.sample(12);
        made += sample.units.size();
        for (const Unit& unit : sample.units) {
            // All of the unit: some instructions stand behind the one that it is about.
            for (std::size_t at = unit.instruction; at < unit.end;) {
                std::array<u8, 16> bytes{};
                for (std::size_t n = 0; n < 15 && at + n < sample.code.size(); ++n) bytes[n] = sample.code[at + n];
                const cpu::Decoded decoded = decoder.decode(sample.at + at, bytes.data(), 15);
                note(decoded, reached);
                at += decoded.length;
            }
        }
    }
    std::set<std::string> missing;
    for (const auto& [handler, name] : all) {
        if (!reached.contains(handler)) missing.insert(name);
    }
    std::string text;
    for (const std::string& name : missing) text += " " + name;
    EXPECT_TRUE(missing.empty()) << "never made:" << text;
}

/// The forms outside the model of instructions that are in it. What compilers emit is never among them.
TEST(Decoder, RefusesOfItsOwnInstructionsOnlyWhatIsListed) {
    const cpu::Decoder core;
    ZydisDecoder decoder;
    ZydisDecoderInit(&decoder, ZYDIS_MACHINE_MODE_LONG_64, ZYDIS_STACK_WIDTH_64);
    std::set<std::string> accepted, refused;
    const auto look = [&](const std::vector<u8>& front) {
        for (unsigned opcode = 0; opcode < 256; ++opcode) {
            for (unsigned modrm = 0; modrm < 128; ++modrm) {
                std::vector<u8> code = front;
                code.push_back(static_cast<u8>(opcode));
                code.push_back(static_cast<u8>(modrm < 64 ? modrm : modrm + 128));
                code.resize(code.size() + 12, 0x11);
                ZydisDecodedInstruction insn;
                if (!ZYAN_SUCCESS(ZydisDecoderDecodeInstruction(&decoder, nullptr, code.data(), 15, &insn))) continue;
                const std::string name = ZydisMnemonicGetString(insn.mnemonic);
                (core.decode(0x1000, code.data(), 15).mnemonic != 0 ? accepted : refused).insert(name);
            }
        }
    };
    for (const std::vector<u8>& prefix : {std::vector<u8>{}, {0x66}, {0xF2}, {0xF3}, {0x48}, {0x66, 0x48}, {0xF0}}) {
        for (const std::vector<u8>& map : {std::vector<u8>{}, {0x0F}, {0x0F, 0x38}, {0x0F, 0x3A}}) {
            std::vector<u8> front = prefix;
            // REX stands directly before the opcode, all others before it.
            front.insert(front.end(), map.begin(), map.end());
            look(front);
        }
    }
    std::set<std::string> both;
    for (const std::string& name : refused) {
        if (accepted.contains(name)) both.insert(name);
    }
    const std::set<std::string> expected = {"call",  "jmp",   "ret",  // to other code segments, of 32 bits
                                            "push",  "pop",           // 16 bits of segment registers
                                            "movsd", "cmpsd",         // SSE has names in common with strings
                                            "sysret"};
    EXPECT_EQ(both, expected);
}

}  // namespace
}  // namespace turnpike::host
