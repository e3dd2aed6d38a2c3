// SPDX-License-Identifier: Apache-2.0
// The NIC's registers (a subset of the Intel 82599): offsets, fields and the register list, all from nic.def.
#pragma once
#include "regs/register.h"

#define REGS_BLOCK nic
#define REGS_LIST "regs/nic.def"
#define REGS_BYTES 4
#include "regs/block.inc"
