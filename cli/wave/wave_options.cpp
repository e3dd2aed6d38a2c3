// SPDX-License-Identifier: Apache-2.0
#include "cli/wave/wave_options.h"

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <fstream>

#include "config/duration.h"
#include "config/error.h"

namespace turnpike {
namespace {

constexpr std::uint64_t kPsPerNs = 1000;

[[noreturn]] void refuse(const std::string& found, const std::string& expected) {
    throw config::Error("--wave", 0, 0, config::found_expected(found, expected));
}

std::uint64_t time_of(const char* option, const std::string& text) {
    const auto ns = config::parse_duration_ns(text);
    if (!ns) refuse(fmt::format("{} {}", option, text), "a time such as 5ms, 1.5us or 2s");
    return *ns * kPsPerNs;
}

/// Found out before the run; leaves nothing behind.
void check_writable(const std::filesystem::path& file) {
    const bool existed = std::filesystem::exists(file);
    if (!std::ofstream(file, std::ios::binary | std::ios::app)) {
        throw config::Error(file, 0, 0, config::found_expected("no way to write this file", "a writable folder"));
    }
    if (!existed) std::filesystem::remove(file);
}

}  // namespace

void add_wave_options(CLI::App& command, WaveOptions& options) {
    command.add_option("--wave", options.file, "FST file for the signals of Verilated blocks");
    command.add_option("--wave-start", options.start, "time at which it begins, such as 5ms; default 0s");
    command.add_option("--wave-stop", options.stop, "time at which it ends; default: with the run");
    command.add_flag("--wave-from-power-on", options.from_power_on, "these times count from power-on, not from READY");
}

std::optional<WaveWindow> wave_window(const WaveOptions& options, const std::vector<std::string>& modes) {
    if (!options.file) {
        if (options.start || options.stop || options.from_power_on) refuse("times without a file", "--wave FILE");
        return std::nullopt;
    }
    WaveWindow window;
    window.file = *options.file;
    if (options.start) window.start_ps = time_of("--wave-start", *options.start);
    if (options.stop) window.stop_ps = time_of("--wave-stop", *options.stop);
    window.from_power_on = options.from_power_on;
    if (window.stop_ps <= window.start_ps)
        refuse("a stop that is not behind the start", "--wave-stop after --wave-start");
    const bool any = std::any_of(modes.begin(), modes.end(),
                                 [](const std::string& mode) { return mode == "rtl" || mode == "lockstep"; });
    if (!any) refuse("no Verilated block: " + fmt::format("{}", fmt::join(modes, ", ")), "a mode rtl or lockstep");
    check_writable(window.file);
    return window;
}

}  // namespace turnpike
