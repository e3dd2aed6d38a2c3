// SPDX-License-Identifier: Apache-2.0
#include "sw/kernel/timer_wheel.h"

namespace fw {

void TimerWheel::init() {
    clock_ = 0;
    for (u64& slots : occupied_) slots = 0;
    for (auto& level : slots_) {
        for (Slot& slot : level) slot = {nullptr, &slot.first};
    }
}

TimerWheel::Place TimerWheel::place(u64 expires) const {
    const u64 time = expires < clock_ ? clock_ : expires;
    const unsigned level = level_of(time ^ clock_);
    return {level, digit(time, level)};
}

void TimerWheel::append(timer_list* timer, Place at) {
    Slot& slot = slots_[at.level][at.digit];
    timer->next = nullptr;
    timer->pprev = slot.last;
    *slot.last = timer;
    slot.last = &timer->next;
    occupied_[at.level] |= u64{1} << at.digit;
}

void TimerWheel::add(timer_list* timer) { append(timer, place(timer->expires)); }

void TimerWheel::remove(timer_list* timer) {
    *timer->pprev = timer->next;
    if (timer->next) timer->next->pprev = timer->pprev;
    // One that was taken is in no slot; then neither condition holds for the one that its time leads to.
    const Place at = place(timer->expires);
    Slot& slot = slots_[at.level][at.digit];
    if (slot.last == &timer->next) slot.last = timer->pprev;
    if (!slot.first) occupied_[at.level] &= ~(u64{1} << at.digit);
    timer->pprev = nullptr;
}

u64 TimerWheel::first() const {
    for (unsigned level = 0; level < kLevels; ++level) {
        if (!occupied_[level]) continue;
        // Lower levels come first, and within one all slots lie behind the clock's own.
        const auto slot = static_cast<unsigned>(__builtin_ctzll(occupied_[level]));
        if (level == 0) return (clock_ & ~u64{kSlots - 1}) | slot;
        u64 earliest = kNever;
        for (const timer_list* timer = slots_[level][slot].first; timer; timer = timer->next) {
            if (timer->expires < earliest) earliest = timer->expires;
        }
        return earliest;
    }
    return kNever;
}

timer_list* TimerWheel::empty(Place at) {
    Slot& slot = slots_[at.level][at.digit];
    timer_list* const timers = slot.first;
    slot = {nullptr, &slot.first};
    occupied_[at.level] &= ~(u64{1} << at.digit);
    return timers;
}

void TimerWheel::advance(u64 to) {
    const unsigned level = level_of(to ^ clock_);
    clock_ = to;
    if (level == 0) return;
    // Levels below are empty, since what lies there is due before `to`; those above keep their digits.
    timer_list* timer = empty({level, digit(to, level)});
    while (timer) {
        timer_list* const next = timer->next;
        add(timer);
        timer = next;
    }
}

void TimerWheel::take(timer_list** expired) {
    *expired = empty({0, digit(clock_, 0)});
    if (*expired) (*expired)->pprev = expired;
}

}  // namespace fw
