// SPDX-License-Identifier: Apache-2.0
// What CPUID answers: only what the model has.
#pragma once
#include "models/cpu/insn.h"
#include "regs/params.h"

namespace turnpike::cpu {

struct CpuidAnswer {
    u32 eax = 0, ebx = 0, ecx = 0, edx = 0;
};

/// What the profile says the core is.
Identity identity_of(const regs::CpuProfile& profile, unsigned number);

CpuidAnswer cpuid_leaf(const Identity& identity, u32 leaf, u32 subleaf);

}  // namespace turnpike::cpu
