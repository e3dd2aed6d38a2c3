// SPDX-License-Identifier: Apache-2.0
// Several default routes of one rank: packets of this host take one whose gateway may be alive (Linux 6.18
// net/ipv4/fib_semantics.c, fib_select_default and fib_detect_death).
#include "tests/sw/net_router.h"

namespace fw::test {
namespace {

constexpr u32 kA = ip4(10, 0, 0, 9), kB = ip4(10, 0, 1, 9), kC = ip4(10, 0, 1, 8), kFar = ip4(192, 0, 2, 1);

class DefaultRoutes : public Router {
  protected:
    void SetUp() override {
        Router::SetUp();
        configure();
        add(kA);
        add(kB);
    }
    void TearDown() override {
        for (u32 i = 0; i < kPorts; ++i) link_down(kEth0 + i);
        native::advance(0);
        Router::TearDown();
    }
    static void add(u32 gateway, u32 metric = 0, u8 tos = 0) {
        rc::RouteAdd message = via(0, 0, gateway);
        message.append = 1, message.metric = metric, message.tos = tos;
        ASSERT_EQ(inet_route_add(message), 0);
    }
    static void know(u32 gateway, u16 state) {
        net_device* dev = port(gateway == kA ? kEth0 : kEth1);
        neighbour* neigh = neigh_lookup(gateway, dev);
        if (!neigh) neigh = neigh_create(gateway, dev);
        neigh->nud_state = state;
    }
    static u32 gateway(u8 tos = 0, u32 oif = 0) {
        flowi4 flow{};
        flow.daddr = kFar, flow.tos = tos, flow.oif = oif;
        int error = 0;
        const rtable* rt = ip_route_output_key(&flow, &error);
        if (!rt) return 0;
        EXPECT_EQ(flow.saddr, rt->dev == port(kEth0) ? ip4(10, 0, 0, 1) : ip4(10, 0, 1, 1));
        return rt->gateway;
    }
};

TEST_F(DefaultRoutes, TheFirstIsTakenWhileNothingIsKnownOfItsGateway) {
    EXPECT_EQ(gateway(), kA);
    know(kA, rc::NUD_REACHABLE);
    EXPECT_EQ(gateway(), kA);
}

TEST_F(DefaultRoutes, AGatewayThatDoesNotAnswerIsPassedOver) {
    know(kA, rc::NUD_FAILED);
    EXPECT_EQ(gateway(), kB);
    know(kA, rc::NUD_INCOMPLETE);
    EXPECT_EQ(gateway(), kB);
    know(kB, rc::NUD_REACHABLE);
    EXPECT_EQ(gateway(), kB);
    know(kA, rc::NUD_REACHABLE);
    EXPECT_EQ(gateway(), kA);
}

TEST_F(DefaultRoutes, TheOneThatWasTakenLastIsAskedAnewByTheNextPacket) {
    EXPECT_EQ(gateway(), kA);
    // Stale is as good as dead for the choice of last time, so that its gateway has to prove itself; the other then is.
    know(kA, rc::NUD_STALE);
    EXPECT_EQ(gateway(), kB);
    know(kB, rc::NUD_STALE);
    EXPECT_EQ(gateway(), kA);
    EXPECT_EQ(gateway(), kB);
}

TEST_F(DefaultRoutes, WhereNoneAnswersTheyAreTriedInTurn) {
    know(kA, rc::NUD_FAILED);
    know(kB, rc::NUD_FAILED);
    EXPECT_EQ(gateway(), kA);
    EXPECT_EQ(gateway(), kB);
    EXPECT_EQ(gateway(), kA);
}

TEST_F(DefaultRoutes, OfAnotherRankOrDeviceOrWithoutGatewayTheyAreNoChoice) {
    know(kA, rc::NUD_FAILED);
    ASSERT_EQ(inet_route_del(del(0, 0)), 0);  // kA's
    add(kA, 5);
    know(kB, rc::NUD_FAILED);
    EXPECT_EQ(gateway(), kB);
    add(kC);
    EXPECT_EQ(gateway(), kC);
    EXPECT_EQ(gateway(0, kEth0), kA);
    rc::RouteAdd direct = on_link(0, 0, kEth0);
    direct.append = 1;
    ASSERT_EQ(inet_route_add(direct), 0);
    EXPECT_EQ(gateway(), kC);
}

TEST_F(DefaultRoutes, OfATosAreTheChoiceOfItsPackets) {
    add(kC, 0, 0x10);
    know(kC, rc::NUD_FAILED);
    EXPECT_EQ(gateway(0x10), kA);
    EXPECT_EQ(gateway(), kA);
}

TEST_F(DefaultRoutes, ForwardedPacketsTakeTheFirst) {
    know(kA, rc::NUD_FAILED);
    receive_ip(kEth1, ip_packet({.source = ip4(10, 0, 1, 2), .destination = kFar}, {1}));
    ASSERT_FALSE(sent().empty());
    EXPECT_EQ(sent()[0].ifindex, kEth0);  // the question for kA
}

}  // namespace
}  // namespace fw::test
