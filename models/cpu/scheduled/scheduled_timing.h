// SPDX-License-Identifier: Apache-2.0
// The scheduled timing model: each micro-op, in program order, gets the earliest dispatch slot, operands and port; no
// loop over cycles. What an execution takes is how far it moves the time at which its last instruction retires. What
// was done before is not done again (memo.h).
#pragma once
#include "models/cpu/memory/branch_predictor.h"
#include "models/cpu/memory/hierarchy.h"
#include "models/cpu/scheduled/answers.h"
#include "models/cpu/scheduled/compiler.h"
#include "models/cpu/scheduled/memo.h"
#include "models/cpu/scheduled/recent_stores.h"
#include "models/cpu/scheduled/resources.h"

namespace turnpike::cpu::scheduled {

class ScheduledTiming final : public TimingModel {
  public:
    ScheduledTiming(const regs::CpuProfile& profile, u64 dram_cycles, std::shared_ptr<LastLevel> llc = nullptr);

    std::unique_ptr<CompiledBlock> compile(const BlockTemplate& block) override;
    u64 execute(const Execution& execution) override;
    void memory_written(u64 address, u64 bytes) override;
    void hand_over(u64 line, bool keep) override { memory_.hand_over(line, keep); }
    void forget_translation(u64 physical) override { memory_.forget_translation(physical); }
    void forget_translations(const std::function<bool(u64)>& keep) override { memory_.forget_translations(keep); }
    void add_cache_stats(Stats& stats) const override;
    CacheMisses misses() const override { return memory_.misses(); }
    void restart_stats() override;

  private:
    /// Dispatch and retirement count in fractions of a cycle, so that a width need not divide anything.
    static constexpr unsigned kFraction = 12;
    static constexpr u64 kCycle = u64{1} << kFraction;
    static constexpr unsigned kWindow = 1024;
    static constexpr unsigned kSlotsWrittenAtOnce = 1;
    static constexpr u64 kMostAccesses = 256;  ///< of a block
    static constexpr u64 kMostLines = 16;      ///< of a block
    static constexpr unsigned kMostLineSlots = 128;
    static constexpr unsigned kMostSlots = 64;    ///< of a micro-op
    static constexpr unsigned kLineOfOnes = 128;  ///< micro-ops of one slot each, two an instruction, in a line

    /// Where the program order has got to: what nearly every micro-op changes.
    struct Cursor {
        u64 dispatch = 0;  ///< when the next slot is, fractions
        u64 retire = 0;    ///< when the last instruction retires, fractions
        u64 slots = 0;     ///< dispatched so far
        u64 computed = 0;  ///< when the last computation is done: at a block's end its branch
        u64 waited = 0;    ///< operations that waited for a link of a chain, since one was issued in vain for it
        u32 count = 0;     ///< micro-ops seen, for register versions
    };

    void schedule_all(const Program& program, const Execution& execution);
    void enter(const Program& program, bool from_start);
    void fetch(const Program& program);
    void end_run(u64 target);
    void go_through(const Program& program, const Execution& execution, bool to_end);
    void leave_line();
    void predict_target(u64 target);
    void resolve_branch(const Program& program);
    void end_block(const Program& program) {
        branch_ = program.branch;
        if (branch_.kind == BranchKind::conditional) predictor_.foresee(program.branch_key);
    }
    void lay_out(const Program& program, u32 first, u32 end) const;
    void schedule(Cursor& now, const MicroOp& op, const Execution& execution);
    u64 schedule_rest(Cursor& now, const MicroOp& op, u64 dispatched, const Execution& execution);
    u64 dispatch(Cursor& now, const MicroOp& op);
    void fill_line_cycles(const std::vector<regs::LinePoint>& points);
    template <bool Wide>
    u64 last_operand(const MicroOp& op, u64 since) const;
    static u64 enter_scheduler(WaitingRoom& room, Cursor& now, u64 dispatched);
    void issue_in_vain(Cursor& now, const MicroOp& op, u64 start, bool first);
    template <bool Wide>
    u64 compute(Cursor& now, const MicroOp& op, u64 dispatched);
    u64 divide(Cursor& now, const MicroOp& op, u64 dispatched, const Execution& execution);
    void write_results(Cursor& now, const MicroOp& op, u64 first, u64 link);
    u64 load(Cursor& now, const MicroOp& op, u64 dispatched, const u64* addresses);
    u64 load_beyond(const MicroOp& op, u32 found, u64 dispatched, u64 start);
    u64 forwarded(const MicroOp& op, Match match, u64 dispatched, u64 arrives);
    bool renamed(const MicroOp& op, Match match, const RecentStore& store);
    u64 store(Cursor& now, const MicroOp& op, u64 dispatched, const u64* addresses);
    u64 drain(Cursor& now, u64 cycles);
    u64 strings(u64 done, const StringAccesses& accesses);
    void retire(Cursor& now, const MicroOp& op, u64 done);

    // What a tape asks. Mostly an access needs no more look than the first one here, and not when and where it is made.
    u32 ask_branch(u64 target);
    u32 meets_store(u64 address, unsigned bytes) const {
        if (!stores_.may_hold(address, forward_stores_)) return 0;
        return word_of(stores_.match(address, bytes, forward_stores_));
    }
    u32 crossing_meets_store(u64 address, unsigned bytes) const;
    u32 ask_load(u64 address, unsigned bytes, u64 start, u64 pc) {
        return memory_.hits_newest(address, bytes) ? meets_store(address, bytes)
                                                   : ask_load_beyond(address, bytes, start, pc);
    }
    u32 ask_load_beyond(u64 address, unsigned bytes, u64 start, u64 pc);
    bool takes_store(u64 address, u8 bytes) {
        if (!memory_.hits_newest_dirty(address, bytes)) [[unlikely]] {
            return false;
        }
        stores_.push_in_line(address, bytes);
        return true;
    }
    u32 ask_store(u64 address, u8 bytes, u64 done, u64 pc) {
        return takes_store(address, bytes) ? 0 : ask_store_beyond(address, bytes, done, pc);
    }
    u32 ask_store_beyond(u64 address, unsigned bytes, u64 done, u64 pc);
    u64 rename_id(u64 pc, u8 access) const { return pc * kMostAccesses + access; }
    template <class Live>
    u32 ask(Question::Kind kind, u64 at, u8 number, u8 bytes, Live&& live) {
        return tape_.ask(kind, at - base_, number, bytes, live);
    }

    // Telling again what was done before (scheduled_timing_memo.cpp).
    static constexpr std::int64_t kMostCredit = 1 << 24;
    const Step* find_step(const Program& program, const Execution& execution, u64 key);
    const Step* other_with(const Step& step, u32 question, u32 answer) const;
    void know(const Step& step, u32 question, u32 answer);
    u32 ask_again(const Question& question, const Program& program, const Execution& execution);
    u32 ask_again_beyond(const Question& question, const Program& program, const Execution& execution);
    u64 work_out(const Program& program, const Execution& execution, u64 key);
    void learn(u64 key, u64 cycles);
    void settle_credit();
    void look_in_vain();

    // The state and its snapshot (scheduled_timing_state.cpp).
    static constexpr u64 kMostAhead = 2000;  ///< cycles; with what reaches further there is no snapshot
    bool save();
    void save_times(u64 base);
    void save_retirement(u64 begin);
    void save_stores(u64 base);
    void save_front(u64 base);
    void restore();
    void restore_times(SnapshotReader& from);
    void restore_stores(SnapshotReader& from);
    void restore_front(SnapshotReader& from);

    u64 ready(u8 place) const { return places_[place] >> kVersionBits; }
    void write(const Cursor& now, u8 place, u64 when, u64 link = kNoLink) {
        places_[place] = when << kVersionBits | link | (now.count & ((1U << kNumberBits) - 1));
    }

    Compiler compiler_;
    MemoryTiming memory_;
    BranchPredictor predictor_;
    u64 mispredict_cycles_, resteer_cycles_;
    // Fractions of a cycle.
    u64 fetch_entry_, fetch_ahead_, target_, call_, predict_ahead_;
    FetchTable fetch_table_;
    regs::params::profile::schedule rules_;
    u64 slot_, retire_slot_;  ///< fractions of a cycle
    u64 locked_;
    u32 forward_stores_;
    /// By slots of the line, fractions of a cycle.
    std::array<u64, kMostLineSlots + kLineOfOnes + kMostSlots> line_cycles_{};

    Cursor cursor_;
    u64 fetched_ = 0;    ///< when the next block can be dispatched at the earliest, fractions
    u64 predicted_ = 0;  ///< when the predictor has found its address, fractions
    u64 predicted_line_ = 0;
    LineVisit visit_;    ///< of which the time is not yet in `fetched_`
    u64 told_ = 0;       ///< cycles returned so far
    u64 pc_ = 0;         ///< of the block
    BranchSite branch_;  ///< taken or not, but where it leads to only the next block tells
    u64 line_ = ~u64{0};
    bool jumped_ = true;
    bool cut_ = false;  ///< the last execution stopped in the middle of its block
    bool stack_dirty_ = false;
    u32 line_slots_ = 0;  ///< dispatched so far of the line
    u64 lock_free_ = 0;
    u8 division_ = 0;
    std::array<u64, kPlaces> places_{};
    std::array<u64, kWindow> retired_{};  ///< by dispatch slot, whole cycles as fractions
    PortCalendar ports_;
    StoreTable stores_;
    RenamedLoads renamed_loads_;
    WaitingRoom computations_;
    WaitingRoom accesses_;

    Memo memo_;
    Tape tape_;
    Snapshot snapshot_;
    u32 state_ = Memo::kNone;  ///< where the program order has got to, if it is remembered
    bool live_ = true;         ///< the members above are that state, too
    u64 base_ = 0;             ///< cycle of dispatch in that state; without one of the block at hand
    u32 seen_stores_;  ///< number of the last store in program order; while a block is told again there are later ones
    std::int64_t credit_ = kMostCredit;  ///< what was saved by telling again, less what remembering has cost, in blocks
    u32 pause_ = 1;                      ///< blocks until the next look whether the state is known
    u64 told_again_ = 0;                 ///< blocks
    u64 credited_ = 0;                   ///< of them
    std::int64_t useless_ = 0;           ///< looks in vain, with no room for more, against blocks told again
    u32 wait_ = 1;                       ///< the pause behind the next look in vain
    u64 programs_ = 0;
};

}  // namespace turnpike::cpu::scheduled
