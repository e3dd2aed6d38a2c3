// SPDX-License-Identifier: Apache-2.0
#include "cli/import/timeline.h"

#include <algorithm>

namespace turnpike::import {

/// Frames of several ports at one time would be taken in port order, so that each is at least 1 ns after the last.
std::uint64_t Timeline::next(std::uint64_t captured_ns) {
    if (now_ns_ == 0) {
        now_ns_ = kStartNs;
        last_ns_ = captured_ns;
        return now_ns_;
    }
    now_ns_ += std::max<std::uint64_t>(step(captured_ns), 1);
    return now_ns_;
}

std::uint64_t Timeline::step(std::uint64_t captured_ns) {
    if (captured_ns < last_ns_) {
        ++backward_;
        // A short step back is a frame that was written late; a long one begins another recording.
        if (last_ns_ - captured_ns > max_gap_ns_) last_ns_ = captured_ns;
        return 0;
    }
    const std::uint64_t gap = captured_ns - last_ns_;
    last_ns_ = captured_ns;
    if (gap > max_gap_ns_) ++gaps_;
    return std::min(gap, max_gap_ns_);
}

}  // namespace turnpike::import
