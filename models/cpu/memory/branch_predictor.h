// SPDX-License-Identifier: Apache-2.0
// Branch prediction: TAGE for directions (Seznec and Michaud, "A case for (partially) tagged geometric history length
// branch prediction", JILP 2006), a BTB, a return stack, and tagged tables of indirect targets (ITTAGE). Trained in
// program order with the outcome, so that the history is always the true one.
#pragma once
#include <array>
#include <vector>

#include "models/cpu/exec/flags.h"
#include "models/cpu/memory/branch_counter.h"
#include "models/cpu/memory/branch_history.h"
#include "models/cpu/memory/branch_targets.h"
#include "models/cpu/memory/indirect_predictor.h"
#include "models/cpu/memory/stats.h"
#include "regs/cpu_memory.h"

namespace turnpike::cpu {

using BranchShape = regs::params::memory::branch;

enum class BranchKind : u8 { conditional, direct, indirect, call, indirect_call, ret };

/// A branch as the predictor is asked about it.
struct BranchSite {
    bool there = false;
    BranchKind kind = BranchKind::direct;  ///< also where there is none: nothing is to be foreseen
    u64 pc = 0;
    u64 fallthrough = 0;
};

/// Whether the predictor had a branch right; `resteered`: it was foreseen otherwise, but it was direct, taken and not
/// in the BTB, so that only the decoders saw it, which costs `resteer_cycles`.
enum class BranchAnswer : u32 { foreseen, mispredicted, resteered };

class BranchPredictor {
  public:
    /// Throws std::invalid_argument for a shape that cannot be built.
    explicit BranchPredictor(const BranchShape& shape);

    /// What the address of a branch adds to the indices and tags of the tables: the same whenever it comes.
    struct Key {
        u32 base = 0;  ///< the entry of the base predictor
        HalfLanes tags{};
        std::array<TableLanes, BranchHistory::kMostGroups> entries{};
    };
    Key key(u64 pc) const;

    /// What `resolve` takes for granted of a conditional branch: the history is that before it.
    void foresee(const Key& key);
    /// The branch goes to `target` if taken. The predictor has then learned the outcome.
    BranchAnswer resolve(const BranchSite& branch, bool taken, u64 target);

    BranchStats stats() const;
    void restart_stats() { stats_ = {}; }

  private:
    struct Entry {
        u16 tag = 0;
        u8 counter = BranchCounter::weak(true);
    };
    // Behind the lanes of the tagged tables there is that of the base predictor, which always has an entry.
    static constexpr u32 kBaseLane = BranchHistory::kMostTables;

    /// What the tables say about a branch, and learn from it.
    struct Lookup {
        u32 provider;
        u8 alternate;  ///< the counter that would predict without the provider
        BranchCounter::Step step;
    };

    Entry& entry(u32 lane) { return entries_[where_[lane]]; }
    u32 foresee_octet(const Key& key, std::size_t octet);
    void go(u64 pc, u64 target);
    BranchAnswer conditional_with_more(const BranchSite& branch, bool taken, u64 target);
    BranchAnswer direct_with_more(const BranchSite& branch, bool taken, u64 target);
    Lookup look_up(bool taken);
    bool learn_more(const Lookup& lookup, bool taken);
    void allocate(u32 longer, bool taken);
    void age();
    BranchAnswer indirect(const BranchSite& branch, bool taken, u64 target);
    BranchAnswer look_up_target(u64 pc, bool wrong);

    // What `foresee` leaves behind.
    alignas(TableLanes) std::array<u32, kBaseLane + 1> where_{};  ///< entries, by lane
    std::array<HalfLanes, BranchHistory::kMostOctets> tags_{};
    u32 found_ = 1U << kBaseLane;  ///< a bit for each lane whose entry is the branch's

    u32 lanes_;                   ///< a bit for each
    std::vector<Entry> entries_;  ///< table by table, those of the base predictor last
    BranchHistory history_;
    u32 tables_;
    unsigned table_log2_;
    u64 base_mask_;
    u32 tag_mask_;
    int trust_alternate_ = 0;  ///< 4 bits, signed: whether a fresh provider is worse than the alternate
    u32 lottery_ = 1;          ///< pseudo-random, for allocation
    u32 allocation_failures_ = 0;
    TargetBuffer btb_;
    IndirectPredictor indirect_;
    ReturnStack returns_;
    BranchStats stats_;
};

}  // namespace turnpike::cpu
