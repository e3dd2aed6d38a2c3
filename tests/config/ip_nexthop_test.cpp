// SPDX-License-Identifier: Apache-2.0
// Forms of ip-nexthop(8) and the bytes they become, and lines that only show something.
#include <gtest/gtest.h>

#include "tests/config/message_bytes.h"

namespace turnpike::config {
namespace {

struct NextHop {
    std::uint32_t id = 0, gateway = 0, oif = 0;
    unsigned replace = 0, onlink = 0, blackhole = 0, protocol = 0;
    Bytes head(unsigned members) const {
        Bytes bytes;
        bytes.u32(id).u32(gateway).u32(oif).u8(replace).u8(onlink).u8(blackhole).u8(protocol);
        return bytes.u8(members);
    }
    Message message() const { return head(0).zeros(16 + 3 + 64).type(25); }
};

TEST(IpNexthop, OneWay) {
    EXPECT_EQ(message_of("ip nexthop add id 7 via 10.0.0.2 dev eth0"),
              (NextHop{.id = 7, .gateway = 0x0A000002, .oif = 2}.message()));
    EXPECT_EQ(message_of("ip nex a dev eth1 via inet 10.0.1.2 onlink proto static id 0xffffffff"),
              (NextHop{.id = 0xFFFFFFFF, .gateway = 0x0A000102, .oif = 3, .onlink = 1, .protocol = 4}.message()));
    EXPECT_EQ(message_of("ip nexthop replace id 7 dev eth0"), (NextHop{.id = 7, .oif = 2, .replace = 1}.message()));
    EXPECT_EQ(message_of("ip nexthop add id 8 blackhole p 77"),
              (NextHop{.id = 8, .blackhole = 1, .protocol = 77}.message()));
    EXPECT_EQ(message_of("ip nexthop add dev eth0"), (NextHop{.oif = 2}.message()));
}

TEST(IpNexthop, AGroupHasMembersWithWeights) {
    Bytes bytes = NextHop{.id = 10}.head(3);
    bytes.u8(0).u8(255).u8(1).zeros(13).zeros(3).u32(1).u32(2).u32(3).zeros(52);
    EXPECT_EQ(message_of("ip nexthop add id 10 group 1/2,256/0x3,2"), bytes.type(25));
    EXPECT_EQ(message_of("ip nexthop add id 10 group 1/2,256/3,2 type mpath"), bytes.type(25));
}

TEST(IpNexthop, DeletionAndFlush) {
    EXPECT_EQ(message_of("ip nexthop del id 7"), Bytes().u32(7).type(26));
    EXPECT_EQ(message_of("ip nexthop d id 7"), Bytes().u32(7).type(26));
    EXPECT_EQ(message_of("ip nexthop flush id 7"), Bytes().u32(7).type(26));
    EXPECT_EQ(message_of("ip nexthop flush"), flush(5, 0, 0));
    EXPECT_EQ(message_of("ip nexthop flush dev eth1"), flush(5, 3, 0));
    EXPECT_EQ(message_of("ip nexthop flush protocol 4"), flush(5, 0, 0, {.protocol = 4}));
    EXPECT_EQ(message_of("ip nexthop flush group"), flush(5, 0, 0, {.groups = 1}));
}

TEST(IpNexthop, WrongWords) {
    const std::string options =
        "id N, via ADDRESS, dev NAME, onlink, blackhole, group ID[,WEIGHT]/…, type mpath or proto NAME";
    EXPECT_EQ(error_of("ip nexthop add id x dev eth0"),
              "router.sh:1:19: found 'x', expected an id from 0 to 4294967295");
    EXPECT_EQ(error_of("ip nexthop add id 1 dev eth0 scope link"),
              "router.sh:1:30: found 'scope', expected " + options);
    for (const char* group : {"", "1/", "/1", "1//2", "1,0", "1,257", "1,2,3", "1,", "a", "4294967296",
                              "1/2/3/4/5/6/7/8/9/10/11/12/13/14/15/16/17"}) {
        EXPECT_EQ(error_of(std::string("ip nexthop add id 9 group '") + group + "'"),
                  std::string("router.sh:1:27: found '") + group +
                      "', expected at most 16 next hops, ID[,WEIGHT]/ID[,WEIGHT]/…, weights from 1 to 256");
    }
    EXPECT_EQ(error_of("ip nexthop add id 9 group 1/2 type hash"), "router.sh:1:36: found 'hash', expected mpath");
    EXPECT_EQ(error_of("ip nexthop del"), "router.sh:1: found the end of the command, expected id N");
    EXPECT_EQ(error_of("ip nexthop del 7"), "router.sh:1:16: found '7', expected id N");
    EXPECT_EQ(error_of("ip nexthop del id 7 dev eth0"), "router.sh:1:21: found 'dev', expected the end of the command");
    EXPECT_EQ(error_of("ip nexthop flush all"),
              "router.sh:1:18: found 'all', expected id N, dev NAME, groups or protocol N");
}

TEST(IpNexthop, AGroupHasNoFamily) {
    for (const char* family : {"-4", "-f inet", "-family inet"}) {
        EXPECT_NE(error_of(std::string("ip ") + family + " nexthop add id 9 group 1/2")
                      .find("found '1/2', expected no -4 before: a group has no family"),
                  std::string::npos);
        EXPECT_EQ(error_of(std::string("ip ") + family + " nexthop add id 9 dev eth0"), "accepted");
    }
}

TEST(IpNexthop, WhatIsNotModelledIsRefusedAsSuch) {
    const std::string no = "not supported by this version: ";
    EXPECT_EQ(error_of("ip nexthop add id 9 group 1/2 type resilient"),
              "router.sh:1:36: " + no + "found 'resilient', expected mpath");
    EXPECT_EQ(error_of("ip nexthop add id 9 via inet6 fe80::1 dev eth0"),
              "router.sh:1:25: " + no + "found 'inet6', expected an IPv4 gateway");
    for (const char* word : {"encap", "fdb"}) {
        EXPECT_EQ(error_of(std::string("ip nexthop add id 9 ") + word).find("router.sh:1:21: " + no), 0u) << word;
    }
    for (const char* word : {"vrf", "master", "fdb"}) {
        EXPECT_EQ(error_of(std::string("ip nexthop flush ") + word).find("router.sh:1:18: " + no), 0u) << word;
    }
    EXPECT_EQ(error_of("ip nexthop bucket list"),
              "router.sh:1:12: " + no + "found 'bucket', expected add, replace, del, flush, show or get");
}

TEST(IpListing, LinesThatOnlyShowSomethingArePassedOver) {
    for (const char* line : {"ip addr",
                             "ip a s",
                             "ip -4 addr show dev eth0",
                             "ip -br -c a",
                             "ip -s -d link",
                             "ip link sho eth0",
                             "ip l",
                             "ip route",
                             "ip r s table all",
                             "ip route list match 10.0.0.1",
                             "ip route get 10.0.0.1 from 10.0.1.2 iif eth1",
                             "ip rule",
                             "ip ru l",
                             "ip neigh lst nud all",
                             "ip n get 10.0.0.2 dev eth0",
                             "ip nexthop",
                             "ip nexthop get id 1",
                             "ip mroute show",
                             "ip maddr",
                             "ip ntable show dev eth0",
                             "ip addrlabel list",
                             "#at 5ms ip -j -p route",
                             "ip -statistics -oneline -details -brief link",
                             "ip -Numeric -resolve -human -color=never -pretty -json r"}) {
        const RouterScript script = parse_router_script("router.sh", line, {"eth0", "eth1"});
        const auto& commands = script.changes.empty() ? script.commands : script.changes;
        ASSERT_EQ(commands.size(), 1u) << line;
        EXPECT_TRUE(commands[0].messages.empty()) << line;
    }
}

TEST(IpListing, ADeviceThatIsNamedMustBeThere) {
    EXPECT_EQ(error_of("ip route show dev eth9"),
              "router.sh:1:19: Cannot find device \"eth9\", expected lo, eth0 or eth1");
    EXPECT_EQ(error_of("ip addr show dev"), "router.sh:1: found the end of the command, expected lo, eth0 or eth1");
}

TEST(IpListing, SelectorsOfAllKinds) {
    for (const char* line :
         {"ip addr show scope global up to 10.0.0.0/24 label eth0 type veth group default", "ip addr ls master eth1",
          "ip link show nomaster group 5 dev eth0", "ip route list table 10 proto static scope link type blackhole",
          "ip route list root 10/8 tos 0x10 metric 5 via 10.0.0.2 src 10.0.0.1 realms 5",
          "ip route list from exact 10.0.0.0/8 to root 10.0.0.0/8 cached scope all table cache",
          "ip route get to 10.0.0.9 tos 4 mark 5 oif eth0 ipproto tcp sport 5 dport 6 uid 0 fibmatch connected notify",
          "ip rule list table main prio 5 from 10/8 to 10/8 tos 4 fwmark 1/0xff iif eth9 ipproto tcp sport 5 not",
          "ip rule list 10.0.0.1", "ip neigh show 10.0.0.0/24 dev eth0 nud stale unused proxy nomaster",
          "ip neigh get 10.0.0.2 proxy dev eth0", "ip nexthop list dev eth0 groups proto 4 fdb master eth1",
          "ip nexthop list id 5"}) {
        EXPECT_EQ(error_of(line), "accepted");
    }
}

// What iproute2 cannot read either.
TEST(IpListing, WrongSelectors) {
    const std::string selector = "a selector of what is to be shown";
    const std::string prefix = "a prefix, an IPv4 address with /LENGTH from 0 to 32";
    const std::string devices = "expected lo, eth0 or eth1";
    EXPECT_EQ(error_of("ip addr show eth7"), "router.sh:1:14: Cannot find device \"eth7\", " + devices);
    EXPECT_EQ(error_of("ip link list to 10.0.0.0/24"), "router.sh:1:14: Cannot find device \"to\", " + devices);
    EXPECT_EQ(error_of("ip addr show eth0 eth1"), "router.sh:1:19: found 'eth1', expected one device");
    EXPECT_EQ(error_of("ip addr show vrf x"),
              "router.sh:1:14: not supported by this version: found 'vrf', expected " + selector);
    EXPECT_EQ(error_of("ip link show group foo"),
              "router.sh:1:20: found 'foo', expected default or a number from 0 to 4294967295");
    EXPECT_EQ(error_of("ip route show eth0"), "router.sh:1:15: found 'eth0', expected " + prefix);
    EXPECT_EQ(error_of("ip route show type foo"), "router.sh:1:20: found 'foo', expected a type of routes");
    EXPECT_EQ(error_of("ip route get"),
              "router.sh:1: need at least a destination address, expected ip route get ADDRESS");
    EXPECT_EQ(error_of("ip route get 10.0.0.9 foo"), "router.sh:1:23: found 'foo', expected " + prefix);
    EXPECT_EQ(error_of("ip rule show table all").find("router.sh:1:20: found 'all', expected main, "), 0u);
    EXPECT_EQ(error_of("ip rule show foo"), "router.sh:1:14: found 'foo', expected " + prefix);
    EXPECT_EQ(error_of("ip neigh show nud foo").find("router.sh:1:19: found 'foo', expected permanent, "), 0u);
    EXPECT_EQ(error_of("ip neigh get 10.0.0.2"),
              "router.sh:1: Device and address are required arguments, expected ip neigh get ADDRESS dev NAME");
    EXPECT_EQ(error_of("ip nexthop show up"), "router.sh:1:17: found 'up', expected " + selector);
    EXPECT_EQ(error_of("ip nexthop get 1"), "router.sh:1:16: found '1', expected id N");
    EXPECT_EQ(error_of("ip nexthop get id 1 dev"), "router.sh:1:21: found 'dev', expected the end of the command");
}

TEST(IpListing, WhatIsNoListingIsNotPassedOver) {
    EXPECT_EQ(error_of("ip maddr add 239.1.1.1 dev eth0"),
              "router.sh:1:10: not supported by this version: found 'add', expected show");
    EXPECT_EQ(error_of("ip addr get 10.0.0.1"),
              "router.sh:1:9: not supported by this version: found 'get', expected add, del, replace, change, flush or "
              "show");
    EXPECT_EQ(error_of("ip link se"), "router.sh:1: found no device, expected ip link set NAME …");
    EXPECT_EQ(error_of("ip -x addr"), "router.sh:1:4: not supported by this version: found '-x', expected ip or ip -4");
    EXPECT_EQ(error_of("ip netns"),
              "router.sh:1:4: not supported by this version: found 'netns', expected ip "
              "link|addr|route|rule|neigh|nexthop|mroute, sysctl -w, echo VALUE > /proc/sys/… or ethtool");
}

}  // namespace
}  // namespace turnpike::config
