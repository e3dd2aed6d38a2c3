// SPDX-License-Identifier: Apache-2.0
// Where received packets may come from and go to: rp_filter, accept_local, route_localnet, bc_forwarding, martians. The
// tables are what `ip route get … from … iif …` answers on the real kernel (6.18) with the configuration of SetUp.
#include "sw/kernel/printk.h"
#include "sw/kernel/time.h"
#include "tests/sw/net_router.h"

namespace fw::test {
namespace {

constexpr u32 kStranger = ip4(8, 8, 8, 8), kOther = ip4(10, 0, 1, 2), kHost = ip4(10, 0, 0, 2);
constexpr u32 kOwn0 = ip4(10, 0, 0, 1), kOwn1 = ip4(10, 0, 1, 1), kBlack = ip4(192, 168, 7, 7);

class Source : public Router {
  protected:
    void SetUp() override {
        Router::SetUp();
        configure();
        link_up(kEth2);  // without address
        ASSERT_EQ(inet_route_add(special(ip4(192, 168, 7, 0), 24, rc::RTN_BLACKHOLE)), 0);
    }

    /// Device that the packet leaves by, "local", "broadcast", or the fate that refuses it.
    static std::string answer(u32 to, u32 from, u32 in) {
        sk_buff* skb = alloc_skb();
        const Bytes packet = ip_packet({.source = from, .destination = to}, {1});
        std::memcpy(skb_put(skb, static_cast<u32>(packet.size())), packet.data(), packet.size());
        skb->protocol = wire::swap16(wire::ETH_P_IP);
        skb->dev = port(in);
        skb->network_header = skb_headroom(skb);
        const u64 before = fate(Fate::rp_filter);
        if (!ip_route_input(skb, skb->dev)) return fate(Fate::rp_filter) > before ? "rp_filter" : "martian";
        const rtable* rt = skb->dst;
        redirect_ = (IPCB(skb)->flags & IPSKB_DOREDIRECT) != 0;
        const bool forward = rt->input == ip_forward;
        consume_skb(skb);
        return forward ? rt->dev->name : rt->type == rc::RTN_BROADCAST ? "broadcast" : "local";
    }
    static void filter(i64 value) { sysctl_write(rc::SysctlId::rp_filter, rc::SYSCTL_ALL, value); }

    static bool redirect_;
};
bool Source::redirect_ = false;

struct Case {
    u32 to;
    u32 from;
    u32 in;
    const char* by_rp_filter[3];
};
const Case kCases[] = {
    {kOther, kHost, kEth0, {"eth1", "eth1", "eth1"}},
    {kOther, ip4(10, 0, 1, 3), kEth0, {"eth1", "rp_filter", "eth1"}},
    {kOther, kStranger, kEth0, {"eth1", "rp_filter", "rp_filter"}},
    {kOther, kOwn0, kEth0, {"martian", "martian", "martian"}},
    {kOther, ip4(10, 0, 0, 255), kEth0, {"eth1", "martian", "martian"}},
    {kOwn0, ip4(10, 0, 1, 3), kEth0, {"local", "rp_filter", "local"}},
    {kOwn0, kStranger, kEth0, {"local", "rp_filter", "rp_filter"}},
    {ip4(10, 0, 0, 255), kStranger, kEth0, {"broadcast", "rp_filter", "rp_filter"}},
    {kHost, kStranger, kEth0, {"eth0", "rp_filter", "rp_filter"}},
    {kHost, ip4(10, 0, 1, 9), kEth0, {"eth0", "rp_filter", "eth0"}},
    {kHost, kOwn0, kEth0, {"martian", "martian", "martian"}},
    {kOther, ip4(192, 168, 9, 9), kEth2, {"eth1", "rp_filter", "rp_filter"}},
    {kOther, ip4(10, 0, 1, 9), kEth2, {"eth1", "rp_filter", "rp_filter"}},
    {kOther, kBlack, kEth0, {"eth1", "rp_filter", "rp_filter"}},
    {kHost, kBlack, kEth0, {"eth0", "rp_filter", "rp_filter"}},
};

TEST_F(Source, RpFilterOffStrictAndLooseJudgeAsTheKernelDoes) {
    for (i64 mode = 0; mode < 3; ++mode) {
        filter(mode);
        for (const Case& c : kCases) {
            EXPECT_EQ(answer(c.to, c.from, c.in), c.by_rp_filter[mode])
                << "mode " << mode << std::hex << " to " << c.to << " from " << c.from << " in " << c.in;
        }
    }
}

TEST_F(Source, ADefaultRouteMakesAllSourcesLooselyValid) {
    ASSERT_EQ(inet_route_add(via(0, 0, kOther)), 0);
    filter(2);
    EXPECT_EQ(answer(kOther, kStranger, kEth0), "eth1");
    filter(1);
    EXPECT_EQ(answer(kOther, kStranger, kEth0), "rp_filter");
    EXPECT_EQ(answer(kHost, kStranger, kEth1), "eth0");
}

TEST_F(Source, TheGreaterOfAllAndTheDevicesOwnRpFilterHolds) {
    sysctl_write(rc::SysctlId::rp_filter, kEth0, 1);
    EXPECT_EQ(answer(kOther, kStranger, kEth0), "rp_filter");
    EXPECT_EQ(answer(kHost, kStranger, kEth1), "eth0");
    filter(2);
    EXPECT_EQ(answer(kOther, ip4(10, 0, 1, 3), kEth0), "eth1");
    sysctl_write(rc::SysctlId::rp_filter, kEth0, 0);
    filter(0);
    EXPECT_EQ(answer(kOther, kStranger, kEth0), "eth1");
}

TEST_F(Source, AFilteredPacketIsCountedAsLinuxCountsIt) {
    filter(1);
    receive_ip(kEth0, ip_packet({.source = kStranger, .destination = kOther}, {1}));
    receive_ip(kEth0, ip_packet({.source = kStranger, .destination = ip4(224, 0, 0, 1)}, {1}));
    EXPECT_EQ(fate(Fate::rp_filter), 2U);
    EXPECT_EQ(counter(Snmp::TcpExtIPReversePathFilter), 2U);
    EXPECT_EQ(counter(Snmp::RtCacheInMartianSrc), 1U);
    EXPECT_TRUE(sent().empty());
}

TEST_F(Source, AcceptLocalTakesPacketsFromOwnAddresses) {
    sysctl_write(rc::SysctlId::accept_local, kEth0, 1);
    EXPECT_EQ(answer(kOther, kOwn0, kEth0), "eth1");
    EXPECT_EQ(answer(kOwn0, kOwn1, kEth0), "local");
    sysctl_write(rc::SysctlId::rp_filter, kEth0, 1);
    EXPECT_EQ(answer(kOther, kOwn0, kEth0), "eth1");
    EXPECT_EQ(answer(kOther, kOwn1, kEth0), "rp_filter");
}

TEST_F(Source, RouteLocalnetLetsLoopbackAddressesIn) {
    EXPECT_EQ(answer(ip4(127, 0, 0, 1), kHost, kEth0), "martian");
    EXPECT_EQ(answer(kOther, ip4(127, 0, 0, 5), kEth0), "martian");
    sysctl_write(rc::SysctlId::route_localnet, kEth0, 1);
    EXPECT_EQ(answer(ip4(127, 0, 0, 1), kHost, kEth0), "local");
    EXPECT_EQ(answer(kOther, ip4(127, 0, 0, 5), kEth0), "eth1");
    EXPECT_EQ(answer(ip4(224, 0, 0, 1), ip4(127, 0, 0, 5), kEth0), "local");
}

TEST_F(Source, BroadcastsAreForwardedWhereAllAndTheDeviceSaySo) {
    const u32 directed = ip4(10, 0, 1, 255);
    EXPECT_EQ(answer(directed, kHost, kEth0), "broadcast");
    sysctl_write(rc::SysctlId::bc_forwarding, rc::SYSCTL_ALL, 1);
    EXPECT_EQ(answer(directed, kHost, kEth0), "broadcast");
    sysctl_write(rc::SysctlId::bc_forwarding, kEth0, 1);
    EXPECT_EQ(answer(directed, kHost, kEth0), "eth1");
}

TEST_F(Source, RulesMakeTheWayBackDependOnTheMarkWhereSrcValidMarkSaysSo) {
    rc::RuleAdd message;
    message.has_priority = 1, message.priority = 10, message.table = 100, message.action = rc::FR_ACT_TO_TBL;
    message.fwmark = 0, message.fwmask = 1, message.suppress_prefixlen = rc::SUPPRESS_NONE;
    rc::RouteAdd back = via(0, 0, kHost);
    back.table = 100;
    ASSERT_EQ(inet_route_add(back), 0);
    filter(1);
    EXPECT_EQ(answer(kOther, kStranger, kEth0), "rp_filter");
    ASSERT_EQ(inet_rule_add(message), 0);
    message.priority = 5, message.table = rc::RT_TABLE_MAIN;
    ASSERT_EQ(inet_rule_add(message), 0);
    EXPECT_EQ(answer(kOther, kStranger, kEth0), "eth1");
}

TEST_F(Source, AShorterWayOnTheSameLinkCallsForARedirect) {
    EXPECT_EQ(answer(kHost, ip4(10, 0, 0, 3), kEth0), "eth0");
    EXPECT_TRUE(redirect_);
    EXPECT_EQ(answer(kOther, kHost, kEth0), "eth1");
    EXPECT_FALSE(redirect_);
    EXPECT_EQ(answer(kHost, kStranger, kEth0), "eth0");  // no neighbour on the link
    EXPECT_FALSE(redirect_);
    // Without shared media the gateway must be on the sender's subnet.
    ASSERT_EQ(addr_add(kEth0, ip4(10, 9, 0, 1), 24), 0);
    ASSERT_EQ(inet_route_add(via(ip4(192, 0, 2, 0), 24, ip4(10, 9, 0, 2))), 0);
    EXPECT_EQ(answer(ip4(192, 0, 2, 1), kHost, kEth0), "eth0");
    EXPECT_TRUE(redirect_);
    sysctl_write(rc::SysctlId::shared_media, rc::SYSCTL_ALL, 0);
    sysctl_write(rc::SysctlId::shared_media, kEth0, 0);
    EXPECT_EQ(answer(ip4(192, 0, 2, 1), kHost, kEth0), "eth0");
    EXPECT_FALSE(redirect_);
    EXPECT_EQ(answer(ip4(192, 0, 2, 1), ip4(10, 9, 0, 7), kEth0), "eth0");
    EXPECT_TRUE(redirect_);
    sysctl_write(rc::SysctlId::send_redirects, rc::SYSCTL_ALL, 0);
    sysctl_write(rc::SysctlId::send_redirects, kEth0, 0);
    EXPECT_EQ(answer(ip4(192, 0, 2, 1), ip4(10, 9, 0, 7), kEth0), "eth0");
    EXPECT_FALSE(redirect_);
}

TEST_F(Source, CustomLocalRoutesAreLookedUpInsteadOfAddresses) {
    rc::RouteAdd local = on_link(ip4(198, 51, 100, 0), 24, kEth1);
    local.type = rc::RTN_LOCAL, local.scope = rc::RT_SCOPE_HOST, local.table = rc::RT_TABLE_LOCAL;
    ASSERT_EQ(inet_route_add(local), 0);
    EXPECT_EQ(answer(kOther, ip4(198, 51, 100, 9), kEth0), "martian");
    EXPECT_EQ(answer(kOther, kStranger, kEth0), "eth1");
}

class Martians : public Source {
  protected:
    void SetUp() override {
        Source::SetUp();
        tsc_khz = 1000;
        console_loglevel = 7;
        sysctl_write(rc::SysctlId::log_martians, rc::SYSCTL_ALL, 1);
    }
    void TearDown() override {
        native::machine() = {};
        tsc_khz = 0;
        console_loglevel = 4;
        Source::TearDown();
    }
    void martian() { receive_ip(kEth0, ip_packet({.source = kOwn0, .destination = kOther}, {1})); }
    static const std::string& log() { return native::machine().console; }
    static size_t lines_with(const std::string& text) {
        size_t count = 0;
        for (size_t at = log().find(text); at != std::string::npos; at = log().find(text, at + 1)) ++count;
        return count;
    }
};

TEST_F(Martians, AreLoggedWithTheirLinkHeader) {
    martian();
    EXPECT_NE(log().find("martian source 10.0.1.2 from 10.0.0.1, on dev eth0"), std::string::npos) << log();
    EXPECT_NE(log().find("ll header: 00000000: 02 00 00 00 00 01 02 00 00 0a 00 02 08 00\n"), std::string::npos)
        << log();
    receive_ip(kEth0, ip_packet({.source = kHost, .destination = ip4(127, 0, 0, 1)}, {1}));
    EXPECT_NE(log().find("martian destination 127.0.0.1 from 10.0.0.2, dev eth0"), std::string::npos) << log();
    EXPECT_EQ(counter(Snmp::RtCacheInMartianSrc), 1U);
    EXPECT_EQ(counter(Snmp::RtCacheInMartianDst), 1U);
    EXPECT_EQ(fate(Fate::martian), 2U);
}

TEST_F(Martians, AreNotLoggedUnlessAskedFor) {
    sysctl_write(rc::SysctlId::log_martians, rc::SYSCTL_ALL, 0);
    martian();
    EXPECT_EQ(log(), "");
}

TEST_F(Martians, AreLoggedTenTimesInFiveSecondsAndThenTheRestIsCounted) {
    for (int i = 0; i < 25; ++i) martian();
    EXPECT_EQ(lines_with("martian source"), 10U);
    native::machine().tsc = 5'000'001;
    martian();
    EXPECT_EQ(lines_with("martian source"), 11U);
    EXPECT_EQ(lines_with("net_ratelimit: 15 callbacks suppressed"), 1U);
}

}  // namespace
}  // namespace fw::test
