// SPDX-License-Identifier: Apache-2.0
// Source routes (RFC 791 3.1, RFC 1812 5.2.4.1), as Linux 6.18 follows and refuses them.
#include "sw/net/icmp.h"
#include "tests/sw/net_ip_options.h"

namespace fw::test {
namespace {

constexpr u32 kRouter = ip4(10, 0, 0, 1);
constexpr u32 kNext = ip4(10, 0, 1, 2);

class SourceRoute : public OptionsRouter {
  protected:
    void SetUp() override {
        OptionsRouter::SetUp();
        sysctl_write(rc::SysctlId::accept_source_route, rc::SYSCTL_ALL, 1);
    }
    /// What was answered: type, code and the second word of the one ICMP message.
    static std::vector<u32> answer() {
        if (sent().size() != 1 || sent()[0].frame.size() < 42 || sent()[0].frame[23] != 1) return {};
        const u8* ip = &sent()[0].frame[14];
        const u8* icmp = ip + (ip[0] & 0xF) * 4U;
        return {icmp[0], icmp[1], wire::get32(icmp + 4)};
    }
    static std::vector<u32> problem(u32 pointer) { return {ICMP_PARAMETERPROB, 0, pointer << 24}; }
};

TEST_F(SourceRoute, LeadsToItsNextStopWithOurAddressInItsPlace) {
    EXPECT_EQ(through({.destination = kRouter, .options = {131, 7, 4, 10, 0, 1, 2, 0}}),
              ip_packet({.destination = kNext, .ttl = 63, .options = {131, 7, 8, 10, 0, 1, 1, 0}}, {1, 2, 3}));
}

TEST_F(SourceRoute, AStrictOneLeadsToANeighbour) {
    EXPECT_EQ(through({.destination = kRouter, .options = {137, 7, 4, 10, 0, 1, 2, 0}}),
              ip_packet({.destination = kNext, .ttl = 63, .options = {137, 7, 8, 10, 0, 1, 1, 0}}, {1, 2, 3}));
}

TEST_F(SourceRoute, StopsThatAreThisHostAreTakenAtOnce) {
    EXPECT_EQ(
        through({.destination = kRouter, .options = {131, 11, 4, 10, 0, 1, 1, 10, 0, 1, 2, 0}}),
        ip_packet({.destination = kNext, .ttl = 63, .options = {131, 11, 12, 10, 0, 1, 1, 10, 0, 1, 1, 0}}, {1, 2, 3}));
}

TEST_F(SourceRoute, TimeWithAddressIsThenThatOfTheWayOut) {
    set_time_ms(3);
    const Bytes in = {131, 7, 4, 10, 0, 1, 2, 68, 12, 5, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0};
    const Bytes out = {131, 7, 8, 10, 0, 1, 1, 68, 12, 13, 1, 10, 0, 1, 1, 0, 0, 0, 3, 0};
    EXPECT_EQ(through({.destination = kRouter, .options = in}),
              ip_packet({.destination = kNext, .ttl = 63, .options = out}, {1, 2, 3}));
}

TEST_F(SourceRoute, ThatIsAtItsEndIsDelivered) {
    through({.destination = kRouter, .protocol = wire::IPPROTO_TCP, .options = {131, 7, 8, 10, 0, 1, 2, 0}});
    EXPECT_EQ(fate(Fate::ip_options), 0U);
    EXPECT_EQ(counter(Snmp::IpInDelivers), 1U);
}

TEST_F(SourceRoute, ALooseOnePassesBetweenItsStops) {
    expect_options({131, 7, 4, 10, 0, 1, 3, 0}, {131, 7, 4, 10, 0, 1, 3, 0});
}

TEST_F(SourceRoute, AStrictOneDoesNotPassAHostThatItDoesNotName) {
    through({.options = {137, 7, 4, 10, 0, 1, 3, 0}});
    EXPECT_EQ(fate(Fate::ip_options), 1U);
    EXPECT_EQ(counter(Snmp::IpInHdrErrors), 0U);
}

TEST_F(SourceRoute, AStrictOneDoesNotGoByAGateway) {
    ASSERT_EQ(inet_route_add(via(ip4(192, 0, 2, 0), 24, ip4(10, 0, 1, 3))), 0);
    through({.destination = kRouter, .options = {137, 7, 4, 192, 0, 2, 1, 0}});
    EXPECT_EQ(fate(Fate::ip_options), 1U);
    EXPECT_EQ(counter(Snmp::IpForwDatagrams), 0U);
}

TEST_F(SourceRoute, WithAPointerBetweenTheStopsIsAParameterProblem) {
    through({.destination = kRouter, .options = {131, 7, 5, 10, 0, 1, 2, 0}});
    EXPECT_EQ(fate(Fate::ip_options), 1U);
}

TEST_F(SourceRoute, ToWhereNoRouteLeadsIsDroppedInSilence) {
    through({.destination = kRouter, .options = {131, 7, 4, 192, 0, 2, 1, 0}});
    EXPECT_EQ(sent().size(), 0U);
    EXPECT_EQ(fate(Fate::ip_options), 1U);
}

TEST_F(SourceRoute, OfAPacketToManyIsDroppedInSilence) {
    through({.destination = ip4(255, 255, 255, 255), .options = {131, 7, 4, 10, 0, 1, 2, 0}});
    EXPECT_EQ(sent().size(), 0U);
    EXPECT_EQ(fate(Fate::ip_options), 1U);
}

TEST_F(SourceRoute, InAFrameToManyIsDroppedInSilence) {
    Bytes frame = frame_for(kEth0, ip_packet({.destination = kRouter, .options = {131, 7, 4, 10, 0, 1, 2, 0}}, {}));
    std::fill(frame.begin(), frame.begin() + 6, u8{0xFF});
    receive(kEth0, frame);
    EXPECT_EQ(fate(Fate::ip_options), 1U);
}

TEST_F(SourceRoute, NeedsTheConsentOfAllAndOfTheInterface) {
    const Header header = {.destination = kRouter, .options = {131, 7, 4, 10, 0, 1, 2, 0}};
    sysctl_write(rc::SysctlId::accept_source_route, kEth0, 0);
    EXPECT_EQ(through(header), Bytes{});
    sysctl_write(rc::SysctlId::accept_source_route, kEth0, 1);
    sysctl_write(rc::SysctlId::accept_source_route, rc::SYSCTL_ALL, 0);
    EXPECT_EQ(through(header), Bytes{});
    EXPECT_EQ(fate(Fate::ip_options), 2U);
    EXPECT_EQ(native::machine().console, "");
}

TEST_F(SourceRoute, ThatIsRefusedIsToldWhereMartiansAreLogged) {
    sysctl_write(rc::SysctlId::accept_source_route, rc::SYSCTL_ALL, 0);
    sysctl_write(rc::SysctlId::log_martians, kEth0, 1);
    sysctl_write(rc::SysctlId::printk, 0, 7);
    through({.destination = kRouter, .options = {131, 7, 4, 10, 0, 1, 2, 0}});
    EXPECT_NE(native::machine().console.find("source route option 10.0.0.2 -> 10.0.0.1\n"), std::string::npos);
}

TEST_F(SourceRoute, ABadOptionIsAnsweredWithThePlaceOfItsFault) {
    through({.options = {1, 7, 3, 3, 0, 0, 0, 0}});
    EXPECT_EQ(counter(Snmp::IpInHdrErrors), 1U);
}

TEST_F(SourceRoute, ACipsoLabelOfAnUnknownDomainIsAnsweredWithTheLabel) {
    through({.options = {134, 8, 0, 0, 0, 1, 0, 0}});
    EXPECT_EQ(answer(), problem(20 + 2));
    ASSERT_EQ(sent()[0].frame[14], 0x47);
    EXPECT_EQ(Bytes(sent()[0].frame.begin() + 34, sent()[0].frame.begin() + 42), (Bytes{134, 8, 0, 0, 0, 1, 0, 0}));
}

TEST_F(SourceRoute, WithoutBuffersForACopyASharedPacketIsDiscarded) {
    const Bytes packet = ip_packet({.options = {7, 7, 4, 0, 0, 0, 0, 0}}, {});
    const Bytes frame = frame_for(kEth0, packet);
    sk_buff* held = alloc_skb();
    std::memcpy(skb_put(held, static_cast<u32>(frame.size())), frame.data(), frame.size());
    eth_type_trans(held, port(kEth0));
    ++held->users;
    std::vector<sk_buff*> taken;
    while (skb_free_slots() > 0) taken.push_back(alloc_skb());
    ip_rcv(held, port(kEth0), nullptr);
    EXPECT_EQ(counter(Snmp::IpInDiscards), 1U);
    EXPECT_EQ(sent().size(), 0U);
    for (sk_buff* skb : taken) consume_skb(skb);
    consume_skb(held);
}

}  // namespace
}  // namespace fw::test
