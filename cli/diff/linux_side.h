// SPDX-License-Identifier: Apache-2.0
// A scenario on a real Linux router.
#pragma once
#include <filesystem>
#include <vector>

#include "cli/diff/linux_router.h"
#include "config/scenario.h"
#include "models/link/capture.h"

namespace turnpike::diff {

/// Runs it, again when injections came later than run.max_late_ms allows; `inputs` by port. What the router sent and
/// counted goes to `out`: ethN.pcap, counters.json. Throws EnvironmentError.
LinuxRun run_scenario_on_linux(const config::Scenario& scenario, const std::vector<Capture>& inputs,
                               const std::filesystem::path& out);

}  // namespace turnpike::diff
