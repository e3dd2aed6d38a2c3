// SPDX-License-Identifier: Apache-2.0
// Sysctls with an effect of their own (Documentation/networking/ip-sysctl.rst; Linux 6.18).
#include "sw/net/igmp.h"
#include "sw/net/net_ratelimit.h"
#include "tests/sw/net_arp.h"
#include "tests/sw/net_icmp.h"

namespace fw::test {
namespace {

constexpr u32 kMark = 7, kTable = 100;

/// Packets to this router that arrive with a mark; packets of its own with that mark leave by eth1.
class SysctlEffects : public IcmpRouter {
  protected:
    void SetUp() override {
        IcmpRouter::SetUp();
        rc::RouteAdd other = via(0, 0, kFar);
        other.table = kTable;
        ASSERT_EQ(inet_route_add(other), 0);
    }
    /// The frame that answers a packet with a mark leaves by this device.
    static u32 answered_by(const Bytes& packet) {
        static const nf_hook_ops kMarks = {[](void*, sk_buff* skb, const nf_hook_state*) {
                                               skb->mark = kMark;
                                               return NF_ACCEPT;
                                           },
                                           nullptr, NF_INET_LOCAL_IN, NF_IP_PRI_MANGLE};
        rc::RuleAdd rule;
        rule.fwmark = kMark, rule.fwmask = ~u32{0}, rule.table = kTable;
        rule.action = rc::FR_ACT_TO_TBL, rule.suppress_prefixlen = rc::SUPPRESS_NONE;
        inet_rule_add(rule);
        EXPECT_EQ(nf_register_hook(&kMarks), 0);
        sent_frames().clear();
        receive_ip(kEth0, packet);
        nf_unregister_hook(&kMarks);
        EXPECT_EQ(sent().size(), 1U);
        return sent().empty() ? 0 : sent()[0].ifindex;
    }
    static Bytes ping() {
        return ip_packet({.source = kHost, .destination = kOwn, .protocol = 1}, icmp_message(8, 0, 1, {}));
    }
};

/// What a packet of the TOS has as priority behind ip_forward.
u32 forwarded_priority(u8 tos) {
    static u32 priority = 0;
    static const nf_hook_ops kLooks = {[](void*, sk_buff* skb, const nf_hook_state*) {
                                           priority = skb->priority;
                                           return NF_DROP;
                                       },
                                       nullptr, NF_INET_FORWARD, NF_IP_PRI_MANGLE};
    EXPECT_EQ(nf_register_hook(&kLooks), 0);
    const Bytes packet = ip_packet({.tos = tos}, {1});
    sk_buff* skb = alloc_skb();
    std::memcpy(skb_put(skb, static_cast<u32>(packet.size())), packet.data(), packet.size());
    skb->dev = port(kEth0);
    skb->protocol = wire::swap16(wire::ETH_P_IP);
    skb->priority = 99;
    skb->network_header = skb_headroom(skb);
    EXPECT_TRUE(ip_route_input(skb, port(kEth0)));
    ip_forward(skb);
    nf_unregister_hook(&kLooks);
    return priority;
}

TEST_F(SysctlEffects, ForwardingGivesAPriorityByTosUnlessItIsToldNotTo) {
    EXPECT_EQ(forwarded_priority(0x10), rt_tos2priority(0x10));
    EXPECT_EQ(forwarded_priority(0), 0U);
    sysctl_write(SysctlId::ip_forward_update_priority, 0, 0);
    EXPECT_EQ(forwarded_priority(0x10), 99U);
}

TEST_F(SysctlEffects, AnswersCarryTheMarkOfWhatTheyAnswerIfItIsReflected) {
    const Bytes to_no_port =
        ip_packet({.source = kHost, .destination = kOwn, .protocol = 17}, {0, 9, 0, 9, 0, 8, 0, 0});
    Bytes syn(20);
    syn[3] = 9, syn[12] = 0x50, syn[13] = 2;
    const Bytes pseudo = [&] {
        Bytes bytes(12);
        wire::put32(&bytes[0], kHost), wire::put32(&bytes[4], kOwn), bytes[9] = 6, bytes[11] = 20;
        bytes.insert(bytes.end(), syn.begin(), syn.end());
        return bytes;
    }();
    wire::put16(&syn[16], internet_checksum(pseudo.data(), pseudo.size()));
    const Bytes to_closed_port = ip_packet({.source = kHost, .destination = kOwn, .protocol = 6}, syn);
    for (const Bytes& packet : {ping(), to_no_port, to_closed_port}) {
        sysctl_write(SysctlId::fwmark_reflect, 0, 0);
        EXPECT_EQ(answered_by(packet), kEth0);
        sysctl_write(SysctlId::fwmark_reflect, 0, 1);
        EXPECT_EQ(answered_by(packet), kEth1);
    }
}

TEST_F(SysctlEffects, NeighbourQueuesAndTimesAreKeptInTheUnitOfTheNewerName) {
    ASSERT_EQ(sysctl_write(SysctlId::neigh_unres_qlen, kEth0, 3), 0);
    EXPECT_EQ(neigh_parm(port(kEth0), SysctlId::neigh_unres_qlen_bytes), 3 * 2090);
    ASSERT_EQ(sysctl_write(SysctlId::neigh_retrans_time, kEth0, 50), 0);
    EXPECT_EQ(neigh_parm(port(kEth0), SysctlId::neigh_retrans_time_ms), 500);
    ASSERT_EQ(sysctl_write(SysctlId::neigh_base_reachable_time, rc::SYSCTL_DEFAULT, 7), 0);
    EXPECT_EQ(neigh_parm(port(kEth0), SysctlId::neigh_base_reachable_time_ms), 7000);
    EXPECT_EQ(neigh_parm(port(kEth1), SysctlId::neigh_unres_qlen_bytes), 212992);
}

TEST_F(SysctlEffects, TheThresholdsOfReassemblyStayInOrder) {
    EXPECT_EQ(sysctl_write(SysctlId::ipfrag_high_thresh, 0, 3145727), -err::inval);
    EXPECT_EQ(sysctl_write(SysctlId::ipfrag_low_thresh, 0, 4194305), -err::inval);
    EXPECT_EQ(sysctl_write(SysctlId::ipfrag_high_thresh, 0, 3145728), 0);
    EXPECT_EQ(sysctl_write(SysctlId::ipfrag_low_thresh, 0, 3145728), 0);
}

TEST_F(SysctlEffects, McForwardingShowsAndIsNotWritten) {
    EXPECT_EQ(sysctl_write(SysctlId::mc_forwarding, rc::SYSCTL_ALL, 1), -err::acces);
    EXPECT_EQ(sysctl_of(SysctlId::mc_forwarding, kConfAll), 0);
}

TEST_F(SysctlEffects, MessagesToTheConsoleAreLimitedByCostAndBurst) {
    sysctl_write(SysctlId::message_burst, 0, 2);
    EXPECT_TRUE(net_ratelimit());
    EXPECT_TRUE(net_ratelimit());
    EXPECT_FALSE(net_ratelimit());
    sysctl_write(SysctlId::message_cost, 0, 1);
    native::advance(1'000'001);
    EXPECT_TRUE(net_ratelimit());
    sysctl_write(SysctlId::message_cost, 0, 0);
    for (unsigned n = 0; n < 20; ++n) EXPECT_TRUE(net_ratelimit());
}

TEST_F(SysctlEffects, ANumberWrittenToRouteFlushEmptiesTheRouteCache) {
    ASSERT_EQ(sysctl_write(SysctlId::rt_cache_rebuild_count, 0, 4), 0);
    const auto look = [] {
        flowi4 flow{};
        flow.daddr = kHost;
        int error = 0;
        ip_route_output_key(&flow, &error);
    };
    look();
    look();
    EXPECT_EQ(counter(Snmp::RtCacheOutHit), 1U);
    ASSERT_EQ(sysctl_write(SysctlId::route_flush, 0, -1), 0);
    look();
    EXPECT_EQ(counter(Snmp::RtCacheOutHit), 1U);
}

}  // namespace
}  // namespace fw::test
