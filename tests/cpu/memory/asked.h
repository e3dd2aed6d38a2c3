// SPDX-License-Identifier: Apache-2.0
// The branch predictor asked as the timing model asks it.
#pragma once
#include "models/cpu/memory/branch_predictor.h"

namespace turnpike::cpu {

inline BranchAnswer asked(BranchPredictor& predictor, u64 pc, BranchKind kind, bool taken, u64 target,
                          u64 fallthrough) {
    predictor.foresee(predictor.key(pc));
    return predictor.resolve({true, kind, pc, fallthrough}, taken, target);
}
inline bool mispredicted(BranchPredictor& predictor, u64 pc, BranchKind kind, bool taken, u64 target, u64 fallthrough) {
    return asked(predictor, pc, kind, taken, target, fallthrough) == BranchAnswer::mispredicted;
}

}  // namespace turnpike::cpu
