// SPDX-License-Identifier: Apache-2.0
// Accounting by stage: a shadow call stack of the functions that are stages. Time and instructions go to the innermost.
#pragma once
#include <string>
#include <unordered_map>
#include <vector>

#include "models/cpu/core.h"
#include "models/cpu/flags.h"

namespace turnpike::cpu {

class Stages {
  public:
    Stages() { costs_.push_back({"other", 0, 0, 0}); }

    void add(u64 entry, std::string name);
    /// The core is about to run the code at `rip` with this stack pointer, with so much busy time and so many
    /// instructions behind it.
    void enter(u64 rip, u64 rsp, u64 busy, u64 instructions);
    /// The core has returned to a caller.
    void leave(u64 rsp, u64 busy, u64 instructions) {
        if (rsp > top_rsp_) pop(rsp, busy, instructions);
    }
    /// Accounts everything so far.
    void settle(u64 busy, u64 instructions);
    /// Costs and calls start anew; the call stack stays.
    void restart();

    const std::vector<StageCost>& costs() const { return costs_; }

  private:
    struct Frame {
        unsigned stage;
        u64 rsp;
    };
    void pop(u64 rsp, u64 busy, u64 instructions);
    void update_top();

    static constexpr std::size_t kMaxDepth = 4096;
    std::vector<StageCost> costs_;
    std::unordered_map<u64, unsigned> entries_;
    std::vector<Frame> stack_;
    unsigned current_ = 0;
    u64 top_rsp_ = ~u64{0};
    u64 busy_ = 0;          ///< accounted so far
    u64 instructions_ = 0;  ///< accounted so far
};

}  // namespace turnpike::cpu
