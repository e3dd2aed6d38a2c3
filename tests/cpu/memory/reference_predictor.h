// SPDX-License-Identifier: Apache-2.0
// The branch predictor as docs/memory.md tells it, with nothing prepared: each index and tag is folded anew from the
// list of the last taken branches, each set of the BTB is a list.
#pragma once
#include <list>
#include <vector>

#include "models/cpu/memory/branch_predictor.h"

namespace turnpike::cpu {

class ReferencePredictor {
  public:
    explicit ReferencePredictor(const BranchShape& shape);

    /// As the predictor answers, with all that it learns.
    BranchAnswer answer(u64 pc, BranchKind kind, bool taken, u64 target, u64 fallthrough);
    unsigned agings() const { return agings_; }

  private:
    struct Entry {
        u64 tag = 0;
        int counter = 0;  ///< -4 to 3, from 0 on taken
        int useful = 0;   ///< 0 to 3
    };
    struct Branch {
        u64 pc, target;
    };

    bool conditional(u64 pc, bool taken);
    void train_base(u64 pc, bool taken);
    u64 folded(u64 length, unsigned shift, u64 most_width) const;
    Entry& entry(u64 pc, std::size_t table);
    u64 tag(u64 pc, std::size_t table) const;
    bool in_btb(u64 pc);

    BranchShape shape_;
    std::vector<u64> lengths_;
    std::vector<std::vector<Entry>> tables_;
    std::vector<int> base_;            ///< 0 to 3, from 2 on taken
    std::vector<Branch> branches_;     ///< the newest first
    std::vector<std::list<u64>> btb_;  ///< by set, the newest first
    IndirectPredictor indirect_;
    std::list<u64> returns_;  ///< the newest first
    int trust_alternate_ = 0;
    u32 lottery_ = 1;
    unsigned failures_ = 0;
    unsigned agings_ = 0;
};

inline BranchAnswer asked(ReferencePredictor& predictor, u64 pc, BranchKind kind, bool taken, u64 target,
                          u64 fallthrough) {
    return predictor.answer(pc, kind, taken, target, fallthrough);
}

}  // namespace turnpike::cpu
