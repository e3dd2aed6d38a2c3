// SPDX-License-Identifier: Apache-2.0
// The local interrupt controller's registers: offsets, fields and the register list, all from lapic.def.
#pragma once
#include "regs/register.h"

#define REGS_BLOCK lapic
#define REGS_LIST "regs/lapic.def"
#define REGS_BYTES 4
#include "regs/block.inc"
