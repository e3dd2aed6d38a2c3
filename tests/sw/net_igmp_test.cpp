// SPDX-License-Identifier: Apache-2.0
// Membership in groups, as its link's routers hear of it (RFC 2236, RFC 3376; Linux 6.18 net/ipv4/igmp.c).
#include "sw/kernel/timer.h"
#include "tests/sw/net_router.h"

namespace fw::test {
namespace {

constexpr u32 kGroup = ip4(239, 1, 2, 3), kOther = ip4(239, 1, 2, 4), kAllHosts = ip4(224, 0, 0, 1);

class IgmpTest : public Router {
  protected:
    void SetUp() override {
        Router::SetUp();
        configure();
        native::advance(kSec);
    }
    void TearDown() override {
        link_down(kEth0);
        link_down(kEth1);
        native::advance(u64{300} * kSec);
        Router::TearDown();
    }

    static Bytes message(const Bytes& bytes) {
        Bytes igmp = bytes;
        wire::put16(&igmp[2], internet_checksum(igmp.data(), igmp.size()));
        return igmp;
    }
    static Bytes with_group(u8 type, u8 code, u32 group) {
        return {type,
                code,
                0,
                0,
                static_cast<u8>(group >> 24),
                static_cast<u8>(group >> 16),
                static_cast<u8>(group >> 8),
                static_cast<u8>(group)};
    }
    static Bytes query_v3(u32 group, u8 code, u8 qrv = 2, u8 qqic = 125) {
        Bytes query = with_group(0x11, code, group);
        query.insert(query.end(), {qrv, qqic, 0, 0});
        return query;
    }
    /// A frame from a router of the link to the group, as it comes to members.
    static void hear(u32 group, const Bytes& igmp) {
        const Header header = {.destination = group, .ttl = 1, .protocol = 2, .options = {148, 4, 0, 0}};
        Bytes frame = frame_for(kEth0, ip_packet(header, igmp));
        const Bytes mac = {
            1, 0, 0x5E, static_cast<u8>(group >> 16 & 0x7F), static_cast<u8>(group >> 8), static_cast<u8>(group)};
        std::copy(mac.begin(), mac.end(), frame.begin());
        receive(kEth0, frame);
    }
    /// The n-th frame sent is this message from 10.0.0.1 to the group, with TTL 1, DF and a router alert.
    static void expect_message(size_t n, u32 to, const Bytes& igmp) {
        ASSERT_GT(sent().size(), n);
        const Header header = {.source = ip4(10, 0, 0, 1),
                               .destination = to,
                               .ttl = 1,
                               .tos = 0xC0,
                               .protocol = 2,
                               .id = 0,
                               .frag_off = wire::IP_DF,
                               .options = {148, 4, 0, 0}};
        EXPECT_EQ(sent()[n].ifindex, kEth0);
        EXPECT_EQ(Bytes(sent()[n].frame.begin() + 14, sent()[n].frame.end()), ip_packet(header, message(igmp)));
        EXPECT_EQ(sent()[n].frame[0], 1);
        EXPECT_EQ(sent()[n].frame[2], 0x5E);
    }
    static Bytes report_v3(u8 type, u32 group) {
        Bytes report = {0x22, 0, 0, 0, 0, 0, 0, 1, type, 0, 0, 0};
        for (unsigned shift = 32; shift > 0; shift -= 8) report.push_back(static_cast<u8>(group >> (shift - 8)));
        return report;
    }
    static constexpr u32 kV3Routers = ip4(224, 0, 0, 22);
};

TEST_F(IgmpTest, EveryLinkThatIsUpIsInTheGroupOfAllHostsAndTellsNobody) {
    EXPECT_TRUE(ip_check_mc(port(kEth0), kAllHosts));
    EXPECT_FALSE(ip_check_mc(port(kEth2), kAllHosts));
    native::advance(u64{10} * kSec);
    EXPECT_EQ(sent().size(), 0U);
}

TEST_F(IgmpTest, AGroupThatIsJoinedIsToldTwice) {
    ASSERT_EQ(ip_mc_inc_group(port(kEth0), kGroup), 0);
    EXPECT_TRUE(ip_check_mc(port(kEth0), kGroup));
    EXPECT_FALSE(ip_check_mc(port(kEth1), kGroup));
    native::advance(u64{10} * kMsec);
    expect_message(0, kV3Routers, report_v3(4, kGroup));
    native::advance(u64{10} * kSec);
    expect_message(1, kV3Routers, report_v3(4, kGroup));
    EXPECT_EQ(sent().size(), 2U);
    EXPECT_EQ(counter(Snmp::IpExtOutMcastPkts), 2U);
}

TEST_F(IgmpTest, AGroupThatIsLeftIsToldTwice) {
    ASSERT_EQ(ip_mc_inc_group(port(kEth0), kGroup), 0);
    ASSERT_EQ(ip_mc_inc_group(port(kEth0), kGroup), 0);
    native::advance(u64{10} * kSec);
    sent_frames().clear();
    ASSERT_EQ(ip_mc_dec_group(port(kEth0), kGroup), 0);
    EXPECT_TRUE(ip_check_mc(port(kEth0), kGroup));
    ASSERT_EQ(ip_mc_dec_group(port(kEth0), kGroup), 0);
    EXPECT_FALSE(ip_check_mc(port(kEth0), kGroup));
    native::advance(u64{10} * kSec);
    expect_message(0, kV3Routers, report_v3(3, kGroup));
    expect_message(1, kV3Routers, report_v3(3, kGroup));
    EXPECT_EQ(sent().size(), 2U);
    EXPECT_EQ(ip_mc_dec_group(port(kEth0), kGroup), -err::addrnotavail);
}

TEST_F(IgmpTest, AGeneralQueryIsAnsweredForAllGroupsAtOnce) {
    ip_mc_inc_group(port(kEth0), kGroup);
    ip_mc_inc_group(port(kEth0), kOther);
    native::advance(u64{10} * kSec);
    sent_frames().clear();
    hear(kAllHosts, message(query_v3(0, 10)));
    native::advance(u64{1} * kSec + 2 * kMsec);
    Bytes both = report_v3(2, kOther);
    const Bytes second = report_v3(2, kGroup);
    both.insert(both.end(), second.begin() + 8, second.end());
    both[7] = 2;
    expect_message(0, kV3Routers, both);
    EXPECT_EQ(sent().size(), 1U);
}

TEST_F(IgmpTest, AQueryForAGroupIsAnsweredForItAlone) {
    ip_mc_inc_group(port(kEth0), kGroup);
    ip_mc_inc_group(port(kEth0), kOther);
    native::advance(u64{10} * kSec);
    sent_frames().clear();
    hear(kGroup, message(query_v3(kGroup, 10)));
    native::advance(u64{1} * kSec + 2 * kMsec);
    expect_message(0, kV3Routers, report_v3(2, kGroup));
    EXPECT_EQ(sent().size(), 1U);
}

TEST_F(IgmpTest, BehindAQueryOfVersion2ReportsAreOfVersion2) {
    ip_mc_inc_group(port(kEth0), kGroup);
    native::advance(u64{10} * kSec);
    sent_frames().clear();
    hear(kAllHosts, message(with_group(0x11, 100, 0)));
    native::advance(u64{10} * kSec + 2 * kMsec);
    expect_message(0, kGroup, with_group(0x16, 0, kGroup));
    ASSERT_EQ(ip_mc_dec_group(port(kEth0), kGroup), 0);
    expect_message(1, ip4(224, 0, 0, 2), with_group(0x17, 0, kGroup));
}

TEST_F(IgmpTest, BehindAQueryOfVersion1ReportsAreOfVersion1AndNobodySaysThatHeLeaves) {
    ip_mc_inc_group(port(kEth0), kGroup);
    native::advance(u64{10} * kSec);
    sent_frames().clear();
    hear(kAllHosts, message(with_group(0x11, 0, 0)));
    native::advance(u64{10} * kSec + 2 * kMsec);
    expect_message(0, kGroup, with_group(0x12, 0, kGroup));
    ip_mc_dec_group(port(kEth0), kGroup);
    EXPECT_EQ(sent().size(), 1U);
}

TEST_F(IgmpTest, OldRoutersAreForgottenAfterAWhile) {
    hear(kAllHosts, message(with_group(0x11, 100, 0)));
    native::advance(u64{2 * 125 + 10} * kSec + 1);  // RFC 3376 8.12: robustness times query interval, and response
    ip_mc_inc_group(port(kEth0), kGroup);
    native::advance(u64{10} * kMsec);
    expect_message(0, kV3Routers, report_v3(4, kGroup));
}

TEST_F(IgmpTest, AVersionThatIsForcedIsSpokenUnasked) {
    sysctl_write(rc::SysctlId::force_igmp_version, kEth0, 2);
    ip_mc_inc_group(port(kEth0), kGroup);
    native::advance(u64{10} * kMsec);
    expect_message(0, kGroup, with_group(0x16, 0, kGroup));
    native::advance(u64{20} * kSec);
    EXPECT_EQ(sent().size(), 2U);
}

TEST_F(IgmpTest, RobustnessSaysHowOftenAGroupIsTold) {
    sysctl_write(rc::SysctlId::igmp_qrv, 0, 4);
    link_down(kEth0);
    link_up(kEth0);
    ip_mc_inc_group(port(kEth0), kGroup);
    native::advance(u64{20} * kSec);
    EXPECT_EQ(sent().size(), 4U);
}

TEST_F(IgmpTest, TimesBetweenReportsThatNobodyAskedForAreSysctls) {
    sysctl_write(rc::SysctlId::igmpv3_unsolicited_report_interval, kEth0, 50);
    ip_mc_inc_group(port(kEth0), kGroup);
    native::advance(u64{60} * kMsec);
    EXPECT_EQ(sent().size(), 2U);
    sysctl_write(rc::SysctlId::force_igmp_version, kEth0, 2);
    sysctl_write(rc::SysctlId::igmpv2_unsolicited_report_interval, kEth0, 0);  // counts as the least time there is
    ip_mc_inc_group(port(kEth0), kOther);
    native::advance(u64{10} * kMsec);
    EXPECT_EQ(sent().size(), 4U);
}

TEST_F(IgmpTest, GroupsOfTheLinkAreNotToldWhereASysctlSaysSo) {
    constexpr u32 kRip = ip4(224, 0, 0, 9);
    sysctl_write(rc::SysctlId::igmp_link_local_mcast_reports, 0, 0);
    ip_mc_inc_group(port(kEth0), kRip);
    native::advance(u64{10} * kSec);
    hear(kAllHosts, message(query_v3(0, 10)));
    native::advance(u64{10} * kSec);
    ip_mc_dec_group(port(kEth0), kRip);
    native::advance(u64{10} * kSec);
    EXPECT_EQ(sent().size(), 0U);
    sysctl_write(rc::SysctlId::igmp_link_local_mcast_reports, 0, 1);
    ip_mc_inc_group(port(kEth0), kRip);
    native::advance(u64{10} * kMsec);
    expect_message(0, kV3Routers, report_v3(4, kRip));
}

TEST_F(IgmpTest, AnAddressThatIsAGroupMayJoinIt) {
    const auto add = [](u32 address, u8 prefixlen) {
        return inet_addr_add({.ifindex = kEth0, .address = address, .prefixlen = prefixlen, .autojoin = 1});
    };
    EXPECT_EQ(add(ip4(10, 3, 0, 1), 24), -err::inval);
    ASSERT_EQ(add(kGroup, 32), 0);
    EXPECT_TRUE(ip_check_mc(port(kEth0), kGroup));
    EXPECT_EQ(add(kGroup, 24), -err::addrinuse);
    sysctl_write(rc::SysctlId::igmp_max_memberships, 0, 1);
    EXPECT_EQ(add(kOther, 32), -err::nobufs);
    sysctl_write(rc::SysctlId::igmp_max_memberships, 0, 20);
    ASSERT_EQ(addr_add(kEth0, kOther, 32), 0);
    EXPECT_FALSE(ip_check_mc(port(kEth0), kOther));
    EXPECT_EQ(add(kOther, 32), -err::exist);  // and what was joined for it is left
    EXPECT_FALSE(ip_check_mc(port(kEth0), kOther));
    ASSERT_EQ(addr_del(kEth0, kGroup, 32), 0);
    EXPECT_FALSE(ip_check_mc(port(kEth0), kGroup));
}

TEST_F(IgmpTest, WhoHearsAnotherReportIsSilent) {
    ip_mc_inc_group(port(kEth0), kGroup);
    native::advance(u64{10} * kSec);
    sent_frames().clear();
    hear(kAllHosts, message(with_group(0x11, 100, 0)));
    hear(kGroup, message(with_group(0x16, 0, kGroup)));
    native::advance(u64{20} * kSec);
    EXPECT_EQ(sent().size(), 0U);
    ip_mc_dec_group(port(kEth0), kGroup);  // nor does he say that he leaves
    EXPECT_EQ(sent().size(), 0U);
}

TEST_F(IgmpTest, BrokenMessagesAreDroppedByReason) {
    Bytes wrong = message(with_group(0x11, 100, 0));
    wrong[2] ^= 1;
    hear(kAllHosts, wrong);
    EXPECT_EQ(fate(Fate::bad_checksum), 1U);
    hear(kAllHosts, message({0x11, 1, 0, 0}));
    EXPECT_EQ(fate(Fate::bad_transport), 1U);
    Bytes between = with_group(0x11, 1, 0);
    between.push_back(0);
    between.push_back(0);
    hear(kAllHosts, message(between));
    EXPECT_EQ(fate(Fate::bad_transport), 2U);
    Bytes sources = query_v3(kGroup, 10);
    sources[11] = 1;  // of which there is none
    hear(kAllHosts, message(sources));
    EXPECT_EQ(fate(Fate::bad_transport), 3U);
    Bytes general = query_v3(0, 10);
    general[11] = 1;
    general.insert(general.end(), {1, 2, 3, 4});
    hear(kAllHosts, message(general));
    EXPECT_EQ(fate(Fate::bad_transport), 4U);
    hear(kAllHosts, message(with_group(0x99, 0, 0)));
    EXPECT_EQ(fate(Fate::delivered), 1U);
}

TEST_F(IgmpTest, ALinkThatGoesDownAndUpTellsItsGroupsAgain) {
    ip_mc_inc_group(port(kEth0), kGroup);
    native::advance(u64{10} * kSec);
    link_down(kEth0);
    EXPECT_EQ(dev_mc_list_of(port(kEth0)).count, 0U);
    sent_frames().clear();
    link_up(kEth0);
    EXPECT_EQ(dev_mc_list_of(port(kEth0)).count, 2U);
    native::advance(u64{10} * kMsec);
    EXPECT_EQ(sent().size(), 1U);
}

TEST_F(IgmpTest, GroupsWithoutAPlaceAndWhatIsNoGroupAreRefused) {
    EXPECT_EQ(ip_mc_inc_group(port(kEth0), ip4(10, 0, 0, 1)), -err::inval);
    u32 group = kGroup;
    while (ip_mc_inc_group(port(kEth2), group) == 0) ++group;
    EXPECT_EQ(group - kGroup, kMaxMemberships - 3);  // lo, eth0 and eth1 are in 224.0.0.1
    EXPECT_EQ(ip_mc_inc_group(port(kEth2), group), -err::nobufs);
}

TEST_F(IgmpTest, PacketsToAGroupAreTakenWhileItIsJoined) {
    const auto to_group = [] {
        Bytes frame = frame_for(kEth0, ip_packet({.destination = kGroup, .protocol = 17}, Bytes(8)));
        const u8 mac[] = {1, 0, 0x5E, 1, 2, 3};
        std::copy(mac, mac + 6, frame.begin());
        receive(kEth0, frame);
    };
    to_group();
    EXPECT_EQ(counter(Snmp::IpInDelivers), 0U);
    ip_mc_inc_group(port(kEth0), kGroup);
    to_group();
    EXPECT_EQ(counter(Snmp::IpInDelivers), 1U);
    EXPECT_EQ(counter(Snmp::IpExtInMcastPkts), 1U);
}

TEST_F(IgmpTest, ADeviceTakesTheGroupsOfItsListAndAllWhenThereAreTooMany) {
    const Bytes mac = {1, 0, 0x5E, 1, 2, 3};
    ip_mc_inc_group(port(kEth0), kGroup);
    const dev_mc_list& list = dev_mc_list_of(port(kEth0));
    EXPECT_EQ(list.count, 2U);
    EXPECT_EQ(Bytes(list.address[1], list.address[1] + 6), mac);
    for (u32 n = 0; n < kMaxMcAddresses; ++n) ip_mc_inc_group(port(kEth0), kOther + n);
    EXPECT_TRUE(dev_takes_all_groups(port(kEth0)));
    for (u32 n = 0; n < kMaxMcAddresses; ++n) ip_mc_dec_group(port(kEth0), kOther + n);
    EXPECT_FALSE(dev_takes_all_groups(port(kEth0)));
    EXPECT_EQ(list.count, 2U);
}

}  // namespace
}  // namespace fw::test
