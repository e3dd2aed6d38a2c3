// SPDX-License-Identifier: Apache-2.0
// What the guests that ran wild have come to, in memory that the supervisor shares with its worker.
#pragma once
#include <cstdint>

namespace turnpike::wild {

/// Ways of running a guest.
enum class Way { core, several, exec, run };
inline constexpr unsigned kWays = 4;
inline constexpr const char* kWayNames[kWays] = {"one core", "several cores", "exec", "run"};
/// A guest ends in one of these; the numbers of `exec` and `run` are their own.
inline constexpr unsigned kEnds = 5;

struct Tally {
    std::uint64_t guests[kWays][kEnds];
    std::uint64_t instructions[kWays];
    std::uint64_t exceptions;
    std::uint64_t interrupts;
    /// The guest that is running, and in which way.
    volatile std::uint64_t seed;
    volatile Way way;
    /// A guest in which the simulator did what it must not.
    bool wrong;
    char what[4096];
};

}  // namespace turnpike::wild
