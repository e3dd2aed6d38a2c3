// SPDX-License-Identifier: Apache-2.0
#include "models/cpu/scheduled/scheduled_timing.h"

#include <algorithm>

namespace turnpike::cpu::scheduled {
namespace {

bool crosses_line(u64 address, unsigned bytes) {
    return (address >> Cache::kLineShift) != (address + bytes - 1) >> Cache::kLineShift;
}

}  // namespace

ScheduledTiming::ScheduledTiming(const regs::CpuProfile& profile, u64 dram_cycles)
    : compiler_(profile),
      memory_(profile.memory, dram_cycles),
      predictor_(profile.memory.branch),
      mispredict_cycles_(profile.memory.branch.mispredict_cycles),
      resteer_cycles_(profile.memory.branch.resteer_cycles),
      taken_mask_(profile.memory.branch.taken_ends_cycle != 0 ? kCycle - 1 : 0),
      rules_(profile.schedule),
      slot_(kCycle / rules_.dispatch_width),
      retire_slot_(kCycle / rules_.retire_width),
      locked_(profile.core.locked_16ths / 16),
      renamed_loads_(profile.memory.renaming.entries, profile.memory.renaming.sure),
      computations_(rules_.scheduler_entries),
      accesses_(rules_.address_scheduler_entries) {
    aligns_[rules_.line_free_slots + 1] = kCycle - 1;
    slow_after_ = static_cast<u32>(rules_.line_free_slots + rules_.line_group_slots);
}

std::unique_ptr<CompiledBlock> ScheduledTiming::compile(const BlockTemplate& block) { return compiler_.compile(block); }

u64 ScheduledTiming::execute(const Execution& execution) {
    const Program& program = static_cast<const Program&>(*execution.block);
    enter(program, execution.first == 0);
    pc_ = program.address;
    division_ = 0;
    const MicroOp* const end = program.ops.data() + program.begin[execution.last];
    for (const MicroOp* op = program.ops.data() + program.begin[execution.first]; op != end; ++op) {
        schedule(*op, execution);
    }
    const StackState stack = program.stack_before[execution.last];
    if (stack != StackState::as_before) stack_dirty_ = stack == StackState::dirty;
    jumped_ = execution.taken;
    if (execution.last + 1 == program.begin.size()) branch_ = program.branch;
    const u64 now = retire_ >> kFraction;
    const u64 cycles = now - told_;
    told_ = now;
    return cycles;
}

/// A block that goes on in the code line of the last one shares its slots.
inline void ScheduledTiming::enter(const Program& program, bool from_start) {
    if (!from_start) return;
    if (branch_.there) resolve_branch(program);
    if (jumped_) dispatch_ = (dispatch_ + taken_mask_) & ~taken_mask_;
    if (jumped_ || program.first_line != line_) {
        if (line_slots_ > rules_.line_free_slots && line_slots_ <= slow_after_)
            dispatch_ = (dispatch_ + kCycle - 1) & ~(kCycle - 1);
        line_slots_ = 0;
        u64 waits = 0;
        for (u64 line = program.first_line; line <= program.last_line; ++line) {
            waits += memory_.fetch(line * rules_.line_bytes >> Cache::kLineShift, dispatch_ >> kFraction);
        }
        dispatch_ += waits << kFraction;
    }
    line_ = program.last_line;
}

/// The block behind a branch tells where it went. What was wrongly foreseen is fetched when the branch has executed.
inline void ScheduledTiming::resolve_branch(const Program& program) {
    const BranchSite& branch = branch_;
    if (predictor_.mispredicted(branch.pc, branch.kind, jumped_, program.address, branch.fallthrough)) {
        dispatch_ = std::max(dispatch_, (computed_ + mispredict_cycles_) << kFraction);
    } else if (predictor_.resteered()) {
        dispatch_ += resteer_cycles_ << kFraction;
    }
    branch_.there = false;
}

inline u64 ScheduledTiming::dispatch(const MicroOp& op) {
    if (op.new_line) {
        if (line_slots_ > rules_.line_free_slots && line_slots_ <= slow_after_)
            dispatch_ = (dispatch_ + kCycle - 1) & ~(kCycle - 1);
        line_slots_ = 0;
    }
    const u64 window_opens = retired_[(slots_seen_ - rules_.reorder_window) % kWindow];
    for (unsigned n = 0; n < op.slots; ++n) {
        line_slots_ = std::min<u32>(line_slots_ + 1, kMostLineSlots - 1);
        const u64 mask = aligns_[line_slots_];
        dispatch_ = (dispatch_ + mask) & ~mask;
        dispatch_ += line_slots_ > slow_after_ ? slot_ : 0;
        if (n + 1 < op.slots) dispatch_ += slot_;
    }
    dispatch_ = std::max(dispatch_, window_opens << kFraction);
    const u64 at = dispatch_ >> kFraction;
    if (op.slots != 0) dispatch_ += slot_;
    return at;
}

inline u64 ScheduledTiming::operands(const MicroOp& op, u64 since) const {
    u64 ready = since;
    for (const u8 place : op.src) ready = std::max(ready, ready_[place]);
    return ready;
}

inline void ScheduledTiming::schedule(const MicroOp& op, const Execution& execution) {
    if (op.sync && !stack_dirty_) return;
    const u64 dispatched = dispatch(op);
    ++count_;
    u64 done = dispatched;
    switch (op.kind) {
        case Kind::compute:
            done = compute(op, dispatched, execution);
            break;
        case Kind::load:
            done = load(op, dispatched, execution.addresses);
            break;
        case Kind::store:
            done = store(op, dispatched, execution.addresses);
            break;
        case Kind::move: {
            const u64 when = std::max(ready_[op.src[0]], dispatched);
            write(op.dst[kFirst], when);
            write(op.dst[kToCarry], when);
            write(op.dst[kToFlags], when);
            break;
        }
        case Kind::swap: {
            const u64 first = ready_[op.src[0]];
            write(op.dst[kSecond], ready_[op.src[1]]);
            write(op.dst[kFirst], first);
            break;
        }
        case Kind::lock:
            done = std::max(dispatched, lock_free_);
            lock_free_ = done + locked_;
            write(kLock, done);
            break;
        case Kind::serialise:
            done = drain(op.latency);
            break;
        case Kind::string:
            done = strings(execution.strings);
            break;
        case Kind::nothing:
            break;
    }
    retire(op, done);
}

/// Without a free place dispatch stands still.
inline u64 ScheduledTiming::enter_scheduler(WaitingRoom& room, u64 dispatched) {
    const u64 entered = room.enter(dispatched);
    if (entered > dispatched) dispatch_ = std::max(dispatch_, entered << kFraction);
    return entered;
}

inline u64 ScheduledTiming::compute(const MicroOp& op, u64 dispatched, const Execution& execution) {
    dispatched = enter_scheduler(computations_, dispatched);
    u64 latency = op.latency;
    u64 second = op.second_latency;
    unsigned busy = op.busy;
    if (op.bits_per_cycle != 0) [[unlikely]] {
        const unsigned bits = execution.quotient_bits[division_++];
        latency += bits / op.bits_per_cycle;
        second += bits / op.bits_per_cycle;
        if (op.bits_per_busy != 0) busy += bits / op.bits_per_busy;
    }
    const u64 start = ports_.take(operands(op, dispatched), op.ports, busy);
    computations_.leave(start);
    const u64 done = start + latency;
    computed_ = done;
    write(op.dst[kFirst], done);
    write(op.dst[kSecond], start + second);
    write(op.dst[kToCarry], done);
    write(op.dst[kToFlags], done);
    return done;
}

inline u64 ScheduledTiming::load(const MicroOp& op, u64 dispatched, const u64* addresses) {
    const u64 address = addresses[op.access];
    dispatched = enter_scheduler(accesses_, dispatched);
    const u64 start = ports_.take(operands(op, dispatched), op.ports);
    accesses_.leave(start);
    u64 done = start + op.latency;
    if (address != kBusAccess && crosses_line(address, op.bytes)) [[unlikely]] {
        done = ports_.take(start + 1, op.ports) + op.latency;
    }
    if (address != kBusAccess) [[likely]] {
        done += memory_.load(address, op.bytes, start, pc_ + op.access);
        done = forwarded(op, address, dispatched, done);
    }
    write(op.dst[kFirst], done);
    return done;
}

/// When the loaded value is there: from the cache, from a store that has not left the queue, or by renaming.
inline u64 ScheduledTiming::forwarded(const MicroOp& op, u64 address, u64 dispatched, u64 arrives) {
    const u32 window = static_cast<u32>(rules_.forward_stores);
    const RecentStore* const first = stores_.at(address, window);
    const RecentStore* const last = stores_.at(address + op.bytes - 1, window);
    if (first == nullptr && last == nullptr) return arrives;
    const RecentStore& store = first != nullptr && (last == nullptr || last->number < first->number) ? *first : *last;
    const bool covers = first == last && store.address <= address && address + op.bytes <= store.address + store.bytes;
    if (!covers) {
        const bool apart = store.address + store.bytes <= address || address + op.bytes <= store.address;
        return apart && first == last ? arrives : std::max(arrives, store.retires + rules_.forward_span_latency);
    }
    if (op.renamable && renamed(op, store, address)) return std::max(dispatched, store.data_ready);
    return std::max(arrives, store.data_ready + (op.rmw ? rules_.forward_rmw_latency : rules_.forward_latency));
}

/// The same expression with the same registers is renamed at once, with registers written anew only where that has been
/// learned.
inline bool ScheduledTiming::renamed(const MicroOp& op, const RecentStore& store, u64 address) {
    const bool same_registers = store.base == op.base() && store.index == op.index() &&
                                store.base_version == version_[op.base()] &&
                                store.index_version == version_[op.index()];
    if (store.address == address && same_registers) return true;
    const u64 id = pc_ * kMostAccesses + op.access;
    if (store.address == address && store.expression == op.expression) return renamed_loads_.met(id);
    renamed_loads_.missed(id);
    return false;
}

inline u64 ScheduledTiming::store(const MicroOp& op, u64 dispatched, const u64* addresses) {
    const u64 address = addresses[op.access];
    dispatched = enter_scheduler(accesses_, dispatched);
    const u64 address_ready = std::max({dispatched, ready_[op.base()], ready_[op.index()]});
    const u64 data_ready = std::max(dispatched, ready_[op.src[2]]);
    const u64 addressed = ports_.take(address_ready, op.ports);
    const u64 stored = ports_.take(data_ready, op.data_ports);
    accesses_.leave(std::max(addressed, stored));
    if (address == kBusAccess) return std::max(addressed, stored);
    if (crosses_line(address, op.bytes)) [[unlikely]] {
        ports_.take(stored + 1, op.data_ports);
    }
    memory_.store(address, op.bytes, std::max(addressed, stored), pc_ + op.access);
    const u64 retires = std::max(retire_ >> kFraction, data_ready);
    stores_.push({address, data_ready, retires, 0, version_[op.base()], version_[op.index()], op.expression, op.bytes,
                  op.base(), op.index()});
    return std::max(addressed, stored);
}

/// Everything before has retired, and nothing behind has begun.
u64 ScheduledTiming::drain(u64 cycles) {
    retire_ += cycles << kFraction;
    dispatch_ = std::max(dispatch_, retire_);
    return retire_ >> kFraction;
}

u64 ScheduledTiming::strings(const StringAccesses* accesses) {
    if (accesses == nullptr) return dispatch_ >> kFraction;
    u64 done = std::max(dispatch_, retire_) >> kFraction;
    done += accesses->units;
    for (unsigned n = 0; n < accesses->count; ++n) {
        const u64 address = accesses->address[n] & ~u64{1};
        const bool write = (accesses->address[n] & 1) != 0;
        done += write ? memory_.store(address, 1, done, pc_) : memory_.load(address, 1, done, pc_);
    }
    for (const u8 place : {RAX, RCX, RSI, RDI}) write(place, done);
    dispatch_ = std::max(dispatch_, done << kFraction);
    return done;
}

inline void ScheduledTiming::retire(const MicroOp& op, u64 done) {
    retire_ = std::max(retire_, done << kFraction) + (op.slots != 0 ? op.slots * retire_slot_ : 0);
    for (unsigned n = 0; n < op.slots; ++n) retired_[slots_seen_++ % kWindow] = retire_ >> kFraction;
}

void ScheduledTiming::memory_written(u64 address, u64 bytes) {
    memory_.device_wrote(address, bytes, retire_ >> kFraction);
}
void ScheduledTiming::add_cache_stats(Stats& stats) const {
    const MemoryStats all = memory_.stats();
    stats.l1i = all.l1i;
    stats.l1d = all.l1d;
    stats.l2 = all.l2;
    stats.llc = all.llc;
    stats.itlb = all.itlb;
    stats.dtlb = all.dtlb;
    stats.branches = predictor_.stats();
}

void ScheduledTiming::restart_stats() {
    memory_.restart_stats();
    predictor_.restart_stats();
    told_ = retire_ >> kFraction;
}

}  // namespace turnpike::cpu::scheduled
