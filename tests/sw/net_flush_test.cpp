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

TEST_F(Flush, WhatIsNotThereOrNotKnownIsAnError) {
    EXPECT_EQ(inet_flush({rc::FLUSH_NEIGHBOURS, 99, 0}), -err::nodev);
    EXPECT_EQ(inet_flush({rc::FLUSH_ADDRESSES, 0, 0}), -err::inval);
    EXPECT_EQ(inet_flush({99, 0, 0}), -err::opnotsupp);
}

}  // namespace
}  // namespace fw::test
