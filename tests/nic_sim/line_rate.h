// SPDX-License-Identifier: Apache-2.0
// 64-byte frames at the rate of a 10 Gbit/s wire, in both directions at once, by a polling driver.
#pragma once
#include <cstdint>
#include <string>

namespace turnpike::test {

struct LineRate {
    std::uint64_t received = 0, sent = 0;
    double received_mpps = 0, sent_mpps = 0;  ///< in simulated time
    double host_ns = 0;                       ///< of processor time for a frame received and one sent
    std::string drops;                        ///< by fate, or empty
};
LineRate line_rate(std::uint64_t frames);

}  // namespace turnpike::test
