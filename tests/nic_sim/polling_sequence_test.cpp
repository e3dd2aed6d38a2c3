// SPDX-License-Identifier: Apache-2.0
// From reset to traffic as a polling driver in user space does it (4.6.3), each step with the data sheet's section.
#include <algorithm>

#include "tests/nic_sim/sequence.h"

namespace turnpike::test {
namespace {

using namespace sheet;

struct PollingSequence : Sequence {
    static constexpr unsigned kQueues = 2;
    Ring rx_ring[kQueues], tx_ring[kQueues];
    std::vector<std::vector<std::uint8_t>> on_wire;

    void SetUp() override {
        sim.on_wire_tx([this](std::span<const std::uint8_t> frame, std::uint64_t) {
            on_wire.emplace_back(frame.begin(), frame.end());
        });
    }

    void enables_the_function() {
        SCOPED_TRACE("9.3.1, 9.3.3: the ids, then memory space and bus mastering");
        EXPECT_EQ(sim.cfg_read32(0x00), 0x10FB8086u);
        sim.cfg_write32(0x04, sim.cfg_read32(0x04) | 0x6);
        EXPECT_EQ(sim.cfg_read32(0x04) & 0x6, 0x6u);
    }
    void disables_interrupts() {
        SCOPED_TRACE("4.6.3.1: all causes are masked");
        write(EIMC, 0x7FFFFFFF);
        EXPECT_EQ(read(EIMS), 0u);
        read(EICR);
        EXPECT_EQ(read(EICR), 0u) << "8.2.3.5.1: a read clears";
    }
    void resets() {
        SCOPED_TRACE("4.6.3.2, 8.2.3.1.1: link reset and software reset clear themselves");
        write(RAL0, 0xDEADBEEF);
        write(CTRL, 0x04000008);
        EXPECT_EQ(read(CTRL) & 0x04000000, 0x04000000u);
        EXPECT_TRUE(becomes(CTRL, 0x04000008, 0, kMillisecond));
        sim.run_for(10 * kMillisecond);
    }
    void finds_its_address() {
        SCOPED_TRACE("8.2.3.7.9, 8.2.3.7.10: RAL(0) and RAH(0) hold the EEPROM's address, first byte lowest, valid");
        EXPECT_EQ(read(RAL0), 0x00000002u);
        EXPECT_EQ(read(RAH0), 0x80000100u);
    }
    void waits_for_eeprom_and_dma() {
        SCOPED_TRACE("4.6.3, 8.2.3.2.1, 8.2.3.2.4, 8.2.3.8.8: auto-read done, manageability done, DMA initialised");
        EXPECT_TRUE(becomes(EEC, 1U << 9, 1U << 9, kMillisecond));
        EXPECT_TRUE(becomes(EEMNGCTL, 1U << 18, 1U << 18, kMillisecond));
        EXPECT_TRUE(becomes(RDRXCTL, 1U << 3, 1U << 3, kMillisecond));
    }
    void restarts_the_link() {
        SCOPED_TRACE("4.6.4.2, 8.2.3.22.19: 10 GbE serial (LMS 3), parallel PMA 0, restart clears itself");
        write(AUTOC, (read(AUTOC) & ~(7U << 13)) | 3U << 13);
        write(AUTOC, read(AUTOC) & ~(3U << 7));
        set(AUTOC, 1U << 12);
        EXPECT_EQ(read(AUTOC) & 0xF000, 0x6000u);
    }
    void clears_statistics() {
        SCOPED_TRACE("4.6.5: counters are cleared by reading");
        for (const std::uint64_t counter : {GPRC, GPTC, GORCL, GORCH, GOTCL, GOTCH}) {
            read(counter);
            EXPECT_EQ(read(counter), 0u);
        }
    }
    void starts_receive() {
        SCOPED_TRACE("4.6.7: receive off, one packet buffer (4.6.11.3.4), CRC strip, broadcast, rings");
        clear(RXCTRL, 1);
        write(RXPBSIZE0, 0x80 << 10);
        for (unsigned n = 1; n < 8; ++n) write(RXPBSIZE0 + n * 4, 0);
        set(HLREG0, 1U << 1);
        set(RDRXCTL, 1U << 1);
        set(FCTRL, 1U << 10);
        for (unsigned q = 0; q < kQueues; ++q) {
            EXPECT_EQ(read(rx(SRRCTL, q)), 0x402u) << "8.2.3.8.7: reset value";
            write(rx(SRRCTL, q), (read(rx(SRRCTL, q)) & ~(7U << 25)) | 1U << 25);
            set(rx(SRRCTL, q), 1U << 28);
            rx_ring[q] = make_ring();
            std::memset(memory.at(rx_ring[q].base), 0xFF, kEntries * 16);
            write(rx(RDBAL, q), rx_ring[q].base);
            write(rx(RDBAH, q), rx_ring[q].base >> 32);
            write(rx(RDLEN, q), kEntries * 16);
            write(rx(RDH, q), 0);
            write(rx(RDT, q), 0);
        }
        set(CTRL_EXT, 1U << 16);
        for (unsigned q = 0; q < kQueues; ++q) clear(rx(DCA_RXCTRL, q), 1U << 12);
        set(RXCTRL, 1);
    }
    void starts_transmit() {
        SCOPED_TRACE("4.6.8, 4.6.11.3.4: CRC and padding, one packet buffer, arbiter on, thresholds, transmit DMA on");
        set(HLREG0, 1U << 0 | 1U << 10);
        write(TXPBSIZE0, 0x28 << 10);
        for (unsigned n = 1; n < 8; ++n) write(TXPBSIZE0 + n * 4, 0);
        write(DTXMXSZRQ, 0xFFFF);
        clear(RTTDCS, 1U << 6);
        for (unsigned q = 0; q < kQueues; ++q) {
            tx_ring[q] = make_ring();
            std::memset(memory.at(tx_ring[q].base), 0xFF, kEntries * 16);
            write(tx(TDBAL, q), tx_ring[q].base);
            write(tx(TDBAH, q), tx_ring[q].base >> 32);
            write(tx(TDLEN, q), kEntries * 16);
            // 7.2.3.4.1: PTHRESH 36, HTHRESH 8, WTHRESH 4.
            write(tx(TXDCTL, q), (read(tx(TXDCTL, q)) & ~0x7F7F7FU) | 36 | 8 << 8 | 4 << 16);
        }
        write(DMATXCTL, read(DMATXCTL) | 1);
    }
    void starts_queues() {
        SCOPED_TRACE(
            "4.6.7.1, 4.6.8.1: ENABLE reads 1 once the queue is on; the rx tail gives all descriptors but one");
        for (unsigned q = 0; q < kQueues; ++q) {
            for (unsigned n = 0; n < kEntries; ++n) give_rx(rx_ring[q], n);
            set(rx(RXDCTL, q), kQueueEnable);
            EXPECT_TRUE(becomes(rx(RXDCTL, q), kQueueEnable, kQueueEnable, kMillisecond));
            write(rx(RDH, q), 0);
            write(rx(RDT, q), kEntries - 1);
            write(tx(TDH, q), 0);
            write(tx(TDT, q), 0);
            set(tx(TXDCTL, q), kQueueEnable);
            EXPECT_TRUE(becomes(tx(TXDCTL, q), kQueueEnable, kQueueEnable, kMillisecond));
        }
    }
    void becomes_promiscuous() {
        SCOPED_TRACE("8.2.3.7.1: all unicast and multicast");
        set(FCTRL, 1U << 8 | 1U << 9);
    }
    void sees_the_link() {
        SCOPED_TRACE("8.2.3.22.20: link up at 10 Gbit/s");
        EXPECT_TRUE(becomes(LINKS, 1U << 30, 1U << 30, 1000 * kMillisecond));
        EXPECT_EQ(read(LINKS) & 3U << 28, 3U << 28);
    }
    void receives() {
        SCOPED_TRACE("7.1.9: DD after the payload, RDT gives descriptors back; 8.2.3.23: octets with FCS");
        for (unsigned n = 0; n < 700; ++n) {
            const auto frame = numbered_frame(n, 60 + n);
            sim.wire_rx(frame, sim.now_ps());
            const unsigned at = n % kEntries;
            ASSERT_TRUE(sim.run_until([&] { return rx_done(rx_ring[0], at); }, 10 * kMicrosecond)) << n;
            ASSERT_TRUE(std::ranges::equal(rx_frame(rx_ring[0], at), frame)) << n;
            give_rx(rx_ring[0], at);
            write(rx(RDT, 0), at);
        }
        EXPECT_EQ(read(GPRC), 700u);
        EXPECT_EQ(read(GPRC), 0u);
        EXPECT_EQ(read(GORCL), 700u * 64 + 699 * 700 / 2);
    }
    void sends() {
        SCOPED_TRACE("7.2.3.5: with WTHRESH 4 all 64 of a batch are written back; 4.6.8.1: both queues");
        for (unsigned q = 0; q < kQueues; ++q) {
            for (unsigned n = 0; n < 64; ++n) put_tx(tx_ring[q], n, numbered_frame(n, 60 + n));
            write(tx(TDT, q), 64);
            EXPECT_TRUE(sim.run_until([&] { return tx_done(tx_ring[q], 31); }, 100 * kMicrosecond));
            EXPECT_TRUE(sim.run_until([&] { return tx_done(tx_ring[q], 63); }, 100 * kMicrosecond));
            sim.run_for(20 * kMicrosecond);
            ASSERT_EQ(on_wire.size(), 64u);
            for (unsigned n = 0; n < 64; ++n) EXPECT_EQ(on_wire[n], numbered_frame(n, 60 + n)) << n;
            EXPECT_EQ(read(tx(TDH, q)), 64u);
            on_wire.clear();
        }
        EXPECT_EQ(read(GPTC), 128u);
        EXPECT_EQ(read(GOTCL), 2 * (64u * 64 + 63 * 64 / 2));
    }
};

TEST_F(PollingSequence, GoesFromResetToTraffic) {
    enables_the_function();
    disables_interrupts();
    resets();
    disables_interrupts();
    finds_its_address();
    waits_for_eeprom_and_dma();
    restarts_the_link();
    clears_statistics();
    starts_receive();
    starts_transmit();
    starts_queues();
    becomes_promiscuous();
    sees_the_link();
    receives();
    sends();
    EXPECT_TRUE(sim.counters().drops.empty());
}

TEST_F(PollingSequence, CanBeDoneAgainAfterTraffic) {
    for (unsigned round = 0; round < 2; ++round) {
        enables_the_function();
        resets();
        disables_interrupts();
        finds_its_address();
        waits_for_eeprom_and_dma();
        restarts_the_link();
        clears_statistics();
        starts_receive();
        starts_transmit();
        starts_queues();
        sees_the_link();
        receives();
        sends();
    }
}

}  // namespace
}  // namespace turnpike::test
