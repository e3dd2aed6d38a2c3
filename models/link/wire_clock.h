// SPDX-License-Identifier: Apache-2.0
// When frames occupy a wire: exact times from byte counts. Knows no SystemC, so that arrivals can be planned without
// it.
#pragma once
#include <algorithm>
#include <cstdint>

#include "models/core/frame.h"

namespace turnpike {

class WireClock {
  public:
    explicit WireClock(std::uint64_t rate_mbps) : rate_mbps_(rate_mbps) {}

    /// The frame starts at `not_before_ps` or, if the wire is busy then, as soon as the inter-frame gap after the one
    /// before has passed. `bytes` as they travel, without FCS.
    WireTiming take(std::uint64_t not_before_ps, std::uint64_t bytes) {
        if (not_before_ps >= free_ps()) {
            burst_start_ps_ = not_before_ps;
            burst_bytes_ = 0;
        }
        const std::uint64_t first = free_ps();
        const std::uint64_t frame_end = burst_bytes_ + kPreambleBytes + bytes + kFcsBytes;
        burst_bytes_ = frame_end + kInterFrameGapBytes;
        return {first, burst_start_ps_ + ps(frame_end)};
    }
    /// First time at which the next frame may start.
    std::uint64_t free_ps() const { return burst_start_ps_ + ps(burst_bytes_); }
    /// Time from the first bit of the preamble to the last bit of the FCS.
    std::uint64_t frame_ps(std::uint64_t bytes) const { return ps(kPreambleBytes + bytes + kFcsBytes); }

  private:
    /// Rounded up: a bit has arrived when all of it has.
    std::uint64_t ps(std::uint64_t bytes) const {
        constexpr std::uint64_t kFits = 1'000'000'000'000;  // and its product 64 bits
        if (bytes < kFits) return (bytes * 8'000'000U + rate_mbps_ - 1) / rate_mbps_;
        const auto scaled = static_cast<unsigned __int128>(bytes) * 8'000'000U;
        return static_cast<std::uint64_t>((scaled + rate_mbps_ - 1) / rate_mbps_);
    }

    std::uint64_t rate_mbps_;
    std::uint64_t burst_start_ps_ = 0;  ///< times count from the start of an unbroken run of frames, in whole bytes
    std::uint64_t burst_bytes_ = 0;
};

/// Bytes of a frame after its sender's MAC has padded it (IEEE 802.3 4.2.3.3). What is shorter than an Ethernet header
/// is no frame of any MAC; it travels as it is, a runt.
inline std::uint64_t padded_bytes(std::uint64_t bytes) {
    return bytes < kEthernetHeaderBytes ? bytes : std::max<std::uint64_t>(bytes, kMinFrameBytes);
}

}  // namespace turnpike
