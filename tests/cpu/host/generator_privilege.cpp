// SPDX-License-Identifier: Apache-2.0
// What a program may not do, and what little of the system it may: segment registers and bases, returns to itself,
// interrupts, single-stepping. And bytes at random.
#include <iterator>

#include "tests/cpu/host/generator.h"
#include "tests/cpu/host/instruction_facts.h"
#include "tests/cpu/host/undefined_flags.h"

namespace turnpike::host {
namespace {

constexpr unsigned kRax = 0, kRdx = 2, kRsp = 4;
constexpr unsigned kFs = 4, kGs = 5;
constexpr u64 kStatusFlags = 0x8D5;
constexpr u64 kNestedTask = 0x4000, kIoPrivilege = 0x3000, kIdFlag = 0x200000, kTrap = 0x100;

struct Code {
    u8 count;
    u8 bytes[4];
};

}  // namespace

void Generator::privilege_unit() {
    sample_.user = true;
    begin();
    switch (below(10)) {
        case 0:
            privileged_instruction();
            break;
        case 1:
            segment_register();
            break;
        case 2:
            segment_base();
            break;
        case 3:
            far_return();
            break;
        case 4:
            interrupt_instruction();
            break;
        case 5:
            single_step();
            break;
        default:
            noise();
    }
}

/// #GP for programs.
void Generator::privileged_instruction() {
    static constexpr Code kAlone[] = {{1, {0xF4}},
                                      {1, {0xFA}},
                                      {1, {0xFB}},
                                      {1, {0xEC}},
                                      {1, {0xED}},
                                      {1, {0xEE}},
                                      {1, {0xEF}},
                                      {2, {0xE4, 0x70}},
                                      {2, {0xE5, 0x70}},
                                      {2, {0xE6, 0x70}},
                                      {2, {0xE7, 0x70}},
                                      {2, {0x66, 0xED}},
                                      {2, {0x66, 0xEF}},
                                      {2, {0x0F, 0x06}},
                                      {2, {0x0F, 0x08}},
                                      {2, {0x0F, 0x09}},
                                      {2, {0x0F, 0x30}},
                                      {2, {0x0F, 0x32}},
                                      {2, {0x0F, 0x33}},
                                      {3, {0x48, 0x0F, 0x07}},
                                      {3, {0x0F, 0x01, 0xF8}}};
    ended_ = true;
    const unsigned kind = below(5);
    if (kind == 0) set(kRdx, random_() & 0xFFFF);
    instruction();
    if (kind < 2) {
        const Code& code = kAlone[below(std::size(kAlone))];
        for (unsigned n = 0; n < code.count; ++n) byte(code.bytes[n]);
    } else if (kind == 2) {  // MOV of control and debug registers
        static constexpr unsigned kControlRegisters[] = {0, 2, 3, 4, 8};
        const bool debug = chance(50);
        const unsigned number = debug ? below(8) : kControlRegisters[below(5)];
        if (number >= 8) byte(0x44);
        byte(0x0F), byte((debug ? 0x21 : 0x20) + 2 * below(2)), byte(0xC0 | ((number & 7) << 3) | below(8));
    } else if (kind == 3) {  // LGDT, LIDT, INVLPG
        static constexpr unsigned kDigits[] = {2, 3, 7};
        Encoding e;
        e.map = 1, e.opcode = 0x01, e.reg = kDigits[below(3)], e.reg_is_register = false;
        e.place.is_memory = true;
        e.place.memory.displacement = static_cast<i64>(kData + below(0x800));
        encode(e);
    } else {  // LLDT, LTR
        byte(0x0F), byte(0x00), byte(0xC0 | ((2 + below(2)) << 3) | below(8));
    }
    finish({}, false);
}

/// Selectors that a program may load and others; what FS and GS then have as base is put right again.
void Generator::segment_register() {
    static constexpr unsigned kSelectors[] = {0,    1,    2,    3,    HOST_USER_DATA, HOST_USER_CODE, 0x28,
                                              0x2A, 0x30, 0x10, 0x18, 0x13,           0x0F,           0xFFFB};
    static constexpr unsigned kCs = 1, kSs = 2;
    const unsigned segment = below(6);
    const unsigned kind = below(4);
    unsigned selector = kSelectors[below(std::size(kSelectors))];
    if (segment == kSs && chance(70)) selector = HOST_USER_DATA;
    if (kind == 0) {  // mov reg, segment
        instruction();
        if (chance(30)) byte(chance(50) ? 0x66 : 0x48);
        byte(0x8C), byte(0xC0 | (segment << 3) | (chance(80) ? kRax : kRdx));
    } else if (kind == 1) {  // mov [data], segment
        instruction();
        if (chance(30)) byte(chance(50) ? 0x66 : 0x48);
        byte(0x8C), byte(0x04 | (segment << 3)), byte(0x25), bytes(kData + below(0x800), 4);
    } else if (kind == 2 && segment >= kFs) {  // push selector; pop segment; push segment; pop rax
        byte(0x68), bytes(selector, 4);
        instruction();
        byte(0x0F), byte(0xA1 + 8 * (segment - kFs));
        byte(0x0F), byte(0xA0 + 8 * (segment - kFs));
        byte(0x58);
    } else {  // mov segment, eax; mov edx, segment
        set(kRax, selector | (random_() << 16));
        instruction();
        byte(0x8E), byte(0xC0 | (segment << 3));
        if (segment != kCs) byte(0x8C), byte(0xC0 | (segment << 3) | kRdx);
    }
    for (const bool gs : {false, true}) {  // mov rax, base; wrfsbase rax
        if (segment != (gs ? kGs : kFs) || kind < 2) continue;
        set(kRax, gs ? kGsBase : kFsBase);
        bytes(0xAE0F48F3, 4), byte(gs ? 0xD8 : 0xD0);
    }
    finish({}, false);
}

/// RDFSBASE, RDGSBASE, WRFSBASE, WRGSBASE.
void Generator::segment_base() {
    const bool gs = chance(50);
    const auto reg = static_cast<unsigned>(other_register(0));
    const bool wide = chance(60);
    const bool write = chance(60);
    if (write) set(reg, chance(80) ? static_cast<u64>(static_cast<i64>(random_()) >> 17) : random_());
    instruction();
    byte(0xF3);
    if (wide || reg >= 8) byte(0x40 | (wide ? 8U : 0U) | (reg >> 3));
    byte(0x0F), byte(0xAE), byte(0xC0 | ((write ? 16U : 0U) + (gs ? 8U : 0U)) | (reg & 7));
    if (write) {  // read it back, then put it right
        bytes(0xAE0F48F3, 4), byte(gs ? 0xCA : 0xC2);
        set(kRax, gs ? kGsBase : kFsBase);
        bytes(0xAE0F48F3, 4), byte(gs ? 0xD8 : 0xD0);
    }
    finish({}, false);
}

/// IRETQ and far RETQ to the program itself, or with selectors that it may not have.
void Generator::far_return() {
    static constexpr unsigned kWrong[] = {0, 3, 0x10, 0x13, 0x18, HOST_USER_DATA, 0x30, 0x37, 0xFFFB};
    const auto or_wrong = [&](unsigned right) { return chance(85) ? right : kWrong[below(std::size(kWrong))]; };
    const bool interrupt = chance(60);
    const unsigned code = or_wrong(HOST_USER_CODE);
    if (interrupt) {
        const bool nested = chance(5);
        const unsigned stack = or_wrong(HOST_USER_DATA);
        const u64 flags = kFlagsAlways | (random_() & (kStatusFlags | kIoPrivilege | kIdFlag | 0x400));
        set_stack();
        byte(0x68), bytes(stack == HOST_USER_CODE ? 0U : stack, 4);
        byte(0x54);  // push rsp
        byte(0x68), bytes(flags, 4);
        byte(0x68), bytes(code, 4);
        byte(0x68), bytes(here() + 4 + (nested ? 7 : 0) + 2, 4);
        if (nested) byte(0x68), bytes(kFlagsAlways | kNestedTask, 4), byte(0x9D), byte(0x90);
        instruction();
        byte(0x48), byte(0xCF);
    } else {
        const bool release = chance(40);
        set_stack();
        byte(0x68), bytes(code, 4);
        byte(0x68), bytes(here() + 4 + (release ? 4 : 2), 4);
        instruction();
        byte(0x48), byte(release ? 0xCA : 0xCB);
        if (release) bytes(below(64), 2);
    }
    finish({}, true);
}

/// INT n through gates of the kernel's; 0x80 would leave the sandbox.
void Generator::interrupt_instruction() {
    ended_ = true;
    const unsigned number = chance(20) ? 3 + below(2) : below(256);
    instruction();
    if (chance(10)) {
        byte(0xF1);
    } else {
        byte(0xCD), byte(number == 0x80 ? 0x81 : number);
    }
    finish({}, false);
}

/// A trap behind the instruction that follows POPF, or behind the next where that holds it off.
void Generator::single_step() {
    static constexpr Code kCodes[] = {{1, {0x90}},       {1, {0x50}},
                                      {1, {0x9C}},       {2, {0xF3, 0xAA}},
                                      {2, {0xEB, 0x00}}, {2, {0x74, 0x00}},
                                      {2, {0x0F, 0x0B}}, {1, {0x9D}},
                                      {2, {0x8E, 0xD0}}, {2, {0x0F, 0xA2 + 0x26}},
                                      {1, {0xCC}},       {2, {0xCD, 0x21}},
                                      {2, {0x89, 0xC2}}, {2, {0x48, 0x99}},
                                      {1, {0xF4}},       {3, {0x48, 0x8B, 0x00}}};
    ended_ = true;
    set_stack();
    set(kRax, HOST_USER_DATA);
    set(7, kData + 256);
    set(1, below(4));
    byte(0x68), bytes(kFlagsAlways, 4);  // for a POPF that is stepped
    byte(0x68), bytes(kFlagsAlways | kTrap, 4);
    byte(0x9D);
    instruction();
    const Code& code = kCodes[below(std::size(kCodes))];
    for (unsigned n = 0; n < code.count; ++n) byte(code.bytes[n]);
    byte(0x90), byte(0x90);
    finish({}, false);
}

/// Prefixes, an opcode and whatever follows.
void Generator::noise() {
    static constexpr unsigned kPrefixes[] = {0x66, 0xF2, 0xF3, 0x67, 0x64, 0x2E, 0x48, 0x44, 0x41, 0x40};
    for (unsigned attempt = 0; attempt < 8; ++attempt) {
        sample_.code.resize(begin_);
        instruction();
        for (unsigned n = below(4); n > 0; --n) byte(kPrefixes[below(std::size(kPrefixes))]);
        if (chance(60)) {
            byte(0x0F);
            if (chance(20)) byte(chance(50) ? 0x38 : 0x3A);
        } else if (chance(20)) {
            byte(0xC4), byte(below(256)), byte(below(256));
        }
        for (unsigned n = 0; n < 12; ++n) byte(below(256));
        const std::size_t there = sample_.code.size() - instruction_;
        ZydisDecodedInstruction insn;
        const u8* const code = sample_.code.data() + instruction_;
        if (!comparable(code, there) || is_locked_access(code, there)) continue;
        ended_ = true;
        // What is no instruction keeps its bytes: where a processor sees one in them, that shows.
        if (decode(code, there, insn)) sample_.code.resize(instruction_ + insn.length);
        odd_ = true;
        finish({}, true);
        return;
    }
    sample_.code.resize(begin_);
}

}  // namespace turnpike::host
