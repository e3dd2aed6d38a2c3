// SPDX-License-Identifier: Apache-2.0
// System calls (Linux arch/x86/entry/common.c): numbers, arguments and answers are those of Linux on x86-64.
#pragma once
#include "sw/kernel/uapi.h"

namespace fw {

inline constexpr u64 kSyscalls = 256;  ///< numbers from 0 on

/// Arguments in the order of rdi, rsi, rdx, r10, r8, r9; the answer, or -errno.
using SyscallFn = i64 (*)(u64, u64, u64, u64, u64, u64);

/// Numbers without a function answer -ENOSYS. Each layer puts its own in at boot; those that need no other layer are in
/// syscall.cpp.
extern SyscallFn sys_call_table[kSyscalls];

void syscall_init();

/// Carries out a system call of the current task, and then what waits: softirqs, other tasks' turns. Entered with
/// interrupts off, as it returns.
extern "C" i64 do_syscall(u64 number, const u64 (&arguments)[6]);

}  // namespace fw
