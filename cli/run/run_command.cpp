// SPDX-License-Identifier: Apache-2.0
#include "cli/run/run_command.h"

#include <fmt/core.h>

#include <algorithm>
#include <fstream>

#include "cli/run/progress.h"
#include "cli/run/report.h"
#include "config/error.h"
#include "config/scenario.h"
#include "models/link/capture.h"
#include "models/link/schedule.h"
#include "models/soc/soc.h"

namespace turnpike {

namespace fs = std::filesystem;

namespace {

constexpr std::uint64_t kNsPerSecond = 1'000'000'000;
/// The run is stepped by this much between two looks at the wall clock; it changes no result.
constexpr std::uint64_t kStepPs = 1'000'000'000;

/// The captures of all ports and the whole seconds taken off their times.
struct Input {
    std::vector<Capture> captures;
    std::uint64_t epoch_ns = 0;
};

Input read_input(const config::Scenario& scenario) {
    Input input;
    std::uint64_t earliest = ~0ULL;
    for (const config::PortConfig& port : scenario.ports) {
        input.captures.push_back(port.rx ? read_capture(scenario.directory / *port.rx) : Capture{});
        for (const CapturedFrame& frame : input.captures.back().frames) earliest = std::min(earliest, frame.time_ns);
    }
    if (earliest == ~0ULL) return input;
    input.epoch_ns = earliest / kNsPerSecond * kNsPerSecond;
    for (Capture& capture : input.captures)
        for (CapturedFrame& frame : capture.frames) frame.time_ns -= input.epoch_ns;
    return input;
}

std::uint64_t rate_of(const config::Scenario& scenario, const config::PortConfig& port) {
    return port.rate_mbps != 0 ? port.rate_mbps : scenario.machine.link.rate_mbps;
}

std::vector<PortSetup> port_setups(const config::Scenario& scenario) {
    std::vector<PortSetup> setups;
    for (const config::PortConfig& port : scenario.ports)
        setups.push_back({port.name, port.mac, rate_of(scenario, port),
                          static_cast<std::uint64_t>((port.phy_ns + port.fec_ns) * 1000)});
    return setups;
}

std::vector<std::vector<TimedFrame>> schedule(const config::Scenario& scenario, Input input) {
    std::vector<std::uint64_t> rates;
    for (const config::PortConfig& port : scenario.ports) rates.push_back(rate_of(scenario, port));
    Pace pace = Pace::real;
    if (scenario.run.pace == config::RunConfig::Pace::fixed) pace = Pace::fixed;
    if (scenario.run.pace == config::RunConfig::Pace::line_rate) pace = Pace::line_rate;
    return schedule_frames(std::move(input.captures), pace, static_cast<std::uint64_t>(scenario.run.spacing_us * 1e6),
                           rates);
}

std::uint64_t last_arrival(const std::vector<std::vector<TimedFrame>>& frames) {
    std::uint64_t last = 0;
    for (const auto& port : frames)
        if (!port.empty()) last = std::max(last, port.back().arrival_ps);
    return last;
}

/// Boots and configures; the firmware's refusal of a command is the user's mistake, told with its line.
void boot(Soc& soc, const config::Scenario& scenario) {
    std::vector<SocMessage> messages;
    std::vector<const config::Command*> origin;
    auto add = [&](const config::Message& message, const config::Command* command) {
        messages.push_back({message.type, message.bytes});
        origin.push_back(command);
    };
    for (const config::Message& message : config::boot_messages(scenario)) add(message, nullptr);
    for (const config::Command& command : scenario.commands)
        for (const config::Message& message : command.messages) add(message, &command);
    add(config::start_message(scenario), nullptr);
    try {
        soc.boot(messages);
    } catch (const FirmwareError& error) {
        if (!error.message || origin[*error.message] == nullptr) throw;
        const config::Command& command = *origin[*error.message];
        throw config::Error(
            scenario.directory / "router.sh", command.line, 0,
            fmt::format("the firmware answers: {} (found '{}')", config::errno_text(error.error_number), command.text));
    }
}

/// False: the machine stopped before its time.
bool drive(Soc& soc, std::uint64_t end_ps, Progress& progress) {
    for (std::uint64_t at = 0; at < end_ps;) {
        at = std::min(at + kStepPs, end_ps);
        if (!soc.run_to(at)) return false;
        progress.update(at, soc.recorder().forwarded());
    }
    return true;
}

void write_text(const fs::path& file, const std::string& text) {
    std::ofstream out(file, std::ios::binary);
    out << text;
    if (!out.flush()) throw config::Error(file, 0, 0, "found no way to write this file, expected a writable folder");
}

void write_output(const fs::path& out, const config::Scenario& scenario, const Soc& soc, std::uint64_t epoch_ns) {
    for (std::size_t i = 0; i < soc.ports(); ++i) soc.sink(i).write(out / scenario.ports[i].tx.filename(), epoch_ns);
    write_text(out / "console.txt", soc.console());
}

fs::path make_out(const RunOptions& options, const config::Scenario& scenario) {
    const fs::path out = options.out ? *options.out : scenario.directory / "out";
    std::error_code error;
    fs::create_directories(out, error);
    if (error)
        throw config::Error(out, 0, 0, fmt::format("found '{}', expected a folder that can be made", error.message()));
    return out;
}

int report_end(const Soc& soc, bool complete) {
    if (soc.core_dead()) {
        fmt::print(stderr, "turnpike: the core stopped: {}\n", soc.core().diagnosis());
        return 1;
    }
    if (soc.exit_status()) {
        fmt::print(stderr, "turnpike: the firmware ended the run with status {}\n", *soc.exit_status());
        return *soc.exit_status() == 0 ? 0 : 1;
    }
    return complete ? 0 : 1;
}

}  // namespace

int run_scenario(const RunOptions& options) {
    const config::Scenario scenario = config::load_scenario(options.scenario, options.set, options.machines);
    Input input = read_input(scenario);
    const std::uint64_t epoch_ns = input.epoch_ns;
    const fs::path firmware =
        options.firmware ? *options.firmware : scenario.firmware_elf.value_or(options.shipped_firmware);
    const ElfImage image(firmware, scenario.machine.dram.size_mib << 20);

    Soc soc("soc", scenario.machine, scenario.cpu_profile, port_setups(scenario), image);
    boot(soc, scenario);
    const fs::path out = make_out(options, scenario);

    auto frames = schedule(scenario, std::move(input));
    const std::uint64_t end_ps = last_arrival(frames) + static_cast<std::uint64_t>(scenario.run.drain_s * 1e12);
    soc.inject(std::move(frames));
    Progress progress(options.quiet);
    const bool complete = drive(soc, end_ps, progress);
    progress.finish();
    soc.finish();

    const auto stats = make_stats(scenario, soc, end_ps);
    const auto host = make_host_report(progress.wall_seconds(), end_ps, soc.recorder().forwarded());
    write_output(out, scenario, soc, epoch_ns);
    write_text(out / "stats.json", stats.dump(2) + "\n");
    write_text(out / "host.json", host.dump(2) + "\n");
    if (!options.quiet) fmt::print("{}", make_table(stats, host));
    return report_end(soc, complete);
}

}  // namespace turnpike
