// SPDX-License-Identifier: Apache-2.0
// The echo (RFC 862) and discard (RFC 863) services over UDP, which may be in a group for a time.
#include "sw/user/programs.h"
#include "sw/user/socket.h"

namespace fw::user {

namespace {

/// Of the group that the LocalTask names.
class Membership {
  public:
    Membership(const Arguments& arguments, int fd) : arguments_(arguments), fd_(fd) {
        if (arguments.group == 0) next_ = kNever;
    }
    /// Does what is due; the time in ms until there is more to do, -1: never.
    int change() {
        while (next_ != kNever && now_us() >= next_) (joined_ ? leave() : join());
        if (next_ == kNever) return -1;
        const u64 now = now_us();
        return next_ > now ? static_cast<int>((next_ - now + 999) / 1000) : 0;
    }

  private:
    static constexpr u64 kNever = ~u64{0};

    void set(u64 name) {
        setsockopt(fd_, SOL_IP, name, ip_mreqn{wire::swap32(arguments_.group), 0, arguments_.ifindex});
    }
    void join() {
        set(IP_ADD_MEMBERSHIP);
        joined_ = true;
        next_ = arguments_.leave_us != 0 ? arguments_.leave_us : kNever;
    }
    void leave() {
        set(IP_DROP_MEMBERSHIP);
        next_ = kNever;
    }

    const Arguments& arguments_;
    int fd_;
    bool joined_ = false;
    u64 next_ = arguments_.join_us;
};

}  // namespace

int udp_server(const Arguments& arguments) {
    constexpr unsigned kBuffer = 8192;  // longer datagrams come back cut to this
    const int fd = socket(SOCK_DGRAM, 0);
    if (fd < 0) return 1;
    if (arguments.tos != 0) setsockopt(fd, SOL_IP, IP_TOS, int{arguments.tos});
    if (arguments.ttl != 0) setsockopt(fd, SOL_IP, IP_TTL, int{arguments.ttl});
    if (bind(fd, address(arguments.address, arguments.port)) < 0) return 1;
    Membership membership(arguments, fd);
    u8 buffer[kBuffer];
    for (;;) {
        const int wait_ms = membership.change();
        pollfd wanted = {fd, poll_bit::in, 0};
        if (wait_ms >= 0 && poll(&wanted, 1, wait_ms) <= 0) continue;
        sockaddr_in from;
        const i64 bytes = recvfrom(fd, buffer, sizeof buffer, from);
        if (bytes >= 0 && arguments.program == regs::config::LOCAL_ECHO) {
            sendto(fd, buffer, static_cast<u64>(bytes), from);
        }
    }
}

}  // namespace fw::user
