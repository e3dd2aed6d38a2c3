// SPDX-License-Identifier: Apache-2.0
#include "tests/sw/net_router.h"

namespace fw::test {
namespace {

struct Probe {
    const char* name;
    NfVerdict verdict;
    std::vector<std::string>* log;
};

NfVerdict run_probe(void* priv, sk_buff*, const nf_hook_state* state) {
    const char* hooks[] = {"PRE_ROUTING", "LOCAL_IN", "FORWARD", "LOCAL_OUT", "POST_ROUTING"};
    const auto* probe = static_cast<Probe*>(priv);
    probe->log->push_back(std::string(probe->name) + "@" + hooks[state->hook] + " " +
                          (state->in ? state->in->name : "-") + " " + (state->out ? state->out->name : "-"));
    return probe->verdict;
}

class Netfilter : public Router {
  protected:
    void SetUp() override {
        Router::SetUp();
        configure();
        nf_register_queue_handler(nullptr);
    }
    /// Names in the order in which hooks of these priorities run, registered the other way round.
    static std::string order_at(NfHook point, const std::vector<std::pair<int, const char*>>& places,
                                const Bytes& packet) {
        static std::string order;
        order.clear();
        std::vector<nf_hook_ops> ops;
        for (const auto& [priority, name] : places) {
            ops.push_back({[](void* priv, sk_buff*, const nf_hook_state*) {
                               order += std::string(order.empty() ? "" : " ") + static_cast<const char*>(priv);
                               return NF_ACCEPT;
                           },
                           const_cast<char*>(name), point, priority});
        }
        for (size_t i = ops.size(); i-- > 0;) EXPECT_EQ(nf_register_hook(&ops[i]), 0);
        receive_ip(kEth0, packet);
        for (const nf_hook_ops& one : ops) nf_unregister_hook(&one);
        return order;
    }

    std::vector<std::string> log;
    const Bytes forwarded = ip_packet({}, {1, 2, 3});
    const Bytes local = ip_packet({.destination = ip4(10, 0, 0, 1)}, {1, 2, 3});
};

TEST_F(Netfilter, AForwardedPacketMeetsThreeHooksALocalOneTwoAndItsAnswerTwo) {
    Probe probe{"p", NF_ACCEPT, &log};
    nf_hook_ops ops[NF_INET_NUMHOOKS];
    for (unsigned hook = 0; hook < NF_INET_NUMHOOKS; ++hook) {
        ops[hook] = {run_probe, &probe, static_cast<NfHook>(hook), 0};
        ASSERT_EQ(nf_register_hook(&ops[hook]), 0);
    }
    receive_ip(kEth0, forwarded);
    EXPECT_EQ(log,
              (std::vector<std::string>{"p@PRE_ROUTING eth0 -", "p@FORWARD eth0 eth1", "p@POST_ROUTING eth0 eth1"}));
    log.clear();
    receive_ip(kEth0, local);
    EXPECT_EQ(log, (std::vector<std::string>{"p@PRE_ROUTING eth0 -", "p@LOCAL_IN eth0 -", "p@LOCAL_OUT - eth0",
                                             "p@POST_ROUTING - eth0"}));
    EXPECT_EQ(sent().size(), 2U);
}

TEST_F(Netfilter, HooksRunByPriorityAndEqualsInOrderOfRegistration) {
    Probe probes[] = {{"nat", NF_ACCEPT, &log},    {"conntrack", NF_ACCEPT, &log}, {"filter", NF_ACCEPT, &log},
                      {"mangle", NF_ACCEPT, &log}, {"imq", NF_ACCEPT, &log},       {"filter2", NF_ACCEPT, &log}};
    const int priorities[] = {NF_IP_PRI_NAT_DST, NF_IP_PRI_CONNTRACK, NF_IP_PRI_FILTER,
                              NF_IP_PRI_MANGLE,  NF_IP_PRI_IMQ_IN,    NF_IP_PRI_FILTER};
    nf_hook_ops ops[6];
    for (unsigned i = 0; i < 6; ++i) {
        ops[i] = {run_probe, &probes[i], NF_INET_PRE_ROUTING, priorities[i]};
        ASSERT_EQ(nf_register_hook(&ops[i]), 0);
    }
    receive_ip(kEth0, forwarded);
    std::vector<std::string> names;
    for (const std::string& line : log) names.push_back(line.substr(0, line.find('@')));
    EXPECT_EQ(names, (std::vector<std::string>{"conntrack", "mangle", "imq", "nat", "filter", "filter2"}));
    nf_unregister_hook(&ops[1]);
    EXPECT_EQ(nf_hooks[NF_INET_PRE_ROUTING].count, 5U);
    EXPECT_EQ(nf_hooks[NF_INET_PRE_ROUTING].ops[0], &ops[3]);
}

TEST_F(Netfilter, ThePlacesStandInTheOrderOfTheDrawing) {
    EXPECT_EQ(order_at(NF_INET_PRE_ROUTING,
                       {{NF_IP_PRI_CONNTRACK, "conntrack"},
                        {NF_IP_PRI_MANGLE, "mangle"},
                        {NF_IP_PRI_IMQ_IN, "IMQ"},
                        {NF_IP_PRI_NAT_DST, "nat"},
                        {NF_IP_PRI_QOS_INGRESS, "QOS"}},
                       forwarded),
              "conntrack mangle IMQ nat QOS");
    EXPECT_EQ(order_at(NF_INET_LOCAL_IN, {{NF_IP_PRI_MANGLE, "mangle"}, {NF_IP_PRI_FILTER, "filter"}}, local),
              "mangle filter");
    EXPECT_EQ(order_at(NF_INET_FORWARD, {{NF_IP_PRI_MANGLE, "mangle"}, {NF_IP_PRI_FILTER, "filter"}}, forwarded),
              "mangle filter");
    // What answers the packet of an unknown protocol is of this host.
    EXPECT_EQ(order_at(NF_INET_LOCAL_OUT,
                       {{NF_IP_PRI_CONNTRACK, "conntrack"},
                        {NF_IP_PRI_MANGLE, "mangle"},
                        {NF_IP_PRI_NAT_DST, "nat"},
                        {NF_IP_PRI_FILTER, "filter"}},
                       local),
              "conntrack mangle nat filter");
    EXPECT_EQ(order_at(NF_INET_POST_ROUTING,
                       {{NF_IP_PRI_MANGLE, "mangle"},
                        {NF_IP_PRI_NAT_SRC, "nat"},
                        {NF_IP_PRI_IMQ_OUT, "IMQ"},
                        {NF_IP_PRI_QOS_INGRESS, "QOS"}},
                       forwarded),
              "mangle nat IMQ QOS");
}

TEST_F(Netfilter, DropEndsThePacketAsDroppedByNetfilterWhereItWasCountedAsForwarded) {
    Probe probe{"drop", NF_DROP, &log};
    const nf_hook_ops ops = {run_probe, &probe, NF_INET_FORWARD, 0};
    nf_register_hook(&ops);
    receive_ip(kEth0, forwarded);
    EXPECT_EQ(fate(Fate::netfilter), 1U);
    // As in the real kernel's filter_chains: counted before the hook.
    EXPECT_EQ(counter(Snmp::IpForwDatagrams), 1U);
    EXPECT_EQ(counter(Snmp::IpOutTransmits), 0U);
}

TEST_F(Netfilter, AStolenPacketBelongsToTheHook) {
    static sk_buff* stolen;
    const nf_hook_ops ops = {[](void*, sk_buff* skb, const nf_hook_state*) {
                                 stolen = skb;
                                 return NF_STOLEN;
                             },
                             nullptr, NF_INET_PRE_ROUTING, 0};
    nf_register_hook(&ops);
    receive_ip(kEth0, forwarded);
    EXPECT_TRUE(sent().empty());
    EXPECT_EQ(fate(Fate::netfilter), 0U);
    consume_skb(stolen);
}

TEST_F(Netfilter, RepeatCallsTheHookAgain) {
    static int calls;
    calls = 0;
    const nf_hook_ops ops = {[](void*, sk_buff*, const nf_hook_state*) { return ++calls < 3 ? NF_REPEAT : NF_ACCEPT; },
                             nullptr, NF_INET_PRE_ROUTING, 0};
    nf_register_hook(&ops);
    receive_ip(kEth0, forwarded);
    EXPECT_EQ(calls, 3);
    EXPECT_EQ(sent().size(), 1U);
}

TEST_F(Netfilter, AQueuedPacketGoesOnBehindTheHookThatQueuedIt) {
    static nf_queue_entry* waiting;
    waiting = nullptr;
    nf_register_queue_handler([](nf_queue_entry* entry) {
        waiting = entry;
        return true;
    });
    Probe first{"first", NF_ACCEPT, &log}, queue{"queue", NF_QUEUE, &log}, last{"last", NF_ACCEPT, &log};
    const nf_hook_ops ops[] = {{run_probe, &first, NF_INET_FORWARD, -1},
                               {run_probe, &queue, NF_INET_FORWARD, 0},
                               {run_probe, &last, NF_INET_FORWARD, 1}};
    for (const nf_hook_ops& one : ops) nf_register_hook(&one);
    receive_ip(kEth0, forwarded);
    ASSERT_NE(waiting, nullptr);
    EXPECT_TRUE(sent().empty());
    nf_reinject(waiting, NF_ACCEPT);
    EXPECT_EQ(sent().size(), 1U);
    EXPECT_EQ(log.size(), 3U);
    EXPECT_EQ(log.back().substr(0, 4), "last");
}

TEST_F(Netfilter, AQueuedPacketCanBeDroppedOrRepeated) {
    static nf_queue_entry* waiting;
    nf_register_queue_handler([](nf_queue_entry* entry) {
        waiting = entry;
        return true;
    });
    Probe queue{"queue", NF_QUEUE, &log};
    const nf_hook_ops ops = {run_probe, &queue, NF_INET_FORWARD, 0};
    nf_register_hook(&ops);
    receive_ip(kEth0, forwarded);
    nf_reinject(waiting, NF_REPEAT);
    EXPECT_EQ(log.size(), 2U);
    nf_reinject(waiting, NF_DROP);
    EXPECT_EQ(fate(Fate::netfilter), 1U);
}

TEST_F(Netfilter, AHookThatHasGoneMeanwhileDoesNotLoseItsPackets) {
    static nf_queue_entry* waiting;
    nf_register_queue_handler([](nf_queue_entry* entry) {
        waiting = entry;
        return true;
    });
    Probe queue{"queue", NF_QUEUE, &log}, last{"last", NF_ACCEPT, &log};
    const nf_hook_ops ops[] = {{run_probe, &queue, NF_INET_FORWARD, 0}, {run_probe, &last, NF_INET_FORWARD, 1}};
    for (const nf_hook_ops& one : ops) nf_register_hook(&one);
    receive_ip(kEth0, forwarded);
    nf_unregister_hook(&ops[0]);
    nf_reinject(waiting, NF_ACCEPT);
    EXPECT_EQ(log.size(), 2U);
    EXPECT_EQ(sent().size(), 1U);
}

TEST_F(Netfilter, WithoutAQueueHandlerAQueuedPacketIsDropped) {
    Probe queue{"queue", NF_QUEUE, &log};
    const nf_hook_ops ops = {run_probe, &queue, NF_INET_FORWARD, 0};
    nf_register_hook(&ops);
    receive_ip(kEth0, forwarded);
    EXPECT_EQ(fate(Fate::netfilter), 1U);
}

TEST_F(Netfilter, AFullChainRefusesOneMore) {
    Probe probe{"p", NF_ACCEPT, &log};
    const nf_hook_ops ops = {run_probe, &probe, NF_INET_LOCAL_OUT, 0};
    for (unsigned i = 0; i < kNfHooksPerPoint; ++i) ASSERT_EQ(nf_register_hook(&ops), 0);
    EXPECT_EQ(nf_register_hook(&ops), -err::nospc);
    const nf_hook_ops nowhere = {run_probe, &probe, NF_INET_NUMHOOKS, 0};
    EXPECT_EQ(nf_register_hook(&nowhere), -err::inval);
}

}  // namespace
}  // namespace fw::test
