// SPDX-License-Identifier: Apache-2.0
// Several cores with memory and local APICs, and nothing else. Each run is a process of its own (child.h).
#pragma once
#include <array>
#include <cstdint>
#include <span>

namespace turnpike::test {

inline constexpr unsigned kMostCores = 4;

/// How time passes: the class costs of `simple`, the scheduled model of `zen5`, or a cycle for each instruction.
enum class SmpTiming { simple, zen5, functional };

struct SmpSetup {
    std::span<const std::uint8_t> program;
    unsigned cores = kMostCores;
    std::uint64_t window_ns = 100;
    SmpTiming timing = SmpTiming::simple;
};

/// Plain data: it goes through a pipe and is compared as bytes.
struct SmpOutcome {
    std::uint64_t finished = 0;  ///< cores that came to the end of the program
    std::uint64_t end_ps = 0;
    std::array<std::uint64_t, kMostCores> result{};  ///< the words at 0x40000, a line apart
    std::array<std::uint64_t, kMostCores> cycles{};
    std::array<std::uint64_t, kMostCores> instructions{};
    std::array<std::uint64_t, kMostCores> interrupts{};
    std::array<std::uint64_t, kMostCores> transfers{};
    std::array<std::uint64_t, kMostCores> upgrades{};
    bool operator==(const SmpOutcome&) const = default;
};

/// Runs until all cores have finished or 20 ms of simulated time have passed.
SmpOutcome run_smp(const SmpSetup& setup);

}  // namespace turnpike::test
