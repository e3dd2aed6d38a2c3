// SPDX-License-Identifier: Apache-2.0
#include "models/link/schedule.h"

#include <algorithm>
#include <cassert>
#include <tuple>

#include "models/link/generator.h"
#include "models/link/wire_clock.h"

namespace turnpike {
namespace {

constexpr std::uint64_t kPsPerNs = 1000;

struct Place {
    std::uint64_t key;  ///< time stamp or arrival
    std::size_t port;
    std::size_t index;
    bool operator<(const Place& other) const {
        return std::tie(key, port, index) < std::tie(other.key, other.port, other.index);
    }
};

/// All frames by `key(port, index)`, ties in port order, each port's own order kept: a key that goes back in time
/// counts as the one before.
template <typename Key>
std::vector<Place> in_order(const std::vector<std::vector<TimedFrame>>& ports, const Key& key) {
    std::vector<Place> places;
    for (std::size_t port = 0; port < ports.size(); ++port) {
        std::uint64_t latest = 0;
        for (std::size_t i = 0; i < ports[port].size(); ++i) {
            latest = std::max(latest, key(port, i));
            places.push_back({latest, port, i});
        }
    }
    std::sort(places.begin(), places.end());
    return places;
}

/// Moves arrivals that the wire cannot make to the first time that it can.
void fit_to_wire(std::vector<TimedFrame>& frames, const PortLink& link) {
    WireClock clock(link.rate_mbps);
    for (TimedFrame& timed : frames) {
        const std::uint64_t bytes = padded_bytes(timed.frame.bytes.size());
        const std::uint64_t travel = clock.frame_ps(bytes) + link.propagation_ps;
        const std::uint64_t start = timed.arrival_ps > travel ? timed.arrival_ps - travel : 0;
        timed.arrival_ps = clock.take(start, bytes).last_ps + link.propagation_ps;
    }
}

}  // namespace

Schedule make_schedule(std::vector<Capture> captures, const std::vector<PortLink>& links, Pace pace,
                       std::uint64_t spacing_ps) {
    assert(captures.size() == links.size());
    if (pace == Pace::fixed && spacing_ps == 0) pace = Pace::line_rate;
    Schedule schedule;
    schedule.epoch_ns = epoch_of(captures);
    for (Capture& capture : captures) {
        std::vector<TimedFrame>& port = schedule.ports.emplace_back();
        port.reserve(capture.frames.size());
        for (CapturedFrame& frame : capture.frames) {
            const std::uint64_t after_zero = (frame.time_ns - schedule.epoch_ns) * kPsPerNs;
            port.push_back({{std::move(frame.bytes)}, pace == Pace::line_rate ? 0 : after_zero});
        }
    }
    const auto arrival = [&](std::size_t port, std::size_t i) { return schedule.ports[port][i].arrival_ps; };
    if (pace == Pace::fixed) {
        std::uint64_t next = 0;
        for (const Place& place : in_order(schedule.ports, arrival))
            schedule.ports[place.port][place.index].arrival_ps = next += spacing_ps;
    }
    for (std::size_t port = 0; port < links.size(); ++port) fit_to_wire(schedule.ports[port], links[port]);
    for (const Place& place : in_order(schedule.ports, arrival)) {
        schedule.ports[place.port][place.index].frame.id = static_cast<FrameId>(schedule.frames++);
        schedule.last_arrival_ps = std::max(schedule.last_arrival_ps, place.key);
    }
    return schedule;
}

}  // namespace turnpike
