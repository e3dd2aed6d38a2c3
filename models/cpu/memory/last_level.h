// SPDX-License-Identifier: Apache-2.0
// The last level of cache: one for all cores of a memory.
#pragma once
#include <utility>
#include <vector>

#include "models/cpu/cache.h"

namespace turnpike::cpu {

class MemoryTiming;

struct LastLevel {
    explicit LastLevel(Cache tags) : cache(std::move(tags)) {}
    Cache cache;
    /// Of the cores above it: what leaves an inclusive cache leaves theirs too.
    std::vector<MemoryTiming*> above;
};

}  // namespace turnpike::cpu
