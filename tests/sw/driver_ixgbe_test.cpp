// SPDX-License-Identifier: Apache-2.0
// The 82599 driver against registers and descriptors of the data sheet (331520-005).
#include "tests/sw/driver_ixgbe.h"

#include "sw/kernel/dev_mcast.h"

namespace fw::test {
namespace {

TEST_F(Ixgbe, ProbeMasksInterruptsStopsBusMasteringAndResetsInThisOrder) {
    ASSERT_EQ(ixgbe_probe(port()), 0);
    const auto masked = step(FakeNic::EIMC, 0x7FFFFFFF);  // 4.6.3.1
    const auto quiet = step(FakeNic::CTRL, 1U << 2);      // 5.2.5.3.2
    const auto reset = step(FakeNic::CTRL, 0x04000008);   // 4.6.3.2: RST and LRST
    EXPECT_LT(masked, quiet);
    EXPECT_LT(quiet, reset);
}

TEST_F(Ixgbe, ProbeRegistersTheDeviceOfTheMessage) {
    ASSERT_EQ(ixgbe_probe(port()), 0);
    const net_device* dev = dev_get_by_index(kIfindex);
    ASSERT_NE(dev, nullptr);
    EXPECT_STREQ(dev->name, "eth0");
    EXPECT_EQ(dev->mtu, 1500U);
    EXPECT_FALSE(dev->flags & regs::config::IFF_UP);
    EXPECT_EQ(ixgbe_probe(port()), -err::exist);
}

TEST_F(Ixgbe, AnMtuBeyondTheReceiveBufferIsRefused) {
    regs::config::Port big = port();
    big.mtu = 2048 - 18 + 1;
    EXPECT_EQ(ixgbe_probe(big), -err::inval);
    big.mtu = 2048 - 18;
    EXPECT_EQ(ixgbe_probe(big), 0);
}

TEST_F(Ixgbe, ADeviceThatDoesNotComeOutOfResetIsAnIoError) {
    native::machine().read32 = [](u64) { return 0xFFFFFFFFU; };  // nothing answers there
    EXPECT_EQ(ixgbe_probe(port()), -err::io);
}

TEST_F(Ixgbe, OpenSetsTheReceiveQueueUpAsTheDataSheetSays) {
    open();
    auto& reg = nic.registers;
    EXPECT_EQ(reg[0x1008], 512U * 16);                     // RDLEN, 8.2.3.8.3
    EXPECT_EQ(reg[0x1014], 0x02000002U);                   // SRRCTL: advanced one buffer, 2 KiB, 8.2.3.8.7
    EXPECT_EQ(reg[0x1028] & 1U << 25, 1U << 25);           // RXDCTL.ENABLE
    EXPECT_EQ(reg[FakeNic::RDT], 511U);                    // all but one descriptor, 7.1.9
    EXPECT_EQ(reg[0x3000], 1U);                            // RXCTRL.RXEN
    EXPECT_EQ(reg[0x4240] & 0x2, 0x2U);                    // HLREG0.RXCRCSTRP
    EXPECT_EQ(reg[0x2F00] & 0x2, 0x2U);                    // RDRXCTL.CRCSTRIP
    EXPECT_EQ(reg[0x1000] % 128, 0U);                      // ring base, 8.2.3.8.1
    EXPECT_LT(step(0x1028, 1U << 25), step(0x1018, 511));  // 4.6.7.1: tail after the queue is on
    EXPECT_LT(step(0x1018, 511), step(0x3000, 1));         // and receive enabled last
}

TEST_F(Ixgbe, OpenSetsTheTransmitQueueUpAsTheDataSheetSays) {
    open();
    auto& reg = nic.registers;
    EXPECT_EQ(reg[0x4A80] & 1, 1U);                      // DMATXCTL.TE
    EXPECT_EQ(reg[0x6008], 512U * 16);                   // TDLEN
    EXPECT_EQ(reg[0x6028] & 1U << 25, 1U << 25);         // TXDCTL.ENABLE
    EXPECT_EQ(reg[0x4240] & 0x401, 0x401U);              // HLREG0: FCS and padding by the MAC
    EXPECT_LT(step(0x4A80, 1), step(0x6028, 1U << 25));  // 4.6.8: transmit on before the queue
}

TEST_F(Ixgbe, OpenMapsAndModeratesTheInterrupts) {
    open();
    EXPECT_EQ(nic.registers[0x900], 0x8180U);  // IVAR(0): rx to EICR bit 0, tx to bit 1, both valid, 8.2.3.5.16
    EXPECT_EQ(nic.registers[0x820], 0x28U);    // EITR(0): 5 x 2.048 us, 8.2.3.5.12
    EXPECT_EQ(nic.mask, 0x100001U);            // receive, and link changes (LSC)
}

TEST_F(Ixgbe, TheFilterTakesTheOwnAddressBroadcastsAndTheGroupsJoined) {
    net_device* dev = open();
    auto& reg = nic.registers;
    EXPECT_EQ(reg[0xA200], 0x33221102U);  // RAL(0): 02:11:22:33:44:55, first byte lowest, 8.2.3.7.9
    EXPECT_EQ(reg[0xA204], 0x80005544U);  // RAH(0) and its valid bit
    EXPECT_EQ(reg[0x5080], 1U << 10);     // FCTRL.BAM, 8.2.3.7.1
    // 01:00:5e:00:00:01: bits 47 to 36 are 0x010, so bit 16 of word 0 (7.1.1.2).
    const u8 all_hosts[] = {0x01, 0x00, 0x5E, 0x00, 0x00, 0x01};
    dev_mc_add(dev, all_hosts);
    EXPECT_EQ(reg[0x5200], 1U << 16);
    dev_mc_del(dev, all_hosts);
    EXPECT_EQ(reg[0x5200], 0U);
    EXPECT_EQ(reg[0x5090], 0x4U);  // MCSTCTRL.MFE
    dev->flags |= regs::config::IFF_PROMISC;
    dev->ops->set_rx_mode(dev);
    EXPECT_EQ(reg[0x5080], 0x700U);  // BAM, UPE and MPE
    dev->flags = (dev->flags & ~regs::config::IFF_PROMISC) | regs::config::IFF_ALLMULTI;
    dev->ops->set_rx_mode(dev);
    EXPECT_EQ(reg[0x5080], 0x500U);  // BAM and MPE
}

TEST_F(Ixgbe, ALargerMtuOpensTheMacForLongerFrames) {
    regs::config::Port big = port();
    big.mtu = 2000;
    ASSERT_EQ(ixgbe_probe(big), 0);
    dev_open(dev_get_by_name("eth0"));
    EXPECT_EQ(nic.registers[0x4240] & 0x4, 0x4U);   // HLREG0.JUMBOEN
    EXPECT_EQ(nic.registers[0x4268], 2018U << 16);  // MAXFRS: with header and FCS, 8.2.3.22.13
}

TEST_F(Ixgbe, AReceivedFrameReachesItsProtocolWithoutItsEthernetHeader) {
    open();
    nic.receive(frame(7));
    interrupt();
    ASSERT_EQ(received.size(), 1U);
    EXPECT_EQ(received[0].size(), 46U);
    EXPECT_EQ(received[0][0], 7);
    EXPECT_EQ(driver(regs::NicDrv::rx_packets), 1U);
    EXPECT_EQ(driver(regs::NicDrv::rx_bytes), 60U);
    EXPECT_EQ(driver(regs::NicDrv::interrupts), 1U);
    EXPECT_EQ(skb_free_slots(), kSkbPoolSlots - 512);
}

TEST_F(Ixgbe, AnInterruptWithoutACauseIsANeighbours) {
    open();
    interrupt();
    EXPECT_EQ(driver(regs::NicDrv::interrupts), 0U);
}

TEST_F(Ixgbe, TheRingGoesRoundManyTimesInOrder) {
    open();
    for (unsigned n = 0; n < 2000; ++n) {
        ASSERT_GT(nic.rx_available(), 0U);
        nic.receive(frame(static_cast<u8>(n)));
        if (n % 7 == 0) interrupt();
    }
    interrupt();
    ASSERT_EQ(received.size(), 2000U);
    for (unsigned n = 0; n < 2000; ++n) ASSERT_EQ(received[n][0], static_cast<u8>(n));
    EXPECT_GE(nic.rx_available(), 511U - 15);  // tails are written in batches of 16
}

TEST_F(Ixgbe, WithoutPollingOneInterruptTakesOneRingAtMostAndAsksForAnother) {
    set(SysctlId::napi, 0);
    open();
    // Line rate: each descriptor that comes free is used again at once.
    bool flood = true;
    native::machine().write32 = [&](u64 address, u32 value) {
        if (!owns(address)) return;
        nic.write(address - FakeNic::kBar, value);
        while (flood && address - FakeNic::kBar == FakeNic::RDT && nic.rx_available()) nic.receive(frame(1));
    };
    for (unsigned n = 0; n < 511; ++n) nic.receive(frame(1));
    interrupt();
    EXPECT_EQ(received.size(), 512U);
    EXPECT_THAT(nic.log, Contains(Pair(FakeNic::EICS, 1U)));
}

TEST_F(Ixgbe, AFullBacklogLeavesTheRestInTheRingAndAsksForAnotherInterrupt) {
    set(SysctlId::napi, 0);
    open();
    set(SysctlId::netdev_max_backlog, 9);
    for (unsigned n = 0; n < 20; ++n) nic.receive(frame(static_cast<u8>(n)));
    interrupt();
    EXPECT_EQ(fate(Fate::backlog_full), 1U);
    EXPECT_EQ(received.size(), 10U);
    EXPECT_THAT(nic.log, Contains(Pair(FakeNic::EICS, 1U)));
    interrupt();
    EXPECT_EQ(received.size(), 19U);
}

TEST_F(Ixgbe, WithoutAFreeSkbTheFrameIsDroppedAndItsBufferUsedAgain) {
    open();
    std::vector<sk_buff*> hoard;
    while (sk_buff* skb = alloc_skb()) hoard.push_back(skb);
    nic.receive(frame(1));
    interrupt();
    EXPECT_TRUE(received.empty());
    EXPECT_EQ(fate(Fate::rx_no_skb), 1U);
    EXPECT_EQ(driver(regs::NicDrv::alloc_rx_buff_failed), 1U);
    consume_skb(hoard[0]);
    for (unsigned n = 0; n < 600; ++n) {
        nic.receive(frame(2));
        interrupt();
    }
    EXPECT_EQ(received.size(), 600U);
}

TEST_F(Ixgbe, ADescriptorWithAnErrorIsDropped) {
    open();
    nic.receive(frame(1), 0x3 | 1U << 29);  // RXE, 7.1.6.2
    nic.receive(frame(2));
    interrupt();
    ASSERT_EQ(received.size(), 1U);
    EXPECT_EQ(received[0][0], 2);
    EXPECT_EQ(fate(Fate::rx_error), 1U);
    EXPECT_EQ(count(regs::Dev::rx_errors), 1U);
}

TEST_F(Ixgbe, AFrameOfSeveralBuffersIsDroppedOnce) {
    open();
    nic.receive(std::vector<u8>(2048), 0x1);  // DD without EOP
    nic.receive(std::vector<u8>(2048), 0x1);
    nic.receive(std::vector<u8>(100), 0x3);
    nic.receive(frame(5));
    interrupt();
    ASSERT_EQ(received.size(), 1U);
    EXPECT_EQ(fate(Fate::rx_error), 1U);
    EXPECT_EQ(skb_free_slots(), kSkbPoolSlots - 512);
}

// 7.1.6.2: L4I is bit 5 of the status, L4E bit 30 of the word.
TEST_F(Ixgbe, WhatTheNicFindsRightIsNotSummedAgainUnlessThatIsSwitchedOff) {
    static std::vector<u8> verdicts;
    verdicts.clear();
    handler.func = [](sk_buff* skb, net_device*, packet_type*) {
        verdicts.push_back(skb->ip_summed);
        consume_skb(skb);
    };
    net_device* dev = open();
    constexpr u32 kLooked = 0x3 | 1U << 5;
    nic.receive(frame(1));
    nic.receive(frame(1), kLooked);
    nic.receive(frame(1), kLooked | 1U << 30);
    interrupt();
    EXPECT_THAT(verdicts, ElementsAre(CHECKSUM_NONE, CHECKSUM_UNNECESSARY, CHECKSUM_NONE));
    EXPECT_EQ(driver(regs::NicDrv::hw_csum_rx_error), 1U);
    dev->features &= ~NETIF_F_RXCSUM;
    nic.receive(frame(1), kLooked);
    interrupt();
    EXPECT_EQ(verdicts.back(), CHECKSUM_NONE);
}

TEST_F(Ixgbe, ASentPacketIsOneAdvancedDataDescriptor) {
    net_device* dev = open();
    dev_queue_xmit(packet(dev, 3));
    const std::vector<FakeNic::Sent> sent = nic.transmit();
    ASSERT_EQ(sent.size(), 1U);
    EXPECT_EQ(sent[0].bytes, frame(3));
    // 7.2.3.2.4: PAYLEN 60, DEXT, IFCS, EOP, DTYP 3, DTALEN 60; no RS on the first of a batch.
    EXPECT_EQ(sent[0].command, 60ULL << 46 | 1U << 29 | 1U << 25 | 1U << 24 | 3U << 20 | 60U);
    EXPECT_EQ(driver(regs::NicDrv::tx_packets), 1U);
    EXPECT_EQ(driver(regs::NicDrv::tx_bytes), 60U);
}

TEST_F(Ixgbe, SentBuffersComeBackWithoutAnInterrupt) {
    net_device* dev = open();
    unsigned out = 0;
    for (unsigned n = 0; n < 5000; ++n) {
        dev_queue_xmit(packet(dev, static_cast<u8>(n)));
        for (const FakeNic::Sent& each : nic.transmit()) ASSERT_EQ(each.bytes[14], static_cast<u8>(out++));
    }
    EXPECT_EQ(out, 5000U);
    EXPECT_GE(skb_free_slots(), kSkbPoolSlots - 512 - 64);
    EXPECT_EQ(driver(regs::NicDrv::interrupts), 0U);
}

TEST_F(Ixgbe, AFullRingStopsTheQueueAndTheNicsProgressWakesIt) {
    net_device* dev = open();
    for (unsigned n = 0; n < 600; ++n) dev_queue_xmit(packet(dev, static_cast<u8>(n)));
    EXPECT_TRUE(netif_queue_stopped(dev));
    EXPECT_EQ(nic.mask, 0x100003U);  // now transmit interrupts, too
    EXPECT_EQ(turnpike_counters.queue[kIfindex - 1][0].qdisc[static_cast<unsigned>(regs::Qdisc::backlog_packets)],
              600U - 511);
    std::vector<FakeNic::Sent> sent = nic.transmit(128);
    interrupt();
    EXPECT_FALSE(netif_queue_stopped(dev));
    EXPECT_EQ(nic.mask, 0x100001U);
    EXPECT_EQ(driver(regs::NicDrv::tx_restart_queue), 1U);
    for (const FakeNic::Sent& each : nic.transmit()) sent.push_back(each);
    ASSERT_EQ(sent.size(), 600U);
    for (unsigned n = 0; n < 600; ++n) ASSERT_EQ(sent[n].bytes[14], static_cast<u8>(n));
}

TEST_F(Ixgbe, ACauseTakenByAReceiveInterruptDoesNotLeaveTheQueueAsleep) {
    net_device* dev = open();
    for (unsigned n = 0; n < 600; ++n) dev_queue_xmit(packet(dev, 1));
    nic.transmit();
    nic.causes = 1;  // only the receive cause is left
    interrupt();
    EXPECT_FALSE(netif_queue_stopped(dev));
}

TEST_F(Ixgbe, CloseGivesAllBuffersBackAndOpenStartsAfresh) {
    net_device* dev = open();
    for (unsigned n = 0; n < 40; ++n) dev_queue_xmit(packet(dev, 1));
    dev_close(dev);
    EXPECT_EQ(skb_free_slots(), kSkbPoolSlots);
    EXPECT_EQ(nic.mask, 0U);
    EXPECT_EQ(nic.registers[0x3000], 0U);
    ASSERT_EQ(dev_open(dev), 0);
    nic.receive(frame(9));
    interrupt();
    ASSERT_EQ(received.size(), 1U);
    dev_queue_xmit(packet(dev, 8));
    EXPECT_EQ(nic.transmit().size(), 1U);
}

}  // namespace
}  // namespace fw::test
