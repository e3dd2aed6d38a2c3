// SPDX-License-Identifier: Apache-2.0
#include "models/link/wire.h"

#include "models/core/clock.h"

namespace turnpike {

Wire::Wire(const sc_core::sc_module_name& name, std::uint64_t rate_mbps, std::uint64_t propagation_ps, FrameSink& to)
    : sc_module(name), clock_(rate_mbps), propagation_ps_(propagation_ps), to_(to), arrival_("arrival", [this] {
          deliver();
      }) {}

sc_core::sc_time Wire::free_at() const { return from_ps(clock_.free_ps()); }

WireTiming Wire::transmit(Frame frame, std::uint64_t not_before_ps) {
    const WireTiming timing = clock_.take(std::max(now_ps(), not_before_ps), frame.bytes.size());
    in_flight_.push_back({timing.last_ps + propagation_ps_, std::move(frame)});
    if (in_flight_.size() == 1) arrival_.at(in_flight_.front().arrival_ps);
    return timing;
}

void Wire::deliver() {
    Frame frame = std::move(in_flight_.front().frame);
    in_flight_.pop_front();
    if (!in_flight_.empty()) arrival_.at(in_flight_.front().arrival_ps);
    to_.receive(std::move(frame));
}

}  // namespace turnpike
