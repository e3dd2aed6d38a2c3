// SPDX-License-Identifier: Apache-2.0
// The far end of a port's receive wire: sends planned frames so that they arrive when the plan says.
#pragma once
#include <systemc>
#include <vector>

#include "models/link/schedule.h"
#include "models/link/wire.h"

namespace turnpike {

class CaptureSource : public sc_core::sc_module {
  public:
    CaptureSource(const sc_core::sc_module_name& name, std::vector<TimedFrame> frames, Wire& wire);

    /// The plan's times count from `zero_ps`, now or later. Frames that would have to start earlier than now are sent
    /// as soon as possible.
    void start(std::uint64_t zero_ps);
    /// Frames not yet put on the wire.
    std::size_t waiting() const { return frames_.size() - next_; }

  private:
    void send();
    std::uint64_t start_of(const TimedFrame& timed) const;

    std::vector<TimedFrame> frames_;
    std::size_t next_ = 0;
    std::uint64_t zero_ps_ = 0;
    Wire& wire_;
    sc_core::sc_event due_;
};

}  // namespace turnpike
