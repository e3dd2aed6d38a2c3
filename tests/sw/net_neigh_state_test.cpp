// SPDX-License-Identifier: Apache-2.0
// The states of a neighbour and every way from one to another (Linux net/core/neighbour.c). Times are its defaults.
#include "tests/sw/net_arp.h"

namespace fw::test {
namespace {

class NeighbourStates : public ArpRouter {};

TEST_F(NeighbourStates, TheFirstPacketAsksAtOnceAndWaits) {
    forward();
    expect_sent({request()});
    EXPECT_EQ(state(), rc::NUD_INCOMPLETE);
}

TEST_F(NeighbourStates, IncompletePacketsLeaveInOrderWhenTheReplyComes) {
    for (u8 tag = 1; tag <= 3; ++tag) forward(tag);
    expect_sent({request()});
    reply();
    EXPECT_EQ(state(), rc::NUD_REACHABLE);
    const auto left = take_sent();
    ASSERT_EQ(left.size(), 3U);
    for (u8 tag = 1; tag <= 3; ++tag) {
        const Bytes& frame = left[tag - 1U].frame;
        EXPECT_EQ(Mac({frame[0], frame[1], frame[2], frame[3], frame[4], frame[5]}), kHostMac);
        EXPECT_EQ(frame.back(), tag);
    }
}

TEST_F(NeighbourStates, IncompleteAsksThreeTimesASecondApartAndFailsOneSecondLater) {
    forward(1);
    forward(2);
    native::advance(kSecond - 1);
    expect_sent({request()});
    native::advance(1);
    expect_sent({request()});
    native::advance(kSecond);
    expect_sent({request()});
    EXPECT_EQ(state(), rc::NUD_INCOMPLETE);
    EXPECT_EQ(fate(Fate::no_neighbour), 0U);
    native::advance(kSecond);
    EXPECT_EQ(state(), rc::NUD_FAILED);
    EXPECT_EQ(fate(Fate::no_neighbour), 2U);
    EXPECT_EQ(counter(Snmp::ArpCacheResFailed), 1U);
    const auto answers = take_sent();  // RFC 1812 5.2.7.1: host unreachable, one for each packet
    ASSERT_EQ(answers.size(), 2U);
    for (const Sent& answered : answers) {
        EXPECT_EQ(answered.ifindex, kEth0);
        EXPECT_EQ(wire::get32(&answered.frame[30]), ip4(10, 0, 0, 2));
        EXPECT_EQ(answered.frame[34], 3);
        EXPECT_EQ(answered.frame[35], 1);
        EXPECT_EQ(answered.frame[34 + 8 + 8], 63);  // the quoted packet has been through ip_forward
    }
}

TEST_F(NeighbourStates, NobodyIsToldOfAPacketWhoseOptionsCannotBeReadOnceMore) {
    // A full timestamp that has overflowed 14 times: read on arrival it has 15, and there is no 16.
    const Bytes full = {68, 8, 9, 0xE0, 0, 0, 0, 1};
    receive_ip(kEth0, ip_packet({.destination = kHost, .options = full}, {1}));
    native::advance(3 * kSecond);
    EXPECT_EQ(state(), rc::NUD_FAILED);
    EXPECT_EQ(fate(Fate::no_neighbour), 1U);
    for (const Sent& one : take_sent()) EXPECT_EQ(one.ifindex, kEth1);
}

TEST_F(NeighbourStates, FailedIsAskedForAnewByTheNextPacket) {
    forward();
    native::advance(3 * kSecond);
    ASSERT_EQ(state(), rc::NUD_FAILED);
    take_sent();
    forward();
    expect_sent({request()});
    EXPECT_EQ(state(), rc::NUD_INCOMPLETE);
}

TEST_F(NeighbourStates, FailedBecomesReachableByALateReply) {
    forward();
    native::advance(3 * kSecond);
    reply();
    EXPECT_EQ(state(), rc::NUD_REACHABLE);
}

TEST_F(NeighbourStates, ReachableThatIsNotUsedBecomesStaleAfterItsTime) {
    make_reachable();
    native::advance(30 * kSecond);  // counts as reachable to the end of its last microsecond
    EXPECT_EQ(state(), rc::NUD_REACHABLE);
    native::advance(kSecond);
    EXPECT_EQ(state(), rc::NUD_STALE);
    EXPECT_TRUE(sent().empty());
}

TEST_F(NeighbourStates, ReachableSendsWithoutTouchingTheEntry) {
    make_reachable();
    const i64 used = __ipv4_neigh_lookup_noref(kHost, port(kEth1))->used;
    native::advance(kSecond);
    forward();
    EXPECT_EQ(take_sent().size(), 1U);
    EXPECT_EQ(__ipv4_neigh_lookup_noref(kHost, port(kEth1))->used, used);
}

TEST_F(NeighbourStates, ReachableThatWasUsedOfLateIsDelayedWhenItsTimeIsOver) {
    sysctl_write(rc::SysctlId::neigh_base_reachable_time_ms, kEth1, 1000);
    forward();  // the only use that counts: later ones take the fast path
    reply();
    native::advance(2 * kSecond);
    EXPECT_EQ(state(), rc::NUD_DELAY);
}

TEST_F(NeighbourStates, ReachableThatWasConfirmedStaysSo) {
    make_reachable();
    native::advance(20 * kSecond);
    neigh_confirm(neigh_lookup(kHost, port(kEth1)));
    native::advance(29 * kSecond);
    EXPECT_EQ(state(), rc::NUD_REACHABLE);
    native::advance(2 * kSecond);
    EXPECT_EQ(state(), rc::NUD_STALE);
}

/// The entry is stale since a moment.
class StaleNeighbour : public NeighbourStates {
  protected:
    void SetUp() override {
        NeighbourStates::SetUp();
        ASSERT_EQ(neigh_state(kHost, rc::NUD_STALE, true, false, &kHostMac), 0);
    }
};

TEST_F(StaleNeighbour, APacketGoesOutAtOnceAndTheEntryWaitsForAProof) {
    forward();
    ASSERT_EQ(take_sent().size(), 1U);
    EXPECT_EQ(state(), rc::NUD_DELAY);
}

TEST_F(StaleNeighbour, WithoutAProofInFiveSecondsTheHostItselfIsAskedThreeTimes) {
    forward();
    take_sent();
    native::advance(5 * kSecond - 1);
    EXPECT_EQ(state(), rc::NUD_DELAY);
    native::advance(1);
    EXPECT_EQ(state(), rc::NUD_PROBE);
    const Bytes unicast = request(kHost, kOwn, kHostMac);
    expect_sent({unicast});
    native::advance(2 * kSecond);
    expect_sent({unicast, unicast});
    EXPECT_EQ(state(), rc::NUD_PROBE);
    native::advance(kSecond);
    EXPECT_EQ(state(), rc::NUD_FAILED);
    EXPECT_TRUE(sent().empty());
}

TEST_F(StaleNeighbour, McastResolicitAddsBroadcastsToTheProbes) {
    sysctl_write(rc::SysctlId::neigh_mcast_resolicit, kEth1, 1);
    forward();
    take_sent();
    native::advance(8 * kSecond);
    const Bytes unicast = request(kHost, kOwn, kHostMac);
    expect_sent({unicast, unicast, unicast, request()});
    native::advance(kSecond);
    EXPECT_EQ(state(), rc::NUD_FAILED);
}

TEST_F(StaleNeighbour, PacketsGoOutWhileItIsProbed) {
    forward();
    native::advance(5 * kSecond);
    take_sent();
    forward();
    EXPECT_EQ(take_sent().size(), 1U);
    EXPECT_EQ(state(), rc::NUD_PROBE);
}

TEST_F(StaleNeighbour, AReplyToAProbeMakesItReachable) {
    forward();
    native::advance(5 * kSecond);
    reply();
    EXPECT_EQ(state(), rc::NUD_REACHABLE);
}

TEST_F(StaleNeighbour, AProofFromAboveMakesItReachableWithoutAProbe) {
    forward();
    take_sent();
    native::advance(2 * kSecond);
    neigh_confirm(neigh_lookup(kHost, port(kEth1)));
    native::advance(3 * kSecond);
    EXPECT_EQ(state(), rc::NUD_REACHABLE);
    EXPECT_TRUE(sent().empty());
}

TEST_F(StaleNeighbour, AReplyWhileItIsDelayedMakesItReachable) {
    forward();
    reply(kHostMac);
    EXPECT_EQ(state(), rc::NUD_REACHABLE);
}

TEST_F(NeighbourStates, WithoutSolicitationsAllowedThePacketDiesAtOnce) {
    sysctl_write(rc::SysctlId::neigh_mcast_solicit, kEth1, 0);
    forward();
    EXPECT_EQ(state(), rc::NUD_FAILED);
    EXPECT_EQ(fate(Fate::no_neighbour), 1U);
    EXPECT_TRUE(sent().empty());
}

TEST_F(NeighbourStates, SolicitationsForAProgramAreCountedButNotSent) {
    sysctl_write(rc::SysctlId::neigh_mcast_solicit, kEth1, 1);
    sysctl_write(rc::SysctlId::neigh_app_solicit, kEth1, 1);
    forward();
    EXPECT_TRUE(sent().empty());
    native::advance(kSecond);
    expect_sent({request()});
    native::advance(kSecond);
    EXPECT_EQ(state(), rc::NUD_FAILED);
}

TEST_F(NeighbourStates, RetransTimeIsAtLeastTenMilliseconds) {
    sysctl_write(rc::SysctlId::neigh_retrans_time_ms, kEth1, 1);
    forward();
    native::advance(9'999);
    EXPECT_EQ(take_sent().size(), 1U);
    native::advance(20'001);
    EXPECT_EQ(state(), rc::NUD_FAILED);
}

TEST_F(NeighbourStates, AsManyPacketsWaitAsOnLinux) {
    // Recorded: 600 frames of one length to a host that answers later, and how many of them left then (Linux 6.18).
    const struct {
        u32 frame_bytes, waiting;
    } recorded[] = {{60, 256}, {240, 256}, {241, 166}, {688, 166}, {689, 92}, {1442, 92}};
    for (const auto& [frame_bytes, waiting] : recorded) {
        Header header;
        header.destination = kHost;
        const Bytes packet = ip_packet(header, Bytes(frame_bytes - 14 - 20));
        for (int n = 0; n < 300; ++n) receive_ip(kEth0, packet);
        EXPECT_EQ(neigh_lookup(kHost, port(kEth1))->arp_queue.qlen, waiting) << frame_bytes;
        inet_neigh_del({kEth1, kHost, 0});
    }
}

TEST_F(NeighbourStates, TheOldestWaitingPacketsMakeRoomForNewOnes) {
    sysctl_write(rc::SysctlId::neigh_unres_qlen_bytes, kEth1, 3 * 832);
    for (u8 tag = 1; tag <= 5; ++tag) forward(tag);
    EXPECT_EQ(fate(Fate::neigh_queue), 2U);
    EXPECT_EQ(counter(Snmp::ArpCacheUnresolvedDiscards), 2U);
    take_sent();
    reply();
    const auto left = take_sent();
    ASSERT_EQ(left.size(), 3U);
    EXPECT_EQ(left[0].frame.back(), 3);
    EXPECT_EQ(left[2].frame.back(), 5);
}

TEST_F(NeighbourStates, AQueueOfNoBytesStillHoldsTheNewestPacket) {
    sysctl_write(rc::SysctlId::neigh_unres_qlen_bytes, kEth1, 0);
    forward(1);
    forward(2);
    take_sent();
    reply();
    const auto left = take_sent();
    ASSERT_EQ(left.size(), 1U);
    EXPECT_EQ(left[0].frame.back(), 2);
}

TEST_F(NeighbourStates, GroupsAndBroadcastsNeedNoQuestion) {
    neighbour* group = neigh_create(ip4(224, 129, 2, 3), port(kEth1));
    EXPECT_EQ(group->nud_state, rc::NUD_NOARP);
    // RFC 1112 6.4: the low 23 bits, so 129 becomes 1.
    EXPECT_EQ(std::memcmp(neigh_ha(group), "\x01\x00\x5E\x01\x02\x03", 6), 0);
    neighbour* all = neigh_create(ip4(10, 0, 1, 255), port(kEth1));
    EXPECT_EQ(all->nud_state, rc::NUD_NOARP);
    EXPECT_EQ(std::memcmp(neigh_ha(all), kBroadcast.data(), 6), 0);
    EXPECT_EQ(neigh_update(all, kHostMac.data(), rc::NUD_STALE, NEIGH_UPDATE_F_OVERRIDE), -err::perm);
}

TEST_F(NeighbourStates, TheLoopbackDeviceHasOneNeighbourWithItsOwnAddress) {
    net_device* lo = dev_get_by_index(kLoopbackIfindex);
    neighbour* one = neigh_create(ip4(127, 0, 0, 1), lo);
    EXPECT_EQ(one, neigh_create(ip4(127, 0, 0, 2), lo));
    EXPECT_EQ(one->nud_state, rc::NUD_NOARP);
    EXPECT_EQ(std::memcmp(neigh_ha(one), lo->dev_addr, 6), 0);
}

TEST_F(NeighbourStates, ADeviceThatGoesDownTakesItsNeighboursAndWhatWaitsForThem) {
    forward();
    ASSERT_EQ(link_down(kEth1), 0);
    EXPECT_EQ(state(), kNone);
    EXPECT_EQ(fate(Fate::no_neighbour), 1U);
    native::advance(5 * kSecond);  // and their timers
    EXPECT_EQ(take_sent().size(), 1U);
}

}  // namespace
}  // namespace fw::test
