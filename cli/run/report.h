// SPDX-License-Identifier: Apache-2.0
// What a run says: out/stats.json (the same for the same input), out/host.json (what depends on the host), and the
// table.
#pragma once
#include <cstdint>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "config/scenario.h"
#include "models/soc/soc.h"

namespace turnpike {

/// Everything about the run that does not depend on the host. Keys are in a fixed order.
nlohmann::ordered_json make_stats(const config::Scenario& scenario, const Soc& soc, std::uint64_t simulated_ps);

/// Wall-clock time and versions.
nlohmann::ordered_json make_host_report(double wall_seconds, std::uint64_t simulated_ps, std::uint64_t frames);

/// The summary on the terminal, from the two reports.
std::string make_table(const nlohmann::ordered_json& stats, const nlohmann::ordered_json& host);

/// Minimum, mean, median, 99th percentile (nearest rank) and maximum; zeros where there are no samples.
nlohmann::ordered_json distribution(std::vector<std::uint64_t> samples, double unit);

}  // namespace turnpike
