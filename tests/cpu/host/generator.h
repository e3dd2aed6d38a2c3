// SPDX-License-Identifier: Apache-2.0
// Random samples over all forms of the integer instruction set.
#pragma once
#include <optional>
#include <random>

#include "tests/cpu/host/forms.h"
#include "tests/cpu/host/sample.h"

namespace turnpike::host {

class Generator {
  public:
    explicit Generator(u64 seed) : random_(seed) {}

    /// Of `most` units, fewer where the code gets too long. Undefined flags are cleared behind each instruction that
    /// leaves any, so that the whole state can be compared at every unit's end.
    Sample sample(unsigned most);

  private:
    /// A memory operand; whatever registers it needs are set by code emitted when it is chosen.
    struct Memory {
        int base = -1;  ///< -1: none
        int index = -1;
        unsigned scale = 0;
        unsigned mod = 0;
        i64 displacement = 0;
        bool relative = false;   ///< to RIP
        bool address32 = false;  ///< prefix 67
        unsigned segment = 0;    ///< prefix, or 0
        u64 offset = 0;          ///< effective address
        u64 target = 0;          ///< linear address accessed; 0: not known here, or not there
    };
    struct Wanted {
        u32 avoid = 0;         ///< registers that must not be changed, as bits
        bool aligned = false;  ///< inside one cache line
        bool stack = true;     ///< an operand relative to RSP is fine
        i64 delta = 0;         ///< the instruction accesses its effective address plus this
    };
    /// A register or memory operand in ModRM.rm.
    struct Place {
        bool is_memory = false;
        unsigned reg = 0;
        Memory memory;
    };
    /// What the instruction being encoded has in front and inside.
    struct Encoding {
        unsigned map = 0, prefix = 0, opcode = 0;
        unsigned size = 4;  ///< bytes of the operands
        bool lock = false;
        unsigned reg = 0;
        bool reg_is_register = true;
        Place place;
        bool vex = false;
        unsigned vvvv = 0;
        unsigned imm_bytes = 0;
        u64 imm = 0;
    };

    unsigned below(unsigned n) { return static_cast<unsigned>(random_() % n); }
    bool chance(unsigned percent) { return below(100) < percent; }
    u64 value();

    // Pieces of code (encoder.cpp).
    void byte(unsigned number) { sample_.code.push_back(static_cast<u8>(number)); }
    void bytes(u64 number, unsigned count);
    void set(unsigned reg, u64 number);
    void set_stack();
    void encode(const Encoding& encoding);
    void encode_vex(const Encoding& encoding);
    void odd_prefixes();
    void prefixes(const Encoding& encoding);
    void operands(const Encoding& encoding);
    u64 here() const { return sample_.at + sample_.code.size(); }

    // Memory operands (memory_operands.cpp).
    Memory choose_memory(const Wanted& wanted);
    void choose_prefixes(Memory& memory);
    void fixed_address(Memory& memory);
    void by_registers(Memory& memory, u32 avoid);
    void twice_one_register(Memory& memory, unsigned reg);
    int other_register(u32 avoid);
    u64 guarded_address();

    // Units.
    void begin() { begin_ = sample_.code.size(); }
    void instruction() { instruction_ = sample_.code.size(); }
    void finish(std::optional<unsigned> count, bool writes_stack_pointer);
    void clean_flags(u64 undefined);
    void modrm_unit();
    std::optional<unsigned> arrange(const Form& form, Encoding& encoding);
    void arrange_dividend(const Form& form, Encoding& encoding);
    void implicit_unit();
    void accumulator_immediate();
    void register_in_opcode();
    void absolute_move();
    void single_byte();
    void translate();
    void stack_unit();
    void push_or_pop();
    void stack_memory();
    void frame();
    void flags_on_stack();
    void string_unit();
    void branch_unit();
    void conditional_jump();
    void counted_loop();
    bool small_branch();
    void distance(unsigned value, bool small);
    void direct_call();
    void indirect_branch();
    void return_unit();
    void marker();

    // What only programs under page tables see (generator_guarded.cpp).
    void guarded_unit();
    void guarded_stack();
    void guarded_string();
    void guarded_branch();
    void code_at_an_edge();
    void rewritten_code();
    // Privilege (generator_privilege.cpp).
    void privilege_unit();
    void privileged_instruction();
    void segment_register();
    void segment_base();
    void far_return();
    void interrupt_instruction();
    void single_step();
    void noise();

    std::mt19937_64 random_;
    Sample sample_;
    std::size_t begin_ = 0;
    std::size_t instruction_ = 0;
    bool odd_ = false;    ///< the instruction being made has prefixes that it does not need
    bool ended_ = false;  ///< nothing comes behind the unit just made
};

}  // namespace turnpike::host
