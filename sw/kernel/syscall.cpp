// SPDX-License-Identifier: Apache-2.0
#include "sw/kernel/syscall.h"

#include "sw/kernel/error.h"
#include "sw/kernel/printk.h"
#include "sw/kernel/sched.h"
#include "sw/kernel/time.h"
#include "sw/kernel/uaccess.h"

namespace fw {
namespace {

constexpr u64 kNsPerUs = 1000;
constexpr u64 kNsPerSec = 1'000'000'000;

i64 sys_sched_yield(u64, u64, u64, u64, u64, u64) {
    yield();
    return 0;
}

/// Never shorter than wanted.
i64 sys_nanosleep(u64 wanted, u64, u64, u64, u64, u64) {
    kernel_timespec time;
    const int error = get_user(time, wanted);
    if (error) return error;
    if (time.tv_sec < 0 || static_cast<u64>(time.tv_nsec) >= kNsPerSec) return -err::inval;
    // Linux, too, ends at the longest time that 63 bits of nanoseconds can say (KTIME_MAX).
    constexpr u64 kMost = (u64{1} << 63) - 1;
    const auto seconds = static_cast<u64>(time.tv_sec);
    const u64 ns = seconds >= kMost / kNsPerSec ? kMost : seconds * kNsPerSec + static_cast<u64>(time.tv_nsec);
    const u64 expires = (uptime_ns() + ns + kNsPerUs - 1) / kNsPerUs;
    while (uptime_us() < expires) {
        set_current_state(TASK_INTERRUPTIBLE);
        schedule_until(expires);
    }
    return 0;
}

i64 sys_getpid(u64, u64, u64, u64, u64, u64) { return current()->pid; }

i64 sys_exit(u64 code, u64, u64, u64, u64, u64) {
    const auto status = static_cast<u32>(code & 0xFF);  // what a parent would see of it
    if (status) printk(6, "%s[%u]: exit status %u\n", current()->comm, current()->pid, status);
    do_exit();
}

/// There is no calendar here: both clocks count from READY.
i64 sys_clock_gettime(u64 clock, u64 answer, u64, u64, u64, u64) {
    if (clock != clock_id::realtime && clock != clock_id::monotonic) return -err::inval;
    const u64 ns = uptime_ns();
    return put_user(kernel_timespec{static_cast<i64>(ns / kNsPerSec), static_cast<i64>(ns % kNsPerSec)}, answer);
}

i64 sys_syslog(u64 action, u64, u64 level, u64, u64, u64) {
    switch (action) {
        case syslog_action::console_off:
            console_off();
            return 0;
        case syslog_action::console_on:
            console_on();
            return 0;
        case syslog_action::console_level:
            return console_set_level(static_cast<int>(level));
        default:
            return -err::inval;
    }
}

}  // namespace

constinit SyscallFn sys_call_table[kSyscalls] = {};

void syscall_init() {
    sys_call_table[nr::read] = sys_read;
    sys_call_table[nr::write] = sys_write;
    sys_call_table[nr::close] = sys_close;
    sys_call_table[nr::poll] = sys_poll;
    sys_call_table[nr::sched_yield] = sys_sched_yield;
    sys_call_table[nr::nanosleep] = sys_nanosleep;
    sys_call_table[nr::getpid] = sys_getpid;
    sys_call_table[nr::exit] = sys_exit;
    sys_call_table[nr::syslog] = sys_syslog;
    sys_call_table[nr::clock_gettime] = sys_clock_gettime;
    sys_call_table[nr::exit_group] = sys_exit;
}

extern "C" STAGE i64 do_syscall(u64 number, const u64 (&a)[6]) {
    hal::irq_enable();
    const SyscallFn function = number < kSyscalls ? sys_call_table[number] : nullptr;
    const i64 answer = function ? function(a[0], a[1], a[2], a[3], a[4], a[5]) : -err::nosys;
    hal::irq_disable();
    prepare_exit_to_user();
    return answer;
}

}  // namespace fw
