// SPDX-License-Identifier: Apache-2.0
#include "sw/kernel/time.h"

#include "sw/kernel/timer.h"

namespace fw {

constinit u32 tsc_khz = 0;

namespace {
constexpr u64 kUsPerMs = 1000;
}

// Whole milliseconds apart from the rest, so that nothing overflows.
u64 uptime_us() {
    if (!tsc_khz) return 0;
    const u64 ticks = hal::tsc();
    return ticks / tsc_khz * kUsPerMs + ticks % tsc_khz * kUsPerMs / tsc_khz;
}

u64 uptime_ticks(u64 us) { return us / kUsPerMs * tsc_khz + (us % kUsPerMs * tsc_khz + kUsPerMs - 1) / kUsPerMs; }

void clock_start(u32 khz) {
    tsc_khz = khz;
    timers_start();
}

}  // namespace fw
