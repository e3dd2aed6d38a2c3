// SPDX-License-Identifier: Apache-2.0
// The global history of branches and its foldings: for each tagged table, the newest branches of its length folded to
// an index and a tag, kept up to date bit by bit (Michaud, "A PPM-like, tag-based branch predictor", JILP 2005).
#pragma once
#include <array>
#include <cstddef>

#include "models/cpu/flags.h"

namespace turnpike::cpu {

class BranchHistory {
  public:
    static constexpr std::size_t kMostTables = 16;
    static constexpr u32 kMostBranches = 2000;

    /// Lengths of a geometric series from `least` to `most` branches.
    BranchHistory(std::size_t tables, u32 least, u32 most, unsigned index_bits, unsigned tag_bits);

    void push(bool bit, u64 pc) {
        path_ = path_ << 1 ^ static_cast<u32>(pc >> 1 ^ pc >> 5);
        head_ = (head_ + 1) % kRing;
        bits_[head_] = bit ? 1 : 0;
        for (std::size_t table = 0; table < tables_; ++table) {
            const u32 left = 0U - bits_[(head_ + kRing - length_[table]) % kRing];
            fold(index_[table], bit, left & index_out_[table], index_bits_);
            fold(tag_[table], bit, left & tag_out_[table], tag_bits_);
            fold(second_tag_[table], bit, left & second_tag_out_[table], tag_bits_ - 1);
        }
    }
    u32 length(std::size_t table) const { return length_[table]; }
    u32 index(std::size_t table) const { return index_[table]; }
    u32 tag(std::size_t table) const { return tag_[table] ^ second_tag_[table] << 1; }
    /// The addresses of the last branches, mixed; `length` of them count at most.
    u32 path(u32 length) const { return length >= 16 ? path_ & 0xFFFF : path_ & ((1U << length) - 1); }

  private:
    static constexpr u32 kRing = 2048;  // above kMostBranches
    using Words = std::array<u32, kMostTables>;

    static void fold(u32& word, bool in, u32 out, unsigned bits) {
        word = (word << 1 | (in ? 1 : 0)) ^ out;
        word = (word ^ word >> bits) & ((1U << bits) - 1);
    }

    std::size_t tables_;
    unsigned index_bits_, tag_bits_;
    u32 head_ = 0;
    u32 path_ = 0;
    std::array<u8, kRing> bits_{};
    Words length_{}, index_{}, tag_{}, second_tag_{};
    Words index_out_{}, tag_out_{}, second_tag_out_{};  ///< where the bit that leaves stands in the folding
};

}  // namespace turnpike::cpu
