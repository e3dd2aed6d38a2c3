// SPDX-License-Identifier: Apache-2.0
// bench_kernels [PROFILE] [--counters] [--measured FILE] [NAME...]: the kernels of tests/data/kernels (or only those
// named) on the modelled core, side by side with what was measured on Zen 5, or what bench_silicon wrote to FILE:
// cycles of an operation, error, and whether the digest is the native one; with --counters also the events of an
// operation. Ends with 1 where a digest differs.
#include <fmt/core.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstring>
#include <exception>
#include <fstream>
#include <map>
#include <sstream>
#include <string>
#include <string_view>
#include <vector>

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

struct Options {
    std::string profile = "zen5";
    std::vector<std::string> chosen;
    std::string measured = KERNELS_CSV;
    bool counters = false;
};

/// A kernel's last run.
struct Run {
    std::string name, digest;
    double operations = 0, cycles = 0;
    cpu::Stats before, after;
};

std::uint64_t mask_of(const std::vector<std::string>& chosen) {
    if (chosen.empty()) return ~std::uint64_t{0};
    std::ifstream in(KERNELS_CSV);
    std::string line;
    std::getline(in, line);  // the names of the columns
    std::uint64_t mask = 0;
    for (unsigned number = 0; std::getline(in, line); ++number) {
        const std::string name = line.substr(0, line.find(','));
        if (std::find(chosen.begin(), chosen.end(), name) != chosen.end()) mask |= std::uint64_t{1} << number;
    }
    return mask;
}

std::vector<Run> run_guest(const Options& options) {
    regs::MachineParams params;
    regs::CpuProfile profile;
    config::load_cpu_profile(TURNPIKE_MACHINES_DIR, options.profile, profile);
    const ElfImage image(KERNELS_ELF, params.dram.size_mib << 20);
    std::vector<Run> runs;
    std::string line;
    const exec::Machine* running = nullptr;
    const auto take_line = [&] {
        std::istringstream fields(line);
        std::string name;
        fields >> name;
        if (name == "timing") {
            runs.push_back({{}, {}, 0, 0, running->core().stats(), {}});
        } else {
            Run& run = runs.back();
            run.after = running->core().stats();
            run.name = name;
            fields >> run.operations >> run.cycles >> run.digest;
        }
        line.clear();
    };
    exec::Machine machine(params, profile, image, [&](char c) { c == '\n' ? take_line() : line.push_back(c); });
    running = &machine;
    const std::uint64_t mask = mask_of(options.chosen);
    std::memcpy(machine.memory().data + image.find("chosen_kernels").value().address, &mask, sizeof mask);
    if (machine.run(~std::uint64_t{0}) != exec::End::exited) throw std::runtime_error(machine.core().diagnosis());
    const cpu::Stats& stats = machine.core().stats();
    fmt::print(
        "kernels on {}: {} instructions, {} cycles, {} branches, {} mispredicted, {} L1D misses, {} page walks\n",
        options.profile, stats.instructions, stats.busy_cycles, stats.branches.branches, stats.branches.mispredicted,
        stats.l1d.misses, stats.dtlb.walks);
    return runs;
}

/// Of one operation; the few instructions of printing around the run are in them too.
void print_counters(const Run& run) {
    const auto each = [&](std::uint64_t before, std::uint64_t after) {
        return static_cast<double>(after - before) / run.operations;
    };
    const cpu::Stats &from = run.before, &to = run.after;
    fmt::print("    instructions {:.2f}, branches {:.2f}, taken {:.2f}, wrong direction {:.4f}, wrong target {:.4f}\n",
               each(from.instructions, to.instructions), each(from.branches.branches, to.branches.branches),
               each(from.branches.taken, to.branches.taken),
               each(from.branches.wrong_direction, to.branches.wrong_direction),
               each(from.branches.wrong_indirect + from.branches.wrong_return,
                    to.branches.wrong_indirect + to.branches.wrong_return));
    fmt::print("    misses: L1I {:.4f}, L1D {:.4f}, L2 {:.4f}, LLC {:.4f}, DTLB {:.4f}, walks {:.4f}\n",
               each(from.l1i.misses, to.l1i.misses), each(from.l1d.misses, to.l1d.misses),
               each(from.l2.misses, to.l2.misses), each(from.llc.misses, to.llc.misses),
               each(from.dtlb.misses, to.dtlb.misses), each(from.dtlb.walks, to.dtlb.walks));
}

int compare(const std::vector<Run>& runs, const Options& options) {
    const auto all = read_measured(options.measured);
    double sum = 0, worst = 0;
    unsigned judged = 0, wrong = 0;
    fmt::print("{:<16}{:>12}{:>12}{:>9}\n", "kernel", "measured", "model", "error");
    for (const Run& run : runs) {
        if (all.count(run.name) == 0) throw std::runtime_error(options.measured + ": found no kernel " + run.name);
        const Measured& measured = all.at(run.name);
        const double model = run.cycles / run.operations;
        const double error = 100 * (model / measured.cycles - 1);
        const bool counts = std::find(kPoorRepeaters.begin(), kPoorRepeaters.end(), run.name) == kPoorRepeaters.end();
        const bool same = run.digest == measured.digest;
        fmt::print("{:<16}{:>12.3f}{:>12.3f}{:>8.1f}%{}{}\n", run.name, measured.cycles, model, error,
                   counts ? "" : "  (not judged: repeats poorly)", same ? "" : "  DIGEST DIFFERS");
        if (options.counters) print_counters(run);
        wrong += same ? 0 : 1;
        if (!counts) continue;
        sum += std::abs(error);
        worst = std::max(worst, std::abs(error));
        ++judged;
    }
    fmt::print("{} kernels judged: MAPE {:.2f} %, worst {:.1f} %; {} digests differ\n", judged,
               judged == 0 ? 0 : sum / judged, worst, wrong);
    return runs.empty() || wrong != 0 ? 1 : 0;
}

Options options_of(int argc, char** argv) {
    Options options;
    const auto all = read_measured(KERNELS_CSV);
    for (int n = 1; n < argc; ++n) {
        const std::string word = argv[n];
        if (word == "--counters") {
            options.counters = true;
        } else if (word == "--measured" && n + 1 < argc) {
            options.measured = argv[++n];
        } else if (all.count(word) != 0) {
            options.chosen.push_back(word);
        } else {
            options.profile = word;
        }
    }
    return options;
}

}  // namespace
}  // namespace turnpike

int main(int argc, char** argv) {
    try {
        const turnpike::Options options = turnpike::options_of(argc, argv);
        return turnpike::compare(turnpike::run_guest(options), options);
    } catch (const std::exception& error) {
        fmt::print(stderr, "bench_kernels: {}\n", error.what());
        return 2;
    }
}
