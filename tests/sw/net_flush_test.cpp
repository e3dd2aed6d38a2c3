// SPDX-License-Identifier: Apache-2.0
#include "tests/sw/net_arp.h"

namespace fw::test {
namespace {

class Flush : public ArpRouter {
  protected:
    static size_t routes(u32 table) {
        size_t n = 0;
        for (const fib_alias* route = fib_next(nullptr); route; route = fib_next(route)) n += route->table == table;
        return n;
    }
};

TEST_F(Flush, AddressesOfADeviceGoWithTheirRoutes) {
    ASSERT_EQ(addr_add(kEth1, ip4(10, 0, 1, 200), 24), 0);
    EXPECT_EQ(inet_flush({rc::FLUSH_ADDRESSES, kEth1, 0}), 0);
    EXPECT_EQ(inet_ifa_list(port(kEth1)), nullptr);
    EXPECT_NE(inet_ifa_list(port(kEth0)), nullptr);
    EXPECT_EQ(routes(rc::RT_TABLE_MAIN), 1U);
}

TEST_F(Flush, NeighboursOfADevice) {
    make_reachable();
    EXPECT_EQ(inet_flush({rc::FLUSH_NEIGHBOURS, kEth1, 0}), 0);
    EXPECT_EQ(state(), kNone);
}

TEST_F(Flush, RoutesOfATableAndADevice) {
    ASSERT_EQ(inet_route_add(via(ip4(20, 0, 0, 0), 8, ip4(10, 0, 0, 2))), 0);
    EXPECT_EQ(inet_flush({rc::FLUSH_ROUTES, kEth1, rc::RT_TABLE_MAIN}), 0);
    EXPECT_EQ(routes(rc::RT_TABLE_MAIN), 2U);
    EXPECT_EQ(inet_flush({rc::FLUSH_ROUTES, 0, rc::RT_TABLE_MAIN}), 0);
    EXPECT_EQ(routes(rc::RT_TABLE_MAIN), 0U);
    EXPECT_GT(routes(rc::RT_TABLE_LOCAL), 0U);
}

TEST_F(Flush, RoutesOfAPrefixAProtocolOrAType) {
    const auto refill = [] {
        rc::RouteAdd wide = via(ip4(20, 0, 0, 0), 8, ip4(10, 0, 0, 2)),
                     narrow = via(ip4(20, 1, 0, 0), 16, ip4(10, 0, 0, 2));
        wide.protocol = rc::RTPROT_STATIC, wide.replace = narrow.replace = 1;
        ASSERT_EQ(inet_route_add(wide), 0);
        ASSERT_EQ(inet_route_add(narrow), 0);
        rc::RouteAdd nowhere = special(ip4(30, 0, 0, 0), 8, rc::RTN_BLACKHOLE);
        nowhere.replace = 1;
        ASSERT_EQ(inet_route_add(nowhere), 0);
    };
    const auto left = [&](u32 destination, u8 prefixlen, u8 match, u8 protocol = 0, u8 type = 0) {
        refill();
        rc::Flush flush{rc::FLUSH_ROUTES, 0, rc::RT_TABLE_MAIN, destination, prefixlen, match, protocol, type};
        EXPECT_EQ(inet_flush(flush), 0);
        return routes(rc::RT_TABLE_MAIN);
    };
    EXPECT_EQ(left(ip4(20, 0, 0, 0), 8, rc::MATCH_ROOT), 3U);  // two subnets and the blackhole
    EXPECT_EQ(left(ip4(20, 1, 0, 0), 16, rc::MATCH_ROOT), 4U);
    EXPECT_EQ(left(ip4(20, 1, 2, 3), 32, rc::MATCH_WIDER), 3U);
    EXPECT_EQ(left(ip4(20, 0, 0, 0), 8, rc::MATCH_WIDER), 4U);
    EXPECT_EQ(left(ip4(20, 0, 0, 0), 8, rc::MATCH_EXACT), 4U);
    EXPECT_EQ(left(0, 0, rc::MATCH_ANY, rc::RTPROT_STATIC), 4U);
    EXPECT_EQ(left(0, 0, rc::MATCH_ANY, 0, rc::RTN_BLACKHOLE), 4U);
    EXPECT_EQ(inet_flush({rc::FLUSH_ROUTES, 0, 0, 0, 33}), -err::inval);
}

// As the kernel has it: a table is there as soon as a route in it has been asked for, and stays.
TEST_F(Flush, ATableThatWasNeverUsedIsAnError) {
    const rc::Flush all{rc::FLUSH_ROUTES, 0, 77};
    EXPECT_EQ(inet_flush(all), -err::noent);
    EXPECT_EQ(inet_flush({rc::FLUSH_ROUTES, 0, rc::RT_TABLE_DEFAULT}), -err::noent);
    rc::RouteAdd message = via(ip4(20, 0, 0, 0), 8, ip4(10, 0, 0, 2));
    message.table = 77;
    ASSERT_EQ(inet_route_add(message), 0);
    EXPECT_EQ(inet_flush(all), 0);
    EXPECT_EQ(routes(77), 0U);
    EXPECT_EQ(inet_flush(all), 0);
    message.gateway = ip4(203, 0, 113, 1), message.table = 78;
    ASSERT_EQ(inet_route_add(message), -err::netunreach);
    EXPECT_EQ(inet_flush({rc::FLUSH_ROUTES, 0, 78}), 0);
    EXPECT_EQ(inet_flush({rc::FLUSH_ROUTES, 0, rc::RT_TABLE_LOCAL}), 0);
}

// `ip rule add … table 0`
TEST_F(Flush, ARuleThatNamesTableZeroGetsAnEmptyOne) {
    rc::RouteAdd taken = via(ip4(20, 0, 0, 0), 8, ip4(10, 0, 0, 2));
    taken.table = 2;
    ASSERT_EQ(inet_route_add(taken), 0);
    rc::RuleAdd rule;
    rule.action = rc::FR_ACT_TO_TBL, rule.suppress_prefixlen = rc::SUPPRESS_NONE;
    EXPECT_EQ(inet_rule_add(rule), 0);
    EXPECT_EQ(inet_rule_add(rule), 0);
    EXPECT_EQ(inet_flush({rc::FLUSH_ROUTES, 0, 1}), 0);
    EXPECT_EQ(inet_flush({rc::FLUSH_ROUTES, 0, 3}), 0);
    EXPECT_EQ(inet_flush({rc::FLUSH_ROUTES, 0, 4}), -err::noent);
}

TEST_F(Flush, ThereIsRoomForSoManyTables) {
    rc::RouteAdd message = via(ip4(20, 0, 0, 0), 8, ip4(10, 0, 0, 2));
    for (u32 n = 0; n < kMaxTables; ++n) {
        message.table = 1000 + n;
        ASSERT_EQ(inet_route_add(message), 0) << n;
    }
    message.table = 5;
    EXPECT_EQ(inet_route_add(message), -err::nobufs);
    message.table = 1000;
    EXPECT_EQ(inet_route_add(message), -err::exist);
    rc::RuleAdd rule;
    rule.action = rc::FR_ACT_TO_TBL, rule.suppress_prefixlen = rc::SUPPRESS_NONE;
    EXPECT_EQ(inet_rule_add(rule), -err::nobufs);
}

TEST_F(Flush, WhatIsNotThereOrNotKnownIsAnError) {
    EXPECT_EQ(inet_flush({rc::FLUSH_NEIGHBOURS, 99, 0}), -err::nodev);
    EXPECT_EQ(inet_flush({rc::FLUSH_ADDRESSES, 0, 0}), -err::inval);
    EXPECT_EQ(inet_flush({99, 0, 0}), -err::opnotsupp);
}

}  // namespace
}  // namespace fw::test
