// SPDX-License-Identifier: Apache-2.0
// How often the router answers: Linux's limits of ICMP errors, of ip_error and of redirects.
#include "sw/net/inetpeer.h"
#include "tests/sw/net_icmp.h"

namespace fw::test {
namespace {

class IcmpLimits : public IcmpRouter {
  protected:
    void SetUp() override {
        IcmpRouter::SetUp();
        tsc_khz = 1'000'000;
        native::machine().tsc = 0;
    }
    void TearDown() override {
        tsc_khz = 0;
        IcmpRouter::TearDown();
    }
    static void pass(u64 us) { native::machine().tsc += us * 1000; }
    /// So many packets die of their TTL; how many of them were answered.
    static size_t expired(unsigned packets, u32 source = kHost) {
        sent_frames().clear();
        for (unsigned i = 0; i < packets; ++i) receive_ip(kEth0, ip_packet({.source = source, .ttl = 1}, {}));
        return sent().size();
    }
    static size_t unroutable(unsigned packets, u32 source = kHost) {
        sent_frames().clear();
        for (unsigned i = 0; i < packets; ++i) {
            receive_ip(kEth0, ip_packet({.source = source, .destination = ip4(192, 0, 2, 1)}, {}));
        }
        return sent().size();
    }
    /// Linux's own settings (Documentation/networking/ip-sysctl.rst).
    static void as_linux() {
        sysctl_write(rc::SysctlId::icmp_ratelimit, 0, 1000);
        sysctl_write(rc::SysctlId::icmp_ratemask, 0, 6168);
    }
};

TEST_F(IcmpLimits, ErrorsToOneHostAreSixAtOnceThenOneASecond) {
    as_linux();
    EXPECT_EQ(expired(10), 6U);
    EXPECT_EQ(counter(Snmp::IcmpOutRateLimitHost), 4U);
    pass(999 * kMsec);
    EXPECT_EQ(expired(1), 0U);
    pass(1 * kMsec);
    EXPECT_EQ(expired(2), 1U);
    EXPECT_EQ(expired(10, ip4(10, 0, 0, 3)), 6U);
}

TEST_F(IcmpLimits, TypesOutsideTheMaskAreNotLimited) {
    as_linux();
    sysctl_write(rc::SysctlId::icmp_ratemask, 0, 6168 & ~(1 << 11));
    EXPECT_EQ(expired(10), 10U);
}

TEST_F(IcmpLimits, FragmentationNeededIsNeverLimited) {
    as_linux();
    port(kEth1)->mtu = 100;
    for (unsigned i = 0; i < 10; ++i) receive_ip(kEth0, ip_packet({.frag_off = wire::IP_DF}, Bytes(200)));
    EXPECT_EQ(sent().size(), 10U);
}

TEST_F(IcmpLimits, AllMessagesTogetherHaveABurstAndARate) {
    as_linux();
    sysctl_write(rc::SysctlId::icmp_ratelimit, 0, 0);
    sysctl_write(rc::SysctlId::icmp_msgs_per_sec, 0, 100);
    sysctl_write(rc::SysctlId::icmp_msgs_burst, 0, 3);
    EXPECT_EQ(expired(5), 3U);
    EXPECT_EQ(counter(Snmp::IcmpOutRateLimitGlobal), 2U);
    pass(19 * kMsec);  // filled in steps of 20 ms
    EXPECT_EQ(expired(1), 0U);
    pass(1 * kMsec);
    EXPECT_EQ(expired(5), 2U);
    pass(10 * kSec);
    EXPECT_EQ(expired(5), 3U);
}

/// A lock orders what CPUs store, but not when each of them reads its clock (Intel SDM volume 2, RDTSC).
TEST_F(IcmpLimits, AClockThatAnotherCpuReadALittleEarlierFillsNoBucket) {
    as_linux();
    sysctl_write(rc::SysctlId::icmp_msgs_per_sec, 0, 100);
    sysctl_write(rc::SysctlId::icmp_msgs_burst, 0, 6);
    pass(kSec);
    EXPECT_EQ(expired(8), 6U);
    native::machine().tsc -= 1000;
    EXPECT_EQ(expired(1), 0U) << "all messages together";
    sysctl_write(rc::SysctlId::icmp_ratemask, 0, 0);
    sysctl_write(rc::SysctlId::icmp_msgs_per_sec, 0, 0);
    native::machine().tsc += 1000;
    EXPECT_TRUE(inet_peer_error_allow(1, kSec, kSec));
    native::machine().tsc -= 1000;
    EXPECT_FALSE(inet_peer_error_allow(1, kSec, kSec)) << "one host";
}

TEST_F(IcmpLimits, ARateOfNothingMeansSilence) {
    as_linux();
    sysctl_write(rc::SysctlId::icmp_msgs_per_sec, 0, 0);
    EXPECT_EQ(expired(3), 0U);
    EXPECT_EQ(counter(Snmp::IcmpOutRateLimitGlobal), 3U);
}

TEST_F(IcmpLimits, UnroutablePacketsOfOneHostAreAnsweredFiveTimesAtOnceThenOnceASecond) {
    EXPECT_EQ(unroutable(8), 5U);
    pass(kSec);
    EXPECT_EQ(unroutable(2), 1U);
    EXPECT_EQ(unroutable(8, ip4(10, 0, 0, 3)), 5U);
    EXPECT_EQ(counter(Snmp::IpExtInNoRoutes), 18U);
    EXPECT_EQ(fate(Fate::no_route), 18U);
}

TEST_F(IcmpLimits, ThePriceAndTheBurstOfThoseAnswersAreSysctls) {
    sysctl_write(rc::SysctlId::route_error_cost, 0, 100);
    sysctl_write(rc::SysctlId::route_error_burst, 0, 200);
    EXPECT_EQ(unroutable(5), 2U);
    pass(100 * kMsec);
    EXPECT_EQ(unroutable(5), 1U);
}

TEST_F(IcmpLimits, APeerMoreThanFitsTakesThePlaceOfTheOneUnusedForLongest) {
    inet_peer_init();
    for (u32 i = 0; i < kMaxInetPeers; ++i) inet_peer_error_allow(i, kSec, kSec);
    EXPECT_EQ(inet_peers_in_use(), kMaxInetPeers);
    EXPECT_FALSE(inet_peer_error_allow(0, kSec, kSec));  // known, and now the newest
    EXPECT_TRUE(inet_peer_error_allow(kMaxInetPeers, kSec, kSec));
    EXPECT_EQ(inet_peers_in_use(), kMaxInetPeers);
    EXPECT_FALSE(inet_peer_error_allow(0, kSec, kSec));
    EXPECT_TRUE(inet_peer_error_allow(1, kSec, kSec));  // forgotten, so its bucket is full again
}

TEST_F(IcmpLimits, RedirectsComeAtOnceThenAfterTwiceTheTimeEach) {
    EXPECT_EQ(inet_peer_redirect_allow(kHost), RedirectVerdict::send);
    u64 pause = 40 * kMsec;
    for (unsigned i = 2; i <= 9; ++i, pause *= 2) {
        pass(pause);
        EXPECT_EQ(inet_peer_redirect_allow(kHost), RedirectVerdict::silence) << i;
        pass(1);
        EXPECT_EQ(inet_peer_redirect_allow(kHost), i < 9 ? RedirectVerdict::send : RedirectVerdict::last) << i;
    }
    pass(20480 * kMsec);
    EXPECT_EQ(inet_peer_redirect_allow(kHost), RedirectVerdict::silence);
    pass(20480 * kMsec + 1);  // silent for so long: from the beginning
    EXPECT_EQ(inet_peer_redirect_allow(kHost), RedirectVerdict::send);
}

}  // namespace
}  // namespace fw::test
