// SPDX-License-Identifier: Apache-2.0
#include "models/cpu/stages.h"

#include <utility>

namespace turnpike::cpu {

unsigned Stages::add(u64 entry, std::string name) {
    unsigned number = 0;
    while (number < costs_.size() && costs_[number].name != name) ++number;
    if (number == costs_.size()) costs_.push_back({std::move(name), 0, 0, 0, {}});
    return entries_[entry] = number;
}

void Stages::enter(u64 rip, u64 rsp, const Progress& progress) {
    const auto entry = entries_.find(rip);
    if (entry != entries_.end()) enter_stage(entry->second, rsp, progress);
}

void Stages::enter_stage(unsigned stage, u64 rsp, const Progress& progress) {
    const bool same_frame = !stack_.empty() && stack_.back().rsp == rsp;
    // A loop whose head is the function's first instruction comes by here without a call.
    if (same_frame && stack_.back().stage == stage) return;
    settle(progress);
    if (same_frame) stack_.pop_back();  // a tail call: the caller's frame is the callee's now
    if (stack_.size() == kMaxDepth) stack_.erase(stack_.begin());
    stack_.push_back({stage, rsp});
    ++costs_[stage].calls;
    update_top();
}

void Stages::leave(u64 rsp, const Progress& progress) {
    settle(progress);
    while (!stack_.empty() && rsp > stack_.back().rsp) stack_.pop_back();
    update_top();
}

void Stages::switch_stack(u64 from, u64 to, const Progress& progress) {
    settle(progress);
    other_stacks_[from] = std::move(stack_);
    stack_ = std::move(other_stacks_[to]);
    update_top();
}

void Stages::update_top() {
    current_ = stack_.empty() ? 0 : stack_.back().stage;
    top_rsp_ = stack_.empty() ? ~u64{0} : stack_.back().rsp;
}

void Stages::settle(const Progress& progress) {
    StageCost& cost = costs_[current_];
    cost.cycles += progress.busy - accounted_.busy;
    cost.instructions += progress.instructions - accounted_.instructions;
    cost.misses.l1i += progress.misses.l1i - accounted_.misses.l1i;
    cost.misses.l1d += progress.misses.l1d - accounted_.misses.l1d;
    cost.misses.l2 += progress.misses.l2 - accounted_.misses.l2;
    accounted_ = progress;
}

void Stages::restart() {
    for (StageCost& cost : costs_) cost = {std::move(cost.name), 0, 0, 0, {}};
    accounted_ = {};
}

}  // namespace turnpike::cpu
