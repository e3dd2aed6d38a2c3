// SPDX-License-Identifier: Apache-2.0
// The echo (RFC 862) and discard (RFC 863) services over UDP.
#include "sw/user/programs.h"
#include "sw/user/socket.h"

namespace fw::user {

int udp_server(const Arguments& arguments) {
    constexpr unsigned kBuffer = 8192;  // longer datagrams come back cut to this
    const int fd = socket(SOCK_DGRAM, 0);
    if (fd < 0) return 1;
    if (arguments.tos != 0) setsockopt(fd, SOL_IP, IP_TOS, arguments.tos);
    if (arguments.ttl != 0) setsockopt(fd, SOL_IP, IP_TTL, arguments.ttl);
    if (bind(fd, address(arguments.address, arguments.port)) < 0) return 1;
    u8 buffer[kBuffer];
    for (;;) {
        sockaddr_in from;
        const i64 bytes = recvfrom(fd, buffer, sizeof buffer, from);
        if (bytes >= 0 && arguments.program == regs::config::LOCAL_ECHO) {
            sendto(fd, buffer, static_cast<u64>(bytes), from);
        }
    }
}

}  // namespace fw::user
