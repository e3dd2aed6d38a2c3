// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <utility>
#include <vector>

#include "regs/address_map.h"
#include "sw/hal/native/test_machine.h"
#include "sw/kernel/error.h"
#include "sw/kernel/interrupt.h"
#include "sw/kernel/printk.h"
#include "sw/kernel/sched.h"

namespace {

using namespace fw;
using testing::ElementsAre;

std::vector<std::string> events;
void note(const char* what) { events.emplace_back(what); }

constexpr unsigned kPin = 4;
constexpr std::uint64_t kEoi = 0xFEE000B0;  // Intel SDM volume 3, table 11-1

TEST(Softirq, AMarkedOneRunsOnceAtTheSchedulerPoint) {
    open_softirq(NET_RX_SOFTIRQ, [] { note("rx"); });
    raise_softirq(NET_RX_SOFTIRQ);
    schedule();
    schedule();
    EXPECT_THAT(events, ElementsAre("rx"));
    EXPECT_FALSE(softirq_pending());
}

TEST(Softirq, LowerNumbersRunFirst) {
    open_softirq(HI_SOFTIRQ, [] { note("hi"); });
    open_softirq(NET_TX_SOFTIRQ, [] { note("tx"); });
    open_softirq(NET_RX_SOFTIRQ, [] { note("rx"); });
    for (const Softirq nr : {NET_RX_SOFTIRQ, HI_SOFTIRQ, NET_TX_SOFTIRQ}) raise_softirq(nr);
    do_softirq();
    EXPECT_THAT(events, ElementsAre("hi", "tx", "rx"));
}

TEST(Softirq, TheyRunWithInterruptsOnAndLeaveThemAsTheyWere) {
    open_softirq(NET_RX_SOFTIRQ, [] { EXPECT_TRUE(native::machine().interrupts_enabled); });
    raise_softirq(NET_RX_SOFTIRQ);
    native::machine().interrupts_enabled = false;
    do_softirq();
    EXPECT_FALSE(native::machine().interrupts_enabled);
}

TEST(Softirq, OneIsNotEnteredFromWithinAnother) {
    open_softirq(NET_TX_SOFTIRQ, [] { note("tx"); });
    open_softirq(NET_RX_SOFTIRQ, [] {
        raise_softirq(NET_TX_SOFTIRQ);
        do_softirq();
        note("rx");
    });
    raise_softirq(NET_RX_SOFTIRQ);
    do_softirq();
    EXPECT_THAT(events, ElementsAre("rx", "tx"));
}

TEST(Softirq, OneThatMarksItselfGetsTenRoundsAndThenWaitsForTheIdleLoop) {
    open_softirq(NET_RX_SOFTIRQ, [] {
        note("rx");
        raise_softirq(NET_RX_SOFTIRQ);
    });
    raise_softirq(NET_RX_SOFTIRQ);
    do_softirq();
    EXPECT_EQ(events.size(), 10U);  // Linux 2.6 kernel/softirq.c, MAX_SOFTIRQ_RESTART
    EXPECT_TRUE(softirq_pending());
}

TEST(Irq, HandlersComeFirstThenTheEndOfInterruptThenTheSoftirqs) {
    native::machine().write32 = [](std::uint64_t address, std::uint32_t) {
        if (address == kEoi) note("eoi");
    };
    open_softirq(NET_RX_SOFTIRQ, [] { note("softirq"); });
    const auto handler = [](unsigned pin, void*) {
        EXPECT_EQ(pin, kPin);
        note("handler");
        __cpu_raise_softirq(NET_RX_SOFTIRQ);
        do_softirq();  // not from within an interrupt
    };
    ASSERT_EQ(request_irq(kPin, handler, nullptr), 0);
    do_IRQ(0x20 + kPin);
    EXPECT_THAT(events, ElementsAre("handler", "eoi", "softirq"));
}

TEST(Irq, OneThatInterruptsASoftirqLeavesTheNewSoftirqToIt) {
    open_softirq(NET_RX_SOFTIRQ, [] { note("rx"); });
    open_softirq(NET_TX_SOFTIRQ, [] {
        do_IRQ(0x20 + kPin);
        note("tx");
    });
    ASSERT_EQ(request_irq(
                  kPin, [](unsigned, void*) { __cpu_raise_softirq(NET_RX_SOFTIRQ); }, nullptr),
              0);
    raise_softirq(NET_TX_SOFTIRQ);
    do_softirq();
    EXPECT_THAT(events, ElementsAre("tx", "rx"));
}

TEST(Irq, HandlersThatShareAPinAreAllCalled) {
    int calls[2] = {};
    const auto count = [](unsigned, void* data) { ++*static_cast<int*>(data); };
    ASSERT_EQ(request_irq(kPin, count, &calls[0]), 0);
    ASSERT_EQ(request_irq(kPin, count, &calls[1]), 0);
    do_IRQ(0x20 + kPin);
    EXPECT_THAT(calls, ElementsAre(1, 1));
}

TEST(Irq, ARequestedPinIsRoutedLevelTriggeredToItsVectorOnCoreZero) {
    std::vector<std::pair<std::uint64_t, std::uint32_t>> writes;
    native::machine().write32 = [&](std::uint64_t address, std::uint32_t value) {
        writes.emplace_back(address, value);
    };
    ASSERT_EQ(request_irq(
                  5, [](unsigned, void*) {}, nullptr),
              0);
    // 82093AA data sheet 3.2: entry n at index 0x10 + 2n; 3.2.4: bit 15 level, bit 16 clear: not masked.
    EXPECT_THAT(writes, ElementsAre(std::pair{0xFEC00000UL, 0x1BU}, std::pair{0xFEC00010UL, 0U},
                                    std::pair{0xFEC00000UL, 0x1AU}, std::pair{0xFEC00010UL, 0x8025U}));
}

TEST(Irq, APinThatTheControllerDoesNotHaveIsRefused) {
    EXPECT_EQ(request_irq(
                  24, [](unsigned, void*) {}, nullptr),
              -err::inval);
}

TEST(Irq, AVectorWithoutAHandlerIsReportedAndEnded) {
    unsigned ends = 0;
    native::machine().write32 = [&](std::uint64_t address, std::uint32_t) { ends += address == kEoi; };
    console_loglevel = 8;
    do_IRQ(0x20 + 9);
    EXPECT_EQ(ends, 1U);
    EXPECT_THAT(native::machine().console, testing::HasSubstr("unexpected interrupt vector 41"));
}

TEST(Irq, TheSpuriousVectorGetsNoEndOfInterrupt) {
    native::machine().write32 = [](std::uint64_t, std::uint32_t) { note("write"); };
    do_IRQ(0xFF);  // Intel SDM volume 3, 11.9
    EXPECT_TRUE(events.empty());
}

TEST(Idle, TheCoreSleepsOnlyWhenNoSoftirqIsMarked) {
    struct Awake {};
    open_softirq(NET_RX_SOFTIRQ, [] { note("rx"); });
    raise_softirq(NET_RX_SOFTIRQ);
    native::machine().wait_for_interrupt = [] {
        note("sleep");
        if (events.size() == 4) throw Awake{};
        raise_softirq(NET_RX_SOFTIRQ);
    };
    EXPECT_THROW(cpu_idle(), Awake);
    EXPECT_THAT(events, ElementsAre("rx", "sleep", "rx", "sleep"));
}

}  // namespace
