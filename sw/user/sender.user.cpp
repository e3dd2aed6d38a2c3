// SPDX-License-Identifier: Apache-2.0
// Sends UDP datagrams at fixed times.
#include "sw/user/programs.h"
#include "sw/user/socket.h"

namespace fw::user {

int sender(const Arguments& arguments) {
    constexpr unsigned kBuffer = 8192;
    const int fd = socket(SOCK_DGRAM, 0);
    if (fd < 0 || arguments.bytes > kBuffer) return 1;
    setsockopt(fd, SOL_SOCKET, SO_BROADCAST, 1);
    if (arguments.tos != 0) setsockopt(fd, SOL_IP, IP_TOS, arguments.tos);
    if (arguments.ttl != 0) setsockopt(fd, SOL_IP, IP_TTL, arguments.ttl);
    if (bind(fd, address(arguments.address, arguments.port)) < 0) return 1;
    u8 data[kBuffer];
    for (unsigned i = 0; i < arguments.bytes; ++i) data[i] = static_cast<u8>(i);
    const sockaddr_in to = address(arguments.remote, arguments.remote_port);
    for (u32 n = 0; arguments.count == 0 || n < arguments.count; ++n) {
        sleep_until(arguments.start_us + n * arguments.interval_us);
        sendto(fd, data, arguments.bytes, to);
    }
    return 0;
}

}  // namespace fw::user
