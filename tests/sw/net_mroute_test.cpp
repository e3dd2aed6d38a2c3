// SPDX-License-Identifier: Apache-2.0
// Multicast forwarding by static entries (RFC 1112 7, RFC 1812 5.2.3; the rules of Linux 6.18 net/ipv4/ipmr.c).
#include "tests/sw/net_router.h"

namespace fw::test {
namespace {

constexpr u32 kGroup = ip4(239, 1, 2, 3), kSource = ip4(10, 0, 0, 2);

class Mroute : public Router {
  protected:
    void SetUp() override {
        Router::SetUp();
        configure();
        ASSERT_EQ(link_up(kEth2), 0);
        ASSERT_EQ(addr_add(kEth2, ip4(10, 0, 2, 1), 24), 0);
        native::advance(kSec);
    }
    void TearDown() override {
        for (u32 i = 0; i < kPorts; ++i) link_down(kEth0 + i);
        native::advance(u64{60} * kSec);
        Router::TearDown();
    }

    /// An entry by eth0 to eth1 and eth2 with these thresholds.
    static rc::MrouteAdd entry(u8 eth1, u8 eth2, u32 source = kSource) {
        rc::MrouteAdd message;
        message.source = source;
        message.group = kGroup;
        message.iif = kEth0;
        message.ttl[kEth1 - 1] = eth1;
        message.ttl[kEth2 - 1] = eth2;
        return message;
    }
    static Bytes frame_to_group(u32 ifindex, const Header& header, const Bytes& payload = {1, 2, 3}) {
        Bytes frame = frame_for(ifindex, ip_packet(header, payload));
        const u8 mac[] = {1, 0, 0x5E, 1, 2, 3};
        std::copy(mac, mac + 6, frame.begin());
        return frame;
    }
    static Header header(u8 ttl = 9) { return {.source = kSource, .destination = kGroup, .ttl = ttl}; }
    static void arrive(u32 ifindex = kEth0, const Header& header = Mroute::header(), const Bytes& payload = {1, 2, 3}) {
        receive(ifindex, frame_to_group(ifindex, header, payload));
    }
    static std::vector<u32> left_by() {
        std::vector<u32> ports;
        for (const Sent& one : sent()) ports.push_back(one.ifindex);
        return ports;
    }
};

TEST_F(Mroute, WithoutAnEntryNothingIsForwarded) {
    arrive();
    EXPECT_EQ(fate(Fate::local_broadcast), 1U);
    EXPECT_EQ(sysctl_of(SysctlId::mc_forwarding, kEth0), 0);
}

TEST_F(Mroute, ACopyLeavesByEachInterfaceWithTtlLessOne) {
    ASSERT_EQ(inet_mroute_add(entry(1, 1)), 0);
    arrive();
    EXPECT_EQ(left_by(), (std::vector<u32>{kEth2, kEth1}));
    for (const Sent& one : sent()) {
        EXPECT_EQ(Bytes(one.frame.begin(), one.frame.begin() + 6), (Bytes{1, 0, 0x5E, 1, 2, 3}));
        EXPECT_EQ(Bytes(one.frame.begin() + 14, one.frame.end()), ip_packet(header(8), {1, 2, 3}));
    }
    EXPECT_EQ(counter(Snmp::IpForwDatagrams), 2U);
    EXPECT_EQ(counter(Snmp::IpExtInMcastPkts), 1U);
    EXPECT_EQ(counter(Snmp::IpExtOutMcastPkts), 2U);
    EXPECT_EQ(ipmr_cache_find(kSource, kGroup)->pkt, 1U);
    EXPECT_EQ(ipmr_cache_find(kSource, kGroup)->bytes, 23U);
}

TEST_F(Mroute, OnlyATtlAboveTheThresholdPasses) {
    ASSERT_EQ(inet_mroute_add(entry(8, 9)), 0);
    arrive();
    EXPECT_EQ(left_by(), (std::vector<u32>{kEth1}));
    sent_frames().clear();
    arrive(kEth0, header(8));
    EXPECT_EQ(sent().size(), 0U);
    EXPECT_EQ(fate(Fate::mc_no_route), 1U);
}

TEST_F(Mroute, FromAnotherInterfaceThePacketIsCountedAndDropped) {
    ASSERT_EQ(inet_mroute_add(entry(1, 1, 0)), 0);
    Header other = header();
    other.source = ip4(10, 0, 1, 2);
    arrive(kEth1, other);
    EXPECT_EQ(sent().size(), 0U);
    EXPECT_EQ(fate(Fate::mc_no_route), 1U);
    EXPECT_EQ(ipmr_cache_find(0, kGroup)->wrong_if, 1U);
}

TEST_F(Mroute, TheEntryOfASourceGoesBeforeThatOfAll) {
    ASSERT_EQ(inet_mroute_add(entry(1, 0, 0)), 0);
    ASSERT_EQ(inet_mroute_add(entry(0, 1)), 0);
    arrive();
    EXPECT_EQ(left_by(), (std::vector<u32>{kEth2}));
    sent_frames().clear();
    Header other = header();
    other.source = ip4(10, 0, 0, 3);
    arrive(kEth0, other);
    EXPECT_EQ(left_by(), (std::vector<u32>{kEth1}));
}

TEST_F(Mroute, AnEntryOfAllSourcesDoesNotSendBack) {
    rc::MrouteAdd back = entry(1, 0, 0);
    back.ttl[kEth0 - 1] = 1;
    ASSERT_EQ(inet_mroute_add(back), 0);
    arrive();
    EXPECT_EQ(left_by(), (std::vector<u32>{kEth1}));
}

TEST_F(Mroute, AMemberGetsItsCopyBesideThoseThatAreForwarded) {
    ASSERT_EQ(inet_mroute_add(entry(1, 1)), 0);
    ASSERT_EQ(ip_mc_inc_group(port(kEth0), kGroup), 0);
    native::advance(u64{10} * kSec);
    sent_frames().clear();
    Header udp = header();
    udp.protocol = 17;
    arrive(kEth0, udp, Bytes(8));
    EXPECT_EQ(sent().size(), 2U);
    EXPECT_EQ(counter(Snmp::IpInDelivers), 1U);
    Header other = udp;
    other.source = ip4(10, 0, 0, 3);  // without an entry it is delivered alone
    arrive(kEth0, other, Bytes(8));
    EXPECT_EQ(sent().size(), 2U);
    EXPECT_EQ(counter(Snmp::IpInDelivers), 2U);
}

TEST_F(Mroute, TooLongWithDontFragmentIsDroppedInSilence) {
    ASSERT_EQ(inet_link_set({kEth1, 100, 0, 0, 0, {}}), 0);
    ASSERT_EQ(inet_mroute_add(entry(1, 0)), 0);
    Header df = header();
    df.frag_off = wire::IP_DF;
    arrive(kEth0, df, Bytes(100));
    EXPECT_EQ(sent().size(), 0U);
    EXPECT_EQ(fate(Fate::frag_needed), 1U);
    EXPECT_EQ(counter(Snmp::IpFragFails), 1U);
    arrive(kEth0, header(), Bytes(100));
    EXPECT_EQ(sent().size(), 2U);
}

TEST_F(Mroute, WhereTheWayOutIsDownThePacketHasNoRoute) {
    ASSERT_EQ(inet_mroute_add(entry(1, 0)), 0);
    link_down(kEth1);
    arrive();
    EXPECT_EQ(fate(Fate::mc_no_route), 1U);
}

TEST_F(Mroute, GroupsOfTheLinkAreNeverForwarded) {
    ASSERT_EQ(inet_mroute_add(entry(1, 1)), 0);
    Header local = header();
    local.destination = ip4(224, 0, 0, 9);
    arrive(kEth0, local);
    EXPECT_EQ(fate(Fate::local_broadcast), 1U);
}

TEST_F(Mroute, ARouterAlertGoesToTheSocketThatWantsIt) {
    ASSERT_EQ(inet_mroute_add(entry(1, 1)), 0);
    ip_ra_chain ra = {nullptr, nullptr, 253, 0,
                      [](ip_ra_chain*, sk_buff* skb) { kfree_skb_reason(skb, Fate::delivered); }};
    ASSERT_EQ(ip_ra_add(&ra), 0);
    Header alert = header();
    alert.options = {148, 4, 0, 0};
    arrive(kEth0, alert);
    EXPECT_EQ(fate(Fate::delivered), 1U);
    EXPECT_EQ(sent().size(), 0U);
    EXPECT_EQ(ip_ra_del(&ra), 0);
}

TEST_F(Mroute, OptionsAreFilledInForEachWayOut) {
    ASSERT_EQ(inet_mroute_add(entry(1, 1)), 0);
    Header record = header();
    record.options = {7, 7, 4, 0, 0, 0, 0, 0};
    arrive(kEth0, record);
    ASSERT_EQ(sent().size(), 2U);
    EXPECT_EQ(sent()[0].frame[14 + 20 + 5], 2);
    EXPECT_EQ(sent()[1].frame[14 + 20 + 5], 1);
}

TEST_F(Mroute, McForwardingShowsWhileThereAreEntries) {
    ASSERT_EQ(inet_mroute_add(entry(1, 0)), 0);
    EXPECT_EQ(sysctl_of(SysctlId::mc_forwarding, kEth0), 1);
    EXPECT_EQ(sysctl_of(SysctlId::mc_forwarding, kEth1), 1);
    EXPECT_EQ(sysctl_of(SysctlId::mc_forwarding, kEth2), 0);
    EXPECT_TRUE(dev_takes_all_groups(port(kEth0)));
    ASSERT_EQ(inet_mroute_add(entry(0, 1)), 0);  // takes the place of the first
    EXPECT_EQ(sysctl_of(SysctlId::mc_forwarding, kEth1), 0);
    EXPECT_EQ(sysctl_of(SysctlId::mc_forwarding, kEth2), 1);
    ASSERT_EQ(inet_mroute_del({kSource, kGroup, kEth0}), 0);
    EXPECT_EQ(sysctl_of(SysctlId::mc_forwarding, kEth0), 0);
    EXPECT_FALSE(dev_takes_all_groups(port(kEth0)));
    arrive();
    EXPECT_EQ(fate(Fate::local_broadcast), 1U);
}

TEST_F(Mroute, EntriesThatCannotBeAreRefused) {
    rc::MrouteAdd wrong = entry(1, 0);
    wrong.group = ip4(10, 0, 0, 1);
    EXPECT_EQ(inet_mroute_add(wrong), -err::inval);
    wrong = entry(1, 0);
    wrong.iif = 9;
    EXPECT_EQ(inet_mroute_add(wrong), -err::nodev);
    wrong = entry(1, 0);
    wrong.ttl[8] = 1;
    EXPECT_EQ(inet_mroute_add(wrong), -err::nodev);
    EXPECT_EQ(inet_mroute_del({kSource, kGroup, 0}), -err::noent);
    ASSERT_EQ(inet_mroute_add(entry(1, 0)), 0);
    EXPECT_EQ(inet_mroute_del({kSource, kGroup, kEth1}), -err::noent);
    rc::MrouteAdd more = entry(1, 0);
    int error = 0;
    while (error == 0) {
        ++more.source;
        error = inet_mroute_add(more);
    }
    EXPECT_EQ(error, -err::nobufs);
    EXPECT_EQ(more.source - kSource, kMaxMroutes);
}

}  // namespace
}  // namespace fw::test
