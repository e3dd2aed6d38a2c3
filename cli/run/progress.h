// SPDX-License-Identifier: Apache-2.0
// A line on the terminal for runs of more than a second.
#pragma once
#include <chrono>
#include <cstdint>

namespace turnpike {

class Progress {
  public:
    explicit Progress(bool quiet);
    /// Tells how far the run is; prints at most once a second.
    void update(std::uint64_t simulated_ps, std::uint64_t frames);
    /// Ends the line.
    void finish();
    double wall_seconds() const;

  private:
    using Clock = std::chrono::steady_clock;
    bool quiet_;
    bool terminal_;
    bool printed_ = false;
    Clock::time_point start_ = Clock::now();
    Clock::time_point last_ = start_;
};

}  // namespace turnpike
