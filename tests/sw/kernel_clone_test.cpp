// SPDX-License-Identifier: Apache-2.0
// Clones share their bytes; whoever changes them makes his own first (Linux net/core/skbuff.c).
#include <gtest/gtest.h>

#include <cstring>
#include <vector>

#include "sw/hal/native/test_machine.h"
#include "sw/kernel/counters.h"
#include "sw/kernel/skbuff.h"

namespace fw::test {
namespace {

class Clone : public testing::Test {
  protected:
    void SetUp() override {
        native::boot();
        skb = make("packet");
    }
    void TearDown() override { EXPECT_EQ(skb_free_slots(), kSkbPoolSlots); }

    static sk_buff* make(const char* text) {
        sk_buff* made = alloc_skb();
        std::memcpy(skb_put(made, static_cast<u32>(std::strlen(text))), text, std::strlen(text));
        made->network_header = skb_headroom(made);
        return made;
    }
    static std::string text(const sk_buff* skb) { return {reinterpret_cast<char*>(skb->data), skb_headlen(skb)}; }
    static u64 fate(Fate which) { return turnpike_counters.cpu[0].fates[static_cast<unsigned>(which)]; }

    sk_buff* skb = nullptr;
};

TEST_F(Clone, HasTheSameBytesAndAStructureOfItsOwn) {
    skb->mark = 7;
    sk_buff* clone = skb_clone(skb);
    EXPECT_EQ(clone->data, skb->data);
    EXPECT_EQ(clone->mark, 7U);
    EXPECT_TRUE(skb_cloned(skb));
    EXPECT_TRUE(skb_cloned(clone));
    EXPECT_FALSE(skb_shared(skb));
    skb_pull(clone, 3);
    EXPECT_EQ(text(clone), "ket");
    EXPECT_EQ(text(skb), "packet");
    consume_skb(clone);
    EXPECT_FALSE(skb_cloned(skb));
    consume_skb(skb);
}

TEST_F(Clone, KeepsTheBytesWhenThePacketEndsFirst) {
    sk_buff* clone = skb_clone(skb);
    kfree_skb_reason(skb, Fate::no_route);
    EXPECT_EQ(skb_free_slots(), kSkbPoolSlots - 2);
    EXPECT_EQ(text(clone), "packet");
    EXPECT_FALSE(skb_cloned(clone)) << "it is the only one left";
    consume_skb(clone);
    EXPECT_EQ(fate(Fate::no_route), 1U);
}

TEST_F(Clone, OfACloneSharesTheSameBytes) {
    sk_buff* first = skb_clone(skb);
    sk_buff* second = skb_clone(first);
    consume_skb(skb);
    consume_skb(first);
    EXPECT_EQ(text(second), "packet");
    kfree_skb_reason(second, Fate::tapped);
    EXPECT_EQ(fate(Fate::tapped), 1U);
}

TEST_F(Clone, SkbCowCopiesWhatIsShared) {
    sk_buff* clone = skb_clone(skb);
    ASSERT_TRUE(skb_cow(&clone, 0));
    EXPECT_NE(clone->data, skb->data);
    clone->data[0] = 'j';
    EXPECT_EQ(text(skb), "packet");
    EXPECT_EQ(text(clone), "jacket");
    sk_buff* same = clone;
    ASSERT_TRUE(skb_cow(&clone, kSkbHeadroom));
    EXPECT_EQ(clone, same) << "it has its own bytes and room enough";
    consume_skb(clone);
    consume_skb(skb);
}

TEST_F(Clone, TheLastHolderOfBytesMayWriteThem) {
    sk_buff* clone = skb_clone(skb);
    consume_skb(skb);
    sk_buff* same = clone;
    ASSERT_TRUE(skb_cow(&clone, 0));
    EXPECT_EQ(clone, same);
    consume_skb(clone);
}

TEST_F(Clone, ShareCheckGivesEachHolderAPacketOfItsOwn) {
    EXPECT_EQ(skb_share_check(skb), skb);
    ++skb->users;
    sk_buff* own = skb_share_check(skb);
    EXPECT_NE(own, skb);
    EXPECT_EQ(text(own), "packet");
    EXPECT_EQ(skb->users, 1U);
    consume_skb(own);
    consume_skb(skb);
}

TEST_F(Clone, PiecesAreClonedWithTheirPacketAndEndWithIt) {
    skb->frag_list = make("more");
    skb->frag_list->next = make("still");
    skb->len += 9;
    sk_buff* clone = skb_clone(skb);
    consume_skb(skb);
    EXPECT_EQ(text(clone->frag_list), "more");
    EXPECT_EQ(text(clone->frag_list->next), "still");
    ASSERT_TRUE(skb_cow(&clone, 100));
    EXPECT_EQ(skb_headroom(clone), 100U);
    char all[16] = {};
    skb_copy_bits(clone, 0, reinterpret_cast<u8*>(all), 15);
    EXPECT_STREQ(all, "packetmorestill");
    consume_skb(clone);
}

TEST_F(Clone, ExpandHeadMakesRoomOnBothSides) {
    ASSERT_TRUE(pskb_expand_head(&skb, 500, 1000));
    EXPECT_GE(skb_headroom(skb), 500U);
    EXPECT_GE(skb_tailroom(skb), 1000U);
    EXPECT_EQ(text(skb), "packet");
    EXPECT_EQ(skb->network_header, skb_headroom(skb));
    sk_buff* same = skb;
    ASSERT_TRUE(pskb_expand_head(&skb, 500, 1000));
    EXPECT_EQ(skb, same);
    EXPECT_FALSE(pskb_expand_head(&skb, 2000, 1000)) << "no buffer is that large";
    ASSERT_TRUE(pskb_expand_head(&skb, 0, 2100)) << "room before it may become less";
    EXPECT_EQ(text(skb), "packet");
    consume_skb(skb);
}

TEST_F(Clone, WithoutASkbNothingIsClonedAndNothingLost) {
    skb->frag_list = make("more");
    skb->frag_list->next = make("still");
    ++skb->users;
    std::vector<sk_buff*> hoard;
    while (sk_buff* one = alloc_skb()) hoard.push_back(one);
    for (unsigned left = 0; left < 3; ++left) {
        EXPECT_EQ(skb_clone(skb), nullptr) << left << " are left, three are needed";
        EXPECT_FALSE(skb_cow(&skb, 300));
        EXPECT_EQ(skb_free_slots(), left);
        consume_skb(hoard.back());
        hoard.pop_back();
    }
    sk_buff* clone = skb_clone(skb);
    ASSERT_NE(clone, nullptr);
    consume_skb(clone);
    for (sk_buff* one : hoard) consume_skb(one);
    consume_skb(skb);
    consume_skb(skb);
}

}  // namespace
}  // namespace fw::test
