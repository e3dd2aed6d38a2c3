// SPDX-License-Identifier: Apache-2.0
// The scheduled timing model: each micro-op, in program order, gets the earliest dispatch slot, operands and port; no
// loop over cycles. What an execution takes is how far it moves the time at which its last instruction retires.
#pragma once
#include "models/cpu/memory/branch_predictor.h"
#include "models/cpu/memory/hierarchy.h"
#include "models/cpu/scheduled/compiler.h"
#include "models/cpu/scheduled/resources.h"

namespace turnpike::cpu::scheduled {

class ScheduledTiming final : public TimingModel {
  public:
    ScheduledTiming(const regs::CpuProfile& profile, u64 dram_cycles);

    std::unique_ptr<CompiledBlock> compile(const BlockTemplate& block) override;
    u64 execute(const Execution& execution) override;
    void memory_written(u64 address, u64 bytes) override;
    void add_cache_stats(Stats& stats) const override;
    void restart_stats() override;

  private:
    /// Dispatch and retirement count in fractions of a cycle, so that a width need not divide anything.
    static constexpr unsigned kFraction = 12;
    static constexpr u64 kCycle = u64{1} << kFraction;
    static constexpr unsigned kWindow = 2048;
    static constexpr u64 kMostAccesses = 256;  ///< of a block
    static constexpr unsigned kMostLineSlots = 128;

    void enter(const Program& program, bool from_start);
    void resolve_branch(const Program& program);
    void schedule(const MicroOp& op, const Execution& execution);
    u64 dispatch(const MicroOp& op);
    u64 operands(const MicroOp& op, u64 since) const;
    u64 enter_scheduler(WaitingRoom& room, u64 dispatched);
    u64 compute(const MicroOp& op, u64 dispatched, const Execution& execution);
    u64 load(const MicroOp& op, u64 dispatched, const u64* addresses);
    u64 forwarded(const MicroOp& op, u64 address, u64 dispatched, u64 arrives);
    bool renamed(const MicroOp& op, const RecentStore& store, u64 address);
    u64 store(const MicroOp& op, u64 dispatched, const u64* addresses);
    u64 drain(u64 cycles);
    u64 strings(const StringAccesses* accesses);
    void retire(const MicroOp& op, u64 done);
    void write(u8 place, u64 when) {
        ready_[place] = when;
        version_[place] = count_;
    }

    Compiler compiler_;
    MemoryTiming memory_;
    BranchPredictor predictor_;
    u64 mispredict_cycles_, resteer_cycles_;
    u64 taken_mask_;  ///< of the fraction of a cycle that a taken branch leaves unused
    regs::params::profile::schedule rules_;
    u32 slow_after_;          ///< slots of a line behind which each takes two
    u64 slot_, retire_slot_;  ///< fractions of a cycle
    u64 locked_;
    std::array<u64, kMostLineSlots> aligns_{};  ///< by slots of the line so far: mask of the fraction to round up

    u64 dispatch_ = 0;  ///< when the next slot is, fractions
    u64 retire_ = 0;
    u64 told_ = 0;       ///< cycles returned so far
    u64 pc_ = 0;         ///< of the block
    u64 computed_ = 0;   ///< when the last computation is done: at a block's end its branch
    BranchSite branch_;  ///< taken or not, but where it leads to only the next block tells
    u64 line_ = ~u64{0};
    u32 line_slots_ = 0;
    bool jumped_ = true;
    bool stack_dirty_ = false;
    u64 lock_free_ = 0;
    u64 slots_seen_ = 0;
    u32 count_ = 0;  ///< micro-ops seen, for register versions
    u32 division_ = 0;
    std::array<u64, kPlaces> ready_{};
    std::array<u32, kPlaces> version_{};
    std::array<u64, kWindow> retired_{};
    PortCalendar ports_;
    StoreTable stores_;
    RenamedLoads renamed_loads_;
    WaitingRoom computations_;
    WaitingRoom accesses_;
};

}  // namespace turnpike::cpu::scheduled
