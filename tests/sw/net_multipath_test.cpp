// SPDX-License-Identifier: Apache-2.0
// Multipath routes (Linux net/ipv4/fib_semantics.c; Documentation/networking/ip-sysctl.rst, fib_multipath_hash_policy).
#include <set>

#include "sw/net/icmp.h"
#include "sw/net/multipath.h"
#include "tests/sw/net_router.h"

namespace fw::test {
namespace {

constexpr u32 kNet = ip4(192, 0, 2, 0);
constexpr u32 kA = ip4(10, 0, 0, 3), kB = ip4(10, 0, 1, 3);

class Multipath : public Router {
  protected:
    void SetUp() override {
        Router::SetUp();
        configure();
        // What comes in by eth2 goes out by eth0 and eth1.
        link_up(kEth2);
        addr_add(kEth2, ip4(10, 0, 2, 1), 24);
    }
    static rc::RouteAdd two_ways(u8 weight_a, u8 weight_b) {
        rc::RouteAdd message = route(kNet, 24);
        message.nexthops = 2;
        message.nh_gateway[0] = kA, message.nh_gateway[1] = kB;
        message.nh_weight[0] = static_cast<u8>(weight_a - 1), message.nh_weight[1] = static_cast<u8>(weight_b - 1);
        return message;
    }
    /// Devices that the packets left by.
    static std::vector<u32> devices() {
        std::vector<u32> list;
        for (const Sent& one : sent()) list.push_back(one.ifindex);
        return list;
    }
    static void send_flows(unsigned flows) {
        for (u32 i = 0; i < flows; ++i) {
            receive_ip(kEth2, ip_packet({.source = ip4(10, 0, 2, 2 + i % 200), .destination = kNet + i / 200}, {1}));
        }
    }
    static i64 share_of(u32 ifindex) {
        const auto list = devices();
        return std::count(list.begin(), list.end(), ifindex);
    }
};

TEST_F(Multipath, FlowsAreSharedByWeight) {
    ASSERT_EQ(inet_route_add(two_ways(1, 3)), 0);
    send_flows(2000);
    ASSERT_EQ(sent().size(), 2000U);
    EXPECT_NEAR(share_of(kEth0), 500, 80);  // four standard deviations of the binomial distribution
    EXPECT_NEAR(share_of(kEth1), 1500, 80);
}

TEST_F(Multipath, APairOfAddressesKeepsItsWayInBothDirections) {
    ASSERT_EQ(inet_route_add(two_ways(1, 1)), 0);
    send_flows(50);
    const auto first = devices();
    sent_frames().clear();
    send_flows(50);
    EXPECT_EQ(devices(), first);
    flowi4 flow{}, back{};
    flow.saddr = back.daddr = ip4(10, 0, 2, 2), flow.daddr = back.saddr = kNet + 9;
    EXPECT_EQ(fib_multipath_hash(flow, nullptr), fib_multipath_hash(back, nullptr));
    EXPECT_LT(fib_multipath_hash(flow, nullptr), 1U << 31);
}

TEST_F(Multipath, ByAddressesAloneOrWithPortsAsThePolicySays) {
    ASSERT_EQ(inet_route_add(two_ways(1, 1)), 0);
    const auto ways_of_ports = [&](u16 frag_off) {
        sent_frames().clear();
        for (u8 port = 0; port < 40; ++port) {
            receive_ip(
                kEth2,
                ip_packet({.source = ip4(10, 0, 2, 2), .destination = kNet + 1, .protocol = 17, .frag_off = frag_off},
                          {0, port, 0, 53, 0, 8, 0, 0}));
        }
        const auto list = devices();
        return std::set<u32>(list.begin(), list.end()).size();
    };
    EXPECT_EQ(ways_of_ports(0), 1U);
    sysctl_write(rc::SysctlId::fib_multipath_hash_policy, 0, 1);
    EXPECT_EQ(ways_of_ports(0), 2U);
    EXPECT_EQ(ways_of_ports(0x2000), 1U);  // fragments: no ports
}

TEST_F(Multipath, AnIcmpErrorGoesTheWayOfThePacketThatItIsAbout) {
    ASSERT_EQ(inet_route_add(two_ways(1, 1)), 0);
    for (u32 i = 0; i < 20; ++i) {
        // From a router on the way: its own address would choose another way for some of them.
        const Bytes about = ip_packet({.source = kNet + i, .destination = ip4(10, 0, 2, 2)}, Bytes(8));
        Bytes icmp = {ICMP_TIME_EXCEEDED, 0, 0, 0, 0, 0, 0, 0};
        icmp.insert(icmp.end(), about.begin(), about.end());
        receive_ip(kEth2, ip_packet({.source = ip4(10, 0, 2, 77), .destination = kNet + i, .protocol = 1}, icmp));
        receive_ip(kEth2, ip_packet({.source = ip4(10, 0, 2, 2), .destination = kNet + i}, {1}));
        ASSERT_EQ(devices()[2 * i], devices()[2 * i + 1]);
    }
}

TEST_F(Multipath, PacketsOfThisHostPreferTheWayThatHasTheirAddress) {
    ASSERT_EQ(inet_route_add(two_ways(1, 1)), 0);
    const u32 own[] = {ip4(10, 0, 0, 1), ip4(10, 0, 1, 1)};
    for (u32 i = 0; i < 20; ++i) {
        flowi4 flow{};
        flow.daddr = kNet + i, flow.saddr = own[i % 2];
        int error = 0;
        EXPECT_EQ(ip_route_output_key(&flow, &error)->dev->ifindex, kEth0 + i % 2);
        flow = {};
        flow.daddr = kNet + i, flow.oif = kEth1;
        EXPECT_EQ(ip_route_output_key(&flow, &error)->gateway, kB);
        EXPECT_EQ(flow.saddr, ip4(10, 0, 1, 1));
    }
}

TEST_F(Multipath, WithoutAnAddressTheHashDecidesAndTheWayGivesIt) {
    ASSERT_EQ(inet_route_add(two_ways(1, 1)), 0);
    std::set<u32> sources;
    for (u32 i = 0; i < 40; ++i) {
        flowi4 flow{};
        flow.daddr = kNet + i;
        int error = 0;
        const rtable* rt = ip_route_output_key(&flow, &error);
        EXPECT_EQ(flow.saddr, rt->dev == port(kEth0) ? ip4(10, 0, 0, 1) : ip4(10, 0, 1, 1));
        sources.insert(flow.saddr);
    }
    EXPECT_EQ(sources.size(), 2U);
}

TEST_F(Multipath, AWayWhoseLinkGoesDownIsDeadUntilItIsUpAgain) {
    ASSERT_EQ(inet_route_add(two_ways(1, 1)), 0);
    ASSERT_EQ(link_down(kEth1), 0);
    send_flows(40);
    EXPECT_EQ(share_of(kEth0), 40);
    sent_frames().clear();
    ASSERT_EQ(link_up(kEth1), 0);
    neigh_add(kEth1, kB, {2, 0, 0, 0x0B, 1, 3});
    send_flows(40);
    EXPECT_GT(share_of(kEth0), 5);
    EXPECT_GT(share_of(kEth1), 5);
}

TEST_F(Multipath, WithAllWaysDeadTheRouteGoes) {
    ASSERT_EQ(inet_route_add(two_ways(1, 1)), 0);
    link_down(kEth1);
    EXPECT_EQ(fib_lookup_address(kNet + 1).err, 0);
    link_down(kEth0);
    EXPECT_EQ(fib_lookup_address(kNet + 1).err, -err::netunreach);
    link_up(kEth0);
    EXPECT_EQ(fib_lookup_address(kNet + 1).err, -err::netunreach);
}

TEST_F(Multipath, IdenticalGroupsAreOneAndTheSameRouteTwiceIsThere) {
    ASSERT_EQ(inet_route_add(two_ways(1, 2)), 0);
    EXPECT_EQ(inet_route_add(two_ways(1, 2)), -err::exist);
    rc::RouteAdd other = two_ways(1, 2);
    other.destination = ip4(198, 51, 100, 0);
    ASSERT_EQ(inet_route_add(other), 0);
    EXPECT_EQ(fib_trie_lookup(kNet + 1), fib_trie_lookup(other.destination + 1));
    ASSERT_EQ(inet_route_del(del(kNet, 24)), 0);
    ASSERT_EQ(inet_route_del(del(other.destination, 24)), 0);
    other.nh_weight[0] = 7;
    EXPECT_EQ(inet_route_add(other), 0);
}

TEST_F(Multipath, EachWayIsCheckedAndOnFailureNoneIsKept) {
    rc::RouteAdd message = two_ways(1, 1);
    message.nh_gateway[1] = ip4(203, 0, 113, 1);
    for (unsigned i = 0; i < 2 * kMaxNextHops; ++i) ASSERT_EQ(inet_route_add(message), -err::netunreach);
    message.nh_onlink[1] = 1, message.nh_oif[1] = kEth1;
    EXPECT_EQ(inet_route_add(message), 0);
    message = two_ways(1, 1);
    message.destination = ip4(198, 51, 100, 0);
    message.scope = rc::RT_SCOPE_HOST;
    EXPECT_EQ(inet_route_add(message), -err::inval);
    message.type = rc::RTN_BLACKHOLE;
    EXPECT_EQ(inet_route_add(message), -err::inval);
    message.nexthops = rc::MAX_NEXTHOPS + 1;
    EXPECT_EQ(inet_route_add(message), -err::inval);
}

// `ip route add … via A dev D nexthop …`
TEST_F(Multipath, AGatewayOrDeviceBesideTheNextHopsMustBeTheFirstOnes) {
    rc::RouteAdd message = two_ways(1, 1);
    message.gateway = kB;
    EXPECT_EQ(inet_route_add(message), -err::inval);
    message.nexthops = 1;
    EXPECT_EQ(inet_route_add(message), -err::inval);
    message.nexthops = 2;
    message.gateway = kA, message.oif = kEth0;
    EXPECT_EQ(inet_route_add(message), -err::inval);
    message.nh_oif[0] = kEth0;
    EXPECT_EQ(inet_route_add(message), 0);
}

TEST_F(Multipath, ThereIsRoomForSoManyGroups) {
    int error = 0;
    unsigned groups = 0;
    for (; error == 0; ++groups) {
        rc::RouteAdd message = two_ways(static_cast<u8>(1 + groups % 200), static_cast<u8>(1 + groups / 200));
        message.nh_weight[1] = static_cast<u8>(100 + groups / 200);
        message.destination = ip4(60, groups / 256, groups % 256, 0);
        error = inet_route_add(message);
    }
    EXPECT_EQ(error, -err::nobufs);
    EXPECT_EQ(groups - 1, kMaxGroups);
    EXPECT_EQ(inet_route_add(via(kNet, 24, kA)), 0);
}

TEST_F(Multipath, ASourceIsValidByAnyOfTheWays) {
    ASSERT_EQ(inet_route_add(two_ways(1, 1)), 0);
    sysctl_write(rc::SysctlId::rp_filter, rc::SYSCTL_ALL, 1);
    for (const u32 in : {kEth0, kEth1}) {
        receive_ip(in, ip_packet({.source = kNet + 9, .destination = ip4(10, 0, 2, 1)}, {1}));
    }
    EXPECT_EQ(fate(Fate::rp_filter), 0U);
    receive_ip(kEth2, ip_packet({.source = kNet + 9, .destination = ip4(10, 0, 0, 1)}, {1}));
    EXPECT_EQ(fate(Fate::rp_filter), 1U);
}

}  // namespace
}  // namespace fw::test
