// SPDX-License-Identifier: Apache-2.0
#include "models/cpu/memory/branch_history.h"

#include <algorithm>
#include <cmath>

namespace turnpike::cpu {
namespace {

constexpr unsigned kMostWidth = 16;  // of a print, and so that index and tag stand in one word

/// A prime width, so that the branches of a loop come round to the same place only after very many rounds.
unsigned folding_width(unsigned most) {
    for (unsigned width = std::min(most, kMostWidth); width > 3; --width) {
        bool prime = true;
        for (unsigned divisor = 2; divisor < width; ++divisor) prime &= width % divisor != 0;
        if (prime) return width;
    }
    return 3;
}

}  // namespace

BranchHistory::BranchHistory(std::size_t tables, u32 least, u32 most, unsigned index_bits, unsigned tag_bits)
    : groups_((tables + kTableLanes - 1) / kTableLanes),
      index_bits_(folding_width(index_bits)),
      tag_bits_(folding_width(tag_bits)) {
    u32 length = 0;
    for (std::size_t table = 0; table < tables; ++table) {
        const double share = tables == 1 ? 0 : static_cast<double>(table) / static_cast<double>(tables - 1);
        const u32 series = static_cast<u32>(std::lround(least * std::pow(static_cast<double>(most) / least, share)));
        length = table == 0 ? series : std::max(series, length + 1);
        distance_[table] = kRing - length;
    }
}

}  // namespace turnpike::cpu
