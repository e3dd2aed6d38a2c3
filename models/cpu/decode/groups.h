// SPDX-License-Identifier: Apache-2.0
// The decoder's inside: one function a group of instructions.
#pragma once
#include "models/cpu/decode/decode.h"

namespace turnpike::cpu {

/// log2 of the bytes of an operand of so many bits; 9: no operand size of this model.
unsigned size_log2(unsigned bits);

/// The instruction being decoded and where it goes.
struct Source {
    u64 rip;
    const ZydisDecodedInstruction& insn;
    const ZydisDecodedOperand* operands;
    Decoded& out;
    Maker maker;

    /// Kind of operand `n`; memory operands and immediates are entered into the step. False: not in the model.
    bool kind_of(unsigned n, Kind& kind);
    /// The same; the number of a register goes to `field` of the step.
    bool take(unsigned n, Kind& kind, u8 Insn::*field);
    bool use_memory(const ZydisDecodedOperand& operand);
    u8 number(unsigned n) const;
    unsigned size_of(unsigned n) const { return size_log2(operands[n].size); }
    unsigned visible() const { return insn.operand_count_visible; }
    void access(unsigned bytes, bool write);
    bool locked() const { return (insn.attributes & ZYDIS_ATTRIB_HAS_LOCK) != 0; }
    u64 behind() const { return rip + insn.length; }
};

// Each is false for an instruction outside its group; the handler stays null for a form outside the model.
bool decode_alu(Source& source);
bool decode_move(Source& source);
bool decode_bits(Source& source);
bool decode_control(Source& source);
bool decode_system(Source& source);

}  // namespace turnpike::cpu
