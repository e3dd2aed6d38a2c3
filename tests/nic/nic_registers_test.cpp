// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <random>
#include <set>

#include "models/core/diagnosis.h"
#include "tests/nic/bench.h"

namespace turnpike {
namespace {

/// Every register's offset with the list's entry.
std::vector<std::pair<std::uint64_t, const regs::Register*>> all_registers() {
    std::vector<std::pair<std::uint64_t, const regs::Register*>> list;
    for (const regs::Register& info : r::kRegisters)
        for (std::uint32_t n = 0; n < info.count; ++n) list.emplace_back(info.offset + info.stride * n, &info);
    return list;
}

TEST(NicRegisters, ResetValuesAreThoseOfTheListButForTheAddressInEntryZero) {
    Bench bench;
    for (const auto& [offset, info] : all_registers()) {
        std::uint64_t expected = info->access == regs::Access::WO ? 0 : info->reset;
        if (offset == r::RAL(0)) expected = 0x00000002;
        if (offset == r::RAH(0)) expected = 0x80000100;
        if (offset == r::RXPBSIZE(0)) expected = 0x80000;  // 512 KiB
        if (offset == r::TXPBSIZE(0)) expected = 0x28000;  // 160 KiB
        if (offset == r::STATUS) expected |= r::STATUS_LINK_UP.mask();
        EXPECT_EQ(bench.read(offset), expected) << info->name << " at " << std::hex << offset;
    }
}

TEST(NicRegisters, WritesFollowTheAccessRulesOfTheList) {
    Bench bench;
    set_diagnosis_handler([](const std::string&) {});
    // Registers with an effect of their own have their own tests.
    const std::set<std::uint64_t> special = {r::CTRL,       r::AUTOC,      r::EICR,       r::EICS,       r::EIMS,
                                             r::EIMC,       r::EICS_EX(0), r::EICS_EX(1), r::EIMS_EX(0), r::EIMS_EX(1),
                                             r::EIMC_EX(0), r::EIMC_EX(1), r::EEC,        r::EERD,       r::SWSM,
                                             r::I2CCTL,     r::MSCA,       r::MSRWD,      r::TCPTIMER,   r::FRTIMER,
                                             r::RTTDQSEL,   r::RTTBCNRC,   r::FDIRCMD};
    for (const auto& [offset, info] : all_registers()) {
        if (special.count(offset) != 0) continue;
        const std::uint32_t before = bench.read(offset);
        bench.write(offset, 0xFFFFFFFF);
        const std::uint64_t mask = info->access == regs::Access::RW ? info->write_mask : 0;
        EXPECT_EQ(bench.read(offset), (before & ~mask) | mask) << info->name << " at " << std::hex << offset;
        bench.write(offset, 0);
        EXPECT_EQ(bench.read(offset), before & ~mask) << info->name << " at " << std::hex << offset;
    }
    set_diagnosis_handler({});
}

TEST(NicRegisters, SoftwareResetClearsItselfAndRestoresEveryRegister) {
    Bench bench;
    bench.write(r::RDBAL(0), 0x12345600);
    bench.write(r::RAL(0), 0xDEADBEEF);
    bench.write(r::EIMS, 0xFF);
    bench.write(r::CTRL, r::CTRL_RST.of(1));
    EXPECT_EQ(bench.read(r::CTRL), r::CTRL_RST.of(1)) << "for nic.reset_ns";
    bench.run_ns(1000);
    EXPECT_EQ(bench.read(r::CTRL), 0u);
    EXPECT_EQ(bench.read(r::RDBAL(0)), 0u);
    EXPECT_EQ(bench.read(r::RAL(0)), 0x00000002u);
    EXPECT_EQ(bench.read(r::EIMS), 0u);
}

TEST(NicRegisters, TheLinkIsUpAtTenGigabit) {
    Bench bench;
    EXPECT_EQ(bench.read(r::LINKS), 0x70000000u);
}

TEST(NicRegisters, AGigabitPortSaysSo) {
    Bench bench({}, 1000);
    EXPECT_EQ(r::LINKS_LINK_SPEED.get(bench.read(r::LINKS)), 2u);
}

TEST(NicRegisters, RestartingTheLinkClearsItselfAndRaisesLinkStatusChange) {
    Bench bench;
    bench.write(r::AUTOC, 0xC000 | r::AUTOC_RESTART_AN.of(1));
    EXPECT_EQ(bench.read(r::AUTOC), 0xC000u);
    EXPECT_EQ(bench.read(r::EICR), 1u << 20);
    EXPECT_EQ(bench.statistic("lsc_int"), 1u);
}

TEST(NicRegisters, DisablingTheMasterShowsInStatus) {
    Bench bench;
    bench.write(r::CTRL, r::CTRL_PCIE_MASTER_DISABLE.of(1));
    EXPECT_FALSE(r::STATUS_PCIE_MASTER_ENABLE.test(bench.read(r::STATUS)));
    bench.write(r::CTRL, 0);
    EXPECT_TRUE(r::STATUS_PCIE_MASTER_ENABLE.test(bench.read(r::STATUS)));
}

TEST(NicRegisters, QueueEnableReadsBackOne) {
    Bench bench;
    bench.start_rx(8, 0);
    bench.start_tx(8);
    EXPECT_TRUE(r::RXDCTL_ENABLE.test(bench.read(r::RXDCTL(0))));
    EXPECT_TRUE(r::TXDCTL_ENABLE.test(bench.read(r::TXDCTL(0))));
}

TEST(NicRegisters, ATailOutsideTheRingIsDiagnosedAndIgnored) {
    Bench bench;
    unsigned told = 0;
    set_diagnosis_handler([&](const std::string&) { ++told; });
    bench.start_rx(8, 0);
    bench.write(r::RDT(0), 8);
    bench.run_ns(10'000);
    set_diagnosis_handler({});
    EXPECT_EQ(told, 1u);
    EXPECT_EQ(bench.memory.reads, 0u);
}

TEST(NicRegisters, AMillionRandomWritesWithTrafficNeverCrashTheModelOrLoseAFrame) {
    Bench bench;
    set_diagnosis_handler([](const std::string&) {});
    const auto registers = all_registers();
    std::mt19937 random(82599);
    FrameId next = 0;
    for (unsigned n = 0; n < 1'000'000; ++n) {
        const std::uint64_t offset = registers[random() % registers.size()].first;
        const std::uint32_t value = random() % 3 == 0 ? random() : random() & random() & random();
        if (offset == r::CTRL && random() % 64 != 0) continue;  // resets would end everything else
        if (random() % 4 == 0)
            bench.read(offset);
        else
            bench.write(offset, value);
        if (n % 256 == 0) {
            bench.arrive(make_frame(next++, random() % 1600, kBroadcast));
            bench.write(r::RDT(0), random() % 64);
            bench.write(r::TDT(0), random() % 64);
            bench.run_ns(random() % 500);
        }
    }
    bench.run_ns(1'000'000);
    bench.write(r::CTRL, r::CTRL_RST.of(1));
    bench.run_ns(1'000'000);
    set_diagnosis_handler({});
    EXPECT_EQ(bench.observer.arrivals.size(), next);
    EXPECT_EQ(bench.observer.drops.size() + bench.observer.written_back_ps.size(), next);
}

}  // namespace
}  // namespace turnpike
