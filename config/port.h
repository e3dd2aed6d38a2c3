// SPDX-License-Identifier: Apache-2.0
// One [[port]] table.
#pragma once
#include "config/scenario.h"
#include "config/toml_reader.h"

namespace turnpike::config {

/// The ports of a scenario, checked alone and against each other.
std::vector<PortConfig> read_ports(TomlTable& root, const std::filesystem::path& directory);

}  // namespace turnpike::config
