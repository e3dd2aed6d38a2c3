// SPDX-License-Identifier: Apache-2.0
// What routes are told apart by beyond destination and metric: TOS, mtu, selectors of deletion; and tables that are
// full.
#include "tests/sw/net_router.h"

namespace fw::test {
namespace {

constexpr u32 kNet = ip4(192, 0, 2, 0), kGateway = ip4(10, 0, 1, 2), kGateway2 = ip4(10, 0, 1, 3);

class RouteKeys : public Router {
  protected:
    void SetUp() override {
        Router::SetUp();
        configure();
    }
    static rc::RouteAdd with_tos(rc::RouteAdd message, u8 tos) {
        message.tos = tos;
        return message;
    }
    /// Gateway that a packet of this TOS is sent to; 0: none.
    static u32 way_of(u8 tos, u32 address = kNet + 1) {
        flowi4 flow{};
        flow.daddr = address, flow.tos = tos, flow.iif = kEth0;
        const fib_result found = fib_lookup(flow);
        return found.err == 0 ? rt_table[found.nexthop].gateway : 0;
    }
};

TEST_F(RouteKeys, ATosRouteIsForPacketsOfThisTosAndGoesBeforeTheOthers) {
    ASSERT_EQ(inet_route_add(via(kNet, 24, kGateway)), 0);
    ASSERT_EQ(inet_route_add(with_tos(via(kNet, 24, kGateway2), 0x10)), 0);
    EXPECT_EQ(way_of(0), kGateway);
    EXPECT_EQ(way_of(0x10), kGateway2);
    EXPECT_EQ(way_of(0xF3), kGateway2);  // of the TOS 0x1C counts (Linux IPTOS_RT_MASK)
    EXPECT_EQ(way_of(0x14), kGateway);
    receive_ip(kEth0, ip_packet({.destination = kNet + 1, .tos = 0x10}, {1}));
    receive_ip(kEth0, ip_packet({.destination = kNet + 1}, {1}));
    ASSERT_EQ(sent().size(), 2U);
    EXPECT_EQ(sent()[0].frame[5], 3);
    EXPECT_EQ(sent()[1].frame[5], 2);
}

TEST_F(RouteKeys, WithoutARouteForItsTosAPacketTakesTheShorterPrefix) {
    ASSERT_EQ(inet_route_add(via(ip4(192, 0, 0, 0), 16, kGateway)), 0);
    ASSERT_EQ(inet_route_add(with_tos(via(kNet, 24, kGateway2), 0x08)), 0);
    EXPECT_EQ(way_of(0x08), kGateway2);
    EXPECT_EQ(way_of(0x10), kGateway);
    receive_ip(kEth0, ip_packet({.destination = kNet + 1}, {1}));
    ASSERT_EQ(sent().size(), 1U);
    EXPECT_EQ(sent()[0].frame[5], 2);
}

TEST_F(RouteKeys, WhereTosCountsTheTrieAsksSoftware) {
    ASSERT_EQ(inet_route_add(via(kNet, 24, kGateway)), 0);
    EXPECT_NE(fib_trie_lookup(kNet + 1), kNoNextHop);
    ASSERT_EQ(inet_route_add(with_tos(via(kNet, 24, kGateway2), 0x10)), 0);
    EXPECT_EQ(fib_trie_lookup(kNet + 1), kNoNextHop);
    rc::RouteDel gone = del(kNet, 24);
    gone.tos = 0x10;
    ASSERT_EQ(inet_route_del(gone), 0);
    EXPECT_NE(fib_trie_lookup(kNet + 1), kNoNextHop);
}

TEST_F(RouteKeys, TosWithEcnBitsIsInvalidAndDeletionNamesTheTos) {  // answers of the real kernel
    EXPECT_EQ(inet_route_add(with_tos(via(kNet, 24, kGateway), 0x01)), -err::inval);
    EXPECT_EQ(inet_route_add(with_tos(via(kNet, 24, kGateway), 0xE0)), 0);
    EXPECT_EQ(inet_route_add(with_tos(via(kNet, 24, kGateway), 0x10)), 0);
    EXPECT_EQ(way_of(0xE0), 0U);  // bits that no lookup has
    EXPECT_EQ(inet_route_del(del(kNet, 24)), -err::srch);
    rc::RouteDel gone = del(kNet, 24);
    gone.tos = 0x10;
    EXPECT_EQ(inet_route_del(gone), 0);
    gone.tos = 0x01;
    EXPECT_EQ(inet_route_del(gone), -err::inval);
}

TEST_F(RouteKeys, DeletionTakesTheFirstThatHasAllThatIsNamed) {
    rc::RouteAdd first = via(kNet, 24, kGateway);
    first.metric = 10, first.prefsrc = ip4(10, 0, 0, 1);
    ASSERT_EQ(inet_route_add(first), 0);
    rc::RouteAdd second = on_link(kNet, 24, kEth1);
    second.metric = 20;
    ASSERT_EQ(inet_route_add(second), 0);
    rc::RouteDel gone = del(kNet, 24);
    gone.scope = rc::RT_SCOPE_HOST;
    EXPECT_EQ(inet_route_del(gone), -err::srch);
    gone.scope = rc::RT_SCOPE_LINK;
    EXPECT_EQ(inet_route_del(gone), 0);
    EXPECT_EQ(way_of(0), kGateway);
    gone = del(kNet, 24);
    gone.prefsrc = ip4(10, 0, 1, 1);
    EXPECT_EQ(inet_route_del(gone), -err::srch);
    gone.prefsrc = ip4(10, 0, 0, 1);
    EXPECT_EQ(inet_route_del(gone), 0);
}

TEST_F(RouteKeys, TheMtuOfARouteCutsPacketsAndItsDevicesDoesNot) {
    rc::RouteAdd message = via(kNet, 24, kGateway);
    message.mtu = 600;
    ASSERT_EQ(inet_route_add(message), 0);
    receive_ip(kEth0, ip_packet({.destination = kNet + 1}, Bytes(580)));
    EXPECT_EQ(sent().size(), 1U);
    receive_ip(kEth0, ip_packet({.destination = kNet + 1}, Bytes(581)));
    EXPECT_EQ(sent().size(), 3U);  // two fragments more
    receive_ip(kEth0, ip_packet({.destination = kNet + 1, .frag_off = wire::IP_DF}, Bytes(581)));
    EXPECT_EQ(fate(Fate::frag_needed), 1U);
    ASSERT_EQ(sent().size(), 4U);
    EXPECT_EQ(wire::get16(&sent()[3].frame[14 + 20 + 6]), 600);  // RFC 1191 4: the next hop's MTU
    receive_ip(kEth0, ip_packet({.destination = kGateway, .frag_off = wire::IP_DF}, Bytes(581)));
    EXPECT_EQ(sent().size(), 5U);
}

TEST_F(RouteKeys, ANewMtuOfTheDeviceHoldsForItsRoutesAtOnce) {
    ASSERT_EQ(inet_route_add(via(kNet, 24, kGateway)), 0);
    ASSERT_EQ(inet_link_set({kEth1, 600, 0, 0, 0, {}}), 0);
    receive_ip(kEth0, ip_packet({.destination = kNet + 1, .frag_off = wire::IP_DF}, Bytes(581)));
    EXPECT_EQ(fate(Fate::frag_needed), 1U);
    sent_frames().clear();
    ASSERT_EQ(inet_link_set({kEth1, 1500, 0, 0, 0, {}}), 0);
    receive_ip(kEth0, ip_packet({.destination = kNet + 1, .frag_off = wire::IP_DF}, Bytes(581)));
    ASSERT_EQ(sent().size(), 1U);
    EXPECT_EQ(sent()[0].ifindex, kEth1);
}

TEST_F(RouteKeys, AGroupOfItsOwnRouteIsReachedThroughTheGateway) {
    ASSERT_EQ(inet_route_add(via(ip4(238, 0, 0, 0), 8, kGateway)), 0);
    flowi4 flow{};
    flow.daddr = ip4(238, 1, 1, 1);
    int error = 0;
    const rtable* rt = ip_route_output_key(&flow, &error);
    ASSERT_NE(rt, nullptr);
    EXPECT_EQ(rt->type, rc::RTN_MULTICAST);  // as `ip route get` on the real kernel
    EXPECT_EQ(rt->gateway, kGateway);
}

/// The n-th of prefixes that have a node of their own, alone in its block.
u32 lone_prefix(u32 n) { return ip4(100, n / 8, n % 8 * 32, 128); }

/// Fills the trie until a block of no size finds room.
void fill_trie() {
    const auto add = [](u32 destination) {
        rc::RouteAdd message;
        message.destination = destination, message.prefixlen = 25;
        message.gateway = kGateway, message.table = rc::RT_TABLE_MAIN, message.type = rc::RTN_UNICAST;
        return inet_route_add(message);
    };
    int error = 0;
    for (u32 n = 0; n < 100000 && error == 0; ++n) error = add(ip4(60 + n / 65536, n / 256 % 256, n % 256, 128));
    ASSERT_EQ(error, -err::nospc);
    error = 0;
    for (u32 n = 0; n < 2000 && error == 0; ++n) error = add(lone_prefix(n));
    ASSERT_EQ(error, -err::nospc);
}

TEST_F(RouteKeys, AnAddressWhoseRoutesDontFitIsRefusedAndLeavesNothing) {
    link_up(kEth2);
    fill_trie();
    EXPECT_EQ(addr_add(kEth2, ip4(172, 16, 0, 1), 16), -err::nospc);
    EXPECT_EQ(inet_ifa_list(port(kEth2)), nullptr);
    EXPECT_FALSE(inet_is_own_address(ip4(172, 16, 0, 1)));
    EXPECT_EQ(inet_addr_type(ip4(172, 16, 0, 1)), rc::RTN_UNICAST);
    EXPECT_EQ(way_of(0, ip4(172, 16, 0, 5)), 0U);
    for (u32 n = 0; n < 6000; ++n) ASSERT_EQ(inet_route_del(del(ip4(60, n / 256, n % 256, 128), 25)), 0);
    EXPECT_EQ(addr_add(kEth2, ip4(172, 16, 0, 1), 24), 0);
}

TEST_F(RouteKeys, ALinkWhoseRoutesDontFitStaysDown) {
    ASSERT_EQ(addr_add(kEth2, ip4(10, 0, 2, 1), 24), 0);
    ASSERT_EQ(inet_route_del(del(ip4(10, 0, 0, 0), 24)), 0);
    fill_trie();
    // The local route is there; the broadcast one of another /24 finds no room.
    ASSERT_EQ(addr_add(kEth2, ip4(10, 0, 2, 9), 24), 0);
    inet_addr_add({kEth2, ip4(10, 0, 2, 33), 0, ip4(172, 16, 0, 255), 24, 0});
    EXPECT_EQ(link_up(kEth2), -err::nospc);
    EXPECT_EQ(port(kEth2)->flags & rc::IFF_UP, 0U);
}

}  // namespace
}  // namespace fw::test
