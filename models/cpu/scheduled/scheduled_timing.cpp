// SPDX-License-Identifier: Apache-2.0
#include "models/cpu/scheduled/scheduled_timing.h"

#include <algorithm>

#include "models/cpu/exec/exec.h"
#include "models/cpu/scheduled/answers.h"

namespace turnpike::cpu::scheduled {
void ScheduledTiming::schedule_all(const Program& program, const Execution& execution) {
    enter(program, execution.first() == 0);
    pc_ = program.address;
    division_ = 0;
    Cursor now = cursor_;
    const u32 begun = now.count;
    ports_.forget_before(now.dispatch >> kFraction);
    // Mostly whole blocks run, and the tables for parts of them need not be looked into.
    const bool to_end = execution.last() == program.instructions;
    const u32 first = execution.first() == 0 ? 0 : program.begin[execution.first()];
    const u32 end = to_end ? program.size : program.begin[execution.last()];
    const u32 entered = line_slots_ << 1 | u32{stack_dirty_};
    if (entered != program.laid_out_for || end - first != program.size) [[unlikely]] {
        lay_out(program, first, end);
        program.laid_out_for = end - first == program.size ? entered : Program::kNeverLaidOut;
    }
    line_slots_ = program.slots_behind;
    const MicroOp* const last = program.ops.data() + end;
    for (const MicroOp* op = program.ops.data() + first; op != last; ++op) schedule(now, *op, execution);
    cursor_ = now;
    go_through(program, execution, to_end);
    const StackState stack = to_end ? program.stack : program.stack_before[execution.last()];
    if (stack != StackState::as_before) stack_dirty_ = stack == StackState::dirty;
    jumped_ = execution.taken();
    cut_ = !to_end;
    if (to_end) end_block(program);
    // Without a micro-op nothing retires.
    if (now.count != begun) told_ = now.retire >> kFraction;
}

/// A block that goes on in the code line of the last one shares its slots.
inline void ScheduledTiming::enter(const Program& program, bool from_start) {
    if (!from_start) return;
    const bool cut = cut_;
    cut_ = false;
    if (branch_.there) resolve_branch(program);
    fetch(program);
    if (jumped_ || (program.first_line != line_ && !cut)) {
        line_slots_ = 0;
        u64 waits = 0;
        for (u64 line = program.first_line; line <= program.last_line; ++line) {
            const u64 now = cursor_.dispatch >> kFraction;
            waits += ask(Question::Kind::line, now, static_cast<u8>(line - program.first_line), 0,
                         [&] { return memory_.fetch(line * rules_.line_bytes >> Cache::kLineShift, now); });
        }
        cursor_.dispatch += waits << kFraction;
    }
    // A repetition comes back to its line again and again.
    line_slots_ = std::min<u32>(line_slots_, kMostLineSlots - 1);
    line_ = program.last_line;
}

/// The predictor runs ahead of fetch, and fetch ahead of dispatch. Each code line that was gone through counts once,
/// however it was cut into blocks; from where it was left an interrupt leads anywhere. A block is dispatched when its
/// first line is fetched; its further ones hold up the next block.
inline void ScheduledTiming::fetch(const Program& program) {
    const u64 lines = (jumped_ ? line_ : program.first_line) - predicted_line_;
    predicted_ += (lines > kMostLines ? 1 : lines) * target_;
    predicted_line_ = program.first_line;
    if (jumped_) {
        end_run(program.address);
    } else if (program.first_filled != visit_.line) {
        leave_line();
    }
    fetched_ = std::max(fetched_ + fetch_ahead_, cursor_.dispatch) - fetch_ahead_;
    predicted_ = std::max(predicted_ + predict_ahead_, cursor_.dispatch) - predict_ahead_;
    if (jumped_) predict_target(program.address);
    fetched_ = std::max(fetched_, predicted_);
    if (jumped_) visit_ = {0, 0, true, program.address % rules_.line_bytes != 0};
    cursor_.dispatch = std::max(cursor_.dispatch, fetched_);
}

/// What is executed in part stops or begins within a line.
inline void ScheduledTiming::go_through(const Program& program, const Execution& execution, bool to_end) {
    if (execution.first() != 0 || !to_end) [[unlikely]] {
        visit_.line = program.first_filled;
        visit_.places += execution.last() - execution.first();
    } else {
        visit_.line = program.first_filled + program.line_places.size() - 1;
        visit_.places += program.line_places.front();
        for (std::size_t n = 1; n < program.line_places.size(); ++n) {
            leave_line();
            visit_.places += program.line_places[n];
        }
    }
    // A repetition comes back to its line again and again.
    visit_.places = std::min<u32>(visit_.places, FetchTable::kMostPlaces - kMostPlacesOfLine - 1);
}

inline void ScheduledTiming::leave_line() {
    const LineFetch& of = fetch_table_.leave(visit_);
    fetched_ += of.time;
    visit_.places = of.carried;
    visit_.first = false;
}

/// A taken branch ends its entry of the op cache, one backwards the cycle.
inline void ScheduledTiming::end_run(u64 target) {
    fetched_ += fetch_table_.end(visit_).time;
    const u64 unit = target <= branch_.pc ? kCycle : fetch_entry_;
    fetched_ = (fetched_ + unit - 1) & ~(unit - 1);
}

/// Several targets in a cycle, but those from the return stack or the indirect predictor begin a cycle of their own,
/// and a branch backwards ends its cycle. A call holds the predictor up.
inline void ScheduledTiming::predict_target(u64 target) {
    const auto whole = [](u64 time) { return (time + kCycle - 1) & ~(kCycle - 1); };
    const bool call = branch_.kind == BranchKind::call || branch_.kind == BranchKind::indirect_call;
    const bool looked_up = branch_.kind == BranchKind::ret || branch_.kind == BranchKind::indirect;
    if (call || looked_up) predicted_ = whole(predicted_);
    predicted_ += call ? call_ : target_;
    if (!call && !looked_up && target <= branch_.pc) predicted_ = whole(predicted_);
}

/// The block behind a branch tells where it went. What was wrongly foreseen is fetched when the branch has executed.
inline void ScheduledTiming::resolve_branch(const Program& program) {
    const auto answer = static_cast<BranchAnswer>(
        ask(Question::Kind::branch, base_, 0, 0, [&] { return ask_branch(program.address); }));
    if (answer == BranchAnswer::mispredicted) {
        cursor_.dispatch = std::max(cursor_.dispatch, (cursor_.computed + mispredict_cycles_) << kFraction);
        fetched_ = predicted_ = cursor_.dispatch;
        visit_ = {};
    } else if (answer == BranchAnswer::resteered) {
        cursor_.dispatch += resteer_cycles_ << kFraction;
    }
    branch_.there = false;
}

TP_INLINE u64 ScheduledTiming::dispatch(Cursor& now, const MicroOp& op) {
    ++now.count;
    const u64 window_opens = retired_[(now.slots - rules_.reorder_window) & (kWindow - 1)];
    now.dispatch = std::max(now.dispatch, window_opens);
    const u64 at = now.dispatch >> kFraction;
    now.dispatch += op.advance;
    return at;
}

/// The place of the operand that is ready last; if none is later than `since`, one that was ready then. Loads and plain
/// computations have three operands at most.
template <bool Wide>
TP_INLINE u64 ScheduledTiming::last_operand(const MicroOp& op, u64 since) const {
    constexpr u64 kSince = (u64{1} << kVersionBits) - 1;
    static_assert((kSince & kNotWaited) == kNotWaited);
    u64 last = std::max({since << kVersionBits | kSince, places_[op.src[0]], places_[op.src[1]], places_[op.src[2]]});
    if constexpr (Wide) last = std::max({last, places_[op.src[3]], places_[op.src[4]], places_[op.src[5]]});
    return last;
}

/// What is no plain computation, load or store.
TP_INLINE u64 ScheduledTiming::schedule_rest(Cursor& now, const MicroOp& op, u64 dispatched,
                                             const Execution& execution) {
    u64 done = dispatched;
    switch (op.kind) {
        case Kind::sync:
            done = compute<false>(now, op, dispatched);
            break;
        case Kind::wide:
            done = compute<true>(now, op, dispatched);
            break;
        case Kind::move: {
            const u64 when = std::max(ready(op.src[0]), dispatched);
            const u64 link = places_[op.src[0]] & kNotWaited;
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
        case Kind::string:
            if (execution.strings() == nullptr) break;
            done = std::max(now.dispatch, now.retire) >> kFraction;
            done += ask(Question::Kind::string, done, 0, 0, [&] { return strings(done, *execution.strings()) - done; });
            for (const u8 place : {RAX, RCX, RSI, RDI}) write(now, place, done);
            now.dispatch = std::max(now.dispatch, done << kFraction);
            break;
        default:
            break;
    }
    return done;
}

TP_INLINE void ScheduledTiming::schedule(Cursor& now, const MicroOp& op, const Execution& execution) {
    // Not one indirect jump: the host foresees three branches better.
    u64 done;
    if (op.kind == Kind::compute) {
        done = compute<false>(now, op, dispatch(now, op));
    } else if (op.kind == Kind::load) {
        done = load(now, op, dispatch(now, op), execution.addresses);
    } else if (op.kind == Kind::store) {
        done = store(now, op, dispatch(now, op), execution.addresses);
    } else {
        if (op.kind == Kind::sync && !stack_dirty_) return;
        done = schedule_rest(now, op, dispatch(now, op), execution);
    }
    retire(now, op, done);
}

/// Without a free place dispatch stands still.
TP_INLINE u64 ScheduledTiming::enter_scheduler(WaitingRoom& room, Cursor& now, u64 dispatched) {
    const u64 entered = room.enter(dispatched);
    if (entered > dispatched) now.dispatch = std::max(now.dispatch, entered << kFraction);
    return entered;
}

TP_INLINE void ScheduledTiming::write_results(Cursor& now, const MicroOp& op, u64 first, u64 link) {
    now.computed = first;
    write(now, op.dst[kFirst], first, link);
    write(now, op.dst[kToCarry], first, link);
    write(now, op.dst[kToFlags], first, link);
}

/// Behind the first link of a chain always, behind later ones now and then.
TP_INLINE void ScheduledTiming::issue_in_vain(Cursor& now, const MicroOp& op, u64 start, bool first) {
    const bool enough = ++now.waited >= rules_.chain_later_replay;
    now.waited &= u64{enough} - 1;
    if (first || enough) ports_.take(start, op.data_ports);
}

template <bool Wide>
TP_INLINE u64 ScheduledTiming::compute(Cursor& now, const MicroOp& op, u64 dispatched) {
    dispatched = enter_scheduler(computations_, now, dispatched);
    const u64 last = last_operand<Wide>(op, dispatched);
    const u64 start = ports_.take(last >> kVersionBits, op.ports);
    u64 link = op.link;
    // Either link, by the carry between the two bits.
    if (((last + kFirstLink) & kLaterLink) != 0) {
        issue_in_vain(now, op, start, (last & kFirstLink) != 0);
        link <<= 1;
    }
    computations_.leave(dispatched, start);
    if constexpr (Wide) write(now, op.dst[kSecond], start + op.second_latency, link);
    write_results(now, op, start + op.latency, link);
    return start + op.latency;
}

/// What holds its port for several cycles, and what takes the longer the more bits the quotient has.
TP_INLINE u64 ScheduledTiming::divide(Cursor& now, const MicroOp& op, u64 dispatched, const Execution& execution) {
    dispatched = enter_scheduler(computations_, now, dispatched);
    u64 more = 0;
    unsigned busy = op.busy;
    if (op.bits_per_cycle != 0) {
        const u8* const quotient = &execution.quotient_bits[division_];
        const u32 bits = ask(Question::Kind::quotient, base_, division_, 0, [&] { return *quotient; });
        ++division_;
        more = bits / op.bits_per_cycle;
        if (op.bits_per_busy != 0) busy += bits / op.bits_per_busy;
    }
    const u64 start = ports_.take(last_operand<true>(op, dispatched) >> kVersionBits, op.ports, busy);
    computations_.leave(dispatched, start);
    write(now, op.dst[kSecond], start + op.second_latency + more);
    write_results(now, op, start + op.latency + more, kNoLink);
    return start + op.latency + more;
}

TP_INLINE u64 ScheduledTiming::load(Cursor& now, const MicroOp& op, u64 dispatched, const u64* addresses) {
    const u64 address = addresses[op.access];
    dispatched = enter_scheduler(accesses_, now, dispatched);
    const u64 start = ports_.take(last_operand<false>(op, dispatched) >> kVersionBits, op.ports);
    accesses_.leave(dispatched, start);
    u64 done = start + op.latency;
    const u32 found = ask(Question::Kind::load, start, op.access, op.bytes,
                          [&] { return ask_load(address, op.bytes, start, pc_ + op.access); });
    if (found != 0) [[unlikely]] {
        done = load_beyond(op, found, dispatched, start);
    }
    write(now, op.dst[kFirst], done);
    return done;
}

/// A load that is not simply a hit.
u64 ScheduledTiming::load_beyond(const MicroOp& op, u32 found, u64 dispatched, u64 start) {
    if (found == kOutside) return start + op.latency;
    const u64 begins = (found & kCrossesLine) != 0 ? ports_.take(start + 1, op.ports) : start;
    const u64 arrives = begins + op.latency + (found & kLatency);
    const Match match = match_of(found);
    return match.back != 0 ? forwarded(op, match, dispatched, arrives) : arrives;
}

/// When the loaded value is there: from the cache, from a store that has not left the queue, or by renaming.
TP_INLINE u64 ScheduledTiming::forwarded(const MicroOp& op, Match match, u64 dispatched, u64 arrives) {
    const RecentStore& store = stores_.numbered(seen_stores_ + 1 - match.back);
    if (!match.covers) return match.apart ? arrives : std::max(arrives, store.retires + rules_.forward_span_latency);
    if (op.renamable && renamed(op, match, store)) return std::max(dispatched, store.data_ready);
    return std::max(arrives, store.data_ready + (op.rmw ? rules_.forward_rmw_latency : rules_.forward_latency));
}

/// The same expression with the same registers is renamed at once, with registers written anew only where that has been
/// learned.
TP_INLINE bool ScheduledTiming::renamed(const MicroOp& op, Match match, const RecentStore& store) {
    const bool same_registers = store.from.base() == op.base() && store.from.index() == op.index() &&
                                store.base_value == places_[op.base()] && store.index_value == places_[op.index()];
    if (match.same_address && same_registers) return true;
    const u64 id = rename_id(pc_, op.access);
    if (match.same_address && store.from.expression == op.expression) {
        return ask(Question::Kind::met, base_, op.access, 0, [&] { return renamed_loads_.met(id); }) != 0;
    }
    ask(Question::Kind::missed, base_, op.access, 0, [&] {
        renamed_loads_.missed(id);
        return 0;
    });
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
    accesses_.leave(dispatched, done);
    const u32 found = ask(Question::Kind::store, done, op.access, op.bytes,
                          [&] { return ask_store(address, op.bytes, done, pc_ + op.access); });
    if (found != 0) [[unlikely]] {
        if (found == kOutside) return done;
        ports_.take(stored + 1, op.data_ports);
    }
    const u64 retires = std::max(now.retire >> kFraction, data_ready);
    RecentStore& recent = stores_.numbered(++seen_stores_);
    recent.data_ready = data_ready;
    recent.retires = retires;
    recent.base_value = base;
    recent.index_value = index;
    recent.from = op;
    return done;
}

/// Everything before has retired, and nothing behind has begun: what follows begins with a cycle, whatever was before.
TP_INLINE u64 ScheduledTiming::drain(Cursor& now, u64 cycles) {
    now.retire = ((std::max(now.retire, now.dispatch) + kCycle - 1) & ~(kCycle - 1)) + (cycles << kFraction);
    now.dispatch = now.retire;
    now.waited = 0;
    return now.retire >> kFraction;
}

TP_INLINE void ScheduledTiming::retire(Cursor& now, const MicroOp& op, u64 done) {
    now.retire = std::max(now.retire, done << kFraction) + op.slots * retire_slot_;
    const u64 cycle = now.retire & ~(kCycle - 1);
    // Always one, without asking how many: what is too much the next micro-op overwrites.
    static_assert(kSlotsWrittenAtOnce == 1);
    retired_[now.slots & (kWindow - 1)] = cycle;
    if (op.slots > 1) [[unlikely]] {
        for (unsigned n = 1; n < op.slots; ++n) retired_[(now.slots + n) & (kWindow - 1)] = cycle;
    }
    now.slots += op.slots;
}

}  // namespace turnpike::cpu::scheduled
