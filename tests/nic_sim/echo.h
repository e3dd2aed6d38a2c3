// SPDX-License-Identifier: Apache-2.0
// The little driver sends back what comes in, frame by frame, from the queue it came to: every frame once, in order per
// queue, uncorrupted.
#pragma once
#include <cstdint>
#include <string>
#include <vector>

#include "tests/nic_sim/little_driver.h"

namespace turnpike::test {

struct Combination {
    Interrupt interrupt = Interrupt::polling;
    unsigned queues = 1, entries = 64;
    std::size_t least = 60, most = 60;  ///< frames without FCS
    std::size_t skew = 0;               ///< of buffers against their alignment
    unsigned offset = 0;                ///< frames that go one by one before the others, so that rings wrap elsewhere
};
std::string text(const Combination& combination);

/// Pairwise combinations of frame sizes 60 to 9,728, odd alignments, rings of 8 to 4,096, wrap offsets, 1, 4 and 16
/// queues, and interrupts.
std::vector<Combination> combinations(std::uint64_t seed);

/// Runs `count` frames through the NIC. Answers with what went wrong, or nothing.
std::string echo(NicSim& sim, Memory& memory, const Combination& combination, unsigned count, std::uint64_t seed);

}  // namespace turnpike::test
