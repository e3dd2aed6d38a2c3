// SPDX-License-Identifier: Apache-2.0
#include "cli/run/run_command.h"

#include <fmt/core.h>

#include <algorithm>
#include <fstream>

#include "cli/exec/report.h"
#include "cli/input/input.h"
#include "cli/run/configuration.h"
#include "cli/run/gdb_target.h"
#include "cli/run/progress.h"
#include "cli/run/report.h"
#include "cli/wave/record_again.h"
#include "config/error.h"
#include "config/scenario.h"
#include "models/accel/lockstep.h"
#include "models/link/capture.h"
#include "models/link/schedule.h"
#include "models/soc/soc.h"

namespace turnpike {

namespace fs = std::filesystem;

namespace {

/// The run is stepped by this much between two looks at the wall clock; it changes no result.
constexpr std::uint64_t kStepPs = 1'000'000'000;

std::vector<PortLink> links(const config::Scenario& scenario) {
    std::vector<PortLink> out;
    for (const config::PortConfig& port : scenario.ports) {
        const std::uint64_t rate = port.rate_mbps != 0 ? port.rate_mbps : scenario.machine.link.rate_mbps;
        const auto delay_ps = static_cast<std::uint64_t>((port.phy_ns + port.fec_ns) * 1000);
        out.push_back({rate, scenario.machine.link.propagation_ns * 1000 + delay_ps});
    }
    return out;
}

Pace pace_of(config::Pace pace) {
    switch (pace) {
        case config::Pace::fixed:
            return Pace::fixed;
        case config::Pace::line_rate:
            return Pace::line_rate;
        case config::Pace::real:
            break;
    }
    return Pace::real;
}

Schedule read_input(const config::Scenario& scenario) {
    return make_schedule(read_inputs(scenario), links(scenario), pace_of(scenario.run.pace),
                         static_cast<std::uint64_t>(scenario.run.spacing_us * 1e6));
}

std::vector<PortSetup> port_setups(const config::Scenario& scenario, Schedule& schedule) {
    std::vector<PortSetup> setups;
    const std::vector<PortLink> wires = links(scenario);
    for (std::size_t i = 0; i < wires.size(); ++i)
        setups.push_back({scenario.ports[i].name, scenario.ports[i].mac, wires[i].rate_mbps, wires[i].propagation_ps,
                          std::move(schedule.ports[i])});
    return setups;
}

/// gdb at the run: there from before the first instruction to behind the last.
struct DebuggedRun {
    DebuggedRun(std::uint16_t port, Soc& soc, const fs::path& firmware) : target(soc), server(port) {
        fmt::print(stderr, "turnpike: waiting for gdb: gdb -ex 'target remote 127.0.0.1:{}' {}\n", server.port(),
                   firmware.string());
        server.wait_for_gdb();
        server.attach(target);
        soc.set_debug_device_write([this](const std::string& device, std::uint64_t address, std::uint64_t bytes) {
            server.device_wrote(device, address, bytes);
        });
    }
    /// A core that has died can be looked at.
    void let_look() {
        for (unsigned core = 0; core < target.cores(); ++core)
            if (!target.core(core).diagnosis().empty()) return server.died(core);
    }
    GdbTarget target;
    gdb::Server server;
};

/// False: the machine stopped before its time. `debugger` may be null.
bool drive(Soc& soc, Configuration& configuration, std::uint64_t end_ps, Progress& progress, DebuggedRun* debugger) {
    configuration.send_due(soc, 0);
    for (std::uint64_t at = 0; at < end_ps;) {
        at = std::min({at + kStepPs, end_ps, configuration.next_ps()});
        if (debugger != nullptr) debugger->server.poll();
        const bool going = soc.run_to(at);
        configuration.check(soc);
        if (!going) return false;
        configuration.send_due(soc, at);
        progress.update(at, soc.recorder().forwarded());
    }
    return true;
}

void write_text(const fs::path& file, const std::string& text) {
    std::ofstream out(file, std::ios::binary);
    out << text;
    if (!out.flush()) throw config::Error(file, 0, 0, "found no way to write this file, expected a writable folder");
}

fs::path make_out(const RunOptions& options, const config::Scenario& scenario) {
    fs::path out = options.out ? *options.out : scenario.directory / "out";
    std::error_code error;
    fs::create_directories(out, error);
    if (error)
        throw config::Error(out, 0, 0, fmt::format("found '{}', expected a folder that can be made", error.message()));
    return out;
}

/// What the firmware did that the model does not have.
void print_notes(const Soc& soc) {
    for (std::size_t core = 0; core < soc.cores(); ++core)
        for (const std::string& note : soc.core(core).notes())
            fmt::print(stderr, "turnpike: note: core {}: {}\n", core, note);
}

int report_end(Soc& soc, const ElfImage& firmware, bool complete) {
    print_notes(soc);
    const auto trace = [&](const cpu::Core& core) {
        return exec::make_trace(core, soc.memory(), exec::Symbols(firmware));
    };
    if (soc.core_dead()) {
        for (std::size_t n = 0; n < soc.cores(); ++n)
            if (const std::string text = soc.core(n).diagnosis(); !text.empty())
                fmt::print(stderr, "turnpike: {} stopped: {}\n{}", soc.core_name(n), text, trace(soc.core(n)));
        return 1;
    }
    if (!soc.exit_status()) return complete ? 0 : 1;
    fmt::print(stderr, "turnpike: the firmware ended the run with status {}\n", *soc.exit_status());
    if (*soc.exit_status() == 0) return 0;
    constexpr std::size_t kTail = 2000;
    const std::string& console = soc.console();
    fmt::print(stderr, "its console says at the end:\n{}\n{}",
               console.substr(console.size() - std::min(console.size(), kTail)), trace(soc.dead_core()));
    return 1;
}

}  // namespace

namespace {

int run_loaded(const RunOptions& options, const config::Scenario& scenario) {
    Schedule input = read_input(scenario);
    const fs::path firmware =
        options.firmware ? *options.firmware : scenario.firmware_elf.value_or(options.shipped_firmware);
    const ElfImage image(firmware, scenario.machine.dram.size_mib << 20);

    const auto wave =
        wave_window(options.wave, {scenario.machine.accel_lpm.mode, scenario.machine.accel_checksum.mode});
    Soc soc("soc", scenario.machine, scenario.cpu_profile, port_setups(scenario, input), image, wave);
    Configuration configuration(scenario);
    std::optional<DebuggedRun> debugger;
    if (options.gdb_port) debugger.emplace(*options.gdb_port, soc, firmware);
    try {
        configuration.boot(soc);
    } catch (const FirmwareError& error) {
        if (debugger) debugger->let_look();
        print_notes(soc);
        throw FirmwareError(
            fmt::format("{}\n{}", error.what(), exec::make_trace(soc.dead_core(), soc.memory(), exec::Symbols(image))));
    }
    const fs::path out = make_out(options, scenario);
    std::vector<fs::path> captures;
    for (const config::PortConfig& port : scenario.ports)
        captures.push_back(config::output_path(scenario, port, options.out));

    const std::uint64_t end_ps = std::max(input.last_arrival_ps, configuration.last_ps()) +
                                 static_cast<std::uint64_t>(scenario.run.drain_s * 1e12);
    soc.start_traffic(captures, input.epoch_ns);
    Progress progress(options.quiet);
    const bool complete = drive(soc, configuration, end_ps, progress, debugger ? &*debugger : nullptr);
    progress.finish();
    if (debugger) debugger->let_look();
    soc.finish();

    const auto stats = make_stats(scenario, soc, end_ps);
    const auto host = make_host_report(progress.wall_seconds(), end_ps, soc.recorder().forwarded());
    write_text(out / "stats.json", stats.dump(2) + "\n");
    write_text(out / "host.json", host.dump(2) + "\n");
    write_text(out / "console.txt", soc.console());
    if (!options.quiet) fmt::print("{}", make_table(stats, host));
    if (debugger && debugger->server.killed()) fmt::print(stderr, "turnpike: gdb ended the run\n");
    const int status = report_end(soc, image, complete);
    if (debugger) debugger->server.exited(static_cast<unsigned>(status));
    return status;
}

}  // namespace

int run_scenario(const RunOptions& options) {
    const config::Scenario scenario = config::load_scenario(options.scenario, options.set, options.machines);
    try {
        return run_loaded(options, scenario);
    } catch (const LockstepMismatch& mismatch) {
        fmt::print(stderr, "turnpike: {}\n", mismatch.what());
        record_again(now_ps(), make_out(options, scenario) / "lockstep.fst");
        return 1;
    }
}

}  // namespace turnpike
