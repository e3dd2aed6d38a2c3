// SPDX-License-Identifier: Apache-2.0
// Errors of sockets, with IP_RECVERR and without. What programs hear is what Linux 6.18 told them.
#include "tests/sw/net_recverr.h"

namespace fw::test {
namespace {

constexpr i64 kEagain = -11, kEfault = -14, kEmsgsize = -90, kEnoprotoopt = -92, kEconnrefused = -111,
              kEhostunreach = -113;
constexpr u8 kUnreach = 3, kPort = 3, kHostCode = 1, kProto = 2;

TEST_F(Errors, AnUnconnectedSocketThatDoesNotAskHearsNothing) {
    native::run_program([] {
        const int fd = made(user::SOCK_DGRAM, false);
        EXPECT_EQ(send(fd, 20, kHost), 20);
        icmp_about_last(kUnreach, kPort);
        EXPECT_EQ(polled(fd), poll_bit::out);
        EXPECT_EQ(send(fd, 20, kHost), 20);
        EXPECT_EQ(read_now(fd), kEagain);
        EXPECT_EQ(errors_of(fd).result, kEagain);
        EXPECT_EQ(socket_error(fd), 0);
    });
}

TEST_F(Errors, AConnectedSocketThatDoesNotAskHearsOfHardErrorsOnce) {
    native::run_program([] {
        const int fd = made(user::SOCK_DGRAM, false, kHost);
        EXPECT_EQ(send(fd, 20, 0), 20);
        icmp_about_last(kUnreach, kPort);
        EXPECT_EQ(polled(fd), short{poll_bit::out | poll_bit::err});
        EXPECT_EQ(send(fd, 20, 0), kEconnrefused);
        EXPECT_EQ(errors_of(fd).result, kEagain);
        EXPECT_EQ(polled(fd), poll_bit::out);
        EXPECT_EQ(send(fd, 20, 0), 20);
        icmp_about_last(kUnreach, kHostCode);
        EXPECT_EQ(polled(fd), poll_bit::out);
        EXPECT_EQ(send(fd, 20, 0), 20);
    });
}

TEST_F(Errors, WithRecverrTheQueueTellsWhatFromWhomAndAboutWhichPacket) {
    for (const u32 connected : {u32{0}, kHost}) {
        native::run_program([=] {
            const int fd = made(user::SOCK_DGRAM, true, connected);
            const u32 to = connected != 0 ? 0 : kHost;
            EXPECT_EQ(send(fd, 20, to), 20);
            icmp_about_last(kUnreach, kPort);
            EXPECT_EQ(polled(fd), short{poll_bit::out | poll_bit::err});
            EXPECT_EQ(send(fd, 20, to), kEconnrefused);
            EXPECT_EQ(read_now(fd), kEagain);
            EXPECT_EQ(polled(fd), short{poll_bit::out | poll_bit::err}) << "the queue has something";
            const Told told = errors_of(fd);
            EXPECT_EQ(told.result, 20);
            EXPECT_EQ(told.payload, Bytes(20, 0x5A));
            EXPECT_EQ(told.flags, 0x2000u);
            EXPECT_EQ(told.header.bytes, 48u);
            EXPECT_EQ(told.control_bytes, 48u);
            EXPECT_EQ(told.header.level, 0);
            EXPECT_EQ(told.header.type, 11);
            const sock_extended_err& ee = told.message.ee;
            EXPECT_EQ(ee.error, 111u);
            EXPECT_EQ(ee.origin, 2);
            EXPECT_EQ(ee.type, 3);
            EXPECT_EQ(ee.code, 3);
            EXPECT_EQ(ee.info, 0u);
            EXPECT_EQ(ee.data, 0u);
            EXPECT_EQ(told.message.offender.family, 2);
            EXPECT_EQ(wire::swap32(told.message.offender.addr), kHost);
            EXPECT_EQ(told.message.offender.port, 0);
            EXPECT_EQ(wire::swap32(told.name.addr), kHost);
            EXPECT_EQ(wire::swap16(told.name.port), 9);
            EXPECT_EQ(errors_of(fd).result, kEagain);
            EXPECT_EQ(polled(fd), poll_bit::out);
            EXPECT_EQ(socket_error(fd), 0);
        });
    }
}

struct Meaning {
    u8 code;
    u32 error;
    bool fatal;
};
/// Linux include/net/icmp.h icmp_err_convert[], as a kernel 6.18 told it.
constexpr Meaning kMeanings[] = {{0, 101, false},  {1, 113, false},  {2, 92, true},   {3, 111, true},  {5, 95, false},
                                 {6, 101, true},   {7, 112, true},   {8, 64, true},   {9, 101, true},  {10, 113, true},
                                 {11, 101, false}, {12, 113, false}, {13, 113, true}, {14, 113, true}, {15, 113, true}};

TEST_F(Errors, EachCodeOfUnreachableHasItsErrorAndIsHardOrNot) {
    native::run_program([] {
        const int asks = made(user::SOCK_DGRAM, true, kHost), does_not = made(user::SOCK_DGRAM, false, kHost);
        for (const Meaning& meaning : kMeanings) {
            EXPECT_EQ(send(asks, 1, 0), 1);
            icmp_about_last(kUnreach, meaning.code);
            EXPECT_EQ(errors_of(asks).message.ee.error, meaning.error) << unsigned{meaning.code};
            EXPECT_EQ(send(does_not, 1, 0), 1);
            icmp_about_last(kUnreach, meaning.code);
            EXPECT_EQ(socket_error(does_not), meaning.fatal ? meaning.error : 0) << unsigned{meaning.code};
        }
    });
}

TEST_F(Errors, OtherMessagesThanUnreachable) {
    native::run_program([] {
        const int fd = made(user::SOCK_DGRAM, true);
        EXPECT_EQ(send(fd, 1, kHost), 1);
        icmp_about_last(11, 0);
        Told told = errors_of(fd);
        EXPECT_EQ(told.message.ee.error, 113u);
        EXPECT_EQ(told.message.ee.type, 11);
        EXPECT_EQ(send(fd, 1, kHost), 1);
        icmp_about_last(12, 0, u32{20} << 24);
        told = errors_of(fd);
        EXPECT_EQ(told.message.ee.error, 71u);  // EPROTO
        EXPECT_EQ(told.message.ee.info, 20u) << "the pointer";
        for (const u8 type : {u8{4}, u8{5}}) {  // source quench (RFC 6633), redirect
            EXPECT_EQ(send(fd, 1, kHost), 1);
            icmp_about_last(type, 1, kOther);
            EXPECT_EQ(errors_of(fd).result, kEagain) << unsigned{type};
            EXPECT_EQ(socket_error(fd), 0) << unsigned{type};
        }
        const int connected = made(user::SOCK_DGRAM, false, kHost);
        EXPECT_EQ(send(connected, 1, 0), 1);
        icmp_about_last(12, 0, u32{20} << 24);
        EXPECT_EQ(socket_error(connected), 71);
        EXPECT_EQ(send(connected, 1, 0), 1);
        icmp_about_last(11, 0);
        EXPECT_EQ(socket_error(connected), 0);
    });
}

TEST_F(Errors, ARawSocketSendsOnAndHearsAtItsNextRead) {
    native::run_program([] {
        const int fd = made(user::SOCK_RAW, true);
        EXPECT_EQ(send(fd, 20, kHost), 20);
        icmp_about_last(kUnreach, kProto);
        EXPECT_EQ(polled(fd), short{poll_bit::out | poll_bit::err});
        EXPECT_EQ(send(fd, 20, kHost), 20);
        icmp_about_last(kUnreach, kProto);
        EXPECT_EQ(read_now(fd), kEnoprotoopt);
        EXPECT_EQ(read_now(fd), kEagain);
        for (unsigned n = 0; n < 2; ++n) {
            const Told told = errors_of(fd);
            EXPECT_EQ(told.message.ee.error, 92u);
            EXPECT_EQ(told.payload, Bytes(20, 0x5A));
            EXPECT_EQ(wire::swap32(told.name.addr), kHost);
            EXPECT_EQ(told.name.port, 0);
        }
        EXPECT_EQ(errors_of(fd).result, kEagain);
    });
}

TEST_F(Errors, RawSocketsThatDoNotAskHearOnlyOfHardErrorsOfTheirPeer) {
    native::run_program([] {
        const int connected = made(user::SOCK_RAW, false, kHost), other = made(user::SOCK_RAW, false, kOther),
                  free = made(user::SOCK_RAW, false);
        EXPECT_EQ(send(connected, 20, 0), 20);
        auto packets = packets_sent();
        icmp_about(packets.back(), kUnreach, kHostCode);
        EXPECT_EQ(socket_error(connected), 0);
        icmp_about(packets.back(), kUnreach, kProto);
        icmp_about(packets.back(), 5, 1, kOther);
        EXPECT_EQ(socket_error(connected), 92);
        EXPECT_EQ(socket_error(other), 0);
        EXPECT_EQ(socket_error(free), 0);
        icmp_about(packets.back(), 4, 0);
        EXPECT_EQ(socket_error(connected), 0);
    });
}

TEST_F(Errors, WithHdrinclTheQuotedHeaderIsAmongTheBytes) {
    native::run_program([] {
        const int fd = made(user::SOCK_RAW, true);
        EXPECT_EQ(user::setsockopt(fd, user::SOL_IP, 3, 1), 0);
        Header header;
        header.source = kRouter, header.destination = kHost;
        const Bytes packet = ip_packet(header, {1, 2, 3, 4, 5, 6, 7, 8});
        EXPECT_EQ(user::sendto(fd, packet.data(), packet.size(), user::address(kHost, 0)), 28);
        icmp_about_last(kUnreach, kProto);
        EXPECT_EQ(errors_of(fd).payload, packet);
        // Unlike without it, an error that waits ends the next call to send.
        EXPECT_EQ(user::sendto(fd, packet.data(), packet.size(), user::address(kHost, 0)), 28);
        icmp_about_last(kUnreach, kProto);
        EXPECT_EQ(user::sendto(fd, packet.data(), packet.size(), user::address(kHost, 0)), kEnoprotoopt);
        const Bytes large(1501);
        EXPECT_EQ(user::sendto(fd, large.data(), large.size(), user::address(kHost, 0)), kEmsgsize);
        errors_of(fd);
        const Told told = errors_of(fd);
        EXPECT_EQ(told.message.ee.origin, 1);
        EXPECT_EQ(told.message.ee.info, 1500u);
    });
}

TEST_F(Errors, TheNextErrorOfTheQueueBecomesTheSockets) {
    native::run_program([] {
        const int fd = made(user::SOCK_DGRAM, true);
        EXPECT_EQ(send(fd, 1, kHost), 1);
        const auto packets = packets_sent();
        icmp_about(packets.back(), kUnreach, kPort);
        icmp_about(packets.back(), kUnreach, kHostCode);
        EXPECT_EQ(errors_of(fd).message.ee.code, 3);
        EXPECT_EQ(send(fd, 1, kHost), kEhostunreach);
        EXPECT_EQ(errors_of(fd).message.ee.code, 1);
        EXPECT_EQ(socket_error(fd), 0);
    });
}

TEST_F(Errors, ShortRoomCutsDataAndControlMessagesAndSaysSo) {
    native::run_program([] {
        const int fd = made(user::SOCK_DGRAM, true);
        EXPECT_EQ(send(fd, 20, kHost), 20);
        const auto packets = packets_sent();
        for (unsigned n = 0; n < 3; ++n) icmp_about(packets.back(), kUnreach, kPort);
        Told told = errors_of(fd, 48, 4);
        EXPECT_EQ(told.payload, Bytes(4, 0x5A));
        EXPECT_EQ(told.flags, 0x2020u);  // MSG_ERRQUEUE, MSG_TRUNC
        told = errors_of(fd, 20);
        EXPECT_EQ(told.flags, 0x2008u);  // MSG_CTRUNC
        EXPECT_EQ(told.header.bytes, 20u);
        EXPECT_EQ(told.control_bytes, 20u);
        EXPECT_EQ(told.message.ee.error, 111u);
        EXPECT_EQ(told.message.ee.type, 0);
        told = errors_of(fd, 15);
        EXPECT_EQ(told.flags, 0x2008u);
        EXPECT_EQ(told.control_bytes, 0u);
    });
}

TEST_F(Errors, CallsWithBadMemoryAreRefused) {
    native::run_program([] {
        const int fd = made(user::SOCK_DGRAM, true);
        const iovec pieces[2] = {};
        user_msghdr msg = {0, 0, 0, user::address_of(pieces), 2, 0, 0, 0, 0};
        EXPECT_EQ(call(nr::recvmsg, fd, user::address_of(&msg), kMsgErrqueue), kEmsgsize);
        EXPECT_EQ(call(nr::recvmsg, fd, u64{0}, kMsgErrqueue), kEfault);
        EXPECT_EQ(call(nr::recvmsg, 9, user::address_of(&msg), kMsgErrqueue), -9);
        msg.iov_count = 1, msg.iov = 0;
        EXPECT_EQ(call(nr::recvmsg, fd, user::address_of(&msg), kMsgErrqueue), kEfault);
        const iovec too_long = {0, u64{1} << 31};
        msg.iov = user::address_of(&too_long);
        EXPECT_EQ(call(nr::recvmsg, fd, user::address_of(&msg), kMsgErrqueue), -22);
        EXPECT_EQ(send(fd, 20, kHost), 20);
        const auto packets = packets_sent();
        for (unsigned n = 0; n < 2; ++n) icmp_about(packets.back(), kUnreach, kPort);
        const iovec nowhere = {0, 10};
        msg.iov = user::address_of(&nowhere);
        EXPECT_EQ(call(nr::recvmsg, fd, user::address_of(&msg), kMsgErrqueue), kEfault);
        msg.iov_count = 0, msg.control = 0, msg.control_bytes = 48;
        EXPECT_EQ(call(nr::recvmsg, fd, user::address_of(&msg), kMsgErrqueue), kEfault);
    });
}

TEST_F(Errors, RecvmsgTakesDatagramsToo) {
    i64 got = 0;
    native::run_program([&] {
        const int fd = user::socket(user::SOCK_DGRAM, 0);
        EXPECT_EQ(user::bind(fd, user::address(0, 7)), 0);
        u8 data[2];
        sockaddr_in name;
        const iovec place = {user::address_of(data), sizeof data};
        user_msghdr msg = {user::address_of(&name), sizeof name, 0, user::address_of(&place), 1, 0, 0, 0, 0};
        got = call(nr::recvmsg, fd, user::address_of(&msg), u64{0});
        EXPECT_EQ(msg.flags, 0x20u);
        EXPECT_EQ(wire::swap32(name.addr), kHost);
    });
    Header header;
    header.destination = kRouter;
    const Bytes segment = udp_segment(header, 4000, 7, {1, 2, 3});
    arrives(header, segment);
    EXPECT_EQ(got, 2);
}

TEST_F(Errors, AFullQueueLosesErrorsAndSwitchingItOffOrClosingEmptiesIt) {
    const u32 slots = skb_free_slots();
    native::run_program([] {
        const int fd = made(user::SOCK_DGRAM, true);
        EXPECT_EQ(user::setsockopt(fd, user::SOL_SOCKET, 8, 4000), 0);  // 8,000 bytes: three slots
        EXPECT_EQ(send(fd, 20, kHost), 20);
        const auto packets = packets_sent();
        for (unsigned n = 0; n < 5; ++n) icmp_about(packets.back(), kUnreach, kPort);
        unsigned waited = 0;
        while (errors_of(fd).result >= 0) ++waited;
        EXPECT_GE(waited, 2u);
        EXPECT_LT(waited, 5u);
        icmp_about(packets.back(), kUnreach, kPort);
        EXPECT_EQ(user::setsockopt(fd, user::SOL_IP, kIpRecverr, 0), 0);
        EXPECT_EQ(errors_of(fd).result, kEagain);
        EXPECT_EQ(option(fd, user::SOL_IP, kIpRecverr), 0);
        EXPECT_EQ(user::setsockopt(fd, user::SOL_IP, kIpRecverr, 1), 0);
        EXPECT_EQ(option(fd, user::SOL_IP, kIpRecverr), 1);
        icmp_about(packets.back(), kUnreach, kPort);
        EXPECT_EQ(user::close(fd), 0);
    });
    EXPECT_EQ(skb_free_slots(), slots);
}

TEST_F(Errors, WithoutSkbsAnErrorIsToldAllTheSameButNotQueued) {
    native::run_program([] {
        const int fd = made(user::SOCK_DGRAM, true, 0, 2);
        EXPECT_EQ(send(fd, 20, kHost), 20);
        const auto packets = packets_sent();
        std::vector<sk_buff*> taken;
        while (skb_free_slots() > 1) taken.push_back(alloc_skb());
        icmp_about(packets.back(), kUnreach, kPort);
        EXPECT_EQ(socket_error(fd), 111);
        taken.push_back(alloc_skb());
        EXPECT_EQ(send(fd, 2000, kHost), kEmsgsize);
        for (sk_buff* skb : taken) consume_skb(skb);
        EXPECT_EQ(errors_of(fd).result, kEagain);
    });
}

}  // namespace
}  // namespace fw::test
