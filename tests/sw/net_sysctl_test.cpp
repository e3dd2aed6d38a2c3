// SPDX-License-Identifier: Apache-2.0
// What writing net.ipv4.conf does, as Linux 6.18 shows it in a network namespace (`sysctl -w`, then `sysctl -n`), and
// how the values combine (include/linux/inetdevice.h).
#include "tests/sw/net_router.h"

namespace fw::test {
namespace {

using rc::SysctlId;

class Sysctl : public Router {
  protected:
    static i64 all(SysctlId id) { return sysctl_of(id, kConfAll); }
    static i64 dflt(SysctlId id) { return sysctl_of(id, kConfDefault); }
    static i64 eth0(SysctlId id) { return sysctl_of(id, kEth0); }
    static i64 eth1(SysctlId id) { return sysctl_of(id, kEth1); }
};

TEST_F(Sysctl, SourceRoutesAreRefusedByAllAlone) {
    EXPECT_EQ(all(SysctlId::accept_source_route), 0);
    EXPECT_EQ(dflt(SysctlId::accept_source_route), 1);
    EXPECT_EQ(eth0(SysctlId::accept_source_route), 1);
}

TEST_F(Sysctl, IpForwardSetsEveryInterfaceAndTurnsOffRedirectsOfAll) {
    ASSERT_EQ(sysctl_write(SysctlId::ip_forward, 0, 1), 0);
    EXPECT_EQ(all(SysctlId::forwarding), 1);
    EXPECT_EQ(dflt(SysctlId::forwarding), 1);
    EXPECT_EQ(eth0(SysctlId::forwarding), 1);
    EXPECT_EQ(all(SysctlId::accept_redirects), 0);
    EXPECT_EQ(dflt(SysctlId::accept_redirects), 1);
    EXPECT_EQ(eth0(SysctlId::accept_redirects), 1);
    ASSERT_EQ(sysctl_write(SysctlId::forwarding, rc::SYSCTL_ALL, 0), 0);
    EXPECT_EQ(sysctl(SysctlId::ip_forward), 0);
    EXPECT_EQ(eth0(SysctlId::forwarding), 0);
    EXPECT_EQ(all(SysctlId::accept_redirects), 1);
}

TEST_F(Sysctl, IpForwardWrittenWithTheValueItHasChangesNothing) {
    ASSERT_EQ(sysctl_write(SysctlId::forwarding, kEth1, 1), 0);
    ASSERT_EQ(sysctl_write(SysctlId::ip_forward, 0, 0), 0);
    EXPECT_EQ(eth1(SysctlId::forwarding), 1);
    EXPECT_EQ(all(SysctlId::accept_redirects), 1);
}

TEST_F(Sysctl, DefaultIsForDevicesToComeSinceThePortsWereMadeOfAWrittenOne) {
    for (const SysctlId id : {SysctlId::rp_filter, SysctlId::forwarding, SysctlId::promote_secondaries,
                              SysctlId::route_localnet, SysctlId::drop_unicast_in_l2_multicast}) {
        ASSERT_EQ(sysctl_write(id, rc::SYSCTL_DEFAULT, 1), 0);
        EXPECT_EQ(all(id), 0);
        EXPECT_EQ(dflt(id), 1);
        EXPECT_EQ(eth0(id), 0);
    }
}

TEST_F(Sysctl, DefaultReachesInterfacesWhereNobodyHasWrittenIt) {
    const SysctlId id = SysctlId::igmpv3_unsolicited_report_interval;
    ASSERT_EQ(sysctl_write(id, kEth0, 500), 0);
    ASSERT_EQ(sysctl_write(id, rc::SYSCTL_DEFAULT, 700), 0);
    EXPECT_EQ(all(id), 1000);
    EXPECT_EQ(eth0(id), 500);
    EXPECT_EQ(eth1(id), 700);
}

TEST_F(Sysctl, NeighbourParametersHaveADefaultButNoAll) {
    ASSERT_EQ(sysctl_write(SysctlId::neigh_mcast_solicit, kEth0, 7), 0);
    ASSERT_EQ(sysctl_write(SysctlId::neigh_mcast_solicit, rc::SYSCTL_DEFAULT, 9), 0);
    EXPECT_EQ(neigh_parm(port(kEth0), SysctlId::neigh_mcast_solicit), 7);
    EXPECT_EQ(neigh_parm(port(kEth1), SysctlId::neigh_mcast_solicit), 9);
    EXPECT_EQ(sysctl_write(SysctlId::neigh_mcast_solicit, rc::SYSCTL_ALL, 9), -err::noent);
}

TEST_F(Sysctl, AnInterfaceThatIsNotThereAndAValueOutOfRangeAreRefused) {
    EXPECT_EQ(sysctl_write(SysctlId::rp_filter, 9, 1), -err::nodev);
    EXPECT_EQ(sysctl_write(SysctlId::rp_filter, 0, 1), -err::nodev);
    EXPECT_EQ(sysctl_write(SysctlId::rp_filter, kEth0, 3), -err::inval);
    EXPECT_EQ(sysctl_write(SysctlId::count, 0, 1), -err::noent);
}

TEST_F(Sysctl, EachValueCombinesWithAllAsInLinux) {
    struct Case {
        bool (*read)(const net_device*);
        SysctlId id;
        bool both;  ///< both must be set; else one is enough
    };
    constexpr Case kCases[] = {
        {in_dev_mforward, SysctlId::mc_forwarding, true},
        {in_dev_bforward, SysctlId::bc_forwarding, true},
        {in_dev_source_route, SysctlId::accept_source_route, true},
        {in_dev_src_vmark, SysctlId::src_valid_mark, false},
        {in_dev_accept_local, SysctlId::accept_local, false},
        {in_dev_log_martians, SysctlId::log_martians, false},
        {in_dev_proxy_arp, SysctlId::proxy_arp, false},
        {in_dev_proxy_arp_pvlan, SysctlId::proxy_arp_pvlan, false},
        {in_dev_shared_media, SysctlId::shared_media, false},
        {in_dev_tx_redirects, SysctlId::send_redirects, false},
        {in_dev_sec_redirects, SysctlId::secure_redirects, false},
        {in_dev_promote_secondaries, SysctlId::promote_secondaries, false},
        {in_dev_route_localnet, SysctlId::route_localnet, false},
        {in_dev_arpfilter, SysctlId::arp_filter, false},
        {in_dev_drop_gratuitous_arp, SysctlId::drop_gratuitous_arp, false},
        {in_dev_drop_unicast_in_l2_multicast, SysctlId::drop_unicast_in_l2_multicast, false},
    };
    for (const Case& test : kCases) {
        for (unsigned bits = 0; bits < 4; ++bits) {
            // Not by sysctl_write, since mc_forwarding is read-only.
            sysctl_conf[unsigned(test.id)][kConfAll] = bits & 1;
            sysctl_conf[unsigned(test.id)][kEth0] = bits >> 1;
            EXPECT_EQ(test.read(port(kEth0)), test.both ? bits == 3 : bits != 0)
                << rc::kSysctls[unsigned(test.id)].name;
        }
    }
}

TEST_F(Sysctl, OfLevelsTheGreaterOfAllAndTheInterfaceCounts) {
    struct Case {
        i64 (*read)(const net_device*);
        SysctlId id;
    };
    for (const Case& test :
         {Case{in_dev_rpfilter, SysctlId::rp_filter}, Case{in_dev_arp_ignore, SysctlId::arp_ignore},
          Case{in_dev_arp_announce, SysctlId::arp_announce}, Case{in_dev_arp_accept, SysctlId::arp_accept}}) {
        ASSERT_EQ(sysctl_write(test.id, rc::SYSCTL_ALL, 1), 0);
        EXPECT_EQ(test.read(port(kEth0)), 1);
        ASSERT_EQ(sysctl_write(test.id, kEth0, 2), 0);
        EXPECT_EQ(test.read(port(kEth0)), 2);
        EXPECT_EQ(test.read(port(kEth1)), 1);
    }
}

TEST_F(Sysctl, ARouterListensToRedirectsOnlyWhereAllAndTheInterfaceAgree) {
    ASSERT_EQ(sysctl_write(SysctlId::accept_redirects, rc::SYSCTL_ALL, 0), 0);
    EXPECT_TRUE(in_dev_rx_redirects(port(kEth0)));
    ASSERT_EQ(sysctl_write(SysctlId::forwarding, kEth0, 1), 0);
    EXPECT_FALSE(in_dev_rx_redirects(port(kEth0)));
    ASSERT_EQ(sysctl_write(SysctlId::accept_redirects, rc::SYSCTL_ALL, 1), 0);
    EXPECT_TRUE(in_dev_rx_redirects(port(kEth0)));
}

TEST_F(Sysctl, TheIgmpVersionOfAllComesFirst) {
    ASSERT_EQ(sysctl_write(SysctlId::force_igmp_version, kEth0, 2), 0);
    EXPECT_EQ(in_dev_force_igmp_version(port(kEth0)), 2);
    ASSERT_EQ(sysctl_write(SysctlId::force_igmp_version, rc::SYSCTL_ALL, 1), 0);
    EXPECT_EQ(in_dev_force_igmp_version(port(kEth0)), 1);
}

}  // namespace
}  // namespace fw::test
