// SPDX-License-Identifier: Apache-2.0
// Addresses that go by themselves (Linux net/ipv4/devinet.c, check_lifetime and set_ifa_lifetime).
#include "tests/sw/net_router.h"

namespace fw::test {
namespace {

constexpr u32 kAddress = ip4(10, 0, 5, 1);

class AddressLifetime : public Router {
  protected:
    void SetUp() override {
        Router::SetUp();
        configure();
    }
    static rc::AddrAdd lasting(u32 seconds, u32 address = kAddress, u8 replace = 0) {
        rc::AddrAdd message{kEth0, address, 0, 0, 24, 0};
        message.valid_lft = seconds, message.replace = replace;
        return message;
    }
    static bool is_there(u32 address = kAddress) { return inet_addr_type(address) == rc::RTN_LOCAL; }
    static bool has_subnet_route() { return fib_lookup_address(ip4(10, 0, 5, 9)).err == 0; }
};

TEST_F(AddressLifetime, WithItsTimeAnAddressGoesAndItsRoutes) {
    ASSERT_EQ(inet_addr_add(lasting(2)), 0);
    ASSERT_EQ(inet_route_add(via(ip4(192, 0, 2, 0), 24, ip4(10, 0, 5, 9))), 0);
    native::advance(2 * kSec - 1);
    EXPECT_TRUE(is_there());
    EXPECT_TRUE(has_subnet_route());
    native::advance(1);
    EXPECT_FALSE(is_there());
    EXPECT_FALSE(has_subnet_route());
    EXPECT_TRUE(is_there(ip4(10, 0, 0, 1)));
    EXPECT_EQ(addr_del(kEth0, kAddress, 24), -err::addrnotavail);
}

TEST_F(AddressLifetime, SeveralGoEachAtItsTime) {
    ASSERT_EQ(inet_addr_add(lasting(3, ip4(10, 0, 6, 1))), 0);
    ASSERT_EQ(inet_addr_add(lasting(1)), 0);
    ASSERT_EQ(inet_addr_add(lasting(2, ip4(10, 0, 7, 1))), 0);
    native::advance(kSec);
    EXPECT_FALSE(is_there());
    EXPECT_TRUE(is_there(ip4(10, 0, 7, 1)));
    native::advance(kSec);
    EXPECT_FALSE(is_there(ip4(10, 0, 7, 1)));
    EXPECT_TRUE(is_there(ip4(10, 0, 6, 1)));
    native::advance(kSec);
    EXPECT_FALSE(is_there(ip4(10, 0, 6, 1)));
}

TEST_F(AddressLifetime, SecondariesGoWithAPrimaryUnlessTheyArePromoted) {
    for (const i64 promote : {0, 1}) {
        ASSERT_EQ(sysctl_write(rc::SysctlId::promote_secondaries, kEth0, promote), 0);
        ASSERT_EQ(inet_addr_add(lasting(1)), 0);
        ASSERT_EQ(addr_add(kEth0, kAddress + 1, 24), 0);
        native::advance(kSec);
        EXPECT_FALSE(is_there());
        EXPECT_EQ(is_there(kAddress + 1), promote != 0);
    }
}

TEST_F(AddressLifetime, ReplaceGivesAnAddressANewTimeOrLetsItStay) {
    ASSERT_EQ(inet_addr_add(lasting(1)), 0);
    EXPECT_EQ(inet_addr_add(lasting(2)), -err::exist);
    EXPECT_EQ(inet_addr_add(lasting(2, kAddress, 1)), 0);
    native::advance(kSec);
    EXPECT_TRUE(is_there());
    EXPECT_EQ(inet_addr_add(lasting(0, kAddress, 1)), 0);
    native::advance(100 * kSec);
    EXPECT_TRUE(is_there());
}

TEST_F(AddressLifetime, ADeletedAddressIsNotMissedAtItsTime) {
    ASSERT_EQ(inet_addr_add(lasting(1)), 0);
    ASSERT_EQ(addr_del(kEth0, kAddress, 24), 0);
    ASSERT_EQ(addr_add(kEth0, kAddress, 24), 0);
    native::advance(2 * kSec);
    EXPECT_TRUE(is_there());
}

}  // namespace
}  // namespace fw::test
