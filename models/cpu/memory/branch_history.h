// SPDX-License-Identifier: Apache-2.0
// The global history of taken branches and its foldings: for each tagged table, the newest branches of its length
// folded to an index and a tag, kept up to date branch by branch (after Michaud, "A PPM-like, tag-based branch
// predictor", JILP 2005). Branches that fall through leave no trace but the missing one: what the history holds is the
// path.
#pragma once
#include <array>
#include <cstddef>

#include "models/cpu/flags.h"

namespace turnpike::cpu {

/// The tagged tables four at a time.
using TableLanes [[gnu::vector_size(16)]] = u32;
inline constexpr std::size_t kTableLanes = sizeof(TableLanes) / sizeof(u32);

constexpr TableLanes in_all_lanes(u32 value) { return TableLanes{value, value, value, value}; }

class BranchHistory {
  public:
    static constexpr std::size_t kMostTables = 16;
    static constexpr u32 kMostBranches = 1000;
    using Words = std::array<TableLanes, kMostTables / kTableLanes>;

    /// Lengths of a geometric series from `least` to `most` taken branches.
    BranchHistory(std::size_t tables, u32 least, u32 most, unsigned index_bits, unsigned tag_bits);

    void push(u64 pc, u64 target) {
        const u32 print = static_cast<u32>((pc + target * 3) * kSpread >> 32);
        head_ = (head_ + 1) % kRing;
        prints_[head_] = prints_[head_ + kRing] = print;
        const TableLanes in = in_all_lanes(print);
        for (std::size_t group = 0; group < groups_; ++group) {
            const u32* const distance = distance_.data() + group * kTableLanes;
            const TableLanes left = {prints_[head_ + distance[0]], prints_[head_ + distance[1]],
                                     prints_[head_ + distance[2]], prints_[head_ + distance[3]]};
            fold(index_[group], in, left, index_turn_[group], index_bits_);
            fold(tag_[group], in >> kTagPrint, left >> kTagPrint, tag_turn_[group], tag_bits_);
        }
    }
    std::size_t groups() const { return groups_; }
    TableLanes index(std::size_t group) const { return index_[group]; }
    TableLanes tag(std::size_t group) const { return tag_[group]; }

  private:
    static constexpr u32 kRing = 1024;                     // above kMostBranches
    static constexpr u64 kSpread = 0x9E37'79B9'7F4A'7C15;  // 2^64 divided by the golden ratio
    static constexpr unsigned kTagPrint = 16;              // the upper half of a print goes into the tag

    /// The word turns by one with each branch; the one that leaves has been turned as often as the history is long,
    /// `turn` being two to the power of that.
    static void fold(TableLanes& word, TableLanes in, TableLanes out, TableLanes turn, unsigned bits) {
        const u32 mask = (1U << bits) - 1;
        const TableLanes turned = (out & mask) * turn;
        word = word << 1 ^ (in & mask) ^ turned ^ turned >> bits ^ word >> (bits - 1);
        word &= mask;
    }

    std::size_t groups_;
    unsigned index_bits_, tag_bits_;
    u32 head_ = 0;
    std::array<u32, 2 * kRing> prints_{};      ///< twice, so that no index wraps round
    std::array<u32, kMostTables> distance_{};  ///< from the head to the branch that leaves
    Words index_{}, tag_{};
    Words index_turn_{}, tag_turn_{};
};

}  // namespace turnpike::cpu
