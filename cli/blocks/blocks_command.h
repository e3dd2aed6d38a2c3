// SPDX-License-Identifier: Apache-2.0
// `turnpike blocks`: predicts the cycles of basic blocks.
#pragma once
#include <filesystem>

namespace CLI {
class App;
}

namespace turnpike {

void add_blocks_command(CLI::App& app, const std::filesystem::path& machines, int& status);

}  // namespace turnpike
