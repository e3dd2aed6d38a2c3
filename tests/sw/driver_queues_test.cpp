// SPDX-License-Identifier: Apache-2.0
// The 82599 driver with several pairs of queues: MSI-X, RSS, which CPU sends by which queue, and what falls back to
// one. Configuration space is worked by hand; its offsets are those of the data sheet's chapter 9.
#include "sw/kernel/sch_generic.h"
#include "sw/kernel/smp.h"
#include "tests/sw/driver_ixgbe.h"

namespace fw::test {
namespace {

using testing::ElementsAre;
using testing::StrEq;

constexpr unsigned kCpus = 4;
constexpr u64 kConfig = 0xF0000000, kTable = 0xE1000000;
constexpr u8 kMsix = 2, kMsi = 1;
// LSC, and the queues' bits.
constexpr u32 kOther = 1U << 20;

class Queues : public Ixgbe {
  protected:
    void SetUp() override {
        Ixgbe::SetUp();
        cpus_online = kCpus;
        // Capabilities: power management at 0x40, MSI at 0x50, MSI-X at 0x70 (9.3.6 to 9.3.8); BAR4 at 0x20.
        config = {{0x34, 0x40}, {0x40, 0x5001}, {0x50, 0x7005}, {0x70, 0x003F0011}, {0x20, kTable | 0xC}};
        native::machine().read32 = [this](u64 address) -> u32 {
            if (address >= kConfig && address < kConfig + 0x1000) return config[address - kConfig];
            return owns(address) ? nic.read(address - FakeNic::kBar) : 0;
        };
        native::machine().write32 = [this](u64 address, u32 value) {
            if (address >= kConfig && address < kConfig + 0x1000) config[address - kConfig] = value;
            if (address >= kTable && address < kTable + 0x4000) table[address - kTable] = value;
            if (owns(address)) nic.write(address - FakeNic::kBar, value);
        };
    }
    void TearDown() override {
        native::this_cpu = 0;
        cpus_online = 1;
    }
    static regs::config::Port msix_port(u32 queues = kCpus) {
        regs::config::Port message = port();
        message.config_space = kConfig;
        message.interrupts = kMsix;
        message.queues = queues;
        return message;
    }
    net_device* open(const regs::config::Port& message) {
        EXPECT_EQ(ixgbe_probe(message), 0);
        net_device* dev = dev_get_by_name("eth0");
        EXPECT_EQ(dev_open(dev), 0);
        return dev;
    }
    u32 address_of(unsigned entry) { return table[entry * 16]; }
    u32 vector_of(unsigned entry) { return table[entry * 16 + 8]; }
    /// The message of a vector reaches the CPU that it names.
    void message(unsigned entry) {
        native::this_cpu = address_of(entry) >> 12 & 0xFF;
        native::machine().interrupts_enabled = false;
        do_IRQ(vector_of(entry));
        native::machine().interrupts_enabled = true;
        native::this_cpu = 0;
    }
    static u64 of_queue(unsigned queue, regs::NicDrv which) {
        return turnpike_counters.queue[kIfindex - 1][queue].driver[static_cast<unsigned>(which)];
    }
    std::map<u64, u32> config, table;
};

// Intel SDM volume 3, 11.11.1: bits 19 to 12 of the address name the local APIC.
TEST_F(Queues, EachPairHasAVectorOfItsOwnAtTheLocalApicOfItsCpuAndTheOtherCausesHaveOne) {
    regs::config::Port message = msix_port();
    message.irq_cpu = 1;
    open(message);
    for (unsigned n = 0; n < kCpus; ++n) EXPECT_EQ(address_of(n), 0xFEE00000 | ((1 + n) % kCpus) << 12) << n;
    EXPECT_EQ(address_of(kCpus), 0xFEE01000U);
    EXPECT_NE(vector_of(0), vector_of(kCpus)) << "both are CPU 1's";
    for (unsigned n = 0; n <= kCpus; ++n) {
        EXPECT_GE(vector_of(n), 0x38U) << "behind the pins' vectors";
        EXPECT_EQ(table[n * 16 + 12], 0U) << "not masked";
    }
    EXPECT_EQ(config[0x70] >> 31, 1U);  // MSI-X enable
    // 8.2.3.5.16: rx and tx of queues 0 and 1, then of 2 and 3, each valid with its vector.
    EXPECT_EQ(nic.registers[0x900], 0x81818080U);
    EXPECT_EQ(nic.registers[0x904], 0x83838282U);
    EXPECT_EQ(nic.registers[0xA00], 0x8400U);      // IVAR_MISC: the other causes to vector 4
    EXPECT_EQ(nic.registers[0x898], 0xC0000030U);  // GPIE: several vectors, OCD, EIAME, PBA support
    EXPECT_EQ(nic.registers[0x810], 0xFFFFU);      // EIAC
    EXPECT_EQ(nic.registers[0x890], 0xFFFFU);      // EIAM
    EXPECT_EQ(nic.mask, kOther | 0xF);
    EXPECT_THAT(turnpike_counters.irq_name[24], StrEq("eth0-TxRx-0"));
    EXPECT_THAT(turnpike_counters.irq_name[28], StrEq("eth0"));
}

// Microsoft, "Verifying the RSS Hash Calculation": the key's first bytes; 8.2.3.7.14: first byte lowest.
TEST_F(Queues, RssHashesAsLinuxsDriverSetsIt) {
    net_device* dev = open(msix_port(3));
    EXPECT_EQ(nic.registers[0x5C80], 0xDA565A6DU);
    EXPECT_EQ(nic.registers[0x5CA4], 0xFA01ACBEU);
    EXPECT_EQ(nic.registers[0x5C00], 0x00020100U);  // the queues in turn
    EXPECT_EQ(nic.registers[0x5C04], 0x01000201U);
    EXPECT_EQ(nic.registers[0x5818], 0x00330001U);  // MRQC: RSS; TCP and IP of both versions, 8.2.3.7.12
    EXPECT_EQ(nic.registers[0x1014], 0x12000002U);  // SRRCTL with DROP_EN
    ASSERT_EQ(dev->ops->set_udp_ports(dev, true), 0);
    EXPECT_EQ(nic.registers[0x5818], 0x00730001U);
}

TEST_F(Queues, TheDefaultRingsAreSharedOutAmongThePairs) {
    open(msix_port());
    for (unsigned n = 0; n < kCpus; ++n) EXPECT_EQ(nic.registers[0x1008 + n * 0x40], 128U * 16);
    EXPECT_EQ(skb_free_slots(), kSkbPoolSlots - 512);
}

TEST_F(Queues, AVectorTakesInItsOwnQueueOnItsCpu) {
    open(msix_port());
    nic.receive_on(2, frame(7));
    nic.receive_on(3, frame(8));
    nic.log.clear();
    message(2);
    ASSERT_EQ(received.size(), 1U);
    EXPECT_EQ(received[0][0], 7);
    EXPECT_EQ(of_queue(2, regs::NicDrv::rx_packets), 1U);
    EXPECT_EQ(of_queue(2, regs::NicDrv::interrupts), 1U);
    EXPECT_EQ(of_queue(3, regs::NicDrv::rx_packets), 0U);
    EXPECT_EQ(turnpike_counters.cpu[2].irq[24 + 2], 1U);
    EXPECT_EQ(turnpike_counters.cpu[2].softnet[static_cast<unsigned>(regs::Softnet::processed)], 1U);
    // The message has masked its cause; only the end of the poll is a register write.
    const std::vector<std::pair<u64, u32>> expected = {{FakeNic::EIMS, 4}};
    EXPECT_EQ(nic.log, expected);
}

TEST_F(Queues, WithoutPollingAVectorFillsTheBacklogOfItsCpu) {
    set(SysctlId::napi, 0);
    open(msix_port());
    nic.receive_on(1, frame(7));
    message(1);
    EXPECT_EQ(received.size(), 1U);
    EXPECT_EQ(turnpike_counters.cpu[1].softnet[static_cast<unsigned>(regs::Softnet::processed)], 1U);
    EXPECT_THAT(nic.log, Contains(Pair(FakeNic::EIMS, 2U)));
}

TEST_F(Queues, ALinkChangeInterruptsByTheVectorOfTheOtherCauses) {
    net_device* dev = open(msix_port());
    nic.causes = kOther;
    nic.registers[0x42A4] = 0;  // LINKS: down
    message(kCpus);
    EXPECT_EQ(of_queue(0, regs::NicDrv::lsc_int), 1U);
    EXPECT_FALSE(dev->flags & kIffRunning);
    nic.causes = kOther;
    nic.registers[0x42A4] = 1U << 30;
    message(kCpus);
    EXPECT_TRUE(dev->flags & kIffRunning);
    EXPECT_THAT(nic.log, Contains(Pair(FakeNic::EIMS, kOther)));
}

TEST_F(Queues, ACpuSendsByItsOwnQueue) {
    net_device* dev = open(msix_port());
    for (unsigned cpu = 0; cpu < kCpus; ++cpu) {
        native::this_cpu = cpu;
        for (unsigned n = 0; n <= cpu; ++n) dev_queue_xmit(packet(dev, 1));
    }
    for (unsigned n = 0; n < kCpus; ++n) {
        EXPECT_EQ(of_queue(n, regs::NicDrv::tx_packets), n + 1);
        EXPECT_EQ(nic.registers[FakeNic::TDT + n * 0x40], n + 1);
    }
}

TEST_F(Queues, CpusBeyondTheQueuesShareThem) {
    net_device* dev = open(msix_port(2));
    for (unsigned cpu = 0; cpu < kCpus; ++cpu) {
        native::this_cpu = cpu;
        dev_queue_xmit(packet(dev, 1));
    }
    EXPECT_EQ(of_queue(0, regs::NicDrv::tx_packets), 2U);
    EXPECT_EQ(of_queue(1, regs::NicDrv::tx_packets), 2U);
}

TEST_F(Queues, AQueueThatIsFullStopsOnlyItself) {
    net_device* dev = open(msix_port());
    native::this_cpu = 3;
    for (unsigned n = 0; n < 150; ++n) dev_queue_xmit(packet(dev, 1));
    EXPECT_TRUE(netif_tx_queue_stopped(&dev->tx[3]));
    native::this_cpu = 0;
    dev_queue_xmit(packet(dev, 1));
    EXPECT_EQ(of_queue(0, regs::NicDrv::tx_packets), 1U);
    EXPECT_FALSE(netif_queue_stopped(dev));
}

TEST_F(Queues, ADisciplineForTheWholeDeviceSendsByTheFirstQueue) {
    net_device* dev = open(msix_port());
    ASSERT_EQ(dev_graft_qdisc(dev, &pfifo_fast_ops), 0);
    native::this_cpu = 2;
    dev_queue_xmit(packet(dev, 1));
    EXPECT_EQ(of_queue(0, regs::NicDrv::tx_packets), 1U);
    ASSERT_EQ(dev_graft_qdisc(dev, nullptr), 0);
    dev_queue_xmit(packet(dev, 1));
    EXPECT_EQ(of_queue(2, regs::NicDrv::tx_packets), 1U);
}

TEST_F(Queues, ThePairsCanBeChangedAtRunTimeUpToOneForEachCpu) {
    net_device* dev = open(msix_port(1));
    EXPECT_EQ(nic.registers[0x5818], 0U) << "one queue needs no hash";
    native::this_cpu = 1;
    dev_queue_xmit(packet(dev, 1));
    native::this_cpu = 0;
    nic.receive_on(0, frame(1));
    ASSERT_EQ(dev->ops->set_channels(dev, 4), 0);
    EXPECT_EQ(nic.registers[0x5C00], 0x03020100U);
    EXPECT_EQ(skb_free_slots(), kSkbPoolSlots - 4 * 512) << "what was in the rings is free; each has its size still";
    nic.receive_on(3, frame(4));
    message(3);
    EXPECT_EQ(received.size(), 1U);
    ASSERT_EQ(dev->ops->set_channels(dev, 2), 0);
    EXPECT_EQ(skb_free_slots(), kSkbPoolSlots - 2 * 512);
    message(3);  // one that was on its way
    EXPECT_EQ(received.size(), 1U);
    EXPECT_EQ(dev->ops->set_channels(dev, 5), -err::inval);
    EXPECT_EQ(dev->ops->set_channels(dev, 0), -err::inval);
    dev_close(dev);
    EXPECT_EQ(skb_free_slots(), kSkbPoolSlots);
}

TEST_F(Queues, WithoutEnoughBuffersThePairsStayAsTheyWere) {
    net_device* dev = open(msix_port(2));
    std::vector<sk_buff*> hoard;
    while (skb_free_slots() > 300) hoard.push_back(alloc_skb());
    EXPECT_EQ(dev->ops->set_channels(dev, 4), -err::nomem);
    for (sk_buff* skb : hoard) consume_skb(skb);
    nic.receive_on(1, frame(4));
    message(1);
    EXPECT_EQ(received.size(), 1U);
    dev_queue_xmit(packet(dev, 1));
    EXPECT_EQ(of_queue(0, regs::NicDrv::tx_packets), 1U);
}

TEST_F(Queues, EveryVectorIsModerated) {
    net_device* dev = open(msix_port());
    ASSERT_EQ(dev->ops->set_coalesce(dev, 100, 100), 0);
    for (unsigned n = 0; n < kCpus; ++n) EXPECT_EQ(nic.registers[FakeNic::EITR + 4 * n], 50U << 3);
    EXPECT_EQ(dev->ops->set_coalesce(dev, 100, 50), -err::inval) << "one vector stands for both directions";
    EXPECT_EQ(dev->ops->get_coalesce(dev), 100U);
}

TEST_F(Queues, ADeviceWithoutMsixFallsBackToMsiWithOnePair) {
    config[0x50] = 0x0005;  // MSI is the last capability
    open(msix_port());
    EXPECT_EQ(config[0x54], 0xFEE00000U);
    EXPECT_GE(config[0x5C], 0x38U);
    EXPECT_EQ(config[0x50] >> 16 & 1, 1U);
    EXPECT_EQ(nic.registers[0x900], 0x8180U);
    EXPECT_EQ(nic.mask, kOther | 1);
    nic.receive(frame(3));
    native::machine().interrupts_enabled = false;
    do_IRQ(config[0x5C]);
    native::machine().interrupts_enabled = true;
    EXPECT_EQ(received.size(), 1U);
}

TEST_F(Queues, ADeviceWithoutEitherOrWithoutConfigurationSpaceUsesItsLine) {
    config[0x40] = 0x0001;
    net_device* dev = open(msix_port());
    EXPECT_EQ(dev->real_num_tx_queues, 1U);
    EXPECT_EQ(dev->ops->set_channels(dev, 2), -err::inval);
    nic.receive(frame(3));
    interrupt();
    EXPECT_EQ(received.size(), 1U);
}

TEST_F(Queues, MsiIsUsedWhereItIsAskedFor) {
    regs::config::Port message = msix_port();
    message.interrupts = kMsi;
    open(message);
    EXPECT_EQ(config[0x50] >> 16 & 1, 1U);
    EXPECT_EQ(config[0x70] >> 31, 0U);
}

// Rings of 4,096 for both directions of 16 pairs are more than there is memory for.
TEST_F(Queues, WithoutMemoryForTheRingsTheOldOnesStay) {
    cpus_online = 16;
    net_device* dev = open(msix_port(16));
    EXPECT_EQ(dev->ops->set_ringparam(dev, 64, 4096), 0);
    EXPECT_EQ(dev->ops->set_ringparam(dev, 4096, 4096), -err::nomem);
    EXPECT_EQ(nic.rx_entries(), 64U);
    EXPECT_EQ(nic.tx_entries(), 4096U);
}

// 7.2.3.2.3, 7.2.3.2.4, 7.2.5: a context of the headers' lengths, then data that wants the checksum put in.
class TransmitChecksum : public Ixgbe {
  protected:
    static constexpr u8 kUdp = 17, kTcp = 6;
    /// An IPv4 packet of 20 bytes of header, `ip` more of options, then the transport header.
    static sk_buff* packet_of(net_device* dev, u8 protocol, u32 options = 0) {
        sk_buff* skb = alloc_skb();
        u8* at = skb_put(skb, 80);
        std::memset(at, 0, 80);
        at[14] = static_cast<u8>(0x45 + options / 4);
        at[23] = protocol;
        for (unsigned n = 34 + options; n < 80; ++n) at[n] = static_cast<u8>(n);
        skb->dev = dev;
        skb->network_header = skb_headroom(skb) + 14;
        skb->transport_header = skb->network_header + 20 + options;
        skb_partial_checksum(skb, protocol == kUdp ? 6 : 16, 0x3412);
        return skb;
    }
    u64 word(unsigned index, unsigned which) { return nic.descriptor(FakeNic::TDBAL, FakeNic::TDBAH, index)[which]; }
};

TEST_F(TransmitChecksum, ComesWithAContextOfTheHeadersLengthsWhereTheyAreNotThoseOfTheLast) {
    net_device* dev = open();
    dev_queue_xmit(packet_of(dev, kUdp));
    EXPECT_EQ(word(0, 0), 14U << 9 | 20U);                  // MACLEN, IPLEN
    EXPECT_EQ(word(0, 1), 1U << 29 | 2U << 20 | 1U << 10);  // DEXT, DTYP 2, IPv4, L4T 0: UDP
    EXPECT_EQ(word(1, 1) >> 39 & 1, 1U);                    // CC
    EXPECT_EQ(word(1, 1) >> 40 & 3, 2U);                    // POPTS: TXSM
    dev_queue_xmit(packet_of(dev, kUdp));
    EXPECT_EQ(nic.registers[FakeNic::TDT], 3U) << "the same context once more";
    dev_queue_xmit(packet_of(dev, kTcp, 8));
    EXPECT_EQ(nic.registers[FakeNic::TDT], 5U);
    EXPECT_EQ(word(3, 0), 14U << 9 | 28U);
    EXPECT_EQ(word(3, 1), 1U << 29 | 2U << 20 | 1U << 11 | 1U << 10);  // L4T 1: TCP
    EXPECT_EQ(driver(regs::NicDrv::tx_packets), 3U);
}

TEST_F(TransmitChecksum, ARingGoesRoundWithContextsAmongItsFrames) {
    net_device* dev = open();
    ASSERT_EQ(dev->ops->set_ringparam(dev, 0, 64), 0);
    const u32 free_before = skb_free_slots();
    unsigned frames = 0, contexts = 0;
    for (unsigned n = 0; n < 1000; ++n) {
        dev_queue_xmit(packet_of(dev, n % 3 == 0 ? kTcp : kUdp));
        for (const FakeNic::Sent& sent : nic.transmit()) {
            if ((sent.command >> 20 & 0xF) == 2) ++contexts;
            if ((sent.command >> 20 & 0xF) == 3) ++frames;
        }
    }
    EXPECT_EQ(frames, 1000U);
    // Two of three frames have other headers than the one before; where the context would end a batch of 32, software
    // sums.
    EXPECT_GT(contexts, 600U);
    EXPECT_LT(contexts, 666U);
    EXPECT_GE(skb_free_slots(), free_before - 64);
}

TEST_F(TransmitChecksum, IsMadeInSoftwareWhereTheDeviceShallNot) {
    net_device* dev = open();
    dev->features &= ~NETIF_F_IP_CSUM;
    sk_buff* skb = packet_of(dev, kUdp);
    u32 sum = 0x1234;  // the pseudo header's, as it stands in the packet
    for (unsigned n = 34; n < 80; n += 2)
        if (n != 40) sum += static_cast<u32>(skb->data[n] << 8 | skb->data[n + 1]);
    dev_queue_xmit(skb);
    EXPECT_EQ(nic.registers[FakeNic::TDT], 1U);
    const std::vector<FakeNic::Sent> sent = nic.transmit();
    const u32 check = static_cast<u32>(sent[0].bytes[40] << 8 | sent[0].bytes[41]);
    sum += check;
    while (sum >> 16) sum = (sum & 0xFFFF) + (sum >> 16);
    EXPECT_EQ(sum, 0xFFFFU);
}

class SmallRing : public Ixgbe {};

TEST_F(SmallRing, OfTheLeastSizeWakesItsQueueToo) {
    net_device* dev = open();
    ASSERT_EQ(dev->ops->set_ringparam(dev, 0, 64), 0);
    for (unsigned n = 0; n < 70; ++n) dev_queue_xmit(packet(dev, 1));
    EXPECT_TRUE(netif_queue_stopped(dev));
    nic.transmit();
    interrupt();
    EXPECT_FALSE(netif_queue_stopped(dev));
}

TEST_F(SmallRing, AFullRingThatIsReplacedStopsNobody) {
    net_device* dev = open();
    ASSERT_EQ(dev->ops->set_ringparam(dev, 0, 64), 0);
    for (unsigned n = 0; n < 70; ++n) dev_queue_xmit(packet(dev, static_cast<u8>(n)));
    ASSERT_EQ(dev->ops->set_ringparam(dev, 0, 128), 0);
    do_softirq();
    const std::vector<FakeNic::Sent> sent = nic.transmit();
    ASSERT_EQ(sent.size(), 70U - 63);
    EXPECT_EQ(sent[0].bytes[14], 63);
}

}  // namespace
}  // namespace fw::test
