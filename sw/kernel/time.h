// SPDX-License-Identifier: Apache-2.0
// Time as the firmware knows it: the time-stamp counter, which starts at 0 at READY, and its rate.
#pragma once
#include "sw/hal/hal.h"

namespace fw {

/// Time-stamp counter's rate; 0 during configuration, when there is no time yet.
extern u32 tsc_khz;
/// Microseconds since READY; 0 before it.
u64 uptime_us();
u64 uptime_ns();
/// Time from `since` to `now`, one of which another CPU may have read: its clock is the same, but a lock orders stores
/// and no readings of it, so `since` may be the later one by a little.
inline u64 elapsed(u64 since, u64 now) { return now > since ? now - since : 0; }
/// The counter's first value at which uptime_us() is `us`.
u64 uptime_ticks(u64 us);
/// From now on time passes; timers that are set already count from here.
void clock_start(u32 khz);

}  // namespace fw
