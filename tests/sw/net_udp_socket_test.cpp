// SPDX-License-Identifier: Apache-2.0
// UDP sockets: what programs send and get (udp(7), ip(7), RFC 768, RFC 1122 4.1).
#include "tests/sw/net_socket.h"

namespace fw::test {
namespace {

constexpr i64 kEconnrefused = -111, kEaddrinuse = -98, kEdestaddrreq = -89, kEacces = -13, kEmsgsize = -90;
constexpr u16 kPort = 7, kHostPort = 4000;

void arrives_datagram(Header header, u16 destination, const Bytes& data, u16 source = kHostPort) {
    const Bytes segment = udp_segment(header, source, destination, data);
    sk_buff* skb = alloc_skb();
    ASSERT_NE(skb, nullptr);
    Bytes frame(14);
    std::memcpy(&frame[0], port(kEth0)->dev_addr, ETH_ALEN);
    if (header.destination == ip4(255, 255, 255, 255)) std::memset(&frame[0], 0xFF, ETH_ALEN);
    frame[12] = 8;
    const Bytes packet = ip_packet(header, segment);
    frame.insert(frame.end(), packet.begin(), packet.end());
    std::memcpy(skb_put(skb, static_cast<u32>(frame.size())), frame.data(), frame.size());
    eth_type_trans(skb, port(kEth0));
    netif_receive_skb(skb);
    schedule();
}

Header to_router() {
    Header header;
    header.destination = kRouter;
    return header;
}

class UdpSocket : public Sockets {
  protected:
    static int bound(u16 port, u32 addr = 0) {
        const int fd = user::socket(user::SOCK_DGRAM, 0);
        EXPECT_GE(fd, 0);
        EXPECT_EQ(user::bind(fd, user::address(addr, port)), 0);
        return fd;
    }
};

TEST_F(UdpSocket, AProgramEchoesWhatAHostSends) {
    user::Arguments arguments;
    arguments.program = rc::LOCAL_ECHO;
    arguments.protocol = wire::IPPROTO_UDP;
    arguments.port = kPort;
    native::run_program([&] { user::local_program(&arguments); });
    arrives_datagram(to_router(), kPort, {'h', 'e', 'l', 'l', 'o'});
    const auto packets = packets_sent();
    ASSERT_EQ(packets.size(), 1u);
    Header answer;
    answer.source = kRouter;
    answer.destination = kHost;
    Bytes segment = udp_segment(answer, kPort, kHostPort, {'h', 'e', 'l', 'l', 'o'});
    EXPECT_EQ(Bytes(packets[0].begin() + 20, packets[0].end()), segment);
    EXPECT_EQ(wire::get32(&packets[0][12]), kRouter);
    EXPECT_EQ(wire::get32(&packets[0][16]), kHost);
    EXPECT_EQ(packets[0][8], 64);
    EXPECT_EQ(counter(Snmp::UdpInDatagrams), 1u);
    EXPECT_EQ(counter(Snmp::UdpOutDatagrams), 1u);
    EXPECT_EQ(counter(Snmp::IpOutRequests), 1u);
    EXPECT_EQ(fate(Fate::delivered), 1u);
}

TEST_F(UdpSocket, APortWithoutSocketIsAnsweredAsUnreachable) {
    arrives_datagram(to_router(), 99, {1});
    EXPECT_EQ(counter(Snmp::UdpNoPorts), 1u);
    EXPECT_EQ(counter(Snmp::IcmpOutDestUnreachs), 1u);
    EXPECT_EQ(fate(Fate::proto_unreachable), 1u);
}

TEST_F(UdpSocket, AFullQueueDropsAndCounts) {
    native::run_program([] {
        const int fd = bound(kPort);
        user::setsockopt(fd, user::SOL_SOCKET, 8 /* SO_RCVBUF */, 0);
        user::nanosleep({1, 0});
    });
    for (unsigned n = 0; n < 4; ++n) arrives_datagram(to_router(), kPort, {1, 2, 3});
    // 2,304 bytes are the least, and a slot has more: one waits.
    EXPECT_EQ(counter(Snmp::UdpRcvbufErrors), 3u);
    EXPECT_EQ(counter(Snmp::UdpInErrors), 3u);
    EXPECT_EQ(fate(Fate::socket_full), 3u);
    native::advance(2 * kSec);
    EXPECT_EQ(fate(Fate::socket_closed), 1u);
}

TEST_F(UdpSocket, AWrongChecksumIsDroppedBeforeTheSocket) {
    i64 received = 1;
    native::run_program([&] {
        const int fd = bound(kPort);
        user::nanosleep({1, 0});
        u8 buffer[16];
        received = user::syscall(nr::recvfrom, static_cast<u64>(fd), user::address_of(buffer), 16, 0x40);
    });
    Header header = to_router();
    Bytes segment = udp_segment(header, kHostPort, kPort, {1, 2});
    segment[6] ^= 1;
    receive_ip(kEth0, ip_packet(header, segment));
    native::advance(2 * kSec);
    EXPECT_EQ(received, -11);  // EAGAIN
    EXPECT_EQ(counter(Snmp::UdpInCsumErrors), 1u);
    EXPECT_EQ(fate(Fate::bad_checksum), 1u);
}

TEST_F(UdpSocket, TheBestFittingSocketGetsTheDatagram) {
    std::string who;
    const auto reader = [&](u32 addr, u32 peer, char name) {
        native::run_program([=, &who] {
            const int fd = user::socket(user::SOCK_DGRAM, 0);
            user::setsockopt(fd, user::SOL_SOCKET, 2 /* SO_REUSEADDR */, 1);
            EXPECT_EQ(user::bind(fd, user::address(addr, kPort)), 0);
            if (peer != 0) {
                EXPECT_EQ(user::connect(fd, user::address(peer, kHostPort)), 0);
            }
            for (;;) {
                u8 buffer[8];
                user::sockaddr_in from;
                if (user::recvfrom(fd, buffer, sizeof buffer, from) >= 0) who += name;
            }
        });
    };
    reader(0, 0, 'a');
    arrives_datagram(to_router(), kPort, {1});
    reader(kRouter, 0, 'b');
    arrives_datagram(to_router(), kPort, {1});
    reader(kRouter, kHost, 'c');
    arrives_datagram(to_router(), kPort, {1});
    arrives_datagram(to_router(), kPort, {1}, kHostPort + 1);
    EXPECT_EQ(who, "abcb");
}

TEST_F(UdpSocket, ABroadcastIsCopiedToEachSocket) {
    unsigned got = 0;
    for (unsigned n = 0; n < 2; ++n) {
        native::run_program([&] {
            const int fd = user::socket(user::SOCK_DGRAM, 0);
            user::setsockopt(fd, user::SOL_SOCKET, 2, 1);
            EXPECT_EQ(user::bind(fd, user::address(0, kPort)), 0);
            u8 buffer[8];
            user::sockaddr_in from;
            if (user::recvfrom(fd, buffer, sizeof buffer, from) == 3) ++got;
        });
    }
    Header header;
    header.destination = ip4(255, 255, 255, 255);
    arrives_datagram(header, kPort, {1, 2, 3});
    EXPECT_EQ(got, 2u);
    arrives_datagram(header, kPort + 1, {1});
    EXPECT_EQ(counter(Snmp::UdpIgnoredMulti), 1u);
}

TEST_F(UdpSocket, AConnectedSocketHearsThatNobodyListens) {
    i64 told = 0;
    native::run_program([&] {
        const int fd = user::socket(user::SOCK_DGRAM, 0);
        EXPECT_EQ(user::connect(fd, user::address(kHost, 9)), 0);
        EXPECT_EQ(user::write(fd, "x", 1), 1);
        u8 buffer[8];
        told = user::read(fd, buffer, sizeof buffer);
    });
    const auto packets = packets_sent();
    ASSERT_EQ(packets.size(), 1u);
    Bytes message = {3, 3, 0, 0, 0, 0, 0, 0};
    message.insert(message.end(), packets[0].begin(), packets[0].begin() + 28);
    const u16 sum = internet_checksum(message.data(), message.size());
    message[2] = static_cast<u8>(sum >> 8), message[3] = static_cast<u8>(sum);
    Header header = to_router();
    header.protocol = wire::IPPROTO_ICMP;
    arrives(header, message);
    EXPECT_EQ(told, kEconnrefused);
}

TEST_F(UdpSocket, CallsThatCannotBeAreRefused) {
    native::run_program([] {
        const int fd = bound(kPort);
        const int other = user::socket(user::SOCK_DGRAM, 0);
        EXPECT_EQ(user::bind(other, user::address(0, kPort)), kEaddrinuse);
        EXPECT_EQ(user::bind(other, user::address(ip4(9, 9, 9, 9), 1)), -99);  // EADDRNOTAVAIL
        EXPECT_EQ(user::bind(fd, user::address(0, 8)), -22);                   // EINVAL: it has a port
        EXPECT_EQ(user::write(fd, "x", 1), kEdestaddrreq);
        EXPECT_EQ(user::sendto(fd, "x", 1, user::address(kHost, 0)), -22);
        EXPECT_EQ(user::sendto(fd, "x", 1, user::address(ip4(10, 0, 0, 255), 9)), kEacces);
        EXPECT_EQ(user::sendto(fd, "x", 1, user::address(ip4(99, 0, 0, 1), 9)), -101);  // ENETUNREACH
        EXPECT_EQ(user::sendto(fd, "x", 65508, user::address(kHost, 9)), kEmsgsize);
        EXPECT_EQ(user::sendto(fd, nullptr, 4, user::address(kHost, 9)), -14);  // EFAULT
        EXPECT_EQ(user::listen(fd, 1), -95);                                    // EOPNOTSUPP
        EXPECT_EQ(user::syscall(nr::socket, 10, 2, 0), -97);                    // EAFNOSUPPORT
        EXPECT_EQ(user::syscall(nr::socket, 2, 5, 0), -93);                     // EPROTONOSUPPORT
        EXPECT_EQ(user::syscall(nr::bind, 3 + 9, 0, 0), -9);                    // EBADF
    });
    EXPECT_EQ(counter(Snmp::IpOutNoRoutes), 1u);
}

TEST_F(UdpSocket, ADatagramLongerThanTheMtuLeavesInFragmentsWithOneChecksum) {
    native::run_program([] {
        const int fd = bound(kPort);
        std::vector<u8> data(3000, 0x5A);
        EXPECT_EQ(user::sendto(fd, data.data(), data.size(), user::address(kHost, 9)), 3000);
    });
    const auto packets = packets_sent();
    ASSERT_EQ(packets.size(), 3u);
    Bytes all;
    for (const Bytes& packet : packets) all.insert(all.end(), packet.begin() + 20, packet.end());
    Header header;
    header.source = kRouter;
    header.destination = kHost;
    EXPECT_EQ(all, udp_segment(header, kPort, 9, Bytes(3000, 0x5A)));
    EXPECT_EQ(counter(Snmp::IpFragCreates), 3u);
}

TEST_F(UdpSocket, TosAndTtlOfASocketAreItsPackets) {
    native::run_program([] {
        const int fd = bound(kPort);
        EXPECT_EQ(user::setsockopt(fd, user::SOL_IP, user::IP_TOS, 0x10), 0);
        EXPECT_EQ(user::setsockopt(fd, user::SOL_IP, user::IP_TTL, 5), 0);
        EXPECT_EQ(user::setsockopt(fd, user::SOL_IP, user::IP_TTL, 256), -22);
        EXPECT_EQ(user::sendto(fd, "x", 1, user::address(kHost, 9)), 1);
    });
    const auto packets = packets_sent();
    ASSERT_EQ(packets.size(), 1u);
    EXPECT_EQ(packets[0][1], 0x10);
    EXPECT_EQ(packets[0][8], 5);
}

}  // namespace
}  // namespace fw::test
