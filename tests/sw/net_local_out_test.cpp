// SPDX-License-Identifier: Apache-2.0
// Packets of the router itself: made of data of any length, identified, and routed anew where a hook changes them.
#include "sw/net/netfilter.h"
#include "tests/sw/net_icmp.h"

namespace fw::test {
namespace {

class LocalOut : public IcmpRouter {
  protected:
    static void copy_data(const void* from, u32 offset, u8* to, u32 bytes) {
        std::memcpy(to, static_cast<const u8*>(from) + offset, bytes);
    }
    static flowi4 flow_to(u32 daddr, u8 proto = 253) {
        flowi4 flow = {};
        flow.daddr = daddr;
        flow.proto = proto;
        return flow;
    }
    /// Data in a packet to kHost. False: no packet came of it.
    static bool send(const Bytes& data, ipcm_cookie ipc = {}, u32 daddr = kHost) {
        flowi4 flow = flow_to(daddr);
        int error = 0;
        rtable* rt = ip_route_output_key(&flow, &error);
        sk_buff* skb =
            rt ? ip_make_skb(rt, flow, ipc, copy_data, data.data(), static_cast<u32>(data.size()), &error) : nullptr;
        if (skb) ip_local_out(skb);
        return skb != nullptr;
    }
    /// What a LOCAL_OUT hook does to the packet.
    static void hook(nf_hook_ops* ops, void (*change)(sk_buff*)) {
        *ops = {run, reinterpret_cast<void*>(change), NF_INET_LOCAL_OUT, NF_IP_PRI_MANGLE};
        ASSERT_EQ(nf_register_hook(ops), 0);
    }
    static NfVerdict run(void* change, sk_buff* skb, const nf_hook_state*) {
        reinterpret_cast<void (*)(sk_buff*)>(change)(skb);
        return NF_ACCEPT;
    }
    static Bytes counting(size_t bytes) {
        Bytes data(bytes);
        for (size_t i = 0; i < bytes; ++i) data[i] = static_cast<u8>(i * 7 + i / 256);
        return data;
    }
};

TEST_F(LocalOut, APacketHasTheSourceOfItsRouteAndTheSystemsTtl) {
    sysctl_write(rc::SysctlId::ip_default_ttl, 0, 99);
    ASSERT_TRUE(send({1, 2, 3}, {.tos = 0x10}));
    const Bytes got = answer();
    EXPECT_EQ(got,
              with_id_of(ip_packet({.source = kOwn, .destination = kHost, .ttl = 99, .tos = 0x10}, {1, 2, 3}), got));
    EXPECT_EQ(counter(Snmp::IpOutRequests), 1U);
}

TEST_F(LocalOut, DontFragmentMeansIdentificationZeroAndNothingLongerThanTheMtu) {
    EXPECT_TRUE(send(counting(1480), {.pmtudisc = IP_PMTUDISC_DO}));
    EXPECT_EQ(wire::get16(&answer()[4]), 0U);
    EXPECT_FALSE(send(counting(1481), {.pmtudisc = IP_PMTUDISC_DO}));
}

TEST_F(LocalOut, IdentificationsOfOneDestinationAndProtocolFollowEachOther) {
    const auto id = [](const Sent& packet) { return wire::get16(&packet.frame[18]); };
    ASSERT_TRUE(send({1}) && send({1}) && send({1}, {}, ip4(10, 0, 0, 3)) && send({1}));
    ASSERT_EQ(sent().size(), 4U);
    EXPECT_EQ(id(sent()[1]), static_cast<u16>(id(sent()[0]) + 1));
    EXPECT_EQ(id(sent()[3]), static_cast<u16>(id(sent()[0]) + 2));
    EXPECT_NE(id(sent()[2]), static_cast<u16>(id(sent()[0]) + 2));
}

TEST_F(LocalOut, TheLongestPacketLeavesInFortyFivePieces) {
    const Bytes data = counting(65535 - 20);
    ASSERT_TRUE(send(data));
    ASSERT_EQ(sent().size(), 45U);  // 65,515 bytes, 1,480 in each
    Bytes all;
    for (const Sent& piece : sent()) {
        EXPECT_EQ((wire::get16(&piece.frame[20]) & wire::IP_OFFSET) * 8U, all.size());
        EXPECT_EQ(internet_checksum(&piece.frame[14], 20), 0U);
        all.insert(all.end(), piece.frame.begin() + 34, piece.frame.end());
    }
    EXPECT_EQ(all, data);
    EXPECT_FALSE(send(counting(65535 - 19)));
}

TEST_F(LocalOut, WithoutSkbsForAllPiecesNothingLeaves) {
    std::vector<sk_buff*> taken;
    while (skb_free_slots() > 3) taken.push_back(alloc_skb());
    EXPECT_FALSE(send(counting(1480 * 4)));
    for (sk_buff* skb : taken) consume_skb(skb);
    EXPECT_TRUE(sent().empty());
}

TEST_F(LocalOut, AHookThatChangesTheDestinationSendsThePacketAnotherWay) {
    nf_hook_ops ops;
    hook(&ops, [](sk_buff* skb) {
        wire::Ipv4 ip = ip_hdr(skb);
        ip.set_daddr(kFar);
        wire::ip_send_check(ip);
    });
    ASSERT_TRUE(send({1}));
    const Bytes got = answer(kEth1);
    // The source stays as it was chosen before OUTPUT.
    EXPECT_EQ(got, with_id_of(ip_packet({.source = kOwn, .destination = kFar}, {1}), got));
}

TEST_F(LocalOut, AHookThatSetsAMarkHasItsRuleObeyed) {
    rc::RuleAdd rule;
    rule.fwmark = 7, rule.fwmask = 0xFFFFFFFF;
    rule.suppress_prefixlen = rc::SUPPRESS_NONE;
    rule.action = rc::FR_ACT_TO_TBL, rule.table = 100, rule.has_priority = 1, rule.priority = 10;
    ASSERT_EQ(inet_rule_add(rule), 0);
    rc::RouteAdd other = via(0, 0, kFar);
    other.table = 100;
    ASSERT_EQ(inet_route_add(other), 0);
    nf_hook_ops ops;
    hook(&ops, [](sk_buff* skb) { skb->mark = 7; });
    ASSERT_TRUE(send({1}));
    answer(kEth1);
}

TEST_F(LocalOut, AHookThatLeavesNoRouteEndsThePacket) {
    nf_hook_ops ops;
    hook(&ops, [](sk_buff* skb) {
        wire::Ipv4 ip = ip_hdr(skb);
        ip.set_daddr(ip4(192, 0, 2, 1));
        wire::ip_send_check(ip);
    });
    ASSERT_TRUE(send({1}));
    EXPECT_TRUE(sent().empty());
    EXPECT_EQ(fate(Fate::no_route), 1U);
}

TEST_F(LocalOut, ATransportsOwnPacketGetsAHeader) {
    flowi4 flow = flow_to(kHost, 89);
    flow.tos = 0xC0;
    int error = 0;
    rtable* rt = ip_route_output_key(&flow, &error);
    ASSERT_NE(rt, nullptr);
    sk_buff* skb = alloc_skb();
    std::memcpy(skb_put(skb, 4), "ospf", 4);
    ip_build_and_send_pkt(skb, rt, flow, 1, true);
    EXPECT_EQ(answer(), ip_packet({.source = kOwn,
                                   .destination = kHost,
                                   .ttl = 1,
                                   .tos = 0xC0,
                                   .protocol = 89,
                                   .id = 0,
                                   .frag_off = wire::IP_DF},
                                  {'o', 's', 'p', 'f'}));
}

}  // namespace
}  // namespace fw::test
