// SPDX-License-Identifier: Apache-2.0
// Line, MSI and MSI-X as the host sees them (7.3).
#include <gtest/gtest.h>

#include "tests/nic_sim/little_driver.h"

namespace turnpike::test {
namespace {

struct NicSimInterrupt : testing::Test {
    Memory memory{std::size_t{1} << 20};
    NicSim sim{{}, memory};
    std::vector<bool> levels;
    std::vector<std::pair<std::uint64_t, std::uint32_t>> messages;

    void SetUp() override {
        sim.on_intx([this](bool level) { levels.push_back(level); });
        sim.on_msi([this](std::uint64_t address, std::uint32_t data) { messages.emplace_back(address, data); });
        sim.cfg_write32(p::COMMAND, p::COMMAND_MEMORY.of(1) | p::COMMAND_BUS_MASTER.of(1));
    }
    std::uint32_t read(std::uint64_t reg) { return sim.mmio_read32(0, reg); }
    void write(std::uint64_t reg, std::uint64_t value) { sim.mmio_write32(0, reg, static_cast<std::uint32_t>(value)); }
    void settle() { sim.run_for(5'000'000); }
    void unmask(unsigned vector, std::uint64_t address, std::uint32_t data) {
        sim.mmio_write32(4, vector * 16, static_cast<std::uint32_t>(address));
        sim.mmio_write32(4, vector * 16 + 4, static_cast<std::uint32_t>(address >> 32));
        sim.mmio_write32(4, vector * 16 + 8, data);
        sim.mmio_write32(4, vector * 16 + 12, 0);
    }
};

TEST_F(NicSimInterrupt, TheLineFollowsCauseAndMaskAndTheCommandRegister) {  // 7.3.1.1, 9.3.3
    write(r::EIMS, 1);
    write(r::EICS, 1);
    settle();
    EXPECT_EQ(levels, (std::vector<bool>{true}));
    EXPECT_TRUE(p::COMMAND_INTERRUPT_STATUS.test(sim.cfg_read32(p::COMMAND)));
    sim.cfg_write32(p::COMMAND, sim.cfg_read32(p::COMMAND) | p::COMMAND_INTX_DISABLE.of(1));
    settle();
    EXPECT_EQ(levels, (std::vector<bool>{true, false})) << "the command register's gate";
    sim.cfg_write32(p::COMMAND, p::COMMAND_MEMORY.of(1) | p::COMMAND_BUS_MASTER.of(1));
    settle();
    read(r::EICR);
    settle();
    EXPECT_EQ(levels, (std::vector<bool>{true, false, true, false}));
    EXPECT_TRUE(messages.empty());
}

TEST_F(NicSimInterrupt, MsiSendsOneMessageAnInterrupt) {  // 7.3.1.2, 9.3.7
    sim.cfg_write32(p::MSI_ADDRESS, 0xFEE01000);
    sim.cfg_write32(p::MSI_ADDRESS_HIGH, 0x12);
    sim.cfg_write32(p::MSI_DATA, 0x4041);
    sim.cfg_write32(p::MSI, p::MSI_ENABLE.of(1));
    write(r::EIMS, 3);
    write(r::EICS, 1);
    settle();
    ASSERT_EQ(messages.size(), 1u);
    EXPECT_EQ(messages[0], (std::pair<std::uint64_t, std::uint32_t>{0x12FEE01000, 0x4041}));
    EXPECT_EQ(read(r::EICR), 1u);
    write(r::EICS, 2);
    settle();
    EXPECT_EQ(messages.size(), 2u);
    EXPECT_TRUE(levels.empty());
}

TEST_F(NicSimInterrupt, MsixGivesEachQueueItsVectorAndClearsItsCauseItself) {  // 7.3.1.3, 8.2.3.5.5
    write(r::GPIE, r::GPIE_MULTIPLE_MSIX.of(1) | r::GPIE_PBA_SUPPORT.of(1));
    write(r::EIAC, 0xFFFF);
    for (unsigned vector : {3U, 40U}) unmask(vector, 0xFEE00000 + vector * 0x1000, vector);
    sim.cfg_write32(p::MSIX, p::MSIX_ENABLE.of(1));
    write(r::EIMS_EX(0), 1U << 3);
    write(r::EIMS_EX(1), 1U << (40 - 32));
    write(r::EICS_EX(0), 1U << 3);
    write(r::EICS_EX(1), 1U << (40 - 32));
    settle();
    ASSERT_EQ(messages.size(), 2u);
    EXPECT_EQ(messages[0].second, 3u);
    EXPECT_EQ(messages[1].second, 40u);
    EXPECT_EQ(read(r::EICR), 0u);
    write(r::EICS_EX(0), 1U << 3);
    settle();
    EXPECT_EQ(messages.size(), 3u);
}

TEST_F(NicSimInterrupt, AMaskedVectorIsPendingUntilItIsUnmasked) {  // 9.3.8; PCI 3.0, 6.8.2.9
    write(r::GPIE, r::GPIE_MULTIPLE_MSIX.of(1));
    write(r::EIAC, 0xFFFF);
    sim.cfg_write32(p::MSIX, p::MSIX_ENABLE.of(1));
    write(r::EIMS, 1U << 5);
    write(r::EICS, 1U << 5);
    settle();
    EXPECT_TRUE(messages.empty());
    EXPECT_EQ(sim.mmio_read32(4, 0x2000), 1u << 5);
    unmask(5, 0xFEE00000, 0x55);
    settle();
    ASSERT_EQ(messages.size(), 1u);
    EXPECT_EQ(sim.mmio_read32(4, 0x2000), 0u);
}

TEST_F(NicSimInterrupt, AutoMaskTakesTheVectorOutUntilSoftwareEnablesItAgain) {  // 8.2.3.5.6, 8.2.3.5.18
    write(r::GPIE, r::GPIE_MULTIPLE_MSIX.of(1) | r::GPIE_EIAME.of(1));
    write(r::EIAC, 0xFFFF);
    write(r::EIAM_EX(0), 0xFFFFFFFF);
    unmask(1, 0xFEE00000, 1);
    sim.cfg_write32(p::MSIX, p::MSIX_ENABLE.of(1));
    write(r::EIMS_EX(0), 2);
    write(r::EICS, 2);
    settle();
    EXPECT_EQ(read(r::EIMS_EX(0)), 0u);
    write(r::EICS, 2);
    settle();
    EXPECT_EQ(messages.size(), 1u);
    write(r::EIMS_EX(0), 2);
    settle();
    EXPECT_EQ(messages.size(), 2u);
}

TEST_F(NicSimInterrupt, OtherCausesHaveTheVectorOfIvarMisc) {  // 8.2.3.5.17
    write(r::GPIE, r::GPIE_MULTIPLE_MSIX.of(1));
    write(r::IVAR_MISC, r::IVAR_MISC_OTHER.of(7) | r::IVAR_MISC_OTHER_VALID.of(1));
    unmask(7, 0xFEE00000, 0x77);
    sim.cfg_write32(p::MSIX, p::MSIX_ENABLE.of(1));
    write(r::EIMS, r::EICR_LSC.of(1));
    write(r::AUTOC, read(r::AUTOC) | r::AUTOC_RESTART_AN.of(1));
    sim.run_for(2'000'000'000);
    ASSERT_EQ(messages.size(), 1u);
    EXPECT_EQ(messages[0].second, 0x77u);
    EXPECT_EQ(read(r::EICR), r::EICR_LSC.of(1));
}

TEST_F(NicSimInterrupt, TheTimerRaisesItsCauseAfterItsMilliseconds) {  // 8.2.3.1.9
    write(r::TCPTIMER, r::TCPTIMER_DURATION.of(3) | r::TCPTIMER_COUNT_ENABLE.of(1) | r::TCPTIMER_KICKSTART.of(1));
    sim.run_for(2'900'000'000);
    EXPECT_EQ(read(r::EICR) & r::EICR_TCP_TIMER.mask(), 0u);
    sim.run_for(200'000'000);
    EXPECT_NE(read(r::EICR) & r::EICR_TCP_TIMER.mask(), 0u);
}

}  // namespace
}  // namespace turnpike::test
