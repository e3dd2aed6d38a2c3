// SPDX-License-Identifier: Apache-2.0
// Random integer instructions in every form that the core has, as machine code.
#pragma once
#include <cstdint>
#include <random>
#include <vector>

namespace turnpike::cpu {

/// Registers that stay as they are: RBX points to the data, RBP is a small index, RSP the stack.
class RandomCode {
  public:
    explicit RandomCode(std::uint64_t seed) : random_(seed) {}

    /// Code of about so many instructions, ending where the vector ends. Undefined flags are cleared after each
    /// instruction that leaves any, so that all flags can be compared.
    std::vector<std::uint8_t> sequence(unsigned instructions);
    std::uint64_t number() { return random_(); }
    /// Values with the corner cases more often than by chance.
    std::uint64_t value();

  private:
    struct Modrm {
        unsigned reg;
        bool memory;
        unsigned rm;
        unsigned form;
    };
    unsigned below(unsigned n) { return static_cast<unsigned>(random_() % n); }
    unsigned target();
    void byte(unsigned value) { code_.push_back(static_cast<std::uint8_t>(value)); }
    void immediate(unsigned bytes);
    void undefined(std::uint32_t flags);
    /// Prefixes, opcode (map 0: one byte, 1: 0F, 2: 0F 38, 3: 0F 3A) and operands; size 0..3 for 8 to 64 bits.
    void emit(unsigned size, unsigned prefix, unsigned map, unsigned opcode, unsigned reg, bool memory, unsigned rm);
    void emit_vex(bool wide, unsigned pp, unsigned map, unsigned opcode, unsigned reg, unsigned third, bool memory,
                  unsigned rm);
    void operands(unsigned reg, bool memory, unsigned rm);
    void rex(unsigned size, unsigned reg, bool memory, unsigned rm);
    void choose_operands(unsigned size, bool memory_allowed, bool rm_is_target, bool& memory, unsigned& rm);

    void arithmetic();
    void arithmetic_immediate();
    void unary();
    void shift();
    void double_shift();
    void multiply();
    void divide();
    void move();
    void extend();
    void lea();
    void conditional();
    void bits();
    void bit_test();
    void bmi();
    void adx();
    void atomic();
    void stack();
    void strings();
    void flags();
    void converts();
    void skip();

    std::mt19937_64 random_;
    std::vector<std::uint8_t> code_;
};

}  // namespace turnpike::cpu
