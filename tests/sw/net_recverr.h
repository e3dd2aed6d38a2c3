// SPDX-License-Identifier: Apache-2.0
// Sockets that hear of errors (ip(7), IP_RECVERR), and the ICMP messages that tell of them.
#pragma once
#include "tests/sw/net_socket.h"

namespace fw::test {

inline constexpr u64 kMsgErrqueue = 0x2000, kMsgDontwait = 0x40;
inline constexpr u64 kIpMtuDiscover = 10, kIpRecverr = 11, kIpMtu = 14;

/// Any system call with a descriptor first.
template <typename... Rest>
i64 call(u64 number, int fd, Rest... rest) {
    return user::syscall(number, static_cast<u64>(fd), rest...);
}

/// What one recvmsg(MSG_ERRQUEUE) told, or its error.
struct Told {
    i64 result = 0;
    recverr_message message = {};
    cmsghdr header = {};
    sockaddr_in name = {};
    u32 flags = 0;
    u64 control_bytes = 0;
    Bytes payload;
};

inline Told errors_of(int fd, u64 control_room = sizeof(cmsghdr) + sizeof(recverr_message), u64 room = 2048) {
    Told told;
    u8 control[64] = {};
    u8 data[2048];
    const iovec place = {user::address_of(data), room};
    user_msghdr msg = {user::address_of(&told.name),
                       sizeof told.name,
                       0,
                       user::address_of(&place),
                       1,
                       user::address_of(control),
                       control_room,
                       0,
                       0};
    told.result = call(nr::recvmsg, fd, user::address_of(&msg), kMsgErrqueue);
    if (told.result < 0) return told;
    std::memcpy(&told.header, control, sizeof told.header);
    std::memcpy(&told.message, control + sizeof told.header, sizeof told.message);
    told.flags = msg.flags;
    told.control_bytes = msg.control_bytes;
    told.payload.assign(data, data + told.result);
    return told;
}

inline i64 option(int fd, u64 level, u64 name) {
    int value = -1;
    u32 bytes = sizeof value;
    const i64 error = call(nr::getsockopt, fd, level, name, user::address_of(&value), user::address_of(&bytes));
    return error != 0 ? error : value;
}
inline i64 socket_error(int fd) { return option(fd, user::SOL_SOCKET, 4); }

/// What a read that does not wait answers.
inline i64 read_now(int fd) {
    u8 buffer[16];
    return call(nr::recvfrom, fd, user::address_of(buffer), u64{16}, kMsgDontwait);
}

inline short polled(int fd) {
    pollfd one = {fd, poll_bit::in | poll_bit::out, 0};
    EXPECT_GE(user::poll(&one, 1, 0), 0);
    return one.revents;
}

class Errors : public Sockets {
  protected:
    static int made(u64 type, bool recverr, u32 connected = 0, int pmtudisc = -1) {
        const int fd = user::socket(type, type == user::SOCK_RAW ? 253 : 0);
        EXPECT_GE(fd, 0);
        if (recverr) {
            EXPECT_EQ(user::setsockopt(fd, user::SOL_IP, kIpRecverr, 1), 0);
        }
        if (pmtudisc >= 0) {
            EXPECT_EQ(user::setsockopt(fd, user::SOL_IP, kIpMtuDiscover, pmtudisc), 0);
        }
        if (connected != 0) {
            EXPECT_EQ(user::connect(fd, user::address(connected, 9)), 0);
        }
        return fd;
    }
    static i64 send(int fd, u64 bytes, u32 to) {
        const std::vector<u8> data(bytes, 0x5A);
        return to != 0 ? user::sendto(fd, data.data(), bytes, user::address(to, 9))
                       : user::write(fd, data.data(), bytes);
    }

    /// The host answers the last packet that was sent: RFC 792, quoting `quoted` bytes of it.
    static void icmp_about(const Bytes& packet, u8 type, u8 code, u32 rest = 0, size_t quoted = 48) {
        Bytes message = {type, code, 0, 0, 0, 0, 0, 0};
        wire::put32(&message[4], rest);
        message.insert(message.end(), packet.begin(),
                       packet.begin() + static_cast<std::ptrdiff_t>(std::min(quoted, packet.size())));
        wire::put16(&message[2], internet_checksum(message.data(), message.size()));
        Header header;
        header.destination = kRouter;
        header.protocol = wire::IPPROTO_ICMP;
        arrives(header, message);
    }
    static void icmp_about_last(u8 type, u8 code, u32 rest = 0, size_t quoted = 48) {
        const auto packets = packets_sent();
        ASSERT_FALSE(packets.empty());
        icmp_about(packets.back(), type, code, rest, quoted);
    }
};

}  // namespace fw::test
