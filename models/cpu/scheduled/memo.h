// SPDX-License-Identifier: Apache-2.0
// What the pipeline did before, to be done again without it: from the same state the same instructions, to whose
// questions caches, predictor and stores give the same answers, lead to the same state in the same time (Schnarr and
// Larus, "Fast out-of-order processor simulation using memoization", ASPLOS 1998). The answers are asked for each time
// anew.
#pragma once
#include <cstddef>
#include <vector>

#include "models/cpu/host_cache.h"
#include "models/cpu/scheduled/snapshot.h"
#include "models/cpu/scheduled/tape.h"

namespace turnpike::cpu::scheduled {

/// From a state by an execution to a state. The questions of the execution lie behind it in memory.
struct Step {
    u64 key = 0;         ///< the execution: of which block, how much of it, and whether it branched
    u32 to = 0;          ///< the state behind
    u32 other = 0;       ///< the next step from the same state
    u16 retired = 0;     ///< cycles that it took
    u16 dispatched = 0;  ///< cycles by which dispatch has moved on
    u32 count = 0;       ///< of questions
    const Question* questions() const { return reinterpret_cast<const Question*>(this + 1); }
};
static_assert(sizeof(Step) == 24 && sizeof(Question) == 8);

class Memo {
  public:
    static constexpr u32 kNone = 0;
    /// `most`: states; 0: nothing is remembered.
    explicit Memo(u64 most);

    bool on() const { return most_ != 0; }
    bool full() const { return states_ == most_ || arena_.size() > most_ * kBytesOfState; }
    void forget();
    /// The number of the state, if it has been there before; kNone without room for it, too.
    u32 state(const Snapshot& snapshot);
    std::span<const u16> words(u32 state) const {
        return {words_.data() + state_at(state).begin, state_at(state).size};
    }
    /// The first step of the state by that execution, or from `after` on the next such; nullptr: there is none.
    const Step* find(u32 state, u64 key) const { return first_with(state_at(state).first, key); }
    const Step* next(const Step& after) const { return first_with(after.other, after.key); }
    void add(u32 from, Step step, std::span<const Question> questions);
    /// The step will be found first: what came about last time mostly does so again.
    void put_first(u32 state, const Step& step);
    /// The state's first step, which mostly lies behind it, will be read soon.
    void foresee(u32 state) const { ask_host_for(&state_at(state), 3); }

  private:
    // By experience with firmware: a state has two steps of five questions, or fewer, itself included.
    static constexpr u64 kBytesOfState = 256;
    static constexpr std::size_t kCell = 8;
    static constexpr std::size_t kEntriesOfState = 4;
    static constexpr std::size_t kProbes = 4;

    struct State {
        u32 first = kNone;  ///< step
        u32 begin = 0;      ///< of its snapshot
        u64 size = 0;
    };
    struct Entry {
        u32 tag = 0;
        u32 state = kNone;  ///< kNone: it has been there once
    };
    Entry& entry_of(u64 hash);
    u32 append(const void* data, std::size_t bytes);
    State& state_at(u32 at) { return *reinterpret_cast<State*>(&arena_[at * kCell]); }
    const State& state_at(u32 at) const { return *reinterpret_cast<const State*>(&arena_[at * kCell]); }
    Step* step_at(u32 at) { return reinterpret_cast<Step*>(&arena_[at * kCell]); }
    const Step* step_at(u32 at) const { return reinterpret_cast<const Step*>(&arena_[at * kCell]); }
    const Step* first_with(u32 at, u64 key) const {
        while (at != kNone && step_at(at)->key != key) at = step_at(at)->other;
        return at == kNone ? nullptr : step_at(at);
    }

    u64 most_;
    u64 states_ = 0;
    std::vector<std::byte> arena_;  ///< states and steps, these with their questions; numbers count cells
    std::vector<u16> words_;        ///< of all snapshots
    std::vector<Entry> entries_;    ///< by hash: the first free one of a few behind one another, or the last
};

}  // namespace turnpike::cpu::scheduled
