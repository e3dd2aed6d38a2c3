// SPDX-License-Identifier: Apache-2.0
#include <fmt/core.h>

#include <systemc>

#include "cli/run/report.h"
#include "cli/version.h"

namespace turnpike {

nlohmann::ordered_json make_host_report(double wall_seconds, std::uint64_t simulated_ps, std::uint64_t frames) {
    nlohmann::ordered_json out;
    out["wall_seconds"] = wall_seconds;
    out["frames_per_wall_second"] = wall_seconds > 0 ? static_cast<double>(frames) / wall_seconds : 0.0;
    out["simulated_seconds_per_wall_second"] =
        wall_seconds > 0 ? static_cast<double>(simulated_ps) * 1e-12 / wall_seconds : 0.0;
    out["turnpike"] = kVersion;
    out["systemc"] = sc_core::sc_version();
    out["compiler"] = __VERSION__;
    return out;
}

}  // namespace turnpike
