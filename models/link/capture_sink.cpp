// SPDX-License-Identifier: Apache-2.0
#include "models/link/capture_sink.h"

#include "models/core/clock.h"

namespace turnpike {

void CaptureSink::start(std::uint64_t zero_ps, std::uint64_t epoch_ns) {
    zero_ps_ = zero_ps;
    epoch_ns_ = epoch_ns;
}

void CaptureSink::receive(Frame frame) {
    const std::uint64_t left_ps = now_ps() - propagation_ps_;
    const std::uint64_t after_zero_ps = left_ps > zero_ps_ ? left_ps - zero_ps_ : 0;
    writer_.write(epoch_ns_ + after_zero_ps / 1000, frame.bytes);
    ++frames_;
}

}  // namespace turnpike
