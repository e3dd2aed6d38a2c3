// SPDX-License-Identifier: Apache-2.0
// Combinations of a core profile's parameters that cannot be built.
#pragma once
#include <string>

#include "config/toml_reader.h"
#include "regs/params.h"

namespace turnpike::config {

/// Fails at the first one, at its key in `root` where that table sets it, else for `file` as a whole.
void check_cpu_profile(TomlTable& root, const regs::CpuProfile& profile, const std::string& file);

}  // namespace turnpike::config
