// SPDX-License-Identifier: Apache-2.0
#include <asm/prctl.h>
#include <fmt/format.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <algorithm>
#include <stdexcept>
#include <vector>

#include "bench/path/figure.h"
#include "bench/path/path.h"
#include "bench/silicon/calibration.h"
#include "bench/silicon/chain_clock.h"

namespace turnpike::bench {

namespace {

PathFigure measure(unsigned packets, unsigned runs) {
    PathFigure figure{packets};
    std::vector<double> cycles;
    for (unsigned run = 0; run < runs; ++run) {
        const double before = silicon::ticks_per_cycle();
        path_prepare(packets);
        const auto begin = silicon::ticks();
        path_run();
        const auto taken = static_cast<double>(silicon::ticks() - begin);
        const double tick = std::min(before, silicon::ticks_per_cycle());
        if (tick > 0) cycles.push_back(taken / tick / packets);
        figure.digest = path_digest();
    }
    if (cycles.empty()) throw std::runtime_error("the clock tells no time");
    figure.cycles = silicon::quantile(std::move(cycles), 0.05);
    return figure;
}

}  // namespace

std::vector<PathFigure> path_on_host(unsigned runs) {
    if (syscall(SYS_arch_prctl, ARCH_SET_GS, &path_cpu_number) != 0) throw std::runtime_error("no GS base to be set");
    if (const int step = path_init()) throw std::runtime_error(fmt::format("configuration fails at step {}", step));
    std::vector<PathFigure> figures;
    for (const unsigned packets : PATH_BATCHES) figures.push_back(measure(packets, runs));
    return figures;
}

}  // namespace turnpike::bench
