// SPDX-License-Identifier: Apache-2.0
// The lists of a core profile: [[ports]] and [[form]].
#pragma once
#include "config/toml_reader.h"
#include "regs/params.h"

namespace turnpike::config {

/// Reads `[[ports]]` and `[[form]]`; a form that names an unknown port group is an error.
void read_forms(TomlTable& root, regs::CpuProfile& profile);

}  // namespace turnpike::config
