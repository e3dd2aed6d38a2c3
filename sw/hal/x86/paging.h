// SPDX-License-Identifier: Apache-2.0
// Address spaces of programs. Each has a stack of its own at the top of the lower half; all share the programs' code,
// read-only. The kernel sees memory and devices at their physical addresses in all of them.
#pragma once
#include "sw/hal/x86/cpu_area.h"

namespace fw::hal {

/// For the task in this slot, once; its stack is empty.
void make_address_space(unsigned slot);
/// Room at the top of its stack: where the kernel writes it now, and its address `at` in the program's space. nullptr
/// when it is more than half of the stack.
u8* user_stack_reserve(unsigned slot, u64 bytes, u64& at);
/// Loads CR3, if need be. The first time on a core the loader's map ends.
void use_address_space(CpuArea& cpu, unsigned slot);
bool is_user_range(u64 at, u64 bytes, bool write);

}  // namespace fw::hal
