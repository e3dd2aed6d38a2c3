// SPDX-License-Identifier: Apache-2.0
// Packets whose data lies in several buffers.
#include <gtest/gtest.h>

#include <cstring>
#include <numeric>
#include <vector>

#include "sw/hal/native/test_machine.h"
#include "sw/kernel/counters.h"
#include "sw/kernel/skbuff.h"
#include "sw/wire/checksum.h"

namespace fw {
namespace {

using Bytes = std::vector<u8>;

/// Counts up from 1 over pieces of these lengths, the first in the packet's own buffer.
class SkbPieces : public ::testing::Test {
  protected:
    void SetUp() override {
        static const bool booted = (native::boot(), true);
        ASSERT_TRUE(booted);
        free_slots_ = skb_free_slots();
        skb_ = make({5, 3, 8, 7});
    }
    void TearDown() override {
        consume_skb(skb_);
        EXPECT_EQ(skb_free_slots(), free_slots_);
    }
    static sk_buff* make(const std::vector<u32>& lengths) {
        sk_buff* skb = nullptr;
        sk_buff** link = nullptr;
        u8 value = 1;
        for (const u32 length : lengths) {
            sk_buff* piece = alloc_skb();
            u8* at = skb_put(piece, length);
            for (u32 i = 0; i < length; ++i) at[i] = value++;
            if (!skb) {
                skb = piece;
                link = &skb->frag_list;
                continue;
            }
            *link = piece;
            link = &piece->next;
            skb->len += length;
        }
        return skb;
    }
    Bytes copy(i32 offset, u32 bytes) const {
        Bytes out(bytes);
        skb_copy_bits(skb_, offset, out.data(), bytes);
        return out;
    }
    static Bytes counting(u8 from, size_t bytes) {
        Bytes out(bytes);
        std::iota(out.begin(), out.end(), from);
        return out;
    }
    sk_buff* skb_ = nullptr;
    u32 free_slots_ = 0;
};

TEST_F(SkbPieces, AreCopiedAcrossTheirEnds) {
    EXPECT_EQ(copy(0, 23), counting(1, 23));
    EXPECT_EQ(copy(4, 6), counting(5, 6));
    EXPECT_EQ(copy(5, 3), counting(6, 3));
    EXPECT_EQ(copy(22, 1), counting(23, 1));
}

TEST_F(SkbPieces, BytesBeforeTheDataAreCopiedToo) {
    skb_pull(skb_, 3);
    EXPECT_EQ(copy(-3, 10), counting(1, 10));
}

TEST_F(SkbPieces, AreSummedAsIfTheyWereOne) {
    const Bytes whole = counting(1, 23);
    for (u32 offset = 0; offset < 23; ++offset) {
        for (u32 bytes = 0; bytes <= 23 - offset; ++bytes) {
            EXPECT_EQ(wire::csum_fold(skb_checksum(skb_, offset, bytes, 0)),
                      wire::csum_fold(wire::csum_partial(whole.data() + offset, bytes)))
                << offset << ' ' << bytes;
        }
    }
}

TEST_F(SkbPieces, ArePulledIntoTheOwnBuffer) {
    EXPECT_TRUE(pskb_may_pull(skb_, 5));
    EXPECT_EQ(skb_headlen(skb_), 5U);
    EXPECT_TRUE(pskb_may_pull(skb_, 12));
    EXPECT_EQ(skb_headlen(skb_), 12U);
    EXPECT_EQ(Bytes(skb_->data, skb_->tail), counting(1, 12));
    EXPECT_EQ(skb_->len, 23U);
    EXPECT_EQ(copy(0, 23), counting(1, 23));
}

TEST_F(SkbPieces, MoreThanThereIsCannotBePulled) { EXPECT_FALSE(pskb_may_pull(skb_, 24)); }

TEST_F(SkbPieces, WhatTheBufferHasNoRoomForCannotBePulled) {
    skb_reserve(skb_, skb_tailroom(skb_));
    EXPECT_FALSE(pskb_may_pull(skb_, 6));
}

TEST_F(SkbPieces, AreCutOffAtTheEnd) {
    pskb_trim(skb_, 30);
    EXPECT_EQ(skb_->len, 23U);
    pskb_trim(skb_, 7);
    EXPECT_EQ(skb_->len, 7U);
    EXPECT_EQ(copy(0, 7), counting(1, 7));
    EXPECT_EQ(skb_->frag_list->len, 2U);
    EXPECT_EQ(skb_->frag_list->next->len, 0U);
}

TEST_F(SkbPieces, EndWithThePacket) {
    sk_buff* skb = make({1, 1, 1});
    u64& delivered = turnpike_counters.cpu[0].fates[static_cast<unsigned>(regs::Fate::delivered)];
    delivered = 0;
    kfree_skb_reason(skb, regs::Fate::delivered);
    EXPECT_EQ(delivered, 3U);
    delivered = 0;
}

}  // namespace
}  // namespace fw
