// SPDX-License-Identifier: Apache-2.0
// The global history of taken branches and its foldings: for each tagged table, the newest branches of its length
// folded to an index and a tag (after Michaud, "A PPM-like, tag-based branch predictor", JILP 2005). Branches that fall
// through leave no trace but the missing one: what the history holds is the path.
#pragma once
#include <emmintrin.h>

#include <array>
#include <cstddef>

#include "models/cpu/exec/flags.h"

namespace turnpike::cpu {

/// The tagged tables four at a time, in lanes, that with the longest history first.
using TableLanes [[gnu::vector_size(16)]] = u32;
/// Their indices (even) and tags (odd), or the tags of eight tables.
using HalfLanes [[gnu::vector_size(16)]] = u16;
inline constexpr std::size_t kTableLanes = sizeof(TableLanes) / sizeof(u32);
inline constexpr std::size_t kHalfLanes = sizeof(HalfLanes) / sizeof(u16);

constexpr TableLanes in_all_lanes(u32 value) { return TableLanes{value, value, value, value}; }

class BranchHistory {
  public:
    static constexpr std::size_t kMostTables = 16;
    static constexpr std::size_t kMostGroups = kMostTables / kTableLanes;
    static constexpr std::size_t kMostOctets = kMostTables / kHalfLanes;
    static constexpr u32 kMostBranches = 1000;

    /// Lengths of a geometric series from `least` to `most` taken branches.
    BranchHistory(std::size_t tables, u32 least, u32 most, unsigned index_bits, unsigned tag_bits);

    void push(u64 pc, u64 target) {
        const u32 print = static_cast<u32>((pc + target * 3) * kSpread >> 32);
        const TableLanes sum = turned(TableLanes{sums_[head_]}, by_one_, TableLanes{print});
        head_ = (head_ + 1) % kRing;
        sums_[head_] = sums_[head_ + kRing] = sum[0];
        moved_ = true;
    }
    /// Folds what is asked for below, unless that is still what it was: many a branch falls through.
    void fold() {
        if (!moved_) return;
        moved_ = false;
        fold_octet(0);
        if (octets_ > 1) [[unlikely]] {
            fold_octet(1);
        }
    }
    TableLanes index(std::size_t group) const { return index_[group]; }
    HalfLanes tags(std::size_t octet) const { return tags_[octet]; }

  private:
    static constexpr unsigned kTagShift = 16;
    static constexpr u32 kRing = 1024;                     // above kMostBranches
    static constexpr u64 kSpread = 0x9E37'79B9'7F4A'7C15;  // 2^64 divided by the golden ratio

    /// Turning to the left within the width of a field, by factors: what stays below the width is in the lower half of
    /// one product, what comes round in the upper half of the other.
    struct Turn {
        HalfLanes stays{};
        HalfLanes comes_round{};
    };

    /// `word` turned, and `more` added to it.
    TableLanes turned(TableLanes word, const Turn& by, TableLanes more) const {
        const auto stays = reinterpret_cast<TableLanes>(reinterpret_cast<HalfLanes>(word) * by.stays);
        const auto comes_round = reinterpret_cast<TableLanes>(
            _mm_mulhi_epu16(reinterpret_cast<__m128i>(word), reinterpret_cast<__m128i>(by.comes_round)));
        return ((stays | comes_round) ^ more) & fields_;
    }

    /// Of the four tables of a group: the index, and the tag from kTagShift on.
    TableLanes folded(std::size_t group) const {
        const u32* const newest = sums_.data() + head_;
        const u32* const distance = distance_.data() + group * kTableLanes;
        const auto sum = [&](std::size_t lane) { return _mm_cvtsi32_si128(static_cast<int>(newest[distance[lane]])); };
        const __m128i before =
            _mm_unpacklo_epi64(_mm_unpacklo_epi32(sum(0), sum(1)), _mm_unpacklo_epi32(sum(2), sum(3)));
        return turned(reinterpret_cast<TableLanes>(before), by_length_[group], in_all_lanes(*newest));
    }
    void fold_octet(std::size_t octet) {
        const TableLanes low = folded(2 * octet);
        const TableLanes high = folded(2 * octet + 1);
        constexpr u32 kIndex = (1U << kTagShift) - 1;
        index_[2 * octet] = low & kIndex;
        index_[2 * octet + 1] = high & kIndex;
        // Less than half as wide as a lane, they do not saturate.
        tags_[octet] = reinterpret_cast<HalfLanes>(
            _mm_packs_epi32(reinterpret_cast<__m128i>(low >> kTagShift), reinterpret_cast<__m128i>(high >> kTagShift)));
    }

    // A folded word turns by one with each branch. So does the sum of all branches so far; without the sum of as many
    // branches ago as a table's history is long, turned as often since, it is that table's folding. So a branch costs
    // the same for any number of tables, and what a table costs is to be paid where it is looked at.
    u32 head_ = 0;       ///< of the ring: the sum of all branches
    TableLanes fields_;  ///< the bits of index and tag
    Turn by_one_;
    std::size_t octets_;  ///< of tables
    bool moved_ = true;   ///< since the last folding
    std::array<TableLanes, kMostGroups> index_{};
    std::array<HalfLanes, kMostOctets> tags_{};
    std::array<Turn, kMostGroups> by_length_{};
    std::array<u32, kMostTables> distance_{};  ///< from the head to the sum before a table's branches
    std::array<u32, 2 * kRing> sums_{};        ///< the ring twice, so that no index wraps round
};

}  // namespace turnpike::cpu
