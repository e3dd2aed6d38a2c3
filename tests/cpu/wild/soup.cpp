// SPDX-License-Identifier: Apache-2.0
#include "tests/cpu/wild/soup.h"

#include <initializer_list>

#include "tests/cpu/wild/wild_layout.h"

namespace turnpike::wild {
namespace {

constexpr unsigned kRax = 0, kRcx = 1, kRdx = 2, kRsi = 6, kRdi = 7;

}  // namespace

void Soup::bytes(u64 value, unsigned count) {
    for (unsigned n = 0; n < count; ++n) byte(static_cast<unsigned>(value >> (8 * n)) & 0xFF);
}

/// mov reg, value
void Soup::set(unsigned reg, u64 value) {
    byte(0x48 | (reg >> 3));
    byte(0xB8 | (reg & 7));
    bytes(value, 8);
}

void Soup::noise() {
    for (unsigned n = 1 + below(12); n > 0; --n) byte(below(256));
}

/// Instructions of the integer set, whose memory operands mostly lie in the data.
void Soup::sound() {
    const host::Sample sample = generator_.sample(1 + below(6));
    code_.insert(code_.end(), sample.code.begin(), sample.code.end());
}

/// To anywhere in the code, near or far behind it.
void Soup::jump() {
    const unsigned kind = below(6);
    if (kind == 0) {
        byte(0xEB), byte(below(256));
    } else if (kind == 1) {
        byte(0x70 | below(16)), byte(below(256));
    } else if (kind < 4) {
        byte(kind == 2 ? 0xE9 : 0xE8);
        bytes(layout::kCode + below(layout::kCodeBytes) - (at_ + code_.size() + 4), 4);
    } else {
        set(kRax, below(8) == 0 ? random_() : layout::kCode + below(2 * layout::kCodeBytes));
        byte(0xFF), byte(kind == 4 ? 0xE0 : 0xD0);
    }
}

void Soup::model_specific_register() {
    static constexpr u32 kNumbers[] = {0x10,       0x1B,       0x8B,       0xC0000080, 0xC0000081,
                                       0xC0000082, 0xC0000083, 0xC0000084, 0xC0000100, 0xC0000101,
                                       0xC0000102, 0xC0000103, 0x6E0,      0x38F,      0x309};
    set(kRcx, below(10) == 0 ? random_() : kNumbers[below(std::size(kNumbers))]);
    set(kRax, below(2) == 0 ? random_() & 0xD01 : random_());
    set(kRdx, below(2) == 0 ? 0 : random_());
    byte(0x0F), byte(below(4) == 0 ? 0x32 : 0x30);
}

void Soup::privileged() {
    // The tables' registers, control and debug registers, and what stands alone.
    static constexpr u8 kAlone[][3] = {{0x0F, 0x06, 0x90}, {0x0F, 0x09, 0x90}, {0x0F, 0x01, 0xF8}, {0x0F, 0x05, 0x90},
                                       {0x48, 0x0F, 0x07}, {0x48, 0xCF, 0x90}, {0x48, 0xCB, 0x90}, {0x0F, 0xA2, 0x90},
                                       {0x0F, 0x31, 0x90}, {0x0F, 0x33, 0x90}, {0x0F, 0x01, 0xF9}, {0xF4, 0x90, 0x90},
                                       {0xFB, 0xF4, 0x90}, {0xFA, 0x90, 0x90}, {0xF1, 0x90, 0x90}, {0xEC, 0xEE, 0xED}};
    const unsigned draw = below(8);
    if (draw < 3) {
        const auto& code = kAlone[below(std::size(kAlone))];
        for (const u8 one : code) byte(one);
    } else if (draw == 3) {
        byte(0xCD), byte(below(256));
    } else if (draw == 4) {  // a control or debug register, written or read
        if (below(2) == 0) set(kRax, below(2) == 0 ? 0x80010011 ^ (u64{1} << below(64)) : random_());
        if (below(3) == 0) byte(0x44);
        byte(0x0F), byte(0x20 + below(4)), byte(0xC0 | (below(8) << 3));
    } else if (draw == 5) {  // SGDT, SIDT, LGDT, LIDT, INVLPG of the data or of a table
        static constexpr u8 kDigits[] = {0, 1, 2, 3, 7};
        byte(0x0F), byte(0x01), byte(0x04 | (kDigits[below(5)] << 3)), byte(0x25);
        bytes(below(3) == 0 ? layout::kGdtr + 16 * below(2) : layout::kData + below(0x1000), 4);
    } else if (draw == 6) {  // LLDT, LTR, SLDT, STR
        byte(0x0F), byte(0x00), byte(0xC0 | below(32));
    } else {
        set(kRax, random_() % 2 == 0 ? layout::kTables : layout::kTables + 0x1000 * below(16));
        byte(0x0F), byte(0x22), byte(0xD8);  // mov cr3, rax
    }
}

void Soup::flags_and_segments() {
    switch (below(4)) {
        case 0:  // push flags; popfq
            byte(0x68), bytes(random_() & 0x7FFFF, 4), byte(0x9D);
            break;
        case 1:  // mov segment, ax
            set(kRax, 8 * below(16) + below(8));
            byte(0x8E), byte(0xC0 | (below(8) << 3));
            break;
        case 2:  // WRFSBASE and the like
            byte(0xF3), byte(0x48), byte(0x0F), byte(0xAE), byte(0xC0 | below(32));
            break;
        default:  // a frame for IRETQ on the stack
            byte(0x6A), byte(below(128));
            byte(0x68), bytes(layout::kData + below(0x1000), 4);
            byte(0x68), bytes(random_() & 0x3FFD7, 4);
            byte(0x6A), byte(8 * below(8) + below(4));
            byte(0x68), bytes(layout::kCode + below(layout::kCodeBytes), 4);
            byte(0x48), byte(0xCF);
    }
}

/// Stores into the code or the tables.
void Soup::rewrites() {
    const u64 targets[] = {layout::kCode + below(layout::kCodeBytes), layout::kTables + below(0x8000),
                           layout::kIdt + below(0x1000), layout::kGdt + below(0x100), layout::kTss + below(0x400)};
    set(kRdi, targets[below(5)]);
    set(kRax, random_());
    switch (below(3)) {
        case 0:
            byte(0x48), byte(0x89), byte(0x07);  // mov [rdi], rax
            break;
        case 1:
            byte(0xF0), byte(0x48), byte(0x31), byte(0x07);  // lock xor [rdi], rax
            break;
        default:
            set(kRcx, below(64));
            byte(0xF3), byte(0xAA);
    }
}

/// Long repetitions from and to anywhere.
void Soup::repeats() {
    const auto anywhere = [&] { return below(4) == 0 ? random_() : random_() % (2 * layout::kMemoryBytes); };
    set(kRsi, anywhere());
    set(kRdi, anywhere());
    set(kRcx, below(3) == 0 ? random_() : below(0x4000));
    byte(below(2) == 0 ? 0xFC : 0xFD);
    byte(0xF2 + below(2));
    if (below(2) == 0) byte(0x48);
    static constexpr u8 kOpcodes[] = {0xA4, 0xA5, 0xA6, 0xA7, 0xAA, 0xAB, 0xAC, 0xAD, 0xAE, 0xAF};
    byte(kOpcodes[below(10)]);
}

std::vector<u8> Soup::code(u64 at, std::size_t bytes) {
    using Maker = void (Soup::*)();
    static constexpr Maker kMakers[] = {&Soup::noise,      &Soup::sound,      &Soup::sound,
                                        &Soup::sound,      &Soup::jump,       &Soup::model_specific_register,
                                        &Soup::privileged, &Soup::privileged, &Soup::flags_and_segments,
                                        &Soup::rewrites,   &Soup::repeats};
    code_.clear();
    at_ = at;
    // Some guests are of one kind of code only, most are mixed.
    const unsigned taste = below(4);
    const unsigned first = taste == 0 ? below(std::size(kMakers)) : 0;
    const unsigned kinds = taste == 0 ? 1 : taste == 1 ? 4 : static_cast<unsigned>(std::size(kMakers));
    while (code_.size() < bytes) (this->*kMakers[first + below(kinds)])();
    return code_;
}

}  // namespace turnpike::wild
