// SPDX-License-Identifier: Apache-2.0
#include "sw/kernel/time.h"

namespace fw {

constinit u32 tsc_khz = 0;

u64 uptime_us() {
    if (!tsc_khz) return 0;
    const u64 ticks = hal::tsc();
    // Whole milliseconds apart from the rest, so that nothing overflows.
    return ticks / tsc_khz * 1000 + ticks % tsc_khz * 1000 / tsc_khz;
}

}  // namespace fw
