// SPDX-License-Identifier: Apache-2.0
// Which packets fib_multipath_hash_policy 1, 2 and 3 send the same way (Documentation/networking/ip-sysctl.rst), and
// what fib_multipath_use_neigh passes over (Linux net/ipv4/fib_semantics.c, fib_good_nh).
#include <set>

#include "sw/net/flow_dissector.h"
#include "sw/net/multipath.h"
#include "tests/sw/net_router.h"

namespace fw::test {
namespace {

constexpr u32 kNet = ip4(192, 0, 2, 0), kFrom = ip4(10, 0, 2, 2);
constexpr u32 kA = ip4(10, 0, 0, 3), kB = ip4(10, 0, 1, 3);

class MultipathPolicy : public Router {
  protected:
    void SetUp() override {
        Router::SetUp();
        configure();
        link_up(kEth2);
        addr_add(kEth2, ip4(10, 0, 2, 1), 24);
        rc::RouteAdd message = route(kNet, 24);
        message.nexthops = 2;
        message.nh_gateway[0] = kA, message.nh_gateway[1] = kB;
        ASSERT_EQ(inet_route_add(message), 0);
    }
    static void policy(i64 number, i64 fields = 7) {
        ASSERT_EQ(sysctl_write(SysctlId::fib_multipath_hash_policy, 0, number), 0);
        ASSERT_EQ(sysctl_write(SysctlId::fib_multipath_hash_fields, 0, fields), 0);
    }
    /// Ways that 40 packets take which differ by what `make` does with their number.
    template <typename Make>
    static size_t ways(Make make) {
        sent_frames().clear();
        for (u8 n = 0; n < 40; ++n) receive_ip(kEth2, make(n));
        EXPECT_EQ(sent().size(), 40U);
        std::set<u32> devices;
        for (const Sent& one : sent()) devices.insert(one.ifindex);
        return devices.size();
    }
    static Bytes udp(u32 saddr, u32 daddr, u16 sport, u16 dport) {
        Bytes ports(8);
        wire::put16(&ports[0], sport), wire::put16(&ports[2], dport), ports[5] = 8;
        return ip_packet({.source = saddr, .destination = daddr, .protocol = 17}, ports);
    }
    static Bytes with_ports(u8 n) { return udp(kFrom, kNet + 1, static_cast<u16>(1000 + n), 53); }
    static Bytes in_tunnel(u8 protocol, const Bytes& gre, const Bytes& inner) {
        Bytes body = gre;
        body.insert(body.end(), inner.begin(), inner.end());
        return ip_packet({.source = kFrom, .destination = kNet + 1, .protocol = protocol}, body);
    }
    static Bytes inner_addresses(u8 n) { return udp(ip4(172, 16, 0, n), ip4(172, 17, 0, 1), 1, 2); }
    static Bytes inner_ports(u8 n) { return udp(ip4(172, 16, 0, 1), ip4(172, 17, 0, 1), n, 2); }
    static Bytes ipip(u8 n) { return in_tunnel(4, {}, inner_addresses(n)); }
};

TEST_F(MultipathPolicy, TwoLooksAtTheAddressesInsideATunnelAndOneAtThoseOutside) {
    policy(1);
    EXPECT_EQ(ways(ipip), 1U);
    policy(2);
    EXPECT_EQ(ways(ipip), 2U);
    EXPECT_EQ(ways([](u8 n) { return in_tunnel(4, {}, inner_ports(n)); }), 1U);
    EXPECT_EQ(ways(with_ports), 1U);
}

TEST_F(MultipathPolicy, TwoReadsGreWithAllItsOptionalFields) {
    policy(2);
    // RFC 2784 2.1, RFC 2890 2: checksum, key, sequence number are a word each.
    EXPECT_EQ(ways([](u8 n) { return in_tunnel(47, {0, 0, 8, 0}, inner_addresses(n)); }), 2U);
    EXPECT_EQ(ways([](u8 n) {
                  return in_tunnel(47, {0xB0, 0, 8, 0, 1, 2, 0, 0, 9, 9, 9, 9, 0, 0, 0, 1}, inner_addresses(n));
              }),
              2U);
    // Routing (RFC 1701), another version, another protocol and a header cut short are not looked into.
    for (const Bytes& gre : {Bytes{0x40, 0, 8, 0}, Bytes{0, 1, 8, 0}, Bytes{0, 0, 0x65, 0x58}}) {
        EXPECT_EQ(ways([&](u8 n) { return in_tunnel(47, gre, inner_addresses(n)); }), 1U);
    }
    EXPECT_EQ(ways([](u8 n) { return in_tunnel(47, {0x80, n}, {}); }), 1U);
    EXPECT_EQ(ways([](u8 n) { return in_tunnel(47, {0x80, 0, 8, 0, n}, {}); }), 1U);
}

TEST_F(MultipathPolicy, TwoReadsIpv6InIpv4AndPacketsThatAreCutShort) {
    policy(2);
    const auto ipv6 = [](u8 n, size_t bytes) {
        Bytes header(40);
        header[0] = 0x60, header[6] = 59, header[23] = n, header[39] = 1;
        header.resize(bytes);
        return in_tunnel(41, {}, header);
    };
    EXPECT_EQ(ways([&](u8 n) { return ipv6(n, 40); }), 2U);
    EXPECT_EQ(ways([&](u8 n) { return ipv6(n, 39); }), 1U);
    EXPECT_EQ(ways([](u8 n) { return in_tunnel(4, {}, {0x45, 0, n}); }), 1U);
    EXPECT_EQ(ways([](u8 n) {
                  Bytes inner = inner_addresses(n);
                  inner[0] = 0x4F;  // a header longer than the packet
                  return in_tunnel(4, {}, inner);
              }),
              1U);
}

TEST_F(MultipathPolicy, TunnelsInTunnelsEndSomewhere) {
    policy(2);
    Bytes packet = inner_addresses(1);
    for (unsigned depth = 0; depth < 20; ++depth) {
        packet = ip_packet({.source = kFrom, .destination = kNet + 1, .protocol = 4}, packet);
    }
    receive_ip(kEth2, packet);
    EXPECT_EQ(sent().size(), 1U);
}

TEST_F(MultipathPolicy, ThreeLooksAtTheFieldsThatAreNamed) {
    const auto sources = [](u8 n) { return udp(ip4(10, 0, 2, static_cast<u8>(2 + n)), kNet + 1, 1, 2); };
    const auto destinations = [](u8 n) { return udp(kFrom, kNet + n, 1, 2); };
    const auto protocols = [](u8 n) {
        return ip_packet({.source = kFrom, .destination = kNet + 1, .protocol = static_cast<u8>(200 + n)}, {1});
    };
    const auto to_ports = [](u8 n) { return udp(kFrom, kNet + 1, 1, n); };
    struct Case {
        i64 fields;
        size_t ways[5];  ///< by source, destination, protocol, source port, destination port
    };
    for (const Case& test : {Case{0x01, {2, 1, 1, 1, 1}}, Case{0x02, {1, 2, 1, 1, 1}}, Case{0x04, {1, 1, 2, 1, 1}},
                             Case{0x10, {1, 1, 1, 2, 1}}, Case{0x20, {1, 1, 1, 1, 2}}, Case{0x08, {1, 1, 1, 1, 1}}}) {
        policy(3, test.fields);
        EXPECT_EQ(ways(sources), test.ways[0]) << test.fields;
        EXPECT_EQ(ways(destinations), test.ways[1]) << test.fields;
        EXPECT_EQ(ways(protocols), test.ways[2]) << test.fields;
        EXPECT_EQ(ways(with_ports), test.ways[3]) << test.fields;
        EXPECT_EQ(ways(to_ports), test.ways[4]) << test.fields;
    }
}

TEST_F(MultipathPolicy, ThreeLooksInsideWhereFieldsOfTheInnerPacketAreNamed) {
    policy(3, 0x040);  // inner source address
    EXPECT_EQ(ways(ipip), 2U);
    EXPECT_EQ(ways([](u8 n) { return in_tunnel(4, {}, inner_ports(n)); }), 1U);
    EXPECT_EQ(ways(with_ports), 1U);
    policy(3, 0x400);  // inner source port
    EXPECT_EQ(ways(ipip), 1U);
    EXPECT_EQ(ways([](u8 n) { return in_tunnel(4, {}, inner_ports(n)); }), 2U);
}

TEST_F(MultipathPolicy, PacketsOfThisHostAreTheFlowThatIsAskedFor) {
    flowi4 a{}, b{};
    a.saddr = b.saddr = kFrom, a.daddr = b.daddr = kNet + 1, a.proto = b.proto = 17, a.sport = 1, b.sport = 2;
    for (const i64 number : {0, 2}) {
        policy(number);
        EXPECT_EQ(fib_multipath_hash(a, nullptr), fib_multipath_hash(b, nullptr));
    }
    policy(1);
    EXPECT_NE(fib_multipath_hash(a, nullptr), fib_multipath_hash(b, nullptr));
    policy(3, 0x10);
    EXPECT_NE(fib_multipath_hash(a, nullptr), fib_multipath_hash(b, nullptr));
}

TEST_F(MultipathPolicy, TheSeedChangesTheHash) {
    flowi4 flow{};
    flow.saddr = kFrom, flow.daddr = kNet + 1;
    const u32 before = fib_multipath_hash(flow, nullptr);
    sysctl_write(SysctlId::fib_multipath_hash_seed, 0, 4711);
    EXPECT_NE(fib_multipath_hash(flow, nullptr), before);
}

TEST_F(MultipathPolicy, PortsAreThoseOfTransportProtocolsAndTheSpiOfIpsec) {
    struct Case {
        u8 protocol;
        u32 ports;
    };
    const Bytes transport = {0, 1, 0, 2, 0, 3, 0, 4};
    for (const Case& test : {Case{6, 0x10002}, Case{17, 0x10002}, Case{33, 0x10002}, Case{132, 0x10002},
                             Case{136, 0x10002}, Case{50, 0x10002}, Case{51, 0x30004}, Case{1, 0}, Case{2, 0}}) {
        const Bytes packet = ip_packet({.protocol = test.protocol}, transport);
        sk_buff* skb = alloc_skb();
        std::memcpy(skb_put(skb, static_cast<u32>(packet.size())), packet.data(), packet.size());
        skb->network_header = skb_headroom(skb);
        EXPECT_EQ(skb_flow_dissect(skb, false).ports, test.ports) << unsigned(test.protocol);
        skb->tail -= 5;
        EXPECT_EQ(skb_flow_dissect(skb, false).ports, 0U) << unsigned(test.protocol);
        skb->tail += 5;
        consume_skb(skb);
    }
}

TEST_F(MultipathPolicy, AWayWhoseGatewayDoesNotAnswerIsPassedOverOnlyIfNeighboursCount) {
    const auto flows = [](u8 n) { return udp(kFrom, kNet + n, 1, 2); };
    neigh_lookup(kB, port(kEth1))->nud_state = rc::NUD_FAILED;
    EXPECT_EQ(ways(flows), 2U);
    sysctl_write(SysctlId::fib_multipath_use_neigh, 0, 1);
    EXPECT_EQ(ways(flows), 1U);
    EXPECT_EQ(sent()[0].ifindex, kEth0);
    neigh_lookup(kB, port(kEth1))->nud_state = rc::NUD_STALE;
    EXPECT_EQ(ways(flows), 2U);
    neigh_lookup(kA, port(kEth0))->nud_state = neigh_lookup(kB, port(kEth1))->nud_state = rc::NUD_INCOMPLETE;
    const u32 hash = 0;
    EXPECT_EQ(rt_table[fib_select_multipath(fib_trie_lookup(kNet + 1), hash, 0)].gateway, kA);
}

}  // namespace
}  // namespace fw::test
