// SPDX-License-Identifier: Apache-2.0
// Between driver and protocols: dispatch, queueing disciplines, loopback.
#include "tests/sw/kernel_device.h"

namespace fw::test {
namespace {

TEST_F(Device, IsFoundByIndexAndByName) {
    EXPECT_EQ(dev_get_by_index(kIfindex), &dev);
    EXPECT_EQ(dev_get_by_name("eth1"), &dev);
    EXPECT_EQ(dev_get_by_index(0), nullptr);
    EXPECT_EQ(dev_get_by_index(18), nullptr);
    EXPECT_EQ(dev_get_by_name("eth"), nullptr);
}

TEST_F(Device, ASecondOneOfTheSameIndexOrNameIsRefused) {
    net_device twin = dev;
    twin.ifindex = 4;
    EXPECT_EQ(register_netdevice(&twin), -err::exist);
    std::strcpy(twin.name, "eth2");
    twin.ifindex = kIfindex;
    EXPECT_EQ(register_netdevice(&twin), -err::exist);
    twin.ifindex = 18;
    EXPECT_EQ(register_netdevice(&twin), -err::inval);
}

TEST_F(Device, AProtocolThatNobodyTakesIsDropped) {
    netif_rx(packet(1));
    do_softirq();
    EXPECT_EQ(fate(Fate::unknown_protocol), 1U);
    EXPECT_EQ(count(regs::Dev::rx_dropped), 1U);
    EXPECT_EQ(skb_free_slots(), kSkbPoolSlots);
}

TEST_F(Device, TheDestinationAddressSaysWhomAFrameIsFor) {
    const struct {
        std::array<u8, 6> destination;
        PacketType type;
    } cases[] = {{{2, 0, 0, 0, 0, 1}, PACKET_HOST},
                 {{2, 0, 0, 0, 0, 2}, PACKET_OTHERHOST},
                 {{0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF}, PACKET_BROADCAST},
                 {{0x01, 0x00, 0x5E, 0, 0, 1}, PACKET_MULTICAST}};
    for (const auto& each : cases) {
        sk_buff* skb = packet(0);
        std::copy(each.destination.begin(), each.destination.end(), skb->data);
        skb->data[12] = 0x08;
        skb->data[13] = 0x00;
        const u8* start = skb->data;
        eth_type_trans(skb, &dev);
        EXPECT_EQ(skb->pkt_type, each.type);
        EXPECT_EQ(skb->protocol, __builtin_bswap16(0x0800));
        EXPECT_EQ(skb->data, start + 14);
        EXPECT_EQ(skb->len, 46U);
        EXPECT_EQ(skb->head + skb->mac_header, start);
        consume_skb(skb);
    }
}

TEST_F(Device, ALengthInPlaceOfATypeIsAnIeee8022Frame) {
    sk_buff* skb = packet(0);
    skb->data[12] = 0x05;
    skb->data[13] = 0xDC;  // 1500: the largest length, IEEE 802.3 3.2.6
    eth_type_trans(skb, &dev);
    EXPECT_EQ(skb->protocol, __builtin_bswap16(0x0004));  // ETH_P_802_2
}

TEST_F(Device, PfifoFastServesInteractiveBeforeBestEffortBeforeBulk) {
    netif_stop_queue(&dev);
    dev_queue_xmit(packet(20, 2));  // TC_PRIO_BULK
    dev_queue_xmit(packet(10, 0));  // TC_PRIO_BESTEFFORT
    dev_queue_xmit(packet(11, 4));  // TC_PRIO_INTERACTIVE_BULK
    dev_queue_xmit(packet(0, 6));   // TC_PRIO_INTERACTIVE
    EXPECT_TRUE(sent.empty());
    EXPECT_EQ(qdisc(regs::Qdisc::backlog_packets), 4U);
    netif_wake_queue(&dev);
    do_softirq();
    EXPECT_THAT(sent, ElementsAre(0, 10, 11, 20));
    EXPECT_EQ(qdisc(regs::Qdisc::backlog_packets), 0U);
    EXPECT_EQ(qdisc(regs::Qdisc::sent_packets), 4U);
    EXPECT_EQ(qdisc(regs::Qdisc::sent_bytes), 240U);
}

TEST_F(Device, EachPriorityGoesToTheBandOfTheDocuments) {
    const u8 band_of_priority[16] = {1, 2, 2, 2, 1, 2, 0, 0, 1, 1, 1, 1, 1, 1, 1, 1};
    u64 expected[3] = {};
    for (u32 priority = 0; priority < 32; ++priority) {  // only the low four bits count
        dev_queue_xmit(packet(1, priority));
        ++expected[band_of_priority[priority % 16]];
    }
    EXPECT_EQ(qdisc(regs::Qdisc::band0), expected[0]);
    EXPECT_EQ(qdisc(regs::Qdisc::band1), expected[1]);
    EXPECT_EQ(qdisc(regs::Qdisc::band2), expected[2]);
}

TEST_F(Device, EachBandHoldsTheDevicesQueueLength) {
    dev.tx_queue_len = 2;
    netif_stop_queue(&dev);
    EXPECT_EQ(dev_queue_xmit(packet(1)), 0);
    EXPECT_EQ(dev_queue_xmit(packet(2)), 0);
    EXPECT_EQ(dev_queue_xmit(packet(3)), -err::nobufs);
    EXPECT_EQ(dev_queue_xmit(packet(4, 6)), 0);
    EXPECT_EQ(qdisc(regs::Qdisc::dropped), 1U);
    EXPECT_EQ(fate(Fate::qdisc_full), 1U);
    netif_wake_queue(&dev);
    do_softirq();
    EXPECT_THAT(sent, ElementsAre(4, 1, 2));
}

TEST_F(Device, APacketThatTheDriverRefusesKeepsItsPlace) {
    driver_busy = true;
    netif_stop_queue(&dev);
    dev_queue_xmit(packet(1));
    dev_queue_xmit(packet(2));
    dev.tx[0].stopped = false;
    dev_queue_xmit(packet(3));
    EXPECT_EQ(qdisc(regs::Qdisc::requeues), 1U);
    EXPECT_EQ(qdisc(regs::Qdisc::backlog_packets), 3U);
    driver_busy = false;
    do_softirq();  // a driver that was busy without stopping the queue is tried again
    EXPECT_THAT(sent, ElementsAre(1, 2, 3));
}

TEST_F(Device, ALongQueueIsSentInSharesOf64) {
    netif_stop_queue(&dev);
    for (unsigned n = 0; n < 100; ++n) dev_queue_xmit(packet(1));
    dev.tx[0].stopped = false;
    dev_queue_xmit(packet(2));
    EXPECT_EQ(sent.size(), 64U);  // Linux dev_tx_weight
    do_softirq();
    EXPECT_EQ(sent.size(), 101U);
}

TEST_F(Device, ClosingDropsWhatIsQueued) {
    netif_stop_queue(&dev);
    dev_queue_xmit(packet(1));
    dev_queue_xmit(packet(2, 6));
    dev_close(&dev);
    EXPECT_EQ(fate(Fate::device_down), 2U);
    EXPECT_EQ(qdisc(regs::Qdisc::backlog_packets), 0U);
    EXPECT_EQ(dev_queue_xmit(packet(3)), -err::netdown);
    EXPECT_EQ(fate(Fate::device_down), 3U);
    EXPECT_EQ(count(regs::Dev::tx_dropped), 1U);
    EXPECT_EQ(skb_free_slots(), kSkbPoolSlots);
}

TEST_F(Device, AQueueScheduledWhenItsDeviceClosesIsNotRun) {
    netif_stop_queue(&dev);
    dev_queue_xmit(packet(1));
    netif_wake_queue(&dev);
    dev_close(&dev);
    do_softirq();
    EXPECT_TRUE(sent.empty());
}

TEST_F(Device, WhatIsSentToTheLoopbackDeviceComesBack) {
    dev_add_pack(&handler);
    net_device* lo = dev_get_by_index(kLoopbackIfindex);
    ASSERT_NE(lo, nullptr);
    EXPECT_STREQ(lo->name, "lo");
    EXPECT_TRUE(lo->flags & regs::config::IFF_UP);
    sk_buff* skb = packet(0);
    skb->data[12] = 0x88;
    skb->data[13] = 0xB5;
    skb->data[14] = 42;
    skb->dev = lo;
    EXPECT_EQ(dev_queue_xmit(skb), 0);
    do_softirq();
    EXPECT_THAT(received, ElementsAre(42));
    EXPECT_EQ(turnpike_counters.cpu[0].dev[0][static_cast<unsigned>(regs::Dev::rx_bytes)], 46U)
        << "Linux counts there without the link header";
}

/// What a driver that takes no pieces was given: bytes in the buffer, bytes in all.
struct Given {
    u32 linear;
    u32 whole;
};
std::vector<Given> given;
const net_device_ops kLooksAtPieces = {nullptr, nullptr,
                                       [](sk_buff* skb, net_device*) {
                                           given.push_back({skb_headlen(skb), skb->len});
                                           consume_skb(skb);
                                           return NETDEV_TX_OK;
                                       },
                                       nullptr};

TEST_F(Device, APacketInPiecesIsPutIntoOneBufferBeforeItIsSent) {
    given.clear();
    dev.ops = &kLooksAtPieces;
    const u32 slots = skb_free_slots();
    sk_buff* skb = packet(1);
    skb->frag_list = packet(2);
    skb->len += 60;
    EXPECT_EQ(dev_queue_xmit(skb), 0);
    ASSERT_EQ(given.size(), 1u);
    EXPECT_EQ(given[0].linear, 120u);
    EXPECT_EQ(given[0].whole, 120u);
    EXPECT_EQ(skb_free_slots(), slots);
}

TEST_F(Device, APacketInPiecesThatFitNoBufferIsLost) {
    given.clear();
    dev.ops = &kLooksAtPieces;
    const u32 slots = skb_free_slots();
    sk_buff* skb = packet(1);
    sk_buff** link = &skb->frag_list;
    while (skb->len < 4000) {
        *link = packet(2);
        skb->len += 60;
        link = &(*link)->next;
    }
    EXPECT_EQ(dev_queue_xmit(skb), -err::nomem);
    EXPECT_TRUE(given.empty());
    EXPECT_GE(fate(Fate::no_memory), 1u);
    EXPECT_EQ(skb_free_slots(), slots);
}

}  // namespace
}  // namespace fw::test
