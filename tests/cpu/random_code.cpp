// SPDX-License-Identifier: Apache-2.0
#include "tests/cpu/random_code.h"

namespace turnpike::cpu {
namespace {
constexpr std::uint32_t kCf = 1, kPf = 4, kAf = 0x10, kZf = 0x40, kSf = 0x80, kOf = 0x800;
constexpr unsigned kRcx = 1;
}  // namespace

std::uint64_t RandomCode::value() {
    const std::uint64_t raw = random_();
    switch (below(6)) {
        case 0:
            return raw & 0xFF;
        case 1:
            return ~(raw & 0xFF);
        case 2:
            return std::uint64_t{1} << (raw & 63);
        case 3:
            return (std::uint64_t{1} << (raw & 63)) - 1;
        default:
            return raw;
    }
}

/// Any register but RBX, RSP and RBP.
unsigned RandomCode::target() {
    static constexpr unsigned kTargets[] = {0, 1, 2, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15};
    return kTargets[below(13)];
}

void RandomCode::immediate(unsigned bytes) {
    const std::uint64_t number = value();
    for (unsigned n = 0; n < bytes; ++n) byte(static_cast<unsigned>((number >> (8 * n)) & 0xFF));
}

/// pushfq; and qword [rsp], ~flags; popfq
void RandomCode::undefined(std::uint32_t flags) {
    const std::uint32_t keep = ~flags;
    for (const unsigned b : {0x9CU, 0x48U, 0x81U, 0x24U, 0x24U}) byte(b);
    for (unsigned n = 0; n < 4; ++n) byte((keep >> (8 * n)) & 0xFF);
    byte(0x9D);
}

void RandomCode::rex(unsigned size, unsigned reg, bool memory, unsigned rm) {
    unsigned prefix = 0x40 | (size == 3 ? 8U : 0U) | ((reg & 8) != 0 ? 4U : 0U);
    if (!memory && (rm & 8) != 0) prefix |= 1;
    // Byte registers 4 to 7 are AH to BH without a prefix: only AH, CH and DH may be written, BH may not.
    const bool byte_register = size == 0 && ((reg >= 4 && reg < 8) || (!memory && rm >= 4 && rm < 8));
    const bool high = byte_register && reg != 7 && (memory || rm != 7) && prefix == 0x40 && below(2) == 0;
    if (prefix != 0x40 || (byte_register && !high)) byte(prefix);
}

void RandomCode::operands(unsigned reg, bool memory, unsigned rm) {
    if (!memory) {
        byte(0xC0 | ((reg & 7) << 3) | (rm & 7));
        return;
    }
    switch (rm & 3) {
        case 0:  // [rbx + disp8]
            byte(0x40 | ((reg & 7) << 3) | 3);
            byte(below(256));
            break;
        case 1:  // [rbx + rbp * scale + disp8]
            byte(0x40 | ((reg & 7) << 3) | 4);
            byte((below(4) << 6) | (5 << 3) | 3);
            byte(below(256));
            break;
        case 2:  // [rbx]
            byte(((reg & 7) << 3) | 3);
            break;
        default:  // [rbx + rbp + disp32]
            byte(0x80 | ((reg & 7) << 3) | 4);
            byte((5 << 3) | 3);
            byte(below(256));
            byte(below(4));
            byte(0);
            byte(0);
    }
}

void RandomCode::emit(unsigned size, unsigned prefix, unsigned map, unsigned opcode, unsigned reg, bool memory,
                      unsigned rm) {
    if (size == 1) byte(0x66);
    if (prefix != 0) byte(prefix);
    rex(size, reg, memory, rm);
    if (map > 0) byte(0x0F);
    if (map == 2) byte(0x38);
    if (map == 3) byte(0x3A);
    byte(opcode);
    operands(reg, memory, rm);
}

void RandomCode::emit_vex(bool wide, unsigned pp, unsigned map, unsigned opcode, unsigned reg, unsigned third,
                          bool memory, unsigned rm) {
    byte(0xC4);
    byte(((reg & 8) != 0 ? 0U : 0x80U) | 0x40U | (!memory && (rm & 8) != 0 ? 0U : 0x20U) | map);
    byte((wide ? 0x80U : 0U) | ((~third & 15) << 3) | pp);
    byte(opcode);
    operands(reg, memory, rm);
}

void RandomCode::choose_operands(unsigned size, bool memory_allowed, bool rm_is_target, bool& memory, unsigned& rm) {
    memory = memory_allowed && below(3) == 0;
    rm = memory ? below(4) : rm_is_target ? target() : below(16);
    if (!memory && rm_is_target && size == 0) rm = target();
}

void RandomCode::arithmetic() {
    // ADD, OR, ADC, SBB, AND, SUB, XOR, CMP; TEST
    const unsigned size = below(4);
    const bool test = below(9) == 8;
    const bool to_register = !test && below(2) == 0;
    bool memory;
    unsigned rm;
    choose_operands(size, true, !to_register, memory, rm);
    const unsigned operation = below(8);
    const unsigned opcode = (test ? 0x84 : operation * 8 + (to_register ? 2 : 0)) + (size == 0 ? 0 : 1);
    emit(size, 0, 0, opcode, to_register ? target() : target(), memory, rm);
    if (test || operation == 1 || operation == 4 || operation == 6) undefined(kAf);
}

void RandomCode::arithmetic_immediate() {
    const unsigned size = below(4);
    bool memory;
    unsigned rm;
    choose_operands(size, true, true, memory, rm);
    const unsigned operation = below(8);
    const bool short_form = size != 0 && below(2) == 0;
    emit(size, 0, 0, size == 0 ? 0x80 : short_form ? 0x83 : 0x81, operation, memory, rm);
    immediate(size == 0 || short_form ? 1 : size == 1 ? 2 : 4);
    if (operation == 1 || operation == 4 || operation == 6) undefined(kAf);
}

void RandomCode::unary() {
    const unsigned size = below(4);
    bool memory;
    unsigned rm;
    choose_operands(size, true, true, memory, rm);
    const unsigned operation = below(4);  // INC, DEC, NOT, NEG
    const unsigned opcode = (operation < 2 ? 0xFE : 0xF6) + (size == 0 ? 0 : 1);
    emit(size, 0, 0, opcode, operation, memory, rm);
}

void RandomCode::shift() {
    static constexpr unsigned kOperations[] = {0, 1, 2, 3, 4, 5, 7};
    const unsigned size = below(4);
    const unsigned operation = kOperations[below(7)];
    bool memory;
    unsigned rm;
    choose_operands(size, true, true, memory, rm);
    const unsigned form = below(3);
    const bool rotate = operation < 4;
    if (form == 0) {  // by 1
        emit(size, 0, 0, size == 0 ? 0xD0 : 0xD1, operation, memory, rm);
        if (!rotate) undefined(kAf);
        return;
    }
    if (form == 1) {
        emit(size, 0, 0, size == 0 ? 0xC0 : 0xC1, operation, memory, rm);
        byte(below(size == 3 ? 64 : 32));
    } else {
        emit(size, 0, 0, size == 0 ? 0xD2 : 0xD3, operation, memory, rm);
    }
    // CF is undefined, too, for SHL and SHR by the operand's size or more (SDM volume 2, SAL/SAR/SHL/SHR).
    const bool small = size < 2 && (operation == 4 || operation == 5);
    undefined(rotate ? kOf : kOf | kAf | (small ? kCf : 0));
}

void RandomCode::double_shift() {
    const unsigned size = 2 + below(2);
    bool memory;
    unsigned rm;
    choose_operands(size, true, true, memory, rm);
    const bool left = below(2) == 0;
    const bool by_cl = below(2) == 0;
    emit(size, 0, 1, (left ? 0xA4 : 0xAC) + (by_cl ? 1 : 0), below(16), memory, rm);
    if (!by_cl) byte(below(size == 3 ? 64 : 32));
    undefined(kOf | kAf);
}

void RandomCode::multiply() {
    const unsigned size = below(4);
    bool memory;
    unsigned rm;
    choose_operands(size, true, false, memory, rm);
    switch (below(4)) {
        case 0:
            emit(size, 0, 0, size == 0 ? 0xF6 : 0xF7, 4, memory, rm);
            break;
        case 1:
            emit(size, 0, 0, size == 0 ? 0xF6 : 0xF7, 5, memory, rm);
            break;
        case 2:
            emit(size == 0 ? 2 : size, 0, 1, 0xAF, target(), memory, rm);
            break;
        default:
            emit(size == 0 ? 2 : size, 0, 0, 0x69, target(), memory, rm);
            immediate(size == 1 ? 2 : 4);
    }
    undefined(kSf | kZf | kAf | kPf);
}

/// A divisor of at least 1 and a dividend of one word: no overflow.
void RandomCode::divide() {
    const unsigned size = 2 + below(2);
    const bool is_signed = below(2) == 0;
    static constexpr unsigned kDivisors[] = {1, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15};
    const unsigned divisor = kDivisors[below(11)];
    if (is_signed) {
        emit(size, 0, 0, 0xD1, 5, false, divisor);  // shr: positive
        emit(size, 0, 0, 0x83, 1, false, divisor);  // or divisor, 1
        byte(1);
        if (size == 3) byte(0x48);
        byte(0x99);  // cdq, cqo
    } else {
        emit(size, 0, 0, 0x83, 1, false, divisor);
        byte(1);
        emit(2, 0, 0, 0x31, 2, false, 2);  // xor edx, edx
    }
    emit(size, 0, 0, 0xF7, is_signed ? 7 : 6, false, divisor);
    undefined(kCf | kPf | kAf | kZf | kSf | kOf);
}

void RandomCode::move() {
    const unsigned size = below(4);
    bool memory;
    unsigned rm;
    const unsigned form = below(4);
    choose_operands(size, true, form != 1, memory, rm);
    switch (form) {
        case 0:
            emit(size, 0, 0, size == 0 ? 0x88 : 0x89, below(16), memory, rm);
            break;
        case 1:
            emit(size, 0, 0, size == 0 ? 0x8A : 0x8B, target(), memory, rm);
            break;
        case 2:
            emit(size, 0, 0, size == 0 ? 0xC6 : 0xC7, 0, memory, rm);
            immediate(size == 0 ? 1 : size == 1 ? 2 : 4);
            break;
        default: {
            const unsigned reg = target();
            byte(0x48 | ((reg & 8) != 0 ? 1U : 0U));
            byte(0xB8 | (reg & 7));
            immediate(8);
        }
    }
}

void RandomCode::extend() {
    bool memory;
    unsigned rm;
    const unsigned size = 1 + below(3);
    const unsigned from = below(3);
    choose_operands(0, true, false, memory, rm);
    if (from == 2) {
        emit(3, 0, 0, 0x63, target(), memory, rm);  // movsxd
        return;
    }
    // A byte register 4 to 7 needs a prefix to be SPL to DIL; here it may be AH to BH, both are right.
    emit(size, 0, 1, (below(2) == 0 ? 0xB6 : 0xBE) + from, target(), memory, rm);
}

void RandomCode::lea() { emit(1 + below(3), 0, 0, 0x8D, target(), true, below(4)); }

void RandomCode::conditional() {
    bool memory;
    unsigned rm;
    const unsigned code = below(16);
    if (below(2) == 0) {
        choose_operands(2, true, false, memory, rm);
        emit(1 + below(3), 0, 1, 0x40 + code, target(), memory, rm);
    } else {
        choose_operands(0, true, true, memory, rm);
        emit(0, 0, 1, 0x90 + code, 0, memory, rm);
    }
}

void RandomCode::bits() {
    const unsigned size = 1 + below(3);
    bool memory;
    unsigned rm;
    choose_operands(size, true, false, memory, rm);
    // Not here: POPCNT and MOVBE, which this Unicorn does not have under any CPU model.
    switch (below(6)) {
        case 0:
            emit(size, 0xF3, 1, 0xBC, target(), memory, rm);
            undefined(kOf | kSf | kAf | kPf);
            break;
        case 1:
            emit(size, 0xF3, 1, 0xBD, target(), memory, rm);
            undefined(kOf | kSf | kAf | kPf);
            break;
        case 2:
        case 3:
            // BSF and BSR r32 of 0 leave the whole register on processors; QEMU clears its upper half.
            emit(size == 2 ? 3 : size, 0, 1, below(2) == 0 ? 0xBC : 0xBD, target(), memory, rm);
            undefined(kOf | kSf | kAf | kPf | kCf);
            break;
        case 4: {
            const unsigned reg = target();
            const bool wide = below(2) == 0;
            byte(0x40 | (wide ? 8U : 0U) | ((reg & 8) != 0 ? 1U : 0U));
            byte(0x0F);
            byte(0xC8 | (reg & 7));
            break;
        }
        default: {
            const unsigned width = below(4);
            emit(width, 0xF2, 2, width == 0 ? 0xF0 : 0xF1, target(), memory, rm);  // CRC32
        }
    }
}

void RandomCode::bit_test() {
    const unsigned size = 1 + below(3);
    bool memory;
    unsigned rm;
    choose_operands(size, true, true, memory, rm);
    const unsigned operation = 4 + below(4);
    if (below(2) == 0) {
        emit(size, 0, 1, 0xBA, operation, memory, rm);
        byte(below(256));
    } else {
        // In memory the register's number reaches far: RBP is small.
        emit(size, 0, 1, 0x83 + operation * 8, memory ? 5 : below(16), memory, rm);
    }
    undefined(kOf | kSf | kAf | kPf);
}

void RandomCode::bmi() {
    const bool wide = below(2) == 0;
    bool memory;
    unsigned rm;
    choose_operands(2, true, false, memory, rm);
    const unsigned reg = target();
    const unsigned third = below(16);
    // Not here, for this QEMU's own errors (put right in 5.2, 7.0 and 8.0): PDEP and PEXT, whose source and mask it
    // exchanges; BLSI, whose CF it inverts; BZHI by the operand's size or more; BEXTR, which reads beyond a 32-bit
    // operand. instruction_test.cpp has them.
    switch (below(6)) {
        case 0:
            emit_vex(wide, 0, 2, 0xF2, reg, third, memory, rm);  // ANDN
            undefined(kAf | kPf);
            break;
        case 1:
            emit_vex(wide, 0, 2, 0xF3, 1 + below(2), reg, memory, rm);  // BLSR, BLSMSK
            undefined(kAf | kPf);
            break;
        case 2:
            emit_vex(wide, 3, 2, 0xF6, reg, target(), memory, rm);
            break;  // MULX
        case 3:
            emit_vex(wide, 3, 3, 0xF0, reg, 0, memory, rm);  // RORX
            byte(below(256));
            break;
        default:
            emit_vex(wide, 1 + below(3), 2, 0xF7, reg, third, memory, rm);  // SHLX, SARX, SHRX
    }
}

void RandomCode::adx() {
    bool memory;
    unsigned rm;
    choose_operands(2, true, false, memory, rm);
    const unsigned prefix = below(2) == 0 ? 0x66 : 0xF3;
    byte(prefix);
    rex(2 + below(2), 8, memory, rm);
    byte(0x0F);
    byte(0x38);
    byte(0xF6);
    operands(8, memory, rm);
}

void RandomCode::atomic() {
    const unsigned size = below(4);
    bool memory;
    unsigned rm;
    choose_operands(size, true, true, memory, rm);
    if (memory && below(2) == 0) byte(0xF0);
    switch (below(3)) {
        case 0:
            emit(size, 0, 0, size == 0 ? 0x86 : 0x87, target(), memory, rm);
            break;
        case 1:
            emit(size, 0, 1, size == 0 ? 0xC0 : 0xC1, target(), memory, rm);
            break;
        default:
            // CMPXCHG r32, r32 that fails leaves the target's upper half on processors; QEMU clears it.
            emit(size == 2 && !memory ? 3 : size, 0, 1, size == 0 ? 0xB0 : 0xB1, below(16), memory, rm);
    }
}

void RandomCode::stack() {
    const unsigned from = below(16);
    const unsigned to = target();
    const bool small = below(4) == 0;
    const auto one = [&](unsigned opcode, unsigned reg) {
        if (small) byte(0x66);
        if ((reg & 8) != 0) byte(0x41);
        byte(opcode | (reg & 7));
    };
    if (below(3) == 0) {
        if (small) byte(0x66);
        byte(0x6A);
        byte(below(256));
    } else {
        one(0x50, from);
    }
    one(0x58, to);
}

/// lea rsi/rdi into the data, a small count, one string instruction.
void RandomCode::strings() {
    for (const unsigned reg : {6U, 7U}) {
        byte(0x48);
        byte(0x8D);
        byte(0x43 | (reg << 3));
        byte(below(128));
    }
    byte(0xB9);
    byte(below(20));
    byte(0);
    byte(0);
    byte(0);
    static constexpr unsigned kOpcodes[] = {0xA4, 0xA6, 0xAA, 0xAC, 0xAE};
    const unsigned opcode = kOpcodes[below(5)];
    const bool compares = opcode == 0xA6 || opcode == 0xAE;
    const unsigned size = below(4);
    if (size == 1) byte(0x66);
    const unsigned repeat = below(3);
    if (repeat != 0) byte(compares && repeat == 2 ? 0xF2 : 0xF3);
    if (size == 3) byte(0x48);
    byte(opcode + (size == 0 ? 0 : 1));
}

void RandomCode::flags() {
    static constexpr unsigned kOpcodes[] = {0xF5, 0xF8, 0xF9, 0x9E, 0x9F};  // CMC, CLC, STC, SAHF, LAHF
    byte(kOpcodes[below(5)]);
}

void RandomCode::converts() {
    const unsigned size = below(3);
    if (size == 1) byte(0x66);
    if (size == 2) byte(0x48);
    byte(below(2) == 0 ? 0x98 : 0x99);
}

/// A conditional jump over the next instruction's first bytes is no use: over a fixed MOV.
void RandomCode::skip() {
    byte(0x70 | below(16));
    byte(5);
    byte(0xB8 | kRcx);
    immediate(4);
}

std::vector<std::uint8_t> RandomCode::sequence(unsigned instructions) {
    using Maker = void (RandomCode::*)();
    static constexpr Maker kMakers[] = {
        &RandomCode::arithmetic,   &RandomCode::arithmetic,  &RandomCode::arithmetic_immediate,
        &RandomCode::unary,        &RandomCode::shift,       &RandomCode::shift,
        &RandomCode::double_shift, &RandomCode::multiply,    &RandomCode::divide,
        &RandomCode::move,         &RandomCode::move,        &RandomCode::extend,
        &RandomCode::lea,          &RandomCode::conditional, &RandomCode::bits,
        &RandomCode::bit_test,     &RandomCode::bmi,         &RandomCode::adx,
        &RandomCode::atomic,       &RandomCode::stack,       &RandomCode::strings,
        &RandomCode::flags,        &RandomCode::converts,    &RandomCode::skip};
    code_.clear();
    for (unsigned n = 0; n < instructions; ++n) (this->*kMakers[below(sizeof kMakers / sizeof *kMakers)])();
    return code_;
}

}  // namespace turnpike::cpu
