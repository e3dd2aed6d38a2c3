// SPDX-License-Identifier: Apache-2.0
// Output routing and the choice of the source address. What `ip route get` answers was taken from the real kernel
// (6.18), which was configured by the lines of SetUp.
#include "sw/hal/native/test_machine.h"
#include "tests/sw/net_router.h"

namespace fw::test {
namespace {

std::string dotted(u32 a) {
    std::string text;
    for (int shift = 24; shift >= 0; shift -= 8) text += std::to_string(a >> shift & 255) + (shift ? "." : "");
    return text;
}

class OutputRoute : public Router {
  protected:
    void SetUp() override {
        Router::SetUp();
        link_up(kEth0), link_up(kEth1);
        addr_add(kEth0, ip4(10, 0, 0, 1), 24);
        addr_add(kEth1, ip4(10, 0, 1, 1), 24);
        addr_add(kEth1, ip4(10, 0, 1, 9), 24);
        addr_add(kEth0, ip4(10, 7, 0, 1), 24);
        inet_route_add(via(ip4(192, 0, 2, 0), 24, ip4(10, 0, 1, 2)));
        rc::RouteAdd preferred = via(ip4(198, 51, 100, 0), 24, ip4(10, 0, 1, 2));
        preferred.prefsrc = ip4(10, 0, 0, 1);
        inet_route_add(preferred);
        inet_route_add(on_link(ip4(203, 0, 113, 0), 24, kEth1));
        inet_route_add(special(ip4(192, 168, 1, 0), 24, rc::RTN_BLACKHOLE));
        inet_route_add(special(ip4(192, 168, 2, 0), 24, rc::RTN_UNREACHABLE));
        inet_route_add(special(ip4(192, 168, 3, 0), 24, rc::RTN_PROHIBIT));
        inet_route_add(special(ip4(192, 168, 4, 0), 24, rc::RTN_THROW));
    }

    /// The route in the words of `ip route get`, or its error number.
    static std::string get(u32 daddr, u32 oif = 0, u32 saddr = 0) {
        flowi4 flow{};
        flow.daddr = daddr, flow.oif = oif, flow.saddr = saddr;
        int error = 1;
        const rtable* rt = ip_route_output_key(&flow, &error);
        if (!rt) return std::to_string(error);
        EXPECT_EQ(error, 0);
        const char* types[] = {"", "", "local ", "broadcast ", "", "multicast "};
        std::string text = types[rt->type];
        if (rt->gateway) text += "via " + dotted(rt->gateway) + " ";
        return text + "dev " + rt->dev->name + " src " + dotted(flow.saddr);
    }
    static void add_default() { ASSERT_EQ(inet_route_add(via(0, 0, ip4(10, 0, 0, 2))), 0); }
};

const std::string kInval = std::to_string(-err::inval), kNetUnreach = std::to_string(-err::netunreach);

TEST_F(OutputRoute, TheSourceIsTheRoutesOwnOrTheBestOfTheDevice) {
    EXPECT_EQ(get(ip4(10, 0, 0, 2)), "dev eth0 src 10.0.0.1");
    EXPECT_EQ(get(ip4(10, 7, 0, 5)), "dev eth0 src 10.7.0.1");
    EXPECT_EQ(get(ip4(192, 0, 2, 1)), "via 10.0.1.2 dev eth1 src 10.0.1.1");
    EXPECT_EQ(get(ip4(198, 51, 100, 1)), "via 10.0.1.2 dev eth1 src 10.0.0.1");
    EXPECT_EQ(get(ip4(203, 0, 113, 7)), "dev eth1 src 10.0.1.1");
}

TEST_F(OutputRoute, OwnAddressesLeadToTheLoopbackDevice) {
    EXPECT_EQ(get(ip4(10, 0, 1, 1)), "local dev lo src 10.0.1.1");
    EXPECT_EQ(get(ip4(10, 0, 1, 9)), "local dev lo src 10.0.1.1");
    EXPECT_EQ(get(ip4(127, 0, 0, 5)), "local dev lo src 127.0.0.1");
    EXPECT_EQ(get(ip4(10, 0, 1, 1), 0, ip4(127, 0, 0, 1)), "local dev lo src 127.0.0.1");
    EXPECT_EQ(get(ip4(127, 0, 0, 1), 0, ip4(10, 0, 0, 1)), "local dev lo src 10.0.0.1");
}

TEST_F(OutputRoute, NoDestinationMeansThisHost) {
    EXPECT_EQ(get(0), "local dev lo src 127.0.0.1");
    EXPECT_EQ(get(0, kEth1), "local dev lo src 10.0.1.1");
    EXPECT_EQ(get(0, 0, ip4(10, 0, 0, 1)), "local dev lo src 10.0.0.1");
}

TEST_F(OutputRoute, RoutesThatLeadNowhereAnswerWithTheirErrors) {
    EXPECT_EQ(get(ip4(192, 168, 1, 1)), kInval);
    EXPECT_EQ(get(ip4(192, 168, 2, 1)), std::to_string(-kErrHostUnreach));
    EXPECT_EQ(get(ip4(192, 168, 3, 1)), std::to_string(-kErrProhibit));
    EXPECT_EQ(get(ip4(192, 168, 4, 1)), kNetUnreach);
    EXPECT_EQ(get(ip4(8, 8, 8, 8)), kNetUnreach);
    EXPECT_EQ(get(ip4(0, 1, 2, 3)), kNetUnreach);
}

TEST_F(OutputRoute, WithADeviceWhatHasNoRouteIsOnItsLink) {
    EXPECT_EQ(get(ip4(8, 8, 8, 8), kEth1), "dev eth1 src 10.0.1.1");
    EXPECT_EQ(get(ip4(10, 0, 0, 2), kEth1), "dev eth1 src 10.0.1.1");
    EXPECT_EQ(get(ip4(10, 0, 1, 1), kEth0), "dev eth0 src 10.0.0.1");
    EXPECT_EQ(get(ip4(240, 0, 0, 1), kEth1), "dev eth1 src 10.0.1.1");
    EXPECT_EQ(get(ip4(192, 0, 2, 1), kEth1), "via 10.0.1.2 dev eth1 src 10.0.1.1");
}

TEST_F(OutputRoute, ThroughTheLoopbackDeviceItStaysHereWithAnAddressOfWiderScope) {
    EXPECT_EQ(get(ip4(10, 0, 0, 2), kLoopbackIfindex), "local dev lo src 10.0.0.1");
}

TEST_F(OutputRoute, TheDeviceMustBeThereAndUp) {
    EXPECT_EQ(get(ip4(10, 0, 0, 2), kEth2), kNetUnreach);
    EXPECT_EQ(get(ip4(10, 0, 0, 2), 9), std::to_string(-err::nodev));
}

TEST_F(OutputRoute, BroadcastsAndGroupsNeedARouteADeviceOrASource) {
    EXPECT_EQ(get(ip4(10, 0, 0, 255)), "broadcast dev eth0 src 10.0.0.1");
    EXPECT_EQ(get(0xFFFFFFFF), kNetUnreach);
    EXPECT_EQ(get(ip4(224, 0, 0, 1)), kNetUnreach);
    EXPECT_EQ(get(0xFFFFFFFF, kEth1), "broadcast dev eth1 src 10.0.1.1");
    EXPECT_EQ(get(ip4(224, 0, 0, 5), kEth1), "multicast dev eth1 src 10.0.1.1");
    EXPECT_EQ(get(ip4(239, 1, 1, 1), kEth1), "multicast dev eth1 src 10.0.1.1");
    EXPECT_EQ(get(ip4(239, 1, 1, 1), 0, ip4(10, 0, 0, 1)), "multicast dev eth0 src 10.0.0.1");
    EXPECT_EQ(get(0xFFFFFFFF, 0, ip4(10, 0, 0, 1)), "broadcast dev eth0 src 10.0.0.1");
    EXPECT_EQ(get(0xFFFFFFFF, 0, ip4(10, 0, 9, 9)), kNetUnreach);
}

TEST_F(OutputRoute, TheDefaultRouteNamesTheDeviceOfBroadcastsAndGroupsButNotTheirGateway) {
    add_default();
    EXPECT_EQ(get(0xFFFFFFFF), "broadcast dev eth0 src 10.0.0.1");
    EXPECT_EQ(get(ip4(239, 1, 1, 1)), "multicast dev eth0 src 10.0.0.1");
    EXPECT_EQ(get(ip4(0, 1, 2, 3)), "via 10.0.0.2 dev eth0 src 10.0.0.1");
    EXPECT_EQ(get(ip4(240, 0, 0, 1)), "via 10.0.0.2 dev eth0 src 10.0.0.1");
    EXPECT_EQ(get(ip4(192, 168, 4, 1)), kNetUnreach);
    inet_route_add(on_link(ip4(239, 0, 0, 0), 8, kEth1));
    EXPECT_EQ(get(ip4(239, 1, 1, 1)), "multicast dev eth1 src 10.0.1.1");
}

TEST_F(OutputRoute, TheSourceMustBeOurs) {
    EXPECT_EQ(get(ip4(192, 0, 2, 1), 0, ip4(10, 0, 0, 1)), "via 10.0.1.2 dev eth1 src 10.0.0.1");
    EXPECT_EQ(get(ip4(192, 0, 2, 1), 0, ip4(10, 0, 0, 2)), kNetUnreach);
    EXPECT_EQ(get(ip4(192, 0, 2, 1), 0, ip4(0, 1, 2, 3)), kNetUnreach);
    EXPECT_EQ(get(ip4(192, 0, 2, 1), 0, ip4(127, 0, 0, 1)), kInval);
    EXPECT_EQ(get(ip4(192, 0, 2, 1), 0, ip4(224, 0, 0, 1)), kInval);
    EXPECT_EQ(get(ip4(192, 0, 2, 1), 0, 0xFFFFFFFF), kInval);
}

TEST_F(OutputRoute, RouteLocalnetLetsLoopbackAddressesOut) {
    sysctl_write(rc::SysctlId::route_localnet, kEth1, 1);
    EXPECT_EQ(get(ip4(192, 0, 2, 1), 0, ip4(127, 0, 0, 1)), "via 10.0.1.2 dev eth1 src 127.0.0.1");
}

TEST_F(OutputRoute, AnIgmpMessageOfADeviceNeedsNoRoute) {
    flowi4 flow{};
    flow.daddr = ip4(239, 1, 1, 1), flow.oif = kEth1, flow.proto = wire::IPPROTO_IGMP;
    int error = 1;
    EXPECT_EQ(ip_route_output_key(&flow, &error)->dev, port(kEth1));
    EXPECT_EQ(flow.saddr, ip4(10, 0, 1, 1));
}

TEST_F(OutputRoute, ASelectedAddressSuitsTheDestinationAndTheScope) {
    EXPECT_EQ(inet_select_addr(port(kEth0), ip4(10, 7, 0, 9), rc::RT_SCOPE_UNIVERSE), ip4(10, 7, 0, 1));
    EXPECT_EQ(inet_select_addr(port(kEth0), ip4(8, 8, 8, 8), rc::RT_SCOPE_UNIVERSE), ip4(10, 0, 0, 1));
    // eth2 has none: the first of another device, but not lo's, whose scope is too narrow.
    EXPECT_EQ(inet_select_addr(port(kEth2), 0, rc::RT_SCOPE_UNIVERSE), ip4(10, 0, 0, 1));
    EXPECT_EQ(inet_select_addr(port(kEth2), 0, rc::RT_SCOPE_HOST), ip4(127, 0, 0, 1));
    inet_addr_add({kEth2, ip4(10, 0, 2, 1), 0, 0, 24, rc::RT_SCOPE_LINK});
    EXPECT_EQ(inet_select_addr(port(kEth2), 0, rc::RT_SCOPE_UNIVERSE), ip4(10, 0, 0, 1));
    EXPECT_EQ(inet_select_addr(port(kEth2), 0, rc::RT_SCOPE_LINK), ip4(10, 0, 2, 1));
}

TEST_F(OutputRoute, WithoutAnyAddressThereIsNone) {
    addr_del(kEth0, ip4(10, 0, 0, 1), 24);
    addr_del(kEth0, ip4(10, 7, 0, 1), 24);
    addr_del(kEth1, ip4(10, 0, 1, 1), 24);
    EXPECT_EQ(inet_select_addr(port(kEth1), 0, rc::RT_SCOPE_UNIVERSE), 0U);
}

/// A received packet, routed.
struct Routed {
    sk_buff* skb = alloc_skb();
    Routed(u32 ifindex, const Header& header) {
        const Bytes packet = ip_packet(header, {1});
        std::memcpy(skb_put(skb, static_cast<u32>(packet.size())), packet.data(), packet.size());
        skb->dev = port(ifindex);
        skb->skb_iif = ifindex;
        skb->protocol = wire::swap16(wire::ETH_P_IP);
        skb->network_header = skb_headroom(skb);
        EXPECT_TRUE(ip_route_input(skb, skb->dev));
    }
    Routed(const Routed&) = delete;
    Routed& operator=(const Routed&) = delete;
    ~Routed() { consume_skb(skb); }
};

TEST_F(OutputRoute, AnswersComeFromTheAddressThatWasAskedOrFromTheWayBack) {
    sysctl_write(rc::SysctlId::ip_forward, 0, 1);
    const u32 stranger = ip4(192, 0, 2, 1), group = ip4(224, 0, 0, 1);
    EXPECT_EQ(fib_compute_spec_dst(Routed(kEth0, {.source = stranger, .destination = ip4(10, 7, 0, 1)}).skb),
              ip4(10, 7, 0, 1));
    EXPECT_EQ(fib_compute_spec_dst(Routed(kEth0, {.source = stranger, .destination = group}).skb), ip4(10, 0, 1, 1));
    EXPECT_EQ(fib_compute_spec_dst(Routed(kEth0, {.source = ip4(8, 8, 8, 8), .destination = group}).skb),
              ip4(10, 0, 0, 1));
    EXPECT_EQ(fib_compute_spec_dst(Routed(kEth1, {.source = 0, .destination = group}).skb), ip4(10, 0, 1, 1));
}

TEST_F(OutputRoute, OptionsNoteTheAddressOfTheWayOut) {
    sysctl_write(rc::SysctlId::ip_forward, 0, 1);
    const Routed forwarded(kEth0, {.destination = ip4(192, 0, 2, 1)});
    EXPECT_EQ(ip_rt_get_source(forwarded.skb), ip4(10, 0, 1, 1));
    const Routed preferred(kEth0, {.destination = ip4(198, 51, 100, 1)});
    EXPECT_EQ(ip_rt_get_source(preferred.skb), ip4(10, 0, 0, 1));
    preferred.skb->skb_iif = 0;  // as if made here
    EXPECT_EQ(ip_rt_get_source(preferred.skb), ip4(10, 0, 0, 2));
}

TEST_F(OutputRoute, TheMtuOfTheWayIsTheDevices) {
    sysctl_write(rc::SysctlId::ip_forward, 0, 1);
    inet_link_set({kEth1, 1400, 0, 0, 0, {}});
    const Routed forwarded(kEth0, {.destination = ip4(192, 0, 2, 1)});
    EXPECT_EQ(ip_dst_mtu(forwarded.skb), 1400U);
    const Routed local(kEth0, {.destination = ip4(10, 0, 0, 1)});
    local.skb->dst->dev = dev_get_by_index(kLoopbackIfindex);
    EXPECT_EQ(ip_dst_mtu(local.skb), 65535U);  // lo's is 65,536
    local.skb->dst->dev = port(kEth0);
}

}  // namespace
}  // namespace fw::test
