// SPDX-License-Identifier: Apache-2.0
// Time as the firmware knows it: the time-stamp counter and its rate.
#pragma once
#include "sw/hal/hal.h"

namespace fw {

/// Time-stamp counter's rate, from the configuration's Start message; 0 before it.
extern u32 tsc_khz;
/// Microseconds since READY; 0 during configuration, when no rate is known.
u64 uptime_us();

}  // namespace fw
