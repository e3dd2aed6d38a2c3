// SPDX-License-Identifier: Apache-2.0
// Redirects obeyed and path MTUs learnt (RFC 1122 3.2.2.2, RFC 1191; Linux net/ipv4/route.c, __ip_do_redirect,
// __ip_rt_update_pmtu, update_or_create_fnhe). The messages are about echo replies of this host.
#include "sw/kernel/printk.h"
#include "sw/kernel/time.h"
#include "sw/kernel/timer.h"
#include "sw/net/icmp.h"
#include "sw/net/nexthop_exception.h"
#include "tests/sw/net_router.h"

namespace fw::test {
namespace {

constexpr u32 kNet = ip4(192, 0, 2, 0), kFar = kNet + 7;
constexpr u32 kOld = ip4(10, 0, 1, 2), kNew = ip4(10, 0, 1, 3), kUs = ip4(10, 0, 1, 1);

class Learn : public Router {
  protected:
    void SetUp() override {
        Router::SetUp();
        configure();
        tsc_khz = 1000;
        ASSERT_EQ(inet_route_add(via(kNet, 24, kOld)), 0);
        sysctl_write(rc::SysctlId::accept_redirects, rc::SYSCTL_ALL, 1);
    }
    void TearDown() override {
        link_down(kEth1);
        native::advance(0);  // what was given up is free only after a softirq
        native::machine().tsc = 0;
        tsc_khz = 0;
        console_loglevel = 4;
        Router::TearDown();
    }
    static void at_second(u64 seconds) { native::machine().tsc = seconds * kSec; }

    /// An ICMP message from `sender` about an echo reply that we sent to `destination`.
    static void message(u8 type, u8 code, u32 rest, u32 sender = kOld, u32 destination = kFar, u8 quoted_type = 0) {
        const Bytes quoted =
            ip_packet({.source = kUs, .destination = destination, .protocol = 1}, {quoted_type, 0, 0, 0, 0, 1, 0, 1});
        Bytes icmp = {type, code, 0, 0, 0, 0, 0, 0};
        wire::put32(&icmp[4], rest);
        icmp.insert(icmp.end(), quoted.begin(), quoted.end());
        wire::put16(&icmp[2], internet_checksum(icmp.data(), icmp.size()));
        receive_ip(kEth1, ip_packet({.source = sender, .destination = kUs, .protocol = 1}, icmp));
    }
    static void redirect(u32 gateway = kNew, u32 sender = kOld) { message(ICMP_REDIRECT, 1, gateway, sender); }
    static void too_big(u32 mtu) { message(ICMP_DEST_UNREACH, ICMP_FRAG_NEEDED, mtu); }

    static const rtable* route_to(u32 destination) {
        flowi4 flow{};
        flow.daddr = destination;
        int error = 0;
        return ip_route_output_key(&flow, &error);
    }
    static u32 gateway_to(u32 destination) { return route_to(destination)->gateway; }
    static u32 mtu_to(u32 destination) { return rt_dst_mtu(route_to(destination), false); }
};

TEST_F(Learn, ARedirectHoldsForItsDestinationAndForFiveMinutes) {
    redirect();
    EXPECT_EQ(gateway_to(kFar), kNew);
    EXPECT_EQ(gateway_to(kNet + 8), kOld);
    at_second(300);
    EXPECT_EQ(gateway_to(kFar), kNew);
    at_second(301);
    EXPECT_EQ(gateway_to(kFar), kOld);
}

TEST_F(Learn, PacketsOfOthersFollowIt) {
    redirect();
    receive_ip(kEth0, ip_packet({.destination = kFar}, {1}));
    receive_ip(kEth0, ip_packet({.destination = kNet + 8}, {1}));
    ASSERT_EQ(sent().size(), 2U);
    EXPECT_EQ(sent()[0].frame[5], 3);  // the neighbour 10.0.1.3
    EXPECT_EQ(sent()[1].frame[5], 2);
}

TEST_F(Learn, OnlyTheGatewayInUseMayRedirect) {
    redirect(kNew, ip4(10, 0, 1, 77));
    EXPECT_EQ(gateway_to(kFar), kOld);
    message(ICMP_REDIRECT, 4, kNew);  // no such code
    EXPECT_EQ(gateway_to(kFar), kOld);
    message(ICMP_REDIRECT, 1, kNew, kOld, kFar, ICMP_ECHO);  // not about an answer of ours
    EXPECT_EQ(gateway_to(kFar), kOld);
}

TEST_F(Learn, NotToImpossibleGatewaysAndNotWhereRedirectsAreIgnored) {
    for (const u32 gateway : {kOld, ip4(224, 0, 0, 1), ip4(0, 0, 0, 0), 0xFFFFFFFFU, kUs, ip4(10, 0, 1, 255)}) {
        redirect(gateway);
        EXPECT_EQ(gateway_to(kFar), kOld) << std::hex << gateway;
    }
    sysctl_write(rc::SysctlId::accept_redirects, rc::SYSCTL_ALL, 0);
    redirect();
    EXPECT_EQ(gateway_to(kFar), kOld);
}

TEST_F(Learn, ARejectedRedirectIsLoggedWithTheMartians) {
    console_loglevel = 7;
    sysctl_write(rc::SysctlId::log_martians, rc::SYSCTL_ALL, 1);
    redirect(kUs);
    EXPECT_NE(native::machine().console.find("Redirect from 10.0.1.2 on eth1 about 10.0.1.1 ignored\n"
                                             "  Advised path = 10.0.1.1 -> 192.0.2.7\n"),
              std::string::npos)
        << native::machine().console;
}

TEST_F(Learn, WithoutSharedMediaTheNewGatewayMustBeOnTheSubnetAndWithSecureRedirectsInUse) {
    sysctl_write(rc::SysctlId::shared_media, rc::SYSCTL_ALL, 0);
    sysctl_write(rc::SysctlId::shared_media, kEth1, 0);
    redirect(ip4(10, 0, 0, 3));
    EXPECT_EQ(gateway_to(kFar), kOld);
    redirect();
    EXPECT_EQ(gateway_to(kFar), kOld);
    ASSERT_EQ(inet_route_add(via(ip4(198, 51, 100, 0), 24, kNew)), 0);
    redirect();
    EXPECT_EQ(gateway_to(kFar), kNew);
}

TEST_F(Learn, WithoutSecureRedirectsAnyNeighbourWillDo) {
    for (const u32 place : {rc::SYSCTL_ALL, kEth1}) {
        sysctl_write(rc::SysctlId::shared_media, place, 0);
        sysctl_write(rc::SysctlId::secure_redirects, place, 0);
    }
    redirect();
    EXPECT_EQ(gateway_to(kFar), kNew);
}

TEST_F(Learn, AGatewayThatIsNotKnownIsAskedForFirst) {
    redirect(ip4(10, 0, 1, 77));
    EXPECT_EQ(gateway_to(kFar), kOld);
    ASSERT_EQ(sent().size(), 1U);
    EXPECT_EQ(wire::get16(&sent()[0].frame[12]), 0x0806);
    ASSERT_EQ(neigh_add(kEth1, ip4(10, 0, 1, 77), {2, 0, 0, 0x0B, 1, 77}, true), 0);
    redirect(ip4(10, 0, 1, 77));
    EXPECT_EQ(gateway_to(kFar), ip4(10, 0, 1, 77));
    neigh_delete(neigh_lookup(ip4(10, 0, 1, 77), port(kEth1)));
}

TEST_F(Learn, APathMtuHoldsForTenMinutesAndForPacketsOfThisHost) {
    too_big(1000);
    EXPECT_EQ(mtu_to(kFar), 1000U);
    EXPECT_EQ(mtu_to(kNet + 8), 1500U);
    receive_ip(kEth0, ip_packet({.destination = kFar, .frag_off = wire::IP_DF}, Bytes(1400)));
    EXPECT_EQ(sent().size(), 1U);
    EXPECT_EQ(fate(Fate::frag_needed), 0U);
    at_second(600);
    EXPECT_EQ(mtu_to(kFar), 1500U);
}

TEST_F(Learn, ASocketThatKeepsTheRouteHearsThatWhatWasLearntHasEnded) {
    too_big(1000);
    const u32 kept = rt_genid_now();
    EXPECT_EQ(mtu_to(kFar), 1000U);
    EXPECT_EQ(rt_genid_now(), kept);
    at_second(601);
    EXPECT_EQ(mtu_to(kFar), 1500U);
    EXPECT_NE(rt_genid_now(), kept) << "its place may soon be another destination's";
}

TEST_F(Learn, ForwardingUsesItWhereIpForwardUsePmtuSaysSo) {
    too_big(1000);
    sysctl_write(rc::SysctlId::ip_forward_use_pmtu, 0, 1);
    receive_ip(kEth0, ip_packet({.destination = kFar, .frag_off = wire::IP_DF}, Bytes(1400)));
    EXPECT_EQ(fate(Fate::frag_needed), 1U);
}

TEST_F(Learn, ALongerPathMtuIsNotBelievedAndAShorterOneIs) {
    too_big(1000);
    too_big(1200);
    EXPECT_EQ(mtu_to(kFar), 1000U);
    too_big(800);
    EXPECT_EQ(mtu_to(kFar), 800U);
    too_big(1600);
    EXPECT_EQ(mtu_to(kNet + 9), 1500U);
}

TEST_F(Learn, BelowTheLeastThePathMtuIsLockedAtIt) {
    too_big(100);
    EXPECT_EQ(mtu_to(kFar), 552U);
    EXPECT_TRUE(rt_mtu_locked(route_to(kFar)));
    too_big(560);
    EXPECT_EQ(mtu_to(kFar), 552U);
    receive_ip(kEth0, ip_packet({.destination = kFar, .frag_off = wire::IP_DF}, Bytes(600)));
    EXPECT_EQ(fate(Fate::frag_needed), 1U);  // a locked MTU holds for all
}

TEST_F(Learn, ALockedMtuOfARouteIsNotChanged) {
    rc::RouteAdd message = via(ip4(198, 51, 100, 0), 24, kOld);
    message.mtu = 1400, message.mtu_locked = 1;
    ASSERT_EQ(inet_route_add(message), 0);
    Learn::message(ICMP_DEST_UNREACH, ICMP_FRAG_NEEDED, 1000, kOld, ip4(198, 51, 100, 7));
    EXPECT_EQ(mtu_to(ip4(198, 51, 100, 7)), 1400U);
}

TEST_F(Learn, AllWaysOfAMultipathRouteLearnIt) {
    rc::RouteAdd message = route(ip4(198, 51, 100, 0), 24);
    message.nexthops = 2;
    message.nh_gateway[0] = kOld, message.nh_gateway[1] = ip4(10, 0, 0, 2);
    ASSERT_EQ(inet_route_add(message), 0);
    Learn::message(ICMP_DEST_UNREACH, ICMP_FRAG_NEEDED, 1000, kOld, ip4(198, 51, 100, 7));
    for (const u32 oif : {kEth0, kEth1}) {
        flowi4 flow{};
        flow.daddr = ip4(198, 51, 100, 7), flow.oif = oif;
        int error = 0;
        EXPECT_EQ(rt_dst_mtu(ip_route_output_key(&flow, &error), false), 1000U);
    }
}

TEST_F(Learn, TheDevicesMtuMovesWhatWasLearnt) {
    too_big(1000);
    ASSERT_EQ(inet_link_set({kEth1, 900, 0, 0, 0, {}}), 0);
    EXPECT_EQ(mtu_to(kFar), 900U);
    ASSERT_EQ(inet_link_set({kEth1, 1400, 0, 0, 0, {}}), 0);
    EXPECT_EQ(mtu_to(kFar), 1400U);  // it was what the device had
}

TEST_F(Learn, WithTheRouteGoesWhatWasLearnt) {
    redirect();
    ASSERT_EQ(inet_route_del(del(kNet, 24)), 0);
    ASSERT_EQ(inet_route_add(via(kNet, 24, kOld)), 0);
    EXPECT_EQ(gateway_to(kFar), kOld);
}

TEST_F(Learn, TheOldestMakesRoom) {
    const u16 nexthop = static_cast<u16>(route_to(kFar) - rt_table);
    for (u32 i = 0; i < 3 * kMaxExceptions; ++i) {
        update_or_create_fnhe(nexthop, ip4(60, 0, 0, 0) + i, kNew, 0, false, 3600 * kSec);
        native::advance(1);
        ASSERT_EQ(fib_find_exception(nexthop, ip4(60, 0, 0, 0) + i)->gateway, kNew) << i;
    }
    EXPECT_EQ(fib_find_exception(nexthop, ip4(60, 0, 0, 0))->gateway, kOld);
}

}  // namespace
}  // namespace fw::test
