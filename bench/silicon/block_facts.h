// SPDX-License-Identifier: Apache-2.0
// What can be said of a block without running it.
#pragma once
#include <span>
#include <string>

#include "bench/silicon/layout.h"

namespace turnpike::silicon {

struct BlockFacts {
    u64 instructions = 0;
    std::string tags;     ///< L load, S store, M multiplication, D division, K locked
    std::string refusal;  ///< why the block cannot be measured, or empty
};

BlockFacts facts_of(std::span<const u8> block);

}  // namespace turnpike::silicon
