// SPDX-License-Identifier: Apache-2.0
// The machine code of one measurement: save the caller's state, read the clock, load the registers, run the copies of
// the block, read the clock, go back.
#pragma once
#include <array>
#include <optional>
#include <span>
#include <vector>

#include "bench/silicon/layout.h"

namespace turnpike::silicon {

/// What a program reads before and after: a performance counter by its RDPMC number, or the time-stamp counter.
struct Clock {
    std::optional<u32> counter;
};

struct Program {
    std::vector<u8> bytes;  ///< from the base on; called as a function without arguments
    u64 leave = 0;          ///< offset at which a signal's handler goes on to leave it
};

using Jump = std::array<u8, 5>;

/// Copies from base + kBlockOffset on, then a jump to the way out.
Program make_program(u64 base, const Clock& clock, std::span<const u8> block, u64 copies);

/// The jump that ends a program after fewer copies; it stands at base + `offset`.
Jump way_out_from(const Clock& clock, u64 offset);

/// Copies of the shorter run: at least 512 instructions, three times as many copies at most 20,000 bytes; at least 1.
u64 copies_of(u64 instructions, u64 bytes);

}  // namespace turnpike::silicon
