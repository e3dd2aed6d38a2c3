// SPDX-License-Identifier: Apache-2.0
#include "models/cpu/memory/branch_history.h"

#include <algorithm>
#include <cmath>

namespace turnpike::cpu {

BranchHistory::BranchHistory(std::size_t tables, u32 least, u32 most, unsigned index_bits, unsigned tag_bits)
    : tables_(tables), index_bits_(index_bits), tag_bits_(tag_bits) {
    for (std::size_t table = 0; table < tables; ++table) {
        const double share = tables == 1 ? 0 : static_cast<double>(table) / static_cast<double>(tables - 1);
        const u32 series = static_cast<u32>(std::lround(least * std::pow(static_cast<double>(most) / least, share)));
        length_[table] = table == 0 ? series : std::max(series, length_[table - 1] + 1);
        index_out_[table] = 1U << length_[table] % index_bits;
        tag_out_[table] = 1U << length_[table] % tag_bits;
        second_tag_out_[table] = 1U << length_[table] % (tag_bits - 1);
    }
}

}  // namespace turnpike::cpu
