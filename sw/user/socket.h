// SPDX-License-Identifier: Apache-2.0
// Sockets for programs (socket(2), ip(7)).
#pragma once
#include "sw/user/unistd.h"
#include "sw/wire/bytes.h"

namespace fw::user {

inline constexpr u64 AF_INET = 2, SOCK_STREAM = 1, SOCK_DGRAM = 2, SOCK_RAW = 3;
inline constexpr u64 SOL_IP = 0, SOL_SOCKET = 1, IP_TOS = 1, IP_TTL = 2, SO_BROADCAST = 6, SO_ERROR = 4;
inline constexpr u64 IP_MTU_DISCOVER = 10, IP_RECVERR = 11, IP_MULTICAST_IF = 32, IP_MULTICAST_TTL = 33,
                     IP_MULTICAST_LOOP = 34, IP_ADD_MEMBERSHIP = 35, IP_DROP_MEMBERSHIP = 36;
inline constexpr u64 MSG_ERRQUEUE = 0x2000;
inline constexpr int kEAgain = 11;

using fw::sockaddr_in;
/// struct ip_mreqn; addresses in the byte order of the network.
struct ip_mreqn {
    u32 multiaddr;
    u32 address;
    u32 ifindex;
};

inline sockaddr_in address(u32 addr, u16 port) {
    return {static_cast<u16>(AF_INET), wire::swap16(port), wire::swap32(addr), {}};
}

inline int socket(u64 type, u64 protocol) { return static_cast<int>(syscall(nr::socket, AF_INET, type, protocol)); }
inline i64 bind(int fd, const sockaddr_in& name) {
    return syscall(nr::bind, static_cast<u64>(fd), address_of(&name), sizeof name);
}
inline i64 connect(int fd, const sockaddr_in& name) {
    return syscall(nr::connect, static_cast<u64>(fd), address_of(&name), sizeof name);
}
inline i64 listen(int fd, u64 backlog) { return syscall(nr::listen, static_cast<u64>(fd), backlog); }
inline int accept(int fd) { return static_cast<int>(syscall(nr::accept, static_cast<u64>(fd))); }
inline i64 sendto(int fd, const void* data, u64 bytes, const sockaddr_in& to) {
    return syscall(nr::sendto, static_cast<u64>(fd), address_of(data), bytes, 0, address_of(&to), sizeof to);
}
inline i64 recvfrom(int fd, void* data, u64 bytes, sockaddr_in& from) {
    u32 room = sizeof from;
    return syscall(nr::recvfrom, static_cast<u64>(fd), address_of(data), bytes, 0, address_of(&from),
                   address_of(&room));
}
inline i64 recvmsg(int fd, user_msghdr& msg, u64 flags) {
    return syscall(nr::recvmsg, static_cast<u64>(fd), address_of(&msg), flags);
}
/// The error that waits, taken away (socket(7), SO_ERROR).
inline int take_error(int fd) {
    int error = 0;
    u32 bytes = sizeof error;
    syscall(nr::getsockopt, static_cast<u64>(fd), SOL_SOCKET, SO_ERROR, address_of(&error), address_of(&bytes));
    return error;
}
template <typename Value>
i64 setsockopt(int fd, u64 level, u64 name, const Value& value) {
    return syscall(nr::setsockopt, static_cast<u64>(fd), level, name, address_of(&value), sizeof value);
}

}  // namespace fw::user
