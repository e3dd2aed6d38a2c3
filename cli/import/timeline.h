// SPDX-License-Identifier: Apache-2.0
// Arrival times for a scenario: the capture's spacing, without long gaps and without steps back.
#pragma once
#include <cstdint>

namespace turnpike::import {

class Timeline {
  public:
    explicit Timeline(std::uint64_t max_gap_ns) : max_gap_ns_(max_gap_ns) {}

    /// Time of the next frame, later than all before it.
    std::uint64_t next(std::uint64_t captured_ns);

    std::uint64_t gaps() const { return gaps_; }
    std::uint64_t backward() const { return backward_; }

  private:
    std::uint64_t step(std::uint64_t captured_ns);

    /// The first frame comes 10 ms after READY.
    static constexpr std::uint64_t kStartNs = 10'000'000;
    std::uint64_t max_gap_ns_;
    std::uint64_t now_ns_ = 0;
    std::uint64_t last_ns_ = 0;  ///< latest time stamp of the capture that still counts
    std::uint64_t gaps_ = 0;
    std::uint64_t backward_ = 0;
};

}  // namespace turnpike::import
