// SPDX-License-Identifier: Apache-2.0
// Console messages, to the UART (Linux kernel/printk.c). Levels 0 (KERN_EMERG) to 7 (KERN_DEBUG); only those below
// console_loglevel are printed.
#pragma once
#include "sw/hal/hal.h"

namespace fw {

extern int console_loglevel;
/// Set by a CPU that dies: it speaks even where it, or one that stands still, is in the middle of a message.
extern bool console_unlocked;
/// Formats %d %u %x %lx %lu %s %c %% and %pI4 (pointer to an IPv4 address as a u32 number).
__attribute__((format(printf, 2, 3))) void printk(int level, const char* format, ...);

}  // namespace fw
