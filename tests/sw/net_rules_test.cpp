// SPDX-License-Identifier: Apache-2.0
// `ip rule`: what it accepts and refuses was taken from the real kernel (6.18), which was given the same lines; which
// table a packet asks, from Linux net/core/fib_rules.c, fib_rules_lookup.
#include <random>

#include "sw/net/fib_rules.h"
#include "tests/sw/net_router.h"

namespace fw::test {
namespace {

constexpr u32 kWay100 = ip4(10, 0, 1, 2), kWay101 = ip4(10, 0, 1, 3), kWayMain = ip4(10, 0, 0, 3);
constexpr u32 kThere = ip4(192, 0, 2, 1), kHost = ip4(10, 0, 0, 2);
constexpr u8 kTcp = 6;

rc::RuleAdd rule(u32 priority, u32 table) {
    rc::RuleAdd message;
    message.has_priority = 1;
    message.priority = priority;
    message.table = table;
    message.action = rc::FR_ACT_TO_TBL;
    message.suppress_prefixlen = rc::SUPPRESS_NONE;
    return message;
}
rc::RuleAdd action(u32 priority, u8 what) {
    rc::RuleAdd message = rule(priority, 0);
    message.action = what;
    return message;
}
rc::RuleAdd from(u32 priority, u32 table, u32 source, u8 len) {
    rc::RuleAdd message = rule(priority, table);
    message.source = source, message.source_len = len;
    return message;
}
rc::RuleAdd go_to(u32 priority, u32 target) {
    rc::RuleAdd message = action(priority, rc::FR_ACT_GOTO);
    message.target = target;
    return message;
}
rc::RuleDel any_rule() {
    rc::RuleDel message;
    message.suppress_prefixlen = rc::SUPPRESS_NONE;
    return message;
}
rc::RuleDel gone(u32 priority) {
    rc::RuleDel message = any_rule();
    message.has_priority = 1;
    message.priority = priority;
    return message;
}

class Rules : public Router {
  protected:
    void SetUp() override {
        Router::SetUp();
        configure();
        for (const auto& [table, way] : {std::pair(100U, kWay100), {101U, kWay101}, {254U, kWayMain}}) {
            rc::RouteAdd message = via(0, 0, way);
            message.table = table;
            ASSERT_EQ(inet_route_add(message), 0);
        }
    }
    static flowi4 flow() {
        flowi4 flow{};
        flow.daddr = kThere, flow.saddr = kHost, flow.iif = kEth0;
        return flow;
    }
    /// Gateway or -errno.
    static i64 asked(const flowi4& flow) {
        const fib_result found = fib_lookup(flow);
        return found.err != 0 ? found.err : i64{rt_table[found.nexthop].gateway};
    }
    static i64 asked() { return asked(flow()); }
    static std::vector<u32> priorities() {
        std::vector<u32> list;
        for (unsigned i = 0; i < fib_rules.count; ++i) list.push_back(fib_rules.rule[i].priority);
        return list;
    }
};

TEST_F(Rules, BeginWithLocalMainAndDefault) {
    EXPECT_EQ(priorities(), (std::vector<u32>{0, 32766, 32767}));
    EXPECT_FALSE(fib_has_custom_rules);
    EXPECT_EQ(asked(), kWayMain);
}

TEST_F(Rules, EachSelectorSelects) {
    const auto selects = [&](rc::RuleAdd message, flowi4 yes) {
        EXPECT_EQ(asked(yes), kWayMain);
        ASSERT_EQ(inet_rule_add(message), 0);
        EXPECT_EQ(asked(yes), kWay100);
        flowi4 no{};
        no.daddr = kThere + 0x01000000, no.saddr = kHost + 0x01000000, no.iif = kEth1;
        EXPECT_EQ(asked(no), kWayMain);
        ASSERT_EQ(inet_rule_del(gone(10)), 0);
        message.invert = 1;
        ASSERT_EQ(inet_rule_add(message), 0);
        EXPECT_EQ(asked(yes), kWayMain);
        EXPECT_EQ(asked(no), kWay100);
        ASSERT_EQ(inet_rule_del(gone(10)), 0);
    };
    selects(from(10, 100, ip4(10, 0, 0, 0), 24), flow());
    rc::RuleAdd message = rule(10, 100);
    message.destination = ip4(192, 0, 0, 0), message.destination_len = 16;
    selects(message, flow());
    message = rule(10, 100);
    message.iif = kEth0;
    selects(message, flow());
    flowi4 special = flow();
    message = rule(10, 100);
    message.oif = special.oif = kEth1;  // whose routes have gateways behind eth1
    inet_route_add(via(ip4(192, 0, 2, 0), 24, kWay100));
    ASSERT_EQ(inet_rule_add(message), 0);
    EXPECT_EQ(asked(special), kWay100);
    ASSERT_EQ(inet_rule_del(gone(10)), 0);
    ASSERT_EQ(inet_route_del(del(ip4(192, 0, 2, 0), 24)), 0);
    special = flow();
    message = rule(10, 100);
    message.fwmark = 1, message.fwmask = 3, special.mark = 5;
    selects(message, special);
    special = flow();
    message = rule(10, 100);
    message.tos = 0x10, special.tos = 0xF3;  // of which 0x10 counts
    selects(message, special);
    special = flow();
    message = rule(10, 100);
    message.ip_proto = special.proto = kTcp;
    selects(message, special);
    message.sport_first = 10, message.sport_last = 20, special.sport = 20;
    selects(message, special);
    message.dport_first = message.dport_last = special.dport = 80;
    selects(message, special);
}

TEST_F(Rules, ActionsEndTheSearchWithTheirErrors) {
    const std::pair<u8, int> actions[] = {{rc::FR_ACT_BLACKHOLE, kErrBlackhole},
                                          {rc::FR_ACT_UNREACHABLE, kErrNetUnreach},
                                          {rc::FR_ACT_PROHIBIT, kErrProhibit}};
    for (const auto& [what, error] : actions) {
        ASSERT_EQ(inet_rule_add(action(10, what)), 0);
        EXPECT_EQ(asked(), -error);
        ASSERT_EQ(inet_rule_del(gone(10)), 0);
    }
}

TEST_F(Rules, APacketThatARuleRefusesIsAnsweredForByIpError) {
    const std::pair<u8, Fate> actions[] = {{rc::FR_ACT_BLACKHOLE, Fate::blackhole},
                                           {rc::FR_ACT_UNREACHABLE, Fate::no_route},
                                           {rc::FR_ACT_PROHIBIT, Fate::prohibit}};
    for (const auto& [what, wanted] : actions) {
        rc::RuleAdd message = action(10, what);
        message.destination = kThere, message.destination_len = 32;
        ASSERT_EQ(inet_rule_add(message), 0);
        receive_ip(kEth0, ip_packet({.destination = kThere}, {1}));
        EXPECT_EQ(fate(wanted), 1U);
        ASSERT_EQ(inet_rule_del(gone(10)), 0);
    }
    ASSERT_EQ(sent().size(), 2U);  // RFC 792 type 3: net unreachable, RFC 1812 5.2.7.1: administratively prohibited
    EXPECT_EQ(sent()[0].frame[35], 0);
    EXPECT_EQ(sent()[1].frame[35], 13);
}

TEST_F(Rules, ReceivedPacketsAreRoutedByThem) {
    rc::RuleAdd message = rule(10, 101);
    message.iif = kEth0;
    ASSERT_EQ(inet_rule_add(message), 0);
    receive_ip(kEth0, ip_packet({.destination = kThere}, {1}));
    ASSERT_EQ(sent().size(), 1U);
    EXPECT_EQ(sent()[0].ifindex, kEth1);
    EXPECT_EQ(sent()[0].frame[5], 3);  // the neighbour 10.0.1.3
}

TEST_F(Rules, PortsOfReceivedPacketsCountUnlessTheyAreFragments) {
    sysctl_write(rc::SysctlId::send_redirects, rc::SYSCTL_ALL, 0);
    sysctl_write(rc::SysctlId::send_redirects, kEth0, 0);
    rc::RuleAdd message = rule(10, 101);
    message.ip_proto = kTcp, message.dport_first = message.dport_last = 80;
    ASSERT_EQ(inet_rule_add(message), 0);
    const Bytes tcp = {0x12, 0x34, 0, 80, 0, 0, 0, 0};
    receive_ip(kEth0, ip_packet({.destination = kThere, .protocol = kTcp}, tcp));
    receive_ip(kEth0, ip_packet({.destination = kThere, .protocol = kTcp, .frag_off = 0x2000}, tcp));
    receive_ip(kEth0, ip_packet({.destination = kThere, .protocol = kTcp}, {0x12, 0x34, 0}));
    ASSERT_EQ(sent().size(), 3U);
    EXPECT_EQ(sent()[0].ifindex, kEth1);
    EXPECT_EQ(sent()[1].ifindex, kEth0);
    EXPECT_EQ(sent()[2].ifindex, kEth0);
}

TEST_F(Rules, ATableWithoutAnAnswerSendsTheLookupOn) {
    ASSERT_EQ(inet_rule_add(rule(10, 77)), 0);
    EXPECT_EQ(asked(), kWayMain);
    rc::RouteAdd thrown = special(kThere, 32, rc::RTN_THROW);
    thrown.table = 100;
    ASSERT_EQ(inet_route_add(thrown), 0);
    ASSERT_EQ(inet_rule_add(rule(11, 100)), 0);
    EXPECT_EQ(asked(), kWayMain);
    rc::RouteAdd dead_end = special(kThere, 32, rc::RTN_PROHIBIT);
    dead_end.table = 77;
    ASSERT_EQ(inet_route_add(dead_end), 0);
    EXPECT_EQ(asked(), -kErrProhibit);
}

TEST_F(Rules, WithoutAnyAnswerTheNetIsUnreachable) {
    inet_rule_del(gone(32766));
    EXPECT_EQ(asked(), -kErrNetUnreach);
}

TEST_F(Rules, SuppressPrefixlengthPassesOverShortRoutes) {
    rc::RuleAdd message = rule(10, 100);
    message.suppress_prefixlen = 0;
    ASSERT_EQ(inet_rule_add(message), 0);
    EXPECT_EQ(asked(), kWayMain);
    rc::RouteAdd longer = via(ip4(192, 0, 2, 0), 24, kWay101);
    longer.table = 100;
    ASSERT_EQ(inet_route_add(longer), 0);
    EXPECT_EQ(asked(), kWay101);
}

TEST_F(Rules, GotoSkipsAndNopDoesNothing) {
    ASSERT_EQ(inet_rule_add(go_to(5, 20)), 0);
    EXPECT_EQ(asked(), kWayMain);  // not there yet: passed over
    ASSERT_EQ(inet_rule_add(rule(10, 100)), 0);
    EXPECT_EQ(asked(), kWay100);
    ASSERT_EQ(inet_rule_add(action(20, rc::FR_ACT_NOP)), 0);
    EXPECT_EQ(asked(), kWayMain);
    ASSERT_EQ(inet_rule_add(rule(20, 101)), 0);  // a second one of this priority
    EXPECT_EQ(asked(), kWay101);
    rc::RuleDel nop = gone(20);
    nop.action = rc::FR_ACT_NOP;
    ASSERT_EQ(inet_rule_del(nop), 0);
    EXPECT_EQ(asked(), kWay101);
}

TEST_F(Rules, AGotoThatDoesNotMatchLeadsNowhere) {
    rc::RuleAdd skip = go_to(5, 20);
    skip.iif = kEth1;
    ASSERT_EQ(inet_rule_add(skip), 0);
    ASSERT_EQ(inet_rule_add(rule(10, 100)), 0);
    ASSERT_EQ(inet_rule_add(action(20, rc::FR_ACT_NOP)), 0);
    EXPECT_EQ(asked(), kWay100);
    ASSERT_EQ(inet_rule_add(go_to(6, 7)), 0);
    ASSERT_EQ(inet_rule_add(go_to(7, 20)), 0);  // a goto that leads to a goto
    EXPECT_EQ(asked(), kWayMain);
}

TEST_F(Rules, AddingAnswersAsTheKernelDoes) {
    EXPECT_EQ(inet_rule_add(from(10, 100, ip4(10, 0, 0, 0), 8)), 0);
    EXPECT_EQ(inet_rule_add(rule(10, 100)), -err::exist);
    EXPECT_EQ(inet_rule_add(from(10, 100, ip4(10, 0, 0, 0), 8)), -err::exist);
    rc::RuleAdd inverted = from(10, 100, ip4(10, 0, 0, 0), 8);
    inverted.invert = 1;
    EXPECT_EQ(inet_rule_add(inverted), -err::exist);
    EXPECT_EQ(inet_rule_add(from(10, 100, ip4(10, 0, 0, 0), 16)), 0);
    EXPECT_EQ(inet_rule_add(go_to(20, 5)), -err::inval);
    EXPECT_EQ(inet_rule_add(go_to(20, 20)), -err::inval);
    EXPECT_EQ(inet_rule_add(go_to(20, 30000)), 0);
    EXPECT_EQ(inet_rule_add(go_to(20, 30001)), -err::exist);
    for (const u8 tos : {0x11, 0x12, 0x20}) {
        rc::RuleAdd message = rule(30, 7);
        message.tos = tos;
        EXPECT_EQ(inet_rule_add(message), -err::inval) << unsigned{tos};
    }
    rc::RuleAdd ports = rule(30, 9);
    ports.dport_first = 80, ports.dport_last = 70;
    EXPECT_EQ(inet_rule_add(ports), -err::inval);
    ports.dport_last = 0xFFFF;
    EXPECT_EQ(inet_rule_add(ports), -err::inval);
    ports = rule(30, 9);
    ports.sport_last = 5;
    EXPECT_EQ(inet_rule_add(ports), -err::inval);
    EXPECT_EQ(inet_rule_add(from(30, 9, 0, 33)), -err::inval);
    EXPECT_EQ(inet_rule_add(action(30, 99)), -err::inval);
}

TEST_F(Rules, WithoutAPriorityARuleGoesBeforeTheSecond) {
    rc::RuleAdd message = rule(0, 9);
    message.has_priority = 0;
    ASSERT_EQ(inet_rule_add(message), 0);
    message.table = 8;
    ASSERT_EQ(inet_rule_add(message), 0);
    EXPECT_EQ(priorities(), (std::vector<u32>{0, 32764, 32765, 32766, 32767}));
    fib_rules_flush();
    EXPECT_EQ(priorities(), (std::vector<u32>{0}));
    ASSERT_EQ(inet_rule_add(message), 0);
    EXPECT_EQ(priorities(), (std::vector<u32>{0, 0}));
    EXPECT_EQ(fib_rules.rule[1].table, 8U);
}

TEST_F(Rules, DeletingTakesTheFirstThatHasAllThatIsNamed) {
    ASSERT_EQ(inet_rule_add(from(10, 100, ip4(10, 0, 0, 0), 8)), 0);
    ASSERT_EQ(inet_rule_add(from(10, 100, ip4(10, 0, 0, 0), 16)), 0);
    EXPECT_EQ(inet_rule_del(gone(77)), -err::noent);
    rc::RuleDel message = any_rule();
    message.table = 100;
    ASSERT_EQ(inet_rule_del(message), 0);
    message = any_rule();
    message.source = ip4(10, 0, 0, 0), message.source_len = 8;
    EXPECT_EQ(inet_rule_del(message), -err::noent);
    message.source_len = 16;
    EXPECT_EQ(inet_rule_del(message), 0);
    rc::RuleAdd ports = rule(10, 100);
    ports.ip_proto = kTcp, ports.dport_first = 80, ports.dport_last = 90, ports.suppress_prefixlen = 7;
    ASSERT_EQ(inet_rule_add(ports), 0);
    message = any_rule();
    message.dport_first = 80, message.dport_last = 81;
    EXPECT_EQ(inet_rule_del(message), -err::noent);
    message.dport_last = 90, message.ip_proto = 17;
    EXPECT_EQ(inet_rule_del(message), -err::noent);
    message.ip_proto = kTcp, message.suppress_prefixlen = 8;
    EXPECT_EQ(inet_rule_del(message), -err::noent);
    message.suppress_prefixlen = 7;
    EXPECT_EQ(inet_rule_del(message), 0);
}

TEST_F(Rules, TheListHasAnEnd) {
    int error = 0;
    unsigned added = 3;
    for (; error == 0; ++added) error = inet_rule_add(rule(added, 100));
    EXPECT_EQ(error, -err::nobufs);
    EXPECT_EQ(added - 1, kMaxRules);
}

TEST_F(Rules, LocalAndMainArePartedOnceThereIsARule) {
    // As one table the longer route of main wins over 127.0.0.0/8 of local; as two, local is asked first.
    ASSERT_EQ(inet_route_add(via(ip4(127, 5, 0, 0), 16, kWay100)), 0);
    flowi4 loop = flow();
    loop.daddr = ip4(127, 5, 0, 1);
    EXPECT_EQ(asked(loop), kWay100);
    ASSERT_EQ(inet_rule_add(rule(10, 100)), 0);
    EXPECT_EQ(fib_lookup(loop).route->type, rc::RTN_LOCAL);
    ASSERT_EQ(inet_rule_del(gone(10)), 0);
    EXPECT_EQ(fib_lookup(loop).route->type, rc::RTN_LOCAL);
}

struct Known {
    u32 dst;
    u8 len;
    u8 tos;
    u32 table;
    u32 metric;
    u32 gateway;  // 0: throw
};

/// Longest prefix that has a route for the TOS; the greater TOS, then the lower metric.
const Known* best_in(const std::vector<Known>& routes, u32 table, const flowi4& flow) {
    const Known* best = nullptr;
    for (const Known& r : routes) {
        const bool covers = r.len == 0 || ((flow.daddr ^ r.dst) >> (32 - r.len)) == 0;
        if (r.table != table || !covers || (r.tos != 0 && r.tos != (flow.tos & 0x1C))) continue;
        const auto rank = [](const Known& x) { return std::tuple(x.len, x.tos, ~x.metric); };
        if (!best || rank(r) > rank(*best)) best = &r;
    }
    return best && best->gateway == 0 ? nullptr : best;
}

i64 reference(const std::vector<rc::RuleAdd>& rules, const std::vector<Known>& routes, const flowi4& flow) {
    for (const rc::RuleAdd& r : rules) {  // sorted by priority
        const bool hit = (r.source_len == 0 || ((flow.saddr ^ r.source) >> (32 - r.source_len)) == 0) &&
                         (r.tos == 0 || r.tos == (flow.tos & 0x1C)) && ((flow.mark ^ r.fwmark) & r.fwmask) == 0 &&
                         (r.iif == 0 || r.iif == flow.iif);
        if (hit == (r.invert != 0)) continue;
        if (const Known* route = best_in(routes, r.table, flow)) return route->gateway;
    }
    return -kErrNetUnreach;
}

TEST_F(Rules, AgreeWithAPlainReferenceOverRandomTablesRulesAndPackets) {
    std::mt19937 random(4);
    const auto pick = [&](u32 n) { return static_cast<u32>(random() % n); };
    for (int round = 0; round < 20; ++round) {
        Router::TearDown();
        Router::SetUp();
        configure();
        fib_rules_flush();
        std::vector<Known> routes;
        for (int i = 0; i < 60; ++i) {
            const u8 len = static_cast<u8>(8 + pick(17));
            Known r{ip4(60 + pick(2), pick(4), pick(4), 0) & inet_make_mask(len),
                    len,
                    static_cast<u8>(pick(3) * 8),
                    100 + pick(3),
                    pick(3),
                    pick(6) == 0 ? 0 : ip4(10, 0, 1, 2 + pick(200))};
            rc::RouteAdd message = r.gateway ? via(r.dst, r.len, r.gateway) : special(r.dst, r.len, rc::RTN_THROW);
            message.tos = r.tos, message.table = r.table, message.metric = r.metric;
            if (inet_route_add(message) == 0) routes.push_back(r);
        }
        std::vector<rc::RuleAdd> rules;
        for (u32 i = 0; i < 8; ++i) {
            rc::RuleAdd message = rule(10 + i, 100 + pick(3));
            if (pick(2)) message.source = ip4(10, pick(4), 0, 0), message.source_len = 16;
            if (pick(3) == 0) message.tos = 8;
            if (pick(3) == 0) message.fwmark = pick(4), message.fwmask = 3;
            if (pick(3) == 0) message.iif = kEth0 + pick(2);
            message.invert = pick(4) == 0;
            ASSERT_EQ(inet_rule_add(message), 0);
            rules.push_back(message);
        }
        for (int i = 0; i < 300; ++i) {
            flowi4 packet{};
            packet.daddr = ip4(60 + pick(2), pick(4), pick(4), pick(4)), packet.saddr = ip4(10, pick(4), 0, pick(9));
            packet.tos = static_cast<u8>(pick(256)), packet.mark = pick(4), packet.iif = kEth0 + pick(2);
            ASSERT_EQ(asked(packet), reference(rules, routes, packet)) << round << " " << i;
        }
    }
}

}  // namespace
}  // namespace fw::test
