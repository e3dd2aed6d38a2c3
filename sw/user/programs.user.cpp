// SPDX-License-Identifier: Apache-2.0
#include "sw/user/programs.h"

namespace fw::user {

namespace {

using namespace regs::config;

constexpr u8 kTcp = 6;  // IPPROTO_TCP

int run(const Arguments& arguments) {
    sleep_until(arguments.start_us);
    switch (arguments.program) {
        case LOCAL_ECHO:
        case LOCAL_DISCARD:
            return arguments.protocol == kTcp ? tcp_server(arguments) : udp_server(arguments);
        case LOCAL_PING:
            return ping(arguments);
        default:
            return sender(arguments);
    }
}

}  // namespace

void local_program(const void* arguments) { exit(run(*static_cast<const Arguments*>(arguments))); }

u64 now_us() {
    kernel_timespec now = {};
    clock_gettime(clock_id::monotonic, now);
    return static_cast<u64>(now.tv_sec) * 1'000'000 + static_cast<u64>(now.tv_nsec) / 1000;
}

void sleep_until(u64 us) {
    const u64 now = now_us();
    if (us <= now) return;
    const u64 rest = us - now;
    nanosleep({static_cast<i64>(rest / 1'000'000), static_cast<i64>(rest % 1'000'000 * 1000)});
}

}  // namespace fw::user
