// SPDX-License-Identifier: Apache-2.0
// What a program has to work with: system calls, and nothing else. Programs are compiled into the firmware's image
// (files NAME.user.cpp, by which the linker knows them), are begun by user_task_create and run unprivileged; they have
// no variables but those on their stacks.
#pragma once
#include "sw/kernel/uapi.h"

namespace fw::user {

#ifdef TURNPIKE_FIRMWARE
inline i64 syscall(u64 number, u64 a = 0, u64 b = 0, u64 c = 0, u64 d = 0, u64 e = 0, u64 f = 0) {
    register u64 r10 asm("r10") = d;
    register u64 r8 asm("r8") = e;
    register u64 r9 asm("r9") = f;
    i64 answer;
    asm volatile("syscall"
                 : "=a"(answer)
                 : "0"(number), "D"(a), "S"(b), "d"(c), "r"(r10), "r"(r8), "r"(r9)
                 : "rcx", "r11", "memory");
    return answer;
}
#else
/// As if the thread of the test were in unprivileged mode.
i64 syscall(u64 number, u64 a = 0, u64 b = 0, u64 c = 0, u64 d = 0, u64 e = 0, u64 f = 0);
#endif

inline u64 address_of(const void* pointer) { return reinterpret_cast<u64>(pointer); }

inline i64 read(int fd, void* buffer, u64 bytes) {
    return syscall(nr::read, static_cast<u64>(fd), address_of(buffer), bytes);
}
inline i64 write(int fd, const void* buffer, u64 bytes) {
    return syscall(nr::write, static_cast<u64>(fd), address_of(buffer), bytes);
}
inline i64 close(int fd) { return syscall(nr::close, static_cast<u64>(fd)); }
inline i64 poll(pollfd* fds, u64 count, int timeout_ms) {
    return syscall(nr::poll, address_of(fds), count, static_cast<u64>(timeout_ms));
}
inline i64 sched_yield() { return syscall(nr::sched_yield); }
inline i64 getpid() { return syscall(nr::getpid); }
inline i64 nanosleep(const kernel_timespec& time) { return syscall(nr::nanosleep, address_of(&time)); }
inline i64 clock_gettime(u64 clock, kernel_timespec& time) {
    return syscall(nr::clock_gettime, clock, address_of(&time));
}
[[noreturn]] inline void exit(int code) {
    syscall(nr::exit, static_cast<u64>(code));
    __builtin_unreachable();
}

}  // namespace fw::user
