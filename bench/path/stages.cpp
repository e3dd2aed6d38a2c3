// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <algorithm>
#include <vector>

#include "bench/common/forwarding.h"
#include "bench/path/figure.h"

namespace turnpike::bench {
namespace {

using nlohmann::json;

/// Between frames of a port: below what one core can forward.
constexpr unsigned kGapNs = 6'000;

std::string table(const json& core, double packets, const std::string& title) {
    std::vector<json> stages(core["stages"].begin(), core["stages"].end());
    std::stable_sort(stages.begin(), stages.end(),
                     [](const json& a, const json& b) { return a["cycles"] > b["cycles"]; });
    std::string out = fmt::format("\n{}\n{:<26}{:>10}{:>14}{:>12}{:>12}{:>12}\n", title, "stage, per packet", "cycles",
                                  "instructions", "L1I misses", "L1D misses", "L2 misses");
    json sum = {{"cycles", 0.0}, {"instructions", 0.0}, {"l1i_misses", 0.0}, {"l1d_misses", 0.0}, {"l2_misses", 0.0}};
    const auto line = [&](const std::string& name, const json& of) {
        const auto each = [&](const char* key) { return of[key].get<double>() / packets; };
        out += fmt::format("{:<26}{:>10.1f}{:>14.1f}{:>12.3f}{:>12.3f}{:>12.3f}\n", name, each("cycles"),
                           each("instructions"), each("l1i_misses"), each("l1d_misses"), each("l2_misses"));
    };
    for (const json& stage : stages) {
        line(stage["name"], stage);
        for (auto& [key, value] : sum.items()) value = value.get<double>() + stage[key].get<double>();
    }
    line("all", sum);
    return out;
}

std::string measure(const std::filesystem::path& scenario, const std::string& profile, const std::string& mode,
                    const std::string& title) {
    const test::Result result =
        test::turnpike({"run", scenario.string(), "--quiet", "--set", "cpu.profile=" + profile, "--set",
                        "accel.lpm.mode=" + mode, "--set", "accel.checksum.mode=" + mode});
    if (result.status != 0) throw std::runtime_error(result.err);
    const json stats = test::read_json(scenario / "out/stats.json");
    return table(stats["core"], stats["frames_by_fate"]["forwarded"], title);
}

}  // namespace

std::string stage_tables(const std::string& profile, unsigned frames) {
    test::TemporaryFolder folder;
    const auto scenario = folder.path() / "s";
    write_forwarding_scenario(scenario, frames, kGapNs);
    return measure(scenario, profile, "software", "all in software, " + profile) +
           measure(scenario, profile, "tlm", "route lookup and header checksum by the accelerators, " + profile);
}

}  // namespace turnpike::bench
