// SPDX-License-Identifier: Apache-2.0
// What the compiler of micro-ops wants to know of an instruction, taken from the decoder's operand lists.
#pragma once
#include <Zydis/Zydis.h>

#include <string>
#include <vector>

#include "models/cpu/scheduled/micro_op.h"

namespace turnpike::cpu::scheduled {

struct Address {
    u8 base = kAlways;
    u8 index = kAlways;
    bool displaced = false;
    bool scaled = false;  ///< by more than 2
    bool reads = false;
    bool writes = false;
    bool hidden = false;  ///< the stack's
    u16 expression = 0;   ///< equal for operands that are written alike
};

struct Facts {
    ZydisMnemonic mnemonic{};
    ZydisInstructionCategory category{};
    std::string shape;  ///< visible operands: r, i, m, c (CL), I (64-bit), w (16-bit); "rm3": LEA of three components
    unsigned bits = 0;
    u32 reads = 0;            ///< places, address registers of memory operands not counted
    std::vector<u8> results;  ///< registers written, in the order of the operands
    u32 writes = 0;           ///< places
    std::vector<Address> memory;
    unsigned target = kSink;  ///< register of the first visible operand
    unsigned source = kSink;  ///< register of the second one
    unsigned source_bits = 0;
    unsigned target_bits = 0;
    Address lea;
    bool high_byte = false;  ///< AH, BH, CH or DH takes part
    u8 fields = 0;           ///< displacements and immediates of up to 32 bits that the encoding holds
    bool lock = false;
    bool stack = false;         ///< PUSH, POP, CALL, RET: RSP moves by the stack engine
    bool explicit_rsp = false;  ///< reads RSP as a register beside that
    bool sets_rsp = false;      ///< writes it without reading it

    bool reads_place(unsigned place) const { return (reads >> place & 1) != 0; }
    bool writes_place(unsigned place) const { return (writes >> place & 1) != 0; }
    bool is_conditional_branch() const { return category == ZYDIS_CATEGORY_COND_BR; }
};

class FactFinder {
  public:
    FactFinder();
    /// False: not an instruction.
    bool find(const u8* bytes, u64 available, Facts& facts) const;

  private:
    ZydisDecoder decoder_;
};

}  // namespace turnpike::cpu::scheduled
