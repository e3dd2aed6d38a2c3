// SPDX-License-Identifier: Apache-2.0
// The small TCP of services, segment by segment (RFC 9293 3.10; RFC 5961, RFC 6298).
#include "tests/sw/net_tcp.h"

namespace fw::test {
namespace {

using Tcp = TcpPeer;

Bytes pattern(size_t bytes) {
    Bytes data(bytes);
    for (size_t i = 0; i < bytes; ++i) data[i] = static_cast<u8>(i * 7);
    return data;
}

TEST_F(Tcp, TheHandshakeNamesAnMssAndOpensTheConnection) {
    start(rc::LOCAL_ECHO);
    send({SYN, kPeerIss, 0, 4096, {2, 4, 5, 0xB4}, {}});
    const Segment synack = answer();
    EXPECT_EQ(synack.options, (Bytes{2, 4, 5, 0xB4}));  // 1,460: the link's 1,500 less 40
    EXPECT_GT(synack.window, 8000);
    send({ACK, kPeerIss + 1, synack.seq + 1, 4096, {}, {}});
    EXPECT_EQ(counter(Snmp::TcpPassiveOpens), 1u);
    EXPECT_EQ(counter(Snmp::TcpCurrEstab), 1u);
}

TEST_F(Tcp, DataComesBackFromTheEchoService) {
    start(rc::LOCAL_ECHO);
    open();
    send(data(0, {'a', 'b', 'c'}));
    const auto all = answers();
    ASSERT_GE(all.size(), 1u);
    EXPECT_EQ(all.back().data, (Bytes{'a', 'b', 'c'}));
    EXPECT_EQ(all.back().seq, iss + 1);
    EXPECT_EQ(all.back().ack, kPeerIss + 4);
    EXPECT_EQ(fate(Fate::delivered), 3u);
}

TEST_F(Tcp, NoSegmentIsLongerThanThePeersMssNorBeyondItsWindow) {
    start(rc::LOCAL_ECHO);
    open(500, 200);
    send(data(0, pattern(1000), 0, 500));
    Bytes got;
    u32 acked = 0;
    for (unsigned round = 0; round < 20 && got.size() < 1000; ++round) {
        u32 in_flight = 0;
        for (const Segment& one : answers()) {
            EXPECT_LE(one.data.size(), 200u);
            got.insert(got.end(), one.data.begin(), one.data.end());
            in_flight += static_cast<u32>(one.data.size());
        }
        EXPECT_LE(in_flight, 500u);
        acked += in_flight;
        send({ACK, kPeerIss + 1001, iss + 1 + acked, 500, {}, {}});
    }
    EXPECT_EQ(got, pattern(1000));
}

TEST_F(Tcp, TheConnectionEndsWhenThePeerHasNothingMoreToSay) {
    start(rc::LOCAL_ECHO);
    open();
    send({FIN | ACK, kPeerIss + 1, iss + 1, 20000, {}, {}});
    const auto all = answers();
    ASSERT_FALSE(all.empty());
    EXPECT_EQ(all.front().ack, kPeerIss + 2);
    EXPECT_EQ(all.back().flags & FIN, FIN);
    send({ACK, kPeerIss + 2, iss + 2, 20000, {}, {}});
    EXPECT_EQ(counter(Snmp::TcpCurrEstab), 0u);
    // Gone: its number is anybody's now.
    send(data(1, {1}, 1));
    EXPECT_EQ(answer().flags, RST);
}

TEST_F(Tcp, WhatIsNotAcknowledgedIsSentAgainLaterAndLater) {
    start(rc::LOCAL_ECHO);
    open();
    send(data(0, {'x'}));
    answers();
    std::vector<u64> times;
    u64 now = 0;
    for (; now < 20 * kSec && times.size() < 4; now += 10 * kMsec) {
        native::advance(10 * kMsec);
        for (const Segment& one : answers()) {
            EXPECT_EQ(one.seq, iss + 1);
            EXPECT_EQ(one.data, (Bytes{'x'}));
            times.push_back(now);
        }
    }
    ASSERT_EQ(times.size(), 4u);
    const u64 first = times[1] - times[0];
    EXPECT_NEAR(static_cast<double>(times[2] - times[1]), 2.0 * static_cast<double>(first), 2e4);
    EXPECT_NEAR(static_cast<double>(times[3] - times[2]), 4.0 * static_cast<double>(first), 2e4);
    EXPECT_EQ(counter(Snmp::TcpRetransSegs), 4u);
}

TEST_F(Tcp, ASilentPeerIsGivenUp) {
    start(rc::LOCAL_ECHO);
    open();
    send(data(0, {'x'}));
    native::advance(3600 * kSec);
    answers();
    EXPECT_EQ(counter(Snmp::TcpRetransSegs), 15u);  // tcp_retries2
    EXPECT_EQ(counter(Snmp::TcpCurrEstab), 0u);
}

TEST_F(Tcp, ThreeDuplicatesOfAnAcknowledgementBringTheFirstSegmentAtOnce) {
    start(rc::LOCAL_ECHO);
    open(20000, 100);
    send(data(0, pattern(500)));
    answers();
    for (unsigned n = 0; n < 3; ++n) {
        EXPECT_TRUE(answers().empty());
        send({ACK, kPeerIss + 501, iss + 1, 20000, {}, {}});
    }
    const auto all = answers();
    ASSERT_FALSE(all.empty());
    EXPECT_EQ(all.front().seq, iss + 1);
    EXPECT_EQ(all.front().data.size(), 100u);
}

TEST_F(Tcp, AGapIsAnsweredWithWhatIsMissing) {
    start(rc::LOCAL_ECHO);
    open();
    send(data(5, {'f'}));
    EXPECT_EQ(answer().ack, kPeerIss + 1);
    EXPECT_EQ(fate(Fate::tcp_unacceptable), 1u);
    send(data(0, {'a', 'b', 'c', 'd', 'e'}));
    EXPECT_EQ(answers().back().ack, kPeerIss + 6);
}

TEST_F(Tcp, OldDataIsAcknowledgedAgainAndNotEchoedTwice) {
    start(rc::LOCAL_ECHO);
    open();
    send(data(0, {'a', 'b'}));
    answers();
    send(data(0, {'a', 'b'}));
    const Segment again = answer();
    EXPECT_EQ(again.ack, kPeerIss + 3);
    EXPECT_TRUE(again.data.empty());
    // Partly old: only the rest is new.
    send(data(1, {'b', 'c'}, 2));
    EXPECT_EQ(answers().back().data, (Bytes{'c'}));
}

TEST_F(Tcp, OnlyAResetAtTheWindowsEdgeIsBelieved) {
    start(rc::LOCAL_ECHO);
    open();
    send({RST, kPeerIss + 100, 0, 0, {}, {}});
    EXPECT_EQ(answer().ack, kPeerIss + 1);  // challenged
    send({RST, kPeerIss + 1, 0, 0, {}, {}});
    EXPECT_TRUE(answers().empty());
    EXPECT_EQ(counter(Snmp::TcpEstabResets), 1u);
    send(data(0, {1}));
    EXPECT_EQ(answer().flags, RST);
}

TEST_F(Tcp, ASynInTheWindowIsChallenged) {
    start(rc::LOCAL_ECHO);
    open();
    send({SYN, kPeerIss + 5, 0, 100, {}, {}});
    const Segment challenge = answer();
    EXPECT_EQ(challenge.flags, ACK);
    EXPECT_EQ(challenge.ack, kPeerIss + 1);
}

TEST_F(Tcp, AnUnansweredSynAckComesFiveTimesMore) {
    start(rc::LOCAL_ECHO);
    send({SYN, kPeerIss, 0, 4096, {}, {}});
    EXPECT_EQ(answer().flags, SYN | ACK);
    native::advance(300 * kSec);
    EXPECT_EQ(answers().size(), 5u);  // tcp_synack_retries
    EXPECT_EQ(counter(Snmp::TcpAttemptFails), 1u);
}

TEST_F(Tcp, AWrongAcknowledgementInTheHandshakeIsReset) {
    start(rc::LOCAL_ECHO);
    send({SYN, kPeerIss, 0, 4096, {}, {}});
    iss = answer().seq;
    send({ACK, kPeerIss + 1, iss + 77, 4096, {}, {}});
    const Segment reset = answer();
    EXPECT_EQ(reset.flags, RST);
    EXPECT_EQ(reset.seq, iss + 77);
}

TEST_F(Tcp, TheBacklogHasAnEnd) {
    native::run_program([] {
        const int fd = user::socket(user::SOCK_STREAM, 0);
        EXPECT_EQ(user::bind(fd, user::address(0, kServicePort)), 0);
        EXPECT_EQ(user::listen(fd, 2), 0);
        user::nanosleep({1000, 0});
    });
    for (u16 n = 0; n < 3; ++n) send({SYN, kPeerIss, 0, 4096, {}, {}}, static_cast<u16>(kPeerPort + n));
    EXPECT_EQ(answers().size(), 2u);
    EXPECT_EQ(counter(Snmp::TcpExtListenOverflows), 1u);
    EXPECT_EQ(fate(Fate::socket_full), 1u);
    native::advance(2000 * kSec);
    answers();
}

TEST_F(Tcp, DataThatNobodyWillReadIsReset) {
    native::run_program([] {
        const int fd = user::socket(user::SOCK_STREAM, 0);
        EXPECT_EQ(user::bind(fd, user::address(0, kServicePort)), 0);
        EXPECT_EQ(user::listen(fd, 2), 0);
        const int child = user::accept(fd);
        user::nanosleep({1, 0});
        user::close(child);
    });
    open();
    send(data(0, {1, 2, 3}));
    answers();
    native::advance(2 * kSec);
    const auto all = answers();
    ASSERT_FALSE(all.empty());
    EXPECT_EQ(all.front().flags & RST, RST);
    EXPECT_EQ(fate(Fate::socket_closed), 1u);
}

TEST_F(Tcp, TheSideThatClosesFirstWaitsTwiceTheLifetimeOfASegment) {
    native::run_program([] {
        const int fd = user::socket(user::SOCK_STREAM, 0);
        EXPECT_EQ(user::bind(fd, user::address(0, kServicePort)), 0);
        EXPECT_EQ(user::listen(fd, 2), 0);
        user::close(user::accept(fd));
        user::nanosleep({1000, 0});
    });
    send({SYN, kPeerIss, 0, 4096, {}, {}});
    iss = answer().seq;
    send({ACK, kPeerIss + 1, iss + 1, 4096, {}, {}});
    EXPECT_EQ(answer().flags & FIN, FIN);
    send({ACK, kPeerIss + 1, iss + 2, 4096, {}, {}});
    send({FIN | ACK, kPeerIss + 1, iss + 2, 4096, {}, {}});
    EXPECT_EQ(answer().ack, kPeerIss + 2);
    native::advance(50 * kSec);
    send({FIN | ACK, kPeerIss + 1, iss + 2, 4096, {}, {}});
    EXPECT_EQ(answer().ack, kPeerIss + 2);
    native::advance(50 * kSec);  // the FIN has begun the time anew
    send({FIN | ACK, kPeerIss + 1, iss + 2, 4096, {}, {}});
    EXPECT_EQ(answer().flags, ACK);
    native::advance(61 * kSec);
    send({FIN | ACK, kPeerIss + 1, iss + 2, 4096, {}, {}});
    EXPECT_EQ(answer().flags & RST, RST);
}

TEST_F(Tcp, AClosedWindowIsProbed) {
    start(rc::LOCAL_ECHO);
    open(0);
    send(data(0, {'a', 'b'}, 0, 0));
    for (const Segment& one : answers()) EXPECT_TRUE(one.data.empty());
    native::advance(5 * kSec);
    const auto probes = answers();
    ASSERT_FALSE(probes.empty());
    EXPECT_EQ(probes.front().data, (Bytes{'a'}));
    send({ACK, kPeerIss + 3, iss + 2, 100, {}, {}});
    EXPECT_EQ(answers().back().data, (Bytes{'b'}));
}

TEST_F(Tcp, AnIcmpErrorEndsOnlyAHandshake) {
    start(rc::LOCAL_ECHO);
    send({SYN, kPeerIss, 0, 4096, {}, {}});
    const auto packets = packets_sent();
    ASSERT_EQ(packets.size(), 1u);
    Bytes message = {3, 1, 0, 0, 0, 0, 0, 0};
    message.insert(message.end(), packets[0].begin(), packets[0].begin() + 28);
    const u16 sum = internet_checksum(message.data(), message.size());
    message[2] = static_cast<u8>(sum >> 8), message[3] = static_cast<u8>(sum);
    Header header;
    header.destination = kRouter;
    header.protocol = wire::IPPROTO_ICMP;
    arrives(header, message);
    native::advance(300 * kSec);
    EXPECT_TRUE(answers().empty());
}

TEST_F(Tcp, ABrokenSegmentIsCountedAndNotAnswered) {
    start(rc::LOCAL_ECHO);
    send({SYN, kPeerIss, 0, 4096, {}, {}}, kPeerPort, true);
    EXPECT_TRUE(answers().empty());
    EXPECT_EQ(counter(Snmp::TcpInCsumErrors), 1u);
    EXPECT_EQ(fate(Fate::bad_checksum), 1u);
}

}  // namespace
}  // namespace fw::test
