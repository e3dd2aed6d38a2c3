// SPDX-License-Identifier: Apache-2.0
// Tasks come and go (Linux kernel/fork.c, kernel/exit.c), and sleep for a time (kernel/time/timer.c).
#include "sw/kernel/sched.h"
#include "sw/kernel/spinlock.h"
#include "sw/kernel/time.h"

namespace fw {
namespace {

constinit task_struct tasks[hal::kMaxTasks] = {};
constinit spinlock tasks_lock = {LockClass::run_queue};
constinit u32 last_pid = 0;

task_struct* alloc_task() {
    const u64 flags = spin_lock_irqsave(tasks_lock);
    task_struct* free = nullptr;
    for (u32 slot = 0; slot < hal::kMaxTasks && !free; ++slot) {
        if (__atomic_load_n(&tasks[slot].in_use, __ATOMIC_ACQUIRE)) continue;
        free = &tasks[slot];
        *free = {};
        free->slot = slot;
        free->pid = ++last_pid;
        free->in_use = true;
    }
    spin_unlock_irqrestore(tasks_lock, flags);
    return free;
}

void set_name(task_struct* task, const char* name) {
    for (unsigned n = 0; n + 1 < kCommBytes && name[n]; ++n) task->comm[n] = name[n];
}

task_struct* create(void (*entry)(const void*), const char* name, unsigned cpu, bool user) {
    task_struct* const task = alloc_task();
    if (!task) return nullptr;
    set_name(task, name);
    task->state = TASK_UNINTERRUPTIBLE;
    task->cpu = cpu;
    task->user = user;
    task->entry = entry;
    hal::task_prepare(task);
    return task;
}

struct Sleeper : timer_list {
    task_struct* task;
};

void process_timeout(timer_list* timer) { wake_up_process(static_cast<Sleeper*>(timer)->task); }

}  // namespace

void tasks_init() {
    for (task_struct& task : tasks) task = {};
    last_pid = 0;
}

task_struct* kthread_create(void (*entry)(const void*), const void* argument, const char* name, unsigned cpu) {
    task_struct* const task = create(entry, name, cpu, false);
    if (task) task->argument = argument;
    return task;
}

task_struct* user_task_create(void (*entry)(const void*), const void* argument, u64 bytes, const char* name,
                              unsigned cpu) {
    task_struct* const task = create(entry, name, cpu, true);
    if (task && !hal::task_set_argument(task, argument, bytes)) {
        task->in_use = false;
        return nullptr;
    }
    return task;
}

void schedule_until(u64 expires) {
    Sleeper sleeper;
    timer_setup(&sleeper, process_timeout);
    sleeper.task = current();
    mod_timer(&sleeper, expires);
    schedule();
    del_timer(&sleeper);
}

u64 schedule_timeout(u64 us) {
    if (us == kMaxTimeout) {
        schedule();
        return us;
    }
    const u64 expires = uptime_us() + us;
    schedule_until(expires);
    const u64 now = uptime_us();
    return now < expires ? expires - now : 0;
}

[[noreturn]] void do_exit() {
    task_struct* const task = current();
    close_files(task);
    set_current_state(TASK_DEAD);
    schedule();
    hal::panic("an ended task runs");
}

}  // namespace fw
