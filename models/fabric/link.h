// SPDX-License-Identifier: Apache-2.0
// One direction of a connection: packets pass one after the other, each for the exact time its bytes take.
#pragma once
#include <cstdint>

#include "models/core/clock.h"

namespace turnpike {

class Link {
  public:
    explicit Link(std::uint64_t mbps) : rate_(Rate::bytes_at_mbps(mbps)) {}

    /// Takes a packet that is ready at `ready_ps`; answers when its last byte has left. Back-to-back packets are
    /// timed from the start of their burst, so that rounding to picoseconds does not add up.
    std::uint64_t reserve(std::uint64_t ready_ps, std::uint64_t bytes) {
        if (ready_ps > free_ps_) {
            burst_start_ps_ = ready_ps;
            burst_bytes_ = 0;
        }
        burst_bytes_ += bytes;
        total_bytes_ += bytes;
        free_ps_ = burst_start_ps_ + rate_.ps_ceil(burst_bytes_);
        return free_ps_;
    }

    /// Time in use since the start or the last reset of statistics.
    std::uint64_t busy_ps() const { return rate_.ps_ceil(total_bytes_); }
    void reset_statistics() { total_bytes_ = 0; }

  private:
    Rate rate_;
    std::uint64_t free_ps_ = 0;
    std::uint64_t burst_start_ps_ = 0;
    std::uint64_t burst_bytes_ = 0;
    std::uint64_t total_bytes_ = 0;
};

}  // namespace turnpike
