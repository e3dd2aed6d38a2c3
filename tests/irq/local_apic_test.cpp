// SPDX-License-Identifier: Apache-2.0
// Expected behaviour: Intel SDM volume 3, chapter 11.
#include "models/irq/local_apic.h"

#include <gtest/gtest.h>

#include <vector>

#include "models/core/clock.h"
#include "models/core/diagnosis.h"
#include "regs/lapic.h"
#include "tests/core/register_sweep.h"
#include "tests/core/test_initiator.h"

namespace turnpike::test {
namespace {

namespace lapic = regs::lapic;

constexpr std::uint32_t kEnabled = 0x1FF;
constexpr std::uint32_t kMasked = 1U << 16;
constexpr std::uint32_t kPeriodic = 1U << 17;

struct LocalApicTest : testing::Test {
    LocalApicTest() : apic("apic", 0, 100), cpu("cpu") {
        cpu.socket.bind(apic.socket);
        apic.set_request_handler([this](bool level) { requests.push_back(level); });
        apic.set_eoi_handler([this](unsigned vector) { ended.push_back(vector); });
        sc_core::sc_start(sc_core::SC_ZERO_TIME);
    }
    void enable() { cpu.write(lapic::SVR, kEnabled); }
    void end() { cpu.write(lapic::EOI, 0); }
    void run_ns(std::uint64_t ns) {
        sc_core::sc_start(from_ps(ns * 1000));
        sc_core::sc_start(sc_core::SC_ZERO_TIME);  // and what happens at the end of that time
    }

    LocalApic apic;
    TestInitiator cpu;
    std::vector<bool> requests;
    std::vector<unsigned> ended;
};

TEST_F(LocalApicTest, RegistersFollowTheirList) {
    enable();
    const std::uint64_t svr = cpu.read(lapic::SVR);
    EXPECT_EQ(svr, 0x1FFu);
    cpu.write(lapic::SVR, 0xFF);
    sweep_registers(cpu, lapic::kRegisterBytes, lapic::kRegisters,
                    {{"LVT_TIMER", "its mask bit cannot be cleared while the APIC is disabled (11.4.7.2)"},
                     {"PPR", "follows TPR (11.8.3.1)"}});
}

TEST_F(LocalApicTest, TheTimerEntryFollowsItsListWhileEnabled) {
    enable();
    cpu.write(lapic::LVT_TIMER, 0xFFFBFFFF);
    EXPECT_EQ(cpu.read(lapic::LVT_TIMER), 0x000300FFu);
    cpu.write(lapic::LVT_TIMER, 0);
    EXPECT_EQ(cpu.read(lapic::LVT_TIMER), 0u);
}

TEST_F(LocalApicTest, DisabledItAcceptsNothingAndKeepsItsTimerMasked) {
    EXPECT_FALSE(apic.deliver(0x30, false));
    EXPECT_EQ(apic.acknowledge(), -1);
    cpu.write(lapic::LVT_TIMER, 0x40);
    EXPECT_EQ(cpu.read(lapic::LVT_TIMER), kMasked | 0x40);
    enable();
    cpu.write(lapic::LVT_TIMER, 0x40);
    EXPECT_EQ(cpu.read(lapic::LVT_TIMER), 0x40u);
    cpu.write(lapic::SVR, 0xFF);
    EXPECT_EQ(cpu.read(lapic::LVT_TIMER), kMasked | 0x40);
}

TEST_F(LocalApicTest, AnInterruptIsRequestedThenInServiceThenOver) {
    enable();
    EXPECT_TRUE(apic.deliver(0x31, false));
    EXPECT_TRUE(apic.request());
    EXPECT_EQ(cpu.read(lapic::IRR(1)), 1U << 17);
    EXPECT_EQ(apic.acknowledge(), 0x31);
    EXPECT_FALSE(apic.request());
    EXPECT_EQ(cpu.read(lapic::IRR(1)), 0u);
    EXPECT_EQ(cpu.read(lapic::ISR(1)), 1U << 17);
    EXPECT_EQ(cpu.read(lapic::PPR), 0x30u);
    end();
    EXPECT_EQ(cpu.read(lapic::ISR(1)), 0u);
    EXPECT_EQ(cpu.read(lapic::PPR), 0u);
    EXPECT_EQ(requests, (std::vector<bool>{true, false}));
    EXPECT_TRUE(ended.empty()) << "edge-triggered: nobody else is told";
}

TEST_F(LocalApicTest, OnlyAHigherClassInterruptsAHandler) {
    enable();
    apic.deliver(0x45, false);
    EXPECT_EQ(apic.acknowledge(), 0x45);
    apic.deliver(0x4F, false);
    EXPECT_FALSE(apic.request()) << "the same class waits";
    apic.deliver(0x51, false);
    EXPECT_TRUE(apic.request());
    EXPECT_EQ(apic.acknowledge(), 0x51);
    end();
    EXPECT_FALSE(apic.request());
    end();
    EXPECT_TRUE(apic.request());
    EXPECT_EQ(apic.acknowledge(), 0x4F);
}

TEST_F(LocalApicTest, TheTaskPriorityHoldsInterruptsOfItsClassBack) {
    enable();
    cpu.write(lapic::TPR, 0x45);
    EXPECT_EQ(cpu.read(lapic::PPR), 0x45u);
    apic.deliver(0x4F, false);
    EXPECT_FALSE(apic.request());
    cpu.write(lapic::TPR, 0x3F);
    EXPECT_TRUE(apic.request());
}

TEST_F(LocalApicTest, ThePriorityOfTheProcessorIsTheHigherOfTaskAndService) {
    enable();
    cpu.write(lapic::TPR, 0x45);
    apic.deliver(0x67, false);
    apic.acknowledge();
    EXPECT_EQ(cpu.read(lapic::PPR), 0x60u);
    cpu.write(lapic::TPR, 0x72);
    EXPECT_EQ(cpu.read(lapic::PPR), 0x72u);
}

TEST_F(LocalApicTest, AnInterruptThatPriorityTookBackIsSpurious) {
    enable();
    apic.deliver(0x31, false);
    cpu.write(lapic::TPR, 0xF0);
    EXPECT_EQ(apic.acknowledge(), 0xFF) << "the vector of SVR";
    EXPECT_EQ(cpu.read(lapic::ISR(7)), 0u) << "and nothing is in service";
    EXPECT_EQ(cpu.read(lapic::IRR(1)), 1U << 17);
}

TEST_F(LocalApicTest, ASecondRequestWaitsWhileTheFirstIsInService) {
    enable();
    apic.deliver(0x31, false);
    apic.acknowledge();
    apic.deliver(0x31, false);
    apic.deliver(0x31, false);
    end();
    EXPECT_EQ(apic.acknowledge(), 0x31);
    end();
    EXPECT_EQ(apic.acknowledge(), -1) << "one request is held beside the one in service";
}

TEST_F(LocalApicTest, TheEndOfALevelInterruptIsBroadcast) {
    enable();
    apic.deliver(0x31, true);
    EXPECT_EQ(cpu.read(lapic::TMR(1)), 1U << 17);
    apic.acknowledge();
    end();
    EXPECT_EQ(ended, std::vector<unsigned>{0x31});
    apic.deliver(0x31, false);
    EXPECT_EQ(cpu.read(lapic::TMR(1)), 0u);
    apic.acknowledge();
    end();
    EXPECT_EQ(ended.size(), 1u);
    end();
    EXPECT_EQ(ended.size(), 1u) << "an EOI without service does nothing";
}

TEST_F(LocalApicTest, ReservedVectorsAreToldAndDropped) {
    enable();
    const std::uint64_t before = diagnosis_count();
    EXPECT_FALSE(apic.deliver(15, false));
    EXPECT_FALSE(apic.deliver(15, false));
    EXPECT_EQ(diagnosis_count(), before + 1);
    EXPECT_EQ(cpu.read(lapic::IRR(0)), 0u);
}

TEST_F(LocalApicTest, TheOneShotTimerInterruptsOnceAtTheExactTime) {
    enable();
    cpu.write(lapic::TIMER_DIVIDE, 0x3);  // 16
    cpu.write(lapic::LVT_TIMER, 0x40);
    cpu.write(lapic::TIMER_INITIAL, 100);  // 16 us at 100 MHz
    run_ns(15'999);
    EXPECT_FALSE(apic.request());
    EXPECT_EQ(cpu.read(lapic::TIMER_CURRENT), 1u);
    run_ns(1);
    EXPECT_EQ(apic.acknowledge(), 0x40);
    EXPECT_EQ(cpu.read(lapic::TIMER_CURRENT), 0u);
    end();
    run_ns(100'000);
    EXPECT_FALSE(apic.request());
    EXPECT_EQ(cpu.read(lapic::TIMER_INITIAL), 100u);
}

TEST_F(LocalApicTest, ThePeriodicTimerGoesOn) {
    enable();
    cpu.write(lapic::TIMER_DIVIDE, 0xB);  // 1
    cpu.write(lapic::LVT_TIMER, kPeriodic | 0x40);
    cpu.write(lapic::TIMER_INITIAL, 1000);  // 10 us
    for (int n = 0; n < 5; ++n) {
        run_ns(10'000);
        EXPECT_EQ(apic.acknowledge(), 0x40) << n;
        end();
    }
    run_ns(2'500);
    EXPECT_EQ(cpu.read(lapic::TIMER_CURRENT), 750u);
    EXPECT_FALSE(apic.request());
}

TEST_F(LocalApicTest, AllDividersAreThoseOfTheManual) {
    enable();
    cpu.write(lapic::LVT_TIMER, kMasked | 0x40);
    const std::uint32_t codes[] = {0x0, 0x1, 0x2, 0x3, 0x8, 0x9, 0xA, 0xB};
    const std::uint32_t dividers[] = {2, 4, 8, 16, 32, 64, 128, 1};
    for (int n = 0; n < 8; ++n) {
        cpu.write(lapic::TIMER_DIVIDE, codes[n]);
        cpu.write(lapic::TIMER_INITIAL, 1'000'000);
        run_ns(12'800);  // 1280 clocks
        EXPECT_EQ(cpu.read(lapic::TIMER_CURRENT), 1'000'000u - 1280 / dividers[n]) << dividers[n];
    }
}

TEST_F(LocalApicTest, AMaskedTimerCountsInSilence) {
    enable();
    cpu.write(lapic::LVT_TIMER, kMasked | 0x40);
    cpu.write(lapic::TIMER_INITIAL, 10);
    run_ns(1'000);
    EXPECT_FALSE(apic.request());
    EXPECT_EQ(cpu.read(lapic::TIMER_CURRENT), 0u);
}

TEST_F(LocalApicTest, AModeThatIsNotThereIsToldAndStopsTheTimer) {
    enable();
    const std::uint64_t before = diagnosis_count();
    cpu.write(lapic::LVT_TIMER, 3U << 17 | 0x40);  // 11.5.4: reserved
    cpu.write(lapic::TIMER_INITIAL, 10);
    run_ns(1'000);
    EXPECT_FALSE(apic.request());
    EXPECT_EQ(diagnosis_count(), before + 1);
}

}  // namespace
}  // namespace turnpike::test
