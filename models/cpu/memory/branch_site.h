// SPDX-License-Identifier: Apache-2.0
// The branch at the end of a block, as the predictor has to be asked about it.
#pragma once
#include "models/cpu/memory/branch_predictor.h"
#include "models/cpu/timing.h"

namespace turnpike::cpu {

/// Only near branches count: interrupts and system calls are not predicted.
BranchSite find_branch(const BlockTemplate& block);

}  // namespace turnpike::cpu
