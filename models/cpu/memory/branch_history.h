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

class BranchHistory {
  public:
    static constexpr std::size_t kMostTables = 16;
    static constexpr u32 kMostBranches = 1000;

    /// Lengths of a geometric series from `least` to `most` taken branches.
    BranchHistory(std::size_t tables, u32 least, u32 most, unsigned index_bits, unsigned tag_bits);

    void push(u64 pc, u64 target) {
        const u32 print = static_cast<u32>((pc + target * 3) * kSpread >> 32);
        head_ = (head_ + 1) % kRing;
        prints_[head_] = print;
        for (std::size_t table = 0; table < tables_; ++table) {
            const u32 left = prints_[(head_ + kRing - length_[table]) % kRing];
            index_[table] = next(index_[table], print, left, index_turn_[table], index_bits_);
            tag_[table] = next(tag_[table], print >> 16, left >> 16, tag_turn_[table], tag_bits_);
        }
    }
    u32 index(std::size_t table) const { return index_[table]; }
    u32 tag(std::size_t table) const { return tag_[table]; }

  private:
    static constexpr u32 kRing = 1024;                     // above kMostBranches
    static constexpr u64 kSpread = 0x9E37'79B9'7F4A'7C15;  // 2^64 divided by the golden ratio
    using Words = std::array<u32, kMostTables>;

    static u32 turned(u32 word, u32 by, unsigned bits) {
        return (word << by | word >> (bits - by)) & ((1U << bits) - 1);
    }
    /// The word turns by one with each branch; the one that leaves has been turned as often as the history is long.
    static u32 next(u32 word, u32 in, u32 out, u32 turn, unsigned bits) {
        const u32 mask = (1U << bits) - 1;
        return turned(word, 1, bits) ^ (in & mask) ^ turned(out & mask, turn, bits);
    }

    std::size_t tables_;
    unsigned index_bits_, tag_bits_;
    u32 head_ = 0;
    std::array<u32, kRing> prints_{};
    Words length_{}, index_{}, tag_{};
    Words index_turn_{}, tag_turn_{};
};

}  // namespace turnpike::cpu
