// SPDX-License-Identifier: Apache-2.0
// The answers to the pipeline's questions, each in a word.
#pragma once
#include "models/cpu/scheduled/recent_stores.h"

namespace turnpike::cpu::scheduled {

// A branch: a BranchAnswer.

// A load or store; 0: it is a hit and meets no store.
inline constexpr u32 kLatency = 0x3'FFFF;  ///< cycles beyond L1; what takes longer takes that long
inline constexpr u32 kCrossesLine = 1U << 18;
inline constexpr u32 kOutside = 1U << 19;  ///< of the machine's memory

inline constexpr unsigned kMatchShift = 20;
constexpr u32 word_of(Match match) {
    const u32 word = match.back | u32{match.covers} << 8 | u32{match.apart} << 9 | u32{match.same_address} << 10;
    return word << kMatchShift;
}
constexpr Match match_of(u32 answer) {
    const u32 word = answer >> kMatchShift;
    return {static_cast<u8>(word), (word >> 8 & 1) != 0, (word >> 9 & 1) != 0, (word >> 10 & 1) != 0};
}

}  // namespace turnpike::cpu::scheduled
