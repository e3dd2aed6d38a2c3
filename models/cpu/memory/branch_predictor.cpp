// SPDX-License-Identifier: Apache-2.0
#include "models/cpu/memory/branch_predictor.h"

#include <algorithm>
#include <bit>
#include <stdexcept>

namespace turnpike::cpu {
namespace {

constexpr std::int8_t kCounterLeast = -4, kCounterMost = 3;
constexpr u8 kUsefulMost = 3;
constexpr int kTrustLeast = -8, kTrustMost = 7;
constexpr u32 kFailuresBeforeAging = 256;

const BranchShape& checked(const BranchShape& shape) {
    const bool right = shape.bimodal_log2 >= 1 && shape.bimodal_log2 <= 24 && shape.tagged_tables >= 1 &&
                       shape.tagged_tables <= BranchHistory::kMostTables && shape.table_log2 >= 4 &&
                       shape.table_log2 <= 20 && shape.tag_bits >= 4 && shape.tag_bits <= 16 &&
                       shape.min_history >= 1 && shape.min_history <= shape.max_history &&
                       shape.max_history + shape.tagged_tables <= BranchHistory::kMostBranches &&
                       shape.return_entries >= 1 && shape.indirect_log2 >= 1 && shape.indirect_log2 <= 20;
    if (!right) {
        throw std::invalid_argument(
            "branch: expected 1 to 16 tables of 2^4 to 2^20 entries with tags of 4 to 16 bits, histories that rise "
            "from "
            "1 at least to less than 1000, base counters and indirect targets of 2^1 at least, and a return stack");
    }
    return shape;
}

void count(std::int8_t& counter, bool up) {
    counter = static_cast<std::int8_t>(std::clamp<int>(counter + (up ? 1 : -1), kCounterLeast, kCounterMost));
}

}  // namespace

BranchPredictor::BranchPredictor(const BranchShape& shape)
    : tables_(checked(shape).tagged_tables),
      bimodal_mask_((u64{1} << shape.bimodal_log2) - 1),
      bimodal_(bimodal_mask_ + 1, 1),
      entries_(tables_ << shape.table_log2),
      table_log2_(static_cast<unsigned>(shape.table_log2)),
      tag_mask_((1U << shape.tag_bits) - 1),
      history_(tables_, static_cast<u32>(shape.min_history), static_cast<u32>(shape.max_history), table_log2_,
               static_cast<unsigned>(shape.tag_bits)),
      btb_(Cache::of_entries("btb", shape.btb_entries, shape.btb_ways)),
      indirect_(static_cast<unsigned>(shape.indirect_log2)),
      returns_(shape.return_entries) {}

bool BranchPredictor::resolve(u64 pc, BranchKind kind, bool taken, u64 target, u64 fallthrough) {
    ++stats_.branches;
    resteered_ = false;
    bool wrong = false;
    switch (kind) {
        case BranchKind::conditional:
            wrong = conditional(pc, taken);
            stats_.wrong_direction += wrong ? 1 : 0;
            if (taken) {
                find_target(pc);
                resteered_ = resteered_ && !wrong;
            }
            break;
        case BranchKind::direct:
        case BranchKind::call:
            find_target(pc);
            break;
        case BranchKind::indirect:
        case BranchKind::indirect_call:
            wrong = indirect_.mispredicted(pc, target);
            stats_.wrong_indirect += wrong ? 1 : 0;
            break;
        case BranchKind::ret:
            wrong = return_missed(target);
            stats_.wrong_return += wrong ? 1 : 0;
            break;
    }
    if (kind == BranchKind::call || kind == BranchKind::indirect_call) push_return(fallthrough);
    if (taken) {
        ++stats_.taken;
        history_.push(pc, target);
        indirect_.push_path(pc, target);
    }
    stats_.resteers += resteered_ ? 1 : 0;
    stats_.mispredicted += wrong ? 1 : 0;
    return wrong;
}

void BranchPredictor::find_target(u64 pc) {
    resteered_ = !btb_.access(pc, false);
    if (resteered_) btb_.replace(pc, false);
}

void BranchPredictor::push_return(u64 address) {
    return_top_ = return_top_ + 1 == returns_.size() ? 0 : return_top_ + 1;
    returns_[return_top_] = address;
    return_count_ = std::min(return_count_ + 1, returns_.size());
}

bool BranchPredictor::return_missed(u64 target) {
    if (return_count_ == 0) return true;
    --return_count_;
    const u64 predicted = returns_[return_top_];
    return_top_ = return_top_ == 0 ? returns_.size() - 1 : return_top_ - 1;
    return predicted != target;
}

/// The tables take the address in shifted differently, so that what collides in one does not in the next.
BranchPredictor::Key BranchPredictor::key(u64 pc) const {
    const u32 address = static_cast<u32>(pc ^ pc >> 16);
    const u32 mask = (1U << table_log2_) - 1;
    Key key;
    for (auto& group : key.entries) group = in_all_lanes(address & mask);
    for (u32 table = 0; table < tables_; ++table) {
        const u32 mixed = address ^ address >> (table_log2_ - table % table_log2_);
        key.entries[table / kTableLanes][table % kTableLanes] = table << table_log2_ | (mixed & mask);
    }
    key.tag = address & tag_mask_;
    return key;
}

/// The history's words are no wider than indices and tags.
void BranchPredictor::foresee(const Key& key) {
    for (std::size_t group = 0; group < history_.groups(); ++group) {
        index_[group] = key.entries[group] ^ history_.index(group);
        tag_[group] = in_all_lanes(key.tag) ^ history_.tag(group);
        // The tables are larger than the host's nearest cache.
        for (unsigned lane = 0; lane < kTableLanes; ++lane) ask_host_for(&entries_[index_[group][lane]]);
    }
}

/// A bit for each table whose entry is the branch's. All are looked at, since the host foresees no early end.
[[gnu::always_inline]] inline u32 BranchPredictor::matches() {
    TableLanes found = {};
    TableLanes bit = {1, 2, 4, 8};
    for (std::size_t group = 0; group < history_.groups(); ++group) {
        const TableLanes& index = index_[group];
        const TableLanes tags = {entries_[index[0]].tag, entries_[index[1]].tag, entries_[index[2]].tag,
                                 entries_[index[3]].tag};
        found |= reinterpret_cast<TableLanes>(tags == tag_[group]) & bit;
        bit <<= kTableLanes;
    }
    using Halves [[gnu::vector_size(16)]] = u64;
    const Halves halves = reinterpret_cast<Halves>(found);
    const u64 both = halves[0] | halves[1];
    return static_cast<u32>(both | both >> 32) & ((1U << tables_) - 1);
}

[[gnu::always_inline]] inline BranchPredictor::Lookup BranchPredictor::look_up(u64 pc) {
    Lookup lookup;
    lookup.prediction = lookup.alternate = bimodal_[(pc ^ pc >> 14) & bimodal_mask_] >= 2;
    const u32 found = matches();
    if (found == 0) return lookup;
    const auto table = static_cast<unsigned>(std::bit_width(found)) - 1;
    const Entry& provider = entries_[index_[table / kTableLanes][table % kTableLanes]];
    lookup.provider = static_cast<int>(table);
    lookup.prediction = provider.counter >= 0;
    lookup.fresh = provider.useful == 0 && (provider.counter == 0 || provider.counter == -1);
    if (const u32 others = found & ~(1U << table); others != 0) {
        const auto next = static_cast<unsigned>(std::bit_width(others)) - 1;
        lookup.alternate = entries_[index_[next / kTableLanes][next % kTableLanes]].counter >= 0;
    }
    return lookup;
}

bool BranchPredictor::conditional(u64 pc, bool taken) {
    const Lookup lookup = look_up(pc);
    const bool predicted = lookup.fresh && trust_alternate_ >= 0 ? lookup.alternate : lookup.prediction;
    train(pc, lookup, predicted, taken);
    return predicted != taken;
}

void BranchPredictor::train(u64 pc, const Lookup& lookup, bool predicted, bool taken) {
    if (lookup.provider >= 0) {
        Entry& entry = this->entry(static_cast<std::size_t>(lookup.provider));
        if (lookup.prediction != lookup.alternate) {
            const bool right = lookup.prediction == taken;
            if (lookup.fresh) {
                trust_alternate_ = std::clamp(trust_alternate_ + (right ? -1 : 1), kTrustLeast, kTrustMost);
            }
            if (right && entry.useful < kUsefulMost) ++entry.useful;
            if (!right && entry.useful > 0) --entry.useful;
        }
        count(entry.counter, taken);
    }
    if (lookup.provider < 0 || lookup.fresh) {
        u8& base = bimodal_[(pc ^ pc >> 14) & bimodal_mask_];
        base = static_cast<u8>(taken ? std::min(base + 1, 3) : std::max(base - 1, 0));
    }
    const bool longest = lookup.provider + 1 == static_cast<int>(tables_);
    if (predicted != taken && !longest) allocate(lookup.provider, taken);
}

/// A branch that was wrong takes an entry of a longer history that proved of no use; half of the time it leaves the
/// first such table to others, so that two branches do not drive each other out for ever.
void BranchPredictor::allocate(int provider, bool taken) {
    std::size_t table = static_cast<std::size_t>(provider + 1);
    lottery_ = lottery_ * 1'664'525 + 1'013'904'223;
    if ((lottery_ >> 24 & 1) != 0 && table + 1 < tables_) ++table;
    for (; table < tables_; ++table) {
        Entry& entry = this->entry(table);
        if (entry.useful == 0) {
            entry = {static_cast<u16>(tag_[table / kTableLanes][table % kTableLanes]),
                     static_cast<std::int8_t>(taken ? 0 : -1), 0};
            return;
        }
    }
    if (++allocation_failures_ >= kFailuresBeforeAging) age();
}

void BranchPredictor::age() {
    allocation_failures_ = 0;
    for (Entry& entry : entries_) entry.useful = static_cast<u8>(entry.useful >> 1);
}

}  // namespace turnpike::cpu
