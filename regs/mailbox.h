// SPDX-License-Identifier: Apache-2.0
// The configuration mailbox's registers: offsets, fields and the register list, all from mailbox.def.
#pragma once
#include "regs/register.h"

#define REGS_BLOCK mailbox
#define REGS_LIST "regs/mailbox.def"
#define REGS_BYTES 8
#include "regs/block.inc"
