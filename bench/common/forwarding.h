// SPDX-License-Identifier: Apache-2.0
// The load that forwarding is measured with.
#pragma once
#include <utility>

#include "tests/run/program.h"

namespace turnpike::bench {

/// Minimum-size frames in both directions at once, `gap_ns` apart on each port.
inline void write_forwarding_scenario(const std::filesystem::path& folder, unsigned frames, unsigned gap_ns) {
    test::Scenario scenario(folder);
    for (unsigned i = 0; i < frames / 2; ++i) {
        test::UdpFrame east, west;
        east.id = west.id = static_cast<std::uint16_t>(i);
        west.destination_mac = {2, 0, 0, 0, 1, 1};
        std::swap(west.source, west.destination);
        scenario.add(0, 10'000 + std::uint64_t{i} * gap_ns, east.bytes());
        scenario.add(1, 10'000 + std::uint64_t{i} * gap_ns + gap_ns / 2, west.bytes());
    }
    scenario.write();
}

}  // namespace turnpike::bench
