// SPDX-License-Identifier: Apache-2.0
// From interrupts and polled drivers to taps and protocols (Linux net/core/dev.c).
#include "sw/kernel/softnet.h"
#include "tests/sw/kernel_device.h"

namespace fw::test {
namespace {

class Receive : public Device {
  protected:
    void SetUp() override {
        Device::SetUp();
        dev_add_pack(&handler);
    }
    void TearDown() override { EXPECT_EQ(skb_free_slots(), kSkbPoolSlots); }
};

TEST_F(Receive, AFrameWaitsForTheSoftirqAndThenReachesItsProtocol) {
    native::machine().tsc = 77;
    sk_buff* skb = packet(1);
    EXPECT_EQ(netif_rx(skb), NET_RX_SUCCESS);
    EXPECT_EQ(skb->stamp, 77U);
    EXPECT_TRUE(received.empty());
    do_softirq();
    EXPECT_THAT(received, ElementsAre(1));
    EXPECT_EQ(cpu(regs::Softnet::processed), 1U);
}

TEST_F(Receive, AFullBacklogDropsAndCounts) {
    set(SysctlId::netdev_max_backlog, 2);
    // Linux compares before it adds: one more than the limit fits.
    for (u8 n = 1; n <= 3; ++n) EXPECT_EQ(netif_rx(packet(n)), NET_RX_SUCCESS);
    EXPECT_EQ(netif_rx(packet(4)), NET_RX_DROP);
    EXPECT_EQ(netif_rx(packet(5)), NET_RX_DROP);
    EXPECT_EQ(cpu(regs::Softnet::dropped), 2U);
    EXPECT_EQ(cpu(regs::Softnet::throttled), 1U);
    EXPECT_EQ(count(regs::Dev::rx_dropped), 2U);
    EXPECT_EQ(fate(Fate::backlog_full), 2U);
    do_softirq();
    EXPECT_THAT(received, ElementsAre(1, 2, 3));
}

TEST_F(Receive, AQueueThatFillsUpAnewIsThrottledAnew) {
    set(SysctlId::netdev_max_backlog, 0);
    for (int round = 0; round < 2; ++round) {
        netif_rx(packet(1));
        EXPECT_EQ(netif_rx(packet(2)), NET_RX_DROP);
        do_softirq();
    }
    EXPECT_EQ(cpu(regs::Softnet::throttled), 2U);
}

// Linux 2.4.18 get_sample_stats: the average is half of itself and half of the length.
TEST_F(Receive, TheAnswerToADriverTellsHowCongestedTheBacklogIs) {
    NetRx level = NET_RX_SUCCESS;
    std::vector<u32> first(NET_RX_CN_HIGH + 1, 0);
    for (u32 n = 1; n <= 400; ++n) {
        level = netif_rx(packet(1));
        if (first[level] == 0) first[level] = n;
    }
    EXPECT_EQ(level, NET_RX_CN_HIGH);
    u32 average = 0, low = 0, mod = 0, high = 0;
    for (u32 n = 1; n <= 400; ++n) {
        average = (average >> 1) + (n >> 1);
        if (!low && average > 20) low = n;
        if (!mod && average > 100) mod = n;
        if (!high && average > 290) high = n;
    }
    EXPECT_EQ(first[NET_RX_CN_LOW], low);
    EXPECT_EQ(first[NET_RX_CN_MOD], mod);
    EXPECT_EQ(first[NET_RX_CN_HIGH], high);
    do_softirq();
}

TEST_F(Receive, TheLevelsAreSysctls) {
    set(SysctlId::no_cong, 0);
    set(SysctlId::lo_cong, 0);
    set(SysctlId::mod_cong, 0);
    for (int n = 0; n < 2; ++n) netif_rx(packet(1));
    EXPECT_EQ(netif_rx(packet(1)), NET_RX_CN_HIGH);
    do_softirq();
}

TEST_F(Receive, ABudgetThatRunsOutIsCountedAndTheRestComesInTheNextRound) {
    set(SysctlId::netdev_budget, 2);
    set(SysctlId::dev_weight, 2);
    for (u8 n = 1; n <= 5; ++n) netif_rx(packet(n));
    do_softirq();
    EXPECT_THAT(received, ElementsAre(1, 2, 3, 4, 5));
    EXPECT_EQ(cpu(regs::Softnet::time_squeeze), 2U);
}

TEST_F(Receive, OneShareMayExceedTheBudgetAsOnLinux) {
    set(SysctlId::netdev_budget, 2);
    for (u8 n = 1; n <= 5; ++n) netif_rx(packet(n));
    do_softirq();
    EXPECT_EQ(cpu(regs::Softnet::time_squeeze), 1U);
}

/// Something that is polled and always has as many packets as it is told.
struct Source {
    napi_struct napi;
    u8 tag;
    u32 waiting;
    net_device* dev;
    std::vector<u32> work;
};

u32 poll_source(napi_struct* napi, u32 budget) {
    auto* source = reinterpret_cast<Source*>(napi);
    u32 work = 0;
    for (; work < budget && source->waiting > 0; ++work, --source->waiting) received.push_back(source->tag);
    source->work.push_back(work);
    if (work < budget) napi_complete(napi);
    return work;
}

TEST_F(Receive, PolledDevicesTakeTurnsByTheirWeight) {
    set(SysctlId::dev_weight, 2);
    Source a = {{}, 1, 5, &dev, {}}, b = {{}, 2, 3, &dev, {}};
    a.napi.poll = b.napi.poll = poll_source;
    EXPECT_TRUE(napi_schedule(&a.napi));
    EXPECT_FALSE(napi_schedule(&a.napi));
    EXPECT_TRUE(napi_schedule(&b.napi));
    do_softirq();
    EXPECT_THAT(received, ElementsAre(1, 1, 2, 2, 1, 1, 2, 1));
    EXPECT_THAT(a.work, ElementsAre(2, 2, 1));
    EXPECT_TRUE(napi_schedule(&a.napi)) << "it is complete, so it can be scheduled again";
    do_softirq();
}

TEST_F(Receive, APolledDriversFrameReachesItsProtocolAtOnce) {
    napi_gro_receive(packet(3));
    EXPECT_THAT(received, ElementsAre(3));
    EXPECT_EQ(cpu(regs::Softnet::processed), 1U);
}

// --- taps

std::vector<std::pair<u8, PacketType>> tapped;

void record_tap(sk_buff* skb, net_device*, packet_type*) {
    tapped.emplace_back(skb->data[0], skb->pkt_type);
    EXPECT_EQ(skb->users, 1U);
    consume_skb(skb);
}

class Tap : public Receive {
  protected:
    void SetUp() override {
        Receive::SetUp();
        tapped.clear();
        tap.func = record_tap;
        dev_add_pack(&tap);
    }
    packet_type tap = {};
};

TEST_F(Tap, SeesAFrameBeforeItsProtocolDoes) {
    netif_receive_skb(packet(9));
    EXPECT_THAT(received, ElementsAre(9));
    EXPECT_THAT(tapped, ElementsAre(std::pair(u8{9}, PACKET_HOST)));
}

TEST_F(Tap, SeesWhatIsSentAsOutgoing) {
    dev_queue_xmit(packet(7));
    EXPECT_THAT(sent, ElementsAre(7));
    EXPECT_THAT(tapped, ElementsAre(std::pair(u8{7}, PACKET_OUTGOING)));
}

TEST_F(Tap, AFrameThatOnlyATapSeesIsNotDropped) {
    sk_buff* skb = packet(4);
    skb->protocol = 0x1234;
    netif_receive_skb(skb);
    EXPECT_EQ(tapped.size(), 1U);
    EXPECT_EQ(fate(Fate::tapped), 1U);
    EXPECT_EQ(count(regs::Dev::rx_dropped), 0U);
}

TEST_F(Tap, SeesNothingMoreOnceItIsRemoved) {
    dev_remove_pack(&tap);
    netif_receive_skb(packet(9));
    dev_queue_xmit(packet(9));
    EXPECT_TRUE(tapped.empty());
    dev_remove_pack(&handler);
    dev_remove_pack(&handler);  // not there: nothing happens
    netif_receive_skb(packet(9));
    EXPECT_EQ(fate(Fate::unknown_protocol), 1U);
}

TEST_F(Tap, MissesFramesWhenNoSkbIsLeftAndTheProtocolDoesNot) {
    sk_buff* skb = packet(5);
    std::vector<sk_buff*> hoard;
    while (sk_buff* one = alloc_skb()) hoard.push_back(one);
    netif_receive_skb(skb);
    EXPECT_TRUE(tapped.empty());
    EXPECT_THAT(received, ElementsAre(5));
    for (sk_buff* one : hoard) consume_skb(one);
}

TEST_F(Tap, TwoProtocolsOfOneTypeEachHaveAPacketOfTheirOwn) {
    packet_type second = handler;
    dev_add_pack(&second);
    netif_receive_skb(packet(6));
    EXPECT_THAT(received, ElementsAre(6, 6));
    dev_remove_pack(&second);
}

TEST_F(Receive, ADeviceIsPromiscuousWhileSomebodyWantsItToBe) {
    static int calls = 0;
    calls = 0;
    const net_device_ops ops = {nullptr, nullptr, record_xmit, [](net_device*) { ++calls; }, nullptr, nullptr};
    dev.ops = &ops;
    dev_set_promiscuity(&dev, 1);
    dev_set_promiscuity(&dev, 1);
    EXPECT_TRUE(dev.flags & regs::config::IFF_PROMISC);
    dev_set_promiscuity(&dev, -1);
    EXPECT_TRUE(dev.flags & regs::config::IFF_PROMISC);
    dev_set_promiscuity(&dev, -1);
    EXPECT_FALSE(dev.flags & regs::config::IFF_PROMISC);
    EXPECT_EQ(calls, 2);
    dev_set_allmulti(&dev, 1);
    EXPECT_TRUE(dev.flags & regs::config::IFF_ALLMULTI);
    dev_set_allmulti(&dev, -1);
    EXPECT_FALSE(dev.flags & regs::config::IFF_ALLMULTI);
}

// --- VLAN tags (IEEE 802.1Q 9.3: priority in bits 15 to 13, VLAN in bits 11 to 0)

class Vlan : public Receive {
  protected:
    void arrive(u16 tag_type, u16 tci, u16 inner, u32 bytes = 46) {
        sk_buff* skb = alloc_skb();
        u8* at = skb_put(skb, bytes);
        std::memset(at, 0, bytes);
        const u8 tag[] = {static_cast<u8>(tci >> 8), static_cast<u8>(tci), static_cast<u8>(inner >> 8),
                          static_cast<u8>(inner), 42};
        std::memcpy(at, tag, std::min<size_t>(bytes, sizeof tag));
        skb->dev = &dev;
        skb->protocol = __builtin_bswap16(tag_type);
        netif_receive_skb(skb);
    }
};

TEST_F(Vlan, AFrameOfAVlanEndsHereAndCountsAsNoDropWhereAProtocolWouldTakeIt) {
    arrive(0x8100, 0x0064, 0x88B5);
    EXPECT_TRUE(received.empty());
    EXPECT_EQ(fate(Fate::vlan), 1U);
    EXPECT_EQ(count(regs::Dev::rx_dropped), 0U);
}

TEST_F(Vlan, OneOfAnUnknownProtocolCountsAsADrop) {
    arrive(0x8100, 0x0064, 0x1234);
    EXPECT_EQ(fate(Fate::vlan), 1U);
    EXPECT_EQ(count(regs::Dev::rx_dropped), 1U);
}

TEST_F(Vlan, APriorityTagComesOff) {
    arrive(0x8100, 0xE000, 0x88B5);
    EXPECT_THAT(received, ElementsAre(42));
    EXPECT_EQ(fate(Fate::vlan), 0U);
}

TEST_F(Vlan, AServiceTagIsATagToo) {
    arrive(0x88A8, 0x0001, 0x88B5);
    EXPECT_EQ(fate(Fate::vlan), 1U);
}

TEST_F(Vlan, BehindAPriorityTagTheNextTagCounts) {
    arrive(0x8100, 0, 0x8100);
    EXPECT_EQ(fate(Fate::vlan), 1U) << "42 as the first byte of the tag behind it is VLAN 0xA00";
}

TEST_F(Vlan, AFrameThatEndsWithinItsTagCountsNowhere) {
    arrive(0x8100, 0, 0x88B5, 5);
    EXPECT_EQ(fate(Fate::vlan), 1U);
    EXPECT_EQ(count(regs::Dev::rx_dropped), 0U);
}

// --- devices without a queue

NetdevTx send_by_itself(sk_buff* skb, net_device*) {
    dev_queue_xmit(skb);
    return NETDEV_TX_OK;
}

TEST_F(Receive, ADeviceThatSendsByItselfIsStoppedInItsTracks) {
    const net_device_ops ops = {nullptr, nullptr, send_by_itself, nullptr, nullptr, nullptr};
    dev_close(&dev);
    dev.tx_queue_len = 0;
    dev.ops = &ops;
    ASSERT_EQ(dev_open(&dev), 0);
    dev_queue_xmit(packet(1));
    EXPECT_EQ(fate(Fate::tx_busy), 1U);
    EXPECT_EQ(count(regs::Dev::tx_dropped), 1U);
    EXPECT_THAT(native::machine().console, testing::HasSubstr("Dead loop on virtual device eth1"));
    dev_queue_xmit(packet(1));  // and the next packet has all its room
    EXPECT_EQ(fate(Fate::tx_busy), 2U);
}

}  // namespace
}  // namespace fw::test
