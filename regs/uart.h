// SPDX-License-Identifier: Apache-2.0
// The UART's registers: offsets, fields and the register list, all from uart.def.
#pragma once
#include "regs/register.h"

#define REGS_BLOCK uart
#define REGS_LIST "regs/uart.def"
#define REGS_BYTES 4
#include "regs/block.inc"
