// SPDX-License-Identifier: Apache-2.0
// Routes of this host's own packets: kept by connections, and chosen anew behind LOCAL_OUT (ip_queue_xmit, the
// documents' remark on output routing).
#include "tests/sw/net_tcp.h"

namespace fw::test {
namespace {

using Xmit = TcpPeer;

rc::RuleAdd mark_rule(u32 mark, u32 table) {
    rc::RuleAdd rule;
    rule.fwmark = mark;
    rule.fwmask = ~u32{0};
    rule.table = table;
    rule.action = rc::FR_ACT_TO_TBL;
    rule.suppress_prefixlen = rc::SUPPRESS_NONE;
    return rule;
}

TEST_F(Xmit, AConnectionsRouteIsLookedUpOnceUntilRoutesChange) {
    start(rc::LOCAL_ECHO);
    open();
    send(data(0, {'a'}));
    for (const Sent& one : sent()) EXPECT_EQ(one.ifindex, kEth0);
    answers();
    // The way to the peer leads through eth1 now; the kept route must not be used any more.
    rc::RouteAdd other = via(kHost, 32, ip4(10, 0, 1, 2));
    ASSERT_EQ(inet_route_add(other), 0);
    send(data(1, {'b'}, 1));
    ASSERT_FALSE(sent().empty());
    for (const Sent& one : sent()) EXPECT_EQ(one.ifindex, kEth1);
}

TEST_F(Xmit, WithoutARouteTheSegmentIsCountedAndLost) {
    start(rc::LOCAL_ECHO);
    open();
    answers();
    ASSERT_EQ(inet_route_add(special(kHost, 32, rc::RTN_UNREACHABLE)), 0);
    send(data(0, {'a'}));
    EXPECT_TRUE(sent().empty());
    EXPECT_GE(counter(Snmp::IpOutNoRoutes), 1U);
    ASSERT_EQ(inet_route_del(del(kHost, 32)), 0);
}

TEST_F(Xmit, AMarkSetInLocalOutChoosesAnotherRouteButNotAnotherSource) {
    constexpr u32 kTable = 100, kMark = 7;
    rc::RouteAdd other = via(0, 0, ip4(10, 0, 1, 2));
    other.table = kTable;
    ASSERT_EQ(inet_route_add(other), 0);
    ASSERT_EQ(inet_rule_add(mark_rule(kMark, kTable)), 0);
    const nf_hook_ops marks = {[](void*, sk_buff* skb, const nf_hook_state*) {
                                   skb->mark = kMark;
                                   return NF_ACCEPT;
                               },
                               nullptr, NF_INET_LOCAL_OUT, NF_IP_PRI_MANGLE};
    ASSERT_EQ(nf_register_hook(&marks), 0);
    native::run_program([] {
        const int fd = user::socket(user::SOCK_DGRAM, 0);
        EXPECT_EQ(user::sendto(fd, "x", 1, user::address(kHost, 9)), 1);
    });
    nf_unregister_hook(&marks);
    ASSERT_EQ(sent().size(), 1u);
    EXPECT_EQ(sent()[0].ifindex, kEth1);
    EXPECT_EQ(wire::get32(&sent()[0].frame[14 + 12]), kRouter);
}

}  // namespace
}  // namespace fw::test
