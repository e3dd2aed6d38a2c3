// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <algorithm>
#include <cstring>
#include <vector>

#include "sw/hal/native/test_machine.h"
#include "sw/kernel/counters.h"
#include "sw/kernel/skbuff.h"

extern "C" {
struct Opaque;
extern Opaque skb_pool[];
extern const std::uint64_t skb_slot_bytes;
}

namespace {

using namespace fw;

class Skb : public testing::Test {
  protected:
    void SetUp() override { skb_init(); }
    static std::uint64_t fate(Fate which) { return turnpike_counters.cpu[0].fates[static_cast<unsigned>(which)]; }
    static std::uintptr_t slot_of(const void* address) {
        return (reinterpret_cast<std::uintptr_t>(address) - reinterpret_cast<std::uintptr_t>(skb_pool)) /
               skb_slot_bytes;
    }
};

TEST_F(Skb, AFreshOneIsEmptyWithItsHeadroomInFront) {
    const sk_buff* skb = alloc_skb();
    EXPECT_EQ(skb->len, 0U);
    EXPECT_EQ(skb_headroom(skb), 66U);
    EXPECT_EQ(skb_tailroom(skb), 2176U - 66U);
    EXPECT_EQ(skb->users, 1U);
}

TEST_F(Skb, TheIpHeaderBehindAnEthernetHeaderLiesOnA16ByteBoundary) {
    const sk_buff* skb = alloc_skb();
    EXPECT_EQ(reinterpret_cast<std::uintptr_t>(skb->data + 14) % 16, 0U);
}

TEST_F(Skb, StructureAndBufferShareASlotOfWholeCacheLinesThatIsNoPageMultiple) {
    EXPECT_EQ(skb_slot_bytes % 64, 0U);
    EXPECT_NE(skb_slot_bytes % 4096, 0U);
    const sk_buff* skb = alloc_skb();
    EXPECT_EQ(slot_of(skb), slot_of(skb->head));
    EXPECT_EQ(slot_of(skb), slot_of(skb->end - 1));
}

TEST_F(Skb, PutPushPullAndTrimMoveTheBordersOfThePacket) {
    sk_buff* skb = alloc_skb();
    u8* start = skb->data;
    EXPECT_EQ(skb_put(skb, 100), start);
    EXPECT_EQ(skb->len, 100U);
    EXPECT_EQ(skb_pull(skb, 14), start + 14);
    EXPECT_EQ(skb->len, 86U);
    EXPECT_EQ(skb_push(skb, 10), start + 4);
    EXPECT_EQ(skb->len, 96U);
    skb_trim(skb, 40);
    EXPECT_EQ(skb->len, 40U);
    EXPECT_EQ(skb->tail, start + 44);
}

TEST_F(Skb, AnEmptyPoolGivesNoneUntilOneComesBack) {
    std::vector<sk_buff*> all;
    while (sk_buff* skb = alloc_skb()) all.push_back(skb);
    EXPECT_EQ(all.size(), kSkbPoolSlots);
    EXPECT_EQ(skb_free_slots(), 0U);
    consume_skb(all[17]);
    EXPECT_EQ(skb_free_slots(), 1U);
    EXPECT_EQ(alloc_skb(), all[17]);
    EXPECT_EQ(alloc_skb(), nullptr);
    std::sort(all.begin(), all.end());
    EXPECT_EQ(std::unique(all.begin(), all.end()), all.end());
}

TEST_F(Skb, TheFateIsCountedOnceWithTheLastReference) {
    sk_buff* skb = alloc_skb();
    ++skb->users;
    kfree_skb_reason(skb, Fate::netfilter);
    EXPECT_EQ(fate(Fate::netfilter), 0U);
    kfree_skb_reason(skb, Fate::netfilter);
    EXPECT_EQ(fate(Fate::netfilter), 1U);
    EXPECT_EQ(skb_free_slots(), kSkbPoolSlots);
}

TEST_F(Skb, AConsumedPacketCountsNoFate) {
    consume_skb(alloc_skb());
    for (const std::uint64_t count : turnpike_counters.cpu[0].fates) EXPECT_EQ(count, 0U);
    EXPECT_EQ(skb_free_slots(), kSkbPoolSlots);
}

TEST_F(Skb, CowWithEnoughHeadroomLeavesThePacketWhereItIs) {
    sk_buff* skb = alloc_skb();
    sk_buff* before = skb;
    ASSERT_TRUE(skb_cow(&skb, 66));
    EXPECT_EQ(skb, before);
}

TEST_F(Skb, CowWithTooLittleHeadroomMovesPacketAndHeaders) {
    sk_buff* skb = alloc_skb();
    std::memcpy(skb_put(skb, 8), "ABCDEFGH", 8);
    skb->mac_header = skb_headroom(skb);
    skb_pull(skb, 2);
    skb->network_header = skb_headroom(skb);
    skb->mark = 7;
    ASSERT_TRUE(skb_cow(&skb, 128));
    EXPECT_GE(skb_headroom(skb), 128U);
    EXPECT_EQ(skb->len, 6U);
    EXPECT_EQ(std::memcmp(skb->data, "CDEFGH", 6), 0);
    EXPECT_EQ(std::memcmp(skb->head + skb->mac_header, "ABCDEFGH", 8), 0);
    EXPECT_EQ(skb->head + skb->network_header, skb->data);
    EXPECT_EQ(skb->mark, 7U);
    EXPECT_EQ(skb_free_slots(), kSkbPoolSlots - 1);
}

TEST_F(Skb, CowOfASharedPacketCopiesIt) {
    sk_buff* skb = alloc_skb();
    sk_buff* other = skb;
    ++skb->users;
    ASSERT_TRUE(skb_cow(&skb, 0));
    EXPECT_NE(skb, other);
    EXPECT_EQ(skb->users, 1U);
    EXPECT_EQ(other->users, 1U);
}

TEST_F(Skb, CowWithoutAFreeSlotFailsAndKeepsThePacket) {
    sk_buff* skb = alloc_skb();
    while (alloc_skb()) {
    }
    sk_buff* before = skb;
    EXPECT_FALSE(skb_cow(&skb, 100));
    EXPECT_EQ(skb, before);
    EXPECT_EQ(skb->users, 1U);
}

TEST_F(Skb, AHeadroomThatTheBufferCannotHoldIsRefused) {
    sk_buff* skb = alloc_skb();
    skb_put(skb, 1500);
    EXPECT_EQ(skb_realloc_headroom(skb, 2176 - 1499), nullptr);
    EXPECT_NE(skb_realloc_headroom(skb, 2176 - 1500), nullptr);
}

TEST_F(Skb, AListGivesBackInOrderAndTakesAtBothEnds) {
    sk_buff_head list;
    skb_queue_head_init(&list);
    sk_buff *first = alloc_skb(), *second = alloc_skb(), *front = alloc_skb();
    skb_queue_tail(&list, first);
    skb_queue_tail(&list, second);
    skb_queue_head(&list, front);
    EXPECT_EQ(list.qlen, 3U);
    EXPECT_EQ(skb_dequeue(&list), front);
    EXPECT_EQ(skb_dequeue(&list), first);
    EXPECT_EQ(skb_dequeue(&list), second);
    EXPECT_EQ(skb_dequeue(&list), nullptr);
    EXPECT_EQ(list.qlen, 0U);
    skb_queue_tail(&list, first);
    EXPECT_EQ(skb_dequeue(&list), first);
}

}  // namespace
