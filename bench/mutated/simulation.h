// SPDX-License-Identifier: Apache-2.0
// One run of the modelled machine with mutated frames. One a process.
#pragma once
#include <filesystem>
#include <optional>

#include "bench/mutated/traffic.h"
#include "regs/fates.h"

namespace turnpike::mutated {

struct Plan {
    std::uint64_t seed = 1;
    std::uint64_t number = 0;  ///< of the simulation; with the seed it says all
    std::uint64_t frames = 0;
    std::filesystem::path firmware;
    std::optional<unsigned> cores;              ///< in place of what the number says
    std::optional<std::filesystem::path> keep;  ///< write the frames to this folder, in the form of a scenario's in/
};

/// In memory that worker and supervisor share.
struct Verdict {
    std::uint64_t sent;  ///< by the router
    std::uint64_t fates[regs::kFateCount];
    char complaint[2000];  ///< empty: all is well
};

/// The router that a simulation's number chooses.
const Router& router_of(const std::vector<Router>& routers, const Plan& plan);
void simulate(const std::vector<Router>& routers, const Plan& plan, Verdict& verdict);

}  // namespace turnpike::mutated
