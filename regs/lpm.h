// SPDX-License-Identifier: Apache-2.0
// The longest-prefix-match accelerator's registers: offsets, fields and the register list, all from lpm.def.
#pragma once
#include "regs/register.h"

#define REGS_BLOCK lpm
#define REGS_LIST "regs/lpm.def"
#define REGS_BYTES 8
#include "regs/block.inc"
