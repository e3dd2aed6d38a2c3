// SPDX-License-Identifier: Apache-2.0
// Error exits on the way in, in Linux's order and with its counters (Linux 6.18 net/ipv4/ip_input.c).
#include "tests/sw/net_router.h"

namespace fw::test {
namespace {

class Input : public Router {
  protected:
    void SetUp() override {
        Router::SetUp();
        configure();
    }
    /// One packet came, was counted and ended in `expected`.
    static void expect_end(Fate expected) {
        EXPECT_EQ(fate(expected), 1U) << regs::kFates[static_cast<unsigned>(expected)].name;
        // Nothing but, at most, an ICMP error in answer.
        EXPECT_EQ(sent().size(), counter(Snmp::IcmpOutDestUnreachs));
        EXPECT_EQ(counter(Snmp::IpInReceives), 1U);
    }
};

const Bytes kPayload = {1, 2, 3, 4, 5, 6, 7, 8};

TEST_F(Input, AFrameForAnotherHostIsDroppedUncounted) {
    Bytes frame = frame_for(kEth0, ip_packet({}, kPayload));
    frame[5] ^= 0x40;
    receive(kEth0, frame);
    EXPECT_EQ(fate(Fate::other_host), 1U);
    EXPECT_EQ(counter(Snmp::IpInReceives), 0U);
}

TEST_F(Input, NineteenBytesAreNoHeader) {
    receive_ip(kEth0, Bytes(19, 0x45));
    expect_end(Fate::ip_header);
    EXPECT_EQ(counter(Snmp::IpInHdrErrors), 1U);
}

TEST_F(Input, AnotherVersionIsAHeaderError) {
    Bytes packet = ip_packet({}, kPayload);
    packet[0] = 0x65;
    checksum_header(packet);
    receive_ip(kEth0, packet);
    expect_end(Fate::ip_header);
    EXPECT_EQ(counter(Snmp::IpInHdrErrors), 1U);
    EXPECT_EQ(counter(Snmp::IpExtInNoECTPkts), 0U);
}

TEST_F(Input, AHeaderOfFourWordsIsAHeaderError) {
    Bytes packet = ip_packet({}, kPayload);
    packet[0] = 0x44;
    receive_ip(kEth0, packet);
    expect_end(Fate::ip_header);
}

TEST_F(Input, AHeaderLongerThanTheFrameIsAHeaderErrorThatEcnCountsHaveSeen) {
    Bytes packet = ip_packet({}, {});
    packet[0] = 0x4F;
    receive_ip(kEth0, packet);
    expect_end(Fate::ip_header);
    EXPECT_EQ(counter(Snmp::IpExtInNoECTPkts), 1U);
}

TEST_F(Input, AWrongChecksumIsCountedTwiceAsInLinux) {
    Bytes packet = ip_packet({}, kPayload);
    packet[10] ^= 0x80;
    receive_ip(kEth0, packet);
    expect_end(Fate::ip_checksum);
    EXPECT_EQ(counter(Snmp::IpExtInCsumErrors), 1U);
    EXPECT_EQ(counter(Snmp::IpInHdrErrors), 1U);
}

TEST_F(Input, APacketShorterThanItsTotalLengthIsTruncatedAndNoHeaderError) {
    Bytes packet = ip_packet({}, kPayload);
    packet.pop_back();
    receive_ip(kEth0, packet);
    expect_end(Fate::ip_truncated);
    EXPECT_EQ(counter(Snmp::IpExtInTruncatedPkts), 1U);
    EXPECT_EQ(counter(Snmp::IpInHdrErrors), 0U);
}

TEST_F(Input, ATotalLengthBelowTheHeadersIsAHeaderError) {
    Bytes packet = ip_packet({}, kPayload);
    packet[3] = 19;
    checksum_header(packet);
    receive_ip(kEth0, packet);
    expect_end(Fate::ip_header);
    EXPECT_EQ(counter(Snmp::IpInHdrErrors), 1U);
}

TEST_F(Input, PaddingOfTheMediumIsCutOff) {
    Bytes packet = ip_packet({}, kPayload);
    Bytes padded = packet;
    padded.resize(46, 0xEE);
    receive_ip(kEth0, padded);
    ASSERT_EQ(sent().size(), 1U);
    EXPECT_EQ(sent()[0].frame.size(), wire::kEthHeaderBytes + packet.size());
}

TEST_F(Input, AnEtherTypeWithoutHandlerIsUnknown) {
    Bytes frame = frame_for(kEth0, Bytes(46));
    frame[12] = 0x88, frame[13] = 0xB5;  // IEEE 802: local experiments
    receive(kEth0, frame);
    EXPECT_EQ(fate(Fate::unknown_protocol), 1U);
}

struct Address {
    const char* what;
    u32 source;
    u32 destination;
    Fate fate;
};
/// For the test's name.
void PrintTo(const Address& value, std::ostream* out) { *out << value.what; }

class Addresses : public Input, public ::testing::WithParamInterface<Address> {};

// ip_route_input_slow, ip_mc_validate_source and fib_validate_source.
constexpr u32 kHost = ip4(10, 0, 0, 2), kOther = ip4(10, 0, 1, 2), kOwn = ip4(10, 0, 0, 1);
const Address kAddresses[] = {
    {"multicast source", ip4(224, 1, 2, 3), kOther, Fate::martian},
    {"limited broadcast source", 0xFFFFFFFF, kOther, Fate::martian},
    {"unspecified source", 0, kOther, Fate::martian},
    {"loopback source", ip4(127, 0, 0, 5), kOther, Fate::martian},
    {"our own source", kOwn, kOther, Fate::martian},
    {"our own source to ourselves", kOwn, ip4(10, 0, 1, 1), Fate::martian},
    {"unspecified destination", kHost, 0, Fate::martian},
    {"destination in net 0", kHost, ip4(0, 0, 0, 1), Fate::no_route},
    {"loopback destination", kHost, ip4(127, 0, 0, 1), Fate::martian},
    {"limited broadcast", kHost, 0xFFFFFFFF, Fate::local_broadcast},
    {"limited broadcast from 0.0.0.0", 0, 0xFFFFFFFF, Fate::local_broadcast},
    {"0.0.0.0 to 0.0.0.0", 0, 0, Fate::local_broadcast},
    {"subnet broadcast", kHost, ip4(10, 0, 0, 255), Fate::local_broadcast},
    {"broadcast of the other subnet", kHost, ip4(10, 0, 1, 255), Fate::local_broadcast},
    {"subnet broadcast from ourselves", kOwn, ip4(10, 0, 0, 255), Fate::martian},
    {"all hosts", kHost, ip4(224, 0, 0, 1), Fate::local_broadcast},
    {"all hosts from 0.0.0.0", 0, ip4(224, 0, 0, 1), Fate::local_broadcast},
    {"all hosts from loopback", ip4(127, 0, 0, 1), ip4(224, 0, 0, 1), Fate::martian},
    {"a group nobody joined", kHost, ip4(239, 1, 2, 3), Fate::local_broadcast},
    {"no route", kHost, ip4(192, 0, 2, 1), Fate::no_route},
    {"ourselves", kHost, kOwn, Fate::proto_unreachable},
    {"our address on the other port", kHost, ip4(10, 0, 1, 1), Fate::proto_unreachable},
    {"class E destination", kHost, ip4(240, 0, 0, 1), Fate::no_route},
};

TEST_F(Input, TheRestOfNetZeroIsAnOrdinaryNet) {  // Linux 6.18 include/linux/in.h, ipv4_is_zeronet
    receive_ip(kEth0, ip_packet({.source = ip4(0, 1, 2, 3), .destination = kOther}, kPayload));
    EXPECT_EQ(sent().size(), 1U);
}

TEST_P(Addresses, EndWhereLinuxEndsThem) {
    const Address& address = GetParam();
    receive_ip(kEth0, ip_packet({.source = address.source, .destination = address.destination}, kPayload));
    SCOPED_TRACE(address.what);
    expect_end(address.fate);
}

INSTANTIATE_TEST_SUITE_P(Input, Addresses, ::testing::ValuesIn(kAddresses));

TEST_F(Input, AClassESourceIsForwardedAsTodaysKernelsDo) {
    receive_ip(kEth0, ip_packet({.source = ip4(240, 1, 2, 3)}, kPayload));
    EXPECT_EQ(sent().size(), 1U);
}

TEST_F(Input, ASubnetBroadcastSourceIsForwardedOutOfAnotherPortButNotOutOfTheSame) {
    receive_ip(kEth0, ip_packet({.source = ip4(10, 0, 0, 255)}, kPayload));
    EXPECT_EQ(sent().size(), 1U);
    receive_ip(kEth0, ip_packet({.source = ip4(10, 0, 0, 255), .destination = ip4(10, 0, 0, 3)}, kPayload));
    EXPECT_EQ(sent().size(), 1U);
    EXPECT_EQ(fate(Fate::martian), 1U);
}

TEST_F(Input, APacketBackOutOfItsPortIsForwardedAndItsSenderTold) {
    receive_ip(kEth0, ip_packet({.destination = ip4(10, 0, 0, 3)}, kPayload));
    ASSERT_EQ(sent().size(), 2U);
    EXPECT_EQ(counter(Snmp::IcmpOutRedirects), 1U);
    EXPECT_EQ(sent()[1].ifindex, kEth0);
}

TEST_F(Input, BroadcastAndAllHostsPacketsAreCountedAsSuch) {
    receive_ip(kEth0, ip_packet({.destination = ip4(10, 0, 0, 255)}, kPayload));
    receive_ip(kEth0, ip_packet({.destination = ip4(224, 0, 0, 1)}, kPayload));
    receive_ip(kEth0, ip_packet({.destination = ip4(224, 0, 0, 5)}, kPayload));
    EXPECT_EQ(counter(Snmp::IpExtInBcastPkts), 1U);
    EXPECT_EQ(counter(Snmp::IpExtInMcastPkts), 1U);
    EXPECT_EQ(counter(Snmp::IpExtInMcastOctets), 28U);
}

TEST_F(Input, WithoutForwardingOnlyThisHostIsReached) {
    sysctl_write(rc::SysctlId::ip_forward, 0, 0);
    receive_ip(kEth0, ip_packet({}, kPayload));
    expect_end(Fate::not_forwarding);
    EXPECT_EQ(counter(Snmp::IpInAddrErrors), 1U);
}

TEST_F(Input, ForwardingIsAPropertyOfTheReceivingPort) {
    sysctl_write(rc::SysctlId::forwarding, kEth0, 0);
    receive_ip(kEth0, ip_packet({.destination = ip4(192, 0, 2, 1)}, kPayload));
    EXPECT_EQ(fate(Fate::not_forwarding), 1U);
    EXPECT_EQ(counter(Snmp::IpExtInNoRoutes), 0U);
    receive_ip(kEth1, ip_packet({.source = kOther, .destination = kHost}, kPayload));
    EXPECT_EQ(sent().size(), 1U);
}

TEST_F(Input, NoRouteIsCounted) {
    receive_ip(kEth0, ip_packet({.destination = ip4(192, 0, 2, 1)}, kPayload));
    EXPECT_EQ(counter(Snmp::IpExtInNoRoutes), 1U);
}

TEST_F(Input, AProtocolNobodyKnowsIsUnknownAndNotDelivered) {
    receive_ip(kEth0, ip_packet({.destination = kOwn, .protocol = 253}, kPayload));
    expect_end(Fate::proto_unreachable);
    EXPECT_EQ(counter(Snmp::IpInUnknownProtos), 1U);
    EXPECT_EQ(counter(Snmp::IpInDelivers), 0U);
}

/// UDP 1000 → 2000 of 4 bytes; its checksum made as RFC 768 says.
Bytes udp_to(u32 destination) {
    Bytes packet = ip_packet({.destination = destination, .protocol = 17},
                             {0x03, 0xE8, 0x07, 0xD0, 0, 12, 0, 0, 'a', 'b', 'c', 'd'});
    Bytes pseudo(24);
    std::copy(packet.begin() + 12, packet.begin() + 20, pseudo.begin());
    pseudo[9] = 17;
    pseudo[11] = 12;
    std::copy(packet.begin() + 20, packet.end(), pseudo.begin() + 12);
    const u16 sum = internet_checksum(pseudo.data(), pseudo.size());
    packet[26] = static_cast<u8>(sum >> 8);
    packet[27] = static_cast<u8>(sum);
    return packet;
}

TEST_F(Input, UdpToAClosedPortIsCounted) {
    receive_ip(kEth0, udp_to(kOwn));
    expect_end(Fate::proto_unreachable);
    EXPECT_EQ(counter(Snmp::UdpNoPorts), 1U);
    EXPECT_EQ(counter(Snmp::IpInDelivers), 1U);
}

TEST_F(Input, UdpWithAWrongChecksumIsAnErrorAndNoClosedPort) {
    Bytes packet = udp_to(kOwn);
    packet.back() ^= 1;
    receive_ip(kEth0, packet);
    EXPECT_EQ(counter(Snmp::UdpNoPorts), 0U);
    EXPECT_EQ(counter(Snmp::UdpInCsumErrors), 1U);
    EXPECT_EQ(counter(Snmp::UdpInErrors), 1U);
}

TEST_F(Input, UdpLongerThanItsPacketIsAnError) {
    Bytes packet = udp_to(kOwn);
    packet[25] = 13;
    receive_ip(kEth0, packet);
    EXPECT_EQ(counter(Snmp::UdpInErrors), 1U);
    EXPECT_EQ(counter(Snmp::UdpNoPorts), 0U);
}

TEST_F(Input, UdpBroadcastsThatNobodyWantsAreIgnored) {
    receive_ip(kEth0, udp_to(ip4(10, 0, 0, 255)));
    expect_end(Fate::local_broadcast);
    EXPECT_EQ(counter(Snmp::UdpIgnoredMulti), 1U);
    EXPECT_EQ(counter(Snmp::UdpNoPorts), 0U);
}

TEST_F(Input, ARegisteredProtocolGetsThePacketAtItsTransportHeader) {
    static Bytes seen;
    static inet_protocol ospf = {.handler =
                                     [](sk_buff* skb) {
                                         seen.assign(skb->data, skb->data + skb->len);
                                         kfree_skb_reason(skb, Fate::delivered);
                                     },
                                 .protocol = 89};
    ASSERT_EQ(inet_add_protocol(&ospf), 0);
    EXPECT_EQ(inet_add_protocol(&ospf), -err::exist);
    receive_ip(kEth0, ip_packet({.destination = kOwn, .protocol = 89, .options = {1, 1, 1, 0}}, kPayload));
    EXPECT_EQ(seen, kPayload);
    EXPECT_EQ(counter(Snmp::IpInDelivers), 1U);
    EXPECT_EQ(inet_del_protocol(&ospf), 0);
    EXPECT_EQ(inet_del_protocol(&ospf), -err::noent);
}

}  // namespace
}  // namespace fw::test
