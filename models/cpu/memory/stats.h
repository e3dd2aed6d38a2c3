// SPDX-License-Identifier: Apache-2.0
// What the predictors and TLBs count.
#pragma once
#include <cstdint>

namespace turnpike::cpu {

struct BranchStats {
    std::uint64_t branches = 0;
    std::uint64_t taken = 0;
    std::uint64_t mispredicted = 0;  ///< the sum of the next three
    std::uint64_t wrong_direction = 0;
    std::uint64_t wrong_indirect = 0;
    std::uint64_t wrong_return = 0;
    std::uint64_t resteers = 0;  ///< direct branches that the BTB did not have
};

struct TlbStats {
    std::uint64_t misses = 0;  ///< of the first level
    std::uint64_t walks = 0;   ///< misses of the second level too
};

}  // namespace turnpike::cpu
