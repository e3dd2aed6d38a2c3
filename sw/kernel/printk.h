// SPDX-License-Identifier: Apache-2.0
// Console messages, to the UART (Linux kernel/printk.c). Levels 0 (KERN_EMERG) to 7 (KERN_DEBUG); only those below
// console_loglevel are printed.
#pragma once
#include "sw/kernel/sysctl.h"

namespace fw {

/// The four numbers of /proc/sys/kernel/printk: what is shown; the level of a message that names none; the least that
/// syslog(2) can set; what it is at boot.
extern int console_loglevel, default_message_loglevel, minimum_console_loglevel, default_console_loglevel;
inline constexpr int KERN_DEFAULT = -1;  ///< the level of a message that names none

/// In their order.
inline constexpr SysctlId kPrintkSysctls[] = {SysctlId::printk, SysctlId::printk_default_message,
                                              SysctlId::printk_minimum, SysctlId::printk_default};
/// If the sysctl is one of them, it has a new value.
void printk_set_sysctl(SysctlId id, i64 value);

/// syslog(2): only the gravest, as before, at a level of its own. 0 or -errno.
void console_off();
void console_on();
int console_set_level(int level);
/// What a program writes to the console.
void console_write(const char* text, u64 bytes);

/// Set by a CPU that dies: it speaks even where it, or one that stands still, is in the middle of a message.
extern bool console_unlocked;
/// Formats %d %u %x %lx %lu %s %c %% and %pI4 (pointer to an IPv4 address as a u32 number).
__attribute__((format(printf, 2, 3))) void printk(int level, const char* format, ...);

}  // namespace fw
