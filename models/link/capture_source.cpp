// SPDX-License-Identifier: Apache-2.0
#include "models/link/capture_source.h"

#include <algorithm>
#include <cassert>

#include "models/core/clock.h"

namespace turnpike {
namespace {
/// Frames handed to the wire at a time: an activation of a process costs more than a frame does.
constexpr std::size_t kBatch = 16;
}  // namespace

CaptureSource::CaptureSource(const sc_core::sc_module_name& name, std::vector<TimedFrame> frames, Wire& wire)
    : sc_module(name), frames_(std::move(frames)), wire_(wire) {
    SC_HAS_PROCESS(CaptureSource);
    SC_METHOD(send);
    sensitive << due_;
    dont_initialize();
}

void CaptureSource::start(std::uint64_t zero_ps) {
    assert(zero_ps >= now_ps());
    zero_ps_ = zero_ps;
    if (waiting() != 0) due_.notify(from_ps(std::max(start_of(frames_[next_]), now_ps()) - now_ps()));
}

std::uint64_t CaptureSource::start_of(const TimedFrame& timed) const {
    const std::uint64_t travel = wire_.frame_ps(padded_bytes(timed.frame.bytes.size())) + wire_.propagation_ps();
    const std::uint64_t arrival = zero_ps_ + timed.arrival_ps;
    return std::max(arrival > travel ? arrival - travel : 0, zero_ps_);
}

void CaptureSource::send() {
    for (std::size_t sent = 0; sent < kBatch && waiting() != 0; ++sent, ++next_) {
        TimedFrame& timed = frames_[next_];
        const std::uint64_t start = start_of(timed);
        timed.frame.bytes.resize(padded_bytes(timed.frame.bytes.size()));
        wire_.transmit(std::move(timed.frame), start);
    }
    if (waiting() == 0) return;
    const std::uint64_t free = to_ps(wire_.free_at());
    due_.notify(from_ps(std::max(std::max(start_of(frames_[next_]), free), now_ps()) - now_ps()));
}

}  // namespace turnpike
