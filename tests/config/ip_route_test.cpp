// SPDX-License-Identifier: Apache-2.0
// Forms and abbreviations of ip-route(8), and the bytes they become.
#include <gtest/gtest.h>

#include "tests/config/message_bytes.h"

namespace turnpike::config {
namespace {

struct Route {
    std::uint32_t destination = 0, gateway = 0, oif = 0, prefsrc = 0, metric = 0, table = 254;
    unsigned length = 0, type = 1, scope = 0, tos = 0, replace = 0, onlink = 0, append = 0, mtu_locked = 0, mtu = 0;
    unsigned prepend = 0, change = 0, protocol = 3, hoplimit = 0;
    std::uint32_t nhid = 0;
    Message message() const {
        Bytes bytes;
        bytes.u32(destination).u32(gateway).u32(oif).u32(prefsrc).u32(metric).u32(table);
        bytes.u8(length).u8(type).u8(scope).u8(tos).u8(replace).u8(onlink).u8(append).u8(mtu_locked).u32(mtu);
        return bytes.zeros(36 + 128).u8(prepend).u8(change).u8(protocol).u8(hoplimit).u32(nhid).type(13);
    }
};

struct Deletion {
    std::uint32_t destination = 0, gateway = 0, oif = 0, prefsrc = 0, metric = 0, table = 254;
    unsigned length = 0, type = 0, scope = 255, tos = 0, protocol = 0, mtu = 0;
    std::uint32_t nhid = 0;
    Bytes head() const {
        Bytes bytes;
        bytes.u32(destination).u32(gateway).u32(oif).u32(prefsrc).u32(metric).u32(table);
        return bytes.u8(length).u8(type).u8(scope).u8(tos).u8(protocol).zeros(3).u32(mtu);
    }
    Message message() const { return head().zeros(20 + 128).u32(nhid).type(14); }
};

TEST(IpRoute, GatewayRoutesAreOfUniverseScopeAndDeviceRoutesOfLinkScope) {
    EXPECT_EQ(message_of("ip route add 172.16.0.0/16 via 10.0.1.2"),
              (Route{.destination = 0xAC100000, .gateway = 0x0A000102, .length = 16}.message()));
    EXPECT_EQ(message_of("ip ro a 172.16/16 dev eth1"),
              (Route{.destination = 0xAC100000, .oif = 3, .length = 16, .scope = 253}.message()));
}

TEST(IpRoute, DefaultIsTheEmptyPrefix) {
    const Message expected = Route{.gateway = 0x0A000102}.message();
    for (const char* text : {"ip route add default via 10.0.1.2", "ip r a 0.0.0.0/0 via 10.0.1.2",
                             "ip route add to default via inet 10.0.1.2", "ip route add unicast all via 10.0.1.2"}) {
        EXPECT_EQ(message_of(text), expected) << text;
    }
}

TEST(IpRoute, AllOptionsInAnyOrder) {
    const Message expected = Route{.destination = 0xC0A80000,
                                   .gateway = 0x0A000102,
                                   .oif = 3,
                                   .prefsrc = 0x0A000101,
                                   .metric = 77,
                                   .table = 100,
                                   .length = 24,
                                   .scope = 200,
                                   .tos = 0x10,
                                   .onlink = 1,
                                   .mtu_locked = 1,
                                   .mtu = 1400,
                                   .protocol = 4}
                                 .message();
    EXPECT_EQ(message_of("ip route add 192.168.0.0/24 via 10.0.1.2 dev eth1 src 10.0.1.1 metric 77 table 100 "
                         "scope site proto static mtu lock 1400 tos 0x10 onlink"),
              expected);
    EXPECT_EQ(message_of("ip route add onlink proto 4 scope 200 tab 0x64 priority 77 src 10.0.1.1 dsfield 10 dev eth1 "
                         "via 10.0.1.2 mtu lock 0x578 192.168.0.0/24"),
              expected);
}

TEST(IpRoute, TheTtlOfOwnPacketsIsAtMost255) {
    EXPECT_EQ(message_of("ip route add default via 10.0.1.2 hoplimit 9"),
              (Route{.gateway = 0x0A000102, .hoplimit = 9}.message()));
    EXPECT_EQ(message_of("ip route add default via 10.0.1.2 hoplimit lock 255"),
              (Route{.gateway = 0x0A000102, .hoplimit = 255}.message()));
    EXPECT_EQ(error_of("ip route add default via 10.0.1.2 hoplimit 256"),
              "router.sh:1:44: found '256', expected a TTL from 0 to 255");
}

TEST(IpRoute, AttributesOfConnectionsAreReadAndChangeNothing) {
    const Message plain = Route{.gateway = 0x0A000102}.message();
    for (const char* text : {"advmss 500",
                             "advmss lock 500",
                             "window 4000",
                             "rtt 100ms",
                             "rtt 0.5s",
                             "rttvar lock 20",
                             "rto_min 200msec",
                             "ssthresh 10",
                             "cwnd lock 10",
                             "initcwnd 10",
                             "initrwnd 20",
                             "reordering 5",
                             "features ecn",
                             "quickack 1",
                             "congctl reno",
                             "congctl lock cubic",
                             "realms 7",
                             "realm 3/0x4",
                             "fastopen_no_cookie 1",
                             "expires 5",
                             "pref high",
                             "ttl-propagate disabled",
                             "as to 10.0.0.3",
                             "from 10.0.0.0/8"}) {
        EXPECT_EQ(message_of(std::string("ip route add default via 10.0.1.2 ") + text), plain) << text;
    }
    EXPECT_EQ(error_of("ip route add default via 10.0.1.2 rtt 5m"),
              "router.sh:1:39: found '5m', expected a time, N, Ns or Nms");
    EXPECT_EQ(error_of("ip route add default via 10.0.1.2 features foo"), "router.sh:1:44: found 'foo', expected ecn");
    EXPECT_EQ(error_of("ip route add default via 10.0.1.2 realms 65536"),
              "router.sh:1:42: found '65536', expected a realm, N or N/N");
    EXPECT_EQ(error_of("ip route add default via 10.0.1.2 quickack 2"),
              "router.sh:1:44: found '2', expected 0 or 1 from 0 to 1");
    EXPECT_EQ(error_of("ip route add default via 10.0.1.2 expires 5s"),
              "router.sh:1:43: found '5s', expected seconds from 0 to 4294967295");
    EXPECT_EQ(error_of("ip route add default via 10.0.1.2 pref best"),
              "router.sh:1:40: found 'best', expected low, medium or high");
    EXPECT_EQ(error_of("ip route add default via 10.0.1.2 congctl foo"),
              "router.sh:1:43: found 'foo', expected a congestion control, reno, cubic or bbr");
    EXPECT_EQ(error_of("ip route add default via 10.0.1.2 ttl-propagate on"),
              "router.sh:1:49: found 'on', expected enabled or disabled");
}

TEST(IpRoute, WhatIsNotModelledIsRefusedAsSuch) {
    for (const char* word : {"encap ip id 5 dst 10.9.9.9", "vrf red", "nexthop encap mpls 100"}) {
        const std::string error = error_of(std::string("ip route add default dev eth0 ") + word);
        EXPECT_NE(error.find("not supported by this version: found"), std::string::npos) << error;
    }
    EXPECT_EQ(error_of("ip route add default via inet6 fe80::1 dev eth0"),
              "router.sh:1:26: not supported by this version: found 'inet6', expected an IPv4 gateway");
}

TEST(IpRoute, ANextHopObjectStandsForTheWay) {
    EXPECT_EQ(message_of("ip route add 172.16.0.0/16 nhid 7"),
              (Route{.destination = 0xAC100000, .length = 16, .nhid = 7}.message()));
    EXPECT_EQ(message_of("ip route del 172.16.0.0/16 nhid 7"),
              (Deletion{.destination = 0xAC100000, .length = 16, .nhid = 7}.message()));
    EXPECT_EQ(error_of("ip route add default nhid x"),
              "router.sh:1:27: found 'x', expected a next hop's id from 0 to 4294967295");
}

TEST(IpRoute, TypesWithoutNextHop) {
    EXPECT_EQ(message_of("ip route add blackhole 172.16.1.0/24"),
              (Route{.destination = 0xAC100100, .length = 24, .type = 6}.message()));
    EXPECT_EQ(message_of("ip route add unreachable 172.16.1.0/24"),
              (Route{.destination = 0xAC100100, .length = 24, .type = 7}.message()));
    EXPECT_EQ(message_of("ip route add un 172.16.1.0/24"),
              (Route{.destination = 0xAC100100, .length = 24, .type = 7}.message()));
    EXPECT_EQ(message_of("ip route add prohibit 172.16.1.0/24 metric 5"),
              (Route{.destination = 0xAC100100, .metric = 5, .length = 24, .type = 8}.message()));
}

TEST(IpRoute, HostBitsAreLeftForTheKernelToRefuse) {
    EXPECT_EQ(message_of("ip route add 10.6.0.1/16 via 10.0.0.2"),
              (Route{.destination = 0x0A060001, .gateway = 0x0A000002, .length = 16}.message()));
}

TEST(IpRoute, ReplaceAndAppendAreFlags) {
    EXPECT_EQ(message_of("ip route replace default via 10.0.1.2"),
              (Route{.gateway = 0x0A000102, .replace = 1}.message()));
    EXPECT_EQ(message_of("ip route append default via 10.0.1.2"),
              (Route{.gateway = 0x0A000102, .append = 1}.message()));
}

TEST(IpRoute, ChangeAndPrependAreFlags) {
    EXPECT_EQ(message_of("ip route change default via 10.0.1.2"),
              (Route{.gateway = 0x0A000102, .replace = 1, .change = 1}.message()));
    EXPECT_EQ(message_of("ip r p default via 10.0.1.2"), (Route{.gateway = 0x0A000102, .prepend = 1}.message()));
}

TEST(IpRoute, ATosIsHexadecimalOrANameOfADscp) {
    for (const char* tos : {"28", "0x28", "AF11"}) {
        EXPECT_EQ(message_of(std::string("ip route add default via 10.0.1.2 tos ") + tos),
                  (Route{.gateway = 0x0A000102, .tos = 0x28}.message()));
    }
}

TEST(IpRoute, TypesOfTheLocalTableGoThereWithTheirScope) {
    EXPECT_EQ(
        message_of("ip route add local 3.0.0.0/8 dev lo"),
        (Route{.destination = 0x03000000, .oif = 1, .table = 255, .length = 8, .type = 2, .scope = 254}.message()));
    for (const char* type : {"broadcast", "brd", "b"}) {
        EXPECT_EQ(
            message_of(std::string("ip route add ") + type + " 4.0.0.0/8 dev eth0"),
            (Route{.destination = 0x04000000, .oif = 2, .table = 255, .length = 8, .type = 3, .scope = 253}.message()));
    }
    EXPECT_EQ(
        message_of("ip route add nat 5.0.0.0/8 via 1.2.3.4"),
        (Route{.destination = 0x05000000, .gateway = 0x01020304, .table = 255, .length = 8, .type = 10, .scope = 254}
             .message()));
    EXPECT_EQ(
        message_of("ip route add nat 5.0.0.0/8 via 1.2.3.4 table main"),
        (Route{.destination = 0x05000000, .gateway = 0x01020304, .length = 8, .type = 10, .scope = 254}.message()));
}

TEST(IpRoute, MulticastHasLinkScopeAndThrowIsForTheTableItStandsIn) {
    EXPECT_EQ(message_of("ip route add multicast 224.0.0.0/4 dev eth0"),
              (Route{.destination = 0xE0000000, .oif = 2, .length = 4, .type = 5, .scope = 253}.message()));
    EXPECT_EQ(message_of("ip route add throw 10.0.0.0/8 table 7"),
              (Route{.destination = 0x0A000000, .table = 7, .length = 8, .type = 9}.message()));
}

TEST(IpRoute, SeveralNextHopsWithWeights) {
    Bytes bytes;
    bytes.u32(0x01000000).zeros(4).zeros(12).u32(254).u8(8).u8(1).zeros(6).u32(0);
    bytes.u8(2).u8(2).u8(0).zeros(14).u8(0).u8(1).zeros(14).zeros(3);
    bytes.u32(0x0A000002).u32(0x0A000102).zeros(56).u32(0).u32(3).zeros(56);
    const Message expected = bytes.zeros(2).u8(3).zeros(1).u32(0).type(13);
    EXPECT_EQ(
        message_of("ip route add 1.0.0.0/8 nexthop via 10.0.0.2 weight 3 nexthop via inet 10.0.1.2 dev eth1 onlink"),
        expected);
}

TEST(IpRoute, FlushIsOfATableOfADeviceOrOfTheCache) {
    EXPECT_EQ(message_of("ip route flush table 7"), flush(2, 0, 7));
    EXPECT_EQ(message_of("ip r f t main"), flush(2, 0, 254));
    EXPECT_EQ(message_of("ip route flush table all dev eth0"), flush(2, 2, 0));
    EXPECT_EQ(message_of("ip route flush dev eth1"), flush(2, 3, 254));
    EXPECT_EQ(message_of("ip route flush cache"), flush(3, 0, 254));
    EXPECT_EQ(message_of("ip route flush table cache"), flush(3, 0, 254));
}

TEST(IpRoute, FlushIsOfAPrefixAProtocolOrAType) {
    const Flushed prefix = {.destination = 0x0A000000, .length = 8};
    const auto matching = [&](unsigned match) {
        Flushed which = prefix;
        which.match = match;
        return flush(2, 0, 254, which);
    };
    EXPECT_EQ(message_of("ip route flush root 10/8"), matching(1));
    EXPECT_EQ(message_of("ip route flush match 10.0.0.0/8"), matching(2));
    EXPECT_EQ(message_of("ip route flush exact 10/8"), matching(3));
    EXPECT_EQ(message_of("ip route flush to 10/8"), matching(3));
    EXPECT_EQ(message_of("ip route flush proto static"), flush(2, 0, 254, {.protocol = 4}));
    EXPECT_EQ(message_of("ip route flush type blackhole table 7"), flush(2, 0, 7, {.type = 6}));
}

TEST(IpRoute, TablesHaveNames) {
    EXPECT_EQ(message_of("ip route add default via 10.0.1.2 table main"), (Route{.gateway = 0x0A000102}.message()));
    EXPECT_EQ(message_of("ip route add default via 10.0.1.2 table default"),
              (Route{.gateway = 0x0A000102, .table = 253}.message()));
    EXPECT_EQ(message_of("ip route add default via 10.0.1.2 table local"),
              (Route{.gateway = 0x0A000102, .table = 255}.message()));
}

TEST(IpRoute, DeletionLeavesOpenWhatIsNotSaid) {
    EXPECT_EQ(message_of("ip route del 172.16.0.0/16"), (Deletion{.destination = 0xAC100000, .length = 16}.message()));
    EXPECT_EQ(message_of("ip r d blackhole 172.16.0.0/16 via 10.0.1.2 dev eth1 metric 9 table 7 proto static mtu 1300 "
                         "src 10.0.1.1 scope link tos 8"),
              (Deletion{.destination = 0xAC100000,
                        .gateway = 0x0A000102,
                        .oif = 3,
                        .prefsrc = 0x0A000101,
                        .metric = 9,
                        .table = 7,
                        .length = 16,
                        .type = 6,
                        .scope = 253,
                        .tos = 8,
                        .protocol = 4,
                        .mtu = 1300}
                   .message()));
    EXPECT_EQ(message_of("ip route del local 3.0.0.0/8"),
              (Deletion{.destination = 0x03000000, .table = 255, .length = 8, .type = 2, .scope = 254}.message()));
}

TEST(IpRoute, DeletionBySeveralNextHops) {
    Bytes bytes = Deletion{.destination = 0x01000000, .length = 8}.head();
    bytes.u8(2).u8(0).u8(3).zeros(14).zeros(3).u32(0x0A000002).u32(0x0A000102).zeros(56).zeros(64).u32(0);
    EXPECT_EQ(message_of("ip route del 1.0.0.0/8 nexthop via 10.0.0.2 nexthop via 10.0.1.2 weight 4"), bytes.type(14));
}

}  // namespace
}  // namespace turnpike::config
