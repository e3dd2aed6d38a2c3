// SPDX-License-Identifier: Apache-2.0
// The pages that a block touches: put there when it first does, each a page of its own, all with the same words.
#pragma once
#include <array>

#include "bench/silicon/job.h"

namespace turnpike::silicon {

class TouchedPages {
  public:
    TouchedPages();
    /// Takes all pages away; at most `most` may come.
    void clear(u32 most);
    /// For a signal's handler: puts the page of `address` there, or says why not.
    Failure touch(u64 address);
    /// All words as they were at first.
    void restore() const;
    u32 count() const { return count_; }

  private:
    static constexpr u32 kMost = 64;
    std::array<u64, kPageWords> words_;
    std::array<u64, kMost> pages_{};
    u32 count_ = 0;
    u32 most_ = kMost;
};

}  // namespace turnpike::silicon
