// SPDX-License-Identifier: Apache-2.0
// `turnpike run DIR`: a scenario through the machine, and what came of it.
#pragma once
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "cli/wave/wave_options.h"

namespace turnpike {

struct RunOptions {
    std::filesystem::path scenario;
    std::vector<std::string> set;                   ///< key=value, over scenario and machine
    std::optional<std::filesystem::path> out;       ///< in place of the scenario's out/
    std::optional<std::filesystem::path> firmware;  ///< in place of the shipped firmware
    std::filesystem::path machines;                 ///< folder of the machine files
    std::filesystem::path shipped_firmware;
    bool quiet = false;  ///< no table, no progress
    WaveOptions wave;
    std::optional<std::uint16_t> gdb_port;  ///< stop before the first instruction and serve gdb there; 0: any port
};

/// Exit status: 0 done, 1 the firmware or the machine failed during the run. A user's mistake is thrown
/// (config::Error, CaptureError, ElfError) before anything is written.
int run_scenario(const RunOptions& options);

}  // namespace turnpike
