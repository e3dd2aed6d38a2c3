// SPDX-License-Identifier: Apache-2.0
// Speed of the whole machine: minimum-size frames forwarded without loss, frames per wall-clock second for each form of
// the accelerators. Exit status 1 below the floor: later work may be slower nowhere.
#include <fmt/core.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <string>
#include <vector>

#include "bench/common/forwarding.h"
#include "bench/common/host.h"

namespace turnpike::bench {
namespace {

namespace fs = std::filesystem;

struct Mode {
    const char* name;
    double floor;  ///< frames per wall-clock second on a 2-core machine of 2024
    double aim;
};
constexpr Mode kModes[] = {
    {"software", 10'000, 50'000}, {"tlm", 10'000, 50'000}, {"rtl", 2'000, 10'000}, {"lockstep", 0, 0}};

struct Measurement {
    double frames_per_second = 0;
    double instructions_per_second = 0;
    double cycles_per_frame = 0;
    std::uint64_t forwarded = 0;
};

Measurement measure(const fs::path& scenario, const std::string& mode, const std::string& profile) {
    const test::Result result =
        test::turnpike({"run", scenario.string(), "--quiet", "--set", "cpu.profile=" + profile, "--set",
                        "accel.lpm.mode=" + mode, "--set", "accel.checksum.mode=" + mode});
    if (result.status != 0) throw std::runtime_error(result.err);
    const auto host = test::read_json(scenario / "out/host.json"), stats = test::read_json(scenario / "out/stats.json");
    return {host["frames_per_wall_second"],
            stats["core"]["instructions"].get<double>() / host["wall_seconds"].get<double>(),
            stats["core"]["cycles_per_forwarded_frame"], stats["frames_by_fate"]["forwarded"]};
}

Measurement median_of(const fs::path& scenario, const std::string& mode, const std::string& profile, unsigned runs) {
    std::vector<Measurement> all;
    for (unsigned i = 0; i < runs; ++i) all.push_back(measure(scenario, mode, profile));
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
    std::string profile = "zen5";
    app.add_option("--cpu", profile, "core profile");
    CLI11_PARSE(app, argc, argv);
    test::TemporaryFolder folder;
    // Below what one core can forward.
    write_forwarding_scenario(folder.path() / "s", frames, gap_ns);
    fmt::print("64-byte frames, one core ({}), caches on, {}; median of {} runs of {} frames\n", profile,
               machine_name(), runs, frames);
    fmt::print("{:<10}{:>14}{:>12}{:>12}{:>16}{:>16}\n", "mode", "frames/s", "floor", "aim", "Minstr/s",
               "cycles/frame");
    bool held = true;
    for (const Mode& mode : kModes) {
        const Measurement m = median_of(folder.path() / "s", mode.name, profile, runs);
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
