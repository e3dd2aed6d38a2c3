// SPDX-License-Identifier: Apache-2.0
// Sends UDP datagrams at fixed times.
#include "sw/user/programs.h"
#include "sw/user/socket.h"

namespace fw::user {

namespace {

constexpr unsigned kBuffer = 8192;
constexpr u64 kLinger = 1'000'000;  ///< us to wait for errors about the last datagram

bool has(const Arguments& arguments, u8 flag) { return (arguments.flags & flag) != 0; }

/// Asleep until then, but for errors if they are to be told.
void wait_until(int fd, const Arguments& arguments, u64 until) {
    if (!has(arguments, regs::config::LOCAL_F_ERRORS)) return sleep_until(until);
    for (u64 now = now_us(); now < until; now = now_us()) {
        pollfd errors = {fd, 0, 0};
        if (poll(&errors, 1, static_cast<int>((until - now + 999) / 1000)) > 0) report_errors(fd);
    }
}

int opened(const Arguments& arguments) {
    const int fd = socket(SOCK_DGRAM, 0);
    if (fd < 0) return fd;
    set_options(fd, arguments);
    if (bind(fd, address(arguments.address, arguments.port)) < 0) return -1;
    const bool connected = has(arguments, regs::config::LOCAL_F_CONNECT);
    return connected && connect(fd, address(arguments.remote, arguments.remote_port)) < 0 ? -1 : fd;
}

}  // namespace

int sender(const Arguments& arguments) {
    const int fd = opened(arguments);
    if (fd < 0 || arguments.bytes > kBuffer) return 1;
    u8 data[kBuffer];
    for (unsigned i = 0; i < arguments.bytes; ++i) data[i] = static_cast<u8>(i);
    const sockaddr_in to = address(arguments.remote, arguments.remote_port);
    for (u32 n = 0; arguments.count == 0 || n < arguments.count; ++n) {
        wait_until(fd, arguments, arguments.start_us + n * arguments.interval_us);
        if (has(arguments, regs::config::LOCAL_F_CONNECT)) {
            write(fd, data, arguments.bytes);
        } else {
            sendto(fd, data, arguments.bytes, to);
        }
    }
    if (has(arguments, regs::config::LOCAL_F_ERRORS)) wait_until(fd, arguments, now_us() + kLinger);
    return 0;
}

}  // namespace fw::user
