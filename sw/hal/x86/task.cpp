// SPDX-License-Identifier: Apache-2.0
// Stacks of tasks, and the way into a program.
#include "sw/hal/task.h"

#include "sw/hal/x86/cpu_area.h"
#include "sw/hal/x86/paging.h"
#include "sw/hal/x86/traps.h"
#include "sw/kernel/sched.h"

extern "C" {
void __switch_to(fw::hal::task_context* from, const fw::hal::task_context* to);
[[noreturn]] void return_to_user(fw::u64 rip, fw::u64 rsp, fw::u64 argument);
}

namespace fw::hal {
namespace {

constexpr u64 kKernelStackBytes = 32 * 1024;  // twice Linux's (THREAD_SIZE): interrupts have no stack of their own here

alignas(16) u8 kernel_stacks[kMaxTasks][kKernelStackBytes];

u64 kernel_stack_top(const task_struct* task) {
    return reinterpret_cast<u64>(kernel_stacks[task->slot]) + kKernelStackBytes;
}

}  // namespace

void task_prepare(task_struct* task) {
    // What __switch_to takes from the stack: six registers, and where to return to. The word above stands for the
    // return address of a call, so that the stack is aligned as after one.
    constexpr unsigned kRegisters = 6;
    const u64 frame[kRegisters + 2] = {0, 0, 0, 0, 0, 0, reinterpret_cast<u64>(task_begin), 0};
    u8* const at = kernel_stacks[task->slot] + kKernelStackBytes - sizeof frame;
    __builtin_memcpy(at, frame, sizeof frame);
    task->context.value = reinterpret_cast<u64>(at);
    if (task->user) make_address_space(task->slot);
}

bool task_set_argument(task_struct* task, const void* argument, u64 bytes) {
    u64 at = 0;
    u8* const copy = user_stack_reserve(task->slot, bytes, at);
    if (!copy) return false;
    __builtin_memcpy(copy, argument, bytes);
    // NOLINTNEXTLINE(performance-no-int-to-ptr): an address in the program's space.
    task->argument = reinterpret_cast<const void*>(at);
    return true;
}

void switch_to(task_context& from, const task_context& to, const task_struct* user) {
    if (user) {
        CpuArea& cpu = cpu_area();
        cpu.kernel_stack = kernel_stack_top(user);
        set_interrupt_stack(cpu.id, cpu.kernel_stack);
        use_address_space(cpu, user->slot);
    }
    __switch_to(&from, &to);
}

[[noreturn]] void enter_user(const task_struct* task) {
    const auto argument = reinterpret_cast<u64>(task->argument);
    // As after a call: 8 below a multiple of 16.
    return_to_user(reinterpret_cast<u64>(task->entry), (argument & ~u64{15}) - 8, argument);
}

bool user_range(const task_struct*, u64 at, u64 bytes, bool write) { return is_user_range(at, bytes, write); }

}  // namespace fw::hal
