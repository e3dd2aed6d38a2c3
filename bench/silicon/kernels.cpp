// SPDX-License-Identifier: Apache-2.0
#include "bench/silicon/kernels.h"

#include <fmt/format.h>

#include <algorithm>

#include "bench/silicon/calibration.h"
#include "bench/silicon/chain_clock.h"

extern "C" {
extern const char* const kern_names[];
void kern_init(int id);
std::uint64_t kern_run(int id, std::uint64_t operations);
std::uint64_t kern_ops(int id);
}

namespace turnpike::silicon {
namespace {

struct Run {
    double cycles = 0;
    u64 digest = 0;
};

Run run_once(int kernel, unsigned repetitions) {
    const u64 operations = kern_ops(kernel);
    kern_init(kernel);
    kern_run(kernel, operations);
    kern_run(kernel, operations);
    Run run;
    std::vector<double> cycles;
    for (unsigned n = 0; n < repetitions; ++n) {
        const double before = ticks_per_cycle();
        const u64 begin = ticks();
        const u64 digest = kern_run(kernel, operations);
        const auto taken = static_cast<double>(ticks() - begin);
        const double tick = std::min(before, ticks_per_cycle());
        if (n == 0) run.digest = digest;
        if (tick > 0) cycles.push_back(taken / tick / static_cast<double>(operations));
    }
    run.cycles = cycles.empty() ? 0 : quantile(std::move(cycles), 0.05);
    return run;
}

}  // namespace

unsigned kernels() {
    unsigned count = 0;
    while (kern_names[count] != nullptr) ++count;
    return count;
}

KernelFigure measure_kernel(int kernel, unsigned runs, unsigned repetitions) {
    KernelFigure figure;
    figure.name = kern_names[kernel];
    figure.operations = kern_ops(kernel);
    std::vector<double> cycles;
    for (unsigned n = 0; n < std::max(1U, runs); ++n) {
        const Run run = run_once(kernel, repetitions);
        figure.digest = run.digest;
        cycles.push_back(run.cycles);
    }
    figure.cycles_per_operation = quantile(cycles, 0.5);
    const auto [least, most] = std::minmax_element(cycles.begin(), cycles.end());
    figure.spread = figure.cycles_per_operation > 0 ? (*most - *least) / figure.cycles_per_operation : 0;
    return figure;
}

std::string kernel_header() { return "kernel,ops,cycles_per_op,spread,digest"; }

std::string kernel_line(const KernelFigure& figure) {
    return fmt::format("{},{},{:.3f},{:.4f},{:016x}", figure.name, figure.operations, figure.cycles_per_operation,
                       figure.spread, figure.digest);
}

}  // namespace turnpike::silicon
