// SPDX-License-Identifier: Apache-2.0
// The scheduled model's state between two blocks as a snapshot, in times since the cycle of dispatch, and back.
#include <algorithm>

#include "models/cpu/scheduled/answers.h"
#include "models/cpu/scheduled/scheduled_timing.h"

namespace turnpike::cpu::scheduled {
namespace {

// A store's registers and what is known of it, in a word.
constexpr unsigned kIndexShift = 5;
constexpr u32 kSameBase = 1U << 10;   ///< the base is as the store found it
constexpr u32 kSameIndex = 1U << 11;  ///< the index is, too
constexpr u32 kYoung = 1U << 12;      ///< its times matter still

/// Cycle `sum` - `part`, but not before the beginning.
u64 before(u64 sum, u64 part) { return sum > part ? sum - part : 0; }

}  // namespace

/// The state's snapshot, if it has one: nothing in it lies too far ahead.
bool ScheduledTiming::save() {
    const u64 base = cursor_.dispatch >> kFraction;
    const u64 retire = std::max(cursor_.retire >> kFraction, base);
    if (retire > base + kMostAhead || base < kMostAhead) return false;
    snapshot_.clear();
    save_times(base);
    ports_.save(snapshot_, base, retire + 2);
    computations_.save(snapshot_, base);
    accesses_.save(snapshot_, base);
    save_stores(base);
    save_front(base);
    return snapshot_.fits();
}

/// The members become the state that has been reached. Stores of the block that is told again count as later ones.
void ScheduledTiming::restore() {
    seen_stores_ = stores_.last();
    for (const Question& question : tape_.questions())
        if (question.kind() == Question::Kind::store && question.answer != kOutside) --seen_stores_;
    SnapshotReader from(memo_.words(state_));
    restore_times(from);
    ports_.restore(from, base_);
    computations_.restore(from, base_);
    accesses_.restore(from, base_);
    restore_stores(from);
    restore_front(from);
    live_ = true;
}

/// What is ready or retired when the next micro-op is dispatched might as well have been long before.
void ScheduledTiming::save_times(u64 base) {
    const u64 begin = base << kFraction;
    snapshot_.put(cursor_.dispatch - begin);
    const u64 retire = std::max(cursor_.retire, begin) - begin;
    snapshot_.put(retire & (kCycle - 1));
    snapshot_.put(retire >> kFraction);
    snapshot_.put(before(cursor_.computed + mispredict_cycles_, base));
    snapshot_.put(cursor_.waited);
    snapshot_.put(before(lock_free_, base));
    snapshot_.put_many(kSink, [&](Snapshot::Row& row) {
        for (u8 place = 0; place < kSink; ++place) {
            const u64 when = before(ready(place), base);
            row.put(when == 0 ? 0 : when << 2 | (places_[place] & kNotWaited) >> kNumberBits);
        }
    });
    save_retirement(begin);
}

/// Slot by slot back from the last one, as runs of slots that retire in one cycle; 0 ends them.
void ScheduledTiming::save_retirement(u64 begin) {
    constexpr u64 kStride = 4;
    const u64 window = rules_.reorder_window;
    const auto retired = [&](u64 back) { return retired_[(cursor_.slots - back - 1) & (kWindow - 1)]; };
    snapshot_.put_many(2 * window + 1, [&](Snapshot::Row& row) {
        for (u64 n = 0; n < window && retired(n) > cursor_.dispatch;) {
            const u64 first = n;
            const u64 cycle = retired(n);
            // What retires further back retires no later.
            while (n + kStride < window && retired(n + kStride) == cycle) n += kStride;
            do ++n;
            while (n < window && retired(n) == cycle);
            row.put((cycle - begin) >> kFraction);
            row.put(n - first);
        }
        row.put(0);
    });
}

void ScheduledTiming::restore_times(SnapshotReader& from) {
    const u64 begin = base_ << kFraction;
    cursor_.dispatch = begin + from.get();
    const u64 fraction = from.get();
    cursor_.retire = begin + (u64{from.get()} << kFraction) + fraction;
    cursor_.computed = before(base_ + from.get(), mispredict_cycles_);
    cursor_.waited = from.get();
    lock_free_ = base_ + from.get();
    for (u8 place = 0; place < kSink; ++place) {
        const u64 word = from.get();
        // The writers' numbers are any that differ; what is ready differs from all to come by its time, too.
        const u64 number = (cursor_.count - place) & ((1U << kNumberBits) - 1);
        const u64 when = word == 0 ? base_ - 1 : base_ + (word >> 2);
        places_[place] = when << kVersionBits | (word & 3) << kNumberBits | number;
    }
    u64 back = 1;
    const auto put = [&](u64 cycle) { retired_[(cursor_.slots - back++) & (kWindow - 1)] = cycle; };
    for (u64 cycle = from.get(); cycle != 0; cycle = from.get()) {
        for (u64 slots = from.get(); slots != 0; --slots) put(begin + (cycle << kFraction));
    }
    while (back <= rules_.reorder_window) put(0);
}

/// Where the stores lie is not a matter of time. Of most the data is long ready.
void ScheduledTiming::save_stores(u64 base) {
    const u64 latency = std::max(rules_.forward_latency, rules_.forward_rmw_latency);
    const u64 span_latency = rules_.forward_span_latency;
    constexpr std::size_t kMostOfStore = 4;
    snapshot_.put_many(forward_stores_ * kMostOfStore, [&](Snapshot::Row& row) {
        for (u32 n = 0; n < forward_stores_; ++n) {
            const RecentStore& store = stores_.numbered(seen_stores_ - n);
            const u64 data = before(store.data_ready + latency, base);
            const u64 retires = before(store.retires + span_latency, base);
            const u32 flags = (store.base_value == places_[store.from.base()] ? kSameBase : 0) |
                              (store.index_value == places_[store.from.index()] ? kSameIndex : 0) |
                              ((data | retires) != 0 ? kYoung : 0);
            row.put(store.from.expression);
            row.put(store.from.base() | u32{store.from.index()} << kIndexShift | flags);
            if ((flags & kYoung) == 0) continue;
            row.put(data);
            row.put(retires);
        }
    });
}

void ScheduledTiming::restore_stores(SnapshotReader& from) {
    constexpr u64 kOther = ~u64{0};
    constexpr u16 kRegister = (1U << kIndexShift) - 1;
    const u64 latency = std::max(rules_.forward_latency, rules_.forward_rmw_latency);
    for (u32 n = 0; n < forward_stores_; ++n) {
        RecentStore& store = stores_.numbered(seen_stores_ - n);
        store.from.expression = from.get();
        const u16 word = from.get();
        store.from.src[0] = word & kRegister;
        store.from.src[1] = word >> kIndexShift & kRegister;
        store.base_value = (word & kSameBase) != 0 ? places_[store.from.base()] : kOther;
        store.index_value = (word & kSameIndex) != 0 ? places_[store.from.index()] : kOther;
        const bool young = (word & kYoung) != 0;
        store.data_ready = before(base_ + (young ? from.get() : 0), latency);
        store.retires = before(base_ + (young ? from.get() : 0), rules_.forward_span_latency);
    }
}

void ScheduledTiming::save_front(u64 base) {
    const u64 begin = base << kFraction;
    snapshot_.put_long(fetched_ - begin);
    snapshot_.put_long(predicted_ - begin);
    snapshot_.put_long(predicted_line_);
    snapshot_.put_long(visit_.line);
    snapshot_.put(visit_.places);
    snapshot_.put_long(line_);
    snapshot_.put(line_slots_);
    snapshot_.put_long(branch_.pc);
    snapshot_.put_long(branch_.fallthrough);
    snapshot_.put(static_cast<u64>(branch_.kind));
    snapshot_.put((visit_.first ? 1 : 0) | (visit_.within ? 2 : 0) | (stack_dirty_ ? 4 : 0) | (jumped_ ? 8 : 0) |
                  (cut_ ? 16 : 0) | (branch_.there ? 32 : 0));
}

void ScheduledTiming::restore_front(SnapshotReader& from) {
    const u64 begin = base_ << kFraction;
    fetched_ = begin + from.get_long();
    predicted_ = begin + from.get_long();
    predicted_line_ = from.get_long();
    visit_.line = from.get_long();
    visit_.places = from.get();
    line_ = from.get_long();
    line_slots_ = from.get();
    branch_.pc = from.get_long();
    branch_.fallthrough = from.get_long();
    branch_.kind = static_cast<BranchKind>(from.get());
    const u16 flags = from.get();
    visit_.first = (flags & 1) != 0;
    visit_.within = (flags & 2) != 0;
    stack_dirty_ = (flags & 4) != 0;
    jumped_ = (flags & 8) != 0;
    cut_ = (flags & 16) != 0;
    branch_.there = (flags & 32) != 0;
}

}  // namespace turnpike::cpu::scheduled
