// SPDX-License-Identifier: Apache-2.0
#include "models/cpu/memory/branch_history.h"

#include <algorithm>
#include <cmath>

namespace turnpike::cpu {
namespace {

constexpr unsigned kHalf = 16;  // of a word, for an index or a tag

/// A prime width, so that the branches of a loop come round to the same place only after very many rounds.
unsigned folding_width(unsigned most) {
    for (unsigned width = std::min(most, kHalf - 1); width > 3; --width) {
        bool prime = true;
        for (unsigned divisor = 2; divisor < width; ++divisor) prime &= width % divisor != 0;
        if (prime) return width;
    }
    return 3;
}

}  // namespace

BranchHistory::BranchHistory(std::size_t tables, u32 least, u32 most, unsigned index_bits, unsigned tag_bits)
    : octets_((tables + kHalfLanes - 1) / kHalfLanes) {
    const unsigned index_width = folding_width(index_bits);
    const unsigned tag_width = folding_width(tag_bits);
    fields_ = in_all_lanes(((1U << tag_width) - 1) << kTagShift | ((1U << index_width) - 1));
    const auto set_turn = [&](Turn& turn, std::size_t lane, u32 by) {
        const unsigned by_index = by % index_width;
        const unsigned by_tag = by % tag_width;
        turn.stays[2 * lane] = static_cast<u16>(1U << by_index);
        turn.stays[2 * lane + 1] = static_cast<u16>(1U << by_tag);
        turn.comes_round[2 * lane] = static_cast<u16>(1U << (kHalf - index_width + by_index));
        turn.comes_round[2 * lane + 1] = static_cast<u16>(1U << (kHalf - tag_width + by_tag));
    };
    set_turn(by_one_, 0, 1);
    u32 length = 0;
    for (std::size_t table = 0; table < tables; ++table) {
        const double share = tables == 1 ? 0 : static_cast<double>(table) / static_cast<double>(tables - 1);
        const u32 series = static_cast<u32>(std::lround(least * std::pow(static_cast<double>(most) / least, share)));
        length = table == 0 ? series : std::max(series, length + 1);
        const std::size_t lane = tables - 1 - table;
        distance_[lane] = kRing - length;
        set_turn(by_length_[lane / kTableLanes], lane % kTableLanes, length);
    }
}

}  // namespace turnpike::cpu
