// SPDX-License-Identifier: Apache-2.0
// Targets of indirect jumps and calls: tagged tables that take none, little and much of the path into their index; the
// longest match predicts (Seznec, "A 64-Kbytes ITTAGE indirect branch predictor", JWAC-2, 2011).
#pragma once
#include <array>
#include <vector>

#include "models/cpu/exec/flags.h"

namespace turnpike::cpu {

class IndirectPredictor {
  public:
    explicit IndirectPredictor(unsigned table_log2);

    /// Whether another target than `target` was foreseen, or none; it has learned this one.
    bool mispredicted(u64 pc, u64 target);
    /// A taken branch at `pc` that went to `target` becomes part of the path.
    void push_path(u64 pc, u64 target) { path_ = path_ << 5 ^ ((target >> 1 ^ target >> 6 ^ pc >> 2) & 0x3FF); }

  private:
    static constexpr std::array<unsigned, 3> kPathBits = {0, 10, 40};  // none, two branches, eight
    struct Entry {
        u32 tag = 0;
        u8 trust = 0;  ///< 0 to 3
        u64 target = 0;
    };

    Entry& entry(std::size_t table, u64 pc, u32& tag);

    unsigned table_log2_;
    std::array<std::vector<Entry>, kPathBits.size()> tables_;
    u64 path_ = 0;
};

}  // namespace turnpike::cpu
