// SPDX-License-Identifier: Apache-2.0
// The global history of branches and its foldings: for each tagged table, the newest branches of its length folded to
// an index and a tag, kept up to date bit by bit (Michaud, "A PPM-like, tag-based branch predictor", JILP 2005).
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
    static constexpr u32 kMostBranches = 2000;
    using Words = std::array<TableLanes, kMostTables / kTableLanes>;

    /// Lengths of a geometric series from `least` to `most` branches.
    BranchHistory(std::size_t tables, u32 least, u32 most, unsigned index_bits, unsigned tag_bits);

    void push(bool bit, u64 pc) {
        path_ = path_ << 1 ^ static_cast<u32>(pc >> 1 ^ pc >> 5);
        head_ = (head_ + 1) % kRing;
        bits_[head_] = bits_[head_ + kRing] = bit ? ~0U : 0;
        const TableLanes in = in_all_lanes(bit ? 1 : 0);
        for (std::size_t group = 0; group < groups_; ++group) {
            const u32* const distance = distance_.data() + group * kTableLanes;
            const TableLanes left = {bits_[head_ + distance[0]], bits_[head_ + distance[1]], bits_[head_ + distance[2]],
                                     bits_[head_ + distance[3]]};
            fold(index_[group], in, left & index_out_[group], index_bits_);
            fold(tag_[group], in, left & tag_out_[group], tag_bits_);
            fold(second_tag_[group], in, left & second_tag_out_[group], tag_bits_ - 1);
        }
    }
    std::size_t groups() const { return groups_; }
    TableLanes index(std::size_t group) const { return index_[group]; }
    TableLanes tag(std::size_t group) const { return tag_[group] ^ second_tag_[group] << 1; }
    /// The addresses of the last branches, mixed; of each table's length at most.
    TableLanes path(std::size_t group) const { return in_all_lanes(path_) & path_mask_[group]; }

  private:
    static constexpr u32 kRing = 2048;  // above kMostBranches

    static void fold(TableLanes& word, TableLanes in, TableLanes out, unsigned bits) {
        word = (word << 1 | in) ^ out;
        word = (word ^ word >> bits) & ((1U << bits) - 1);
    }

    std::size_t groups_;
    unsigned index_bits_, tag_bits_;
    u32 head_ = 0;
    u32 path_ = 0;
    std::array<u32, 2 * kRing> bits_{};        ///< all ones or none; twice, so that no index wraps round
    std::array<u32, kMostTables> distance_{};  ///< from the head to the bit that leaves
    Words index_{}, tag_{}, second_tag_{}, path_mask_{};
    Words index_out_{}, tag_out_{}, second_tag_out_{};  ///< where the bit that leaves stands in the folding
};

}  // namespace turnpike::cpu
