// SPDX-License-Identifier: Apache-2.0
// Redirects that the router sends (RFC 792; RFC 1812 5.2.7.2).
#include "tests/sw/net_icmp.h"

namespace fw::test {
namespace {

class Redirect : public IcmpRouter {
  protected:
    static constexpr u32 kNeighbour = ip4(10, 0, 0, 3);

    void SetUp() override {
        IcmpRouter::SetUp();
        ASSERT_EQ(inet_route_add(via(ip4(192, 0, 2, 0), 24, kNeighbour)), 0);
        tsc_khz = 1'000'000;
    }
    void TearDown() override {
        tsc_khz = 0;
        IcmpRouter::TearDown();
    }
    static void redirects_off() {
        for (const u32 ifindex : {rc::SYSCTL_ALL, kEth0}) sysctl_write(rc::SysctlId::send_redirects, ifindex, 0);
    }
    /// One packet that goes back out of eth0; what left, the redirect first if there is one.
    static const std::vector<Sent>& pass(const Header& header) {
        sent_frames().clear();
        receive_ip(kEth0, ip_packet(header, {1, 2, 3}));
        return sent();
    }
    const Header there = {.destination = ip4(192, 0, 2, 1)};
};

TEST_F(Redirect, NamesTheGatewayAndQuotesThePacketAsItWasForwarded) {
    ASSERT_EQ(pass(there).size(), 2U);
    const Bytes forwarded = ip_packet({.destination = ip4(192, 0, 2, 1), .ttl = 63}, {1, 2, 3});
    EXPECT_EQ(Bytes(sent()[1].frame.begin() + 14, sent()[1].frame.end()), forwarded);
    sent_frames().pop_back();
    expect_error(5, 1, forwarded, kNeighbour);
    EXPECT_EQ(counter(Snmp::IcmpOutRedirects), 1U);
    EXPECT_EQ(icmp_out(5), 1U);
}

TEST_F(Redirect, NamesTheDestinationOnTheLink) {
    ASSERT_EQ(pass({.destination = kNeighbour}).size(), 2U);
    EXPECT_EQ(wire::get32(&sent()[0].frame[14 + 20 + 4]), kNeighbour);
}

TEST_F(Redirect, ComesOnceAndAgainAfterFortyMilliseconds) {
    EXPECT_EQ(pass(there).size(), 2U);
    EXPECT_EQ(pass(there).size(), 1U);
    native::machine().tsc += (40 * kMsec + 1) * 1000;
    EXPECT_EQ(pass(there).size(), 2U);
}

TEST_F(Redirect, IsNotSentWhereItIsSwitchedOff) {
    redirects_off();
    EXPECT_EQ(pass(there).size(), 1U);
}

TEST_F(Redirect, IsNotSentToASourceBehindAGateway) {
    ASSERT_EQ(inet_route_add(via(ip4(198, 51, 100, 0), 24, kHost)), 0);
    EXPECT_EQ(pass({.source = ip4(198, 51, 100, 7), .destination = ip4(192, 0, 2, 1)}).size(), 1U);
}

TEST_F(Redirect, IsNotSentAboutASourceRoute) {
    sysctl_write(rc::SysctlId::accept_source_route, rc::SYSCTL_ALL, 1);
    const Header header = {.destination = kOwn, .options = {131, 7, 4, 192, 0, 2, 1, 0}};
    EXPECT_EQ(pass(header).size(), 1U);
    EXPECT_EQ(counter(Snmp::IcmpOutRedirects), 0U);
}

TEST_F(Redirect, TheLastOneIsWrittenToTheLogWhereMartiansAre) {
    sysctl_write(rc::SysctlId::printk, 0, 8);
    sysctl_write(rc::SysctlId::log_martians, rc::SYSCTL_ALL, 1);
    sysctl_write(rc::SysctlId::route_redirect_number, 0, 1);
    EXPECT_EQ(pass(there).size(), 2U);
    EXPECT_NE(native::machine().console.find("host 10.0.0.2/if2 ignores 1 redirects for 192.0.2.1 to 10.0.0.3\n"),
              std::string::npos)
        << native::machine().console;
}

}  // namespace
}  // namespace fw::test
