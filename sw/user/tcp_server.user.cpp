// SPDX-License-Identifier: Apache-2.0
// The echo (RFC 862) and discard (RFC 863) services over TCP, several connections at once.
#include "sw/user/programs.h"
#include "sw/user/socket.h"

namespace fw::user {

namespace {

constexpr unsigned kConnections = 12, kBacklog = 16;
constexpr unsigned kBuffer = 4096;

struct Connections {
    pollfd fds[1 + kConnections];  ///< first the listening socket
    unsigned count;

    void add(int fd) { fds[++count] = {fd, poll_bit::in, 0}; }
    void drop(unsigned n) {
        close(fds[n].fd);
        fds[n] = fds[count--];
    }
    /// New ones are taken only while there is room for them.
    u64 watched() { return fds[0].events = count < kConnections ? short{poll_bit::in} : short{0}, count + 1; }
};

/// False: the connection is over.
bool send_back(int fd, const u8* data, u64 bytes) {
    while (bytes != 0) {
        const i64 sent = write(fd, data, bytes);
        if (sent <= 0) return false;
        data += sent;
        bytes -= static_cast<u64>(sent);
    }
    return true;
}

bool serve(int fd, bool echo) {
    u8 buffer[kBuffer];
    const i64 bytes = read(fd, buffer, sizeof buffer);
    if (bytes <= 0) return false;
    return !echo || send_back(fd, buffer, static_cast<u64>(bytes));
}

}  // namespace

int tcp_server(const Arguments& arguments) {
    const int listener = socket(SOCK_STREAM, 0);
    if (listener < 0) return 1;
    if (arguments.tos != 0) setsockopt(listener, SOL_IP, IP_TOS, int{arguments.tos});
    if (arguments.ttl != 0) setsockopt(listener, SOL_IP, IP_TTL, int{arguments.ttl});
    if (bind(listener, address(arguments.address, arguments.port)) < 0 || listen(listener, kBacklog) < 0) return 1;
    const bool echo = arguments.program == regs::config::LOCAL_ECHO;
    Connections all = {};
    all.fds[0] = {listener, poll_bit::in, 0};
    for (;;) {
        poll(all.fds, all.watched(), -1);
        for (unsigned n = all.count; n > 0; --n) {
            if (all.fds[n].revents != 0 && !serve(all.fds[n].fd, echo)) all.drop(n);
        }
        if (all.fds[0].revents == 0) continue;
        const int fd = accept(listener);
        if (fd >= 0) all.add(fd);
    }
}

}  // namespace fw::user
