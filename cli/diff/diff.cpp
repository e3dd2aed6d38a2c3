// SPDX-License-Identifier: Apache-2.0
#include "cli/diff/diff.h"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <cmath>
#include <fstream>
#include <iostream>
#include <iterator>

#include "cli/diff/compare.h"
#include "cli/diff/linux_router.h"
#include "cli/diff/process.h"
#include "cli/diff/report.h"
#include "config/error.h"
#include "config/scenario.h"
#include "models/link/capture.h"

namespace turnpike::diff {
namespace {

namespace fs = std::filesystem;
using std::chrono::nanoseconds;

constexpr int kEqual = 0, kDifferent = 1, kError = 2;

/// What one side sent, by port.
using Output = std::vector<std::vector<FrameBytes>>;

std::vector<FrameBytes> frames_of(const fs::path& file) {
    std::vector<FrameBytes> frames;
    for (CapturedFrame& frame : read_capture(file).frames) frames.push_back(std::move(frame.bytes));
    return frames;
}

Output read_output(const config::Scenario& scenario, const fs::path& directory) {
    Output output;
    for (const auto& port : scenario.ports) output.push_back(frames_of(directory / port.tx.filename()));
    return output;
}

std::string file_text(const fs::path& file) {
    std::ifstream in(file);
    return {std::istreambuf_iterator<char>(in), {}};
}

/// Turnpike runs in a process of its own: one process is one simulation.
Output run_turnpike(const DiffOptions& options, const config::Scenario& scenario, const fs::path& out) {
    fs::create_directories(out);
    const fs::path log = out / "turnpike.txt";
    std::vector<std::string> command{fs::read_symlink("/proc/self/exe").string(), "run", options.scenario.string(),
                                     "--out", out.string()};
    for (const std::string& key_value : options.set) command.insert(command.end(), {"--set", key_value});
    if (options.firmware) command.insert(command.end(), {"--firmware", options.firmware->string()});
    const ProcessResult result = run_process(command, log);
    if (result.status != 0) {
        throw EnvironmentError(fmt::format("'turnpike run' ended with status {}:\n{}", result.status, file_text(log)));
    }
    return read_output(scenario, out);
}

nanoseconds to_nanoseconds(double seconds) {
    return nanoseconds(static_cast<nanoseconds::rep>(std::llround(seconds * 1e9)));
}

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
            arrival.injection.at = nanoseconds(arrival.time_ns - arrivals.front().time_ns);
        } else if (scenario.run.pace == config::Pace::fixed) {
            arrival.injection.at = to_nanoseconds(static_cast<double>(result.size()) * scenario.run.spacing_us * 1e-6);
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

Output run_linux(const config::Scenario& scenario, const fs::path& out) {
    std::vector<Capture> inputs;
    for (const auto& port : scenario.ports) inputs.push_back(port.rx ? read_capture(*port.rx) : Capture{});
    const LinuxRun run = run_linux_in_time(scenario, inputs);
    write_linux_output(scenario, run, out);
    if (run.refused != 0) fmt::print("linux: {} frames cannot be injected because of their length\n", run.refused);
    return read_output(scenario, out);
}

void check_environment() {
    if (geteuid() != 0) {
        throw EnvironmentError(
            "found an ordinary user, expected root: comparing with Linux needs network namespaces (or use --expect)");
    }
    if (run_process({"sh", "-c", "command -v ip"}).status != 0) {
        throw EnvironmentError("found no 'ip' program, expected iproute2 to be installed");
    }
}

CompareRules rules_for(const config::Scenario& scenario, bool strict) {
    CompareRules rules;
    if (!scenario.compare.pad) rules.normalise.clear();
    if (scenario.compare.order == "none") rules.order = Order::none;
    if (scenario.compare.order == "port" || strict) rules.order = Order::port;
    return rules;
}

/// [compare] ports may leave some out.
bool is_compared(const config::Scenario& scenario, const std::string& port) {
    const auto& ports = scenario.compare.ports;
    return ports.empty() || std::find(ports.begin(), ports.end(), port) != ports.end();
}

int compare(const config::Scenario& scenario, const Output& ours, const Output& theirs, const CompareRules& rules,
            std::string_view reference_name) {
    std::vector<PortResult> results;
    std::size_t frames = 0;
    bool equal = true;
    for (std::size_t port = 0; port < scenario.ports.size(); ++port) {
        if (!is_compared(scenario, scenario.ports[port].name)) continue;
        results.push_back(compare_port(scenario.ports[port].name, ours[port], theirs[port], rules));
        fmt::print("{}", explain(results.back(), ours[port], theirs[port], reference_name));
        frames += results.back().ours;
        equal &= results.back().equal();
    }
    for (const PortResult& result : results) fmt::print("{}\n", summary(result));
    fmt::print("{}: {} frames on {} ports, {}\n", scenario.name, frames, results.size(), equal ? "equal" : "different");
    return equal ? kEqual : kDifferent;
}

int try_diff(const DiffOptions& options) {
    const config::Scenario scenario = config::load_scenario(options.scenario, options.set, options.machines);
    if (!options.expect) check_environment();
    const TemporaryDirectory temporary;
    const fs::path out = options.out.value_or(temporary.path());
    const Output ours = run_turnpike(options, scenario, out / "turnpike");
    const Output theirs = options.expect ? read_output(scenario, *options.expect) : run_linux(scenario, out / "linux");
    return compare(scenario, ours, theirs, rules_for(scenario, options.strict), options.expect ? "expected" : "linux");
}

int fail(std::string_view message) {
    std::cout.flush();
    fmt::print(stderr, "turnpike: {}\n", message);
    return kError;
}

}  // namespace

int run_diff(const DiffOptions& options) {
    const InterruptGuard guard;
    try {
        return try_diff(options);
    } catch (const EnvironmentError& error) {
        return fail(error.what());
    } catch (const config::Error& error) {
        return fail(error.what());
    } catch (const CaptureError& error) {
        return fail(error.what());
    } catch (const fs::filesystem_error& error) {
        return fail(error.what());
    }
}

}  // namespace turnpike::diff
