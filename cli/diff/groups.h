// SPDX-License-Identifier: Apache-2.0
// Ports that are compared as a union: the routers may spread traffic over them differently, but each keeps a pair of
// addresses on one port and gives every port its share.
#pragma once
#include <optional>
#include <string>

#include "cli/diff/forgive.h"

namespace turnpike::diff {

/// What is compared as one: a port, or the ports of a group, whose frames then come port by port.
struct Unit {
    std::string name;                ///< "eth0", "eth1+eth2"
    std::vector<std::size_t> ports;  ///< indices
};
/// Those of [compare] ports, all without it, in port order.
std::vector<Unit> units_of(const Facts& facts);

/// What a side does that a group must not: "10.0.0.2 > 10.0.1.2 leaves by eth1 and by eth2".
std::optional<std::string> group_fault(const Unit& unit, const Side& side, const Facts& facts);

}  // namespace turnpike::diff
