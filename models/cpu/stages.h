// SPDX-License-Identifier: Apache-2.0
// Accounting by stage: a shadow call stack of the functions that are stages. Time and instructions go to the innermost.
#pragma once
#include <string>
#include <unordered_map>
#include <vector>

#include "models/cpu/core.h"
#include "models/cpu/exec/flags.h"

namespace turnpike::cpu {

/// How far the core has come.
struct Progress {
    u64 busy = 0;
    u64 instructions = 0;
    CacheMisses misses;
};

class Stages {
  public:
    Stages() { costs_.push_back({"other", 0, 0, 0, {}}); }

    /// The stage's number.
    unsigned add(u64 entry, std::string name);
    /// The core is about to run the code at `rip`, which may be a stage's, with this stack pointer.
    void enter(u64 rip, u64 rsp, const Progress& progress);
    /// It is about to run that stage.
    void enter_stage(unsigned stage, u64 rsp, const Progress& progress);
    /// After a return: it was one of the innermost stage.
    bool has_left(u64 rsp) const { return rsp > top_rsp_; }
    void leave(u64 rsp, const Progress& progress);
    /// The core is about to leave one stack for another.
    void switch_stack(u64 from, u64 to, const Progress& progress);
    /// Accounts everything so far.
    void settle(const Progress& progress);
    /// Costs and calls start anew; the call stack stays.
    void restart();

    const std::vector<StageCost>& costs() const { return costs_; }

  private:
    struct Frame {
        unsigned stage;
        u64 rsp;
    };
    void update_top();

    static constexpr std::size_t kMaxDepth = 4096;
    std::vector<StageCost> costs_;
    std::unordered_map<u64, unsigned> entries_;
    std::vector<Frame> stack_;
    std::unordered_map<u64, std::vector<Frame>> other_stacks_;  ///< by name
    unsigned current_ = 0;
    u64 top_rsp_ = ~u64{0};
    Progress accounted_;
};

}  // namespace turnpike::cpu
