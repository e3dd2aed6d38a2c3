// SPDX-License-Identifier: Apache-2.0
#include "bench/silicon/calibration.h"

#include <algorithm>
#include <cmath>

namespace turnpike::silicon {
namespace {

double median(const std::vector<u64>& ticks) { return quantile({ticks.begin(), ticks.end()}, 0.5); }

}  // namespace

double quantile(std::vector<double> values, double share) {
    std::sort(values.begin(), values.end());
    const double place = share * static_cast<double>(values.size() - 1);
    const auto below = static_cast<std::size_t>(place);
    const std::size_t above = std::min(below + 1, values.size() - 1);
    return std::lerp(values[below], values[above], place - static_cast<double>(below));
}

double ticks_per_cycle(const Pass& pass, u64 additions) {
    return (median(pass.longer_chain) - median(pass.shorter_chain)) / static_cast<double>(additions);
}

std::optional<Figure> figure_of(const std::vector<Pass>& passes, u64 copies, u64 additions) {
    std::vector<double> cycles;
    for (const Pass& pass : passes) {
        const double ticks = ticks_per_cycle(pass, additions);
        if (ticks <= 0) continue;  // disturbed: the longer chain seemed the faster one
        cycles.push_back((median(pass.longer) - median(pass.shorter)) / static_cast<double>(copies) / ticks);
    }
    if (2 * cycles.size() <= passes.size()) return std::nullopt;
    Figure figure;
    figure.cycles = quantile(cycles, 0.5);
    if (figure.cycles <= 0) return std::nullopt;
    figure.stability = (quantile(cycles, 0.75) - quantile(cycles, 0.25)) / figure.cycles;
    return figure;
}

}  // namespace turnpike::silicon
