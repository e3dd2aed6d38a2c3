// SPDX-License-Identifier: Apache-2.0
// Resets, EEPROM, semaphores, MDIO and unknown registers as software meets them in bring-up.
#include <gtest/gtest.h>

#include "models/core/diagnosis.h"
#include "tests/nic/bench.h"

namespace turnpike {
namespace {

namespace pci = regs::nic_pci;

/// Software's read of an EEPROM word (8.2.3.2.2).
std::uint32_t eeprom_word(Bench& bench, unsigned address) {
    bench.write(r::EERD, r::EERD_START.of(1) | r::EERD_ADDR.of(address));
    for (unsigned n = 0; n < 100 && !r::EERD_DONE.test(bench.read(r::EERD)); ++n) Bench::run_ns(5000);
    return static_cast<std::uint32_t>(r::EERD_DATA.get(bench.read(r::EERD)));
}

TEST(NicBoard, TheFirst64EepromWordsSumUpToBaba) {  // 6.3.4
    Bench bench;
    std::uint16_t sum = 0;
    for (unsigned n = 0; n <= 0x3F; ++n) sum = static_cast<std::uint16_t>(sum + eeprom_word(bench, n));
    EXPECT_EQ(sum, 0xBABA);
    EXPECT_EQ(eeprom_word(bench, 0x3000), 0xFFFFu) << "blank";
}

TEST(NicBoard, ReadingSwsmTakesItsSemaphoreAndWritingGivesItBack) {  // 8.2.3.4.13
    Bench bench;
    EXPECT_FALSE(r::SWSM_SMBI.test(bench.read(r::SWSM)));
    EXPECT_TRUE(r::SWSM_SMBI.test(bench.read(r::SWSM)));
    bench.write(r::SWSM, 0);
    EXPECT_FALSE(r::SWSM_SMBI.test(bench.read(r::SWSM)));
    bench.write(r::SWSM, r::SWSM_SMBI.of(1) | r::SWSM_SWESMBI.of(1));
    EXPECT_TRUE(r::SWSM_SWESMBI.test(bench.read(r::SWSM))) << "no firmware competes";
    bench.write(r::SW_FW_SYNC, 0x5);
    EXPECT_EQ(bench.read(r::SW_FW_SYNC), 0x5u);
}

TEST(NicBoard, MdioCommandsTakeTheirTimeAndNoPhyAnswers) {  // 8.2.3.22.11
    Bench bench;
    bench.write(r::MSCA, r::MSCA_OP_CODE.of(3) | r::MSCA_MDI_COMMAND.of(1));
    EXPECT_TRUE(r::MSCA_MDI_COMMAND.test(bench.read(r::MSCA)));
    bench.run_ns(200'000);
    EXPECT_FALSE(r::MSCA_MDI_COMMAND.test(bench.read(r::MSCA)));
    EXPECT_EQ(r::MSRWD_READ_DATA.get(bench.read(r::MSRWD)), 0xFFFFu);
}

TEST(NicBoard, UnknownRegistersReadZeroAndDropWritesWithOneDiagnosisEach) {
    Bench bench;
    unsigned told = 0;
    set_diagnosis_handler([&](const std::string&) { ++told; });
    constexpr std::uint64_t kUnknown = 0x1FF00;
    for (unsigned n = 0; n < 3; ++n) EXPECT_EQ(bench.read(kUnknown), 0u);
    EXPECT_EQ(told, 1u);
    for (unsigned n = 0; n < 3; ++n) bench.write(kUnknown + 4, 0xFFFFFFFF);
    EXPECT_EQ(told, 2u);
    EXPECT_EQ(bench.read(kUnknown + 4), 0u);
    set_diagnosis_handler({});
}

TEST(NicBoard, ALinkResetResetsAsASoftwareResetDoes) {  // 8.2.3.1.1: LRST
    Bench bench;
    bench.start_rx(8, 7);
    bench.start_tx(8);
    bench.write(r::EIMS, 0xFF);
    bench.write(r::FTQF(5), 0x80000000);
    bench.write(r::CTRL, r::CTRL_LRST.of(1));
    bench.run_ns(10'000);
    EXPECT_EQ(bench.read(r::CTRL), 0u) << "clears itself";
    EXPECT_EQ(bench.read(r::EIMS), 0u);
    EXPECT_EQ(bench.read(r::FTQF(5)), 0u);
    EXPECT_FALSE(r::RXDCTL_ENABLE.test(bench.read(r::RXDCTL(0))));
    EXPECT_FALSE(r::TXDCTL_ENABLE.test(bench.read(r::TXDCTL(0))));
    EXPECT_TRUE(r::RAH_AV.test(bench.read(r::RAH(0)))) << "loaded again";
}

TEST(NicBoard, AFunctionLevelResetResetsConfigurationSpaceRegistersAndVectors) {  // 9.3.10.5
    Bench bench;
    bench.start_rx(8, 0);
    for (FrameId id = 0; id < 3; ++id) bench.arrive(make_frame(id, 60));
    bench.nic.bar_write(4, 0, 0x1000);
    bench.write(r::EIMS, 0xFF);
    bench.run_ns(1000);
    bench.nic.config().write(pci::DEVICE_CONTROL, pci::DEVICE_CONTROL_FUNCTION_RESET.of(1));
    bench.run_ns(1000);
    EXPECT_FALSE(pci::COMMAND_BUS_MASTER.test(bench.nic.config().read(pci::COMMAND)));
    EXPECT_EQ(bench.nic.bar_read(4, 0), 0u);
    EXPECT_EQ(bench.read(r::EIMS), 0u);
    EXPECT_EQ(bench.observer.drops.size(), 3u) << "the packet buffer is empty";
}

TEST(NicVlan, TheFilterTablesBitLetsAVlanPass) {  // 7.1.1.2
    Bench bench;
    bench.start_rx(16, 15);
    bench.set(r::VLNCTRL, r::VLNCTRL_VFE.of(1));
    bench.write(r::VFTA(0x123 / 32), 1U << 0x123 % 32);
    const auto passes = [&](std::uint16_t tag) {
        static FrameId next = 0;
        Frame frame = make_frame(++next, 64);
        const std::uint8_t bytes[] = {0x81, 0, static_cast<std::uint8_t>(tag >> 8), static_cast<std::uint8_t>(tag)};
        std::copy(std::begin(bytes), std::end(bytes), frame.bytes.begin() + 12);
        bench.arrive(frame);
        return bench.observer.drops.count(next) == 0;
    };
    EXPECT_TRUE(passes(0x0123));
    EXPECT_TRUE(passes(0xE123)) << "the priority does not matter";
    EXPECT_FALSE(passes(0x0124));
    EXPECT_FALSE(passes(0x0103));
    bench.arrive(make_frame(100, 60));
    EXPECT_EQ(bench.observer.drops.count(100), 0u) << "untagged frames pass";
    bench.set(r::VLNCTRL, r::VLNCTRL_CFIEN.of(1));
    EXPECT_TRUE(passes(0x0123));
    EXPECT_FALSE(passes(0x1123)) << "8.2.3.7.2: CFI has to be VLNCTRL's";
}

TEST(NicFilter, TheUnicastTableLetsItsHashesPass) {  // 8.2.3.27.17
    Bench bench;
    bench.start_rx(16, 15);
    // 02:00:00:00:01:20, MO = 0: bits [47:36] are 0x200 | 0x01 >> 4 = 0x200: word 16, bit 0.
    constexpr std::array<std::uint8_t, 6> kHashed = {2, 0, 0, 0, 0x01, 0x20};
    bench.arrive(make_frame(0, 60, kHashed));
    EXPECT_EQ(bench.observer.drops.count(0), 1u);
    bench.write(r::UTA(16), 1);
    bench.arrive(make_frame(1, 60, kHashed));
    bench.run_ns(3000);
    EXPECT_EQ(bench.observer.drops.count(1), 0u);
    EXPECT_EQ(bench.rx_descriptor(0, r::RX_WB_PIF), 1u) << "inexact";
}

}  // namespace
}  // namespace turnpike
