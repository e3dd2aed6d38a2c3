// SPDX-License-Identifier: Apache-2.0
// router.sh as the kernel gets it: lines for a shell before the run, and `#at TIME COMMAND` lines during it.
#pragma once
#include <chrono>
#include <filesystem>
#include <string>
#include <vector>

namespace turnpike::diff {

struct ScriptLine {
    unsigned number;
    std::string command;
    std::chrono::nanoseconds at{};  ///< after zero; only in `timed`
};
struct Script {
    std::string file;
    std::vector<ScriptLine> before;  ///< the run
    std::vector<ScriptLine> timed;   ///< by time, equal times as they stand
};

/// Throws EnvironmentError.
Script read_script(const std::filesystem::path& file);
/// In the network namespace of this thread. Throws EnvironmentError naming file and line when it fails.
void run_line(const Script& script, const ScriptLine& line);

}  // namespace turnpike::diff
