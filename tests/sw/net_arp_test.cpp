// SPDX-License-Identifier: Apache-2.0
// What arrives by ARP: every check, in the order of Linux's arp_rcv and arp_process, and what is answered.
#include "tests/sw/net_arp.h"

namespace fw::test {
namespace {

class Arp : public ArpRouter {
  protected:
    void give(const ArpMessage& m) { receive(kEth1, arp_frame(m)); }
    void set(rc::SysctlId id, i64 value, u32 ifindex = kEth1) { ASSERT_EQ(sysctl_write(id, ifindex, value), 0); }
    void expect_ignored(const ArpMessage& m) {
        give(m);
        EXPECT_TRUE(take_sent().empty());
        EXPECT_EQ(state(m.sip), kNone);
        EXPECT_EQ(fate(Fate::arp), 1U);
    }
    void expect_answered(const ArpMessage& m) {
        give(m);
        expect_sent({answer(m)});
    }
};

TEST_F(Arp, ARequestForAnOwnAddressIsAnsweredAndItsSenderIsKnownFromThenOn) {
    expect_answered({});
    EXPECT_EQ(state(), rc::NUD_STALE);
    EXPECT_EQ(mac_of(), kHostMac);
    EXPECT_EQ(fate(Fate::arp), 1U);
}

TEST_F(Arp, AnOwnAddressIsAnsweredOnEveryDevice) {
    ArpMessage m;
    m.tip = ip4(10, 0, 0, 1);
    expect_answered(m);
}

TEST_F(Arp, AnotherHostsFrameIsNotLookedAt) {
    ArpMessage m;
    m.to = kOtherMac;
    give(m);
    EXPECT_EQ(fate(Fate::other_host), 1U);
    EXPECT_EQ(state(), kNone);
}

TEST_F(Arp, ADeviceWithoutArpAnswersNothing) {
    port(kEth1)->flags |= kIffNoarp;
    expect_ignored({});
    port(kEth1)->flags &= ~kIffNoarp;
}

TEST_F(Arp, AMessageThatIsTooShortIsNotRead) {
    Bytes frame = arp_frame({});
    frame.pop_back();
    receive(kEth1, frame);
    EXPECT_EQ(fate(Fate::arp), 1U);
    EXPECT_TRUE(sent().empty());
}

TEST_F(Arp, AddressLengthsMustBeThoseOfEthernetAndIpv4) {
    ArpMessage m;
    m.hardware_bytes = 8;
    expect_ignored(m);
    m = {};
    m.protocol_bytes = 16;
    give(m);
    EXPECT_TRUE(sent().empty());
}

TEST_F(Arp, HardwareTypesOneAndSixAreEthernet) {
    ArpMessage m;
    m.hardware = 6;
    give(m);
    ArpMessage answered;
    expect_sent({answer(answered)});
    m.hardware = 15;
    give(m);
    EXPECT_TRUE(sent().empty());
}

TEST_F(Arp, OnlyIpv4IsResolved) {
    ArpMessage m;
    m.protocol = 0x86DD;
    expect_ignored(m);
}

TEST_F(Arp, OperationsOtherThanRequestAndReplyAreIgnored) {
    ArpMessage m;
    m.op = 3;
    expect_ignored(m);
}

TEST_F(Arp, NobodyIsAGroup) {
    ArpMessage m;
    m.tip = ip4(224, 0, 0, 1);
    expect_ignored(m);
}

TEST_F(Arp, LoopbackAddressesAreAnsweredWithRouteLocalnetOnly) {
    ArpMessage m;
    m.tip = ip4(127, 0, 0, 1);
    expect_ignored(m);
    set(rc::SysctlId::route_localnet, 1);
    expect_answered(m);
}

TEST_F(Arp, DropGratuitousArpIgnoresThem) {
    make_reachable();
    set(rc::SysctlId::drop_gratuitous_arp, 1);
    ArpMessage m;
    m.sha = kOtherMac;
    m.tip = m.sip;
    give(m);
    EXPECT_EQ(mac_of(), kHostMac);
}

TEST_F(Arp, AProbeForAnOwnAddressIsAnsweredWithoutAnEntry) {
    ArpMessage m;
    m.sip = 0;
    give(m);
    expect_sent({answer(m)});
    EXPECT_EQ(state(0), kNone);
}

TEST_F(Arp, AProbeForAnotherAddressOrAReplyFromNobodyIsNotAnswered) {
    ArpMessage m;
    m.sip = 0;
    m.tip = kHost;
    expect_ignored(m);
    m.tip = kOwn;
    m.op = 2;
    give(m);
    EXPECT_TRUE(sent().empty());
}

TEST_F(Arp, ASenderWithAnAddressOfThisRouterIsNotAnswered) {
    ArpMessage m;
    m.sip = ip4(10, 0, 0, 1);
    give(m);
    EXPECT_TRUE(sent().empty());
}

TEST_F(Arp, Ignore1AnswersForAddressesOfTheDeviceOnly) {
    set(rc::SysctlId::arp_ignore, 1);
    ArpMessage m;
    expect_answered(m);
    m.tip = ip4(10, 0, 0, 1);
    give(m);
    EXPECT_TRUE(sent().empty());
    m.sip = 0;  // probes, too
    give(m);
    EXPECT_TRUE(sent().empty());
}

TEST_F(Arp, Ignore2AnswersToTheSubnetOnly) {
    set(rc::SysctlId::arp_ignore, 2);
    ArpMessage m;
    expect_answered(m);
    m.sip = ip4(10, 0, 0, 9);
    give(m);
    EXPECT_TRUE(sent().empty());
}

TEST_F(Arp, Ignore3DoesNotAnswerForAddressesOfScopeHost) {
    set(rc::SysctlId::arp_ignore, 3);
    ASSERT_EQ(inet_addr_add({kEth1, ip4(10, 0, 9, 1), 0, 0, 32, rc::RT_SCOPE_HOST}), 0);
    ArpMessage m;
    expect_answered(m);
    m.tip = ip4(10, 0, 9, 1);
    give(m);
    EXPECT_TRUE(sent().empty());
}

TEST_F(Arp, Ignore8AnswersNothingAnd4To7Everything) {
    set(rc::SysctlId::arp_ignore, 8);
    give({});
    EXPECT_TRUE(sent().empty());
    set(rc::SysctlId::arp_ignore, 5);
    expect_answered({});
}

TEST_F(Arp, IgnoreOfAllCountsWhereItIsGreater) {
    set(rc::SysctlId::arp_ignore, 8, rc::SYSCTL_ALL);
    give({});
    EXPECT_TRUE(sent().empty());
}

TEST_F(Arp, FilterAnswersOnTheDeviceThatPacketsToTheSenderLeaveBy) {
    set(rc::SysctlId::arp_filter, 1);
    ArpMessage m;
    expect_answered(m);
    m.sip = ip4(10, 0, 0, 9);
    give(m);
    EXPECT_TRUE(sent().empty());
    EXPECT_EQ(counter(Snmp::TcpExtArpFilter), 1U);
    m.sip = ip4(99, 0, 0, 1);  // no way there at all
    give(m);
    EXPECT_TRUE(sent().empty());
    EXPECT_EQ(counter(Snmp::TcpExtArpFilter), 1U);
}

TEST_F(Arp, AnUnaskedReplyMakesNoEntry) {
    give(reply_message());
    EXPECT_EQ(state(), kNone);
}

TEST_F(Arp, ARequestForAnotherHostMakesAKnownSenderStaleAtMost) {
    ArpMessage m;
    m.tip = ip4(10, 0, 1, 77);
    expect_ignored(m);
    forward();  // incomplete
    take_sent();
    give(m);
    EXPECT_EQ(state(), rc::NUD_DELAY);  // stale, and the packet that waited went out
    EXPECT_EQ(take_sent().size(), 1U);
}

TEST_F(Arp, ABroadcastReplyProvesNoWay) {
    forward();
    ArpMessage m = reply_message();
    m.to = kBroadcast;
    give(m);
    EXPECT_EQ(state(), rc::NUD_DELAY);
}

TEST_F(Arp, OfSeveralRepliesTheFirstCountsForOneSecond) {
    make_reachable();
    reply(kOtherMac);
    EXPECT_EQ(mac_of(), kHostMac);
    native::advance(kSecond);
    reply(kOtherMac);
    EXPECT_EQ(mac_of(), kHostMac);
    native::advance(1);
    reply(kOtherMac);
    EXPECT_EQ(mac_of(), kOtherMac);
    EXPECT_EQ(state(), rc::NUD_REACHABLE);
}

TEST_F(Arp, AGratuitousRequestChangesAKnownAddressAtOnce) {
    make_reachable();
    ArpMessage m;
    m.sha = kOtherMac;
    m.tip = m.sip;
    give(m);
    EXPECT_EQ(mac_of(), kOtherMac);
    EXPECT_EQ(state(), rc::NUD_STALE);
}

TEST_F(Arp, AGratuitousReplyMustNameItselfAsTheTarget) {
    make_reachable();
    ArpMessage m;
    m.op = 2;
    m.sha = kOtherMac;
    m.tip = m.sip;
    give(m);
    EXPECT_EQ(mac_of(), kHostMac);
    m.tha = kOtherMac;
    give(m);
    EXPECT_EQ(mac_of(), kOtherMac);
}

TEST_F(Arp, Accept1MakesEntriesOfGratuitousMessagesAndUnaskedReplies) {
    set(rc::SysctlId::arp_accept, 1);
    give(reply_message());
    EXPECT_EQ(state(), rc::NUD_REACHABLE);
    ArpMessage m;
    m.sip = m.tip = ip4(10, 0, 1, 77);
    give(m);
    EXPECT_EQ(state(m.sip), rc::NUD_STALE);
    m.sip = ip4(10, 0, 1, 78);  // asks for somebody else
    give(m);
    EXPECT_EQ(state(m.sip), kNone);
}

TEST_F(Arp, Accept2MakesThemForTheSubnetOnly) {
    set(rc::SysctlId::arp_accept, 2);
    ArpMessage m;
    m.sip = m.tip = ip4(10, 0, 1, 77);
    give(m);
    EXPECT_EQ(state(m.sip), rc::NUD_STALE);
    m.sip = m.tip = ip4(10, 0, 2, 77);
    give(m);
    EXPECT_EQ(state(m.sip), kNone);
}

TEST_F(Arp, APermanentEntryLearnsNothing) {
    ASSERT_EQ(neigh_state(kHost, rc::NUD_PERMANENT, true, false, &kHostMac), 0);
    ArpMessage m;
    m.sha = kOtherMac;
    expect_answered(m);
    EXPECT_EQ(mac_of(), kHostMac);
    EXPECT_EQ(state(), rc::NUD_PERMANENT);
}

TEST_F(Arp, WhileNoSkbIsLeftNothingIsAnsweredAndNothingBreaks) {
    sk_buff* taken = nullptr;
    Bytes frame = arp_frame({});
    sk_buff* skb = alloc_skb();
    std::memcpy(skb_put(skb, static_cast<u32>(frame.size())), frame.data(), frame.size());
    eth_type_trans(skb, port(kEth1));
    while (sk_buff* one = alloc_skb()) {
        one->next = taken;
        taken = one;
    }
    netif_receive_skb(skb);
    EXPECT_TRUE(sent().empty());
    EXPECT_EQ(state(), rc::NUD_STALE);
    while (taken) consume_skb(std::exchange(taken, taken->next));
}

TEST_F(Arp, NotifyTellsTheAddressesWhenTheLinkComesUpOrGetsAnotherAddress) {
    set(rc::SysctlId::arp_notify, 1);
    ASSERT_EQ(addr_add(kEth1, ip4(10, 0, 1, 200), 24), 0);
    EXPECT_TRUE(sent().empty());
    ASSERT_EQ(link_down(kEth1), 0);
    ASSERT_EQ(link_up(kEth1), 0);
    expect_sent({request(kOwn), request(ip4(10, 0, 1, 200), ip4(10, 0, 1, 200))});
    ASSERT_EQ(inet_link_set({kEth1, 0, 0, 0, 1, {2, 0, 0, 0, 9, 9}}), 0);
    expect_sent({request(kOwn), request(ip4(10, 0, 1, 200), ip4(10, 0, 1, 200))});
}

TEST_F(Arp, TurnedOffForADeviceForgetsItsNeighboursAndSendsToItsOwnAddress) {
    make_reachable();
    ASSERT_EQ(inet_link_set({kEth1, 0, 0, kIffNoarp, 0, {}}), 0);
    EXPECT_EQ(state(), rc::NUD_REACHABLE);
    ASSERT_EQ(inet_link_set({kEth1, 0, kIffNoarp, kIffNoarp, 0, {}}), 0);
    EXPECT_EQ(state(), kNone);
    forward();
    EXPECT_EQ(state(), rc::NUD_NOARP);
    EXPECT_EQ(mac_of(), own_mac(kEth1));
    ASSERT_EQ(inet_link_set({kEth1, 0, 0, kIffNoarp, 0, {}}), 0);
}

class ArpSource : public Arp {
  protected:
    static constexpr u32 kSecondary = ip4(10, 0, 1, 200);
    void SetUp() override {
        Arp::SetUp();
        ASSERT_EQ(addr_add(kEth1, kSecondary, 24), 0);
    }
    /// The question that a packet of this host from `source` brings about.
    void expect_source(u32 source, u32 announced) {
        neighbour* neigh = neigh_create(kHost, port(kEth1));
        Header header;
        header.source = source;
        header.destination = kHost;
        const Bytes packet = ip_packet(header, {0});
        sk_buff* skb = alloc_skb();
        std::memcpy(skb_put(skb, static_cast<u32>(packet.size())), packet.data(), packet.size());
        skb->network_header = skb_headroom(skb);
        skb->dev = port(kEth1);
        neigh->output(neigh, skb);
        expect_sent({request(kHost, announced)});
    }
};

TEST_F(ArpSource, Announce0NamesAnyOwnAddressOfThePacket) { expect_source(ip4(10, 0, 0, 1), ip4(10, 0, 0, 1)); }
TEST_F(ArpSource, Announce0ChoosesAnAddressForPacketsOfOthers) { expect_source(ip4(10, 0, 0, 2), kOwn); }
TEST_F(ArpSource, Announce1NamesAnAddressOfTheTargetsSubnetOnly) {
    set(rc::SysctlId::arp_announce, 1);
    expect_source(ip4(10, 0, 0, 1), kOwn);
}
TEST_F(ArpSource, Announce1NamesASecondAddressOfTheSubnet) {
    set(rc::SysctlId::arp_announce, 1);
    expect_source(kSecondary, kSecondary);
}
TEST_F(ArpSource, Announce2NamesTheFirstAddressOfTheSubnet) {
    set(rc::SysctlId::arp_announce, 2);
    expect_source(kSecondary, kOwn);
}

class ProxyArp : public Arp {
  protected:
    static constexpr u32 kBehind = ip4(10, 0, 0, 77);
    ArpMessage asked() const {
        ArpMessage m;
        m.tip = kBehind;
        return m;
    }
};

TEST_F(ProxyArp, IsOffByDefault) {
    give(asked());
    native::advance(kSecond);
    EXPECT_TRUE(sent().empty());
}

TEST_F(ProxyArp, AnswersAfterHalfOfProxyDelayForWhatLiesBehindAnotherDevice) {
    set(rc::SysctlId::proxy_arp, 1);
    give(asked());
    EXPECT_EQ(state(), rc::NUD_STALE);
    native::advance(399'999);
    EXPECT_TRUE(sent().empty());
    native::advance(1);
    expect_sent({answer(asked())});
    EXPECT_EQ(fate(Fate::arp), 1U);
}

TEST_F(ProxyArp, AnswersAtOnceWhenAskedByItsOwnAddressOrWithoutDelay) {
    set(rc::SysctlId::proxy_arp, 1);
    ArpMessage m = asked();
    m.to = own_mac(kEth1);
    expect_answered(m);
    set(rc::SysctlId::neigh_proxy_delay, 0);
    expect_answered(asked());
}

TEST_F(ProxyArp, DoesNotAnswerForTheLinkOfTheSenderNorWithoutForwarding) {
    set(rc::SysctlId::proxy_arp, 1);
    set(rc::SysctlId::neigh_proxy_delay, 0);
    ArpMessage m = asked();
    m.tip = ip4(10, 0, 1, 77);
    give(m);
    set(rc::SysctlId::forwarding, 0);
    give(asked());
    EXPECT_TRUE(sent().empty());
}

TEST_F(ProxyArp, DoesNotAnswerBetweenDevicesOfOneMediumNorForOrByThoseOfNone) {
    set(rc::SysctlId::proxy_arp, 1);
    set(rc::SysctlId::neigh_proxy_delay, 0);
    struct Case {
        i64 own;
        i64 behind;  ///< of the device that leads there
        bool answers;
    };
    for (const Case& test : {Case{0, -1, true}, Case{0, 3, true}, Case{3, 3, false}, Case{3, 4, true}, Case{3, 0, true},
                             Case{3, -1, false}, Case{-1, 4, false}}) {
        set(rc::SysctlId::medium_id, test.own);
        set(rc::SysctlId::medium_id, test.behind, kEth0);
        give(asked());
        EXPECT_EQ(take_sent().size(), test.answers ? 1U : 0U) << test.own << " " << test.behind;
    }
}

TEST_F(ProxyArp, PrivateVlansAreAnsweredForTheirOwnLinkButNotForThemselves) {
    set(rc::SysctlId::proxy_arp_pvlan, 1);
    set(rc::SysctlId::neigh_proxy_delay, 0);
    ArpMessage m = asked();
    m.tip = ip4(10, 0, 1, 77);
    expect_answered(m);
    m.tip = m.sip;
    give(m);
    EXPECT_TRUE(sent().empty());
}

TEST_F(ProxyArp, AnEntryAnswersForOneAddress) {
    set(rc::SysctlId::neigh_proxy_delay, 0);
    rc::NeighAdd add;
    add.ifindex = kEth1;
    add.address = kBehind;
    add.proxy = 1;
    ASSERT_EQ(inet_neigh_add(add), 0);
    expect_answered(asked());
    ASSERT_EQ(inet_neigh_del({kEth1, kBehind, 1}), 0);
    EXPECT_EQ(inet_neigh_del({kEth1, kBehind, 1}), -err::noent);
    give(asked());
    EXPECT_TRUE(sent().empty());
}

TEST_F(ProxyArp, OnlySoManyRequestsWait) {
    set(rc::SysctlId::proxy_arp, 1);
    set(rc::SysctlId::neigh_proxy_qlen, 1);
    for (int i = 0; i < 4; ++i) give(asked());
    EXPECT_EQ(fate(Fate::arp), 2U);  // the limit is compared before the request is added
    native::advance(kSecond);
    expect_sent({answer(asked()), answer(asked())});
}

TEST_F(ProxyArp, ADeviceThatGoesDownDropsWhatWaits) {
    set(rc::SysctlId::proxy_arp, 1);
    give(asked());
    link_down(kEth1);
    EXPECT_EQ(fate(Fate::arp), 1U);
    native::advance(kSecond);
    EXPECT_TRUE(sent().empty());
}

}  // namespace
}  // namespace fw::test
