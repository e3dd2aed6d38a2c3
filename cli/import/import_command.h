// SPDX-License-Identifier: Apache-2.0
// `turnpike import CAPTURE --out DIR`.
#pragma once
#include <CLI/CLI.hpp>

namespace turnpike {

/// `status` is the exit status that the command leaves.
void add_import_command(CLI::App& app, int& status);

}  // namespace turnpike
