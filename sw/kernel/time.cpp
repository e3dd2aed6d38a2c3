// SPDX-License-Identifier: Apache-2.0
#include "sw/kernel/time.h"

#include "sw/kernel/timer.h"

namespace fw {

constinit u32 tsc_khz = 0;

namespace {
constexpr u64 kUsPerMs = 1000, kNsPerMs = 1'000'000;

// Whole milliseconds apart from the rest, so that nothing overflows.
u64 uptime(u64 units_per_ms) {
    if (!tsc_khz) return 0;
    const u64 ticks = hal::tsc();
    return ticks / tsc_khz * units_per_ms + ticks % tsc_khz * units_per_ms / tsc_khz;
}
}  // namespace

u64 uptime_us() { return uptime(kUsPerMs); }
u64 uptime_ns() { return uptime(kNsPerMs); }

u64 uptime_ticks(u64 us) { return us / kUsPerMs * tsc_khz + (us % kUsPerMs * tsc_khz + kUsPerMs - 1) / kUsPerMs; }

void clock_start(u32 khz) {
    tsc_khz = khz;
    timers_start();
}

}  // namespace fw
