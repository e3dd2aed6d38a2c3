// SPDX-License-Identifier: Apache-2.0
// The time-stamp counter, and how many of its ticks a cycle of the core takes just now.
#pragma once
#include "bench/silicon/layout.h"

namespace turnpike::silicon {

u64 ticks();
/// By two chains of dependent additions, one cycle each; 0 or less when the machine was disturbed meanwhile.
double ticks_per_cycle();

}  // namespace turnpike::silicon
