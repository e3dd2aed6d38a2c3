// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include "tests/nic/bench.h"

namespace turnpike {
namespace {

TEST(NicInterrupt, TheLineIsHighWhileAnEnabledCauseIsSet) {
    Bench bench;
    bench.write(r::EICS, 0x10);
    bench.run_ns(1);
    EXPECT_FALSE(bench.line.read()) << "masked";
    bench.write(r::EIMS, 0x10);
    bench.run_ns(1);
    EXPECT_TRUE(bench.line.read());
    bench.write(r::EIMC, 0x10);
    bench.run_ns(1);
    EXPECT_FALSE(bench.line.read()) << "masked again";
    bench.write(r::EIMS, 0x10);
    bench.run_ns(1);
    EXPECT_TRUE(bench.line.read());
    EXPECT_EQ(bench.read(r::EICR), 0x10u);
    bench.run_ns(1);
    EXPECT_FALSE(bench.line.read()) << "a read clears";
}

TEST(NicInterrupt, WritingOnesClearsTheirCauses) {
    Bench bench;
    bench.write(r::EICS, 0x30);
    bench.write(r::EICR, 0x10);
    EXPECT_EQ(bench.read(r::EICR), 0x20u);
    EXPECT_EQ(bench.read(r::EICR), 0u);
}

TEST(NicInterrupt, WithOtherClearDisableQueueCausesSurviveARead) {
    Bench bench;
    bench.write(r::GPIE, r::GPIE_OCD.of(1));
    bench.write(r::EICS, 0x00100001);
    EXPECT_EQ(bench.read(r::EICR), 0x00100001u);
    EXPECT_EQ(bench.read(r::EICR), 0x00000001u);
}

TEST(NicInterrupt, ReadingTheCausesMasksWhatEiamNames) {
    Bench bench;
    bench.write(r::EIAM, 0x0000FFFF);
    bench.write(r::EIMS, 0x00100003);
    bench.read(r::EICR);
    EXPECT_EQ(bench.read(r::EIMS), 0x00100000u);
}

TEST(NicInterrupt, AutoMaskForMessagesLeavesReadsAlone) {
    Bench bench;
    bench.write(r::GPIE, r::GPIE_EIAME.of(1));
    bench.write(r::EIAM, 0x0000FFFF);
    bench.write(r::EIMS, 3);
    bench.read(r::EICR);
    EXPECT_EQ(bench.read(r::EIMS), 3u);
}

TEST(NicInterrupt, AReceivedFrameInterruptsNoEarlierThanItsDescriptorIsVisible) {
    Bench bench;
    bench.start_rx(8, 7);
    bench.enable_interrupts();
    bench.run_ns(1000);
    bench.arrive(make_frame(0, 60));
    // Visible 400 ns later: processing 100, posted write 300.
    sc_core::sc_start(from_ps(399'999));
    EXPECT_FALSE(bench.line.read());
    EXPECT_EQ(bench.read(r::EICR), 0u);
    sc_core::sc_start(from_ps(2));
    EXPECT_TRUE(bench.line.read());
    EXPECT_EQ(bench.rx_descriptor(0, r::RX_WB_DD), 1u);
    EXPECT_EQ(bench.read(r::EICR), 1u);
}

TEST(NicInterrupt, ASentFrameRaisesItsQueuesCause) {
    Bench bench;
    bench.start_tx(8);
    bench.enable_interrupts();
    bench.put_tx(0, make_frame(0, 60).bytes);
    bench.write(r::TDT(0), 1);
    bench.run_ns(5000);
    EXPECT_TRUE(bench.line.read());
    EXPECT_EQ(bench.read(r::EICR), 2u);
}

TEST(NicInterrupt, AQueueWithoutAValidVectorRaisesNothing) {
    Bench bench;
    bench.start_rx(8, 7);
    bench.write(r::EIMS, 0x7FFFFFFF);
    bench.arrive(make_frame(0, 60));
    bench.run_ns(5000);
    EXPECT_FALSE(bench.line.read());
    EXPECT_EQ(bench.read(r::EICR), 0u);
}

/// Interrupts in a second for software that answers every one at once, while causes never stop coming.
std::uint64_t interrupts_per_second(std::uint32_t eitr) {
    Bench bench;
    bench.enable_interrupts(eitr);
    constexpr std::uint64_t kStepNs = 64;  // divides every interval
    constexpr std::uint64_t kTotalNs = 100'000'000;
    for (std::uint64_t ns = 0; ns < kTotalNs; ns += kStepNs) {
        if (bench.line.read()) bench.read(r::EICR);
        bench.write(r::EICS, 1);
        Bench::run_ns(kStepNs);
    }
    return bench.statistic("interrupts") * (1'000'000'000 / kTotalNs);
}

TEST(NicInterrupt, EitrOf0x28Allows97656InterruptsASecond) {
    EXPECT_NEAR(static_cast<double>(interrupts_per_second(0x28)), 1e9 / 10'240, 20);  // 5 x 2.048 µs
}

TEST(NicInterrupt, EitrOf0x8Allows488281InterruptsASecond) {
    EXPECT_NEAR(static_cast<double>(interrupts_per_second(0x8)), 1e9 / 2048, 20);
}

/// 8.2.3.5.12: the unit is ten times as long at 100 Mbit/s.
TEST(NicInterrupt, At100MegabitTheIntervalsUnitIs20Point48Microseconds) {
    Bench bench({}, 100);
    bench.enable_interrupts(0x8);
    bench.write(r::EICS, 1);
    bench.run_ns(1);
    EXPECT_TRUE(bench.line.read());
    bench.read(r::EICR);
    bench.write(r::EICS, 1);
    bench.run_ns(20'470);
    EXPECT_FALSE(bench.line.read());
    bench.run_ns(20);
    EXPECT_TRUE(bench.line.read());
}

/// One step of software and what the line shows then.
struct LineStep {
    const char* what;
    std::uint64_t reg;    ///< of BAR0
    std::uint32_t value;  ///< to write
    bool high;
};
constexpr std::uint64_t kRead = 1;     ///< in place of `reg`: read EICR
constexpr std::uint64_t kDisable = 2;  ///< write the command register's INTx disable

TEST(NicInterrupt, TheLineFollowsEveryCauseAndMaskExactly) {  // 7.3.1.1, 9.3.3
    constexpr LineStep kSteps[] = {
        {"a cause that is masked", r::EICS, 0x00000001, false},
        {"another cause is enabled", r::EIMS, 0x00000002, false},
        {"the cause is enabled", r::EIMS, 0x00000001, true},
        {"the mask closes", r::EIMC, 0x00000001, false},
        {"the mask of another opens", r::EIMS, 0x00008000, false},
        {"the mask opens again", r::EIMS, 0x00000001, true},
        {"INTx is disabled", kDisable, 1, false},
        {"INTx is enabled", kDisable, 0, true},
        {"a one written to another cause", r::EICR, 0x00000002, true},
        {"a one written to the cause", r::EICR, 0x00000001, false},
        {"two causes", r::EICS, 0x00008001, true},
        {"one of two is cleared", r::EICR, 0x00000001, true},
        {"the other one, too", r::EICR, 0x00008000, false},
        {"link change while masked", r::EICS, 0x00100000, false},
        {"link change enabled", r::EIMS, 0x00100000, true},
        {"a read clears it", kRead, 0x00100000, false},
        {"nothing is left", kRead, 0, false},
        {"the timer's cause", r::EIMS, 0x40000000, false},
        {"is raised", r::EICS, 0x40000000, true},
        {"all masks close", r::EIMC, 0x7FFFFFFF, false},
        {"the cause stays set", kRead, 0x40000000, false},
    };
    Bench bench;
    for (const LineStep& step : kSteps) {
        if (step.reg == kRead)
            EXPECT_EQ(bench.read(r::EICR), step.value) << step.what;
        else if (step.reg == kDisable)
            bench.nic.config().write(regs::nic_pci::COMMAND, regs::nic_pci::COMMAND_BUS_MASTER.of(1) |
                                                                 regs::nic_pci::COMMAND_MEMORY.of(1) |
                                                                 regs::nic_pci::COMMAND_INTX_DISABLE.of(step.value));
        else
            bench.write(step.reg, step.value);
        bench.run_ns(1);
        EXPECT_EQ(bench.line.read(), step.high) << step.what;
    }
}

TEST(NicInterrupt, EachCauseAloneMovesTheLineByItsOwnMaskBitAlone) {
    Bench bench;
    for (unsigned cause = 0; cause < 31; ++cause) {
        bench.write(r::EICS, 1U << cause);
        bench.write(r::EIMS, ~(1U << cause));
        bench.run_ns(1);
        EXPECT_FALSE(bench.line.read()) << cause;
        bench.write(r::EIMS, 1U << cause);
        bench.run_ns(1);
        EXPECT_TRUE(bench.line.read()) << cause;
        EXPECT_EQ(bench.read(r::EICR), 1U << cause);
        bench.write(r::EIMC, 0x7FFFFFFF);
        bench.run_ns(1);
        EXPECT_FALSE(bench.line.read()) << cause;
    }
}

TEST(NicInterrupt, AfterAPauseTheFirstFrameIsNotHeldUp) {
    Bench bench;
    bench.start_rx(8, 7);
    bench.enable_interrupts(0xFF8);  // the longest interval: 511 x 2.048 µs
    bench.run_ns(2'000'000);
    bench.arrive(make_frame(0, 60));
    bench.run_ns(401);
    EXPECT_TRUE(bench.line.read());
    bench.read(r::EICR);
    bench.arrive(make_frame(1, 60));
    bench.run_ns(1'046'000);
    EXPECT_FALSE(bench.line.read());
    bench.run_ns(1'000);
    EXPECT_TRUE(bench.line.read()) << "1,046.528 µs after the first";
}

TEST(NicInterrupt, AResetDropsTheLine) {
    Bench bench;
    bench.write(r::EIMS, 1);
    bench.write(r::EICS, 1);
    bench.run_ns(1);
    EXPECT_TRUE(bench.line.read());
    bench.write(r::CTRL, r::CTRL_RST.of(1));
    bench.run_ns(1);
    EXPECT_FALSE(bench.line.read());
}

}  // namespace
}  // namespace turnpike
