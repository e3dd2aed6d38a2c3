// SPDX-License-Identifier: Apache-2.0
// `ip route prepend|append|change|del`, `ip addr replace`, promoted secondaries and `ip … flush`: answers and tables of
// the real kernel (6.18), which was given the same lines.
#include "sw/net/fib_rules.h"
#include "tests/sw/net_router.h"

namespace fw::test {
namespace {

constexpr u32 kNet = ip4(8, 0, 0, 0);
constexpr u32 gateway(u32 host) { return ip4(10, 0, 0, host); }

class IpCommands : public Router {
  protected:
    void SetUp() override {
        Router::SetUp();
        configure();
    }
    static rc::RouteAdd to(u32 host) { return via(kNet, 8, gateway(host)); }
    /// Routes of the prefix in their order: last octet of the gateway and protocol.
    static std::vector<std::pair<u32, u32>> routes() {
        std::vector<std::pair<u32, u32>> list;
        for (const fib_alias* at = fib_chain(kNet, 8); at; at = fib_chain_next(at)) {
            if (at->dst == kNet && at->len == 8) list.emplace_back(rt_table[at->nexthop].gateway & 0xFF, at->protocol);
        }
        return list;
    }
    using List = std::vector<std::pair<u32, u32>>;
    static bool has_route(u32 dst, u8 len, u8 type, u32 prefsrc, u32 metric = 0) {
        for (const fib_alias* at = fib_next(nullptr); at; at = fib_next(at)) {
            if (at->dst == dst && at->len == len && at->type == type && at->metric == metric &&
                rt_table[at->nexthop].key.prefsrc == prefsrc) {
                return true;
            }
        }
        return false;
    }
};

TEST_F(IpCommands, RoutesAreChangedPrependedAndAppendedAndToldApartByProtocol) {
    rc::RouteAdd change = to(2);
    change.replace = 1, change.change = 1;
    EXPECT_EQ(inet_route_add(change), -err::noent);
    rc::RouteAdd first = to(2);
    first.protocol = rc::RTPROT_STATIC;
    ASSERT_EQ(inet_route_add(first), 0);
    rc::RouteAdd append = to(2);
    append.append = 1;
    EXPECT_EQ(inet_route_add(append), 0);
    rc::RouteAdd prepend = to(3);
    prepend.prepend = 1;
    EXPECT_EQ(inet_route_add(prepend), 0);
    EXPECT_EQ(inet_route_add(append), -err::exist);
    EXPECT_EQ(routes(), (List{{3, 0}, {2, rc::RTPROT_STATIC}, {2, 0}}));
    change.gateway = gateway(4);
    EXPECT_EQ(inet_route_add(change), 0);
    EXPECT_EQ(routes(), (List{{4, 0}, {2, rc::RTPROT_STATIC}, {2, 0}}));
    rc::RouteDel gone = del(kNet, 8);
    gone.protocol = rc::RTPROT_STATIC;
    EXPECT_EQ(inet_route_del(gone), 0);
    EXPECT_EQ(routes(), (List{{4, 0}, {2, 0}}));
}

TEST_F(IpCommands, DeletionByMtu) {
    rc::RouteAdd message = to(2);
    message.mtu = 1400;
    ASSERT_EQ(inet_route_add(message), 0);
    rc::RouteDel gone = del(kNet, 8);
    gone.mtu = 1300;
    EXPECT_EQ(inet_route_del(gone), -err::srch);
    gone.mtu = 1400;
    EXPECT_EQ(inet_route_del(gone), 0);
}

TEST_F(IpCommands, DeletionByWaysWantsAllInTheirOrderWhateverTheirWeights) {
    rc::RouteAdd message = route(kNet, 8);
    message.nexthops = 2, message.nh_weight[1] = 2;
    message.nh_gateway[0] = gateway(2), message.nh_gateway[1] = ip4(10, 0, 1, 2);
    const auto deleted = [&](const std::vector<u32>& ways) {
        inet_route_add(message);
        rc::RouteDel gone = del(kNet, 8);
        gone.nexthops = static_cast<u8>(ways.size());
        for (size_t i = 0; i < ways.size(); ++i) {
            (ways[i] < 100 ? gone.nh_oif : gone.nh_gateway)[i] = ways[i];
            gone.nh_weight[i] = 1;
        }
        return inet_route_del(gone);
    };
    EXPECT_EQ(deleted({gateway(2)}), -err::srch);
    EXPECT_EQ(deleted({ip4(10, 0, 1, 2), gateway(2)}), -err::srch);
    EXPECT_EQ(deleted({kEth1, kEth0}), -err::srch);
    EXPECT_EQ(deleted({gateway(2), ip4(10, 0, 1, 2)}), 0);
    EXPECT_EQ(deleted({kEth0, kEth1}), 0);
    EXPECT_EQ(deleted({gateway(2), ip4(10, 0, 1, 2), ip4(10, 0, 1, 3)}), 0);
    // One gateway or device means the first way.
    inet_route_add(message);
    rc::RouteDel gone = del(kNet, 8);
    gone.gateway = ip4(10, 0, 1, 2);
    EXPECT_EQ(inet_route_del(gone), -err::srch);
    gone.gateway = gateway(2);
    EXPECT_EQ(inet_route_del(gone), 0);
    ASSERT_EQ(inet_route_add(to(2)), 0);
    gone = del(kNet, 8);
    gone.nexthops = 1, gone.nh_gateway[0] = gateway(2);
    EXPECT_EQ(inet_route_del(gone), -err::srch);
    gone.nexthops = rc::MAX_NEXTHOPS + 1;
    EXPECT_EQ(inet_route_del(gone), -err::inval);
}

TEST_F(IpCommands, AnAddressMayHaveNoSubnetRouteOrOneWithAMetricWhichReplaceChanges) {
    rc::AddrAdd message{kEth0, ip4(10, 0, 5, 1), 0, 0, 24, 0};
    message.metric = 50, message.noprefixroute = 1;
    ASSERT_EQ(inet_addr_add(message), 0);
    EXPECT_FALSE(has_route(ip4(10, 0, 5, 0), 24, rc::RTN_UNICAST, ip4(10, 0, 5, 1), 50));
    EXPECT_TRUE(has_route(ip4(10, 0, 5, 255), 32, rc::RTN_BROADCAST, ip4(10, 0, 5, 1)));
    message = {kEth0, ip4(10, 0, 6, 1), 0, 0, 24, 0};
    message.metric = 50;
    ASSERT_EQ(inet_addr_add(message), 0);
    EXPECT_TRUE(has_route(ip4(10, 0, 6, 0), 24, rc::RTN_UNICAST, ip4(10, 0, 6, 1), 50));
    EXPECT_EQ(inet_addr_add(message), -err::exist);
    message.replace = 1;
    EXPECT_EQ(inet_addr_add(message), 0);
    message.metric = 60;
    EXPECT_EQ(inet_addr_add(message), 0);
    EXPECT_TRUE(has_route(ip4(10, 0, 6, 0), 24, rc::RTN_UNICAST, ip4(10, 0, 6, 1), 60));
    EXPECT_FALSE(has_route(ip4(10, 0, 6, 0), 24, rc::RTN_UNICAST, ip4(10, 0, 6, 1), 50));
    EXPECT_EQ(inet_addr_type(ip4(10, 0, 6, 1)), rc::RTN_LOCAL);
}

TEST_F(IpCommands, ASecondaryIsPromotedWhereTheSysctlSaysSo) {
    for (u32 host = 1; host <= 3; ++host) ASSERT_EQ(addr_add(kEth0, ip4(10, 0, 6, host), 24), 0);
    sysctl_write(rc::SysctlId::promote_secondaries, kEth0, 1);
    ASSERT_EQ(addr_del(kEth0, ip4(10, 0, 6, 1), 24), 0);
    std::vector<std::pair<u32, bool>> addresses;
    for (const in_ifaddr* ifa = inet_ifa_list(port(kEth0)); ifa; ifa = ifa->next) {
        addresses.emplace_back(ifa->local, ifa->secondary);
    }
    const std::vector<std::pair<u32, bool>> wanted = {
        {ip4(10, 0, 0, 1), false}, {ip4(10, 0, 6, 2), false}, {ip4(10, 0, 6, 3), true}};
    EXPECT_EQ(addresses, wanted);
    const u32 heir = ip4(10, 0, 6, 2);
    EXPECT_TRUE(has_route(ip4(10, 0, 6, 0), 24, rc::RTN_UNICAST, heir));
    EXPECT_TRUE(has_route(heir, 32, rc::RTN_LOCAL, heir));
    EXPECT_TRUE(has_route(ip4(10, 0, 6, 3), 32, rc::RTN_LOCAL, heir));
    EXPECT_TRUE(has_route(ip4(10, 0, 6, 255), 32, rc::RTN_BROADCAST, heir));
    EXPECT_EQ(inet_addr_type(ip4(10, 0, 6, 1)), rc::RTN_UNICAST);
}

TEST_F(IpCommands, AnAddressIsDeletedByItselfByItsPrefixOrByItsPeer) {
    ASSERT_EQ(inet_addr_add({kEth0, ip4(10, 0, 7, 1), ip4(10, 0, 8, 9), 0, 32, 0}), 0);
    rc::AddrDel message{kEth0, ip4(10, 0, 7, 1), 32};
    message.peer = ip4(10, 0, 8, 8);
    EXPECT_EQ(inet_addr_del(message), -err::addrnotavail);
    message.peer = ip4(10, 0, 8, 9);
    EXPECT_EQ(inet_addr_del(message), 0);
    rc::AddrDel any{kEth0, ip4(10, 0, 0, 1), 0};
    any.any_prefix = 1;
    EXPECT_EQ(inet_addr_del(any), 0);
}

TEST_F(IpCommands, FlushingTakesWhatIsNamed) {
    ASSERT_EQ(inet_route_add(to(2)), 0);
    ASSERT_EQ(inet_route_add(via(ip4(9, 0, 0, 0), 8, ip4(10, 0, 1, 2))), 0);
    EXPECT_EQ(inet_flush({rc::FLUSH_ROUTES, kEth1, rc::RT_TABLE_MAIN}), 0);
    EXPECT_FALSE(has_route(ip4(9, 0, 0, 0), 8, rc::RTN_UNICAST, 0));
    EXPECT_FALSE(has_route(ip4(10, 0, 1, 0), 24, rc::RTN_UNICAST, ip4(10, 0, 1, 1)));
    EXPECT_TRUE(has_route(kNet, 8, rc::RTN_UNICAST, 0));
    EXPECT_EQ(inet_flush({rc::FLUSH_ROUTES, 0, rc::RT_TABLE_MAIN}), 0);
    EXPECT_FALSE(has_route(kNet, 8, rc::RTN_UNICAST, 0));
    EXPECT_EQ(inet_addr_type(ip4(10, 0, 0, 1)), rc::RTN_LOCAL);
    EXPECT_EQ(inet_flush({rc::FLUSH_ADDRESSES, kEth0, 0}), 0);
    EXPECT_EQ(inet_ifa_list(port(kEth0)), nullptr);
    EXPECT_NE(inet_ifa_list(port(kEth1)), nullptr);
    EXPECT_EQ(inet_flush({rc::FLUSH_NEIGHBOURS, 0, 0}), 0);
    EXPECT_NE(neigh_lookup(ip4(10, 0, 1, 2), port(kEth1)), nullptr);  // permanent
    EXPECT_EQ(inet_flush({rc::FLUSH_RULES, 0, 0}), 0);
    EXPECT_EQ(fib_rules.count, 1U);
    EXPECT_EQ(inet_flush({rc::FLUSH_ROUTES, 0, 0}), 0);
    EXPECT_EQ(fib_next(nullptr), nullptr);
    EXPECT_EQ(inet_flush({rc::FLUSH_ROUTE_CACHE, 0, 0}), 0);
}

}  // namespace
}  // namespace fw::test
