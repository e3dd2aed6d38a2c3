// SPDX-License-Identifier: Apache-2.0
// Raw sockets and the ping program on them (raw(7), RFC 792).
#include "tests/sw/net_socket.h"

namespace fw::test {
namespace {

using Raw = Sockets;

TEST_F(Raw, ASocketOfAProtocolGetsCopiesOfItsPacketsWithTheirHeaders) {
    Bytes got;
    native::run_program([&] {
        const int fd = user::socket(user::SOCK_RAW, 253);
        u8 buffer[64];
        user::sockaddr_in from;
        const i64 bytes = user::recvfrom(fd, buffer, sizeof buffer, from);
        EXPECT_EQ(wire::swap32(from.addr), kHost);
        got.assign(buffer, buffer + bytes);
    });
    Header header;
    header.destination = kRouter;
    arrives(header, {1, 2, 3});
    EXPECT_EQ(got, ip_packet(header, {1, 2, 3}));
    // Somebody took it: no protocol unreachable.
    EXPECT_EQ(counter(Snmp::IcmpOutDestUnreachs), 0u);
    EXPECT_EQ(fate(Fate::delivered), 1u);
}

TEST_F(Raw, WithHdrinclTheHeaderIsTheProgramsButForLengthChecksumAndZeros) {
    native::run_program([] {
        const int fd = user::socket(user::SOCK_RAW, 255);
        Header header;
        header.source = 0;
        header.destination = kHost;
        header.id = 0;
        header.ttl = 9;
        const Bytes packet = ip_packet(header, {1, 2, 3, 4});
        EXPECT_EQ(user::sendto(fd, packet.data(), packet.size(), user::address(kHost, 0)), 24);
        EXPECT_EQ(user::sendto(fd, packet.data(), 19, user::address(kHost, 0)), -22);
        const std::vector<u8> large(1600);
        EXPECT_EQ(user::sendto(fd, large.data(), large.size(), user::address(kHost, 0)), -90);
    });
    const auto packets = packets_sent();
    ASSERT_EQ(packets.size(), 1u);
    EXPECT_EQ(packets[0][8], 9);
    EXPECT_EQ(wire::get32(&packets[0][12]), kRouter);
    EXPECT_EQ(internet_checksum(packets[0].data(), 20), 0);
}

TEST_F(Raw, PingTellsOfEachAnswerAndOfTheirNumber) {
    static user::Arguments arguments;
    arguments = {};
    arguments.program = rc::LOCAL_PING;
    arguments.remote = kHost;
    arguments.count = 2;
    arguments.bytes = 56;
    arguments.interval_us = 1'000'000;
    native::run_program([] { user::local_program(&arguments); });
    for (unsigned n = 1; n <= 2; ++n) {
        auto packets = packets_sent();
        ASSERT_EQ(packets.size(), 1u);
        Bytes reply(packets[0].begin() + 20, packets[0].end());
        EXPECT_EQ(reply[0], 8);
        EXPECT_EQ(reply[7], n);
        EXPECT_EQ(internet_checksum(reply.data(), reply.size()), 0);
        reply[0] = 0;
        reply[2] = reply[3] = 0;
        const u16 sum = internet_checksum(reply.data(), reply.size());
        reply[2] = static_cast<u8>(sum >> 8), reply[3] = static_cast<u8>(sum);
        native::advance(300);
        Header header;
        header.destination = kRouter;
        header.protocol = wire::IPPROTO_ICMP;
        arrives(header, reply);
        native::advance(kSec);
    }
    EXPECT_EQ(native::machine().console,
              "64 bytes from 10.0.0.2: icmp_seq=1 ttl=64 time=0.300 ms\n"
              "64 bytes from 10.0.0.2: icmp_seq=2 ttl=64 time=0.300 ms\n"
              "2 packets transmitted, 2 received\n");
}

TEST_F(Raw, PingToNobodyEndsAndSaysSo) {
    static user::Arguments arguments;
    arguments = {};
    arguments.program = rc::LOCAL_PING;
    arguments.remote = kHost;
    arguments.count = 1;
    arguments.interval_us = 1000;
    native::run_program([] { user::local_program(&arguments); });
    native::advance(5 * kSec);
    EXPECT_EQ(packets_sent().size(), 1u);
    EXPECT_EQ(native::machine().console, "1 packets transmitted, 0 received\n");
}

}  // namespace
}  // namespace fw::test
