// SPDX-License-Identifier: Apache-2.0
// What the machine does for tasks (sw/kernel/sched.h): stacks, switching between them, unprivileged mode.
#pragma once
#include "regs/counters.h"
#include "sw/hal/hal.h"

namespace fw {

struct task_struct;

namespace hal {

inline constexpr unsigned kMaxTasks = 64;  ///< in all, ksoftirqd of each CPU among them

/// Where a task goes on: its stack pointer on the modelled core, its number natively.
struct task_context {
    u64 value;
};

/// The task will begin in task_begin(), on a kernel stack of its own. `user`: with an address space of its own, too.
void task_prepare(task_struct* task);
/// Puts a copy of the argument where the task finds it when it begins; false when it is too long.
bool task_set_argument(task_struct* task, const void* argument, u64 bytes);
/// Leaves `from` and goes on with `to`; returns when somebody switches back. Interrupts are off. `user`: whose address
/// space to use; nullptr: any.
void switch_to(task_context& from, const task_context& to, const task_struct* user);
/// The current task leaves the kernel and begins its program.
[[noreturn]] void enter_user(const task_struct* task);
/// All of these bytes are the current user task's own, to be written if `write`.
bool user_range(const task_struct* task, u64 at, u64 bytes, bool write);

}  // namespace hal
}  // namespace fw
