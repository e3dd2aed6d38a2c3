// SPDX-License-Identifier: Apache-2.0
// One [[port]] table.
#pragma once
#include "config/scenario.h"
#include "config/toml_reader.h"

namespace turnpike::config {

/// The ports of a scenario, checked alone, against each other and against the machine.
std::vector<PortConfig> read_ports(TomlTable& root, const std::filesystem::path& directory,
                                   const regs::MachineParams& machine);

}  // namespace turnpike::config
