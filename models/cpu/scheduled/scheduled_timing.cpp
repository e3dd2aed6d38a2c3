// SPDX-License-Identifier: Apache-2.0
#include "models/cpu/scheduled/scheduled_timing.h"

#include <algorithm>
#include <bit>

#include "models/cpu/exec.h"

namespace turnpike::cpu::scheduled {
namespace {

bool crosses_line(u64 address, unsigned bytes) {
    return (address >> Cache::kLineShift) != (address + bytes - 1) >> Cache::kLineShift;
}

}  // namespace

ScheduledTiming::ScheduledTiming(const regs::CpuProfile& profile, u64 dram_cycles, std::shared_ptr<LastLevel> llc)
    : compiler_(profile),
      memory_(profile.memory, dram_cycles, std::move(llc)),
      predictor_(profile.memory.branch),
      mispredict_cycles_(profile.memory.branch.mispredict_cycles),
      resteer_cycles_(profile.memory.branch.resteer_cycles),
      fetch_slot_(kCycle / profile.memory.branch.fetch_width),
      fetch_ahead_(profile.memory.branch.fetch_ahead << kFraction),
      rules_(profile.schedule),
      slot_(kCycle / rules_.dispatch_width),
      retire_slot_(kCycle / rules_.retire_width),
      locked_(profile.core.locked_16ths / 16),
      forward_stores_(static_cast<u32>(rules_.forward_stores)),
      window_mask_(std::bit_ceil(rules_.reorder_window + kSlotsWrittenAtOnce) - 1),
      renamed_loads_(profile.memory.renaming.entries, profile.memory.renaming.sure),
      computations_(rules_.scheduler_entries),
      accesses_(rules_.address_scheduler_entries) {
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
    return program;
}

u64 ScheduledTiming::execute(const Execution& execution) {
    const Program& program = static_cast<const Program&>(*execution.block);
    enter(program, execution.first == 0);
    pc_ = program.address;
    division_ = 0;
    Cursor now{cursor_.dispatch, cursor_.retire, cursor_.slots, cursor_.computed, cursor_.line_slots, cursor_.count};
    ports_.forget_before(now.dispatch >> kFraction);
    const MicroOp* const end = program.ops.data() + program.begin[execution.last];
    for (const MicroOp* op = program.ops.data() + program.begin[execution.first]; op != end; ++op) {
        schedule(now, *op, execution);
    }
    fetched_ += (now.slots - cursor_.slots) * fetch_slot_;
    cursor_ = now;
    const StackState stack = program.stack_before[execution.last];
    if (stack != StackState::as_before) stack_dirty_ = stack == StackState::dirty;
    jumped_ = execution.taken;
    cut_ = execution.last + 1 != program.begin.size();
    if (!cut_) {
        branch_ = program.branch;
        if (branch_.kind == BranchKind::conditional) predictor_.foresee(program.branch_key);
    }
    const u64 retired = now.retire >> kFraction;
    const u64 cycles = retired - told_;
    told_ = retired;
    return cycles;
}

/// A block that goes on in the code line of the last one shares its slots.
inline void ScheduledTiming::enter(const Program& program, bool from_start) {
    if (!from_start) return;
    const bool cut = cut_;
    cut_ = false;
    if (branch_.there) resolve_branch(program);
    fetch();
    if (jumped_ || (program.first_line != line_ && !cut)) {
        cursor_.line_slots = 0;
        u64 waits = 0;
        for (u64 line = program.first_line; line <= program.last_line; ++line) {
            waits += memory_.fetch(line * rules_.line_bytes >> Cache::kLineShift, cursor_.dispatch >> kFraction);
        }
        cursor_.dispatch += waits << kFraction;
    }
    line_ = program.last_line;
}

/// Fetch runs ahead of dispatch, a taken branch ends its cycle.
inline void ScheduledTiming::fetch() {
    if (jumped_) fetched_ = (fetched_ + kCycle - 1) & ~(kCycle - 1);
    fetched_ = std::max(fetched_ + fetch_ahead_, cursor_.dispatch) - fetch_ahead_;
    cursor_.dispatch = std::max(cursor_.dispatch, fetched_);
}

/// The block behind a branch tells where it went. What was wrongly foreseen is fetched when the branch has executed.
inline void ScheduledTiming::resolve_branch(const Program& program) {
    const BranchSite& branch = branch_;
    if (predictor_.resolve(branch.pc, branch.kind, jumped_, program.address, branch.fallthrough)) {
        cursor_.dispatch = std::max(cursor_.dispatch, (cursor_.computed + mispredict_cycles_) << kFraction);
        fetched_ = cursor_.dispatch;
    } else if (predictor_.resteered()) {
        cursor_.dispatch += resteer_cycles_ << kFraction;
    }
    branch_.there = false;
}

TP_INLINE u64 ScheduledTiming::dispatch(Cursor& now, const MicroOp& op) {
    const u32 slots = op.new_line ? 0 : now.line_slots;
    const u64 window_opens = retired_[(now.slots - rules_.reorder_window) & window_mask_];
    now.dispatch = std::max(now.dispatch, window_opens);
    const u64 at = now.dispatch >> kFraction;
    now.dispatch += line_cycles_[slots + op.slots] - line_cycles_[slots];
    now.line_slots = std::min<u32>(slots + op.slots, kMostLineSlots - 1);
    return at;
}

TP_INLINE ScheduledTiming::Operands ScheduledTiming::operands(const MicroOp& op, u64 since) const {
    u64 last = std::max({places_[op.src[0]], places_[op.src[1]], places_[op.src[2]]});
    if (op.src[3] != kAlways) [[unlikely]] {
        last = std::max({last, places_[op.src[3]], places_[op.src[4]], places_[op.src[5]]});
    }
    const u64 ready = last >> kVersionBits;
    const u64 link = last >> kNumberBits & 3;
    static_assert(kNoLink == 0);
    return {std::max(since, ready), link & (0 - u64{ready > since})};
}

TP_INLINE void ScheduledTiming::schedule(Cursor& now, const MicroOp& op, const Execution& execution) {
    if (op.sync && !stack_dirty_) return;
    const u64 dispatched = dispatch(now, op);
    ++now.count;
    u64 done = dispatched;
    switch (op.kind) {
        case Kind::compute:
            done = compute(now, op, dispatched);
            break;
        case Kind::load:
            done = load(now, op, dispatched, execution.addresses);
            break;
        case Kind::store:
            done = store(now, op, dispatched, execution.addresses);
            break;
        case Kind::move: {
            const u64 when = std::max(ready(op.src[0]), dispatched);
            const u64 link = places_[op.src[0]] >> kNumberBits & 3;
            write(now, op.dst[kFirst], when, link);
            write(now, op.dst[kToCarry], when, link);
            write(now, op.dst[kToFlags], when, link);
            break;
        }
        case Kind::swap: {
            const u64 first = ready(op.src[0]);
            write(now, op.dst[kSecond], ready(op.src[1]));
            write(now, op.dst[kFirst], first);
            break;
        }
        case Kind::divide:
            done = divide(now, op, dispatched, execution);
            break;
        case Kind::lock:
            done = std::max(dispatched, lock_free_);
            lock_free_ = done + locked_;
            write(now, kLock, done);
            break;
        case Kind::serialise:
            done = drain(now, op.latency);
            break;
        case Kind::string: {
            // By a copy, so that the compiler may keep the cursor in registers.
            Cursor copy = now;
            done = strings(copy, execution.strings);
            now = copy;
            break;
        }
        case Kind::nothing:
            break;
    }
    retire(now, op, done);
}

/// Without a free place dispatch stands still.
TP_INLINE u64 ScheduledTiming::enter_scheduler(WaitingRoom& room, Cursor& now, u64 dispatched) {
    const u64 entered = room.enter(dispatched);
    if (entered > dispatched) now.dispatch = std::max(now.dispatch, entered << kFraction);
    return entered;
}

TP_INLINE void ScheduledTiming::write_results(Cursor& now, const MicroOp& op, u64 first, u64 second, u64 link) {
    now.computed = first;
    write(now, op.dst[kFirst], first, link);
    write(now, op.dst[kSecond], second, link);
    write(now, op.dst[kToCarry], first, link);
    write(now, op.dst[kToFlags], first, link);
}

/// Behind the first link of a chain always, behind later ones now and then. Without branches, which would be foreseen
/// badly.
TP_INLINE bool ScheduledTiming::issues_in_vain(const Operands& operands) {
    waited_ += u64{operands.waits_for != kNoLink};
    const bool enough = waited_ >= rules_.chain_later_replay;
    waited_ &= u64{enough} - 1;
    return (operands.waits_for == kFirstLink) | enough;
}

TP_INLINE u64 ScheduledTiming::compute(Cursor& now, const MicroOp& op, u64 dispatched) {
    dispatched = enter_scheduler(computations_, now, dispatched);
    const Operands operands = this->operands(op, dispatched);
    const u64 start = ports_.take(operands.ready, op.ports);
    const bool in_vain = issues_in_vain(operands);
    if (op.data_ports != 0) [[unlikely]] {
        if (in_vain) ports_.take(start, op.data_ports);
    }
    computations_.leave(start);
    static_assert(kLaterLink == kFirstLink + 1);
    const u64 link = (kFirstLink + u64{operands.waits_for != kNoLink}) & (0 - u64{op.links});
    write_results(now, op, start + op.latency, start + op.second_latency, link);
    return start + op.latency;
}

/// What holds its port for several cycles, and what takes the longer the more bits the quotient has.
TP_INLINE u64 ScheduledTiming::divide(Cursor& now, const MicroOp& op, u64 dispatched, const Execution& execution) {
    dispatched = enter_scheduler(computations_, now, dispatched);
    u64 more = 0;
    unsigned busy = op.busy;
    if (op.bits_per_cycle != 0) {
        const unsigned bits = execution.quotient_bits[division_++];
        more = bits / op.bits_per_cycle;
        if (op.bits_per_busy != 0) busy += bits / op.bits_per_busy;
    }
    const u64 start = ports_.take(operands(op, dispatched).ready, op.ports, busy);
    computations_.leave(start);
    write_results(now, op, start + op.latency + more, start + op.second_latency + more, kNoLink);
    return start + op.latency + more;
}

TP_INLINE u64 ScheduledTiming::load(Cursor& now, const MicroOp& op, u64 dispatched, const u64* addresses) {
    const u64 address = addresses[op.access];
    dispatched = enter_scheduler(accesses_, now, dispatched);
    const u64 start = ports_.take(operands(op, dispatched).ready, op.ports);
    accesses_.leave(start);
    u64 done = start + op.latency;
    if (address != kBusAccess) [[likely]] {
        if (crosses_line(address, op.bytes)) [[unlikely]] {
            done = ports_.take(start + 1, op.ports) + op.latency;
        }
        done += memory_.load(address, op.bytes, start, pc_ + op.access);
        if (stores_.may_hold(address, address + op.bytes - 1, forward_stores_)) {
            done = forwarded(op, address, dispatched, done);
        }
    }
    write(now, op.dst[kFirst], done);
    return done;
}

/// When the loaded value is there: from the cache, from a store that has not left the queue, or by renaming.
TP_INLINE u64 ScheduledTiming::forwarded(const MicroOp& op, u64 address, u64 dispatched, u64 arrives) {
    const RecentStore* const first = stores_.at(address, forward_stores_);
    const RecentStore* const last = stores_.at(address + op.bytes - 1, forward_stores_);
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
TP_INLINE bool ScheduledTiming::renamed(const MicroOp& op, const RecentStore& store, u64 address) {
    const bool same_registers = store.base == op.base() && store.index == op.index() &&
                                store.base_value == places_[op.base()] && store.index_value == places_[op.index()];
    if (store.address == address && same_registers) return true;
    const u64 id = pc_ * kMostAccesses + op.access;
    if (store.address == address && store.expression == op.expression) return renamed_loads_.met(id);
    renamed_loads_.missed(id);
    return false;
}

TP_INLINE u64 ScheduledTiming::store(Cursor& now, const MicroOp& op, u64 dispatched, const u64* addresses) {
    const u64 address = addresses[op.access];
    dispatched = enter_scheduler(accesses_, now, dispatched);
    const u64 base = places_[op.base()];
    const u64 index = places_[op.index()];
    const u64 address_ready = std::max(dispatched, std::max(base, index) >> kVersionBits);
    const u64 data_ready = std::max(dispatched, ready(op.src[2]));
    const u64 addressed = ports_.take(address_ready, op.ports);
    const u64 stored = ports_.take(data_ready, op.data_ports);
    const u64 done = std::max(addressed, stored);
    accesses_.leave(done);
    if (address == kBusAccess) [[unlikely]] {
        return done;
    }
    if (crosses_line(address, op.bytes)) [[unlikely]] {
        ports_.take(stored + 1, op.data_ports);
    }
    memory_.store(address, op.bytes, done, pc_ + op.access);
    const u64 retires = std::max(now.retire >> kFraction, data_ready);
    stores_.push({address, data_ready, retires, base, index, 0, op.expression, op.bytes, op.base(), op.index()});
    return done;
}

/// Everything before has retired, and nothing behind has begun: what follows begins with a cycle, whatever was before.
TP_INLINE u64 ScheduledTiming::drain(Cursor& now, u64 cycles) {
    now.retire = ((std::max(now.retire, now.dispatch) + kCycle - 1) & ~(kCycle - 1)) + (cycles << kFraction);
    now.dispatch = now.retire;
    waited_ = 0;
    return now.retire >> kFraction;
}

u64 ScheduledTiming::strings(Cursor& now, const StringAccesses* accesses) {
    if (accesses == nullptr) return now.dispatch >> kFraction;
    u64 done = std::max(now.dispatch, now.retire) >> kFraction;
    done += accesses->units;
    for (unsigned n = 0; n < accesses->count; ++n) {
        const u64 address = accesses->address[n] & ~u64{1};
        const bool write = (accesses->address[n] & 1) != 0;
        done += write ? memory_.store(address, 1, done, pc_) : memory_.load(address, 1, done, pc_);
    }
    for (const u8 place : {RAX, RCX, RSI, RDI}) write(now, place, done);
    now.dispatch = std::max(now.dispatch, done << kFraction);
    return done;
}

TP_INLINE void ScheduledTiming::retire(Cursor& now, const MicroOp& op, u64 done) {
    now.retire = std::max(now.retire, done << kFraction) + op.slots * retire_slot_;
    const u64 cycle = now.retire & ~(kCycle - 1);
    // Always one, without asking how many: what is too much the next micro-op overwrites.
    static_assert(kSlotsWrittenAtOnce == 1);
    retired_[now.slots & window_mask_] = cycle;
    for (unsigned n = 1; n < op.slots; ++n) [[unlikely]] {
            retired_[(now.slots + n) & window_mask_] = cycle;
        }
    now.slots += op.slots;
}

void ScheduledTiming::memory_written(u64 address, u64 bytes) {
    memory_.device_wrote(address, bytes, cursor_.retire >> kFraction);
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
    told_ = cursor_.retire >> kFraction;
}

}  // namespace turnpike::cpu::scheduled
