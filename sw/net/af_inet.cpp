// SPDX-License-Identifier: Apache-2.0
// What several protocols of the internet family need (Linux net/ipv4/af_inet.c).
#include "sw/kernel/time.h"
#include "sw/kernel/timer.h"
#include "sw/net/ip.h"

namespace fw {

u32 inet_current_timestamp() {
    constexpr u64 kMsPerDay = 24ULL * 60 * 60 * 1000;
    return static_cast<u32>(uptime_us() / kMsec % kMsPerDay);
}

}  // namespace fw
