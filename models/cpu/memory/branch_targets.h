// SPDX-License-Identifier: Apache-2.0
// Where branches lead to, apart from indirect jumps and calls: the BTB, which says of direct ones whether their target
// is known before they are decoded, and the return stack.
#pragma once
#include <algorithm>
#include <bit>
#include <vector>

#include "models/cpu/cache.h"
#include "models/cpu/exec/flags.h"

namespace turnpike::cpu {

class TargetBuffer {
  public:
    /// Throws std::invalid_argument for what is not a whole number of sets.
    TargetBuffer(u64 entries, u64 ways)
        : cache_(Cache::of_entries("btb", entries, ways)),
          // Branches of one set are in one place here, so that whoever is found was the last one in its set.
          mask_((u64{1} << std::countr_zero(cache_.sets())) - 1),
          newest_(mask_ + 1, Cache::kNone) {}

    /// Whether the branch at `pc` is the last one of its set that was looked for: it is there, and nothing changes.
    bool is_newest(u64 pc) const { return newest_[pc & mask_] == pc; }
    /// Whether the branch is there; from now on it is.
    bool look_up(u64 pc) {
        newest_[pc & mask_] = pc;
        const bool there = cache_.access(pc, false);
        if (!there) cache_.replace(pc, false);
        return there;
    }

  private:
    Cache cache_;
    u64 mask_;
    std::vector<u64> newest_;
};

class ReturnStack {
  public:
    explicit ReturnStack(u64 entries)
        : most_(static_cast<u32>(entries)), mask_(std::bit_ceil(most_) - 1), addresses_(mask_ + std::size_t{1}) {}

    /// The oldest address is lost where there is no room.
    void push(u64 address) {
        top_ = (top_ + 1) & mask_;
        addresses_[top_] = address;
        count_ = std::min(count_ + 1, most_);
    }
    /// Takes the newest address off; whether it is another than `target`, or there is none.
    bool missed(u64 target) {
        if (count_ == 0) return true;
        --count_;
        const u64 predicted = addresses_[top_];
        top_ = (top_ - 1) & mask_;
        return predicted != target;
    }

  private:
    u32 most_;
    u32 mask_;
    u32 top_ = 0;
    u32 count_ = 0;
    std::vector<u64> addresses_;  ///< a ring
};

}  // namespace turnpike::cpu
