// SPDX-License-Identifier: Apache-2.0
// bench_kernels [PROFILE]: the kernels of tests/data/kernels on the modelled core, side by side with what was measured
// on Zen 5: cycles of an operation, error, and whether the digest is the native one. Ends with 1 where a digest
// differs.
#include <fmt/core.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <exception>
#include <fstream>
#include <map>
#include <sstream>
#include <string>
#include <string_view>

#include "cli/exec/machine.h"
#include "config/machine.h"

namespace turnpike {
namespace {

/// Kernels that the silicon itself does not repeat well: printed, not judged.
constexpr std::array<std::string_view, 4> kPoorRepeaters = {"dir24_64M_L3", "heap_pushpop", "chase_512K", "chase_8M"};

struct Measured {
    double cycles = 0;
    std::string digest;
};

std::map<std::string, Measured> read_measured(const std::string& path) {
    std::ifstream in(path);
    std::map<std::string, Measured> all;
    std::string line;
    std::getline(in, line);  // the names of the columns
    while (std::getline(in, line)) {
        std::replace(line.begin(), line.end(), ',', ' ');
        std::istringstream fields(line);
        std::string name, ops, spread;
        Measured measured;
        fields >> name >> ops >> measured.cycles >> spread >> measured.digest;
        all[name] = measured;
    }
    return all;
}

std::string run_guest(const std::string& profile_name) {
    regs::MachineParams params;
    regs::CpuProfile profile;
    config::load_cpu_profile(TURNPIKE_MACHINES_DIR, profile_name, profile);
    const ElfImage image(KERNELS_ELF, params.dram.size_mib << 20);
    std::string output;
    exec::Machine machine(params, profile, image, [&](char c) { output += c; });
    if (machine.run(~std::uint64_t{0}) != exec::End::exited) throw std::runtime_error(machine.core().diagnosis());
    const cpu::Stats& stats = machine.core().stats();
    fmt::print("{} on {}: {} instructions, {} cycles, {} branches, {} mispredicted, {} L1D misses, {} page walks\n",
               "kernels", profile_name, stats.instructions, stats.busy_cycles, stats.branches.branches,
               stats.branches.mispredicted, stats.l1d.misses, stats.dtlb.walks);
    return output;
}

int compare(const std::string& output) {
    const auto all = read_measured(KERNELS_CSV);
    std::istringstream lines(output);
    std::string name, digest;
    std::uint64_t ops = 0, cycles = 0;
    double sum = 0, worst = 0;
    unsigned judged = 0, wrong = 0;
    fmt::print("{:<16}{:>12}{:>12}{:>9}\n", "kernel", "measured", "model", "error");
    while (lines >> name >> ops >> cycles >> digest) {
        const Measured& measured = all.at(name);
        const double model = static_cast<double>(cycles) / static_cast<double>(ops);
        const double error = 100 * (model / measured.cycles - 1);
        const bool counts = std::find(kPoorRepeaters.begin(), kPoorRepeaters.end(), name) == kPoorRepeaters.end();
        const bool same = digest == measured.digest;
        fmt::print("{:<16}{:>12.3f}{:>12.3f}{:>8.1f}%{}{}\n", name, measured.cycles, model, error,
                   counts ? "" : "  (not judged: repeats poorly)", same ? "" : "  DIGEST DIFFERS");
        wrong += same ? 0 : 1;
        if (!counts) continue;
        sum += std::abs(error);
        worst = std::max(worst, std::abs(error));
        ++judged;
    }
    fmt::print("{} kernels judged: MAPE {:.2f} %, worst {:.1f} %; {} digests differ\n", judged, sum / judged, worst,
               wrong);
    return judged == 0 || wrong != 0 ? 1 : 0;
}

}  // namespace
}  // namespace turnpike

int main(int argc, char** argv) {
    try {
        return turnpike::compare(turnpike::run_guest(argc > 1 ? argv[1] : "zen5"));
    } catch (const std::exception& error) {
        fmt::print(stderr, "bench_kernels: {}\n", error.what());
        return 2;
    }
}
