// SPDX-License-Identifier: Apache-2.0
// The timers of one CPU, by the time at which they expire (after Linux kernel/time/timer.c, struct timer_base). Levels
// of 64 slots each: level n's slot is digit n, to the base of 64, of the time in microseconds. A timer lies at the
// level of the highest digit in which its time differs from the wheel's clock, and comes down when the clock takes over
// that digit; so timers of one time always share a slot, in the order in which they were set. Knows no locks.
#pragma once
#include "sw/kernel/timer.h"

namespace fw {

class TimerWheel {
  public:
    static constexpr u64 kNever = ~u64{0};

    /// Empty, with its clock at 0.
    void init();
    /// A time before the clock's counts as the clock's.
    void add(timer_list* timer);
    void remove(timer_list* timer);
    /// The earliest time, or kNever.
    u64 first() const;
    /// Sets the clock; no timer may be due before `to`.
    void advance(u64 to);
    /// Takes out the timers that are due at the clock's time, in the order in which they were set; they are in the list
    /// that `expired` heads until they are removed.
    void take(timer_list** expired);
    u64 clock() const { return clock_; }

  private:
    static constexpr unsigned kDigitBits = 6, kSlots = 1U << kDigitBits;
    static constexpr unsigned kLevels = (64 + kDigitBits - 1) / kDigitBits;

    struct Slot {
        timer_list* first;
        timer_list** last;  ///< where the next timer's address goes
    };
    struct Place {
        unsigned level, digit;
    };

    static unsigned digit(u64 time, unsigned level) { return time >> (level * kDigitBits) & (kSlots - 1); }
    static unsigned level_of(u64 difference) {
        return (63U - static_cast<unsigned>(__builtin_clzll(difference | 1))) / kDigitBits;
    }
    Place place(u64 expires) const;
    timer_list* empty(Place place);
    void append(timer_list* timer, Place place);

    u64 clock_;
    u64 occupied_[kLevels];  ///< bit per slot
    Slot slots_[kLevels][kSlots];
};

}  // namespace fw
