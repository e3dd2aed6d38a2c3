// SPDX-License-Identifier: Apache-2.0
// Descriptor tables and exceptions of the core.
#pragma once
#include "sw/hal/hal.h"

namespace fw {

/// Loads GDT, TSS and IDT.
void trap_init();

}  // namespace fw
