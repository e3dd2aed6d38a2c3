// SPDX-License-Identifier: Apache-2.0
// What arrives at a scenario's ports: captures and generated frames.
#pragma once
#include <vector>

#include "config/scenario.h"
#include "models/link/capture.h"

namespace turnpike {

/// One capture a port. Throws CaptureError.
std::vector<Capture> read_inputs(const config::Scenario& scenario);

}  // namespace turnpike
