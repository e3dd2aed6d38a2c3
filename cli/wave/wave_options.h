// SPDX-License-Identifier: Apache-2.0
// `--wave FILE --wave-start TIME --wave-stop TIME`: the signals of Verilated blocks, for a viewer of waveforms.
#pragma once
#include <optional>
#include <string>
#include <vector>

#include "models/accel/waveform.h"

namespace CLI {
class App;
}

namespace turnpike {

struct WaveOptions {
    std::optional<std::string> file, start, stop;
    bool from_power_on = false;
};

void add_wave_options(CLI::App& command, WaveOptions& options);

/// What the options say; nothing without --wave. `modes`: of the blocks, of which one must be Verilated. Throws
/// config::Error for a time that is none, a window without a length, a file that can't be written, and for times
/// without a file.
std::optional<WaveWindow> wave_window(const WaveOptions& options, const std::vector<std::string>& modes);

}  // namespace turnpike
