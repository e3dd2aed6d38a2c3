// SPDX-License-Identifier: Apache-2.0
// Model-specific registers (SDM volume 4, 2.1).
#pragma once
#include "models/cpu/insn.h"

namespace turnpike::cpu {

/// Registers outside the model read 0 and drop writes, with one note each.
u64 read_msr(State& s, u32 number);
/// False: the value is not allowed (#GP).
bool write_msr(State& s, u32 number, u64 value);

}  // namespace turnpike::cpu
