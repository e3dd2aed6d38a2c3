// SPDX-License-Identifier: Apache-2.0
// What an import is about to write: ports, routes and frames.
#pragma once
#include <cstdint>
#include <string>
#include <vector>

#include "cli/import/import.h"
#include "cli/import/packet.h"

namespace turnpike::import {

struct PortPlan {
    std::string name;
    Mac mac{};
    std::uint32_t address = 0;  ///< the router's, in a /24
    std::uint32_t next_hop = 0;
    Mac next_hop_mac{};
    std::vector<config::Prefix> routes;
    std::vector<Packet> frames;  ///< in order of arrival
};

/// Writes the scenario's files; the folder is there already.
void write_scenario(const ImportOptions& options, const std::vector<PortPlan>& ports);

}  // namespace turnpike::import
