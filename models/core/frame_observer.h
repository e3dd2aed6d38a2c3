// SPDX-License-Identifier: Apache-2.0
// What the devices tell about frames, so that each can be followed without the firmware's help. All calls are made at
// the simulated time of the event unless a time is given; observing costs no simulated time.
#pragma once
#include <cstdint>

#include "models/core/frame.h"
#include "regs/fates.h"

namespace turnpike {

class FrameObserver {
  public:
    virtual ~FrameObserver() = default;
    /// The last bit of a frame came in at `port`; `bytes` without FCS.
    virtual void arrived(unsigned port, FrameId frame, unsigned bytes) = 0;
    /// The NIC dropped the frame.
    virtual void dropped(FrameId frame, regs::Fate fate) = 0;
    /// The frame's bytes were sent to memory at `address` and are visible there from `visible_ps` on.
    virtual void stored(FrameId frame, std::uint64_t address, std::uint64_t visible_ps) = 0;
    /// The frame's descriptor is visible with DD set from `visible_ps` on.
    virtual void written_back(FrameId frame, std::uint64_t visible_ps) = 0;
    /// The NIC read a frame to send from `address`; the answer is the received frame it stems from, or kNoFrame.
    virtual FrameId fetched(unsigned port, std::uint64_t address) = 0;
    /// A tx frame that cannot be sent.
    virtual void tx_dropped(FrameId frame, regs::Fate fate) = 0;
    /// A frame was sent: first bit out at `first_ps`, last bit of the FCS out now. `bytes` without FCS.
    virtual void sent(unsigned port, FrameId frame, unsigned bytes, std::uint64_t first_ps) = 0;
};

}  // namespace turnpike
