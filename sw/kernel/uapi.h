// SPDX-License-Identifier: Apache-2.0
// What programs and kernel agree upon: Linux's numbers and layouts for x86-64 (arch/x86/entry/syscalls/syscall_64.tbl,
// include/uapi).
#pragma once
#include "sw/hal/hal.h"

namespace fw {

// Namespaces, since the usual names are macros wherever a C library is near.
namespace nr {
enum : u64 {
    read = 0,
    write = 1,
    close = 3,
    poll = 7,
    sched_yield = 24,
    nanosleep = 35,
    getpid = 39,
    socket = 41,
    connect = 42,
    accept = 43,
    sendto = 44,
    recvfrom = 45,
    bind = 49,
    listen = 50,
    setsockopt = 54,
    getsockopt = 55,
    exit = 60,
    syslog = 103,
    clock_gettime = 228,
    exit_group = 231,
};
}  // namespace nr

struct kernel_timespec {
    i64 tv_sec;
    i64 tv_nsec;
};

namespace clock_id {
enum : u64 { realtime = 0, monotonic = 1 };
}

struct pollfd {
    int fd;
    short events;
    short revents;
};
namespace poll_bit {
enum : u32 { in = 1, out = 4, err = 8, hup = 0x10, nval = 0x20 };
}

/// What syslog(2) does.
namespace syslog_action {
enum : u64 { console_off = 6, console_on = 7, console_level = 8 };
}

}  // namespace fw
