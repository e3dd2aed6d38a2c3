// SPDX-License-Identifier: Apache-2.0
#include "cli/diff/diff.h"

#include <fmt/format.h>
#include <unistd.h>

#include <fstream>
#include <iostream>
#include <iterator>

#include "cli/diff/compare.h"
#include "cli/diff/linux_side.h"
#include "cli/diff/process.h"
#include "cli/diff/report.h"
#include "cli/input/input.h"
#include "config/error.h"

namespace turnpike::diff {
namespace {

namespace fs = std::filesystem;

constexpr int kEqual = 0, kDifferent = 1, kError = 2;

/// What a side sent and counted.
struct Result {
    Output output;
    Counters counters;
};

std::vector<FrameBytes> frames_of(Capture capture) {
    std::vector<FrameBytes> frames;
    for (CapturedFrame& frame : capture.frames) frames.push_back(std::move(frame.bytes));
    return frames;
}

Output read_output(const config::Scenario& scenario, const fs::path& directory) {
    Output output;
    for (const auto& port : scenario.ports) output.push_back(frames_of(read_capture(directory / port.tx.filename())));
    return output;
}

std::string file_text(const fs::path& file) {
    std::ifstream in(file);
    return {std::istreambuf_iterator<char>(in), {}};
}

/// Turnpike runs in a process of its own: one process is one simulation. Its ports hear all that the kernel's hear: a
/// veth has no filter.
Result run_turnpike(const DiffOptions& options, const config::Scenario& scenario, const fs::path& out) {
    fs::create_directories(out);
    const fs::path log = out / "turnpike.txt";
    std::vector<std::string> command{fs::read_symlink("/proc/self/exe").string(),
                                     "run",
                                     options.scenario.string(),
                                     "--out",
                                     out.string(),
                                     "--set",
                                     "nic.rx_filter=off"};
    for (const std::string& key_value : options.set) command.insert(command.end(), {"--set", key_value});
    if (options.firmware) command.insert(command.end(), {"--firmware", options.firmware->string()});
    const ProcessResult result = run_process(command, log);
    if (result.status != 0) {
        throw EnvironmentError(fmt::format("'turnpike run' ended with status {}:\n{}", result.status, file_text(log)));
    }
    return {read_output(scenario, out), options.counters ? read_turnpike_counters(out / "stats.json") : Counters{}};
}

Result read_recording(const DiffOptions& options, const config::Scenario& scenario, const fs::path& folder) {
    return {read_output(scenario, folder),
            options.counters ? read_recorded_counters(folder / "counters.json") : Counters{}};
}

Result run_linux(const config::Scenario& scenario, const std::vector<Capture>& inputs, const fs::path& out) {
    const LinuxRun run = run_scenario_on_linux(scenario, inputs, out);
    return {read_output(scenario, out), run.counters};
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

Facts facts_for(const config::Scenario& scenario, const std::vector<Capture>& inputs, const DiffOptions& options) {
    config::CompareConfig rules = scenario.compare;
    if (options.strict) rules.order = "port";
    if (options.strict) rules.icmp_quote = "exact";
    if (options.icmp_quote) rules.icmp_quote = *options.icmp_quote;
    std::vector<PortFacts> ports;
    for (const auto& port : scenario.ports) ports.push_back({port.name, port.mac});
    Output frames;
    for (const Capture& input : inputs) frames.push_back(frames_of(input));
    Facts facts = facts_of(std::move(ports), rules, frames);
    facts.programs = !scenario.local.empty();
    return facts;
}

/// Prints what differs; true: nothing that counts does.
bool compare_counters(const Result& ours, const Result& theirs, const Facts& facts, const DiffOptions& options,
                      std::string_view reference) {
    if (!options.counters) return true;
    const auto& groups = facts.rules.port_groups;
    const auto differences =
        counter_differences(with_groups(ours.counters, groups), with_groups(theirs.counters, groups), reference);
    for (const std::string& line : differences) fmt::print("{}\n", line);
    fmt::print("counters: {}\n", differences.empty() ? "equal" : fmt::format("{} differ", differences.size()));
    return differences.empty() || *options.counters != "strict";
}

int compare(const std::string& name, const Result& ours, const Result& theirs, const Facts& facts,
            const DiffOptions& options) {
    const std::string_view reference = options.expect ? "expected" : "linux";
    const std::vector<PortResult> results = compare_outputs(ours.output, theirs.output, facts);
    std::size_t frames = 0;
    bool equal = true;
    for (const PortResult& result : results) {
        fmt::print("{}", explain(result, ours.output, theirs.output, reference));
        frames += result.ours;
        equal &= result.equal();
    }
    for (const PortResult& result : results) fmt::print("{}\n", summary(result));
    equal &= compare_counters(ours, theirs, facts, options, reference);
    fmt::print("{}: {} frames on {} ports, {}\n", name, frames, results.size(), equal ? "equal" : "different");
    return equal ? kEqual : kDifferent;
}

int record(const config::Scenario& scenario, const std::vector<Capture>& inputs, const DiffOptions& options) {
    if (!options.out) throw EnvironmentError("--record: found no --out, expected the folder to write to");
    const LinuxRun run = run_scenario_on_linux(scenario, inputs, *options.out);
    std::size_t frames = 0;
    for (const auto& port : run.sent) frames += port.size();
    fmt::print("{}: recorded {} frames on {} ports\n", scenario.name, frames, run.sent.size());
    return kEqual;
}

int try_diff(const DiffOptions& options) {
    const bool linux_script = options.record || options.actual;
    const config::Scenario scenario = config::load_scenario(
        options.scenario, options.set, options.machines, linux_script ? config::Script::left : config::Script::parsed);
    if (!options.expect) check_environment();
    const std::vector<Capture> inputs = read_inputs(scenario);
    if (options.record) return record(scenario, inputs, options);
    const TemporaryDirectory temporary;
    const fs::path out = options.out.value_or(temporary.path());
    const Result ours = options.actual ? read_recording(options, scenario, *options.actual)
                                       : run_turnpike(options, scenario, out / "turnpike");
    const Result theirs = options.expect ? read_recording(options, scenario, *options.expect)
                                         : run_linux(scenario, inputs, out / "linux");
    return compare(scenario.name, ours, theirs, facts_for(scenario, inputs, options), options);
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
