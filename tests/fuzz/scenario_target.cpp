// SPDX-License-Identifier: Apache-2.0
// Any text as scenario.toml becomes a scenario, or an Error that names the file.
#include <unistd.h>

#include <cstdint>
#include <cstdlib>
#include <filesystem>
#include <fstream>

#include "config/scenario.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    namespace fs = std::filesystem;
    static const fs::path folder = fs::temp_directory_path() / ("turnpike-fuzz-" + std::to_string(getpid()));
    fs::create_directories(folder);
    std::ofstream(folder / "scenario.toml", std::ios::binary)
        .write(reinterpret_cast<const char*>(data), static_cast<std::streamsize>(size));
    try {
        turnpike::config::load_scenario(folder, {}, TURNPIKE_MACHINES_DIR);
    } catch (const turnpike::config::Error& error) {
        if (error.file.empty() || error.message.empty()) std::abort();
    }
    fs::remove_all(folder);
    return 0;
}
