// SPDX-License-Identifier: Apache-2.0
#include "models/cpu/memory/branch_predictor.h"

#include <algorithm>
#include <atomic>
#include <bit>
#include <stdexcept>

namespace turnpike::cpu {
namespace {

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

BranchAnswer answer(bool wrong) { return wrong ? BranchAnswer::mispredicted : BranchAnswer::foreseen; }

/// Of a word that is not 0.
u32 lowest_bit(u32 word) { return static_cast<u32>(__builtin_ctz(word)); }

}  // namespace

BranchPredictor::BranchPredictor(const BranchShape& shape)
    : lanes_(1U << kBaseLane | ((1U << checked(shape).tagged_tables) - 1)),
      entries_(shape.tagged_tables << shape.table_log2),
      history_(shape.tagged_tables, static_cast<u32>(shape.min_history), static_cast<u32>(shape.max_history),
               static_cast<unsigned>(shape.table_log2), static_cast<unsigned>(shape.tag_bits)),
      tables_(static_cast<u32>(shape.tagged_tables)),
      table_log2_(static_cast<unsigned>(shape.table_log2)),
      base_mask_((u64{1} << shape.bimodal_log2) - 1),
      tag_mask_((1U << shape.tag_bits) - 1),
      btb_(shape.btb_entries, shape.btb_ways),
      indirect_(static_cast<unsigned>(shape.indirect_log2)),
      returns_(shape.return_entries) {
    entries_.resize(entries_.size() + base_mask_ + 1, Entry{0, BranchCounter::base(1)});
}

BranchStats BranchPredictor::stats() const {
    BranchStats stats = stats_;
    stats.mispredicted = stats.wrong_direction + stats.wrong_indirect + stats.wrong_return;
    return stats;
}

/// What is common calls nothing, and what is not is left to others to the end: so that no register need be saved.
BranchAnswer BranchPredictor::resolve(const BranchSite& branch, bool taken, u64 target) {
    ++stats_.branches;
    const BranchKind kind = branch.kind;
    if (kind == BranchKind::conditional) {
        const Lookup lookup = look_up(taken);
        if (lookup.step.notable != 0) [[unlikely]] {
            return conditional_with_more(branch, taken, target);
        }
        entry(lookup.provider).counter = lookup.step.next;
        if (!taken) return BranchAnswer::foreseen;
    } else if (kind == BranchKind::ret) {
        const bool wrong = returns_.missed(target);
        stats_.wrong_return += wrong ? 1 : 0;
        if (taken) go(branch.pc, target);
        return answer(wrong);
    } else {
        if (kind == BranchKind::call || kind == BranchKind::indirect_call) returns_.push(branch.fallthrough);
        if (kind == BranchKind::indirect || kind == BranchKind::indirect_call) return indirect(branch, taken, target);
    }
    if (!btb_.is_newest(branch.pc)) [[unlikely]] {
        return direct_with_more(branch, taken, target);
    }
    if (taken) go(branch.pc, target);
    return BranchAnswer::foreseen;
}

/// A taken branch becomes part of the path.
[[gnu::always_inline]] inline void BranchPredictor::go(u64 pc, u64 target) {
    ++stats_.taken;
    history_.push(pc, target);
    indirect_.push_path(pc, target);
}

/// One whose prediction was wrong, or whose entry has not yet proved itself.
[[gnu::noinline]] BranchAnswer BranchPredictor::conditional_with_more(const BranchSite& branch, bool taken,
                                                                      u64 target) {
    const bool wrong = learn_more(look_up(taken), taken);
    if (!taken) return answer(wrong);
    const BranchAnswer found = look_up_target(branch.pc, wrong);
    go(branch.pc, target);
    return found;
}

[[gnu::noinline]] BranchAnswer BranchPredictor::direct_with_more(const BranchSite& branch, bool taken, u64 target) {
    const BranchAnswer found = look_up_target(branch.pc, false);
    if (taken) go(branch.pc, target);
    return found;
}

/// Of a direct branch, of which `wrong` was the direction.
BranchAnswer BranchPredictor::look_up_target(u64 pc, bool wrong) {
    const bool there = btb_.is_newest(pc) || btb_.look_up(pc);
    if (there || wrong) return answer(wrong);
    ++stats_.resteers;
    return BranchAnswer::resteered;
}

[[gnu::noinline]] BranchAnswer BranchPredictor::indirect(const BranchSite& branch, bool taken, u64 target) {
    const bool wrong = indirect_.mispredicted(branch.pc, target);
    stats_.wrong_indirect += wrong ? 1 : 0;
    if (taken) go(branch.pc, target);
    return answer(wrong);
}

/// The tables take the address in shifted differently, so that what collides in one does not in the next.
BranchPredictor::Key BranchPredictor::key(u64 pc) const {
    const u32 address = static_cast<u32>(pc ^ pc >> 16);
    const u32 mask = (1U << table_log2_) - 1;
    Key key;
    for (u32 lane = 0; lane < tables_; ++lane) {
        const u32 table = tables_ - 1 - lane;
        const u32 mixed = address ^ address >> (table_log2_ - table % table_log2_);
        key.entries[lane / kTableLanes][lane % kTableLanes] = table << table_log2_ | (mixed & mask);
    }
    const u16 tag = static_cast<u16>(address & tag_mask_);
    key.tags = HalfLanes{tag, tag, tag, tag, tag, tag, tag, tag};
    key.base = static_cast<u32>((std::size_t{tables_} << table_log2_) + ((pc ^ pc >> 14) & base_mask_));
    return key;
}

/// All tags are looked at: it is long until anything depends on what is found, and the host foresees no early end.
void BranchPredictor::foresee(const Key& key) {
    history_.fold();
    where_[kBaseLane] = key.base;
    u32 found = 1U << kBaseLane | foresee_octet(key, 0);
    if (tables_ > kHalfLanes) [[unlikely]] {
        found |= foresee_octet(key, 1) << kHalfLanes;
    }
    found_ = found & lanes_;
}

/// A bit for each of eight tables whose entry is the branch's. The history's words are no wider than indices and tags.
[[gnu::always_inline]] inline u32 BranchPredictor::foresee_octet(const Key& key, std::size_t octet) {
    u32* const where = &where_[octet * kHalfLanes];
    const TableLanes low = key.entries[2 * octet] ^ history_.index(2 * octet);
    const TableLanes high = key.entries[2 * octet + 1] ^ history_.index(2 * octet + 1);
    _mm_store_si128(reinterpret_cast<__m128i*>(where), reinterpret_cast<__m128i>(low));
    _mm_store_si128(reinterpret_cast<__m128i*>(where + kTableLanes), reinterpret_cast<__m128i>(high));
    tags_[octet] = key.tags ^ history_.tags(octet);
    // From memory each lane is one load, out of the registers it would be two operations.
    std::atomic_signal_fence(std::memory_order_seq_cst);
    __m128i there = _mm_setzero_si128();
    there = _mm_insert_epi16(there, entries_[where[0]].tag, 0);
    there = _mm_insert_epi16(there, entries_[where[1]].tag, 1);
    there = _mm_insert_epi16(there, entries_[where[2]].tag, 2);
    there = _mm_insert_epi16(there, entries_[where[3]].tag, 3);
    there = _mm_insert_epi16(there, entries_[where[4]].tag, 4);
    there = _mm_insert_epi16(there, entries_[where[5]].tag, 5);
    there = _mm_insert_epi16(there, entries_[where[6]].tag, 6);
    there = _mm_insert_epi16(there, entries_[where[7]].tag, 7);
    const __m128i same = _mm_cmpeq_epi16(there, reinterpret_cast<__m128i>(tags_[octet]));
    return static_cast<u32>(_mm_movemask_epi8(_mm_packs_epi16(same, _mm_setzero_si128())));
}

/// The longest history that has an entry predicts, and the next longest is the alternate.
[[gnu::always_inline]] inline BranchPredictor::Lookup BranchPredictor::look_up(bool taken) {
    const u32 provider = lowest_bit(found_);
    const u32 next = lowest_bit((found_ & (found_ - 1)) | 1U << kBaseLane);
    const u8 alternate = entry(next).counter;
    return {provider, alternate, BranchCounter::step(entry(provider).counter, taken, alternate)};
}

/// Whether the prediction was wrong.
bool BranchPredictor::learn_more(const Lookup& lookup, bool taken) {
    const bool provider_wrong = (lookup.step.notable & BranchCounter::kWrong) != 0;
    const bool alternate_wrong = BranchCounter::taken(lookup.alternate) != taken;
    bool wrong = provider_wrong;
    entry(lookup.provider).counter = lookup.step.next;
    if ((lookup.step.notable & BranchCounter::kFresh) != 0) {
        if (trust_alternate_ >= 0) wrong = alternate_wrong;
        if (provider_wrong != alternate_wrong) {
            trust_alternate_ = std::clamp(trust_alternate_ + (provider_wrong ? 1 : -1), kTrustLeast, kTrustMost);
        }
        u8& base = entry(kBaseLane).counter;
        base = BranchCounter::step(base, taken, base).next;
    }
    if (!wrong) return false;
    ++stats_.wrong_direction;
    if (const u32 longer = std::min(lookup.provider, tables_); longer != 0) allocate(longer, taken);
    return true;
}

/// A branch that was wrong takes an entry that proved of no use from one of the `longer` tables with longer histories;
/// half of the time it leaves the first such table to others, so that two branches do not drive each other out for
/// ever.
void BranchPredictor::allocate(u32 longer, bool taken) {
    lottery_ = lottery_ * 1'664'525 + 1'013'904'223;
    if ((lottery_ >> 24 & 1) != 0 && longer > 1) --longer;
    for (u32 lane = longer; lane-- > 0;) {
        Entry& entry = this->entry(lane);
        if (BranchCounter::useful(entry.counter) == 0) {
            entry = {tags_[lane / kHalfLanes][lane % kHalfLanes], BranchCounter::weak(taken)};
            return;
        }
    }
    if (++allocation_failures_ >= kFailuresBeforeAging) age();
}

void BranchPredictor::age() {
    allocation_failures_ = 0;
    const std::size_t tagged = std::size_t{tables_} << table_log2_;
    for (std::size_t n = 0; n < tagged; ++n) entries_[n].counter = BranchCounter::aged(entries_[n].counter);
}

}  // namespace turnpike::cpu
