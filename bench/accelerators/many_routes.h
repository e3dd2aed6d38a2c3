// SPDX-License-Identifier: Apache-2.0
// A router with tens of thousands of routes as the Internet has them, and frames for all of them.
#pragma once
#include <cstdint>
#include <filesystem>
#include <vector>

#include "cli/lpm/lpm_files.h"

namespace turnpike::bench {

struct ManyRoutes {
    std::size_t routes = 50'000;
    std::size_t frames = 20'000;
    unsigned gap_ns = 70;        ///< between two frames
    std::filesystem::path data;  ///< folder with the table of 2014, of which the routes are then an even sample
    std::uint32_t seed = 1;
};

/// The routes: of the table in `data`, or made up.
std::vector<lpm::Change> choose_routes(const ManyRoutes& what);

/// Writes the scenario: 64-byte frames arrive at eth0, each to an address in one of the routes, and leave by eth1 to
/// one of 16 neighbours. The same for the same seed.
void write_many_routes(const std::filesystem::path& folder, const std::vector<lpm::Change>& routes,
                       const ManyRoutes& what);

}  // namespace turnpike::bench
