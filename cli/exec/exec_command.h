// SPDX-License-Identifier: Apache-2.0
// `turnpike exec PROG.elf`: a program on the core alone.
#pragma once
#include <CLI/CLI.hpp>
#include <filesystem>

namespace turnpike {

/// Adds the command; it sets `status` to the program's own exit status, or to 1 where the program did not end by
/// itself. A user's mistake is thrown (config::Error, ElfError).
void add_exec_command(CLI::App& app, const std::filesystem::path& machines, int& status);

}  // namespace turnpike
