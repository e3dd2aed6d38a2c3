// SPDX-License-Identifier: Apache-2.0
// Next-hop objects and routes by them (ip-nexthop(8); Linux net/ipv4/nexthop.c). Error numbers and what becomes of
// routes and groups are those that Linux 6.18 was seen to give.
#include <set>

#include "sw/net/nexthop_object.h"
#include "tests/sw/net_router.h"

namespace fw::test {
namespace {

constexpr u32 kNet = ip4(192, 0, 2, 0);
constexpr u32 kA = ip4(10, 0, 0, 3), kB = ip4(10, 0, 1, 3), kC = ip4(10, 0, 1, 2);
constexpr u8 kBlackhole = 1;

class NextHopObjects : public Router {
  protected:
    void SetUp() override {
        Router::SetUp();
        configure();
        link_up(kEth2);
        addr_add(kEth2, ip4(10, 0, 2, 1), 24);
    }
    /// Neighbours that went are done with.
    void TearDown() override {
        native::advance(0);
        Router::TearDown();
    }

    static rc::NexthopAdd via_gateway(u32 id, u32 gateway, u32 oif, u8 replace = 0) {
        rc::NexthopAdd message;
        message.id = id, message.gateway = gateway, message.oif = oif, message.replace = replace;
        return message;
    }
    static rc::NexthopAdd blackhole(u32 id, u8 replace = 0) {
        rc::NexthopAdd message;
        message.id = id, message.blackhole = kBlackhole, message.replace = replace;
        return message;
    }
    static rc::NexthopAdd group(u32 id, std::initializer_list<u32> members, u8 replace = 0) {
        rc::NexthopAdd message;
        message.id = id, message.replace = replace;
        for (const u32 member : members) message.member[message.members++] = member;
        return message;
    }
    static rc::RouteAdd by(u32 nhid, u32 destination = kNet, u8 prefixlen = 24) {
        rc::RouteAdd message = route(destination, prefixlen);
        message.nhid = nhid;
        return message;
    }
    /// Objects 1 and 2 by kA and kB, 10 the group of both.
    static void make_two() {
        ASSERT_EQ(inet_nexthop_add(via_gateway(1, kA, kEth0)), 0);
        ASSERT_EQ(inet_nexthop_add(via_gateway(2, kB, kEth1)), 0);
        ASSERT_EQ(inet_nexthop_add(group(10, {1, 2})), 0);
    }
    /// Where a packet of this host to the address goes: a gateway, or -errno.
    static i64 way(u32 destination = kNet + 1) {
        flowi4 flow{};
        flow.daddr = destination;
        int error = 0;
        const rtable* rt = ip_route_output_key(&flow, &error);
        return rt ? i64{rt->gateway} : error;
    }
    static std::set<i64> ways() {
        std::set<i64> found;
        for (u32 i = 1; i < 60; ++i) found.insert(way(kNet + i));
        return found;
    }
    static unsigned routes() {
        unsigned count = 0;
        for (const fib_alias* one = fib_next(nullptr); one; one = fib_next(one)) count += one->dst == kNet ? 1 : 0;
        return count;
    }
};

TEST_F(NextHopObjects, ARouteGoesWhereItsObjectSaysAlsoWhenThatChanges) {
    make_two();
    ASSERT_EQ(inet_route_add(by(1)), 0);
    EXPECT_EQ(way(), kA);
    EXPECT_EQ(inet_nexthop_add(via_gateway(1, kC, kEth1, 1)), 0);
    EXPECT_EQ(way(), kC);
    receive_ip(kEth2, ip_packet({.source = ip4(10, 0, 2, 2), .destination = kNet + 1}, {1}));
    ASSERT_EQ(sent().size(), 1U);
    EXPECT_EQ(sent()[0].ifindex, kEth1);
}

TEST_F(NextHopObjects, WithItsObjectARouteGoes) {
    make_two();
    ASSERT_EQ(inet_route_add(by(1)), 0);
    ASSERT_EQ(inet_route_add(by(2, kNet, 25)), 0);
    EXPECT_EQ(inet_nexthop_del({1}), 0);
    EXPECT_EQ(routes(), 1U);
    EXPECT_EQ(inet_nexthop_del({1}), -err::noent);
    EXPECT_EQ(inet_nexthop_del({0}), -err::inval);
    EXPECT_EQ(inet_route_add(by(1)), -err::inval);
}

TEST_F(NextHopObjects, AGroupSharesItsFlowsAndLosesMembersOneByOne) {
    make_two();
    ASSERT_EQ(inet_route_add(by(10)), 0);
    EXPECT_EQ(ways(), (std::set<i64>{kA, kB}));
    ASSERT_EQ(inet_nexthop_add(via_gateway(3, kC, kEth1)), 0);
    EXPECT_EQ(inet_nexthop_add(group(10, {1, 2, 3}, 1)), 0);
    EXPECT_EQ(ways(), (std::set<i64>{kA, kB, kC}));
    EXPECT_EQ(inet_nexthop_del({2}), 0);
    EXPECT_EQ(ways(), (std::set<i64>{kA, kC}));
    EXPECT_EQ(inet_nexthop_del({1}), 0);
    EXPECT_EQ(ways(), (std::set<i64>{kC}));
    EXPECT_EQ(inet_nexthop_del({3}), 0);
    EXPECT_EQ(routes(), 0U);
    EXPECT_EQ(inet_nexthop_del({10}), -err::noent);
}

TEST_F(NextHopObjects, AGroupOfOneMayGrow) {
    make_two();
    ASSERT_EQ(inet_nexthop_add(group(11, {1})), 0);
    ASSERT_EQ(inet_route_add(by(11)), 0);
    EXPECT_EQ(ways(), (std::set<i64>{kA}));
    EXPECT_EQ(inet_nexthop_add(group(11, {2, 1}, 1)), 0);
    EXPECT_EQ(ways(), (std::set<i64>{kA, kB}));
}

TEST_F(NextHopObjects, AMemberThatChangesChangesItsGroups) {
    make_two();
    ASSERT_EQ(inet_route_add(by(10)), 0);
    ASSERT_EQ(inet_nexthop_add(group(11, {1})), 0);
    ASSERT_EQ(inet_route_add(by(11, kNet, 32)), 0);
    EXPECT_EQ(inet_nexthop_add(via_gateway(1, kC, kEth1, 1)), 0);
    EXPECT_EQ(ways(), (std::set<i64>{kB, kC}));
    EXPECT_EQ(way(kNet), kC);
}

TEST_F(NextHopObjects, WeightsShareTheHashes) {
    make_two();
    rc::NexthopAdd message = group(10, {1, 2}, 1);
    message.weight[1] = 255;
    ASSERT_EQ(inet_nexthop_add(message), 0);
    ASSERT_EQ(inet_route_add(by(10)), 0);
    unsigned by_a = 0;
    for (u32 i = 0; i < 514; ++i) by_a += way(kNet + i % 250) == kA ? 1 : 0;
    EXPECT_LT(by_a, 30U);  // one of 257
}

TEST_F(NextHopObjects, AGroupPrefersWhoseGatewayAnswersWithoutASysctl) {
    make_two();
    ASSERT_EQ(inet_route_add(by(10)), 0);
    neighbour* neigh = neigh_lookup(kA, port(kEth0));
    ASSERT_NE(neigh, nullptr);
    neigh->nud_state = rc::NUD_FAILED;
    EXPECT_EQ(ways(), (std::set<i64>{kB}));
    neigh->nud_state = rc::NUD_PERMANENT;
}

TEST_F(NextHopObjects, ABlackholeEndsPacketsInSilence) {
    ASSERT_EQ(inet_nexthop_add(blackhole(6)), 0);
    ASSERT_EQ(inet_nexthop_add(group(16, {6})), 0);
    ASSERT_EQ(inet_route_add(by(16)), 0);
    EXPECT_EQ(way(), -err::inval);
    receive_ip(kEth2, ip_packet({.source = ip4(10, 0, 2, 2), .destination = kNet + 1}, {1}));
    EXPECT_TRUE(sent().empty());
    EXPECT_EQ(fate(Fate::blackhole), 1U);
    EXPECT_EQ(inet_nexthop_add(via_gateway(6, kA, kEth0, 1)), 0);
    EXPECT_EQ(way(), kA);
    EXPECT_EQ(inet_nexthop_add(blackhole(6, 1)), 0);
    EXPECT_EQ(way(), -err::inval);
}

TEST_F(NextHopObjects, WithTheirLinkObjectsGoForGoodButNotWithItsAddresses) {
    make_two();
    ASSERT_EQ(inet_nexthop_add(blackhole(6)), 0);
    ASSERT_EQ(inet_route_add(by(10)), 0);
    ASSERT_EQ(inet_route_add(by(2, kNet, 32)), 0);
    ASSERT_EQ(addr_del(kEth1, ip4(10, 0, 1, 1), 24), 0);
    EXPECT_EQ(routes(), 2U);
    ASSERT_EQ(link_down(kEth1), 0);
    EXPECT_EQ(routes(), 1U);
    EXPECT_EQ(ways(), (std::set<i64>{kA}));
    ASSERT_EQ(link_up(kEth1), 0);
    EXPECT_EQ(inet_nexthop_del({2}), -err::noent);
    EXPECT_EQ(inet_nexthop_del({6}), 0);
}

TEST_F(NextHopObjects, ARouteByAnObjectGoesWithItsSourceAddress) {
    make_two();
    ASSERT_EQ(addr_add(kEth2, ip4(10, 9, 9, 9), 24), 0);
    rc::RouteAdd message = by(1);
    message.prefsrc = ip4(10, 9, 9, 9);
    ASSERT_EQ(inet_route_add(message), 0);
    ASSERT_EQ(addr_del(kEth2, ip4(10, 9, 9, 9), 24), 0);
    EXPECT_EQ(routes(), 0U);
    EXPECT_EQ(inet_route_add(message), -err::inval);
}

TEST_F(NextHopObjects, AnObjectMustBeRight) {
    make_two();
    EXPECT_EQ(inet_nexthop_add(via_gateway(1, kA, kEth0)), -err::exist);
    EXPECT_EQ(inet_nexthop_add(via_gateway(3, kA, 0)), -err::inval);
    EXPECT_EQ(inet_nexthop_add(via_gateway(3, ip4(10, 0, 9, 2), kEth1)), -err::netunreach);
    EXPECT_EQ(inet_nexthop_add(via_gateway(3, ip4(10, 0, 0, 255), kEth0)), -err::inval);
    rc::NexthopAdd message = via_gateway(3, 0, kEth0);
    message.onlink = 1;
    EXPECT_EQ(inet_nexthop_add(message), -err::inval);
    message.gateway = ip4(10, 0, 9, 2);
    EXPECT_EQ(inet_nexthop_add(message), 0);
    message = blackhole(4);
    message.oif = kEth0;
    EXPECT_EQ(inet_nexthop_add(message), -err::inval);
    message = blackhole(4);
    message.onlink = 1;
    EXPECT_EQ(inet_nexthop_add(message), -err::inval);
    EXPECT_EQ(inet_nexthop_add(via_gateway(0, kA, kEth0, 1)), -err::inval);
    ASSERT_EQ(link_down(kEth2), 0);
    EXPECT_EQ(inet_nexthop_add(via_gateway(4, 0, kEth2)), -err::netdown);
}

TEST_F(NextHopObjects, AGroupMustBeRight) {
    make_two();
    ASSERT_EQ(inet_nexthop_add(blackhole(6)), 0);
    EXPECT_EQ(inet_nexthop_add(group(11, {1, 99})), -err::inval);
    EXPECT_EQ(inet_nexthop_add(group(11, {1, 1})), -err::inval);
    EXPECT_EQ(inet_nexthop_add(group(11, {1, 10})), -err::inval);
    EXPECT_EQ(inet_nexthop_add(group(11, {1, 6})), -err::inval);
    EXPECT_EQ(inet_nexthop_add(group(10, {1})), -err::exist);
    rc::NexthopAdd message = group(11, {1});
    message.oif = kEth0;
    EXPECT_EQ(inet_nexthop_add(message), -err::inval);
    message = group(11, {1});
    message.members = rc::MAX_NEXTHOPS + 1;
    EXPECT_EQ(inet_nexthop_add(message), -err::inval);
}

TEST_F(NextHopObjects, AReplacementMustSuitGroupsAndRoutes) {
    make_two();
    EXPECT_EQ(inet_nexthop_add(via_gateway(10, kA, kEth0, 1)), -err::inval);
    EXPECT_EQ(inet_nexthop_add(group(1, {2}, 1)), -err::inval);
    EXPECT_EQ(inet_nexthop_add(blackhole(1, 1)), -err::inval);
    ASSERT_EQ(inet_nexthop_add(via_gateway(3, 0, kEth1)), 0);
    ASSERT_EQ(inet_nexthop_add(group(12, {3})), 0);
    rc::RouteAdd message = by(3);
    message.scope = rc::RT_SCOPE_HOST;
    ASSERT_EQ(inet_route_add(message), 0);
    EXPECT_EQ(inet_nexthop_add(via_gateway(3, kB, kEth1, 1)), -err::inval);
    message = by(12, kNet, 25);
    message.scope = rc::RT_SCOPE_LINK;
    ASSERT_EQ(inet_route_add(message), 0);
    ASSERT_EQ(inet_route_del(del(kNet, 24)), 0);
    rc::NexthopAdd onlink = via_gateway(3, kB, kEth1, 1);
    onlink.onlink = 1;
    EXPECT_EQ(inet_nexthop_add(onlink), -err::inval);  // the group's route has link scope
    onlink.onlink = 0;
    EXPECT_EQ(inet_nexthop_add(onlink), 0);
}

TEST_F(NextHopObjects, ARouteByAnObjectMustSuitIt) {
    make_two();
    rc::RouteAdd message = by(1);
    message.oif = kEth0;
    EXPECT_EQ(inet_route_add(message), -err::inval);
    message = by(1);
    message.gateway = kA;
    EXPECT_EQ(inet_route_add(message), -err::inval);
    message = by(1);
    message.nexthops = 1;
    EXPECT_EQ(inet_route_add(message), -err::inval);
    message = by(1);
    message.scope = rc::RT_SCOPE_HOST;
    EXPECT_EQ(inet_route_add(message), -err::inval);
    message = by(10);
    message.scope = rc::RT_SCOPE_HOST;
    EXPECT_EQ(inet_route_add(message), -err::inval);
    message = by(1);
    message.scope = rc::RT_SCOPE_NOWHERE;
    EXPECT_EQ(inet_route_add(message), -err::inval);
    message = by(1);
    message.type = rc::RTN_NAT, message.scope = rc::RT_SCOPE_HOST;
    EXPECT_EQ(inet_route_add(message), -err::inval);
    ASSERT_EQ(inet_route_add(by(1)), 0);
    EXPECT_EQ(inet_route_add(by(1)), -err::exist);
    EXPECT_EQ(inet_route_add(by(2)), -err::exist);
}

TEST_F(NextHopObjects, RoutesThatLeadNowhereAreBoundToTheObjectAllTheSame) {
    make_two();
    rc::RouteAdd message = by(1);
    message.type = rc::RTN_UNREACHABLE;
    ASSERT_EQ(inet_route_add(message), 0);
    EXPECT_EQ(way(), -err::hostunreach);
    EXPECT_EQ(inet_nexthop_add(via_gateway(1, kC, kEth1, 1)), 0);
    EXPECT_EQ(way(), -err::hostunreach);
    message.scope = rc::RT_SCOPE_HOST, message.prefixlen = 25;
    ASSERT_EQ(inet_route_add(message), 0);
    EXPECT_EQ(inet_nexthop_add(via_gateway(1, kA, kEth0, 1)), -err::inval);  // whose scope counts no less
    EXPECT_EQ(inet_nexthop_del({1}), 0);
    EXPECT_EQ(routes(), 0U);
}

TEST_F(NextHopObjects, ADeletionNamesTheObjectOrNoWayAtAll) {
    make_two();
    ASSERT_EQ(inet_route_add(by(1)), 0);
    rc::RouteDel gone = del(kNet, 24);
    gone.gateway = kA;
    EXPECT_EQ(inet_route_del(gone), -err::srch);
    gone = del(kNet, 24);
    gone.nhid = 2;
    EXPECT_EQ(inet_route_del(gone), -err::srch);
    gone.oif = kEth0;
    EXPECT_EQ(inet_route_del(gone), -err::inval);
    gone.oif = 0, gone.nhid = 1;
    EXPECT_EQ(inet_route_del(gone), 0);
    ASSERT_EQ(inet_route_add(by(10)), 0);
    EXPECT_EQ(inet_route_del(del(kNet, 24)), 0);
    ASSERT_EQ(inet_route_add(via(kNet, 24, kA)), 0);
    gone.nhid = 1;
    EXPECT_EQ(inet_route_del(gone), -err::srch);
}

TEST_F(NextHopObjects, AnObjectThatLeavesByAnotherDeviceHidesTheRoutesBehindIt) {
    make_two();
    ASSERT_EQ(inet_route_add(by(1)), 0);
    rc::RouteAdd behind = via(kNet, 24, kB);
    behind.metric = 9;
    ASSERT_EQ(inet_route_add(behind), 0);
    flowi4 flow{};
    flow.daddr = kNet + 1, flow.oif = kEth1, flow.iif = 1;
    EXPECT_NE(fib_lookup(flow).err, 0);
    flow.oif = kEth0;
    EXPECT_EQ(fib_lookup(flow).err, 0);
}

TEST_F(NextHopObjects, WithoutAnIdTheFirstFreeOneIsTaken) {
    make_two();
    ASSERT_EQ(inet_nexthop_add(via_gateway(0, kA, kEth0)), 0);
    EXPECT_EQ(inet_nexthop_del({3}), 0);
    ASSERT_EQ(inet_nexthop_add(via_gateway(0, kA, kEth0)), 0);
    EXPECT_EQ(inet_nexthop_del({4}), 0);  // Linux counts on
}

TEST_F(NextHopObjects, AFlushNamesADeviceAProtocolOrGroups) {
    make_two();
    rc::NexthopAdd message = via_gateway(3, kC, kEth1);
    message.protocol = 77;
    ASSERT_EQ(inet_nexthop_add(message), 0);
    rc::Flush flush;
    flush.what = rc::FLUSH_NEXTHOPS, flush.protocol = 77;
    EXPECT_EQ(inet_flush(flush), 0);
    EXPECT_EQ(nexthop_find_by_id(3), kNoObject);
    flush.protocol = 0, flush.groups = 1;
    EXPECT_EQ(inet_flush(flush), 0);
    EXPECT_EQ(nexthop_find_by_id(10), kNoObject);
    EXPECT_NE(nexthop_find_by_id(1), kNoObject);
    flush.groups = 0, flush.ifindex = kEth0;
    EXPECT_EQ(inet_flush(flush), 0);
    EXPECT_EQ(nexthop_find_by_id(1), kNoObject);
    EXPECT_NE(nexthop_find_by_id(2), kNoObject);
    flush.ifindex = 0;
    EXPECT_EQ(inet_flush(flush), 0);
    EXPECT_EQ(nexthop_find_by_id(2), kNoObject);
}

TEST_F(NextHopObjects, AFlushOfRoutesCannotNameThoseByObjectsUnlessTheSysctlLeavesTheirWayOut) {
    make_two();
    ASSERT_EQ(inet_nexthop_add(blackhole(6)), 0);
    ASSERT_EQ(inet_route_add(by(1)), 0);
    ASSERT_EQ(inet_route_add(by(10, kNet, 25)), 0);
    ASSERT_EQ(inet_route_add(via(kNet, 26, kA)), 0);
    rc::Flush flush;
    flush.what = rc::FLUSH_ROUTES, flush.destination = kNet, flush.prefixlen = 24, flush.prefix_match = rc::MATCH_ROOT;
    EXPECT_EQ(inet_flush(flush), -err::inval);
    EXPECT_EQ(routes(), 2U);
    ASSERT_EQ(sysctl_write(rc::SysctlId::nexthop_compat_mode, 0, 0), 0);
    EXPECT_EQ(inet_flush(flush), 0);
    EXPECT_EQ(routes(), 0U);
    ASSERT_EQ(inet_route_add(by(6)), 0);
    flush.type = rc::RTN_BLACKHOLE;  // as which it is listed
    EXPECT_EQ(inet_flush(flush), -err::srch);
    EXPECT_EQ(routes(), 1U);
}

TEST_F(NextHopObjects, WithoutRoomNothingChanges) {
    make_two();
    for (u32 id = 100; id < 100 + kMaxNexthopObjects - 3; ++id)
        ASSERT_EQ(inet_nexthop_add(via_gateway(id, 0, kEth0)), 0);
    EXPECT_EQ(inet_nexthop_add(via_gateway(9999, 0, kEth0)), -err::nobufs);
    ASSERT_EQ(inet_nexthop_add(group(10, {1}, 1)), 0);
    // Each route with an mtu of its own has a multipath route of its own.
    rc::RouteAdd message = by(10);
    ASSERT_EQ(inet_nexthop_add(group(100, {2, 1}, 1)), -err::inval);
    for (u32 mtu = 100; mtu < 100 + kMaxGroups + 1; ++mtu) {
        message.destination = kNet + mtu, message.prefixlen = 32, message.mtu = mtu;
        ASSERT_EQ(inet_route_add(message), 0);
    }
    EXPECT_EQ(inet_nexthop_add(group(10, {1, 2}, 1)), -err::nobufs);
    EXPECT_EQ(way(kNet + 100), kA);
}

}  // namespace
}  // namespace fw::test
