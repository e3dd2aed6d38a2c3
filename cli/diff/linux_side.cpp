// SPDX-License-Identifier: Apache-2.0
#include "cli/diff/linux_side.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "cli/diff/process.h"

namespace turnpike::diff {
namespace {

namespace fs = std::filesystem;
using std::chrono::nanoseconds;

nanoseconds to_nanoseconds(double seconds) {
    return nanoseconds(static_cast<nanoseconds::rep>(std::llround(seconds * 1e9)));
}

/// Zero lies at the earliest whole second, as for `turnpike run`.
std::uint64_t whole_seconds(std::uint64_t time_ns) { return time_ns - time_ns % 1'000'000'000; }

/// Frames of all ports in time-stamp order, ties in port order, at the pace of the scenario. At line-rate the kernel
/// gets them back to back.
std::vector<Injection> injections(const config::Scenario& scenario, const std::vector<Capture>& inputs) {
    struct Arrival {
        std::uint64_t time_ns;
        Injection injection;
    };
    std::vector<Arrival> arrivals;
    for (std::size_t port = 0; port < inputs.size(); ++port) {
        for (const CapturedFrame& frame : inputs[port].frames) {
            arrivals.push_back({frame.time_ns, {nanoseconds(0), port, &frame.bytes}});
        }
    }
    std::stable_sort(arrivals.begin(), arrivals.end(),
                     [](const Arrival& a, const Arrival& b) { return a.time_ns < b.time_ns; });
    std::vector<Injection> result;
    for (Arrival& arrival : arrivals) {
        if (scenario.run.pace == config::Pace::real) {
            arrival.injection.at = nanoseconds(arrival.time_ns - whole_seconds(arrivals.front().time_ns));
        } else if (scenario.run.pace == config::Pace::fixed) {
            arrival.injection.at =
                to_nanoseconds(static_cast<double>(result.size() + 1) * scenario.run.spacing_us * 1e-6);
        }
        result.push_back(arrival.injection);
    }
    return result;
}

std::vector<LinuxPort> linux_ports(const config::Scenario& scenario) {
    std::vector<LinuxPort> ports;
    for (const auto& port : scenario.ports) {
        const auto& mac = port.mac;
        ports.push_back(
            {port.name,
             fmt::format("{:02x}:{:02x}:{:02x}:{:02x}:{:02x}:{:02x}", mac[0], mac[1], mac[2], mac[3], mac[4], mac[5]),
             port.mtu});
    }
    return ports;
}

void write_linux_output(const config::Scenario& scenario, const LinuxRun& run, const fs::path& out) {
    fs::create_directories(out);
    for (std::size_t port = 0; port < run.sent.size(); ++port) {
        CaptureWriter writer(out / scenario.ports[port].tx.filename());
        for (const LinuxRun::Sent& sent : run.sent[port]) {
            writer.write(static_cast<std::uint64_t>(sent.at.count()), sent.frame);
        }
        writer.close();
    }
}

/// An injection later than the scenario allows may have changed an answer that depends on time: the run is repeated.
LinuxRun run_linux_in_time(const config::Scenario& scenario, const std::vector<Capture>& inputs) {
    constexpr int kAttempts = 3;
    const std::vector<Injection> frames = injections(scenario, inputs);
    const fs::path script = scenario.directory / "router.sh";
    for (int attempt = 1;; ++attempt) {
        LinuxRouter router(linux_ports(scenario));
        if (fs::exists(script)) router.configure(script);
        if (!scenario.local.empty()) router.start_programs(scenario.local);
        LinuxRun run = router.run(frames, to_nanoseconds(scenario.run.drain_s));
        const double late_ms = static_cast<double>(run.latest.count()) * 1e-6;
        const double limit_ms = scenario.run.max_late_ms;
        if (limit_ms == 0 || late_ms <= limit_ms) return run;
        if (attempt == kAttempts) {
            throw EnvironmentError(
                fmt::format("injections were {:.3f} ms late, run.max_late_ms allows {} ms: this "
                            "machine is too busy",
                            late_ms, limit_ms));
        }
    }
}

}  // namespace

LinuxRun run_scenario_on_linux(const config::Scenario& scenario, const std::vector<Capture>& inputs,
                               const fs::path& out) {
    LinuxRun run = run_linux_in_time(scenario, inputs);
    write_linux_output(scenario, run, out);
    write_recorded_counters(run.counters, out / "counters.json");
    if (run.refused != 0) fmt::print("linux: {} frames cannot be injected because of their length\n", run.refused);
    return run;
}

}  // namespace turnpike::diff
