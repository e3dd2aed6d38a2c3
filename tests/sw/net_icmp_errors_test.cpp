// SPDX-License-Identifier: Apache-2.0
// ICMP errors that the router sends: about what, to whom, and when not (RFC 1122 3.2.2, RFC 1812 4.3.2).
#include "tests/sw/net_icmp.h"

namespace fw::test {
namespace {

class IcmpErrors : public IcmpRouter {};

const Bytes kData = {1, 2, 3, 4, 5, 6, 7, 8, 9};

TEST_F(IcmpErrors, TimeExceededQuotesThePacketAsItCame) {
    const Bytes packet = ip_packet({.ttl = 1}, kData);
    receive_ip(kEth0, packet);
    expect_error(11, 0, packet);
    EXPECT_EQ(fate(Fate::ttl_exceeded), 1U);
    EXPECT_EQ(counter(Snmp::IpInHdrErrors), 1U);
    EXPECT_EQ(counter(Snmp::IcmpOutTimeExcds), 1U);
    EXPECT_EQ(counter(Snmp::IcmpOutMsgs), 1U);
    EXPECT_EQ(icmp_out(11), 1U);
}

TEST_F(IcmpErrors, PrecedenceIsInternetworkControlAndTheOtherTosBitsAreThePackets) {
    const Bytes packet = ip_packet({.ttl = 1, .tos = 0xFF}, kData);
    receive_ip(kEth0, packet);
    expect_error(11, 0, packet, 0, 0xDE);  // 0xC0 | 0xFF & 0x1E
}

TEST_F(IcmpErrors, TheMessageHasAtMost576Bytes) {
    Bytes packet = ip_packet({.ttl = 1}, Bytes(1000, 0x55));
    receive_ip(kEth0, packet);
    packet.resize(576 - 20 - 8);
    expect_error(11, 0, packet);
}

TEST_F(IcmpErrors, AndNoMoreThanTheMtuOfItsWay) {
    port(kEth0)->mtu = 200;
    Bytes packet = ip_packet({.ttl = 1}, Bytes(1000, 0x55));
    receive_ip(kEth0, packet);
    packet.resize(200 - 20 - 8);
    expect_error(11, 0, packet);
}

TEST_F(IcmpErrors, OptionsThatRecordGoOnInTheMessageAndTakeRoomFromTheQuote) {
    const Bytes came = ip_packet({.ttl = 1, .options = {7, 7, 4, 0, 0, 0, 0, 0}}, Bytes(600, 0x55));
    receive_ip(kEth0, came);
    // Filled on the way in already, so that nothing is added on the way out; the quoted header's checksum was not made
    // anew, as in Linux.
    const Bytes recorded = {7, 7, 8, 10, 0, 0, 1, 0};
    Bytes packet = ip_packet({.ttl = 1, .options = recorded}, Bytes(600, 0x55));
    std::copy(came.begin() + 10, came.begin() + 12, packet.begin() + 10);
    packet.resize(576 - 28 - 8);
    expect_answer({.source = kOwn, .destination = kHost, .tos = 0xC0, .options = recorded},
                  icmp_message(11, 0, 0, packet));
}

TEST_F(IcmpErrors, FragmentationNeededNamesTheMtu) {
    port(kEth1)->mtu = 576;
    Bytes packet = ip_packet({.frag_off = wire::IP_DF}, Bytes(557, 0x55));
    receive_ip(kEth0, packet);
    packet.resize(576 - 28);
    expect_error(3, 4, packet, 576);  // RFC 1191 4
    EXPECT_EQ(fate(Fate::frag_needed), 1U);
    EXPECT_EQ(counter(Snmp::IpFragFails), 1U);
}

TEST_F(IcmpErrors, AProtocolThatNobodyTakesIsUnreachableFromTheAddressAsked) {
    const Bytes packet = ip_packet({.destination = kOwnFar, .protocol = 253}, kData);
    receive_ip(kEth0, packet);
    expect_answer({.source = kOwnFar, .destination = kHost, .tos = 0xC0}, icmp_message(3, 2, 0, packet));
    EXPECT_EQ(fate(Fate::proto_unreachable), 1U);
}

TEST_F(IcmpErrors, AClosedUdpPortIsUnreachable) {
    const Bytes packet = ip_packet({.destination = kOwn, .protocol = 17}, {0, 1, 0, 2, 0, 10, 0, 0, 'h', 'i'});
    receive_ip(kEth0, packet);
    expect_error(3, 3, packet);
    EXPECT_EQ(counter(Snmp::UdpNoPorts), 1U);
}

TEST_F(IcmpErrors, BehindADatagramNothingIsQuoted) {
    Bytes packet = ip_packet({.destination = kOwn, .protocol = 17}, {0, 1, 0, 2, 0, 10, 0, 0, 'h', 'i', 'x', 'x'});
    receive_ip(kEth0, packet);
    packet.resize(30);
    expect_error(3, 3, packet);
}

TEST_F(IcmpErrors, AnOptionAtFaultIsPointedAt) {
    const Bytes packet = ip_packet({.options = {7, 7, 3, 0, 0, 0, 0, 0}}, kData);
    receive_ip(kEth0, packet);
    expect_error(12, 0, packet, 22U << 24);
    EXPECT_EQ(fate(Fate::ip_options), 1U);
    EXPECT_EQ(counter(Snmp::IcmpOutParmProbs), 1U);
}

struct Unroutable {
    const char* what;
    u8 type;
    u8 code;
    Fate fate;
};
void PrintTo(const Unroutable& value, std::ostream* out) { *out << value.what; }
class IcmpUnroutable : public IcmpErrors, public ::testing::WithParamInterface<Unroutable> {};

const Unroutable kUnroutable[] = {
    {"unreachable", rc::RTN_UNREACHABLE, ICMP_HOST_UNREACH, Fate::unreachable},
    {"prohibit", rc::RTN_PROHIBIT, ICMP_PKT_FILTERED, Fate::prohibit},
    {"no route", 0, ICMP_NET_UNREACH, Fate::no_route},
};

TEST_P(IcmpUnroutable, IsToldToTheSender) {
    if (GetParam().type != 0) {
        ASSERT_EQ(inet_route_add(special(ip4(192, 0, 2, 0), 24, GetParam().type)), 0);
    }
    const Bytes packet = ip_packet({.destination = ip4(192, 0, 2, 1), .ttl = 1}, kData);
    receive_ip(kEth0, packet);
    expect_error(3, GetParam().code, packet);
    EXPECT_EQ(fate(GetParam().fate), 1U);
}

INSTANTIATE_TEST_SUITE_P(Net, IcmpUnroutable, ::testing::ValuesIn(kUnroutable));

TEST_F(IcmpErrors, ABlackholeIsSilent) {
    ASSERT_EQ(inet_route_add(special(ip4(192, 0, 2, 0), 24, rc::RTN_BLACKHOLE)), 0);
    receive_ip(kEth0, ip_packet({.destination = ip4(192, 0, 2, 1)}, kData));
    EXPECT_TRUE(sent().empty());
    EXPECT_EQ(fate(Fate::blackhole), 1U);
}

TEST_F(IcmpErrors, APortThatDoesNotForwardIsSilent) {
    sysctl_write(rc::SysctlId::forwarding, kEth0, 0);
    receive_ip(kEth0, ip_packet({.destination = ip4(192, 0, 2, 1)}, kData));
    EXPECT_TRUE(sent().empty());
    EXPECT_EQ(fate(Fate::not_forwarding), 1U);
}

TEST_F(IcmpErrors, TheReceivingPortsAddressIsUsedWhenItIsToBe) {
    ASSERT_EQ(addr_add(kEth1, ip4(10, 0, 9, 1), 24), 0);
    ASSERT_EQ(inet_route_add(via(ip4(10, 9, 0, 0), 16, ip4(10, 0, 1, 2))), 0);
    const Bytes packet = ip_packet({.source = ip4(10, 9, 0, 1), .ttl = 1}, kData);
    receive_ip(kEth0, packet);
    expect_answer({.source = kOwnFar, .destination = ip4(10, 9, 0, 1), .tos = 0xC0}, icmp_message(11, 0, 0, packet),
                  kEth1);
    sent_frames().clear();
    sysctl_write(rc::SysctlId::icmp_errors_use_inbound_ifaddr, 0, 1);
    receive_ip(kEth0, packet);
    expect_answer({.source = kOwn, .destination = ip4(10, 9, 0, 1), .tos = 0xC0}, icmp_message(11, 0, 0, packet),
                  kEth1);
}

struct Silent {
    const char* what;
    Bytes packet;
};
void PrintTo(const Silent& value, std::ostream* out) { *out << value.what; }
class IcmpSilence : public IcmpErrors, public ::testing::WithParamInterface<Silent> {};

const Silent kSilent[] = {
    {"a later fragment", ip_packet({.ttl = 1, .frag_off = 1}, Bytes(8))},
    {"an ICMP error", ip_packet({.ttl = 1, .protocol = 1}, icmp_message(3, 3, 0, Bytes(28)))},
    {"a redirect", ip_packet({.ttl = 1, .protocol = 1}, icmp_message(5, 1, 0, Bytes(28)))},
    {"an ICMP type without meaning", ip_packet({.ttl = 1, .protocol = 1}, icmp_message(6, 0, 0, {}))},
    {"an ICMP type above all", ip_packet({.ttl = 1, .protocol = 1}, icmp_message(42, 0, 0, {}))},
    {"ICMP without a type", ip_packet({.ttl = 1, .protocol = 1}, {})},
    {"a source without a way back", ip_packet({.source = ip4(192, 0, 2, 9), .ttl = 1}, {})},
    {"a multicast address", ip_packet({.destination = ip4(224, 0, 0, 1)}, {})},
    {"a broadcast address", ip_packet({.destination = ip4(10, 0, 0, 255)}, {})},
};

TEST_P(IcmpSilence, MeetsIt) {
    receive_ip(kEth0, GetParam().packet);
    EXPECT_TRUE(sent().empty()) << GetParam().what;
    EXPECT_EQ(counter(Snmp::IcmpOutMsgs), 0U);
}

INSTANTIATE_TEST_SUITE_P(Net, IcmpSilence, ::testing::ValuesIn(kSilent));

TEST_F(IcmpErrors, AFirstFragmentAndARequestAreAnswered) {
    receive_ip(kEth0, ip_packet({.ttl = 1, .frag_off = wire::IP_MF}, kData));
    receive_ip(kEth0, ip_packet({.ttl = 1, .protocol = 1}, icmp_message(8, 0, 1, {})));
    EXPECT_EQ(counter(Snmp::IcmpOutTimeExcds), 2U);
}

TEST_F(IcmpErrors, ALinkLayerBroadcastIsNotAnswered) {
    Bytes frame = frame_for(kEth0, ip_packet({.destination = kOwn, .protocol = 253}, kData));
    std::fill_n(frame.begin(), 6, u8{0xFF});
    receive(kEth0, frame);
    EXPECT_TRUE(sent().empty());
}

TEST_F(IcmpErrors, AMtuWithoutRoomForAHeaderMeansSilence) {
    port(kEth0)->mtu = 68;
    receive_ip(kEth0, ip_packet({.ttl = 1}, kData));
    EXPECT_EQ(sent().size(), 1U);  // 68 - 28 bytes hold a header
    sent_frames().clear();
    // 20 more bytes of options leave no room.
    Bytes options(20);
    options[0] = 7, options[1] = 19, options[2] = 4;
    receive_ip(kEth0, ip_packet({.ttl = 1, .options = options}, kData));
    EXPECT_TRUE(sent().empty());
}

}  // namespace
}  // namespace fw::test
