// SPDX-License-Identifier: Apache-2.0
// Between driver and protocols: backlog, dispatch, queueing disciplines, loopback.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <array>
#include <cstring>
#include <vector>

#include "sw/hal/native/test_machine.h"
#include "sw/kernel/counters.h"
#include "sw/kernel/error.h"
#include "sw/kernel/interrupt.h"
#include "sw/kernel/netdevice.h"
#include "sw/kernel/sysctl.h"

namespace {

using namespace fw;
using testing::ElementsAre;

constexpr u32 kIfindex = 3;
constexpr u16 kTestProtocol = 0xB588;  // 0x88B5 on the wire: IEEE 802 local experimental type 1

std::vector<u8> sent;      // first byte of each packet that reached the driver
std::vector<u8> received;  // and of each that reached a protocol
bool driver_busy = false;

NetdevTx record_xmit(sk_buff* skb, net_device*) {
    if (driver_busy) return NETDEV_TX_BUSY;
    sent.push_back(skb->data[0]);
    consume_skb(skb);
    return NETDEV_TX_OK;
}

void record_receive(sk_buff* skb, net_device*, packet_type*) {
    received.push_back(skb->data[0]);
    consume_skb(skb);
}

const net_device_ops kOps = {nullptr, nullptr, record_xmit, nullptr};

class Device : public testing::Test {
  protected:
    void SetUp() override {
        native::boot();
        std::strcpy(dev.name, "eth1");
        dev.ifindex = kIfindex;
        dev.mtu = 1500;
        dev.tx_queue_len = 1000;
        dev.ops = &kOps;
        const u8 mac[] = {2, 0, 0, 0, 0, 1};
        std::memcpy(dev.dev_addr, mac, sizeof mac);
        ASSERT_EQ(register_netdevice(&dev), 0);
        ASSERT_EQ(dev_open(&dev), 0);
        handler.type = kTestProtocol;
        handler.func = record_receive;
    }

    sk_buff* packet(u8 first, u32 priority = 0) {
        sk_buff* skb = alloc_skb();
        std::memset(skb_put(skb, 60), 0, 60);
        skb->data[0] = first;
        skb->dev = &dev;
        skb->priority = priority;
        skb->protocol = kTestProtocol;
        return skb;
    }
    u64 count(regs::Dev which) const {
        return turnpike_counters.cpu[0].dev[kIfindex - 1][static_cast<unsigned>(which)];
    }
    static u64 qdisc(regs::Qdisc which) { return turnpike_counters.qdisc[kIfindex - 1][static_cast<unsigned>(which)]; }
    static u64 fate(Fate which) { return turnpike_counters.cpu[0].fates[static_cast<unsigned>(which)]; }
    static u64 cpu(regs::Softnet which) { return turnpike_counters.cpu[0].softnet[static_cast<unsigned>(which)]; }
    static void set(SysctlId id, i64 value) { sysctl_global[static_cast<unsigned>(id)] = value; }

    net_device dev = {};
    packet_type handler = {};
};

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

TEST_F(Device, AReceivedPacketWaitsForTheSoftirqAndThenReachesItsProtocol) {
    dev_add_pack(&handler);
    native::machine().tsc = 77;
    sk_buff* skb = packet(1);
    EXPECT_TRUE(netif_rx(skb));
    EXPECT_EQ(skb->stamp, 77U);
    EXPECT_TRUE(received.empty());
    do_softirq();
    EXPECT_THAT(received, ElementsAre(1));
    EXPECT_EQ(cpu(regs::Softnet::processed), 1U);
}

TEST_F(Device, AFullBacklogDropsAndCounts) {
    dev_add_pack(&handler);
    set(SysctlId::netdev_max_backlog, 2);
    // Linux compares before it adds: one more than the limit fits.
    for (u8 n = 1; n <= 3; ++n) EXPECT_TRUE(netif_rx(packet(n)));
    EXPECT_FALSE(netif_rx(packet(4)));
    EXPECT_EQ(cpu(regs::Softnet::dropped), 1U);
    EXPECT_EQ(count(regs::Dev::rx_dropped), 1U);
    EXPECT_EQ(fate(Fate::backlog_full), 1U);
    do_softirq();
    EXPECT_THAT(received, ElementsAre(1, 2, 3));
    EXPECT_EQ(skb_free_slots(), kSkbPoolSlots);
}

TEST_F(Device, ABudgetThatRunsOutIsCountedAndTheRestComesInTheNextRound) {
    dev_add_pack(&handler);
    set(SysctlId::netdev_budget, 2);
    for (u8 n = 1; n <= 5; ++n) netif_rx(packet(n));
    do_softirq();
    EXPECT_THAT(received, ElementsAre(1, 2, 3, 4, 5));
    EXPECT_EQ(cpu(regs::Softnet::time_squeeze), 2U);
}

TEST_F(Device, ABudgetThatIsJustEnoughIsNoSqueeze) {
    dev_add_pack(&handler);
    set(SysctlId::netdev_budget, 2);
    netif_rx(packet(1));
    netif_rx(packet(2));
    do_softirq();
    EXPECT_EQ(cpu(regs::Softnet::time_squeeze), 0U);
}

TEST_F(Device, AProtocolThatNobodyTakesIsDropped) {
    netif_rx(packet(1));
    do_softirq();
    EXPECT_EQ(fate(Fate::unknown_protocol), 1U);
    EXPECT_EQ(count(regs::Dev::rx_dropped), 1U);
    EXPECT_EQ(skb_free_slots(), kSkbPoolSlots);
}

TEST_F(Device, ATapSeesThePacketAndSoDoesItsProtocol) {
    packet_type tap = {};
    tap.func = record_receive;
    dev_add_pack(&tap);
    dev_add_pack(&handler);
    netif_rx(packet(9));
    do_softirq();
    EXPECT_THAT(received, ElementsAre(9, 9));
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
    dev.queue_stopped = false;
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
    dev.queue_stopped = false;
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
    EXPECT_EQ(turnpike_counters.cpu[0].dev[0][static_cast<unsigned>(regs::Dev::rx_bytes)], 60U);
}

}  // namespace
