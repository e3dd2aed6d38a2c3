// SPDX-License-Identifier: Apache-2.0
// Runs simulations in processes of their own.
#pragma once
#include <functional>
#include <string>

#include "bench/mutated/simulation.h"

namespace turnpike::mutated {

/// Simulations `first` to `last` - 1, `jobs` at a time; `make` plans each, `ended` is told of each as it ends. A worker
/// that dies or hangs has a complaint.
void supervise(const std::vector<Router>& routers, std::uint64_t first, std::uint64_t last, unsigned jobs,
               const std::function<Plan(std::uint64_t)>& make,
               const std::function<void(const Plan&, const Verdict&)>& ended);

}  // namespace turnpike::mutated
