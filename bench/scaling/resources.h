// SPDX-License-Identifier: Apache-2.0
// How much of what a machine has a run used, from its stats.json.
#pragma once
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "config/scenario.h"

namespace turnpike::bench {

struct Use {
    std::string name;
    double share;  ///< of what there is; of several alike, the one that is used most
};

/// Cores' time, wires out of the ports, PCIe in both directions, memory, the LPM engine.
std::vector<Use> resources(const config::Scenario& scenario, const nlohmann::ordered_json& stats);
/// Where the cores' busy time goes: waiting for devices, for locks, and the rest.
std::vector<Use> core_time(const nlohmann::ordered_json& stats);
const Use& most_used(const std::vector<Use>& uses);

}  // namespace turnpike::bench
