// SPDX-License-Identifier: Apache-2.0
// From ticks of a clock to cycles of the core: a chain of dependent additions takes one cycle for each of them,
// whatever the clock is and whatever frequency the core runs at, so it is timed beside every block.
#pragma once
#include <optional>
#include <vector>

#include "bench/silicon/layout.h"

namespace turnpike::silicon {

/// Ticks of one pass: runs close together in time.
struct Pass {
    std::vector<u64> shorter, longer;              ///< of the block, U and 3U copies
    std::vector<u64> shorter_chain, longer_chain;  ///< of the chain
};

struct Figure {
    double cycles = 0;     ///< of one more copy: median over the passes
    double stability = 0;  ///< distance between the quartiles of the passes, by the median
};

/// The value below which `share` of the values lie, interpolated; the values must not be empty.
double quantile(std::vector<double> values, double share);

/// Ticks in a cycle during a pass; `additions` is how many more the longer chain has.
double ticks_per_cycle(const Pass& pass, u64 additions);

/// Cycles of one more copy; `copies` is how many more the longer run has. Nothing where no time can be told.
std::optional<Figure> figure_of(const std::vector<Pass>& passes, u64 copies, u64 additions);

}  // namespace turnpike::silicon
