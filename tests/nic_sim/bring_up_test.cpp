// SPDX-License-Identifier: Apache-2.0
// What drivers look at before the first frame, step by step.
#include <gtest/gtest.h>

#include "models/core/diagnosis.h"
#include "tests/nic_sim/little_driver.h"

namespace turnpike::test {
namespace {

struct BringUp : testing::Test {
    Memory memory{std::size_t{1} << 20};
    NicSim sim{{}, memory};
    std::uint32_t read(std::uint64_t reg) { return sim.mmio_read32(0, reg); }
    void write(std::uint64_t reg, std::uint64_t value) { sim.mmio_write32(0, reg, static_cast<std::uint32_t>(value)); }
};

TEST_F(BringUp, TheIdsAreThoseOfAn82599) {  // 9.3.1, 9.3.2
    EXPECT_EQ(sim.cfg_read32(0), 0x10FB8086u);
    EXPECT_EQ(sim.cfg_read32(8) >> 8, 0x020000u) << "Ethernet controller";
}

TEST_F(BringUp, TheBarsAnswerWithTheirSizes) {  // 9.3.11
    for (unsigned n = 0; n < 6; ++n) sim.cfg_write32(0x10 + n * 4, 0xFFFFFFFF);
    EXPECT_EQ(sim.cfg_read32(0x10), 0xFFF8000Cu) << "512 KiB, 64-bit";
    EXPECT_EQ(sim.cfg_read32(0x14), 0xFFFFFFFFu);
    EXPECT_EQ(sim.cfg_read32(0x18), 0xFFFFFFE1u) << "32 bytes of I/O";
    EXPECT_EQ(sim.cfg_read32(0x20), 0xFFFFC00Cu) << "16 KiB, 64-bit";
    EXPECT_EQ(sim.cfg_read32(0x24), 0xFFFFFFFFu);
}

TEST_F(BringUp, TheCapabilitiesAreAListOfPowerManagementMsiMsixAndPcie) {  // 9.3.5
    ASSERT_TRUE(sim.cfg_read32(4) >> 20 & 1) << "there is a list";
    std::vector<unsigned> ids;
    for (std::uint32_t at = sim.cfg_read32(0x34) & 0xFF; at != 0; at = sim.cfg_read32(at) >> 8 & 0xFF)
        ids.push_back(sim.cfg_read32(at) & 0xFF);
    EXPECT_EQ(ids, (std::vector<unsigned>{0x01, 0x05, 0x11, 0x10}));
    EXPECT_EQ(sim.cfg_read32(0x70) >> 16 & 0x7FF, 63u) << "64 vectors";
    EXPECT_EQ(sim.cfg_read32(0x74), 4u) << "table at the start of BAR4";
    EXPECT_EQ(sim.cfg_read32(0x78), 0x2004u) << "pending bits at 0x2000 of BAR4";
}

TEST_F(BringUp, WithMemorySpaceOffRegistersReadAllOnes) {  // 9.3.3
    sim.cfg_write32(4, 0);
    EXPECT_EQ(read(r::STATUS), 0xFFFFFFFFu);
}

TEST_F(BringUp, TheIoBarReachesEveryRegister) {  // 4.3
    sim.mmio_write32(2, 0, r::RAL(0));
    EXPECT_EQ(sim.mmio_read32(2, 4), 0x00000002u);
    sim.mmio_write32(2, 4, 0x44332211);
    EXPECT_EQ(read(r::RAL(0)), 0x44332211u);
}

TEST_F(BringUp, AReadTakesTheRoundTripAndAWriteNoTime) {
    const std::uint64_t before = sim.now_ps();
    write(r::EIMC, 0x7FFFFFFF);
    EXPECT_EQ(sim.now_ps(), before);
    read(r::STATUS);
    EXPECT_GT(sim.now_ps(), before + 400'000) << "two ways of 200 ns";
    EXPECT_LT(sim.now_ps(), before + 420'000);
}

TEST_F(BringUp, AResetClearsItselfAfterItsTime) {  // 8.2.3.1.1
    write(r::CTRL, r::CTRL_RST.of(1) | r::CTRL_LRST.of(1));
    EXPECT_TRUE(r::CTRL_RST.test(read(r::CTRL)));
    sim.run_for(2'000'000);
    EXPECT_FALSE(r::CTRL_RST.test(read(r::CTRL)));
    EXPECT_TRUE(r::EEC_AUTO_RD.test(read(r::EEC)));
    EXPECT_TRUE(r::RDRXCTL_DMAIDONE.test(read(r::RDRXCTL)));
}

TEST_F(BringUp, ARestartTakesTheLinkDownAndUp) {  // 4.6.4
    sim.run_for(2'000'000'000);
    EXPECT_EQ(read(r::LINKS), 0x70000000u);
    EXPECT_TRUE(r::EICR_LSC.test(read(r::EICR))) << "from the first time";
    write(r::AUTOC, read(r::AUTOC) | r::AUTOC_RESTART_AN.of(1));
    EXPECT_FALSE(r::LINKS_LINK_UP.test(read(r::LINKS)));
    EXPECT_FALSE(r::AUTOC_RESTART_AN.test(read(r::AUTOC)));
    EXPECT_TRUE(sim.run_until([&] { return r::EICR_LSC.test(read(r::EICR)); }, 2'000'000'000));
    EXPECT_TRUE(r::LINKS_LINK_UP.test(read(r::LINKS)));
}

TEST_F(BringUp, TheEepromsWordsSumUpAndHoldNoMoreThanTheyShould) {  // 6.3.4
    std::uint16_t sum = 0;
    for (unsigned word = 0; word <= 0x3F; ++word) {
        write(r::EERD, r::EERD_START.of(1) | r::EERD_ADDR.of(word));
        const std::uint32_t answer = read(r::EERD);
        ASSERT_TRUE(r::EERD_DONE.test(answer));
        sum = static_cast<std::uint16_t>(sum + r::EERD_DATA.get(answer));
    }
    EXPECT_EQ(sum, 0xBABA);
}

TEST_F(BringUp, TheSoftwareSemaphoreIsTakenByReading) {  // 8.2.3.4.13
    EXPECT_FALSE(r::SWSM_SMBI.test(read(r::SWSM)));
    EXPECT_TRUE(r::SWSM_SMBI.test(read(r::SWSM)));
    write(r::SWSM, 0);
    EXPECT_FALSE(r::SWSM_SMBI.test(read(r::SWSM)));
}

TEST_F(BringUp, NoPhyAnswersMdio) {  // 8.2.3.22.11
    write(r::MSCA, r::MSCA_MDI_COMMAND.of(1) | r::MSCA_OP_CODE.of(3));
    EXPECT_TRUE(r::MSCA_MDI_COMMAND.test(read(r::MSCA)));
    sim.run_for(30'000'000);
    EXPECT_FALSE(r::MSCA_MDI_COMMAND.test(read(r::MSCA)));
    EXPECT_EQ(r::MSRWD_READ_DATA.get(read(r::MSRWD)), 0xFFFFu);
}

TEST_F(BringUp, RegistersOfThe82598AreSeenAtTheirOldPlaces) {  // 8.2.2
    write(0x02100 + 5 * 4, 0x10000804);
    EXPECT_EQ(read(r::SRRCTL(5)), 0x10000804u);
    EXPECT_EQ(read(0x05400), read(r::RAL(0)));
    write(0x0EC80, 1);
    EXPECT_EQ(read(r::MRQC), 1u);
}

TEST_F(BringUp, UnknownRegistersReadZeroWithOneDiagnosisEach) {
    unsigned told = 0;
    set_diagnosis_handler([&](const std::string&) { ++told; });
    for (unsigned n = 0; n < 3; ++n) {
        EXPECT_EQ(read(0x1FFFC), 0u);
        write(0x1FFFC, 5);
    }
    EXPECT_EQ(read(0x1FFFC), 0u);
    set_diagnosis_handler({});
    EXPECT_EQ(told, 2u) << "one for reads, one for writes";
}

/// Moves the two wires as 8.2.3.1.5 says.
struct TwoWires {
    BringUp& to;
    void set(bool clock, bool data) { to.write(r::I2CCTL, r::I2CCTL_CLK_OUT.of(clock) | r::I2CCTL_DATA_OUT.of(data)); }
    bool bit(bool data) {
        set(false, data);
        set(true, data);
        const bool seen = r::I2CCTL_DATA_IN.test(to.read(r::I2CCTL));
        set(false, data);
        return seen;
    }
    void begin() { set(true, true), set(true, false), set(false, false); }
    void end() { set(false, false), set(true, false), set(true, true); }
    bool send(unsigned byte) {
        for (unsigned n = 0; n < 8; ++n) bit((byte >> (7 - n) & 1) != 0);
        return !bit(true);
    }
    unsigned receive() {
        unsigned byte = 0;
        for (unsigned n = 0; n < 8; ++n) byte = byte << 1 | (bit(true) ? 1 : 0);
        bit(true);
        return byte;
    }
    unsigned memory(unsigned offset) {
        begin();
        EXPECT_TRUE(send(0xA0));
        EXPECT_TRUE(send(offset));
        begin();
        EXPECT_TRUE(send(0xA1));
        const unsigned byte = receive();
        end();
        return byte;
    }
};

TEST_F(BringUp, TheModuleIsAnSfpFor10GbaseSr) {  // SFF-8472 table 4-1
    TwoWires wires{*this};
    EXPECT_EQ(wires.memory(0), 0x03u);
    EXPECT_EQ(wires.memory(3), 0x10u);
    EXPECT_EQ(wires.memory(38), 0x1Bu);
    wires.begin();
    EXPECT_FALSE(wires.send(0xB0)) << "nobody else is on the bus";
    wires.end();
}

TEST(NicSimConfigTest, AValueOutOfItsRangeIsRefused) {
    Memory memory(4096);
    NicSimConfig config;
    config.pcie_generation = 9;
    EXPECT_THROW(NicSim(config, memory), std::invalid_argument);
}

}  // namespace
}  // namespace turnpike::test
