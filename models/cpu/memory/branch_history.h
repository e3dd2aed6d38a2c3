// SPDX-License-Identifier: Apache-2.0
// The global history of taken branches and its foldings: for each tagged table, the newest branches of its length
// folded to an index and a tag, kept up to date branch by branch (after Michaud, "A PPM-like, tag-based branch
// predictor", JILP 2005). Branches that fall through leave no trace but the missing one: what the history holds is the
// path.
#pragma once
#include <array>
#include <cstddef>

#include "models/cpu/exec/flags.h"

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
        index_turn_ = index_turn_ + 1 == index_bits_ ? 0 : index_turn_ + 1;
        tag_turn_ = tag_turn_ + 1 == tag_bits_ ? 0 : tag_turn_ + 1;
        const u32 turned = turned_back(print, index_turn_, index_bits_) |
                           turned_back(print >> kTagPrint, tag_turn_, tag_bits_) << kTagPrint;
        head_ = (head_ + 1) % kRing;
        prints_[head_] = prints_[head_ + kRing] = turned;
        const u32* const newest = prints_.data() + head_;
        for (std::size_t group = 0; group < groups_; ++group) {
            const u32* const distance = distance_.data() + group * kTableLanes;
            words_[group] ^= in_all_lanes(turned) ^ TableLanes {
                newest[distance[0]], newest[distance[1]], newest[distance[2]], newest[distance[3]]
            };
        }
    }
    std::size_t groups() const { return groups_; }
    TableLanes index(std::size_t group) const {
        return turned(words_[group] & ((1U << kTagPrint) - 1), index_turn_, index_bits_);
    }
    TableLanes tag(std::size_t group) const { return turned(words_[group] >> kTagPrint, tag_turn_, tag_bits_); }

  private:
    static constexpr u32 kRing = 1024;                     // above kMostBranches
    static constexpr u64 kSpread = 0x9E37'79B9'7F4A'7C15;  // 2^64 divided by the golden ratio
    static constexpr unsigned kTagPrint = 16;              // the upper half of a print goes into the tag

    /// A folded word turns by one with each branch. What is kept does not: a branch is put in turned back as far as all
    /// have turned by then, so that it leaves as it came, and only what is asked for is turned.
    static u32 turned_back(u32 print, unsigned turn, unsigned bits) {
        const u32 mask = (1U << bits) - 1;
        return ((print & mask) >> turn | print << (bits - turn)) & mask;
    }
    static TableLanes turned(TableLanes word, unsigned turn, unsigned bits) {
        return (word << turn | word >> (bits - turn)) & ((1U << bits) - 1);
    }

    std::size_t groups_;
    unsigned index_bits_, tag_bits_;
    u32 head_ = 0;
    unsigned index_turn_ = 0, tag_turn_ = 0;   ///< branches so far, modulo the widths
    std::array<u32, 2 * kRing> prints_{};      ///< turned back; twice, so that no index wraps round
    std::array<u32, kMostTables> distance_{};  ///< from the head to the branch that leaves
    Words words_{};                            ///< index below, tag above
};

}  // namespace turnpike::cpu
