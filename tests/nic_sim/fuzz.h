// SPDX-License-Identifier: Apache-2.0
// A driver out of its mind: random register writes, descriptor contents, ring addresses, frames and waiting. Nothing of
// it may reach beyond the guest's memory or make the simulator fall.
#pragma once
#include <cstdint>

namespace turnpike::test {

struct FuzzReport {
    std::uint64_t register_writes = 0, register_reads = 0, descriptors = 0, frames = 0, waits = 0;
    std::uint64_t refused = 0;     ///< accesses that the guest's memory refused
    std::uint64_t bus_errors = 0;  ///< as the device's side counted them
    std::uint64_t stops = 0;       ///< rings stopped by bus errors or by bad descriptors
    std::uint64_t accepted = 0;    ///< frames that came as far as the packet buffer
    std::uint64_t sent = 0, drops = 0;
    std::uint64_t digest = 0;  ///< of what happened when: the same for the same seed
};

/// `operations` of the above, from the seed. Throws std::logic_error if what the device counts is not what happened.
FuzzReport fuzz(std::uint64_t operations, std::uint64_t seed);

}  // namespace turnpike::test
