// SPDX-License-Identifier: Apache-2.0
// What stats.json says of the cores: each for itself, and all together.
#pragma once
#include <nlohmann/json.hpp>

#include "models/soc/soc.h"

namespace turnpike {

/// One block for each core, in the order of their numbers.
nlohmann::ordered_json make_cores(const Soc& soc);
/// The sums over all cores; with one core that core's block, with the cycles for each forwarded frame.
nlohmann::ordered_json make_core_totals(const Soc& soc);

/// Busy cycles and the sum over the stages, of all cores; `equal` if they are so in each.
struct CoreBalance {
    std::uint64_t busy_cycles = 0;
    std::uint64_t stage_cycles = 0;
    bool equal = true;
};
CoreBalance core_balance(const Soc& soc);

}  // namespace turnpike
