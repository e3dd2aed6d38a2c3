// SPDX-License-Identifier: Apache-2.0
#include "tests/cpu/memory/reference_predictor.h"

#include <algorithm>
#include <cmath>

namespace turnpike::cpu {
namespace {

constexpr u64 kGolden = 0x9E37'79B9'7F4A'7C15;
constexpr unsigned kFailuresBeforeAging = 256;

/// The largest prime up to `most` and 16, 3 at least.
u64 prime_width(u64 most) {
    const std::vector<u64> primes = {13, 11, 7, 5};
    const auto found = std::find_if(primes.begin(), primes.end(), [&](u64 prime) { return prime <= most; });
    return found == primes.end() ? 3 : *found;
}

u64 low(u64 word, u64 bits) { return word & ((u64{1} << bits) - 1); }

}  // namespace

ReferencePredictor::ReferencePredictor(const BranchShape& shape)
    : shape_(shape),
      tables_(shape.tagged_tables, std::vector<Entry>(u64{1} << shape.table_log2)),
      base_(u64{1} << shape.bimodal_log2, 1),
      btb_(shape.btb_entries / shape.btb_ways),
      indirect_(static_cast<unsigned>(shape.indirect_log2)) {
    const double ratio = static_cast<double>(shape.max_history) / static_cast<double>(shape.min_history);
    for (u64 table = 0; table < shape.tagged_tables; ++table) {
        const double share = table == 0 ? 0 : static_cast<double>(table) / static_cast<double>(shape.tagged_tables - 1);
        const u64 length =
            static_cast<u64>(std::llround(static_cast<double>(shape.min_history) * std::pow(ratio, share)));
        lengths_.push_back(table == 0 ? length : std::max(length, lengths_.back() + 1));
    }
}

BranchAnswer ReferencePredictor::answer(u64 pc, BranchKind kind, bool taken, u64 target, u64 fallthrough) {
    bool resteered = false;
    bool wrong = false;
    if (kind == BranchKind::conditional) wrong = conditional(pc, taken);
    if (kind == BranchKind::direct || kind == BranchKind::call || (kind == BranchKind::conditional && taken)) {
        resteered = !in_btb(pc) && !wrong;
    }
    if (kind == BranchKind::indirect || kind == BranchKind::indirect_call) wrong = indirect_.mispredicted(pc, target);
    if (kind == BranchKind::ret) {
        wrong = returns_.empty() || returns_.front() != target;
        if (!returns_.empty()) returns_.pop_front();
    }
    if (kind == BranchKind::call || kind == BranchKind::indirect_call) {
        returns_.push_front(fallthrough);
        if (returns_.size() > shape_.return_entries) returns_.pop_back();
    }
    if (taken) {
        branches_.insert(branches_.begin(), {pc, target});
        if (branches_.size() > lengths_.back()) branches_.pop_back();
        indirect_.push_path(pc, target);
    }
    if (wrong) return BranchAnswer::mispredicted;
    return resteered ? BranchAnswer::resteered : BranchAnswer::foreseen;
}

/// A print of each branch, turned to the left by one for each branch since, within the width of the folding.
u64 ReferencePredictor::folded(u64 length, unsigned shift, u64 most_width) const {
    const u64 width = prime_width(most_width);
    u64 sum = 0;
    for (u64 age = 0; age < std::min<u64>(length, branches_.size()); ++age) {
        const u64 print = low((branches_[age].pc + branches_[age].target * 3) * kGolden >> (32 + shift), width);
        sum ^= low(print << age % width, width) | print >> (width - age % width);
    }
    return sum;
}

ReferencePredictor::Entry& ReferencePredictor::entry(u64 pc, std::size_t table) {
    const u64 address = low(pc ^ pc >> 16, 32);
    const u64 mixed = address ^ address >> (shape_.table_log2 - table % shape_.table_log2);
    return tables_[table][low(mixed, shape_.table_log2) ^ folded(lengths_[table], 0, shape_.table_log2)];
}

u64 ReferencePredictor::tag(u64 pc, std::size_t table) const {
    return low(pc ^ pc >> 16, shape_.tag_bits) ^ folded(lengths_[table], 16, shape_.tag_bits);
}

bool ReferencePredictor::conditional(u64 pc, bool taken) {
    std::vector<Entry*> entries;
    std::vector<u64> tags;
    std::vector<std::size_t> found;  // the shortest history first
    for (std::size_t table = 0; table < tables_.size(); ++table) {
        entries.push_back(&entry(pc, table));
        tags.push_back(tag(pc, table));
        if (entries[table]->tag == tags[table]) found.push_back(table);
    }
    const bool base = base_[low(pc ^ pc >> 14, shape_.bimodal_log2)] >= 2;
    bool predicted = base;
    if (found.empty()) {
        train_base(pc, taken);
    } else {
        Entry& provider = *entries[found.back()];
        const bool prediction = provider.counter >= 0;
        const bool alternate = found.size() < 2 ? base : entries[found[found.size() - 2]]->counter >= 0;
        const bool fresh = provider.useful == 0 && (provider.counter == 0 || provider.counter == -1);
        predicted = fresh && trust_alternate_ >= 0 ? alternate : prediction;
        if (prediction != alternate) {
            const int right = prediction == taken ? 1 : -1;
            if (fresh) trust_alternate_ = std::clamp(trust_alternate_ - right, -8, 7);
            provider.useful = std::clamp(provider.useful + right, 0, 3);
        }
        provider.counter = std::clamp(provider.counter + (taken ? 1 : -1), -4, 3);
        if (fresh) train_base(pc, taken);
    }
    if (predicted == taken) return false;
    const std::size_t longer = found.empty() ? 0 : found.back() + 1;
    if (longer == tables_.size()) return true;
    lottery_ = lottery_ * 1'664'525 + 1'013'904'223;
    const bool leaves = (lottery_ >> 24 & 1) != 0 && longer + 1 < tables_.size();
    for (std::size_t table = longer + (leaves ? 1 : 0); table < tables_.size(); ++table) {
        if (entries[table]->useful != 0) continue;
        *entries[table] = {tags[table], taken ? 0 : -1, 0};
        return true;
    }
    if (++failures_ < kFailuresBeforeAging) return true;
    failures_ = 0;
    ++agings_;
    for (auto& table : tables_) {
        for (Entry& each : table) each.useful /= 2;
    }
    return true;
}

void ReferencePredictor::train_base(u64 pc, bool taken) {
    int& counter = base_[low(pc ^ pc >> 14, shape_.bimodal_log2)];
    counter = std::clamp(counter + (taken ? 1 : -1), 0, 3);
}

/// Whether the branch was there; now it is, and the newest of its set.
bool ReferencePredictor::in_btb(u64 pc) {
    std::list<u64>& set = btb_[pc % btb_.size()];
    const auto found = std::find(set.begin(), set.end(), pc);
    const bool there = found != set.end();
    if (there) set.erase(found);
    set.push_front(pc);
    if (set.size() > shape_.btb_ways) set.pop_back();
    return there;
}

}  // namespace turnpike::cpu
