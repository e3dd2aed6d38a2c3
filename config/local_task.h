// SPDX-License-Identifier: Apache-2.0
// [[local]] sections of scenario.toml: programs that run on the router itself.
#pragma once
#include "config/router_script.h"
#include "config/toml_reader.h"

namespace turnpike::config {

/// A command of one LocalTask message for each section, in their order. `ports`: names, from interface index 2 on.
std::vector<Command> read_local_tasks(TomlTable& root, const std::string& file, const std::vector<std::string>& ports);

}  // namespace turnpike::config
