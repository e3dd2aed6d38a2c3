// SPDX-License-Identifier: Apache-2.0
// Branch prediction: TAGE for directions (Seznec and Michaud, "A case for (partially) tagged geometric history length
// branch prediction", JILP 2006), a BTB, a return stack, and tagged tables of indirect targets (ITTAGE). Trained in
// program order with the outcome, so that the history is always the true one.
#pragma once
#include <array>
#include <vector>

#include "models/cpu/cache.h"
#include "models/cpu/exec/flags.h"
#include "models/cpu/host_cache.h"
#include "models/cpu/memory/branch_history.h"
#include "models/cpu/memory/indirect_predictor.h"
#include "models/cpu/memory/stats.h"
#include "regs/cpu_memory.h"

namespace turnpike::cpu {

using BranchShape = regs::params::memory::branch;

enum class BranchKind : u8 { conditional, direct, indirect, call, indirect_call, ret };

class BranchPredictor {
  public:
    /// Throws std::invalid_argument for a shape that cannot be built.
    explicit BranchPredictor(const BranchShape& shape);

    /// What the address of a branch adds to the indices and tags of the tables: the same whenever it comes.
    struct Key {
        BranchHistory::Words entries{};
        u32 tag = 0;
    };
    Key key(u64 pc) const;

    /// What `resolve` takes for granted of a conditional branch: the history is that before it.
    void foresee(const Key& key);
    /// The branch at `pc` goes to `target` if taken, else on to `fallthrough`. Whether the predictor had it wrong; it
    /// has learned the outcome.
    bool resolve(u64 pc, BranchKind kind, bool taken, u64 target, u64 fallthrough);
    /// Both.
    bool mispredicted(u64 pc, BranchKind kind, bool taken, u64 target, u64 fallthrough) {
        foresee(key(pc));
        return resolve(pc, kind, taken, target, fallthrough);
    }
    /// Whether the last branch, foreseen otherwise, was direct, taken and not in the BTB, so that only the decoders
    /// saw it: costs `resteer_cycles`.
    bool resteered() const { return resteered_; }

    const BranchStats& stats() const { return stats_; }
    void restart_stats() { stats_ = {}; }

  private:
    struct Entry {
        u16 tag = 0;
        std::int8_t counter = 0;  ///< 3 bits, signed: 0 and above mean taken
        u8 useful = 0;            ///< 2 bits
    };
    /// What the tables say about one branch.
    struct Lookup {
        int provider = -1;  ///< -1: the base predictor
        bool prediction = false;
        bool alternate = false;  ///< of the next longest match
        bool fresh = false;      ///< the provider has not yet proved itself
    };

    Entry& entry(std::size_t table) { return entries_[index_[table / kTableLanes][table % kTableLanes]]; }
    u32 matches();
    bool conditional(u64 pc, bool taken);
    Lookup look_up(u64 pc);
    void train(u64 pc, const Lookup& lookup, bool predicted, bool taken);
    void allocate(int provider, bool taken);
    void age();
    bool return_missed(u64 target);
    void push_return(u64 address);
    void find_target(u64 pc);

    std::size_t tables_;
    u64 bimodal_mask_;
    std::vector<u8> bimodal_;     ///< 2-bit counters: 2 and 3 mean taken
    std::vector<Entry> entries_;  ///< table by table
    unsigned table_log2_;
    u32 tag_mask_;
    BranchHistory history_;
    BranchHistory::Words index_{};  ///< of the branch at hand, in each table
    BranchHistory::Words tag_{};
    int trust_alternate_ = 0;  ///< 4 bits, signed: whether a fresh provider is worse than the alternate
    u32 lottery_ = 1;          ///< pseudo-random, for allocation
    u32 allocation_failures_ = 0;
    Cache btb_;
    IndirectPredictor indirect_;
    std::vector<u64> returns_;  ///< a ring
    std::size_t return_top_ = 0;
    std::size_t return_count_ = 0;
    bool resteered_ = false;
    BranchStats stats_;
};

}  // namespace turnpike::cpu
