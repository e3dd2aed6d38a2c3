// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

namespace turnpike::bench {

/// What the path takes for one packet of a batch, and what came out of it.
struct PathFigure {
    unsigned packets = 0;
    double cycles = 0;
    std::uint64_t digest = 0;
};

/// On the modelled core of this profile, alone with its memory (model.cpp).
std::vector<PathFigure> path_on_model(const std::string& profile);
/// On this machine's processor: the least disturbed twentieth of `runs` (native.cpp).
std::vector<PathFigure> path_on_host(unsigned runs);
/// The whole machine forwards minimum-size frames: a table of its stages, software and accelerated (stages.cpp).
std::string stage_tables(const std::string& profile, unsigned frames);

}  // namespace turnpike::bench
