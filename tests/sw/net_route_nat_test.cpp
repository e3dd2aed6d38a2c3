// SPDX-License-Identifier: Apache-2.0
// Route NAT: what the documents' "dumb NAT" does to the bytes (Linux 2.4 net/ipv4/ip_nat_dumb.c; iproute2's ip-cref,
// "Route NAT status"). The checksums that come out are judged by RFC 1071 over the whole.
#include "sw/net/icmp.h"
#include "tests/sw/net_arp.h"

namespace fw::test {
namespace {

constexpr u32 kOutside = ip4(10, 0, 0, 2), kInside = ip4(10, 0, 1, 2), kPublic = ip4(192, 0, 2, 2);
constexpr u8 kTcp = 6, kUdp = 17, kIcmp = 1;

class RouteNat : public Router {
  protected:
    void SetUp() override {
        Router::SetUp();
        configure();
        ASSERT_EQ(inet_route_add(nat_route(kPublic, 32, kInside)), 0);
        rc::RuleAdd rule;
        rule.has_priority = 1, rule.priority = 320, rule.table = rc::RT_TABLE_MAIN, rule.action = rc::FR_ACT_TO_TBL;
        rule.source = kInside, rule.source_len = 32, rule.nat = kPublic;
        rule.suppress_prefixlen = rc::SUPPRESS_NONE;
        ASSERT_EQ(inet_rule_add(rule), 0);
    }
    /// `ip route add nat PREFIX via ADDRESS`.
    static rc::RouteAdd nat_route(u32 destination, u8 len, u32 first) {
        rc::RouteAdd message = via(destination, len, first);
        message.type = rc::RTN_NAT, message.scope = rc::RT_SCOPE_HOST, message.table = rc::RT_TABLE_LOCAL;
        return message;
    }
    static u16 transport_sum(const Bytes& packet) {
        Bytes pseudo(packet.begin() + 12, packet.begin() + 20);
        const size_t bytes = packet.size() - 20;
        pseudo.insert(pseudo.end(), {0, packet[9], static_cast<u8>(bytes >> 8), static_cast<u8>(bytes)});
        pseudo.insert(pseudo.end(), packet.begin() + 20, packet.end());
        return internet_checksum(pseudo.data(), pseudo.size());
    }
    /// The packet with the checksum that lies at this offset of its data made good.
    static Bytes with_checksum(Bytes packet, size_t at) {
        wire::put16(&packet[20 + at], 0);
        wire::put16(&packet[20 + at], transport_sum(packet));
        return packet;
    }
    /// The one packet that was forwarded.
    static Bytes forwarded(u32 in, const Bytes& packet) {
        sent_frames().clear();
        receive_ip(in, packet);
        EXPECT_EQ(sent().size(), 1U);
        if (sent().empty()) return Bytes(40);
        const Bytes out(sent()[0].frame.begin() + 14, sent()[0].frame.end());
        EXPECT_EQ(internet_checksum(out.data(), 20), 0);
        return out;
    }
};

Bytes addresses(const Bytes& packet) { return {packet.begin() + 12, packet.begin() + 20}; }
Bytes pair(u32 source, u32 destination) {
    Bytes bytes(8);
    wire::put32(&bytes[0], source);
    wire::put32(&bytes[4], destination);
    return bytes;
}

TEST_F(RouteNat, ADestinationBecomesTheOneBehindTheRouteAndASourceTheRulesWithTcpsChecksumRight) {
    const Bytes segment(20, 7);
    Bytes out = forwarded(
        kEth0, with_checksum(ip_packet({.source = kOutside, .destination = kPublic, .protocol = kTcp}, segment), 16));
    EXPECT_EQ(addresses(out), pair(kOutside, kInside));
    EXPECT_EQ(transport_sum(out), 0);
    EXPECT_EQ(out[8], 63);
    out = forwarded(
        kEth1, with_checksum(ip_packet({.source = kInside, .destination = kOutside, .protocol = kTcp}, segment), 16));
    EXPECT_EQ(addresses(out), pair(kPublic, kOutside));
    EXPECT_EQ(transport_sum(out), 0);
}

TEST_F(RouteNat, UdpsChecksumFollowsUnlessThereIsNone) {
    const Bytes datagram = {0, 9, 0, 9, 0, 12, 0, 0, 1, 2, 3, 4};
    Bytes out = forwarded(
        kEth0, with_checksum(ip_packet({.source = kOutside, .destination = kPublic, .protocol = kUdp}, datagram), 6));
    EXPECT_EQ(transport_sum(out), 0);
    out = forwarded(kEth0, ip_packet({.source = kOutside, .destination = kPublic, .protocol = kUdp}, datagram));
    EXPECT_EQ(addresses(out), pair(kOutside, kInside));
    EXPECT_EQ(wire::get16(&out[26]), 0);
}

TEST_F(RouteNat, AUdpChecksumThatComesOutAsZeroIsSentAsAllOnes) {
    // Data chosen so that the sum with the new addresses is zero.
    Bytes packet = with_checksum(
        ip_packet({.source = kOutside, .destination = kInside, .protocol = kUdp}, {0, 9, 0, 9, 0, 10, 0, 0, 0, 0}), 6);
    wire::put16(&packet[28], wire::get16(&packet[26]));
    wire::put32(&packet[16], kPublic);
    checksum_header(packet);
    const Bytes out = forwarded(kEth0, with_checksum(packet, 6));
    EXPECT_EQ(wire::get16(&out[26]), 0xFFFF);
}

TEST_F(RouteNat, PrefixesAreMappedAddressByAddress) {
    ASSERT_EQ(inet_route_add(nat_route(ip4(198, 51, 100, 0), 24, ip4(10, 0, 1, 0))), 0);
    const Bytes out = forwarded(kEth0, ip_packet({.source = kOutside, .destination = ip4(198, 51, 100, 3)}, {1}));
    EXPECT_EQ(addresses(out), pair(kOutside, ip4(10, 0, 1, 3)));
}

TEST_F(RouteNat, FragmentsBehindTheFirstHaveNoProtocolHeaderToChange) {
    const Bytes data(24, 5);
    const Bytes out = forwarded(
        kEth0, ip_packet({.source = kOutside, .destination = kPublic, .protocol = kTcp, .frag_off = 3}, data));
    EXPECT_EQ(addresses(out), pair(kOutside, kInside));
    EXPECT_TRUE(std::equal(data.begin(), data.end(), out.begin() + 20));
}

TEST_F(RouteNat, OtherProtocolsPassWithTheirDataAsItWas) {
    const Bytes data = {1, 2, 3};
    const Bytes out = forwarded(kEth0, ip_packet({.source = kOutside, .destination = kPublic}, data));
    EXPECT_TRUE(std::equal(data.begin(), data.end(), out.begin() + 20));
}

Bytes icmp_error(u8 type, u32 quoted_source, u32 quoted_destination) {
    const Bytes quoted =
        ip_packet({.source = quoted_source, .destination = quoted_destination, .protocol = kUdp}, Bytes(8));
    Bytes icmp = {type, 1, 0, 0, 0, 0, 0, 0};
    icmp.insert(icmp.end(), quoted.begin(), quoted.end());
    wire::put16(&icmp[2], internet_checksum(icmp.data(), icmp.size()));
    return icmp;
}
u16 icmp_sum(const Bytes& packet) { return internet_checksum(&packet[20], packet.size() - 20); }
Bytes quoted_addresses(const Bytes& packet) { return {packet.begin() + 40, packet.begin() + 48}; }

TEST_F(RouteNat, AnErrorFromOutsideQuotesTheAddressThatTheInsideKnows) {
    const Bytes icmp = icmp_error(ICMP_DEST_UNREACH, kPublic, kOutside);
    const Bytes out =
        forwarded(kEth0, ip_packet({.source = ip4(10, 0, 0, 3), .destination = kPublic, .protocol = kIcmp}, icmp));
    EXPECT_EQ(quoted_addresses(out), pair(kInside, kOutside));
    EXPECT_EQ(icmp_sum(out), 0);
}

TEST_F(RouteNat, AnErrorFromInsideQuotesTheAddressThatTheOutsideKnows) {
    const Bytes icmp = icmp_error(ICMP_TIME_EXCEEDED, kOutside, kInside);
    const Bytes out =
        forwarded(kEth1, ip_packet({.source = kInside, .destination = kOutside, .protocol = kIcmp}, icmp));
    EXPECT_EQ(addresses(out), pair(kPublic, kOutside));
    EXPECT_EQ(quoted_addresses(out), pair(kOutside, kPublic));
    EXPECT_EQ(icmp_sum(out), 0);
}

TEST_F(RouteNat, AnErrorAboutAnotherInsideHostIsTranslatedByThatOnesRule) {
    const u32 other_inside = ip4(10, 0, 1, 3), other_public = ip4(192, 0, 2, 3);
    ASSERT_EQ(inet_route_add(nat_route(other_public, 32, other_inside)), 0);
    rc::RuleAdd rule;
    rule.has_priority = 1, rule.priority = 321, rule.table = rc::RT_TABLE_MAIN, rule.action = rc::FR_ACT_TO_TBL;
    rule.source = other_inside, rule.source_len = 32, rule.nat = other_public;
    rule.suppress_prefixlen = rc::SUPPRESS_NONE;
    ASSERT_EQ(inet_rule_add(rule), 0);
    const Bytes icmp = icmp_error(ICMP_PARAMETERPROB, kOutside, other_inside);
    const Bytes out =
        forwarded(kEth1, ip_packet({.source = kInside, .destination = kOutside, .protocol = kIcmp}, icmp));
    EXPECT_EQ(quoted_addresses(out), pair(kOutside, other_public));
    EXPECT_EQ(icmp_sum(out), 0);
}

TEST_F(RouteNat, EchoesQuoteNothing) {
    Bytes icmp = icmp_error(ICMP_ECHO, kPublic, kOutside);
    const Bytes out =
        forwarded(kEth0, ip_packet({.source = kOutside, .destination = kPublic, .protocol = kIcmp}, icmp));
    EXPECT_EQ(addresses(out), pair(kOutside, kInside));
    EXPECT_EQ(quoted_addresses(out), pair(kPublic, kOutside));
}

TEST_F(RouteNat, APacketTooShortForItsProtocolsHeaderDies) {
    const std::pair<u8, size_t> cases[] = {{kTcp, 17}, {kUdp, 7}, {kIcmp, 7}};
    for (const auto& [protocol, bytes] : cases) {
        receive_ip(kEth0, ip_packet({.source = kOutside, .destination = kPublic, .protocol = protocol}, Bytes(bytes)));
    }
    Bytes icmp = icmp_error(ICMP_DEST_UNREACH, kPublic, kOutside);
    icmp.resize(8 + 19);
    receive_ip(kEth0, ip_packet({.source = kOutside, .destination = kPublic, .protocol = kIcmp}, icmp));
    EXPECT_EQ(fate(Fate::bad_transport), 4U);
    EXPECT_TRUE(sent().empty());
}

TEST_F(RouteNat, WhatItMapsToMustBeReachable) {
    ASSERT_EQ(inet_route_add(nat_route(ip4(198, 51, 100, 1), 32, ip4(203, 0, 113, 1))), 0);
    ASSERT_EQ(inet_route_add(nat_route(ip4(198, 51, 100, 2), 32, ip4(10, 0, 0, 1))), 0);  // this host itself
    receive_ip(kEth0, ip_packet({.source = kOutside, .destination = ip4(198, 51, 100, 1)}, {1}));
    receive_ip(kEth0, ip_packet({.source = kOutside, .destination = ip4(198, 51, 100, 2)}, {1}));
    EXPECT_EQ(fate(Fate::no_route), 2U);
    EXPECT_TRUE(sent().empty());
}

TEST_F(RouteNat, ARuleGivesOutOnlyAddressesThatARouteBringsBack) {
    ASSERT_EQ(inet_route_del([] {
                  rc::RouteDel gone = del(kPublic, 32);
                  gone.table = rc::RT_TABLE_LOCAL;
                  return gone;
              }()),
              0);
    const Bytes out = forwarded(kEth1, ip_packet({.source = kInside, .destination = kOutside}, {1}));
    EXPECT_EQ(addresses(out), pair(kInside, kOutside));
}

TEST_F(RouteNat, ARouteNeedsAnAddressAndNothingElse) {
    rc::RouteAdd message = nat_route(ip4(198, 51, 100, 1), 32, 0);
    EXPECT_EQ(inet_route_add(message), -err::inval);
    message.gateway = kInside, message.oif = kEth1;
    EXPECT_EQ(inet_route_add(message), -err::inval);
    message.oif = 0, message.scope = rc::RT_SCOPE_UNIVERSE;
    EXPECT_EQ(inet_route_add(message), -err::inval);
}

TEST_F(RouteNat, ThisHostDoesNotSendToIt) {
    flowi4 flow{};
    flow.daddr = kPublic;
    int error = 0;
    EXPECT_EQ(ip_route_output_key(&flow, &error), nullptr);
    EXPECT_EQ(error, -err::inval);
}

TEST_F(RouteNat, ArpAnswersForTheAddress) {
    sysctl_write(rc::SysctlId::neigh_proxy_delay, kEth0, 0);
    ArpMessage ask;
    ask.sip = kOutside, ask.tip = kPublic;
    receive(kEth0, arp_frame(ask));
    ASSERT_EQ(sent().size(), 1U);
    EXPECT_EQ(wire::get16(&sent()[0].frame[20]), 2);
    EXPECT_EQ(wire::get32(&sent()[0].frame[28]), kPublic);
}

TEST_F(RouteNat, WorksFromTheRouteCacheAsWithoutIt) {
    sysctl_write(rc::SysctlId::rt_cache_rebuild_count, 0, 4);
    const Bytes in = ip_packet({.source = kOutside, .destination = kPublic}, {1});
    EXPECT_EQ(forwarded(kEth0, in), forwarded(kEth0, in));
    EXPECT_EQ(counter(Snmp::RtCacheInHit), 1U);
}

}  // namespace
}  // namespace fw::test
