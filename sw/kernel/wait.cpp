// SPDX-License-Identifier: Apache-2.0
#include "sw/kernel/wait.h"

namespace fw {

void prepare_to_wait(wait_queue_head& head, wait_queue_entry& entry, TaskState state) {
    const u64 flags = spin_lock_irqsave(head.lock);
    if (!entry.pprev) {
        wait_queue_entry** last = &head.first;
        while (*last) last = &(*last)->next;
        entry = {current(), nullptr, last};
        *last = &entry;
    }
    set_current_state(state);
    spin_unlock_irqrestore(head.lock, flags);
}

void finish_wait(wait_queue_head& head, wait_queue_entry& entry) {
    set_current_state(TASK_RUNNING);
    const u64 flags = spin_lock_irqsave(head.lock);
    if (entry.pprev) {
        *entry.pprev = entry.next;
        if (entry.next) entry.next->pprev = entry.pprev;
        entry.pprev = nullptr;
    }
    spin_unlock_irqrestore(head.lock, flags);
}

void wake_up(wait_queue_head& head) {
    const u64 flags = spin_lock_irqsave(head.lock);
    for (const wait_queue_entry* entry = head.first; entry; entry = entry->next) wake_up_process(entry->task);
    spin_unlock_irqrestore(head.lock, flags);
}

}  // namespace fw
