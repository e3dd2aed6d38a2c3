// SPDX-License-Identifier: Apache-2.0
// Options of sockets, and what becomes of those that ask for errors.
#include "sw/user/programs.h"
#include "sw/user/socket.h"
#include "sw/user/text.h"

namespace fw::user {

using namespace regs::config;

void set_options(int fd, const Arguments& arguments) {
    const auto has = [&](u8 flag) { return (arguments.flags & flag) != 0; };
    if (arguments.tos != 0) setsockopt(fd, SOL_IP, IP_TOS, int{arguments.tos});
    if (arguments.ttl != 0) setsockopt(fd, SOL_IP, IP_TTL, int{arguments.ttl});
    if (has(LOCAL_F_BROADCAST)) setsockopt(fd, SOL_SOCKET, SO_BROADCAST, 1);
    if (has(LOCAL_F_ERRORS)) setsockopt(fd, SOL_IP, IP_RECVERR, 1);
    if (arguments.mtu_discover != 0) setsockopt(fd, SOL_IP, IP_MTU_DISCOVER, arguments.mtu_discover - 1);
    setsockopt(fd, SOL_IP, IP_MULTICAST_TTL, int{arguments.mc_ttl});
    setsockopt(fd, SOL_IP, IP_MULTICAST_LOOP, int{!has(LOCAL_F_NO_LOOP)});
    const ip_mreqn by = {0, 0, arguments.ifindex};
    setsockopt(fd, SOL_IP, IP_MULTICAST_IF, by);
}

namespace {

/// The oldest error that waits; false: there is none.
bool report_error(int fd) {
    struct {
        cmsghdr header;
        recverr_message message;
    } control = {};
    user_msghdr msg = {};
    msg.control = address_of(&control);
    msg.control_bytes = sizeof control;
    if (recvmsg(fd, msg, MSG_ERRQUEUE) < 0) return false;
    const sock_extended_err& ee = control.message.ee;
    Text line;
    line << "error " << u64{ee.error};
    if (ee.origin == SO_EE_ORIGIN_ICMP) {
        line << " from ";
        line.address(wire::swap32(control.message.offender.addr));
        line << ": icmp type " << u64{ee.type} << " code " << u64{ee.code};
    }
    if (ee.info != 0) line << " info " << u64{ee.info};
    (line << "\n").print();
    return true;
}

}  // namespace

void report_errors(int fd) {
    while (report_error(fd)) {
    }
    take_error(fd);  // of one that found no room in the queue
}

}  // namespace fw::user
