// SPDX-License-Identifier: Apache-2.0
// Every encoding with a ModRM byte that the generator draws from, one line each.
#pragma once
#include <span>

#include "tests/cpu/host/sample.h"

namespace turnpike::host {

enum class Imm : u8 { none, byte, full };  ///< full: 16 or 32 bits by operand size
enum class Rm : u8 { any, memory, reg };
/// What must be arranged before the instruction.
enum class Need : u8 { nothing, count, dividend, accumulator, pair, bit_string };

struct Form {
    u8 map;     ///< 0: one byte, 1: 0F, 2: 0F 38, 3: 0F 3A
    u8 prefix;  ///< mandatory 66, F2 or F3
    u8 opcode;
    i64 digit;  ///< of ModRM.reg; -1: a register
    u8 sizes;   ///< operand sizes as bits: 1, 2, 4, 8 bytes; with several, REX.W and 66 choose
    Rm rm = Rm::any;
    Imm imm = Imm::none;
    Need need = Need::nothing;
    bool lock = false;  ///< LOCK is allowed with a memory target
    bool vex = false;   ///< VEX-encoded, with a random register in vvvv
    bool no_vvvv = false;
};

std::span<const Form> forms();

}  // namespace turnpike::host
