// SPDX-License-Identifier: Apache-2.0
// Open files of a task (Linux include/linux/fs.h, fs/file.c): what a descriptor stands for, and what read, write, poll
// and close do with it. A file belongs to one task. Descriptors 0 to 2 are the console.
#pragma once
#include "sw/kernel/uapi.h"

namespace fw {

struct file;
struct poll_table;
struct task_struct;
struct wait_queue_head;

inline constexpr unsigned kMaxFiles = 16, kFirstFile = 3;

/// What is not set answers -EINVAL. Buffers are the program's: copy_from_user, copy_to_user.
struct file_operations {
    i64 (*read)(file* file, void* buffer, u64 bytes);
    i64 (*write)(file* file, const void* buffer, u64 bytes);
    /// What can be done now (poll_bit), after poll_wait for each queue that tells of a change.
    u32 (*poll)(file* file, poll_table* table);
    void (*release)(file* file);
};

struct file {
    const file_operations* ops;
    void* private_data;
};

/// The lowest free descriptor of the current task, or -EMFILE.
int fd_install(file* file);
/// nullptr: not open, or the console.
file* fget(u64 fd);
/// All that a task still has open.
void close_files(task_struct* task);
/// The poller is to be woken with this queue, too; `table` may be nullptr.
void poll_wait(wait_queue_head& head, poll_table* table);

i64 sys_read(u64 fd, u64 buffer, u64 bytes, u64, u64, u64);
i64 sys_write(u64 fd, u64 buffer, u64 bytes, u64, u64, u64);
i64 sys_close(u64 fd, u64, u64, u64, u64, u64);
i64 sys_poll(u64 fds, u64 count, u64 timeout_ms, u64, u64, u64);

}  // namespace fw
