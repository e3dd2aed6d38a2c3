// SPDX-License-Identifier: Apache-2.0
// `ip neigh` and neigh_update's flags (Linux net/core/neighbour.c: neigh_add, neigh_delete, __neigh_update).
#include "tests/sw/net_arp.h"

namespace fw::test {
namespace {

class NeighbourUpdate : public ArpRouter {
  protected:
    static constexpr bool kCreate = true, kReplace = true, kNo = false;
    static neighbour* entry() { return neigh_lookup(kHost, port(kEth1)); }
};

TEST_F(NeighbourUpdate, AddMakesAnEntryOfAnyState) {
    const u16 states[] = {rc::NUD_PERMANENT, rc::NUD_NOARP, rc::NUD_REACHABLE,
                          rc::NUD_STALE,     rc::NUD_DELAY, rc::NUD_PROBE};
    u32 address = kHost;
    for (const u16 state_wanted : states) {
        EXPECT_EQ(neigh_state(++address, state_wanted, kCreate, kNo, &kHostMac), 0);
        EXPECT_EQ(state(address), state_wanted);
    }
    EXPECT_EQ(neigh_state(kHost, rc::NUD_STALE, kCreate, kNo, &kHostMac), 0);
    EXPECT_EQ(neigh_state(kHost, rc::NUD_STALE, kCreate, kNo, &kHostMac), -err::exist);
}

TEST_F(NeighbourUpdate, ChangeNeedsAnEntryAndReplaceDoesNot) {
    EXPECT_EQ(neigh_state(kHost, rc::NUD_STALE, kNo, kReplace, &kHostMac), -err::noent);
    EXPECT_EQ(neigh_state(kHost, rc::NUD_STALE, kCreate, kReplace, &kHostMac), 0);
    EXPECT_EQ(neigh_state(kHost, rc::NUD_PERMANENT, kNo, kReplace, &kOtherMac), 0);
    EXPECT_EQ(mac_of(), kOtherMac);
    EXPECT_EQ(state(), rc::NUD_PERMANENT);
}

TEST_F(NeighbourUpdate, AValidStateNeedsAnAddressThatIsGivenOrKnown) {
    EXPECT_EQ(neigh_state(kHost, rc::NUD_REACHABLE, kCreate, kNo, nullptr), -err::inval);
    EXPECT_EQ(neigh_state(kHost, rc::NUD_STALE, kNo, kReplace, &kHostMac), 0);
    EXPECT_EQ(neigh_state(kHost, rc::NUD_REACHABLE, kNo, kReplace, nullptr), 0);
    EXPECT_EQ(mac_of(), kHostMac);
}

TEST_F(NeighbourUpdate, AnAddressGivenByHandSendsWhatWaits) {
    forward();
    take_sent();
    EXPECT_EQ(neigh_state(kHost, rc::NUD_PERMANENT, kCreate, kReplace, &kHostMac), 0);
    EXPECT_EQ(take_sent().size(), 1U);
}

TEST_F(NeighbourUpdate, ProbeAsksAtOnceAndReachableLastsItsTime) {
    EXPECT_EQ(neigh_state(kHost, rc::NUD_PROBE, kCreate, kNo, &kHostMac), 0);
    native::advance(0);
    expect_sent({request(kHost, kOwn, kHostMac)});
    EXPECT_EQ(neigh_state(kHost, rc::NUD_REACHABLE, kCreate, kReplace, nullptr), 0);
    native::advance(31 * kSecond);
    EXPECT_EQ(state(), rc::NUD_STALE);
}

TEST_F(NeighbourUpdate, FailedTakesTheFastPathAwayFromAPermanentEntry) {
    EXPECT_EQ(neigh_state(kHost, rc::NUD_PERMANENT, kCreate, kNo, &kHostMac), 0);
    EXPECT_EQ(neigh_state(kHost, rc::NUD_FAILED, kNo, kReplace, nullptr), 0);
    forward();
    expect_sent({request()});
}

TEST_F(NeighbourUpdate, FailedEndsAResolutionThatIsUnderWay) {
    forward();
    EXPECT_EQ(neigh_state(kHost, rc::NUD_FAILED, kNo, kReplace, nullptr), 0);
    EXPECT_EQ(fate(Fate::no_neighbour), 1U);
}

TEST_F(NeighbourUpdate, WithoutOverrideAKnownAddressStays) {
    make_reachable();
    EXPECT_EQ(neigh_update(entry(), kOtherMac.data(), rc::NUD_REACHABLE, 0), 0);
    EXPECT_EQ(mac_of(), kHostMac);
    EXPECT_EQ(state(), rc::NUD_REACHABLE);
}

TEST_F(NeighbourUpdate, WithWeakOverrideItStaysButBecomesStale) {
    make_reachable();
    EXPECT_EQ(neigh_update(entry(), kOtherMac.data(), rc::NUD_REACHABLE, NEIGH_UPDATE_F_WEAK_OVERRIDE), 0);
    EXPECT_EQ(mac_of(), kHostMac);
    EXPECT_EQ(state(), rc::NUD_STALE);
}

TEST_F(NeighbourUpdate, StaleNewsOfTheSameAddressChangeNoState) {
    make_reachable();
    EXPECT_EQ(neigh_update(entry(), kHostMac.data(), rc::NUD_STALE, NEIGH_UPDATE_F_OVERRIDE), 0);
    EXPECT_EQ(state(), rc::NUD_REACHABLE);
}

TEST_F(NeighbourUpdate, NewsWithoutChangeProveReachabilityButDoNotRenewTheLock) {
    make_reachable();
    const i64 updated = entry()->updated;
    native::advance(5 * kSecond);
    reply();
    EXPECT_EQ(entry()->updated, updated);
    EXPECT_EQ(entry()->confirmed, static_cast<i64>(uptime_us()));
}

TEST_F(NeighbourUpdate, ADeletedEntryAnswersForItsPacketsAndIsGone) {
    forward();
    EXPECT_EQ(inet_neigh_del({kEth1, kHost, 0}), 0);
    EXPECT_EQ(fate(Fate::no_neighbour), 1U);
    EXPECT_EQ(state(), kNone);
    EXPECT_EQ(inet_neigh_del({kEth1, kHost, 0}), -err::noent);
}

TEST_F(NeighbourUpdate, FlushTakesWhatIsNeitherPermanentNorWithoutArp) {
    make_reachable();
    EXPECT_EQ(neigh_state(kHost + 1, rc::NUD_STALE, kCreate, kNo, &kHostMac), 0);
    EXPECT_EQ(neigh_state(kHost + 2, rc::NUD_NOARP, kCreate, kNo, &kHostMac), 0);
    EXPECT_EQ(neigh_state(ip4(10, 0, 0, 9), rc::NUD_STALE, kCreate, kNo, &kHostMac, kEth0), 0);
    inet_neigh_flush(kEth1);
    EXPECT_EQ(state(), kNone);
    EXPECT_EQ(state(kHost + 1), kNone);
    EXPECT_EQ(state(kHost + 2), rc::NUD_NOARP);
    EXPECT_EQ(state(ip4(10, 0, 1, 2)), rc::NUD_PERMANENT);
    EXPECT_EQ(state(ip4(10, 0, 0, 9), kEth0), rc::NUD_STALE);
    inet_neigh_flush(0);
    EXPECT_EQ(state(ip4(10, 0, 0, 9), kEth0), kNone);
}

TEST_F(NeighbourUpdate, LookupsAndHitsAreCounted) {
    const u64 lookups = counter(Snmp::ArpCacheLookups), hits = counter(Snmp::ArpCacheHits);
    EXPECT_EQ(entry(), nullptr);
    make_reachable();  // one, by the reply
    EXPECT_EQ(counter(Snmp::ArpCacheLookups), lookups + 2);
    EXPECT_EQ(counter(Snmp::ArpCacheHits), hits + 1);
}

/// Collection: the table has four permanent entries of configure(), which it spares.
class NeighbourCollection : public NeighbourUpdate {
  protected:
    static u32 host(u32 n) { return ip4(10, 0, 1, 10) + n; }
    static void stale(u32 n) { ASSERT_EQ(neigh_state(host(n), rc::NUD_STALE, kCreate, kNo, &kHostMac), 0); }
    static void set(rc::SysctlId id, i64 value) { ASSERT_EQ(sysctl_write(id, 0, value), 0); }
};

TEST_F(NeighbourCollection, IdleEntriesGoAfterAMinuteWhenThereAreManyOfThem) {
    set(rc::SysctlId::neigh_gc_thresh1, 1);
    stale(0);
    forward(0, host(1));
    native::advance(3 * kSecond);  // fails
    ASSERT_EQ(state(host(1)), rc::NUD_FAILED);
    native::advance(30 * kSecond);
    EXPECT_EQ(state(host(1)), kNone);
    EXPECT_EQ(state(host(0)), rc::NUD_STALE);
    native::advance(45 * kSecond);
    EXPECT_EQ(state(host(0)), kNone);
    EXPECT_EQ(state(ip4(10, 0, 1, 2)), rc::NUD_PERMANENT);
}

TEST_F(NeighbourCollection, FewEntriesStay) {
    stale(0);
    native::advance(600 * kSecond);
    EXPECT_EQ(state(host(0)), rc::NUD_STALE);
    EXPECT_GT(counter(Snmp::ArpCachePeriodicGcRuns), 30U);
}

TEST_F(NeighbourCollection, AFullTableTakesNoOneWhoIsNotPermanent) {
    set(rc::SysctlId::neigh_gc_thresh2, 2);
    set(rc::SysctlId::neigh_gc_thresh3, 3);
    for (u32 n = 0; n < 3; ++n) stale(n);
    EXPECT_EQ(neigh_state(host(3), rc::NUD_STALE, kCreate, kNo, &kHostMac), -err::nobufs);
    EXPECT_EQ(counter(Snmp::ArpCacheTableFulls), 1U);
    forward(0, host(4));
    EXPECT_EQ(fate(Fate::no_neighbour), 1U);
    EXPECT_EQ(neigh_state(host(5), rc::NUD_PERMANENT, kCreate, kNo, &kHostMac), 0);
}

TEST_F(NeighbourCollection, AFullTableGivesUpItsOldestEntriesThatHaveNotChangedForFiveSeconds) {
    set(rc::SysctlId::neigh_gc_thresh2, 2);
    set(rc::SysctlId::neigh_gc_thresh3, 3);
    for (u32 n = 0; n < 2; ++n) stale(n);
    native::advance(6 * kSecond);
    stale(2);
    stale(3);
    EXPECT_EQ(state(host(0)), kNone);
    EXPECT_EQ(state(host(1)), rc::NUD_STALE);
    EXPECT_GE(counter(Snmp::ArpCacheForcedGcRuns), 1U);
}

TEST_F(NeighbourCollection, ACrowdedTableIsLookedThroughOnceInFiveSeconds) {
    set(rc::SysctlId::neigh_gc_thresh2, 1);
    for (u32 n = 0; n < 4; ++n) stale(n);
    EXPECT_EQ(counter(Snmp::ArpCacheForcedGcRuns), 1U);
    native::advance(6 * kSecond);
    stale(4);
    EXPECT_EQ(counter(Snmp::ArpCacheForcedGcRuns), 2U);
    EXPECT_EQ(state(host(0)), kNone);
}

TEST_F(NeighbourCollection, AnEntryThatBecomesPermanentIsSpared) {
    set(rc::SysctlId::neigh_gc_thresh3, 1);
    stale(0);
    ASSERT_EQ(neigh_state(host(0), rc::NUD_PERMANENT, kNo, kReplace, nullptr), 0);
    stale(1);
    ASSERT_EQ(neigh_state(host(0), rc::NUD_STALE, kNo, kReplace, nullptr), 0);
    EXPECT_EQ(neigh_state(host(2), rc::NUD_STALE, kCreate, kNo, &kHostMac), -err::nobufs);
}

TEST_F(NeighbourCollection, WhatIsTakenOutIsFreeAfterTheNextSoftirq) {
    set(rc::SysctlId::neigh_gc_thresh2, 0);
    const u64 destroyed = counter(Snmp::ArpCacheDestroys);
    stale(0);
    native::advance(6 * kSecond);
    stale(1);
    EXPECT_EQ(state(host(0)), kNone);
    EXPECT_EQ(counter(Snmp::ArpCacheDestroys), destroyed);
    native::advance(0);
    EXPECT_EQ(counter(Snmp::ArpCacheDestroys), destroyed + 1);
}

}  // namespace
}  // namespace fw::test
