// SPDX-License-Identifier: Apache-2.0
// Forms without a ModRM byte, and the stack.
#include "tests/cpu/host/generator.h"

namespace turnpike::host {
namespace {

constexpr unsigned kRax = 0, kRbx = 3, kRsp = 4, kRbp = 5;
constexpr u64 kStatusFlags = 0x8D5;

}  // namespace

void Generator::implicit_unit() {
    begin();
    switch (below(6)) {
        case 0:
            accumulator_immediate();
            break;
        case 1:
        case 2:
            register_in_opcode();
            break;
        case 3:
            absolute_move();
            break;
        case 4:
            translate();
            break;
        default:
            single_byte();
    }
}

void Generator::accumulator_immediate() {
    const unsigned size = 1U << below(4);
    const unsigned operation = below(9);
    instruction();
    if (size == 2) byte(0x66);
    if (size == 8) byte(0x48);
    byte((operation == 8 ? 0xA8 : operation * 8 + 4) + (size == 1 ? 0 : 1));
    bytes(value(), size == 8 ? 4 : size);
    finish({}, false);
}

/// MOV reg, imm; XCHG rax, reg; BSWAP.
void Generator::register_in_opcode() {
    const unsigned kind = below(4);
    const unsigned size = kind == 0 ? 1 : 2U << below(3);
    const unsigned reg = below(16);
    instruction();
    if (size == 2) byte(0x66);
    const unsigned rex = (size == 8 ? 8U : 0U) | (reg >> 3);
    if (rex != 0 || chance(20)) byte(0x40 | rex);
    if (kind == 3) byte(0x0F);
    byte((kind == 0 ? 0xB0 : kind == 1 ? 0xB8 : kind == 2 ? 0x90 : 0xC8) + (reg & 7));
    if (kind < 2) bytes(value(), size);
    finish({}, reg == kRsp);
}

/// MOV between the accumulator and an absolute address in the code.
void Generator::absolute_move() {
    const unsigned size = 1U << below(4);
    const unsigned segment = below(6);  // 0: FS, 1: GS
    const bool address32 = segment > 1 && chance(30);
    const u64 target = kData + 128 + below(kDataBytes - 256);
    instruction();
    if (segment < 2) byte(0x64 + segment);
    if (address32) byte(0x67);
    if (size == 2) byte(0x66);
    if (size == 8) byte(0x48);
    byte((chance(50) ? 0xA0 : 0xA2) + (size == 1 ? 0 : 1));
    bytes(target - (segment == 0 ? kFsBase : segment == 1 ? kGsBase : 0), address32 ? 4 : 8);
    finish({}, false);
}

/// XLAT: AL indexes a table at RBX.
void Generator::translate() {
    const unsigned segment = below(6);
    const bool address32 = segment > 1 && chance(30);
    const u64 table = kData + 128 + below(kDataBytes - 512) - (segment == 0 ? kFsBase : segment == 1 ? kGsBase : 0);
    set(kRbx, table | (address32 ? random_() << 32 : 0));
    instruction();
    if (segment < 2) byte(0x64 + segment);
    if (address32) byte(0x67);
    if (chance(10)) byte(0x48);
    byte(0xD7);
    finish({}, false);
}

void Generator::single_byte() {
    struct Code {
        u8 count;
        u8 bytes[4];
    };
    static constexpr Code kCodes[] = {
        {1, {0x98}},
        {2, {0x66, 0x98}},
        {2, {0x48, 0x98}},  // CWDE, CBW, CDQE
        {1, {0x99}},
        {2, {0x66, 0x99}},
        {2, {0x48, 0x99}},  // CDQ, CWD, CQO
        {1, {0x9E}},
        {1, {0x9F}},  // SAHF, LAHF
        {1, {0xF5}},
        {1, {0xF8}},
        {1, {0xF9}},  // CMC, CLC, STC
        {1, {0xFC}},
        {1, {0xFD}},  // CLD, STD
        {1, {0x90}},
        {2, {0xF3, 0x90}},
        {4, {0xF3, 0x0F, 0x1E, 0xFA}},  // NOP, PAUSE, ENDBR64
        {3, {0x0F, 0xAE, 0xF0}},
        {3, {0x0F, 0xAE, 0xE8}},
        {3, {0x0F, 0xAE, 0xF8}},  // fences
    };
    static constexpr Code kFaults[] = {{2, {0x0F, 0x0B}}, {1, {0xCC}}, {2, {0xCD, 0x03}}, {1, {0x06}},
                                       {1, {0x27}},       {1, {0xD6}}, {1, {0x0E}},       {3, {0x0F, 0xB9, 0xC0}}};
    const Code& code = chance(90) ? kCodes[below(std::size(kCodes))] : kFaults[below(std::size(kFaults))];
    instruction();
    for (unsigned n = 0; n < code.count; ++n) byte(code.bytes[n]);
    finish({}, false);
}

void Generator::stack_unit() {
    begin();
    if (chance(50)) set_stack();
    switch (below(4)) {
        case 0:
            push_or_pop();
            break;
        case 1:
            stack_memory();
            break;
        case 2:
            frame();
            break;
        default:
            flags_on_stack();
    }
}

void Generator::push_or_pop() {
    const unsigned reg = below(16);
    const unsigned kind = below(4);
    const bool small = chance(25);
    instruction();
    if (small) byte(0x66);
    if (kind < 2) {
        if (reg >= 8 || chance(10)) byte(0x40 | (reg >> 3) | (chance(20) ? 8U : 0U));
        byte((kind == 0 ? 0x50 : 0x58) | (reg & 7));
    } else {
        byte(kind == 2 ? 0x6A : 0x68);
        bytes(value(), kind == 2 ? 1 : small ? 2 : 4);
    }
    finish({}, kind == 1 && reg == kRsp);
}

/// PUSH and POP of memory.
void Generator::stack_memory() {
    Encoding e;
    e.size = chance(25) ? 2 : chance(20) ? 8 : 4;  // without a prefix 64 bits
    const bool push = chance(50);
    e.opcode = push ? 0xFF : 0x8F;
    e.reg = push ? 6 : 0;
    e.reg_is_register = false;
    e.place.is_memory = true;
    e.place.memory = choose_memory({});
    instruction();
    encode(e);
    finish({}, false);
}

/// ENTER and LEAVE.
void Generator::frame() {
    set(kRbp, kStackTop + below(128));
    const bool small = chance(10);
    const bool enter = chance(50);
    instruction();
    if (small) byte(0x66);
    byte(enter ? 0xC8 : 0xC9);
    if (enter) bytes(below(200) | (u64{chance(50) ? 0 : chance(80) ? below(5) : below(256)} << 16), 3);
    finish({}, !enter);
}

/// PUSHF into a register, or POPF of random flags.
void Generator::flags_on_stack() {
    const bool small = chance(25);
    if (chance(50)) {
        instruction();
        if (small) byte(0x66);
        byte(0x9C);
        if (small) byte(0x66);
        byte(0x58 | kRax);
    } else {
        byte(0x68);
        bytes(kFlagsAlways | (random_() & (kStatusFlags | 0x400)), 4);
        instruction();
        if (small) byte(0x66);
        byte(0x9D);
    }
    finish({}, false);
}

}  // namespace turnpike::host
