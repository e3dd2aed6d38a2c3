// SPDX-License-Identifier: Apache-2.0
// Descriptor tables and exceptions of the core.
#pragma once
#include "sw/hal/hal.h"

namespace fw {

/// Loads the core's own GDT and TSS, and the IDT of all.
void trap_init(unsigned cpu);

}  // namespace fw
