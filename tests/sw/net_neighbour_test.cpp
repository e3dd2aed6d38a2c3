// SPDX-License-Identifier: Apache-2.0
#include "tests/sw/net_router.h"

namespace fw::test {
namespace {

class Neighbours : public Router {
  protected:
    void SetUp() override {
        Router::SetUp();
        configure();
    }
};

const u8 kMac[] = {2, 0, 0, 0xEE, 0, 1};
const u32 kHost = ip4(10, 0, 1, 2);

TEST_F(Neighbours, ErrorsAreLinuxs) {
    EXPECT_EQ(neigh_add(kEth1, kHost, kMac), -err::exist);
    EXPECT_EQ(neigh_add(9, kHost, kMac), -err::nodev);
    EXPECT_EQ(inet_neigh_del({kEth1, ip4(10, 0, 1, 99)}), -err::noent);
    EXPECT_EQ(inet_neigh_del({9, kHost}), -err::nodev);
    EXPECT_EQ(inet_neigh_del({kEth1, kHost}), 0);
    EXPECT_EQ(inet_neigh_del({kEth1, kHost}), -err::noent);
}

TEST_F(Neighbours, ReplaceChangesTheAddressOrMakesTheEntry) {
    EXPECT_EQ(neigh_add(kEth1, kHost, kMac, true), 0);
    receive_ip(kEth0, ip_packet({}, {1}));
    ASSERT_EQ(sent().size(), 1U);
    EXPECT_EQ(std::memcmp(sent()[0].frame.data(), kMac, 6), 0);
    EXPECT_EQ(neigh_add(kEth1, ip4(10, 0, 1, 50), kMac, true), 0);
}

TEST_F(Neighbours, AreAPortsOwn) {
    EXPECT_EQ(neigh_add(kEth0, kHost, kMac), 0);
    EXPECT_EQ(inet_neigh_del({kEth1, kHost}), 0);
    receive_ip(kEth0, ip_packet({}, {1}));
    EXPECT_TRUE(__ipv4_neigh_lookup_noref(kHost, port(kEth1))->arp_queue.qlen == 1);
    link_down(kEth1);
}

TEST_F(Neighbours, GoWhenTheirDeviceGetsAnotherAddress) {
    ASSERT_EQ(inet_link_set({kEth1, 0, 0, 0, 1, {2, 0, 0, 0, 9, 9}}), 0);
    EXPECT_EQ(neigh_lookup(kHost, port(kEth1)), nullptr);
    ASSERT_EQ(neigh_add(kEth1, kHost, kMac), 0);
    receive_ip(kEth0, ip_packet({}, {1}));
    ASSERT_EQ(sent().size(), 1U);
    EXPECT_EQ(Bytes(sent()[0].frame.begin() + 6, sent()[0].frame.begin() + 12), (Bytes{2, 0, 0, 0, 9, 9}));
}

TEST_F(Neighbours, AFullTableRefusesOneMoreAndTakesItAgainAfterADeletion) {
    unsigned added = 0;
    int result = 0;
    for (u32 n = 0; n < 2 * kMaxNeighbours && result == 0; ++n) {
        result = neigh_add(kEth0, ip4(20, 0, 0, 0) + n, kMac);
        added += result == 0;
    }
    EXPECT_EQ(result, -err::nobufs);
    EXPECT_EQ(added, kMaxNeighbours - 4);  // configure() made four
    ASSERT_EQ(inet_neigh_del({kEth0, ip4(20, 0, 0, 5)}), 0);
    EXPECT_EQ(neigh_add(kEth0, ip4(30, 0, 0, 1), kMac), 0);
}

}  // namespace
}  // namespace fw::test
