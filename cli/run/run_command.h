// SPDX-License-Identifier: Apache-2.0
// `turnpike run DIR`: a scenario through the machine, and what came of it.
#pragma once
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace turnpike {

struct RunOptions {
    std::filesystem::path scenario;
    std::vector<std::string> set;                   ///< key=value, over scenario and machine
    std::optional<std::filesystem::path> out;       ///< in place of the scenario's out/
    std::optional<std::filesystem::path> firmware;  ///< in place of the shipped firmware
    std::filesystem::path machines;                 ///< folder of the machine files
    std::filesystem::path shipped_firmware;
    bool quiet = false;  ///< no table, no progress
};

/// Exit status: 0 done, 1 the firmware or the machine failed during the run. A user's mistake is thrown
/// (config::Error, CaptureError, ElfError) before anything is written.
int run_scenario(const RunOptions& options);

}  // namespace turnpike
