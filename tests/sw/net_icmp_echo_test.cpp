// SPDX-License-Identifier: Apache-2.0
// Requests to the router: echo and timestamp (RFC 792, RFC 1122 3.2.2.6 and 3.2.2.8).
#include "tests/sw/net_icmp.h"

namespace fw::test {
namespace {

class IcmpEcho : public IcmpRouter {};

const Bytes kPing = icmp_message(ICMP_ECHO, 0, 0x00070001, {'p', 'i', 'n', 'g', '!'});
const Bytes kPong = icmp_message(ICMP_ECHOREPLY, 0, 0x00070001, {'p', 'i', 'n', 'g', '!'});

TEST_F(IcmpEcho, IsAnsweredFromTheAddressAskedWithTheDataOfTheRequest) {
    receive_ip(kEth0, ip_packet({.destination = kOwn, .ttl = 7, .protocol = 1, .id = 0x5555}, kPing));
    expect_answer({.source = kOwn, .destination = kHost}, kPong);
    EXPECT_EQ(fate(Fate::delivered), 1U);
    EXPECT_EQ(counter(Snmp::IcmpInMsgs), 1U);
    EXPECT_EQ(counter(Snmp::IcmpInEchos), 1U);
    EXPECT_EQ(counter(Snmp::IcmpOutMsgs), 1U);
    EXPECT_EQ(counter(Snmp::IcmpOutEchoReps), 1U);
    EXPECT_EQ(icmp_in(8), 1U);
    EXPECT_EQ(icmp_out(0), 1U);
    EXPECT_EQ(counter(Snmp::IpOutRequests), 1U);
    EXPECT_EQ(counter(Snmp::IpInDelivers), 1U);
}

TEST_F(IcmpEcho, AnswersFromTheOtherPortsAddressToo) {
    receive_ip(kEth0, ip_packet({.destination = kOwnFar, .protocol = 1}, kPing));
    expect_answer({.source = kOwnFar, .destination = kHost}, kPong);
}

TEST_F(IcmpEcho, KeepsTosAndCode) {
    receive_ip(kEth0, ip_packet({.destination = kOwn, .tos = 0x1D, .protocol = 1}, icmp_message(8, 1, 5, {1})));
    expect_answer({.source = kOwn, .destination = kHost, .tos = 0x1D}, icmp_message(0, 1, 5, {1}));
}

TEST_F(IcmpEcho, OfNothingIsAnsweredWithNothing) {
    receive_ip(kEth0, ip_packet({.destination = kOwn, .protocol = 1}, icmp_message(8, 0, 9, {})));
    expect_answer({.source = kOwn, .destination = kHost}, icmp_message(0, 0, 9, {}));
}

TEST_F(IcmpEcho, LosesDontFragment) {
    receive_ip(kEth0, ip_packet({.destination = kOwn, .protocol = 1, .frag_off = wire::IP_DF},
                                icmp_message(8, 0, 1, Bytes(1472, 'x'))));
    expect_answer({.source = kOwn, .destination = kHost}, icmp_message(0, 0, 1, Bytes(1472, 'x')));
}

TEST_F(IcmpEcho, AnswersToOneHostHaveIdentificationsThatFollowEachOther) {
    receive_ip(kEth0, ip_packet({.destination = kOwn, .protocol = 1}, kPing));
    receive_ip(kEth0, ip_packet({.destination = kOwn, .protocol = 1}, kPing));
    ASSERT_EQ(sent().size(), 2U);
    const u16 first = wire::get16(&sent()[0].frame[18]);
    EXPECT_EQ(wire::get16(&sent()[1].frame[18]), static_cast<u16>(first + 1));
}

TEST_F(IcmpEcho, LongerThanTheMtuIsAnsweredInFragments) {
    port(kEth0)->mtu = 576;
    receive_ip(kEth0, ip_packet({.destination = kOwn, .protocol = 1}, icmp_message(8, 0, 1, Bytes(1200, 'x'))));
    ASSERT_EQ(sent().size(), 3U);
    Bytes message;
    for (const Sent& piece : sent()) message.insert(message.end(), piece.frame.begin() + 34, piece.frame.end());
    EXPECT_EQ(message, icmp_message(0, 0, 1, Bytes(1200, 'x')));
    EXPECT_EQ(wire::get16(&sent()[0].frame[20]), wire::IP_MF);
    EXPECT_EQ(wire::get16(&sent()[1].frame[20]), wire::IP_MF | 552 / 8);
    EXPECT_EQ(wire::get16(&sent()[2].frame[20]), 2 * 552 / 8);
    EXPECT_EQ(counter(Snmp::IpFragCreates), 3U);
    EXPECT_EQ(counter(Snmp::IcmpOutMsgs), 1U);
}

TEST_F(IcmpEcho, RecordRouteGoesOnInTheAnswer) {
    const Bytes asked = {7, 11, 4, 0, 0, 0, 0, 0, 0, 0, 0, 0};
    receive_ip(kEth0, ip_packet({.destination = kOwn, .protocol = 1, .options = asked}, kPing));
    // On the way in and on the way out the router records the address it has towards the host.
    const Bytes recorded = {7, 11, 12, 10, 0, 0, 1, 10, 0, 0, 1, 0};
    expect_answer({.source = kOwn, .destination = kHost, .options = recorded}, kPong);
}

TEST_F(IcmpEcho, IgnoredWhenAllAreToBe) {
    sysctl_write(rc::SysctlId::icmp_echo_ignore_all, 0, 1);
    receive_ip(kEth0, ip_packet({.destination = kOwn, .protocol = 1}, kPing));
    EXPECT_TRUE(sent().empty());
    EXPECT_EQ(fate(Fate::icmp_ignored), 1U);
    EXPECT_EQ(counter(Snmp::IcmpInErrors), 0U);
}

TEST_F(IcmpEcho, BroadcastsAreErrorsUnlessTheyAreToBeAnswered) {
    Bytes frame = frame_for(kEth0, ip_packet({.destination = ip4(10, 0, 0, 255), .protocol = 1}, kPing));
    std::fill_n(frame.begin(), 6, u8{0xFF});
    receive(kEth0, frame);
    EXPECT_TRUE(sent().empty());
    EXPECT_EQ(counter(Snmp::IcmpInErrors), 1U);
    EXPECT_EQ(fate(Fate::icmp_ignored), 1U);

    sysctl_write(rc::SysctlId::icmp_echo_ignore_broadcasts, 0, 0);
    receive(kEth0, frame);
    expect_answer({.source = kOwn, .destination = kHost}, kPong);
}

TEST_F(IcmpEcho, RepliesToNobodyAreIgnored) {
    receive_ip(kEth0, ip_packet({.destination = kOwn, .protocol = 1}, kPong));
    EXPECT_EQ(fate(Fate::icmp_ignored), 1U);
    EXPECT_EQ(counter(Snmp::IcmpInEchoReps), 1U);
    EXPECT_EQ(counter(Snmp::IcmpInErrors), 0U);
}

TEST_F(IcmpEcho, AWrongChecksumIsAnError) {
    Bytes message = kPing;
    message.back() ^= 1;
    receive_ip(kEth0, ip_packet({.destination = kOwn, .protocol = 1}, message));
    EXPECT_TRUE(sent().empty());
    EXPECT_EQ(fate(Fate::bad_checksum), 1U);
    EXPECT_EQ(counter(Snmp::IcmpInCsumErrors), 1U);
    EXPECT_EQ(counter(Snmp::IcmpInErrors), 1U);
    EXPECT_EQ(counter(Snmp::IcmpInMsgs), 1U);
    EXPECT_EQ(icmp_in(8), 0U);
}

TEST_F(IcmpEcho, SixBytesAreNoMessage) {
    receive_ip(kEth0, ip_packet({.destination = kOwn, .protocol = 1}, {8, 0, 0xF7, 0xFF, 0, 0}));
    EXPECT_EQ(fate(Fate::bad_transport), 1U);
    EXPECT_EQ(counter(Snmp::IcmpInErrors), 1U);
}

TEST_F(IcmpEcho, UnknownTypesAreErrorsAndKnownOnesWithoutUseAreNot) {
    receive_ip(kEth0, ip_packet({.destination = kOwn, .protocol = 1}, icmp_message(77, 0, 0, {})));
    EXPECT_EQ(counter(Snmp::IcmpInErrors), 1U);
    EXPECT_EQ(icmp_in(77), 1U);
    for (const u8 type : {u8{1}, u8{9}, u8{14}, u8{15}, u8{17}, u8{18}, u8{42}, u8{43}}) {
        receive_ip(kEth0, ip_packet({.destination = kOwn, .protocol = 1}, icmp_message(type, 0, 0, {})));
    }
    EXPECT_EQ(counter(Snmp::IcmpInErrors), 1U);
    EXPECT_EQ(fate(Fate::icmp_ignored), 9U);
    EXPECT_TRUE(sent().empty());
    EXPECT_EQ(counter(Snmp::IcmpInAddrMasks), 1U);
}

TEST_F(IcmpEcho, TimestampsAreMillisecondsSinceReady) {
    tsc_khz = 1'000'000;
    native::machine().tsc = 1'234'567'890;  // 1.23 s
    receive_ip(kEth0, ip_packet({.destination = kOwn, .protocol = 1},
                                icmp_message(13, 0, 0x00010002, {0, 0, 0, 9, 1, 1, 1, 1, 2, 2, 2, 2})));
    expect_answer({.source = kOwn, .destination = kHost},
                  icmp_message(14, 0, 0x00010002, {0, 0, 0, 9, 0, 0, 0x04, 0xD2, 0, 0, 0x04, 0xD2}));
    EXPECT_EQ(counter(Snmp::IcmpOutEchoReps), 1U);  // as 6.18 counts it: tests/linux/scenarios/ping_timestamp
    tsc_khz = 0;
}

TEST_F(IcmpEcho, ATimestampRequestWithoutATimeIsAnError) {
    receive_ip(kEth0, ip_packet({.destination = kOwn, .protocol = 1}, icmp_message(13, 0, 0, {1, 2, 3})));
    EXPECT_EQ(counter(Snmp::IcmpInErrors), 1U);
    EXPECT_EQ(fate(Fate::bad_transport), 1U);
    EXPECT_TRUE(sent().empty());
}

TEST_F(IcmpEcho, WithoutSkbsTheAnswerIsCountedAsAnError) {
    std::vector<sk_buff*> taken;
    sk_buff* request = alloc_skb();
    ASSERT_NE(request, nullptr);
    while (sk_buff* skb = alloc_skb()) taken.push_back(skb);
    const Bytes frame = frame_for(kEth0, ip_packet({.destination = kOwn, .protocol = 1}, kPing));
    std::memcpy(skb_put(request, static_cast<u32>(frame.size())), frame.data(), frame.size());
    eth_type_trans(request, port(kEth0));
    netif_receive_skb(request);
    EXPECT_EQ(counter(Snmp::IcmpOutErrors), 1U);
    EXPECT_EQ(counter(Snmp::IcmpOutMsgs), 0U);
    for (sk_buff* skb : taken) consume_skb(skb);
}

}  // namespace
}  // namespace fw::test
