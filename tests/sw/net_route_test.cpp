// SPDX-License-Identifier: Apache-2.0
// `ip route` and what addresses and links do to the tables: results and error numbers of Linux 6.18
// (net/ipv4/fib_semantics.c, fib_trie.c, fib_frontend.c).
#include <set>
#include <sstream>

#include "tests/sw/net_router.h"

namespace fw::test {
namespace {

class Routes : public Router {
  protected:
    void SetUp() override {
        Router::SetUp();
        configure();
    }
    /// Where a packet to this address would go: device and next hop.
    static std::pair<u32, u32> way_to(u32 address) {
        u16 index = fib_trie_lookup(address);
        if (index == kNoNextHop) {
            const fib_result found = fib_lookup_address(address);
            if (found.err != 0) return {0, 0};
            index = found.nexthop;
        }
        return {rt_table[index].key.oif, rt_table[index].gateway};
    }
    static unsigned routes() {
        unsigned count = 0;
        for (const fib_alias* at = fib_next(nullptr); at; at = fib_next(at)) ++count;
        return count;
    }
};

const u32 kNet = ip4(192, 0, 2, 0);
const u32 kGateway = ip4(10, 0, 1, 2), kGateway2 = ip4(10, 0, 1, 3), kGateway0 = ip4(10, 0, 0, 2);

/// One route as text, in the words of `ip route show table all`.
std::string text_of(const fib_alias& route) {
    const rtable_key& key = rt_table[route.nexthop].key;
    const auto dotted = [](std::ostream& out, u32 a) {
        out << (a >> 24) << '.' << (a >> 16 & 255) << '.' << (a >> 8 & 255) << '.' << (a & 255);
    };
    const char* types[] = {"", "", "local ", "broadcast "};
    std::ostringstream out;
    out << types[route.type];
    dotted(out, route.dst);
    if (route.len < 32) out << '/' << unsigned{route.len};
    out << " dev " << dev_get_by_index(key.oif)->name;
    if (route.table == rc::RT_TABLE_LOCAL) out << " table local";
    out << (route.scope == rc::RT_SCOPE_HOST ? " scope host" : " scope link") << " src ";
    dotted(out, key.prefsrc);
    return out.str();
}

TEST_F(Routes, AddressesMakeTheRoutesThatIpRouteShowsOnLinux) {
    std::multiset<std::string> got;
    for (const fib_alias* at = fib_next(nullptr); at; at = fib_next(at)) got.insert(text_of(*at));
    // From the real kernel, for these commands (fwd_basic), less "proto kernel".
    const std::multiset<std::string> wanted = {
        "10.0.0.0/24 dev eth0 scope link src 10.0.0.1",
        "10.0.1.0/24 dev eth1 scope link src 10.0.1.1",
        "local 10.0.0.1 dev eth0 table local scope host src 10.0.0.1",
        "broadcast 10.0.0.255 dev eth0 table local scope link src 10.0.0.1",
        "local 10.0.1.1 dev eth1 table local scope host src 10.0.1.1",
        "broadcast 10.0.1.255 dev eth1 table local scope link src 10.0.1.1",
        "local 127.0.0.0/8 dev lo table local scope host src 127.0.0.1",
        "local 127.0.0.1 dev lo table local scope host src 127.0.0.1",
        "broadcast 127.255.255.255 dev lo table local scope link src 127.0.0.1",
    };
    EXPECT_EQ(got, wanted);
}

TEST_F(Routes, AddingTheSameRouteTwiceSaysFileExists) {
    EXPECT_EQ(inet_route_add(via(kNet, 24, kGateway)), 0);
    EXPECT_EQ(inet_route_add(via(kNet, 24, kGateway)), -err::exist);
    EXPECT_EQ(inet_route_add(via(kNet, 24, kGateway2)), -err::exist);
}

TEST_F(Routes, AnotherMetricIsAnotherRouteAndTheLowestWins) {
    rc::RouteAdd worse = via(kNet, 24, kGateway);
    worse.metric = 100;
    EXPECT_EQ(inet_route_add(worse), 0);
    EXPECT_EQ(way_to(kNet + 1).second, kGateway);
    rc::RouteAdd better = via(kNet, 24, kGateway2);
    better.metric = 50;
    EXPECT_EQ(inet_route_add(better), 0);
    EXPECT_EQ(way_to(kNet + 1).second, kGateway2);
    rc::RouteDel message = del(kNet, 24);
    message.metric = 50;
    EXPECT_EQ(inet_route_del(message), 0);
    EXPECT_EQ(way_to(kNet + 1).second, kGateway);
}

TEST_F(Routes, ReplaceChangesTheRouteOrMakesIt) {
    rc::RouteAdd message = via(kNet, 24, kGateway);
    message.replace = 1;
    EXPECT_EQ(inet_route_add(message), 0);
    message.gateway = kGateway2;
    EXPECT_EQ(inet_route_add(message), 0);
    EXPECT_EQ(way_to(kNet + 9).second, kGateway2);
    EXPECT_EQ(inet_route_add(message), 0);
    EXPECT_EQ(inet_route_del(del(kNet, 24)), 0);
    EXPECT_EQ(inet_route_del(del(kNet, 24)), -err::srch);
}

TEST_F(Routes, AppendKeepsTheFirstRouteInForce) {
    ASSERT_EQ(inet_route_add(via(kNet, 24, kGateway)), 0);
    rc::RouteAdd message = via(kNet, 24, kGateway2);
    message.append = 1;
    EXPECT_EQ(inet_route_add(message), 0);
    EXPECT_EQ(inet_route_add(message), -err::exist);
    EXPECT_EQ(way_to(kNet + 9).second, kGateway);
    rc::RouteDel first = del(kNet, 24);
    first.gateway = kGateway;
    EXPECT_EQ(inet_route_del(first), 0);
    EXPECT_EQ(way_to(kNet + 9).second, kGateway2);
}

TEST_F(Routes, DeletingWhatIsNotThereSaysNoSuchProcess) {
    EXPECT_EQ(inet_route_del(del(kNet, 24)), -err::srch);
    ASSERT_EQ(inet_route_add(via(kNet, 24, kGateway)), 0);
    rc::RouteDel other = del(kNet, 24);
    other.gateway = kGateway2;
    EXPECT_EQ(inet_route_del(other), -err::srch);
    EXPECT_EQ(inet_route_del(del(kNet, 25)), -err::srch);
    EXPECT_EQ(inet_route_del(del(kNet, 24)), 0);
}

TEST_F(Routes, BitsBehindThePrefixAreInvalid) {
    EXPECT_EQ(inet_route_add(via(kNet + 1, 24, kGateway)), -err::inval);
    EXPECT_EQ(inet_route_add(via(0x80000000, 0, kGateway)), -err::inval);
    EXPECT_EQ(inet_route_del(del(kNet + 1, 24)), -err::inval);
    EXPECT_EQ(inet_route_add(via(kNet, 33, kGateway)), -err::inval);
}

TEST_F(Routes, AGatewayMustBeOnLink) {
    EXPECT_EQ(inet_route_add(via(kNet, 24, ip4(203, 0, 113, 1))), -err::netunreach);
    ASSERT_EQ(inet_route_add(via(ip4(203, 0, 113, 0), 24, kGateway)), 0);
    EXPECT_EQ(inet_route_add(via(kNet, 24, ip4(203, 0, 113, 1))), -err::netunreach);
    rc::RouteAdd wrong_port = via(kNet, 24, kGateway);
    wrong_port.oif = kEth0;
    EXPECT_EQ(inet_route_add(wrong_port), -err::netunreach);
}

TEST_F(Routes, ABroadcastAddressIsNoGateway) {
    EXPECT_EQ(inet_route_add(via(kNet, 24, ip4(10, 0, 1, 255))), -err::inval);
}

TEST_F(Routes, OnlinkTakesTheGatewayOnTrust) {
    rc::RouteAdd message = via(kNet, 24, ip4(203, 0, 113, 1));
    message.onlink = 1;
    EXPECT_EQ(inet_route_add(message), -err::nodev);
    message.oif = kEth1;
    EXPECT_EQ(inet_route_add(message), 0);
    EXPECT_EQ(way_to(kNet + 1), std::pair(kEth1, ip4(203, 0, 113, 1)));
    message.destination = ip4(198, 51, 100, 0);
    message.oif = kEth2;
    EXPECT_EQ(inet_route_add(message), -err::netdown);
}

TEST_F(Routes, DevicesMustBeThereAndUp) {
    EXPECT_EQ(inet_route_add(on_link(kNet, 24, 9)), -err::nodev);
    EXPECT_EQ(inet_route_add(route(kNet, 24)), -err::nodev);
    EXPECT_EQ(inet_route_add(on_link(kNet, 24, kEth2)), -err::netdown);
}

TEST_F(Routes, SpecialRoutesNameNoDeviceAndNoGateway) {
    rc::RouteAdd message = special(kNet, 24, rc::RTN_BLACKHOLE);
    message.oif = kEth1;
    EXPECT_EQ(inet_route_add(message), -err::inval);
    EXPECT_EQ(inet_route_add(special(kNet, 24, rc::RTN_BLACKHOLE)), 0);
    rc::RouteDel other_type = del(kNet, 24);
    other_type.type = rc::RTN_PROHIBIT;
    EXPECT_EQ(inet_route_del(other_type), -err::srch);
    other_type.type = rc::RTN_BLACKHOLE;
    EXPECT_EQ(inet_route_del(other_type), 0);
}

TEST_F(Routes, ThePreferredSourceMustBeOurs) {
    rc::RouteAdd message = via(kNet, 24, kGateway);
    message.prefsrc = kGateway;
    EXPECT_EQ(inet_route_add(message), -err::inval);
    message.gateway = ip4(203, 0, 113, 9);
    EXPECT_EQ(inet_route_add(message), -err::netunreach);  // the way is looked at first
    message.gateway = kGateway;
    message.prefsrc = ip4(10, 0, 0, 1);
    EXPECT_EQ(inet_route_add(message), 0);
    rc::RouteAdd nowhere = special(ip4(198, 51, 100, 0), 24, rc::RTN_PROHIBIT);
    nowhere.prefsrc = kGateway;
    EXPECT_EQ(inet_route_add(nowhere), 0);  // as in Linux, which does not look at it there
}

TEST_F(Routes, UnknownTypesAndTooNarrowScopesAreInvalid) {
    EXPECT_EQ(inet_route_add(special(kNet, 24, 11)), -err::inval);
    rc::RouteAdd local = on_link(kNet, 24, kEth1);
    local.type = rc::RTN_LOCAL;
    EXPECT_EQ(inet_route_add(local), -err::inval);
    local.scope = rc::RT_SCOPE_HOST;
    EXPECT_EQ(inet_route_add(local), 0);
}

TEST_F(Routes, TableDefaultCountsOnlyWhereMainHasNothing) {
    rc::RouteAdd fallback = via(0, 0, kGateway);
    fallback.table = rc::RT_TABLE_DEFAULT;
    ASSERT_EQ(inet_route_add(fallback), 0);
    rc::RouteAdd longer = via(kNet, 24, kGateway2);
    longer.table = rc::RT_TABLE_DEFAULT;
    ASSERT_EQ(inet_route_add(longer), 0);
    ASSERT_EQ(inet_route_add(via(ip4(192, 0, 0, 0), 16, kGateway0)), 0);
    EXPECT_EQ(way_to(kNet + 1).second, kGateway0);
    EXPECT_EQ(way_to(ip4(8, 8, 8, 8)).second, kGateway);
    ASSERT_EQ(inet_route_del(del(ip4(192, 0, 0, 0), 16)), 0);
    EXPECT_EQ(way_to(kNet + 1).second, kGateway2);
}

TEST_F(Routes, NumberedTablesAreKeptButNotAsked) {
    rc::RouteAdd message = via(kNet, 24, kGateway);
    message.table = 100;
    EXPECT_EQ(inet_route_add(message), 0);
    EXPECT_EQ(way_to(kNet + 1).first, 0U);
    EXPECT_EQ(inet_route_add(message), -err::exist);
    rc::RouteDel gone = del(kNet, 24);
    EXPECT_EQ(inet_route_del(gone), -err::srch);
    gone.table = 100;
    EXPECT_EQ(inet_route_del(gone), 0);
}

TEST_F(Routes, AThrowRouteSendsTheLookupToTheNextTable) {
    ASSERT_EQ(inet_route_add(via(ip4(192, 0, 0, 0), 16, kGateway)), 0);
    ASSERT_EQ(inet_route_add(special(kNet, 24, rc::RTN_THROW)), 0);
    EXPECT_EQ(fib_lookup_address(kNet + 1).err, -err::netunreach);
    EXPECT_EQ(way_to(kNet + 1).first, 0U);
    rc::RouteAdd fallback = via(0, 0, kGateway2);
    fallback.table = rc::RT_TABLE_DEFAULT;
    ASSERT_EQ(inet_route_add(fallback), 0);
    receive_ip(kEth0, ip_packet({.destination = kNet + 1}, {1}));
    ASSERT_EQ(sent().size(), 1U);
    EXPECT_EQ(sent()[0].frame[5], 3);  // MAC of 10.0.1.3
}

TEST_F(Routes, IdenticalNextHopsShareOneIndex) {
    ASSERT_EQ(inet_route_add(via(kNet, 24, kGateway)), 0);
    ASSERT_EQ(inet_route_add(via(ip4(198, 51, 100, 0), 24, kGateway)), 0);
    EXPECT_EQ(fib_trie_lookup(kNet + 1), fib_trie_lookup(ip4(198, 51, 100, 7)));
}

TEST_F(Routes, ALinkThatGoesDownTakesItsRoutesAndNeighboursButNotItsLocalAddress) {
    ASSERT_EQ(inet_route_add(via(kNet, 24, kGateway)), 0);
    const unsigned before = routes();
    ASSERT_EQ(link_down(kEth1), 0);
    EXPECT_EQ(routes(), before - 3);  // the route via the gateway, 10.0.1.0/24 and its broadcast
    EXPECT_EQ(inet_addr_type(ip4(10, 0, 1, 1)), rc::RTN_LOCAL);
    EXPECT_EQ(inet_neigh_del({kEth1, kGateway}), -err::noent);
    ASSERT_EQ(link_up(kEth1), 0);
    EXPECT_EQ(routes(), before - 1);
    EXPECT_EQ(way_to(kGateway).first, kEth1);
    EXPECT_EQ(way_to(kNet + 1).first, 0U);
}

TEST_F(Routes, AnAddressOnADownLinkIsLocalAtOnceButMakesNoConnectedRouteUntilItIsUp) {
    ASSERT_EQ(addr_add(kEth2, ip4(10, 0, 2, 1), 24), 0);
    EXPECT_EQ(inet_addr_type(ip4(10, 0, 2, 1)), rc::RTN_LOCAL);
    EXPECT_EQ(way_to(ip4(10, 0, 2, 7)).first, 0U);
    ASSERT_EQ(link_up(kEth2), 0);
    EXPECT_EQ(way_to(ip4(10, 0, 2, 7)).first, kEth2);
}

TEST_F(Routes, DeletingTheLastAddressTakesAllRoutesOfTheDevice) {
    ASSERT_EQ(inet_route_add(on_link(kNet, 24, kEth1)), 0);
    ASSERT_EQ(addr_del(kEth1, ip4(10, 0, 1, 1), 24), 0);
    EXPECT_EQ(way_to(kNet + 1).first, 0U);
    EXPECT_EQ(way_to(ip4(10, 0, 1, 1)).first, 0U);
    EXPECT_EQ(addr_del(kEth1, ip4(10, 0, 1, 1), 24), -err::addrnotavail);
}

TEST_F(Routes, DeletingAPrimaryTakesItsSecondariesAndOtherSubnetsStay) {
    ASSERT_EQ(addr_add(kEth1, ip4(10, 0, 1, 9), 24), 0);
    ASSERT_EQ(addr_add(kEth1, ip4(10, 9, 0, 1), 16), 0);
    ASSERT_EQ(addr_del(kEth1, ip4(10, 0, 1, 1), 24), 0);
    EXPECT_EQ(inet_addr_type(ip4(10, 0, 1, 9)), rc::RTN_UNICAST);
    EXPECT_EQ(way_to(ip4(10, 0, 1, 9)).first, 0U);
    EXPECT_EQ(way_to(ip4(10, 9, 5, 5)).first, kEth1);
}

TEST_F(Routes, APrimaryGoesBeforeTheSecondariesOfOtherSubnets) {
    ASSERT_EQ(addr_add(kEth1, ip4(10, 0, 1, 9), 24), 0);
    ASSERT_EQ(addr_add(kEth1, ip4(10, 9, 0, 1), 16), 0);
    std::vector<u32> order;
    for (const in_ifaddr* ifa = inet_ifa_list(port(kEth1)); ifa; ifa = ifa->next) order.push_back(ifa->local);
    EXPECT_EQ(order, (std::vector<u32>{ip4(10, 0, 1, 1), ip4(10, 9, 0, 1), ip4(10, 0, 1, 9)}));
}

TEST_F(Routes, DeletingASecondaryLeavesTheSubnet) {
    ASSERT_EQ(addr_add(kEth1, ip4(10, 0, 1, 9), 24), 0);
    ASSERT_EQ(addr_del(kEth1, ip4(10, 0, 1, 9), 24), 0);
    EXPECT_EQ(way_to(kGateway).first, kEth1);
    EXPECT_EQ(inet_addr_type(ip4(10, 0, 1, 255)), rc::RTN_BROADCAST);
    EXPECT_EQ(inet_addr_type(ip4(10, 0, 1, 9)), rc::RTN_UNICAST);
}

TEST_F(Routes, RoutesThatPreferAnAddressGoWithIt) {
    ASSERT_EQ(addr_add(kEth0, ip4(10, 7, 0, 1), 24), 0);
    rc::RouteAdd message = via(kNet, 24, kGateway);
    message.prefsrc = ip4(10, 7, 0, 1);
    ASSERT_EQ(inet_route_add(message), 0);
    ASSERT_EQ(addr_del(kEth0, ip4(10, 7, 0, 1), 24), 0);
    EXPECT_EQ(way_to(kNet + 1).first, 0U);
}

TEST_F(Routes, AddressErrorsAreLinuxs) {
    EXPECT_EQ(addr_add(kEth0, ip4(10, 0, 0, 1), 24), -err::exist);
    EXPECT_EQ(addr_add(9, ip4(10, 5, 0, 1), 24), -err::nodev);
    EXPECT_EQ(addr_add(kEth0, ip4(10, 5, 0, 1), 33), -err::inval);
    EXPECT_EQ(inet_addr_add({kEth0, ip4(10, 0, 0, 7), 0, 0, 24, rc::RT_SCOPE_LINK}), -err::inval);
    EXPECT_EQ(addr_del(kEth0, ip4(10, 0, 0, 1), 25), -err::addrnotavail);
}

TEST_F(Routes, HostAddressesAndPointToPointPrefixesMakeNoBroadcast) {
    link_up(kEth2);
    const unsigned before = routes();
    ASSERT_EQ(addr_add(kEth2, ip4(10, 0, 2, 1), 32), 0);
    EXPECT_EQ(routes(), before + 1);
    ASSERT_EQ(addr_add(kEth2, ip4(10, 0, 3, 0), 31), 0);
    EXPECT_EQ(routes(), before + 3);
}

TEST_F(Routes, APeerGetsARouteOfItsOwn) {
    link_up(kEth2);
    ASSERT_EQ(inet_addr_add({kEth2, ip4(10, 0, 2, 1), ip4(10, 0, 5, 9), 0, 32, 0}), 0);
    EXPECT_EQ(way_to(ip4(10, 0, 5, 9)).first, kEth2);
    EXPECT_EQ(inet_addr_type(ip4(10, 0, 2, 1)), rc::RTN_LOCAL);
}

TEST_F(Routes, LinkSetChecksItsValues) {
    EXPECT_EQ(inet_link_set({9, 0, 1, 1, 0, {}}), -err::nodev);
    EXPECT_EQ(inet_link_set({kEth0, 67, 0, 0, 0, {}}), -err::inval);
    EXPECT_EQ(inet_link_set({kEth0, 1501, 0, 0, 0, {}}), -err::inval);
    EXPECT_EQ(inet_link_set({kEth0, 1400, 0, 0, 0, {}}), 0);
    EXPECT_EQ(port(kEth0)->mtu, 1400U);
    EXPECT_EQ(inet_link_set({kEth0, 0, 0, 0, 1, {1, 0, 0, 0, 0, 1}}), -err::addrnotavail);
    EXPECT_EQ(inet_link_set({kEth0, 0, rc::IFF_PROMISC, rc::IFF_PROMISC, 0, {}}), 0);
    EXPECT_TRUE(port(kEth0)->flags & rc::IFF_PROMISC);
}

TEST_F(Routes, SysctlsForwardAsLinuxDoes) {
    EXPECT_EQ(sysctl_write(rc::SysctlId::ip_forward, 0, 0), 0);
    EXPECT_FALSE(in_dev_forward(port(kEth1)));
    EXPECT_EQ(sysctl_write(rc::SysctlId::forwarding, kEth1, 1), 0);
    EXPECT_TRUE(in_dev_forward(port(kEth1)));
    EXPECT_FALSE(in_dev_forward(port(kEth0)));
    EXPECT_EQ(sysctl(rc::SysctlId::ip_forward), 0);
    EXPECT_EQ(sysctl_write(rc::SysctlId::forwarding, rc::SYSCTL_ALL, 1), 0);
    EXPECT_TRUE(in_dev_forward(port(kEth0)));
    EXPECT_EQ(sysctl(rc::SysctlId::ip_forward), 1);
    EXPECT_EQ(sysctl_write(rc::SysctlId::forwarding, rc::SYSCTL_DEFAULT, 0), 0);
    EXPECT_TRUE(in_dev_forward(port(kEth0)));
    EXPECT_EQ(sysctl_write(rc::SysctlId::ip_forward, 0, 2), -err::inval);
    EXPECT_EQ(sysctl_write(rc::SysctlId::forwarding, 9, 1), -err::nodev);
    EXPECT_EQ(inet_sysctl({1000, 0, 0}), -err::noent);
}

}  // namespace
}  // namespace fw::test
