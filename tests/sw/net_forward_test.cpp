// SPDX-License-Identifier: Apache-2.0
// Forwarding and fragmentation (RFC 1812 5.3, RFC 791 3.2; Linux 6.18 net/ipv4/ip_forward.c and ip_output.c).
#include "tests/sw/net_router.h"

namespace fw::test {
namespace {

class Forward : public Router {
  protected:
    void SetUp() override {
        Router::SetUp();
        configure();
    }
    static void configure_eth1_again() {
        ASSERT_EQ(link_up(kEth1), 0);
        ASSERT_EQ(neigh_add(kEth1, ip4(10, 0, 1, 2), {2, 0, 0, 0x0B, 1, 2}), 0);
    }
    static Bytes sent_packet(size_t n) { return Bytes(sent().at(n).frame.begin() + 14, sent().at(n).frame.end()); }
};

const Bytes kPayload(40, 0x5A);

TEST_F(Forward, TtlOneIsDroppedAndCountedAsHeaderError) {
    receive_ip(kEth0, ip_packet({.ttl = 1}, kPayload));
    EXPECT_EQ(fate(Fate::ttl_exceeded), 1U);
    EXPECT_EQ(counter(Snmp::IpInHdrErrors), 1U);
    EXPECT_EQ(counter(Snmp::IpForwDatagrams), 0U);
}

TEST_F(Forward, TtlZeroIsDroppedToo) {
    receive_ip(kEth0, ip_packet({.ttl = 0}, kPayload));
    EXPECT_EQ(fate(Fate::ttl_exceeded), 1U);
}

TEST_F(Forward, TtlTwoLeavesAsOneWithBothMacsRewritten) {
    receive_ip(kEth0, ip_packet({.ttl = 2}, kPayload));
    ASSERT_EQ(sent().size(), 1U);
    EXPECT_EQ(sent()[0].ifindex, kEth1);
    EXPECT_EQ(Bytes(sent()[0].frame.begin(), sent()[0].frame.begin() + 14),
              (Bytes{2, 0, 0, 0x0B, 1, 2, 2, 0, 0, 0, 1, 1, 8, 0}));
    EXPECT_EQ(sent_packet(0), ip_packet({.ttl = 1}, kPayload));
}

TEST_F(Forward, ALinkBroadcastIsNotForwarded) {
    Bytes frame = frame_for(kEth0, ip_packet({}, kPayload));
    for (unsigned i = 0; i < 6; ++i) frame[i] = 0xFF;
    receive(kEth0, frame);
    EXPECT_EQ(fate(Fate::link_broadcast), 1U);
    EXPECT_EQ(counter(Snmp::IpForwDatagrams), 0U);
}

TEST_F(Forward, TooLongWithDfIsDroppedAfterItWasCountedAsForwarded) {
    port(kEth1)->mtu = 576;
    receive_ip(kEth0, ip_packet({.frag_off = wire::IP_DF}, Bytes(557)));
    EXPECT_EQ(fate(Fate::frag_needed), 1U);
    EXPECT_EQ(counter(Snmp::IpFragFails), 1U);
    EXPECT_EQ(counter(Snmp::IpForwDatagrams), 1U);
    ASSERT_EQ(sent().size(), 1U);  // the answer, net_icmp_errors_test.cpp
    EXPECT_EQ(sent()[0].ifindex, kEth0);
}

TEST_F(Forward, ExactlyTheMtuWithDfGoesThrough) {
    port(kEth1)->mtu = 576;
    receive_ip(kEth0, ip_packet({.frag_off = wire::IP_DF}, Bytes(556)));
    EXPECT_EQ(sent().size(), 1U);
}

TEST_F(Forward, ARouteViaAGatewayResolvesTheGateway) {
    ASSERT_EQ(inet_route_add(via(ip4(192, 0, 2, 0), 24, ip4(10, 0, 1, 3))), 0);
    receive_ip(kEth0, ip_packet({.destination = ip4(192, 0, 2, 200)}, kPayload));
    ASSERT_EQ(sent().size(), 1U);
    EXPECT_EQ(Bytes(sent()[0].frame.begin(), sent()[0].frame.begin() + 6), (Bytes{2, 0, 0, 0x0B, 1, 3}));
}

TEST_F(Forward, SpecialRoutesEndPacketsEachInItsWay) {
    ASSERT_EQ(inet_route_add(special(ip4(172, 16, 1, 0), 24, rc::RTN_BLACKHOLE)), 0);
    ASSERT_EQ(inet_route_add(special(ip4(172, 16, 2, 0), 24, rc::RTN_UNREACHABLE)), 0);
    ASSERT_EQ(inet_route_add(special(ip4(172, 16, 3, 0), 24, rc::RTN_PROHIBIT)), 0);
    for (u32 net = 1; net <= 3; ++net) {
        receive_ip(kEth0, ip_packet({.destination = ip4(172, 16, net, 9)}, kPayload));
    }
    EXPECT_EQ(fate(Fate::blackhole), 1U);
    EXPECT_EQ(fate(Fate::unreachable), 1U);
    EXPECT_EQ(fate(Fate::prohibit), 1U);
    EXPECT_EQ(counter(Snmp::IpExtInNoRoutes), 0U);
}

TEST_F(Forward, SpecialRoutesCountAsNotForwardingWhereForwardingIsOff) {
    ASSERT_EQ(inet_route_add(special(ip4(172, 16, 1, 0), 24, rc::RTN_BLACKHOLE)), 0);
    sysctl_write(rc::SysctlId::ip_forward, 0, 0);
    receive_ip(kEth0, ip_packet({.destination = ip4(172, 16, 1, 9)}, kPayload));
    EXPECT_EQ(fate(Fate::not_forwarding), 1U);
    EXPECT_EQ(counter(Snmp::IpInAddrErrors), 1U);
}

class TosBands : public Forward {
  protected:
    void SetUp() override {
        Forward::SetUp();
        link_down(kEth1);
        port(kEth1)->tx_queue_len = 1000;
        configure_eth1_again();
    }
    void TearDown() override {
        ASSERT_EQ(sysctl_write(rc::SysctlId::tos_0x02_bulk, 0, 1), 0);
        Forward::TearDown();
    }
    /// Sends all 16 values.
    static void expect_bands(const std::array<unsigned, 16>& bands) {
        for (unsigned i = 0; i < 16; ++i) {
            const u64* row = turnpike_counters.queue[kEth1 - 1][0].qdisc;
            const auto band0 = static_cast<unsigned>(regs::Qdisc::band0);
            const u64 before[3] = {row[band0], row[band0 + 1], row[band0 + 2]};
            receive_ip(kEth0, ip_packet({.tos = static_cast<u8>(i * 2)}, kPayload));
            for (unsigned band = 0; band < 3; ++band) {
                EXPECT_EQ(row[band0 + band] - before[band], band == bands[i] ? 1U : 0U) << "TOS " << i * 2;
            }
        }
    }
};

// The documents' two tables, composed.
TEST_F(TosBands, AreThoseOfTheDocuments) { expect_bands({1, 2, 1, 1, 2, 2, 2, 2, 0, 0, 0, 0, 1, 1, 1, 1}); }

// Linux 6.18 net/ipv4/route.c has TC_PRIO_BESTEFFORT in second place.
TEST_F(TosBands, AreThoseOfLinux618WhenAskedFor) {
    ASSERT_EQ(sysctl_write(rc::SysctlId::tos_0x02_bulk, 0, 0), 0);
    expect_bands({1, 1, 1, 1, 2, 2, 2, 2, 0, 0, 0, 0, 1, 1, 1, 1});
}

TEST_F(Forward, EcnAndPrecedenceDoNotChangeTheBand) {
    const auto priority_of = [](u8 tos) {
        static u32 priority;
        static const nf_hook_ops probe = {[](void*, sk_buff* skb, const nf_hook_state*) {
                                              priority = skb->priority;
                                              return NF_ACCEPT;
                                          },
                                          nullptr, NF_INET_FORWARD, 0};
        nf_register_hook(&probe);
        receive_ip(kEth0, ip_packet({.tos = tos}, kPayload));
        nf_unregister_hook(&probe);
        return priority;
    };
    for (unsigned tos = 0; tos < 256; ++tos) {
        EXPECT_EQ(priority_of(static_cast<u8>(tos)), priority_of(static_cast<u8>(tos & 0x1E)));
    }
}

TEST_F(Forward, FragmentsOfAFragmentKeepItsOffsetAndItsMoreFragments) {
    port(kEth1)->mtu = 68;  // 48 bytes of data in each
    Bytes payload(104);
    for (size_t i = 0; i < payload.size(); ++i) payload[i] = static_cast<u8>(i);
    receive_ip(kEth0, ip_packet({.frag_off = wire::IP_MF | 100}, payload));
    ASSERT_EQ(sent().size(), 3U);
    const auto piece = [&](u16 frag_off, size_t from, size_t to) {
        const auto begin = payload.begin();
        return ip_packet({.ttl = 63, .frag_off = frag_off},
                         Bytes(begin + static_cast<std::ptrdiff_t>(from), begin + static_cast<std::ptrdiff_t>(to)));
    };
    EXPECT_EQ(sent_packet(0), piece(wire::IP_MF | 100, 0, 48));
    EXPECT_EQ(sent_packet(1), piece(wire::IP_MF | 106, 48, 96));
    EXPECT_EQ(sent_packet(2), piece(wire::IP_MF | 112, 96, 104));
    EXPECT_EQ(counter(Snmp::IpFragOKs), 1U);
    EXPECT_EQ(counter(Snmp::IpFragCreates), 3U);
    EXPECT_EQ(counter(Snmp::IpOutTransmits), 3U);
}

TEST_F(Forward, OnlyCopiedOptionsGoIntoTheSecondFragment) {
    port(kEth1)->mtu = 68;  // 40 bytes of data behind 28 of header
    receive_ip(kEth0, ip_packet({.options = {7, 3, 4, 148, 4, 0, 0, 0}}, Bytes(48, 9)));
    ASSERT_EQ(sent().size(), 2U);
    EXPECT_EQ(sent_packet(0),
              ip_packet({.ttl = 63, .frag_off = wire::IP_MF, .options = {7, 3, 4, 148, 4, 0, 0, 0}}, Bytes(40, 9)));
    EXPECT_EQ(sent_packet(1),
              ip_packet({.ttl = 63, .frag_off = 5, .options = {1, 1, 1, 148, 4, 0, 0, 0}}, Bytes(8, 9)));
}

TEST_F(Forward, WithoutBuffersForThePiecesThePacketIsAFailedFragmentation) {
    port(kEth1)->mtu = 68;
    std::vector<sk_buff*> taken;
    while (skb_free_slots() > 1) taken.push_back(alloc_skb());
    receive_ip(kEth0, ip_packet({}, Bytes(100)));
    EXPECT_EQ(fate(Fate::frag_failed), 1U);
    EXPECT_EQ(counter(Snmp::IpFragFails), 1U);
    EXPECT_EQ(counter(Snmp::IpFragOKs), 0U);
    for (sk_buff* skb : taken) consume_skb(skb);
}

TEST_F(Forward, APacketThatSomebodyElseStillHoldsIsCopiedBeforeItIsChanged) {
    const Bytes frame = frame_for(kEth0, ip_packet({}, kPayload));
    sk_buff* held = alloc_skb();
    std::memcpy(skb_put(held, static_cast<u32>(frame.size())), frame.data(), frame.size());
    eth_type_trans(held, port(kEth0));
    ++held->users;
    ip_rcv(held, port(kEth0), nullptr);
    ASSERT_EQ(sent().size(), 1U);
    EXPECT_EQ(held->data[8], 64);
    EXPECT_EQ(sent_packet(0), ip_packet({.ttl = 63}, kPayload));
    consume_skb(held);
}

}  // namespace
}  // namespace fw::test
