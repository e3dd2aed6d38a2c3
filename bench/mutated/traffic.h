// SPDX-License-Identifier: Apache-2.0
// Captures of mutated frames, made from those of the shipped scenarios.
#pragma once
#include <array>
#include <filesystem>
#include <vector>

#include "bench/mutated/mutation.h"
#include "models/link/capture.h"

namespace turnpike::mutated {

/// A scenario, and the frames that come to its ports as it was shipped.
struct Router {
    std::filesystem::path folder;
    std::vector<Bytes> frames;
};

/// All scenarios in these folders, in the order of their names, the folders in theirs.
std::vector<Router> find_routers(const std::vector<std::filesystem::path>& folders);

using Mac = std::array<std::uint8_t, 6>;

/// `frames` frames for the ports with these addresses: most from the router's own, the others from all routers'.
std::vector<Capture> make_traffic(const std::vector<Router>& routers, const Router& router,
                                  const std::vector<Mac>& ports, std::uint64_t frames, Random& random);

}  // namespace turnpike::mutated
