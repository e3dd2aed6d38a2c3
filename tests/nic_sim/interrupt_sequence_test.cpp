// SPDX-License-Identifier: Apache-2.0
// From reset to traffic as an interrupt-driven driver in a kernel does it, each step with the data sheet's section:
// probe (ids, capabilities, EEPROM, semaphores, PHY), stop, reset, configuration, interrupts by MSI-X or by line.
#include <algorithm>

#include "tests/nic_sim/sequence.h"

namespace turnpike::test {
namespace {

using namespace sheet;

struct KernelSequence : Sequence {
    static constexpr std::uint32_t kQueueVector = 0, kOtherVector = 1;
    Ring rx_ring, tx_ring;
    unsigned sent = 0;
    std::vector<std::uint32_t> messages;
    bool line = false;

    void SetUp() override {
        sim.on_wire_tx([this](std::span<const std::uint8_t>, std::uint64_t) { ++sent; });
        sim.on_msi([this](std::uint64_t, std::uint32_t data) { messages.push_back(data); });
        sim.on_intx([this](bool level) { line = level; });
    }

    // Probe.
    void enables_the_function() {
        SCOPED_TRACE("9.3.11, 9.3.3: BARs of 512 KiB and 16 KiB, 64-bit; memory space and bus mastering");
        const std::pair<unsigned, std::uint32_t> bars[] = {{0x10, 0xFFF8000C}, {0x14, 0xFFFFFFFF}, {0x20, 0xFFFFC00C}};
        for (const auto& [bar, size] : bars) {
            const std::uint32_t before = sim.cfg_read32(bar);
            sim.cfg_write32(bar, 0xFFFFFFFF);
            EXPECT_EQ(sim.cfg_read32(bar), size);
            sim.cfg_write32(bar, before);
        }
        sim.cfg_write32(0x04, 0x0006);
    }
    void looks_at_the_link_to_the_host() {
        SCOPED_TRACE("9.3.10.8: speed and width of the PCI Express link");
        EXPECT_EQ(sim.cfg_read32(0xA0) & 0xFF, 0x10u) << "the capability";
        EXPECT_EQ(sim.cfg_read32(0xB0) >> 20 & 0x3F, 8u);
    }
    void takes_the_semaphores() {
        SCOPED_TRACE("10.5.4: SMBI is taken by a read, SWESMBI by a write that holds; then the resource in SW_FW_SYNC");
        EXPECT_EQ(read(SWSM) & 1, 0u);
        write(SWSM, read(SWSM) | 2);
        EXPECT_EQ(read(SWSM) & 2, 2u);
        EXPECT_EQ(read(SW_FW_SYNC) & 0x21, 0u) << "EEPROM: software's bit 0, firmware's bit 5";
        write(SW_FW_SYNC, 1);
        write(SWSM, 0);
        EXPECT_EQ(read(SW_FW_SYNC), 1u);
        write(SW_FW_SYNC, 0);
    }
    void checks_the_eeprom() {
        SCOPED_TRACE("6.3.4, 8.2.3.2.2: words 0 to 0x3F sum up to 0xBABA");
        EXPECT_EQ(read(EEC) & 1U << 8, 1U << 8) << "8.2.3.2.1: present";
        std::uint16_t sum = 0;
        for (unsigned word = 0; word <= 0x3F; ++word) {
            write(EERD, word << 2 | 1);
            ASSERT_TRUE(becomes(EERD, 2, 2, kMillisecond));
            sum = static_cast<std::uint16_t>(sum + (read(EERD) >> 16));
        }
        EXPECT_EQ(sum, 0xBABA);
    }
    void asks_for_a_phy() {
        SCOPED_TRACE("3.7.3, 8.2.3.22.11: an address cycle and a read at each address; nobody answers");
        for (const std::uint32_t phy : {0U, 31U}) {
            write(MSCA, 0x0003 | 1U << 16 | phy << 21 | 0U << 26 | 1U << 30);
            ASSERT_TRUE(becomes(MSCA, 1U << 30, 0, kMillisecond));
            write(MSCA, 0x0003 | 1U << 16 | phy << 21 | 3U << 26 | 1U << 30);
            ASSERT_TRUE(becomes(MSCA, 1U << 30, 0, kMillisecond));
            EXPECT_EQ(read(MSRWD) >> 16, 0xFFFFu);
        }
    }

    // Reset.
    void stops_the_adapter() {
        SCOPED_TRACE("4.6.7.1.2, 4.6.8.2, 5.2.5.3.2: receive off, causes masked, queues flushed, no more requests");
        clear(RXCTRL, 1);
        write(EIMC, 0x7FFFFFFF);
        read(EICR);
        for (unsigned q = 0; q < 128; ++q) write(tx(TXDCTL, q), 1U << 26);
        for (unsigned q = 0; q < 64; ++q) write(rx(RXDCTL, q), (read(rx(RXDCTL, q)) & ~kQueueEnable) | 1U << 26);
        set(CTRL, 1U << 2);
        EXPECT_TRUE(becomes(STATUS, 1U << 19, 0, kMillisecond)) << "the master is off";
    }
    void resets() {
        SCOPED_TRACE("4.2.1.6.1, 8.2.3.1.1: link reset, then software reset; both over within 10 us");
        for (const std::uint32_t which : {1U << 3, 1U << 26}) {
            write(CTRL, read(CTRL) | which);
            read(STATUS);
            sim.run_for(kMicrosecond);
            EXPECT_TRUE(becomes(CTRL, 0x04000008, 0, 10 * kMicrosecond));
            sim.run_for(50 * kMillisecond);
        }
        EXPECT_EQ(read(STATUS) & 1U << 19, 1U << 19) << "the master is on again";
        EXPECT_TRUE(becomes(EEC, 1U << 9, 1U << 9, kMillisecond));
    }
    void clears_filters() {
        SCOPED_TRACE("4.6.7: RAH without valid bit, MTA and VFTA all zero, and readable");
        EXPECT_EQ(read(RAH0), 0x80000100u);
        for (unsigned n = 1; n < 128; ++n) {
            write(RAL0 + n * 8, 0);
            write(RAH0 + n * 8, 0);
        }
        write(MCSTCTRL, 0);
        for (unsigned n = 0; n < 128; ++n) write(MTA0 + n * 4, 0), write(VFTA0 + n * 4, 0);
        write(MTA0 + 127 * 4, 5);
        EXPECT_EQ(read(MTA0 + 127 * 4), 5u);
        write(MTA0 + 127 * 4, 0);
    }
    void starts_hardware() {
        SCOPED_TRACE("4.6.5, 8.2.3.10.14, 8.2.3.11: statistics, rate limiters, relaxed ordering, no snoop");
        for (const std::uint64_t counter : {GPRC, GPTC, MPC0, TPR}) read(counter);
        set(CTRL_EXT, 1U << 16);
        for (unsigned q = 0; q < 128; ++q) {
            write(RTTDQSEL, q);
            write(RTTBCNRC, 0);
        }
        for (unsigned q = 0; q < 128; ++q) clear(tx(DCA_TXCTRL, q), 1U << 11);
        for (unsigned q = 0; q < 64; ++q) clear(rx(DCA_RXCTRL, q), 1U << 13 | 1U << 15);
        set(CTRL_EXT, 1U << 28);
    }

    // Configuration.
    void configures_transmit() {
        SCOPED_TRACE("4.6.8, 4.6.11.3.4: arbiter off while MTQC is written; transmit DMA on before the queue");
        set(RTTDCS, 1U << 6);
        write(MTQC, 0);
        clear(RTTDCS, 1U << 6);
        write(TXPBSIZE0, 0xA0 << 10);
        write(TXPBTHRESH0, 0xA0);
        set(DMATXCTL, 1);
        tx_ring = make_ring();
        write(tx(TXDCTL, 0), 0);
        write(tx(TDBAL, 0), tx_ring.base);
        write(tx(TDBAH, 0), tx_ring.base >> 32);
        write(tx(TDLEN, 0), kEntries * 16);
        write(tx(TDH, 0), 0);
        write(tx(TDT, 0), 0);
        write(tx(TXDCTL, 0), 8U << 16 | 1U << 8 | 32 | kQueueEnable);
        EXPECT_TRUE(becomes(tx(TXDCTL, 0), kQueueEnable, kQueueEnable, 10 * kMillisecond));
    }
    void configures_receive() {
        SCOPED_TRACE("4.6.7, 4.6.10.1.1: security path stopped, RSS tables, checksums, frame size, ring");
        set(SECRXCTRL, 1U << 1);
        EXPECT_TRUE(becomes(SECRXSTAT, 1, 1, kMillisecond));
        write(PSRTYPE0, 1U << 4 | 1U << 5 | 1U << 8 | 1U << 9 | 1U << 12);
        for (unsigned n = 0; n < 10; ++n) write(RSSRK0 + n * 4, 0x01020304 * (n + 1));
        for (unsigned n = 0; n < 32; ++n) write(RETA0 + n * 4, 0);
        write(RXCSUM, 1U << 13);
        write(MRQC, 1U << 16 | 1U << 17 | 1U << 20 | 1U << 21 | 1);
        set(HLREG0, 1U << 1 | 1U << 0);
        set(RDRXCTL, 1U << 1);
        rx_ring = make_ring();
        for (unsigned n = 0; n < kEntries; ++n) give_rx(rx_ring, n);
        clear(rx(RXDCTL, 0), kQueueEnable);
        EXPECT_TRUE(becomes(rx(RXDCTL, 0), kQueueEnable, 0, kMillisecond));
        write(rx(RDBAL, 0), rx_ring.base);
        write(rx(RDBAH, 0), rx_ring.base >> 32);
        write(rx(RDLEN, 0), kEntries * 16);
        write(rx(RDH, 0), 0);
        write(rx(RDT, 0), 0);
        write(rx(SRRCTL, 0), 4U << 8 | 2 | 1U << 25);
        set(rx(RXDCTL, 0), kQueueEnable);
        EXPECT_TRUE(becomes(rx(RXDCTL, 0), kQueueEnable, kQueueEnable, 10 * kMillisecond));
        write(rx(RDT, 0), kEntries - 1);
        set(RXCTRL, 1);
        clear(SECRXCTRL, 1U << 1);
        set(FCTRL, 1U << 10);
    }

    // Interrupts, 4.6.6.
    void prepares_msix() {
        SCOPED_TRACE("9.3.8, 7.3.1.3: 64 vectors, table at the start of BAR4; 8.2.3.5: IVAR, EIAC, EIAM, GPIE");
        EXPECT_EQ(sim.cfg_read32(0x70) >> 16 & 0x7FF, 63u);
        for (const std::uint32_t vector : {kQueueVector, kOtherVector}) {
            sim.mmio_write32(4, vector * 16, 0xFEE00000);
            sim.mmio_write32(4, vector * 16 + 4, 0);
            sim.mmio_write32(4, vector * 16 + 8, 0x40 + vector);
            sim.mmio_write32(4, vector * 16 + 12, 0);
        }
        sim.cfg_write32(0x70, sim.cfg_read32(0x70) | 1U << 31);
        sim.cfg_write32(0x04, sim.cfg_read32(0x04) | 1U << 10);
        write(GPIE, 1U << 4 | 1U << 5 | 1U << 30 | 1U << 31);
        write(EIAC, 0xFFFF);
        write(EIAM_EX0, 0xFFFFFFFF);
        write(IVAR0, 0x8080 | kQueueVector | kQueueVector << 8);
        write(IVAR_MISC, (0x80 | kOtherVector) << 8);
        write(EITR0, 0x28);
    }
    void enables_msix() {
        SCOPED_TRACE("4.6.6: old causes are cleared, link change and queue enabled");
        read(EICR);
        write(EIMS, 1U << 20);
        write(EIMS_EX0, 1U << kQueueVector);
    }
    void prepares_the_line() {
        SCOPED_TRACE("7.3.1.1, 8.2.3.5: one line, queue 0 on EICR bit 0, causes masked by a read of EICR");
        write(GPIE, 0);
        write(EIAM, 0xFFFF);
        write(IVAR0, 0x8080);
        write(IVAR_MISC, 0);
        read(EICR);
        write(EIMS, 1U << 20 | 0xFFFF);
    }

    void bring_up() {
        enables_the_function();
        looks_at_the_link_to_the_host();
        takes_the_semaphores();
        checks_the_eeprom();
        asks_for_a_phy();
        stops_the_adapter();
        resets();
        clears_filters();
        starts_hardware();
        configures_transmit();
        configures_receive();
    }
    void starts_the_link() {
        SCOPED_TRACE("4.6.4, 8.2.3.22.19: restart");
        set(AUTOC, 1U << 12);
    }
    void arrive(unsigned number) { sim.wire_rx(numbered_frame(number), sim.now_ps()); }
    /// What a poll routine does: takes the frame, gives the buffer back.
    void poll(unsigned number) {
        const unsigned at = number % kEntries;
        EXPECT_TRUE(rx_done(rx_ring, at)) << "7.1.6: DD is in memory before the interrupt";
        EXPECT_TRUE(std::ranges::equal(rx_frame(rx_ring, at), numbered_frame(number)));
        give_rx(rx_ring, at);
        write(rx(RDT, 0), at);
    }
};

TEST_F(KernelSequence, GoesFromProbeToTrafficByMsix) {
    bring_up();
    prepares_msix();
    enables_msix();
    starts_the_link();
    ASSERT_TRUE(sim.run_until([&] { return !messages.empty(); }, 10 * kMillisecond));
    EXPECT_EQ(messages, (std::vector<std::uint32_t>{0x40 + kOtherVector})) << "link change";
    EXPECT_EQ(read(EICR) & 1U << 20, 1U << 20);
    write(EIMS, 1U << 20);
    EXPECT_EQ(read(LINKS) & 1U << 30, 1U << 30);
    messages.clear();
    for (unsigned n = 0; n < 600; ++n) {
        arrive(n);
        ASSERT_TRUE(sim.run_until([&] { return !messages.empty(); }, kMillisecond)) << n;
        ASSERT_EQ(messages, (std::vector<std::uint32_t>{0x40 + kQueueVector}));
        EXPECT_EQ(read(EIMS_EX0) & 1, 0u) << "7.3.1.5: the vector masked itself";
        poll(n);
        messages.clear();
        write(EIMS_EX0, 1);
    }
    put_tx(tx_ring, 0, numbered_frame(7));
    write(tx(TDT, 0), 1);
    ASSERT_TRUE(sim.run_until([&] { return !messages.empty(); }, kMillisecond));
    EXPECT_TRUE(tx_done(tx_ring, 0));
    sim.run_for(kMicrosecond);
    EXPECT_EQ(sent, 1u);
    EXPECT_TRUE(sim.counters().drops.empty());
}

TEST_F(KernelSequence, GoesFromProbeToTrafficByTheLine) {
    bring_up();
    prepares_the_line();
    starts_the_link();
    ASSERT_TRUE(sim.run_until([&] { return line; }, 10 * kMillisecond));
    EXPECT_EQ(read(EICR), 1U << 20) << "link change";
    EXPECT_FALSE(line) << "8.2.3.5.1: reading took the cause away";
    write(EIMS, 1U << 20 | 0xFFFF);
    for (unsigned n = 0; n < 600; ++n) {
        arrive(n);
        ASSERT_TRUE(sim.run_until([&] { return line; }, kMillisecond)) << n;
        EXPECT_EQ(read(EICR), 1u);
        EXPECT_FALSE(line);
        EXPECT_EQ(read(EIMS) & 0xFFFF, 0u) << "8.2.3.5.6: the read masked the queues";
        poll(n);
        write(EIMS, 0xFFFF);
    }
    EXPECT_TRUE(sim.counters().drops.empty());
}

}  // namespace
}  // namespace turnpike::test
