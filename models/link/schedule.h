// SPDX-License-Identifier: Apache-2.0
// When the frames of captures arrive at the ports. Knows no SystemC.
#pragma once
#include <cstdint>
#include <vector>

#include "models/core/frame.h"
#include "models/link/capture.h"

namespace turnpike {

struct TimedFrame {
    Frame frame;
    std::uint64_t arrival_ps;  ///< of the last bit, after zero
};

enum class Pace {
    real,       ///< at the time stamps; the earliest time stamp's whole second is zero
    fixed,      ///< one frame every `spacing_ps`, all ports together, in time-stamp order, ties in port order
    line_rate,  ///< back to back on every port
};

/// A port's wire.
struct PortLink {
    std::uint64_t rate_mbps;
    std::uint64_t propagation_ps;
};

struct Schedule {
    std::vector<std::vector<TimedFrame>> ports;  ///< in the order they travel
    std::uint64_t frames = 0;
    std::uint64_t last_arrival_ps = 0;
    std::uint64_t epoch_ns = 0;  ///< what to add to times after zero to come back to capture time
};

/// Takes the captures' frames (they are moved, one capture a port) and says when each arrives: never earlier than the
/// wire can carry it, never out of its port's order. Frame ids count arrivals over all ports. The first frame of
/// `fixed` comes one spacing after zero; a spacing of 0 is `line_rate`.
Schedule make_schedule(std::vector<Capture> captures, const std::vector<PortLink>& links, Pace pace,
                       std::uint64_t spacing_ps = 0);

}  // namespace turnpike
