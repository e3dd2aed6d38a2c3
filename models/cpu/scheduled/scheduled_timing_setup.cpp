// SPDX-License-Identifier: Apache-2.0
// The scheduled model outside of executions: how it is made, how blocks are laid out, what others tell it and ask it.
#include <algorithm>

#include "models/cpu/scheduled/scheduled_timing.h"

namespace turnpike::cpu::scheduled {

ScheduledTiming::ScheduledTiming(const regs::CpuProfile& profile, u64 dram_cycles, std::shared_ptr<LastLevel> llc)
    : compiler_(profile),
      memory_(profile.memory, dram_cycles, std::move(llc)),
      predictor_(profile.memory.branch),
      mispredict_cycles_(profile.memory.branch.mispredict_cycles),
      resteer_cycles_(profile.memory.branch.resteer_cycles),
      fetch_entry_(kCycle / profile.memory.branch.fetch_entries),
      fetch_ahead_(profile.memory.branch.fetch_ahead << kFraction),
      target_(kCycle / profile.memory.branch.targets),
      call_(profile.memory.branch.call_cycles << kFraction),
      predict_ahead_(profile.memory.branch.predict_ahead << kFraction),
      fetch_table_(profile.memory.branch, kCycle),
      rules_(profile.schedule),
      slot_(kCycle / rules_.dispatch_width),
      retire_slot_(kCycle / rules_.retire_width),
      locked_(profile.core.locked_16ths / 16),
      forward_stores_(static_cast<u32>(rules_.forward_stores)),
      renamed_loads_(profile.memory.renaming.entries, profile.memory.renaming.sure),
      computations_(rules_.scheduler_entries),
      accesses_(rules_.address_scheduler_entries),
      memo_(forward_stores_ + Tape::kMost <= StoreTable::kStores ? rules_.memo_states : 0),
      seen_stores_(stores_.last()) {
    fill_line_cycles(profile.line_points);
}

void ScheduledTiming::fill_line_cycles(const std::vector<regs::LinePoint>& points) {
    u64 slots = 0;
    u64 cycles = 0;
    u64 each = slot_;
    for (const regs::LinePoint& point : points) {
        const u64 end = point.sixteenths * kCycle / 16;
        each = (end - cycles) / (point.slots - slots);
        for (u64 n = slots; n < point.slots; ++n) line_cycles_[n] = cycles + each * (n - slots);
        slots = point.slots;
        cycles = end;
    }
    for (u64 n = slots; n < line_cycles_.size(); ++n) line_cycles_[n] = cycles + each * (n - slots);
}

std::unique_ptr<CompiledBlock> ScheduledTiming::compile(const BlockTemplate& block) {
    std::unique_ptr<Program> program = compiler_.compile(block);
    program->branch_key = predictor_.key(program->branch.pc);
    program->id = ++programs_ << Execution::kBits;
    return program;
}

/// How far each micro-op moves dispatch on. Behind its first line that is always the same, and the first line is mostly
/// entered in the same slot.
void ScheduledTiming::lay_out(const Program& program, u32 first, u32 end) const {
    u32 slots = line_slots_;
    for (u32 n = first; n < end; ++n) {
        MicroOp& op = program.ops[n];
        if (op.kind == Kind::sync && !stack_dirty_) continue;
        if (op.new_line) slots = 0;
        op.advance = static_cast<u32>(line_cycles_[slots + op.slots] - line_cycles_[slots]);
        slots += op.slots;
        if (op.slots > 1) slots = std::min<u32>(slots, kMostLineSlots - 1);
    }
    program.slots_behind = slots;
}

void ScheduledTiming::memory_written(u64 address, u64 bytes) { memory_.device_wrote(address, bytes, told_); }
void ScheduledTiming::add_cache_stats(Stats& stats) const {
    const MemoryStats all = memory_.stats();
    stats.l1i = all.l1i;
    stats.l1d = all.l1d;
    stats.l2 = all.l2;
    stats.llc = all.llc;
    stats.itlb = all.itlb;
    stats.dtlb = all.dtlb;
    stats.branches = predictor_.stats();
    stats.told_again = told_again_;
}

void ScheduledTiming::restart_stats() {
    memory_.restart_stats();
    predictor_.restart_stats();
    settle_credit();
    told_again_ = credited_ = 0;
}

}  // namespace turnpike::cpu::scheduled
