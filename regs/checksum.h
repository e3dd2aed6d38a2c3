// SPDX-License-Identifier: Apache-2.0
// The checksum accelerator's registers: offsets, fields and the register list, all from checksum.def.
#pragma once
#include "regs/register.h"

#define REGS_BLOCK checksum
#define REGS_LIST "regs/checksum.def"
#define REGS_BYTES 8
#include "regs/block.inc"
