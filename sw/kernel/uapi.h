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
    recvmsg = 47,
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

/// struct sockaddr_in (ip(7)); port and address in the byte order of the network.
struct sockaddr_in {
    u16 family = 2;  ///< AF_INET
    u16 port = 0;
    u32 addr = 0;
    u8 zero[8] = {};
};
static_assert(sizeof(sockaddr_in) == 16);

// recvmsg(2), cmsg(3).
struct iovec {
    u64 base;
    u64 bytes;
};
struct user_msghdr {
    u64 name;
    u32 name_bytes;
    u32 padding;
    u64 iov;
    u64 iov_count;
    u64 control;
    u64 control_bytes;
    u32 flags;
    u32 padding2;
};
static_assert(sizeof(user_msghdr) == 56);
struct cmsghdr {
    u64 bytes;  ///< this header's included
    int level;
    int type;
};
static_assert(sizeof(cmsghdr) == 16);

/// What the error queue tells (ip(7), IP_RECVERR).
struct sock_extended_err {
    u32 error;
    u8 origin;  ///< SO_EE_ORIGIN_*
    u8 type;
    u8 code;
    u8 pad;
    u32 info;  ///< of EMSGSIZE the MTU
    u32 data;
};
static_assert(sizeof(sock_extended_err) == 16);
inline constexpr u8 SO_EE_ORIGIN_LOCAL = 1, SO_EE_ORIGIN_ICMP = 2;
/// The control message of IP_RECVERR.
struct recverr_message {
    sock_extended_err ee;
    sockaddr_in offender;
};

/// What syslog(2) does.
namespace syslog_action {
enum : u64 { console_off = 6, console_on = 7, console_level = 8 };
}

}  // namespace fw
