// SPDX-License-Identifier: Apache-2.0
// The I/O interrupt controller's memory window: offsets, fields and the register list, all from ioapic.def.
#pragma once
#include "regs/register.h"

#define REGS_BLOCK ioapic
#define REGS_LIST "regs/ioapic.def"
#define REGS_BYTES 4
#include "regs/block.inc"
