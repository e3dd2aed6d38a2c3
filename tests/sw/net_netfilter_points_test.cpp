// SPDX-License-Identifier: Apache-2.0
// An example hook at each of the five points, with each verdict.
#include "tests/sw/net_router.h"

namespace fw::test {
namespace {

struct Point {
    const char* name;
    NfHook hook;
    bool local;  // the packet that meets it is for this router, which answers it
};
const Point kPoints[] = {{"PRE_ROUTING", NF_INET_PRE_ROUTING, false},
                         {"LOCAL_IN", NF_INET_LOCAL_IN, true},
                         {"FORWARD", NF_INET_FORWARD, false},
                         {"LOCAL_OUT", NF_INET_LOCAL_OUT, true},
                         {"POST_ROUTING", NF_INET_POST_ROUTING, false}};

nf_queue_entry* queued = nullptr;

class HookPoint : public Router, public testing::WithParamInterface<Point> {
  protected:
    struct Example {
        std::vector<NfVerdict> verdicts;  // one after the other; the last one stays
        unsigned calls = 0;
        sk_buff* stolen = nullptr;
    };

    void SetUp() override {
        Router::SetUp();
        configure();
        queued = nullptr;
        nf_register_queue_handler([](nf_queue_entry* entry) {
            queued = entry;
            return true;
        });
        ops = {judge, &example, GetParam().hook, NF_IP_PRI_FILTER};
        ASSERT_EQ(nf_register_hook(&ops), 0);
    }
    void TearDown() override {
        nf_unregister_hook(&ops);
        nf_register_queue_handler(nullptr);
        Router::TearDown();
    }
    static NfVerdict judge(void* priv, sk_buff* skb, const nf_hook_state*) {
        auto* example = static_cast<Example*>(priv);
        const size_t at = std::min<size_t>(example->calls++, example->verdicts.size() - 1);
        if (example->verdicts[at] == NF_STOLEN) example->stolen = skb;
        return example->verdicts[at];
    }
    void pass(std::vector<NfVerdict> verdicts) {
        example.verdicts = std::move(verdicts);
        Header header;
        if (GetParam().local) header.destination = ip4(10, 0, 0, 1);
        receive_ip(kEth0, ip_packet(header, {1, 2, 3}));
    }

    Example example;
    nf_hook_ops ops = {};
};

TEST_P(HookPoint, AcceptLetsThePacketGoOn) {
    pass({NF_ACCEPT});
    EXPECT_EQ(example.calls, 1U);
    EXPECT_EQ(sent().size(), 1U);
}

TEST_P(HookPoint, DropEndsIt) {
    pass({NF_DROP});
    EXPECT_EQ(fate(Fate::netfilter), 1U);
    EXPECT_TRUE(sent().empty());
}

TEST_P(HookPoint, StolenIsTheHooksOwn) {
    pass({NF_STOLEN});
    EXPECT_TRUE(sent().empty());
    EXPECT_EQ(fate(Fate::netfilter), 0U);
    ASSERT_NE(example.stolen, nullptr);
    consume_skb(example.stolen);
}

TEST_P(HookPoint, RepeatAsksTheSameHookAgain) {
    pass({NF_REPEAT, NF_ACCEPT});
    EXPECT_EQ(example.calls, 2U);
    EXPECT_EQ(sent().size(), 1U);
}

TEST_P(HookPoint, QueueKeepsItUntilItIsReinjectedBehindTheHook) {
    pass({NF_QUEUE});
    ASSERT_NE(queued, nullptr);
    EXPECT_TRUE(sent().empty());
    nf_reinject(queued, NF_ACCEPT);
    EXPECT_EQ(example.calls, 1U);
    EXPECT_EQ(sent().size(), 1U);
}

TEST_P(HookPoint, AQueuedPacketCanMeetTheHookAgainOrEnd) {
    pass({NF_QUEUE, NF_QUEUE, NF_ACCEPT});
    nf_reinject(std::exchange(queued, nullptr), NF_REPEAT);
    EXPECT_EQ(example.calls, 2U);
    ASSERT_NE(queued, nullptr);
    nf_reinject(queued, NF_DROP);
    EXPECT_EQ(fate(Fate::netfilter), 1U);
    EXPECT_TRUE(sent().empty());
}

INSTANTIATE_TEST_SUITE_P(Five, HookPoint, testing::ValuesIn(kPoints),
                         [](const auto& each) { return std::string(each.param.name); });

TEST(NfFilters, IptablesAndIpchainsExcludeEachOther) {
    EXPECT_EQ(nf_register_filter(NfFilter::iptables), 0);
    EXPECT_EQ(nf_register_filter(NfFilter::iptables), 0) << "each table counts";
    EXPECT_EQ(nf_register_filter(NfFilter::ipchains), -err::busy);
    nf_unregister_filter(NfFilter::iptables);
    EXPECT_EQ(nf_register_filter(NfFilter::ipchains), -err::busy);
    nf_unregister_filter(NfFilter::iptables);
    EXPECT_EQ(nf_register_filter(NfFilter::ipchains), 0);
    EXPECT_EQ(nf_register_filter(NfFilter::iptables), -err::busy);
    nf_unregister_filter(NfFilter::ipchains);
    nf_unregister_filter(NfFilter::ipchains);  // nobody there
    EXPECT_EQ(nf_register_filter(NfFilter::iptables), 0);
    nf_unregister_filter(NfFilter::iptables);
}

}  // namespace
}  // namespace fw::test
