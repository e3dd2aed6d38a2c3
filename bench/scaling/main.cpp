// SPDX-License-Identifier: Apache-2.0
// Frames forwarded per simulated second on 1, 2 and 4 cores, of many flows that RSS deals out, and what limits them.
// Exit status 1 where four cores are not 3.2 times as fast as one.
#include <fmt/core.h>

#include <CLI/CLI.hpp>
#include <map>

#include "bench/scaling/resources.h"
#include "models/link/capture.h"
#include "tests/run/program.h"

namespace turnpike::bench {
namespace {

namespace fs = std::filesystem;

constexpr double kLeastSpeedUp = 3.2;
/// The first part of a run does not count: caches, predictors and queues fill.
constexpr double kWarmUp = 0.2;

struct Measurement {
    double frames_per_second;
    std::vector<Use> uses;
    std::vector<Use> core_time;
    double cycles_per_frame;
};

/// While frames arrive, without the first of them.
double frames_per_second(const config::Scenario& scenario, const nlohmann::ordered_json& stats, const fs::path& out) {
    const double end_ns = stats["simulated_ns"].get<double>() - scenario.run.drain_s * 1e9;
    const double begin_ns = end_ns * kWarmUp;
    std::uint64_t frames = 0;
    for (const config::PortConfig& port : scenario.ports)
        for (const CapturedFrame& frame : read_capture(out / (port.name + ".pcap")).frames) {
            const auto at = static_cast<double>(frame.time_ns);
            if (at >= begin_ns && at < end_ns) ++frames;
        }
    return static_cast<double>(frames) / (end_ns - begin_ns) * 1e9;
}

Measurement measure(const fs::path& folder, unsigned cores, std::vector<std::string> settings) {
    test::TemporaryFolder out;
    settings.push_back(fmt::format("cpu.cores={}", cores));
    std::vector<std::string> words{"run", folder.string(), "--quiet", "--out", out.path().string()};
    for (const std::string& setting : settings) words.insert(words.end(), {"--set", setting});
    const test::Result result = test::turnpike(words);
    if (result.status != 0) throw std::runtime_error(result.err);
    const config::Scenario scenario = config::load_scenario(folder, settings, TURNPIKE_MACHINES_DIR);
    const auto stats = test::read_json(out.path() / "stats.json");
    if (!stats["balance"]["balanced"].get<bool>()) throw std::runtime_error("the account of the frames is wrong");
    return {frames_per_second(scenario, stats, out.path()), resources(scenario, stats), core_time(stats),
            stats["core"]["cycles_per_forwarded_frame"]};
}

void print(unsigned cores, const Measurement& m, double speed_up) {
    fmt::print("{:>5}{:>14.0f}{:>10.2f}{:>14.0f}", cores, m.frames_per_second, speed_up, m.cycles_per_frame);
    for (const Use& use : m.uses) fmt::print("{:>12.1f}", use.share * 100);
    const Use& limit = most_used(m.uses);
    fmt::print("   {}", limit.name);
    if (limit.name == "cores") {
        const char* before = ": ";
        for (const Use& use : m.core_time) {
            fmt::print("{}{:.1f} % {}", before, use.share * 100, use.name);
            before = ", ";
        }
    }
    fmt::print("\n");
}

int run(int argc, char** argv) {
    CLI::App app{"Frames forwarded per simulated second by the number of cores"};
    std::string folder = TURNPIKE_SCENARIOS_DIR "/many-flows";
    std::vector<std::string> settings;
    app.add_option("--scenario", folder, "scenario folder");
    app.add_option("--set", settings, "key=value, as of turnpike run")->allow_extra_args(false);
    CLI11_PARSE(app, argc, argv);
    fmt::print("{:>5}{:>14}{:>10}{:>14}", "cores", "frames/s", "speed-up", "cycles/frame");
    for (const char* name : {"cores %", "wire out %", "PCIe %", "memory %", "LPM %"}) fmt::print("{:>12}", name);
    fmt::print("   used most\n");
    double one = 0, four = 0;
    for (const unsigned cores : {1U, 2U, 4U}) {
        const Measurement m = measure(folder, cores, settings);
        if (cores == 1) one = m.frames_per_second;
        if (cores == 4) four = m.frames_per_second;
        print(cores, m, m.frames_per_second / one);
    }
    const bool held = four >= kLeastSpeedUp * one;
    fmt::print("from 1 to 4 cores {:.2f}, at least {:.1f} wanted{}\n", four / one, kLeastSpeedUp,
               held ? "" : "  BELOW");
    return held ? 0 : 1;
}

}  // namespace
}  // namespace turnpike::bench

int main(int argc, char** argv) { return turnpike::bench::run(argc, argv); }
