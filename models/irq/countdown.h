// SPDX-License-Identifier: Apache-2.0
// The counter of the local APIC's timer, SDM volume 3, 11.5.4: exact, without a tick per count.
#pragma once
#include <cstdint>

#include "models/core/clock.h"

namespace turnpike {

class Countdown {
  public:
    static constexpr std::uint64_t kNever = ~0ULL;

    explicit Countdown(std::uint64_t clock_mhz) : clock_(Rate::megahertz(clock_mhz)) {}

    /// Counts down from `initial`; 0 stops.
    void start(std::uint64_t now_ps, std::uint32_t initial);
    void stop() { running_ = false; }
    /// Clocks per count. A running count goes on from where it is.
    void set_divider(std::uint64_t now_ps, unsigned clocks);
    void set_periodic(bool periodic) { periodic_ = periodic; }

    std::uint32_t current(std::uint64_t now_ps) const;
    /// When the count reaches 0, or kNever.
    std::uint64_t expiry_ps() const;
    /// The count has reached 0: periodic timers count the next period, measured from the start of the first.
    void expire();

  private:
    Rate clock_;
    unsigned divider_ = 2;
    bool periodic_ = false;
    bool running_ = false;
    std::uint32_t initial_ = 0;
    std::uint64_t origin_ps_ = 0;
    std::uint64_t end_clocks_ = 0;  ///< from the origin to the next expiry
};

}  // namespace turnpike
