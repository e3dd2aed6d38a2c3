// SPDX-License-Identifier: Apache-2.0
#include "models/cpu/memory/branch_history.h"

#include <algorithm>
#include <cmath>

namespace turnpike::cpu {

BranchHistory::BranchHistory(std::size_t tables, u32 least, u32 most, unsigned index_bits, unsigned tag_bits)
    : groups_((tables + kTableLanes - 1) / kTableLanes), index_bits_(index_bits), tag_bits_(tag_bits) {
    constexpr u32 kPathBits = 16;
    u32 length = 0;
    for (std::size_t table = 0; table < tables; ++table) {
        const double share = tables == 1 ? 0 : static_cast<double>(table) / static_cast<double>(tables - 1);
        const u32 series = static_cast<u32>(std::lround(least * std::pow(static_cast<double>(most) / least, share)));
        length = table == 0 ? series : std::max(series, length + 1);
        const std::size_t group = table / kTableLanes;
        const std::size_t lane = table % kTableLanes;
        distance_[table] = kRing - length;
        path_mask_[group][lane] = (1U << std::min(length, kPathBits)) - 1;
        index_out_[group][lane] = 1U << length % index_bits;
        tag_out_[group][lane] = 1U << length % tag_bits;
        second_tag_out_[group][lane] = 1U << length % (tag_bits - 1);
    }
}

}  // namespace turnpike::cpu
