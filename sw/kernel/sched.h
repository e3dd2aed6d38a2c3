// SPDX-License-Identifier: Apache-2.0
// Tasks (Linux kernel/sched/core.c, kernel/kthread.c): kernel tasks, and user tasks, which run unprivileged and come
// into the kernel by system calls. Each stays on the CPU that it was made for. CPUs give their tasks turns in the order
// in which they became runnable; one that does not sleep loses its turn to a waiting one after a time slice.
#pragma once
#include "sw/hal/task.h"
#include "sw/kernel/file.h"
#include "sw/kernel/timer.h"

namespace fw {

/// One tick at HZ = 250, the granularity at which Linux takes turns away.
inline constexpr u64 kTimeSlice = 4 * kMsec;

enum TaskState : u32 { TASK_RUNNING = 0, TASK_INTERRUPTIBLE = 1, TASK_UNINTERRUPTIBLE = 2, TASK_DEAD = 0x80 };

inline constexpr unsigned kCommBytes = 16;  ///< TASK_COMM_LEN

struct task_struct {
    hal::task_context context;  ///< first: where it goes on
    u32 state;                  ///< TaskState
    u32 slot;                   ///< its place among the tasks
    u32 pid;
    u32 cpu;
    bool user;
    bool in_use;
    char comm[kCommBytes];
    task_struct* next;  ///< in the run queue
    void (*entry)(const void*);
    const void* argument;
    file* files[kMaxFiles];  ///< by descriptor, from kFirstFile on
};

/// No tasks, and empty queues. Once, at boot.
void sched_init();
void tasks_init();
/// The task that runs on this CPU; nullptr: none, the CPU idles.
task_struct* current();

/// A kernel task that begins with entry(argument) when it is woken; nullptr when all are taken.
task_struct* kthread_create(void (*entry)(const void*), const void* argument, const char* name, unsigned cpu);
/// A user task that begins with entry(copy of the argument) when it is woken; it ends with the exit system call.
task_struct* user_task_create(void (*entry)(const void*), const void* argument, u64 bytes, const char* name,
                              unsigned cpu);
/// Makes a sleeping task runnable; false when it is already, or has ended. From any context and CPU.
bool wake_up_process(task_struct* task);
/// Before looking at what the task wants to wait for, so that a wake-up in between is not lost.
void set_current_state(TaskState state);

/// The scheduler point: runs softirqs, then gives the CPU to the next task. A task whose state is not TASK_RUNNING
/// sleeps.
void schedule();
/// schedule(), for at most so long; what is left of it.
u64 schedule_timeout(u64 us);
/// The same up to a time since READY.
void schedule_until(u64 expires);
inline constexpr u64 kMaxTimeout = ~u64{0};  ///< never
/// The current task gives its turn away.
void yield();
/// The current task closes its files and ends.
[[noreturn]] void do_exit();

/// Where a task begins, on its own stack (sw/hal).
extern "C" [[noreturn]] void task_begin();
/// This CPU has been told of a task that another CPU woke; interrupts must be off.
void scheduler_ipi();
/// On the way back to an unprivileged program: softirqs, then tasks whose turn it is. Interrupts are off, before and
/// after.
extern "C" void prepare_exit_to_user();

}  // namespace fw
