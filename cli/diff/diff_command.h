// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <CLI/CLI.hpp>
#include <filesystem>

namespace turnpike {

/// Adds `diff`; its exit status goes to `status` when the user asked for it.
void add_diff_command(CLI::App& app, const std::filesystem::path& machines, int& status);

}  // namespace turnpike
