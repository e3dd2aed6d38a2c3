// SPDX-License-Identifier: Apache-2.0
// One direction of an Ethernet link: serialisation at the link's rate, propagation, order.
#pragma once
#include <systemc>

#include "models/core/agenda.h"
#include "models/core/fifo.h"
#include "models/core/frame.h"
#include "models/link/wire_clock.h"

namespace turnpike {

class Wire : public sc_core::sc_module, public FrameLine {
  public:
    Wire(const sc_core::sc_module_name& name, std::uint64_t rate_mbps, std::uint64_t propagation_ps, FrameSink& to);

    /// First time at which the next frame may start.
    sc_core::sc_time free_at() const;
    /// The frame reaches `to` when its last bit has travelled over.
    WireTiming transmit(Frame frame, std::uint64_t not_before_ps = 0) override;

    std::uint64_t propagation_ps() const { return propagation_ps_; }
    /// Time from the first bit of the preamble to the last bit of the FCS.
    std::uint64_t frame_ps(std::uint64_t bytes) const { return clock_.frame_ps(bytes); }

  private:
    struct InFlight {
        std::uint64_t arrival_ps;
        Frame frame;
    };
    void deliver();

    WireClock clock_;
    std::uint64_t propagation_ps_;
    FrameSink& to_;
    Fifo<InFlight> in_flight_;
    Alarm arrival_;
};

}  // namespace turnpike
