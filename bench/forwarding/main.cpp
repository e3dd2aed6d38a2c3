// SPDX-License-Identifier: Apache-2.0
// Speed of the whole machine: minimum-size frames forwarded without loss, frames per wall-clock second for each form of
// the accelerators. Exit status 1 below the floor: later work may be slower nowhere.
#include <fmt/core.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <fstream>
#include <string>
#include <vector>

#include "tests/run/program.h"

namespace turnpike::bench {
namespace {

namespace fs = std::filesystem;
using test::Scenario;
using test::UdpFrame;

struct Mode {
    const char* name;
    double floor;  ///< frames per wall-clock second on a 2-core machine of 2024
    double aim;
};
constexpr Mode kModes[] = {
    {"software", 10'000, 50'000}, {"tlm", 10'000, 50'000}, {"rtl", 2'000, 10'000}, {"lockstep", 0, 0}};

std::string machine_name() {
    std::ifstream in("/proc/cpuinfo");
    for (std::string line; std::getline(in, line);)
        if (line.starts_with("model name")) return line.substr(line.find(':') + 2);
    return "unknown processor";
}

/// Both directions at once, frames `gap_ns` apart on each port: below what one core can forward.
void write_scenario(const fs::path& folder, unsigned frames, unsigned gap_ns) {
    Scenario scenario(folder);
    for (unsigned i = 0; i < frames / 2; ++i) {
        UdpFrame east, west;
        east.id = west.id = static_cast<std::uint16_t>(i);
        west.destination_mac = {2, 0, 0, 0, 1, 1};
        std::swap(west.source, west.destination);
        scenario.add(0, 10'000 + std::uint64_t{i} * gap_ns, east.bytes());
        scenario.add(1, 10'000 + std::uint64_t{i} * gap_ns + gap_ns / 2, west.bytes());
    }
    scenario.write();
}

struct Measurement {
    double frames_per_second = 0;
    double instructions_per_second = 0;
    double cycles_per_frame = 0;
    std::uint64_t forwarded = 0;
};

Measurement measure(const fs::path& scenario, const std::string& mode) {
    const test::Result result = test::turnpike({"run", scenario.string(), "--quiet", "--set", "accel.lpm.mode=" + mode,
                                                "--set", "accel.checksum.mode=" + mode});
    if (result.status != 0) throw std::runtime_error(result.err);
    const auto host = test::read_json(scenario / "out/host.json"), stats = test::read_json(scenario / "out/stats.json");
    return {host["frames_per_wall_second"],
            stats["core"]["instructions"].get<double>() / host["wall_seconds"].get<double>(),
            stats["core"]["cycles_per_forwarded_frame"], stats["frames_by_fate"]["forwarded"]};
}

Measurement median_of(const fs::path& scenario, const std::string& mode, unsigned runs) {
    std::vector<Measurement> all;
    for (unsigned i = 0; i < runs; ++i) all.push_back(measure(scenario, mode));
    std::sort(all.begin(), all.end(),
              [](const auto& a, const auto& b) { return a.frames_per_second < b.frames_per_second; });
    return all[all.size() / 2];
}

int run(int argc, char** argv) {
    CLI::App app{"Frames forwarded per wall-clock second"};
    unsigned frames = 40'000, gap_ns = 6'000, runs = 3;
    app.add_option("--frames", frames, "frames in all");
    app.add_option("--gap-ns", gap_ns, "between frames of a port");
    app.add_option("--runs", runs, "runs of each mode; the median counts");
    CLI11_PARSE(app, argc, argv);
    test::TemporaryFolder folder;
    write_scenario(folder.path() / "s", frames, gap_ns);
    fmt::print("64-byte frames, one core, caches on, {}; median of {} runs of {} frames\n", machine_name(), runs,
               frames);
    fmt::print("{:<10}{:>14}{:>12}{:>12}{:>16}{:>16}\n", "mode", "frames/s", "floor", "aim", "Minstr/s",
               "cycles/frame");
    bool held = true;
    for (const Mode& mode : kModes) {
        const Measurement m = median_of(folder.path() / "s", mode.name, runs);
        const bool lossless = m.forwarded == frames;
        held = held && lossless && m.frames_per_second >= mode.floor;
        fmt::print("{:<10}{:>14.0f}{:>12.0f}{:>12.0f}{:>16.1f}{:>16.0f}{}\n", mode.name, m.frames_per_second,
                   mode.floor, mode.aim, m.instructions_per_second / 1e6, m.cycles_per_frame,
                   !lossless                          ? "  LOSS"
                   : m.frames_per_second < mode.floor ? "  BELOW FLOOR"
                                                      : "");
    }
    return held ? 0 : 1;
}

}  // namespace
}  // namespace turnpike::bench

int main(int argc, char** argv) { return turnpike::bench::run(argc, argv); }
