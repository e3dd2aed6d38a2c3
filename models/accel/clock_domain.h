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

/// How a clocked device lets time pass.
enum class Steps {
    due,   ///< straight to what is due: as few events as can be
    each,  ///< by each edge and each delay. The windows of several cores end at events, whatever these are about, and
           ///< so what the cores find in memory would depend on how many there are.
};

class ClockDomain {
  public:
    /// `name` stands in the message when the machine gives a clock of 0 MHz.
    ClockDomain(const std::string& name, std::uint64_t mhz, Steps steps = Steps::due)
        : rate_(checked(name, mhz)), steps_(steps) {}

    /// The first edge at or after now, or the end of a delay from now.
    std::uint64_t next_edge(const sc_core::sc_time& delay = sc_core::SC_ZERO_TIME) const {
        return rate_.counts_ceil(now_ps() + to_ps(delay));
    }

    /// Lets the time that an initiator has run ahead pass before anything happens in a clocked device. `by_edges`: not
    /// where no edge lies in it, since nothing else changes the device, and nothing is told.
    void catch_up(sc_core::sc_time& delay, bool by_edges) const {
        if (!by_edges || steps_ == Steps::each || next_edge(delay) != next_edge()) pass(delay);
        delay = sc_core::SC_ZERO_TIME;
    }
    /// The first edge that finds what is there after `delay`.
    std::uint64_t edge_after(const sc_core::sc_time& delay) const {
        if (steps_ == Steps::due) return next_edge(delay);
        pass(delay);
        return next_edge();
    }
    /// The delay after which an answer is there that is given at `edge`.
    sc_core::sc_time answer_at(std::uint64_t edge) const {
        if (steps_ == Steps::each) wait_for(edge);
        return from_ps(rate_.ps_floor(edge) - now_ps());
    }

    /// Waits, in the caller's SC_THREAD, until `edge`.
    void wait_for(std::uint64_t edge) const {
        const std::uint64_t then = rate_.ps_floor(edge);
        if (then > now_ps()) sc_core::wait(from_ps(then - now_ps()));
    }

    /// The same for something that was expected at each edge before.
    void wait_until_due(std::uint64_t edge) const {
        for (std::uint64_t next = next_edge(); steps_ == Steps::each && next < edge; ++next) wait_for(next);
        wait_for(edge);
    }

  private:
    static void pass(const sc_core::sc_time& delay) {
        if (delay != sc_core::SC_ZERO_TIME) sc_core::wait(delay);
    }
    static Rate checked(const std::string& name, std::uint64_t mhz) {
        if (mhz == 0) throw std::invalid_argument(name + ": freq_mhz is 0, at least 1 is expected");
        return Rate::megahertz(mhz);
    }
    Rate rate_;
    Steps steps_;
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
