// SPDX-License-Identifier: Apache-2.0
#include "sw/kernel/time.h"
#include "sw/net/ip.h"

namespace fw {

u32 inet_current_timestamp() {
    constexpr u64 kUsPerMs = 1000, kMsPerDay = 86'400'000;
    return static_cast<u32>(uptime_us() / kUsPerMs % kMsPerDay);
}

}  // namespace fw
