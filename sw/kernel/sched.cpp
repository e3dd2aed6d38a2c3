// SPDX-License-Identifier: Apache-2.0
#include "sw/kernel/sched.h"

#include "sw/hal/apic.h"
#include "sw/kernel/interrupt.h"
#include "sw/kernel/ksoftirqd.h"
#include "sw/kernel/preempt.h"
#include "sw/kernel/spinlock.h"
#include "sw/kernel/time.h"

namespace fw {
namespace {

/// Those that may run, but for the one that does.
struct alignas(64) RunQueue {
    spinlock lock = {LockClass::run_queue};
    task_struct* curr;  ///< nullptr: the CPU idles
    task_struct* first;
    task_struct* last;
    task_struct* before;  ///< who ran before the last switch
    hal::task_context idle;
    timer_list slice;  ///< ends the current task's turn
};
constinit RunQueue run_queues[regs::kMaxCpus] = {};

RunQueue& this_rq() { return run_queues[hal::cpu_id()]; }

void enqueue(RunQueue& rq, task_struct* task) {
    task->next = nullptr;
    if (rq.first) {
        rq.last->next = task;
    } else {
        rq.first = task;
    }
    rq.last = task;
}

task_struct* dequeue(RunQueue& rq) {
    task_struct* const task = rq.first;
    if (task) rq.first = task->next;
    return task;
}

void slice_is_over(timer_list*) { this_cpu().need_resched = 1; }

/// A turn has an end only while somebody waits for it.
void set_slice(RunQueue& rq, bool anew) {
    if (!rq.curr || !rq.first) {
        if (timer_pending(&rq.slice)) del_timer(&rq.slice);
    } else if (anew || !timer_pending(&rq.slice)) {
        mod_timer(&rq.slice, uptime_us() + kTimeSlice);
    }
}

/// Somebody was put into this CPU's queue.
void resched(RunQueue& rq) {
    if (rq.curr) {
        set_slice(rq, false);
    } else {
        this_cpu().need_resched = 1;
    }
}

/// The next one in the queue becomes the current one; the last one goes behind all others if it may still run.
task_struct* pick_next(RunQueue& rq) {
    task_struct* const prev = rq.curr;
    if (prev && prev->state == TASK_RUNNING) enqueue(rq, prev);
    rq.curr = dequeue(rq);
    this_cpu().need_resched = 0;
    set_slice(rq, true);
    ksoftirqd_defer(rq.curr);
    return prev;
}

/// On the stack of the one that goes on.
void finish_task_switch(RunQueue& rq) {
    if (rq.before && rq.before->state == TASK_DEAD) __atomic_store_n(&rq.before->in_use, false, __ATOMIC_RELEASE);
}

}  // namespace

void sched_init() {
    tasks_init();
    for (RunQueue& rq : run_queues) {
        rq.curr = rq.first = rq.last = rq.before = nullptr;
        timer_setup(&rq.slice, slice_is_over);
    }
}

task_struct* current() { return this_rq().curr; }

void set_current_state(TaskState state) { __atomic_store_n(&this_rq().curr->state, state, __ATOMIC_SEQ_CST); }

bool wake_up_process(task_struct* task) {
    RunQueue& rq = run_queues[task->cpu];
    const u64 flags = spin_lock_irqsave(rq.lock);
    const bool woken = task->state == TASK_INTERRUPTIBLE || task->state == TASK_UNINTERRUPTIBLE;
    // The current one is only about to sleep, and will find that it need not.
    const bool queued = woken && task != rq.curr;
    if (woken) task->state = TASK_RUNNING;
    if (queued) enqueue(rq, task);
    const bool here = task->cpu == hal::cpu_id();
    if (queued && here) resched(rq);
    spin_unlock_irqrestore(rq.lock, flags);
    if (queued && !here) lapic_send_ipi(task->cpu, kRescheduleVector);
    return woken;
}

void scheduler_ipi() {
    RunQueue& rq = this_rq();
    spin_lock(rq.lock);
    if (rq.first) resched(rq);
    spin_unlock(rq.lock);
}

namespace {

// Apart from schedule(), so that an idle CPU does not save registers for it.
[[gnu::noinline]] void switch_tasks(RunQueue& rq) {
    if (in_interrupt()) hal::panic("scheduling while atomic");
    const u64 flags = spin_lock_irqsave(rq.lock);
    task_struct* const prev = pick_next(rq);
    task_struct* const next = rq.curr;
    spin_unlock(rq.lock);
    if (next != prev) {
        rq.before = prev;
        hal::switch_to(prev ? prev->context : rq.idle, next ? next->context : rq.idle,
                       next && next->user ? next : nullptr);
        finish_task_switch(rq);
    }
    hal::irq_restore(flags);
}

}  // namespace

void schedule() {
    if (softirq_pending()) do_softirq();
    RunQueue& rq = this_rq();
    if (rq.curr || need_resched()) switch_tasks(rq);
}

extern "C" [[noreturn]] void task_begin() {
    RunQueue& rq = this_rq();
    finish_task_switch(rq);
    hal::irq_enable();
    if (rq.curr->user) hal::enter_user(rq.curr);
    rq.curr->entry(rq.curr->argument);
    do_exit();
}

void yield() { schedule(); }

extern "C" void prepare_exit_to_user() {
    for (;;) {
        if (softirq_pending()) do_softirq();
        if (!need_resched()) return;
        schedule();
    }
}

STAGE void cpu_idle() {
    for (;;) {
        schedule();
        // Looked at with interrupts off: one that came in between could mark a softirq, or wake a task, and leave us
        // asleep with it.
        hal::irq_disable();
        if (softirq_pending() || need_resched()) {
            hal::irq_enable();
        } else {
            hal::wait_for_interrupt();
        }
    }
}

}  // namespace fw
