// SPDX-License-Identifier: Apache-2.0
// Kernel timers (Linux kernel/time/timer.c). Time is in microseconds since READY (uptime_us). The handlers run in
// TIMER_SOFTIRQ on the CPU that set the timer; between deadlines nothing ticks: the local APIC has one deadline, the
// earliest.
#pragma once
#include "sw/hal/hal.h"

namespace fw {

struct timer_list {
    timer_list* next;
    timer_list** pprev;  ///< nullptr: not set
    u64 expires;         ///< us since READY
    void (*function)(timer_list*);
    u32 cpu;  ///< whose wheel it is in
};

inline constexpr u64 kMsec = 1000, kSec = 1000 * kMsec;  ///< in us

inline void timer_setup(timer_list* timer, void (*function)(timer_list*)) {
    *timer = {nullptr, nullptr, 0, function, 0};
}
/// Sets the timer, or moves it if it is set. A time that has passed means: at once, from the softirq.
void mod_timer(timer_list* timer, u64 expires);
/// True when it was set. A handler that has already begun on another CPU may still be running.
bool del_timer(timer_list* timer);
inline bool timer_pending(const timer_list* timer) { return timer->pprev != nullptr; }
/// Empties all wheels, as at boot: timers that are set are forgotten.
void timers_init();
/// The clock runs (clock_start): deadlines of what has been set before are set now.
void timers_start();
/// This CPU's deadline has come; interrupts must be off.
void timer_interrupt();

}  // namespace fw
