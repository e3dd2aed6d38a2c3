// SPDX-License-Identifier: Apache-2.0
#include "models/cpu/scheduled/memo.h"

#include <algorithm>
#include <bit>
#include <cstring>
#include <utility>

namespace turnpike::cpu::scheduled {

Memo::Memo(u64 most) : most_(most) { forget(); }

/// The entry of that hash, or one that may become it.
Memo::Entry& Memo::entry_of(u64 hash) {
    const std::size_t first = hash & (entries_.size() - 1);
    const u32 tag = static_cast<u32>(hash >> 32);
    for (std::size_t n = 0;; ++n) {
        Entry& entry = entries_[(first + n) & (entries_.size() - 1)];
        if (entry.tag == tag || entry.state == kNone || n + 1 == kProbes) return entry;
    }
}

u32 Memo::state(const Snapshot& snapshot) {
    const u64 hash = snapshot.hash();
    const std::span<const u16> words = snapshot.words();
    Entry& entry = entry_of(hash);
    const u32 tag = static_cast<u32>(hash >> 32);
    if (entry.state != kNone) {
        return entry.tag == tag && std::ranges::equal(words, this->words(entry.state)) ? entry.state : kNone;
    }
    if (entry.tag != tag) {
        entry.tag = tag;
        return kNone;
    }
    if (full()) return kNone;
    ++states_;
    const State fresh{kNone, static_cast<u32>(words_.size()), words.size()};
    words_.insert(words_.end(), words.begin(), words.end());
    return entry.state = append(&fresh, sizeof fresh);
}

void Memo::add(u32 from, Step step, std::span<const Question> questions) {
    step.count = static_cast<u32>(questions.size());
    step.other = state_at(from).first;
    const u32 at = append(&step, sizeof step);
    append(questions.data(), questions.size_bytes());
    state_at(from).first = at;
}

void Memo::put_first(u32 state, const Step& step) {
    const auto at = static_cast<u32>((reinterpret_cast<const std::byte*>(&step) - arena_.data()) / kCell);
    u32* link = &state_at(state).first;
    while (*link != at) link = &step_at(*link)->other;
    *link = step.other;
    step_at(at)->other = std::exchange(state_at(state).first, at);
}

/// Whole cells.
u32 Memo::append(const void* data, std::size_t bytes) {
    const std::size_t at = arena_.size();
    arena_.resize(at + bytes);
    if (bytes != 0) std::memcpy(&arena_[at], data, bytes);
    return static_cast<u32>(at / kCell);
}

void Memo::forget() {
    states_ = 0;
    arena_.assign(kCell, {});  // 0 is no number
    words_.clear();
    entries_.assign(std::bit_ceil(most_ * kEntriesOfState), {});
}

}  // namespace turnpike::cpu::scheduled
