// SPDX-License-Identifier: Apache-2.0
// Splits a capture's hosts into sides so that as many frames as possible go from one side to another.
#pragma once
#include <cstdint>
#include <map>
#include <vector>

#include "cli/import/packet.h"

namespace turnpike::import {

struct Sides {
    std::map<std::uint32_t, unsigned> of_address;
    std::map<Mac, unsigned> of_mac;

    /// The side that the frame came from: its sender's; for a sender without a side, away from its destination.
    unsigned sender(const Packet& packet) const;
};

/// Whether the frame's destination is one host, to be found behind a port.
bool is_to_host(const Packet& packet);

/// Hosts behind one MAC address stay together, unless that would lose more frames. The same capture always gives the
/// same sides; the first sender of a conversation is on side 0.
Sides split_hosts(const std::vector<Packet>& packets, unsigned sides);

}  // namespace turnpike::import
