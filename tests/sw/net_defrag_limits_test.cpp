// SPDX-License-Identifier: Apache-2.0
// Time, memory and distance of fragments (ip-sysctl.rst, ipfrag_*; RFC 1122 3.3.2; Linux 6.18 net/ipv4/ip_fragment.c).
#include "sw/net/ipq.h"
#include "tests/sw/net_defrag.h"

namespace fw::test {
namespace {

class DefragLimits : public DefragRouter {
  protected:
    static Header with_id(u16 id) {
        Header one = header();
        one.id = id;
        return one;
    }
    static void receive_first(u16 id) { receive_piece(numbered(32), {0, 16, true}, with_id(id)); }
    static void receive_last(u16 id) { receive_piece(numbered(32), {16, 32, false}, with_id(id)); }
};

TEST_F(DefragLimits, AfterThirtySecondsTheSenderIsToldWithTheFirstFragment) {
    receive_last(1);
    native::advance(u64{10} * kSec);
    receive_first(1 + 1);
    receive_first(1);
    receive_piece(numbered(64), {40, 48, true}, with_id(2));
    native::advance(u64{20} * kSec - 1);
    EXPECT_EQ(delivered_.size(), 1U);
    EXPECT_EQ(sent().size(), 0U);
    native::advance(u64{10} * kSec - 1);
    EXPECT_EQ(sent().size(), 0U);
    native::advance(2);
    expect_error(ICMP_TIME_EXCEEDED, ICMP_EXC_FRAGTIME, fragment(with_id(2), numbered(32), {0, 16, true}));
    EXPECT_EQ(fate(Fate::reasm_timeout), 2U);
    EXPECT_EQ(counter(Snmp::IpReasmTimeout), 1U);
    EXPECT_EQ(counter(Snmp::IpReasmFails), 1U);
    EXPECT_EQ(ip_frag_mem(), 0U);
}

TEST_F(DefragLimits, WithoutTheFirstFragmentNobodyIsTold) {
    receive_last(1);
    native::advance(u64{30} * kSec + 1);
    EXPECT_EQ(sent().size(), 0U);
    EXPECT_EQ(fate(Fate::reasm_timeout), 1U);
    EXPECT_EQ(counter(Snmp::IpReasmTimeout), 1U);
    EXPECT_EQ(counter(Snmp::IpReasmFails), 1U);
}

TEST_F(DefragLimits, WhatCameInOneRunWithTheFirstEndsWithIt) {
    receive_first(1);
    receive_piece(numbered(64), {16, 32, true}, with_id(1));
    receive_piece(numbered(64), {32, 48, true}, with_id(1));
    native::advance(u64{30} * kSec + 1);
    EXPECT_EQ(sent().size(), 1U);
    EXPECT_EQ(fate(Fate::reasm_timeout), 3U);
}

TEST_F(DefragLimits, TheTimeIsThatOfIpfragTime) {
    sysctl_write(rc::SysctlId::ipfrag_time, 0, 2);
    receive_first(1);
    native::advance(u64{2} * kSec + 1);
    EXPECT_EQ(sent().size(), 1U);
}

TEST_F(DefragLimits, ADatagramThatIsWholeHasNoTimeLeftToRun) {
    receive_first(1);
    receive_last(1);
    native::advance(u64{60} * kSec);
    EXPECT_EQ(counter(Snmp::IpReasmTimeout), 0U);
}

TEST_F(DefragLimits, ForConntrackOnlyTheEndOfTheWayTells) {
    const auto queue = [](u32 destination) {
        Header one = header();
        one.destination = destination;
        const Bytes packet = fragment(one, numbered(32), {0, 16, true});
        sk_buff* skb = alloc_skb();
        std::memcpy(skb_put(skb, static_cast<u32>(packet.size())), packet.data(), packet.size());
        skb->dev = port(kEth0);
        skb->network_header = skb_headroom(skb);
        EXPECT_EQ(ip_defrag(skb, IP_DEFRAG_CONNTRACK_IN), nullptr);
    };
    queue(kFar);
    queue(kOwn);
    native::advance(u64{30} * kSec + 1);
    EXPECT_EQ(sent().size(), 1U);
    EXPECT_EQ(fate(Fate::reasm_timeout), 2U);
}

TEST_F(DefragLimits, WhenTheWayBackIsGoneTheFragmentEndsAsWhatItIsNow) {
    receive_first(1);
    sysctl_write(rc::SysctlId::ip_forward, 0, 0);
    ASSERT_EQ(addr_add(kEth1, ip4(10, 0, 0, 2), 32), 0);  // its source is this host now
    native::advance(u64{30} * kSec + 1);
    EXPECT_EQ(fate(Fate::martian), 1U);
    EXPECT_EQ(sent().size(), 0U);
}

TEST_F(DefragLimits, ATimeThatAnotherCpuHasEndedMeansNothing) {
    ipq ended = {};
    timer_setup(&ended.timer, ip_expire);
    ip_expire(&ended.timer);
    EXPECT_EQ(counter(Snmp::IpReasmTimeout), 0U);
}

TEST_F(DefragLimits, WithoutMemoryAllFragmentsAreRefused) {
    sysctl_write(rc::SysctlId::ipfrag_low_thresh, 0, 0);
    sysctl_write(rc::SysctlId::ipfrag_high_thresh, 0, 0);
    receive_first(1);
    receive_last(1);
    EXPECT_EQ(fate(Fate::reasm_memory), 2U);
    EXPECT_EQ(counter(Snmp::IpReasmReqds), 2U);
    EXPECT_EQ(counter(Snmp::IpReasmFails), 2U);
}

TEST_F(DefragLimits, AboveTheHighThresholdFragmentsOfOldAndNewDatagramsAreRefused) {
    sysctl_write(rc::SysctlId::ipfrag_low_thresh, 0, 0);
    sysctl_write(rc::SysctlId::ipfrag_high_thresh, 0, 10'000);
    u16 id = 0;
    while (ip_frag_mem() <= 10'000) receive_first(++id);
    receive_last(1);
    receive_first(++id);
    EXPECT_EQ(delivered_.size(), 0U);
    EXPECT_EQ(fate(Fate::reasm_memory), 2U);
    EXPECT_EQ(counter(Snmp::IpReasmFails), 2U);
}

TEST_F(DefragLimits, WhenTheCacheIsFullNewDatagramsAreRefused) {
    sysctl_write(rc::SysctlId::ipfrag_high_thresh, 0, 1 << 30);
    sysctl_write(rc::SysctlId::ipfrag_max_dist, 0, 0);
    for (unsigned i = 0; i < kMaxIpq; ++i) receive_first(static_cast<u16>(i));
    receive_first(kMaxIpq);
    EXPECT_EQ(fate(Fate::reasm_memory), 1U);
    receive_last(7);
    EXPECT_EQ(delivered_.size(), 1U);
}

TEST_F(DefragLimits, TooManyOthersOfTheSourceBetweenBeginTheDatagramAnew) {
    receive_first(1);
    for (u16 i = 0; i < 64; ++i) receive_first(static_cast<u16>(100 + i));
    receive_last(1);
    EXPECT_EQ(delivered_.size(), 0U);
    EXPECT_EQ(fate(Fate::reasm_timeout), 1U);
    EXPECT_EQ(counter(Snmp::IpReasmFails), 1U);
    receive_first(1);
    EXPECT_EQ(delivered_.size(), 1U);
}

TEST_F(DefragLimits, SixtyFourBetweenAreNotTooMany) {
    receive_first(1);
    for (u16 i = 0; i < 63; ++i) receive_first(static_cast<u16>(100 + i));
    receive_last(1);
    EXPECT_EQ(delivered_.size(), 1U);
}

TEST_F(DefragLimits, OthersOfAnotherSourceDoNotCount) {
    receive_first(1);
    Header other = header();
    other.source = ip4(10, 0, 0, 3);
    for (u16 i = 0; i < 100; ++i) {
        other.id = i;
        receive_piece(numbered(32), {0, 16, true}, other);
    }
    receive_last(1);
    EXPECT_EQ(delivered_.size(), 1U);
}

TEST_F(DefragLimits, WithoutALimitOfDistanceNoneIsTooFar) {
    sysctl_write(rc::SysctlId::ipfrag_max_dist, 0, 0);
    receive_first(1);
    for (u16 i = 0; i < 100; ++i) receive_first(static_cast<u16>(100 + i));
    receive_last(1);
    EXPECT_EQ(delivered_.size(), 1U);
}

}  // namespace
}  // namespace fw::test
