// SPDX-License-Identifier: Apache-2.0
// Wait queues (Linux include/linux/wait.h, kernel/sched/wait.c): tasks that wait for something, woken all together in
// the order in which they came.
#pragma once
#include "sw/kernel/sched.h"
#include "sw/kernel/spinlock.h"

namespace fw {

struct wait_queue_entry {
    task_struct* task;
    wait_queue_entry* next;
    wait_queue_entry** pprev;  ///< nullptr: in no queue
};

struct wait_queue_head {
    spinlock lock = {LockClass::wait_queue};
    wait_queue_entry* first = nullptr;
};

/// The current task joins the queue, if it is not in it yet, and is about to sleep: look once more, then schedule().
void prepare_to_wait(wait_queue_head& head, wait_queue_entry& entry, TaskState state = TASK_INTERRUPTIBLE);
/// It leaves the queue and goes on.
void finish_wait(wait_queue_head& head, wait_queue_entry& entry);
/// From any context.
void wake_up(wait_queue_head& head);

/// Sleeps until condition() holds, at most `us`; what is left of them, or 0 and it does not hold.
template <typename Condition>
u64 wait_event_timeout(wait_queue_head& head, u64 us, Condition condition) {
    wait_queue_entry entry = {};
    prepare_to_wait(head, entry);
    bool holds = condition();
    while (!holds && us) {
        us = schedule_timeout(us);
        prepare_to_wait(head, entry);
        holds = condition();
    }
    finish_wait(head, entry);
    return holds && !us ? 1 : holds ? us : 0;
}
template <typename Condition>
void wait_event(wait_queue_head& head, Condition condition) {
    wait_event_timeout(head, kMaxTimeout, condition);
}

}  // namespace fw
