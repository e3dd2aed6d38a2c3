// SPDX-License-Identifier: Apache-2.0
// The branch at the end of a block, as the predictor has to be asked about it.
#pragma once
#include "models/cpu/memory/branch_predictor.h"
#include "models/cpu/timing.h"

namespace turnpike::cpu {

struct BranchSite {
    bool there = false;
    BranchKind kind = BranchKind::direct;  ///< also where there is none: nothing is to be foreseen
    u64 pc = 0;
    u64 fallthrough = 0;
};

/// Only near branches count: interrupts and system calls are not predicted.
BranchSite find_branch(const BlockTemplate& block);

}  // namespace turnpike::cpu
