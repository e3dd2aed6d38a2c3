// SPDX-License-Identifier: Apache-2.0
// The route cache (Linux 2.6 net/ipv4/route.c): it changes counters and nothing else.
#include <random>

#include "sw/kernel/printk.h"
#include "sw/kernel/time.h"
#include "sw/kernel/timer.h"
#include "sw/net/route_cache.h"
#include "tests/sw/net_router.h"

namespace fw::test {
namespace {

constexpr u32 kHost = ip4(10, 0, 0, 2), kOther = ip4(10, 0, 1, 2);

class RouteCache : public Router {
  protected:
    void SetUp() override {
        Router::SetUp();
        configure();
        tsc_khz = 1000;
        native::machine().tsc = 100 * kSec;
        switch_cache(true);
    }
    void TearDown() override {
        rt_cache_init();
        native::machine().tsc = 0;
        tsc_khz = 0;
        console_loglevel = 4;
        Router::TearDown();
    }
    static void switch_cache(bool on) { sysctl_write(rc::SysctlId::rt_cache_rebuild_count, 0, on ? 4 : -1); }
    static void forward(u32 source = kHost, u32 destination = kOther, u8 tos = 0) {
        receive_ip(kEth0, ip_packet({.source = source, .destination = destination, .tos = tos}, {1}));
    }
    /// Many flows; each is one entry.
    static void forward_from_hosts(u32 first, u32 count) {
        for (u32 i = first; i < first + count; ++i) forward(ip4(20, 0, 0, 0) + i);
    }
};

TEST_F(RouteCache, IsOffByDefault) {
    switch_cache(false);
    forward(), forward();
    EXPECT_EQ(rt_cache_size(), 0U);
    EXPECT_EQ(counter(Snmp::RtCacheInHit), 0U);
}

TEST_F(RouteCache, TheSecondPacketOfAFlowIsAHit) {
    forward();
    EXPECT_EQ(counter(Snmp::RtCacheInSlowTot), 1U);
    EXPECT_EQ(counter(Snmp::RtCacheInHit), 0U);
    forward();
    EXPECT_EQ(counter(Snmp::RtCacheInSlowTot), 1U);
    EXPECT_EQ(counter(Snmp::RtCacheInHit), 1U);
    EXPECT_EQ(sent().size(), 2U);
}

TEST_F(RouteCache, AWayThatWasLookedUpBeforeAChangeIsNotUsedBehindIt) {
    const rt_cache_key key = {kOther, kHost, kEth0, 0, 0, 0};
    rt_cache_result found{};
    const u32 before = rt_genid_now();
    rt_genid_bump();  // another CPU has learnt something meanwhile
    rt_intern_hash(key, {&rt_table[0], 0, 0, 0, 0}, before);
    EXPECT_FALSE(rt_cache_lookup(key, &found));
    rt_intern_hash(key, {&rt_table[0], 0, 0, 0, 0}, rt_genid_now());
    EXPECT_TRUE(rt_cache_lookup(key, &found));
    EXPECT_EQ(found.rt, &rt_table[0]);
}

TEST_F(RouteCache, FlowsAreToldApartByAddressesTosMarkAndDevice) {
    forward();
    forward(kHost + 1);
    forward(kHost, kOther + 1);
    forward(kHost, kOther, 0x10);
    receive_ip(kEth1, ip_packet({.source = kHost, .destination = ip4(10, 0, 0, 3)}, {1}));
    EXPECT_EQ(rt_cache_size(), 5U);
    forward(kHost, kOther, 0x13);  // of which 0x10 counts
    EXPECT_EQ(rt_cache_size(), 5U);
    EXPECT_EQ(counter(Snmp::RtCacheInHit), 1U);
}

TEST_F(RouteCache, PacketsOfThisHostAreKeptWithTheirSource) {
    flowi4 flow{};
    int error = 0;
    for (int i = 0; i < 2; ++i) {
        flow = {};
        flow.daddr = kOther;
        EXPECT_EQ(ip_route_output_key(&flow, &error)->dev, port(kEth1));
        EXPECT_EQ(flow.saddr, ip4(10, 0, 1, 1));
    }
    EXPECT_EQ(counter(Snmp::RtCacheOutSlowTot), 1U);
    EXPECT_EQ(counter(Snmp::RtCacheOutHit), 1U);
}

TEST_F(RouteCache, NoRouteIsKeptTooAndMartiansAreNot) {
    forward(kHost, ip4(192, 0, 2, 1)), forward(kHost, ip4(192, 0, 2, 1));
    EXPECT_EQ(fate(Fate::no_route), 2U);
    EXPECT_EQ(counter(Snmp::RtCacheInHit), 1U);
    EXPECT_EQ(counter(Snmp::RtCacheInNoRoute), 1U);
    const unsigned before = rt_cache_size();
    forward(ip4(10, 0, 0, 1)), forward(ip4(10, 0, 0, 1));
    EXPECT_EQ(counter(Snmp::RtCacheInMartianSrc), 2U);
    EXPECT_EQ(rt_cache_size(), before);
}

TEST_F(RouteCache, ARedirectIsCalledForByEachPacketOfTheFlow) {
    for (int i = 0; i < 2; ++i) {
        sk_buff* skb = alloc_skb();
        const Bytes packet = ip_packet({.source = kHost, .destination = ip4(10, 0, 0, 3)}, {1});
        std::memcpy(skb_put(skb, static_cast<u32>(packet.size())), packet.data(), packet.size());
        skb->protocol = wire::swap16(wire::ETH_P_IP);
        skb->network_header = skb_headroom(skb);
        ASSERT_TRUE(ip_route_input(skb, port(kEth0)));
        EXPECT_TRUE(IPCB(skb)->flags & IPSKB_DOREDIRECT);
        consume_skb(skb);
    }
    EXPECT_EQ(counter(Snmp::RtCacheInHit), 1U);
}

TEST_F(RouteCache, AnyChangeOutdatesIt) {
    const auto hits_after = [&](auto change) {
        forward();
        const u64 before = counter(Snmp::RtCacheInHit);
        change();
        forward();
        return counter(Snmp::RtCacheInHit) - before;
    };
    EXPECT_EQ(hits_after([] {}), 1U);
    EXPECT_EQ(hits_after([] { inet_route_add(special(ip4(99, 0, 0, 0), 8, rc::RTN_BLACKHOLE)); }), 0U);
    EXPECT_EQ(hits_after([] { inet_route_del(del(ip4(99, 0, 0, 0), 8)); }), 0U);
    EXPECT_EQ(hits_after([] { addr_add(kEth0, ip4(10, 5, 0, 1), 24); }), 0U);
    EXPECT_EQ(hits_after([] { sysctl_write(rc::SysctlId::send_redirects, kEth0, 0); }), 0U);
    EXPECT_EQ(hits_after([] { inet_flush({rc::FLUSH_ROUTE_CACHE, 0, 0}); }), 0U);
    rc::RuleAdd rule;
    rule.has_priority = 1, rule.priority = 5, rule.table = 77, rule.action = rc::FR_ACT_TO_TBL;
    EXPECT_EQ(hits_after([&] { inet_rule_add(rule); }), 0U);
}

TEST_F(RouteCache, ALongChainLosesTheEntryWorthLeast) {
    sysctl_write(rc::SysctlId::route_gc_elasticity, 0, 1);
    forward_from_hosts(0, 4000);
    EXPECT_LE(rt_cache_size(), 2U << kRtHashLog);  // no more than two in a chain
    EXPECT_GT(counter(Snmp::RtCacheInHlistSearch), 0U);
}

TEST_F(RouteCache, UnusedEntriesGoAfterGcTimeout) {
    forward_from_hosts(0, 100);
    native::advance(299 * kSec);
    EXPECT_GT(rt_cache_size(), 50U);
    native::advance(302 * kSec);  // every chain was looked at once more
    EXPECT_EQ(rt_cache_size(), 0U);
}

TEST_F(RouteCache, AboveGcThreshEntriesAreCollected) {
    sysctl_write(rc::SysctlId::route_gc_thresh, 0, 100);
    forward_from_hosts(0, 150);
    EXPECT_GT(counter(Snmp::RtCacheGcTotal), 0U);
    EXPECT_GT(counter(Snmp::RtCacheGcIgnored), 0U);  // at most twice a second
    native::machine().tsc += 400 * kSec;
    forward_from_hosts(1000, 1);
    // 151 are 51 too many; half of them, and one chain's, are let be the next time (equilibrium).
    EXPECT_LE(rt_cache_size(), 126U);
}

TEST_F(RouteCache, AFullCacheIsCountedAndPacketsGoOnWithoutIt) {
    console_loglevel = 7;
    sysctl_write(rc::SysctlId::route_max_size, 0, 50);
    sysctl_write(rc::SysctlId::route_gc_thresh, 0, 20);
    forward_from_hosts(0, 80);
    EXPECT_EQ(sent().size(), 80U);
    EXPECT_GT(counter(Snmp::RtCacheGcGoalMiss), 0U);
    EXPECT_GT(counter(Snmp::RtCacheGcDstOverflow), 0U);
    EXPECT_LE(rt_cache_size(), 51U);
    EXPECT_NE(native::machine().console.find("dst cache overflow"), std::string::npos);
}

TEST_F(RouteCache, AgreesWithLookupsWithoutItOverRandomTablesPacketsAndChanges) {
    std::mt19937 random(7);
    const auto pick = [&](u32 n) { return static_cast<u32>(random() % n); };
    const auto route_of = [&] {
        rc::RouteAdd message = via(ip4(60, pick(2), pick(3), 0), 24, ip4(10, 0, pick(2), 2 + pick(2)));
        message.tos = static_cast<u8>(pick(2) * 8), message.metric = pick(2);
        if (pick(4) == 0) message.nexthops = 2, message.nh_gateway[0] = kHost, message.nh_gateway[1] = kOther;
        if (message.nexthops) message.gateway = 0;
        return message;
    };
    for (int step = 0; step < 10000; ++step) {
        switch (pick(200)) {
            case 0:
                inet_route_add(route_of());
                break;
            case 1: {
                rc::RouteDel message = del(ip4(60, pick(2), pick(3), 0), 24);
                message.tos = static_cast<u8>(pick(2) * 8);
                inet_route_del(message);
                break;
            }
            case 2:
                sysctl_write(rc::SysctlId::rp_filter, kEth0, pick(3));
                break;
            case 3: {
                rc::RuleAdd rule;
                rule.has_priority = 1, rule.priority = 10 + pick(3), rule.action = rc::FR_ACT_TO_TBL;
                rule.table = rc::RT_TABLE_MAIN, rule.iif = kEth0, rule.suppress_prefixlen = rc::SUPPRESS_NONE;
                if (pick(2)) inet_rule_add(rule);
                break;
            }
            default:
                break;
        }
        const Header header = {.source = ip4(10, pick(2), pick(2), 1 + pick(3)),
                               .destination = ip4(60, pick(2), pick(3), pick(3)),
                               .tos = static_cast<u8>(pick(3) * 8)};
        std::vector<Sent> got[2];
        u64 dropped[2] = {};
        for (const bool cached : {true, false}) {
            // The switch outdates the cache, so it stays on and what goes past it is asked for the answer.
            sent_frames().clear();
            const u64 before = fate(Fate::rp_filter) + fate(Fate::martian) + fate(Fate::no_route);
            const i64 value = cached ? 4 : -1;
            sysctl_global[static_cast<unsigned>(rc::SysctlId::rt_cache_rebuild_count)] = value;
            receive_ip(kEth0, ip_packet(header, {1}));
            got[cached] = sent();
            dropped[cached] = fate(Fate::rp_filter) + fate(Fate::martian) + fate(Fate::no_route) - before;
        }
        sysctl_global[static_cast<unsigned>(rc::SysctlId::rt_cache_rebuild_count)] = 4;
        // ICMP errors are limited in rate: only what is forwarded and what is dropped is compared.
        const auto forwarded = [](std::vector<Sent> list) {
            std::erase_if(list, [](const Sent& one) { return one.frame[14 + 9] == 1; });
            return list;
        };
        ASSERT_EQ(forwarded(got[0]), forwarded(got[1])) << step;
        ASSERT_EQ(dropped[0], dropped[1]) << step;
    }
    EXPECT_GT(counter(Snmp::RtCacheInHit), 500U);
    native::advance(1);
}

}  // namespace
}  // namespace fw::test
