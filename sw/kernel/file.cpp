// SPDX-License-Identifier: Apache-2.0
#include "sw/kernel/file.h"

#include "sw/kernel/error.h"
#include "sw/kernel/printk.h"
#include "sw/kernel/sched.h"
#include "sw/kernel/uaccess.h"

namespace fw {
namespace {

bool is_console(u64 fd) { return fd < kFirstFile; }

/// What a program writes to its terminal comes as it stands, whatever the log levels.
i64 console_file_write(u64 buffer, u64 bytes) {
    char chunk[128];
    for (u64 done = 0; done < bytes;) {
        const u64 n = bytes - done < sizeof chunk ? bytes - done : sizeof chunk;
        const int error = copy_from_user(chunk, user_pointer(buffer + done), n);
        if (error) return done ? static_cast<i64>(done) : error;
        console_write(chunk, n);
        done += n;
    }
    return static_cast<i64>(bytes);
}

}  // namespace

int fd_install(file* opened) {
    task_struct* const task = current();
    for (unsigned fd = kFirstFile; fd < kMaxFiles; ++fd) {
        if (task->files[fd]) continue;
        task->files[fd] = opened;
        return static_cast<int>(fd);
    }
    return -err::mfile;
}

file* fget(u64 fd) { return fd < kMaxFiles ? current()->files[fd] : nullptr; }

void close_files(task_struct* task) {
    for (file*& open : task->files) {
        file* const closed = open;
        open = nullptr;
        if (closed && closed->ops->release) closed->ops->release(closed);
    }
}

i64 sys_read(u64 fd, u64 buffer, u64 bytes, u64, u64, u64) {
    if (is_console(fd)) return 0;  // nobody types
    file* const open = fget(fd);
    if (!open) return -err::badf;
    return open->ops->read ? open->ops->read(open, user_pointer(buffer), bytes) : -err::inval;
}

i64 sys_write(u64 fd, u64 buffer, u64 bytes, u64, u64, u64) {
    if (is_console(fd)) return console_file_write(buffer, bytes);
    file* const open = fget(fd);
    if (!open) return -err::badf;
    return open->ops->write ? open->ops->write(open, user_pointer(buffer), bytes) : -err::inval;
}

i64 sys_close(u64 fd, u64, u64, u64, u64, u64) {
    file* const open = fget(fd);
    if (!open) return -err::badf;
    current()->files[fd] = nullptr;
    if (open->ops->release) open->ops->release(open);
    return 0;
}

}  // namespace fw
