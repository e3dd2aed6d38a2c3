// SPDX-License-Identifier: Apache-2.0
// Packets that lie in pieces are cut again (Linux 6.18 net/ipv4/ip_output.c, ip_do_fragment): put together on their way
// through, as connection tracking does, and sent on in the pieces that they came in.
#include "tests/sw/net_defrag.h"

namespace fw::test {
namespace {

class Refragment : public DefragRouter {
  protected:
    void SetUp() override {
        DefragRouter::SetUp();
        hold_ = false;
        defrag_ = {gather, nullptr, NF_INET_PRE_ROUTING, NF_IP_PRI_CONNTRACK_DEFRAG};
        ASSERT_EQ(nf_register_hook(&defrag_), 0);
    }
    static Header through() {
        Header one = header();
        one.destination = kFar;
        return one;
    }
    static void forward(const std::vector<Piece>& pieces, const Header& header = through()) {
        for (const Piece& piece : pieces) receive_piece(numbered(1000), piece, header);
    }
    static void expect_sent(const std::vector<Piece>& pieces, Header header = through()) {
        header.ttl = 63;
        ASSERT_EQ(sent().size(), pieces.size());
        for (size_t i = 0; i < pieces.size(); ++i) {
            const Bytes packet(sent()[i].frame.begin() + 14, sent()[i].frame.end());
            EXPECT_EQ(packet, fragment(header, numbered(1000), pieces[i])) << i;
        }
    }
    static inline sk_buff* held_ = nullptr;
    static inline bool hold_ = false;

  private:
    static NfVerdict gather(void*, sk_buff* skb, const nf_hook_state* state) {
        sk_buff* whole = ip_defrag(skb, IP_DEFRAG_CONNTRACK_IN);
        if (!whole) return NF_STOLEN;
        IPCB(whole)->flags |= IPSKB_IGNORE_DF;
        if (hold_) {
            held_ = whole->frag_list;
            ++held_->users;
        }
        state->okfn(whole);
        return NF_STOLEN;
    }
    static inline nf_hook_ops defrag_ = {};
};

const std::vector<Piece> kThree = {{0, 400, true}, {400, 800, true}, {800, 1000, false}};

TEST_F(Refragment, LeavesInThePiecesThatItCameIn) {
    forward({kThree[2], kThree[0], kThree[1]});
    expect_sent(kThree);
    EXPECT_EQ(counter(Snmp::IpFragOKs), 1U);
    EXPECT_EQ(counter(Snmp::IpFragCreates), 3U);
    EXPECT_EQ(counter(Snmp::IpOutTransmits), 3U);
    EXPECT_EQ(counter(Snmp::IpForwDatagrams), 1U);
    EXPECT_EQ(counter(Snmp::IpReasmOKs), 1U);
}

TEST_F(Refragment, HasOptionsThatAreNotCopiedInTheFirstPieceOnly) {
    Header with_options = through();
    with_options.options = {7, 3, 4, 148, 4, 0, 0, 0};
    forward({kThree[0]}, with_options);
    forward({kThree[1], kThree[2]});
    ASSERT_EQ(sent().size(), 3U);
    EXPECT_EQ(slice(sent()[0].frame, 14 + 20, 14 + 28), (Bytes{7, 3, 4, 148, 4, 0, 0, 0}));
    EXPECT_EQ(slice(sent()[1].frame, 14 + 20, 14 + 28), (Bytes{1, 1, 1, 148, 4, 0, 0, 0}));
    EXPECT_EQ(slice(sent()[2].frame, 14 + 20, 14 + 28), (Bytes{1, 1, 1, 148, 4, 0, 0, 0}));
    for (const Sent& one : sent()) EXPECT_EQ(internet_checksum(&one.frame[14], 28), 0);
}

TEST_F(Refragment, IsCutSmallerWhereTheWayIsNarrower) {
    port(kEth1)->mtu = 300;  // 280 bytes of data
    forward(kThree);
    expect_sent({{0, 280, true}, {280, 560, true}, {560, 840, true}, {840, 1000, false}});
    EXPECT_EQ(fate(Fate::forwarded), 2U);  // the copies have the first one's identity
}

TEST_F(Refragment, IsNeverCutIntoLongerPiecesThanItCameIn) {
    const std::vector<Piece> uneven = {{0, 200, true}, {200, 600, true}, {600, 1000, false}};
    forward(uneven);
    expect_sent(uneven);
}

TEST_F(Refragment, APieceThatSomebodyElseHoldsIsCopied) {
    hold_ = true;
    forward(kThree);
    expect_sent({{0, 400, true}, {400, 800, true}, {800, 1000, false}});
    consume_skb(held_);
}

TEST_F(Refragment, DontFragmentOfTheLongestPieceIsInAllThatAreCutAnew) {
    hold_ = true;
    Header df = through();
    df.frag_off = wire::IP_DF;
    forward({kThree[0], kThree[1]}, df);
    forward({kThree[2]});
    expect_sent(kThree, df);
    consume_skb(held_);
}

TEST_F(Refragment, DontFragmentOfAPieceLongerThanTheWayIsAnswered) {
    port(kEth1)->mtu = 300;
    Header df = through();
    df.frag_off = wire::IP_DF;
    forward(kThree, df);
    ASSERT_EQ(sent().size(), 1U);
    EXPECT_EQ(sent()[0].ifindex, kEth0);
    EXPECT_EQ(slice(sent()[0].frame, 34, 36), (Bytes{ICMP_DEST_UNREACH, ICMP_FRAG_NEEDED}));
    EXPECT_EQ(fate(Fate::frag_needed), 3U);
}

TEST_F(Refragment, WithoutBuffersInTheMiddleAllOfItFails) {
    // What is sent stays in the queue of a device that has stopped, and keeps its skb.
    link_down(kEth1);
    port(kEth1)->tx_queue_len = 1000;
    port(kEth1)->mtu = 300;
    ASSERT_EQ(link_up(kEth1), 0);
    ASSERT_EQ(neigh_add(kEth1, kFar, {2, 0, 0, 0x0B, 1, 2}), 0);
    netif_stop_queue(port(kEth1));
    forward({kThree[0], kThree[1]});
    std::vector<sk_buff*> taken;
    while (skb_free_slots() > 2) taken.push_back(alloc_skb());
    forward({kThree[2]});
    EXPECT_EQ(fate(Fate::frag_failed), 3U);
    EXPECT_EQ(counter(Snmp::IpFragFails), 1U);
    EXPECT_EQ(counter(Snmp::IpFragCreates), 1U);
    EXPECT_EQ(counter(Snmp::IpFragOKs), 0U);
    for (sk_buff* skb : taken) consume_skb(skb);
    link_down(kEth1);
    port(kEth1)->tx[0].stopped = false;
}

TEST_F(Refragment, APieceThatTheQueueDropsEndsTheChain) {
    link_down(kEth1);
    port(kEth1)->tx_queue_len = 1;
    ASSERT_EQ(link_up(kEth1), 0);
    ASSERT_EQ(neigh_add(kEth1, kFar, {2, 0, 0, 0x0B, 1, 2}), 0);
    netif_stop_queue(port(kEth1));
    forward({kThree[0], kThree[1], kThree[2]});
    EXPECT_EQ(fate(Fate::qdisc_full), 1U);
    EXPECT_EQ(fate(Fate::frag_failed), 1U);
    EXPECT_EQ(counter(Snmp::IpFragFails), 1U);
    EXPECT_EQ(counter(Snmp::IpFragCreates), 1U);
    EXPECT_EQ(counter(Snmp::IpFragOKs), 0U);
    EXPECT_TRUE(sent().empty());
    link_down(kEth1);
    port(kEth1)->tx[0].stopped = false;
}

TEST_F(Refragment, AFragmentBehindTheFirstKeepsWhatIsThereOfItsOptions) {
    nf_hooks[NF_INET_PRE_ROUTING] = {};
    port(kEth1)->mtu = 68;
    Header late = through();
    late.options = {7, 3, 4, 148, 4, 0, 0, 0};
    forward({{400, 480, false}}, late);
    ASSERT_EQ(sent().size(), 2U);
    for (const Sent& one : sent()) EXPECT_EQ(slice(one.frame, 14 + 20, 14 + 28), (Bytes{7, 3, 4, 148, 4, 0, 0, 0}));
}

}  // namespace
}  // namespace fw::test
