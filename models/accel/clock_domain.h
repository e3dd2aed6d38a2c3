// SPDX-License-Identifier: Apache-2.0
// An accelerator's clock: edge n lies at n periods, exactly converted; nothing runs between requests.
#pragma once
#include <systemc>

#include <algorithm>
#include <cstdint>
#include <stdexcept>
#include <string>

#include "models/core/clock.h"

namespace turnpike {

class ClockDomain {
  public:
    /// `name` stands in the message when the machine gives a clock of 0 MHz.
    ClockDomain(const std::string& name, std::uint64_t mhz) : rate_(checked(name, mhz)) {}

    /// The first edge at or after now, or the end of a delay from now.
    std::uint64_t next_edge(const sc_core::sc_time& delay = sc_core::SC_ZERO_TIME) const {
        return rate_.counts_ceil(now_ps() + to_ps(delay));
    }

    /// Lets the time that an initiator has run ahead pass before anything happens in a clocked device. `by_edges`: not
    /// where no edge lies in it, since nothing else changes the device, and nothing is told.
    void catch_up(sc_core::sc_time& delay, bool by_edges) const {
        const bool passes = by_edges ? next_edge(delay) != next_edge() : delay != sc_core::SC_ZERO_TIME;
        if (passes) sc_core::wait(delay);
        delay = sc_core::SC_ZERO_TIME;
    }

    /// Time from now to `edge`.
    sc_core::sc_time until(std::uint64_t edge) const { return from_ps(rate_.ps_floor(edge) - now_ps()); }

    /// Waits, in the caller's SC_THREAD, until `edge`.
    void wait_for(std::uint64_t edge) const {
        const std::uint64_t then = rate_.ps_floor(edge);
        if (then > now_ps()) sc_core::wait(from_ps(then - now_ps()));
    }

  private:
    static Rate checked(const std::string& name, std::uint64_t mhz) {
        if (mhz == 0) throw std::invalid_argument(name + ": freq_mhz is 0, at least 1 is expected");
        return Rate::megahertz(mhz);
    }
    Rate rate_;
};

/// Grants one request a clock, in the order of the calls.
class ClockSlots {
  public:
    std::uint64_t take(std::uint64_t earliest) {
        const std::uint64_t slot = std::max(earliest, next_free_);
        next_free_ = slot + 1;
        return slot;
    }

  private:
    std::uint64_t next_free_ = 0;
};

}  // namespace turnpike
