// SPDX-License-Identifier: Apache-2.0
// A queueing discipline of the test's own: last in, first out, at most `limit` packets. It needs nothing of sw/kernel
// but the table of functions.
#include "sw/kernel/sch_generic.h"
#include "tests/sw/kernel_device.h"

namespace fw::test {
namespace {

struct Lifo {
    sk_buff_head list;
    u32 limit;
};
unsigned alive = 0;  // of those that were made

int lifo_init(Qdisc* q) {
    if (alive == 1) return -err::nomem;  // so that a test can have it fail
    ++alive;
    qdisc_priv<Lifo>(q) = {{}, 3};
    return 0;
}
void lifo_destroy(Qdisc*) { --alive; }
int lifo_enqueue(sk_buff* skb, Qdisc* q) {
    Lifo& lifo = qdisc_priv<Lifo>(q);
    if (q->qlen >= lifo.limit) {
        qdisc_count(q, regs::Qdisc::dropped);
        kfree_skb_reason(skb, Fate::qdisc_full);
        return -err::nobufs;
    }
    skb_queue_head(&lifo.list, skb);
    qdisc_set_qlen(q, q->qlen + 1);
    return 0;
}
sk_buff* lifo_dequeue(Qdisc* q) {
    sk_buff* skb = skb_dequeue(&qdisc_priv<Lifo>(q).list);
    if (skb) qdisc_set_qlen(q, q->qlen - 1);
    return skb;
}
void lifo_requeue(sk_buff* skb, Qdisc* q) {
    skb_queue_head(&qdisc_priv<Lifo>(q).list, skb);
    qdisc_set_qlen(q, q->qlen + 1);
}
void lifo_reset(Qdisc* q, Fate reason) {
    while (sk_buff* skb = skb_dequeue(&qdisc_priv<Lifo>(q).list)) kfree_skb_reason(skb, reason);
    qdisc_set_qlen(q, 0);
}
int lifo_change(Qdisc* q, const void* options, u32 bytes) {
    if (bytes != sizeof(u32)) return -err::inval;
    std::memcpy(&qdisc_priv<Lifo>(q).limit, options, bytes);
    return 0;
}
u32 lifo_dump(const Qdisc* q, void* to, u32 room) {
    if (room < sizeof(u32)) return 0;
    std::memcpy(to, &reinterpret_cast<const Lifo*>(q->priv)->limit, sizeof(u32));
    return sizeof(u32);
}

const Qdisc_ops kLifo = {"lifo",     lifo_init,    lifo_enqueue, lifo_dequeue, lifo_requeue,
                         lifo_reset, lifo_destroy, lifo_change,  lifo_dump};

class QdiscContract : public Device {
  protected:
    void SetUp() override {
        Device::SetUp();
        ASSERT_EQ(dev_graft_qdisc(&dev, &kLifo), 0);
    }
    void TearDown() override {
        dev_close(&dev);
        EXPECT_EQ(alive, 0U);
        EXPECT_EQ(skb_free_slots(), kSkbPoolSlots);
    }
    void send(u8 tag) { last = dev_queue_xmit(packet(tag)); }
    void let_go() {
        netif_wake_queue(&dev);
        do_softirq();
    }
    int last = 0;
};

TEST_F(QdiscContract, ItsOrderIsTheOrderOfTheWire) {
    netif_stop_queue(&dev);
    for (u8 tag = 1; tag <= 4; ++tag) send(tag);
    EXPECT_EQ(last, -err::nobufs);
    EXPECT_EQ(qdisc(regs::Qdisc::backlog_packets), 3U);
    let_go();
    EXPECT_THAT(sent, ElementsAre(3, 2, 1));
    EXPECT_EQ(qdisc(regs::Qdisc::sent_packets), 3U);
    EXPECT_EQ(qdisc(regs::Qdisc::dropped), 1U);
}

TEST_F(QdiscContract, WhatTheDriverRefusesComesBackToTheFront) {
    driver_busy = true;
    send(1);
    EXPECT_EQ(qdisc(regs::Qdisc::requeues), 1U);
    driver_busy = false;
    do_softirq();
    EXPECT_THAT(sent, ElementsAre(1));
}

TEST_F(QdiscContract, ItsParametersAreChangedAndToldInItsOwnForm) {
    const u32 limit = 1;
    EXPECT_EQ(qdisc_change(&dev, &limit, sizeof limit), 0);
    EXPECT_EQ(qdisc_change(&dev, &limit, 1), -err::inval);
    u32 told = 0;
    EXPECT_EQ(qdisc_dump(&dev, &told, sizeof told), sizeof told);
    EXPECT_EQ(told, 1U);
    netif_stop_queue(&dev);
    send(1);
    send(2);
    EXPECT_EQ(last, -err::nobufs);
}

TEST_F(QdiscContract, AnotherInItsPlaceDropsWhatIsQueued) {
    netif_stop_queue(&dev);
    send(1);
    ASSERT_EQ(dev_graft_qdisc(&dev, nullptr), 0);
    EXPECT_EQ(alive, 0U);
    EXPECT_EQ(fate(Fate::device_down), 1U);
    EXPECT_TRUE(netif_queue_stopped(&dev));
    u32 told = 0;
    EXPECT_EQ(qdisc_dump(&dev, &told, sizeof told), 0U) << "pfifo_fast has no parameters";
    EXPECT_EQ(qdisc_change(&dev, &told, sizeof told), -err::opnotsupp);
    send(2);
    send(3);
    let_go();
    EXPECT_THAT(sent, ElementsAre(2, 3));
}

TEST_F(QdiscContract, OneThatCannotBeMadeLeavesTheOldOneInPlace) {
    ASSERT_EQ(dev_graft_qdisc(&dev, nullptr), 0);
    alive = 1;
    EXPECT_EQ(dev_graft_qdisc(&dev, &kLifo), -err::nomem);
    EXPECT_STREQ(dev.tx[0].qdisc->ops->id, "pfifo_fast");
    alive = 0;
}

TEST_F(QdiscContract, ADeviceThatIsDownHasItWhenItComesUp) {
    dev_close(&dev);
    EXPECT_EQ(alive, 0U);
    ASSERT_EQ(dev_open(&dev), 0);
    EXPECT_STREQ(dev.tx[0].qdisc->ops->id, "lifo");
}

}  // namespace
}  // namespace fw::test
