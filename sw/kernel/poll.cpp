// SPDX-License-Identifier: Apache-2.0
// poll(2) (Linux fs/select.c).
#include "sw/kernel/error.h"
#include "sw/kernel/file.h"
#include "sw/kernel/uaccess.h"
#include "sw/kernel/wait.h"

namespace fw {

/// The queues that a poller waits in. A file has at most two: one for its data, one for its room.
struct poll_table {
    static constexpr unsigned kMax = 2 * kMaxFiles;
    wait_queue_entry entries[kMax] = {};
    wait_queue_head* heads[kMax] = {};
    unsigned used = 0;
};

void poll_wait(wait_queue_head& head, poll_table* table) {
    if (!table || table->used == poll_table::kMax) return;
    table->heads[table->used] = &head;
    prepare_to_wait(head, table->entries[table->used++]);
}

namespace {

u32 look_at(const pollfd& wanted, poll_table* table) {
    if (wanted.fd < 0) return 0;
    const auto fd = static_cast<u64>(wanted.fd);
    const u32 asked = static_cast<u16>(wanted.events) | poll_bit::err | poll_bit::hup;
    if (fd < kFirstFile) return asked & (fd == 0 ? poll_bit::in : poll_bit::out);
    file* const open = fget(fd);
    if (!open) return poll_bit::nval;
    return asked & (open->ops->poll ? open->ops->poll(open, table) : poll_bit::in | poll_bit::out);
}

unsigned look_at_all(pollfd* fds, u64 count, poll_table* table) {
    unsigned ready = 0;
    for (u64 n = 0; n < count; ++n) {
        fds[n].revents = static_cast<short>(look_at(fds[n], table));
        ready += fds[n].revents != 0;
    }
    return ready;
}

/// A negative time-out is none.
u64 timeout_us(u64 timeout_ms) {
    const auto ms = static_cast<int>(timeout_ms);
    return ms < 0 ? kMaxTimeout : static_cast<u64>(ms) * kMsec;
}

unsigned wait_for_any(pollfd* fds, u64 count, u64 us) {
    poll_table table;
    set_current_state(TASK_INTERRUPTIBLE);
    unsigned ready = look_at_all(fds, count, &table);
    while (!ready && us) {
        us = schedule_timeout(us);
        set_current_state(TASK_INTERRUPTIBLE);
        ready = look_at_all(fds, count, nullptr);
    }
    set_current_state(TASK_RUNNING);
    for (unsigned n = 0; n < table.used; ++n) finish_wait(*table.heads[n], table.entries[n]);
    return ready;
}

}  // namespace

i64 sys_poll(u64 user_fds, u64 count, u64 timeout_ms, u64, u64, u64) {
    if (count > kMaxFiles) return -err::inval;
    pollfd fds[kMaxFiles];
    const u64 bytes = count * sizeof(pollfd);
    int error = copy_from_user(fds, user_pointer(user_fds), bytes);
    if (error) return error;
    const unsigned ready = wait_for_any(fds, count, timeout_us(timeout_ms));
    error = copy_to_user(user_pointer(user_fds), fds, bytes);
    return error ? error : static_cast<i64>(ready);
}

}  // namespace fw
