// SPDX-License-Identifier: Apache-2.0
// What the firmware is told of the hardware before the user's commands, and the message that starts it.
#pragma once
#include <vector>

#include "config/message.h"
#include "config/scenario.h"

namespace turnpike {

/// One Port message for each port, then which accelerators there are.
std::vector<config::Message> hardware_messages(const config::Scenario& scenario);
config::Message start_message(const config::Scenario& scenario);

}  // namespace turnpike
