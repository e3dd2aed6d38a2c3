// SPDX-License-Identifier: Apache-2.0
#include "tests/lpm/update_judge.h"

#include <algorithm>

namespace turnpike::lpm_test {

namespace {

void apply(const lpm::Change& change, Reference& reference) {
    const Prefix prefix = {change.prefix, change.len};
    if (change.put) {
        reference.put(prefix, change.hop);
    } else {
        reference.remove(prefix);
    }
}

bool covers(const lpm::Change& change, std::uint32_t address) {
    return (address & mask_of(change.len)) == change.prefix;
}

}  // namespace

UpdateJudge::UpdateJudge(const lpm::Job& job, std::size_t lookups, std::uint32_t seed)
    : table_(job.table), updates_(job.updates), count_(lookups), random_(seed) {
    for (const lpm::Change& one : table_) apply(one, reference_);
}

std::uint32_t UpdateJudge::next(std::size_t begun) {
    const auto anywhere_in = [this](const lpm::Change& one) {
        return one.prefix | (static_cast<std::uint32_t>(random_()) & ~mask_of(one.len));
    };
    if (begun != near_update_) {
        near_update_ = begun;
        const lpm::Change& update = updates_[begun - 1];
        for (std::uint32_t& address : near_) address = anywhere_in(update);
        near_[0] = update.prefix;
        near_[1] = update.prefix | ~mask_of(update.len);
        near_[2] = near_[1] + 1;
    }
    const bool near = begun != 0 && random_() % 2 == 0;
    asked_.push_back(near ? near_[random_() % near_.size()] : anywhere_in(table_[random_() % table_.size()]));
    return asked_.back();
}

void UpdateJudge::answered(std::uint16_t hop, std::size_t done, std::size_t begun) {
    const std::uint32_t address = asked_.front();
    asked_.pop_front();
    carry_out(done);
    if (!concerns(address, done, begun)) {
        ++(hop == reference_.lookup(address) ? verdict_.right : verdict_.wrong);
        return;
    }
    const auto seen = seen_.find(address);
    const std::size_t oldest = seen == seen_.end() ? done : std::max(done, seen->second);
    bool right = false, too_old = false;
    for (std::size_t table = done; table <= begun && !right; ++table) {
        if (answer_of(address, table) != hop) continue;
        right = table >= oldest;
        too_old = true;
        if (right) seen_[address] = table;
    }
    ++(right ? verdict_.right : too_old ? verdict_.back : verdict_.wrong);
    if (right) ++verdict_.changing;
    forget_old(done);
}

const Reference& UpdateJudge::final_table() {
    carry_out(updates_.size());
    return reference_;
}

void UpdateJudge::carry_out(std::size_t done) {
    while (carried_out_ < done) apply(updates_[carried_out_++], reference_);
}

/// What the table after the first `table` updates says.
std::uint16_t UpdateJudge::answer_of(std::uint32_t address, std::size_t table) const {
    for (unsigned len = 33; len-- > 0;) {
        const Prefix prefix = prefix_of(address, len);
        auto hop = reference_.find(prefix);
        for (std::size_t update = carried_out_; update < table; ++update) {
            const lpm::Change& change = updates_[update];
            if (change.len != len || change.prefix != prefix.address) continue;
            hop = change.put ? std::optional(change.hop) : std::nullopt;
        }
        if (hop) return *hop;
    }
    return kMiss;
}

bool UpdateJudge::concerns(std::uint32_t address, std::size_t from, std::size_t to) const {
    for (; from < to; ++from) {
        if (covers(updates_[from], address)) return true;
    }
    return false;
}

/// Of tables that no answer can be of any more, nothing need be remembered.
void UpdateJudge::forget_old(std::size_t done) {
    constexpr std::size_t kMany = 4096;
    if (seen_.size() < kMany) return;
    std::erase_if(seen_, [done](const auto& one) { return one.second <= done; });
}

}  // namespace turnpike::lpm_test
