// SPDX-License-Identifier: Apache-2.0
// The scheduled model's memory of what it did: the questions that it asks of what is around it, executions told again
// from what was remembered, and what is worth remembering.
#include <algorithm>

#include "models/cpu/exec/exec.h"
#include "models/cpu/scheduled/answers.h"
#include "models/cpu/scheduled/scheduled_timing.h"

namespace turnpike::cpu::scheduled {
namespace {

// Remembering must pay. Each block gives a credit of 1; a look whether a state is known costs:
constexpr std::int64_t kCostOfLook = 256;
// Blocks from a look in vain to the next one, the more the longer nothing has been known; but one while there is much
// credit, since at first everything is new.
constexpr u32 kShortestPause = 8;
constexpr u32 kLongestPause = 64;
// With no more room, what is remembered is forgotten when it is of no use: a look in vain against blocks told again.
constexpr std::int64_t kUseless = 64;
constexpr std::int64_t kMostUseless = 1 << 16;

bool crosses_line(u64 address, unsigned bytes) {
    return (address >> Cache::kLineShift) != (address + bytes - 1) >> Cache::kLineShift;
}

}  // namespace

u32 ScheduledTiming::ask_branch(u64 target) { return static_cast<u32>(predictor_.resolve(branch_, jumped_, target)); }

u32 ScheduledTiming::ask_load_beyond(u64 address, unsigned bytes, u64 start, u64 pc) {
    if (address == kBusAccess) return kOutside;
    const u32 latency = std::min(memory_.access(address, bytes, start, pc, false), kLatency);
    if (crosses_line(address, bytes)) [[unlikely]] {
        return latency | kCrossesLine | crossing_meets_store(address, bytes);
    }
    return latency | meets_store(address, bytes);
}

/// What a load from two lines meets.
[[gnu::noinline]] u32 ScheduledTiming::crossing_meets_store(u64 address, unsigned bytes) const {
    const u64 last = address + bytes - 1;
    const bool may_hold = stores_.may_hold(address, forward_stores_) || stores_.may_hold(last, forward_stores_);
    return may_hold ? word_of(stores_.match(address, bytes, forward_stores_)) : 0;
}

u32 ScheduledTiming::ask_store_beyond(u64 address, unsigned bytes, u64 done, u64 pc) {
    if (address == kBusAccess) return kOutside;
    memory_.access(address, bytes, done, pc, true);
    stores_.push(address, static_cast<u8>(bytes));
    return crosses_line(address, bytes) ? kCrossesLine : 0;
}

/// When a string instruction that begins at `done` is done.
u64 ScheduledTiming::strings(u64 done, const StringAccesses& accesses) {
    done += accesses.units;
    for (unsigned n = 0; n < accesses.count; ++n) {
        const u64 address = accesses.address[n] & ~u64{1};
        const bool write = (accesses.address[n] & 1) != 0;
        done += write ? memory_.store(address, 1, done, pc_) : memory_.load(address, 1, done, pc_);
    }
    return done;
}

/// Loads and stores apart from all others: the host foresees two branches better than one indirect jump.
TP_INLINE u32 ScheduledTiming::ask_again(const Question& question, const Program& program, const Execution& execution) {
    const Question::Kind kind = question.kind();
    if (kind == Question::Kind::load) {
        const u64 address = execution.addresses[question.number];
        if (memory_.hits_newest(address, question.bytes)) return meets_store(address, question.bytes);
    } else if (kind == Question::Kind::store) {
        if (takes_store(execution.addresses[question.number], question.bytes)) return 0;
    }
    return ask_again_beyond(question, program, execution);
}

u32 ScheduledTiming::ask_again_beyond(const Question& question, const Program& program, const Execution& execution) {
    const u64 at = base_ + question.at();
    const u64 pc = program.address + question.number;
    switch (question.kind()) {
        case Question::Kind::branch:
            return ask_branch(program.address);
        case Question::Kind::line:
            return memory_.fetch((program.first_line + question.number) * rules_.line_bytes >> Cache::kLineShift, at);
        case Question::Kind::load:
            return ask_load_beyond(execution.addresses[question.number], question.bytes, at, pc);
        case Question::Kind::store:
            return ask_store_beyond(execution.addresses[question.number], question.bytes, at, pc);
        case Question::Kind::met:
            return renamed_loads_.met(rename_id(program.address, question.number));
        case Question::Kind::missed:
            renamed_loads_.missed(rename_id(program.address, question.number));
            return 0;
        case Question::Kind::quotient:
            return execution.quotient_bits[question.number];
        case Question::Kind::string:
            return static_cast<u32>(strings(at, *execution.strings()) - at);
    }
    return 0;
}

/// Another step of the same execution that has the same answers so far, and this one.
const Step* ScheduledTiming::other_with(const Step& step, u32 question, u32 answer) const {
    const Question* const given = step.questions();
    for (const Step* other = memo_.find(state_, step.key); other != nullptr; other = memo_.next(*other)) {
        const Question* const asked = other->questions();
        u32 n = 0;
        while (n < question && asked[n].answer == given[n].answer) ++n;
        if (n == question && asked[n].answer == answer) return other;
    }
    return nullptr;
}

/// What the tape knows of an execution that goes another way than any step: the answers that were given so far.
void ScheduledTiming::know(const Step& step, u32 question, u32 answer) {
    for (u32 n = 0; n <= question; ++n) tape_.know(step.questions()[n]);
    tape_.correct(answer);
}

/// The step that the execution takes as it did before. If none is known, the tape knows what was asked for it.
TP_INLINE const Step* ScheduledTiming::find_step(const Program& program, const Execution& execution, u64 key) {
    const Step* step = memo_.find(state_, key);
    if (step == nullptr) return nullptr;
    memo_.foresee(step->to);
    pc_ = program.address;
    for (u32 n = 0; n < step->count; ++n) {
        const Question& question = step->questions()[n];
        const u32 answer = ask_again(question, program, execution);
        if (answer == question.answer) [[likely]] {
            continue;
        }
        const Step* const other = other_with(*step, n, answer);
        if (other == nullptr) {
            know(*step, n, answer);
            return nullptr;
        }
        memo_.put_first(state_, *other);
        step = other;
    }
    return step;
}

u64 ScheduledTiming::execute(const Execution& execution) {
    const Program& program = static_cast<const Program&>(*execution.block);
    const u64 key = program.id | execution.part;
    const Step* const step = state_ != Memo::kNone ? find_step(program, execution, key) : nullptr;
    if (step == nullptr) return work_out(program, execution, key);
    state_ = step->to;
    live_ = false;
    base_ += step->dispatched;
    told_ += step->retired;
    jumped_ = execution.taken();
    ++told_again_;
    if (execution.last() == program.instructions) end_block(program);
    return step->retired;
}

/// With the answers that the tape knows already; behind it the tape is empty again.
u64 ScheduledTiming::work_out(const Program& program, const Execution& execution, u64 key) {
    if (state_ == Memo::kNone) {
        base_ = cursor_.dispatch >> kFraction;
    } else if (!live_) {
        restore();
    }
    const u64 told = told_;
    schedule_all(program, execution);
    learn(key, told_ - told);
    tape_.start();
    return told_ - told;
}

/// What was told again since the last time has saved so much.
void ScheduledTiming::settle_credit() {
    const auto fresh = static_cast<std::int64_t>(told_again_ - credited_);
    credited_ = told_again_;
    credit_ = std::min(credit_ + fresh, kMostCredit);
    useless_ = std::max<std::int64_t>(useless_ - fresh, 0);
}

void ScheduledTiming::look_in_vain() {
    pause_ = credit_ >= kMostCredit / 2 ? 1 : wait_;
    wait_ = std::min(2 * wait_, kLongestPause);
    if (!memo_.full() || (useless_ += kUseless) < kMostUseless) return;
    memo_.forget();
    credit_ = kMostCredit;
    useless_ = 0;
}

/// Behind an execution that was not told again: remembers it, if that is worth it.
void ScheduledTiming::learn(u64 key, u64 cycles) {
    const u32 from = state_;
    const u64 begun = base_;
    state_ = Memo::kNone;
    settle_credit();
    credit_ = std::min(credit_ + 1, kMostCredit);
    if (from == Memo::kNone && --pause_ != 0) return;
    pause_ = kLongestPause;
    if (!memo_.on() || credit_ < 0) return;
    credit_ -= kCostOfLook;
    if (save()) state_ = memo_.state(snapshot_);
    if (state_ == Memo::kNone) {
        look_in_vain();
        return;
    }
    live_ = true;
    wait_ = kShortestPause;
    pause_ = 1;
    base_ = cursor_.dispatch >> kFraction;
    const u64 dispatched = base_ - begun;
    if (from == Memo::kNone || !tape_.fits() || dispatched > kMostAhead || cycles > kMostAhead) return;
    Step step;
    step.key = key;
    step.dispatched = static_cast<u16>(dispatched);
    step.retired = static_cast<u16>(cycles);
    step.to = state_;
    memo_.add(from, step, tape_.questions());
}

}  // namespace turnpike::cpu::scheduled
