// SPDX-License-Identifier: Apache-2.0
// The driver polled by the receive softirq, and what `ethtool` changes.
#include "tests/sw/driver_ixgbe.h"

namespace fw::test {
namespace {

class Polled : public Ixgbe {};

TEST_F(Polled, AnInterruptMasksThePortUntilItsRingIsEmpty) {
    open();
    nic.receive(frame(1));
    nic.log.clear();
    interrupt();
    EXPECT_EQ(received.size(), 1U);
    const std::vector<std::pair<u64, u32>> expected = {{FakeNic::EIMC, 3}, {FakeNic::EIMS, 1}};
    EXPECT_EQ(nic.log, expected);
}

TEST_F(Polled, UnderLoadItStaysMaskedAndSharesTheBudget) {
    set(SysctlId::dev_weight, 16);
    set(SysctlId::netdev_budget, 32);
    open();
    for (unsigned n = 0; n < 100; ++n) nic.receive(frame(static_cast<u8>(n)));
    nic.log.clear();
    interrupt();
    EXPECT_EQ(received.size(), 100U);
    EXPECT_EQ(std::count(nic.log.begin(), nic.log.end(), std::pair<u64, u32>(FakeNic::EIMS, 1)), 1);
    EXPECT_EQ(turnpike_counters.cpu[0].softnet[static_cast<unsigned>(regs::Softnet::time_squeeze)], 3U);
}

TEST_F(Polled, APortThatGoesDownIsNotPolledAnyMore) {
    net_device* dev = open();
    nic.receive(frame(1));
    native::machine().interrupts_enabled = false;
    raise_softirq(HI_SOFTIRQ);
    static net_device* going = nullptr;
    going = dev;
    open_softirq(HI_SOFTIRQ, [] { dev_close(going); });
    interrupt();
    EXPECT_TRUE(received.empty());
    ASSERT_EQ(dev_open(dev), 0);
    nic.receive(frame(2));
    interrupt();
    EXPECT_EQ(received.size(), 1U);
}

TEST_F(Polled, APollFreesWhatWasSent) {
    net_device* dev = open();
    const u32 free_before = skb_free_slots();
    for (unsigned n = 0; n < 64; ++n) dev_queue_xmit(packet(dev, 7));
    nic.transmit();
    nic.receive(frame(1));
    interrupt();
    EXPECT_EQ(skb_free_slots(), free_before);
}

class EthtoolPort : public Ixgbe {};

TEST_F(EthtoolPort, RingsHaveTheSizeThatIsAskedFor) {
    net_device* dev = open();
    const u32 free_before = skb_free_slots();
    ASSERT_EQ(dev->ops->set_ringparam(dev, 1024, 128), 0);
    EXPECT_EQ(nic.registers[FakeNic::RDLEN], 1024U * 16);
    EXPECT_EQ(nic.registers[FakeNic::TDLEN], 128U * 16);
    EXPECT_EQ(skb_free_slots(), free_before - 512);
    for (unsigned n = 0; n < 2500; ++n) {
        nic.receive(frame(1));
        interrupt();
    }
    EXPECT_EQ(received.size(), 2500U);
}

TEST_F(EthtoolPort, SizesAreClampedAndRounded) {
    net_device* dev = open();
    ASSERT_EQ(dev->ops->set_ringparam(dev, 1, 10000), 0);
    EXPECT_EQ(nic.rx_entries(), 64U);
    EXPECT_EQ(nic.tx_entries(), 4096U);
    ASSERT_EQ(dev->ops->set_ringparam(dev, 100, 0), 0);
    EXPECT_EQ(nic.rx_entries(), 128U);
    EXPECT_EQ(nic.tx_entries(), 4096U);
}

TEST_F(EthtoolPort, WithoutEnoughBuffersTheOldRingsStay) {
    net_device* dev = open();
    std::vector<sk_buff*> hoard;
    while (sk_buff* skb = alloc_skb()) hoard.push_back(skb);
    EXPECT_EQ(dev->ops->set_ringparam(dev, 1024, 0), -err::nomem);
    EXPECT_EQ(nic.rx_entries(), 512U);
    for (sk_buff* skb : hoard) consume_skb(skb);
    nic.receive(frame(1));
    interrupt();
    EXPECT_EQ(received.size(), 1U);
}

TEST_F(EthtoolPort, APortThatIsDownHasItsNewRingsWhenItComesUp) {
    net_device* dev = open();
    dev_close(dev);
    ASSERT_EQ(dev->ops->set_ringparam(dev, 256, 256), 0);
    ASSERT_EQ(dev_open(dev), 0);
    EXPECT_EQ(nic.rx_entries(), 256U);
}

// 8.2.3.5.12: the interval is in bits 11 to 3.
TEST_F(EthtoolPort, RxUsecsBecomeTheIntervalBetweenInterrupts) {
    net_device* dev = open();
    ASSERT_EQ(dev->ops->set_coalesce(dev, 100, 0), 0);
    EXPECT_EQ(nic.registers[FakeNic::EITR], 50U << 3);
    ASSERT_EQ(dev->ops->set_coalesce(dev, 0, 0), 0);
    EXPECT_EQ(nic.registers[FakeNic::EITR], 0U);
    EXPECT_EQ(dev->ops->set_coalesce(dev, 1023, 0), -err::inval);
}

}  // namespace
}  // namespace fw::test
