// SPDX-License-Identifier: Apache-2.0
// [[generator]] tables: frames that are made, of many flows.
#pragma once
#include "config/scenario.h"
#include "config/toml_reader.h"

namespace turnpike::config {

std::vector<GeneratorConfig> read_generators(TomlTable& root, const std::vector<PortConfig>& ports);

}  // namespace turnpike::config
