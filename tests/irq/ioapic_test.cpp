// SPDX-License-Identifier: Apache-2.0
// Expected behaviour: Intel 82093AA data sheet, chapter 3.
#include "models/irq/ioapic.h"

#include <gtest/gtest.h>

#include "models/core/diagnosis.h"
#include "regs/ioapic.h"
#include "regs/lapic.h"
#include "tests/core/register_sweep.h"
#include "tests/core/test_initiator.h"

namespace turnpike::test {
namespace {

namespace ioapic = regs::ioapic;
namespace lapic = regs::lapic;

constexpr std::uint32_t kLevel = 1U << 15;
constexpr std::uint32_t kRemoteIrr = 1U << 14;
constexpr std::uint32_t kActiveLow = 1U << 13;
constexpr std::uint32_t kMasked = 1U << 16;

struct IoApicTest : testing::Test {
    IoApicTest()
        : io("ioapic"), first("first", 0, 100), second("second", 1, 100), bus("bus"), cpu0("cpu0"), cpu1("cpu1") {
        bus.socket.bind(io.socket);
        device.socket.bind(apics.msi);
        cpu0.socket.bind(first.socket);
        cpu1.socket.bind(second.socket);
        apics.connect(first);
        apics.connect(second);
        io.connect(apics);
        io.pins[16].bind(line);  // the other pins stay unbound
        sc_core::sc_start(sc_core::SC_ZERO_TIME);
        cpu0.write(lapic::SVR, 0x1FF);
        cpu1.write(lapic::SVR, 0x1FF);
    }
    std::uint64_t get(unsigned index) {
        bus.write(ioapic::IOREGSEL, index);
        return bus.read(ioapic::IOWIN);
    }
    void put(unsigned index, std::uint32_t value) {
        bus.write(ioapic::IOREGSEL, index);
        bus.write(ioapic::IOWIN, value);
    }
    void route(unsigned pin, std::uint32_t low, unsigned destination = 0) {
        put(0x11 + 2 * pin, destination << 24);
        put(0x10 + 2 * pin, low);
    }
    void set(bool level) {
        line.write(level);
        sc_core::sc_start(sc_core::SC_ZERO_TIME);
        sc_core::sc_start(sc_core::SC_ZERO_TIME);
    }

    sc_core::sc_signal<bool> line{"line"};
    IoApic io;
    LocalApic first, second;
    ApicBus apics{"apics"};
    TestInitiator bus, cpu0, cpu1;
    TestInitiator device{"device"};
};

TEST_F(IoApicTest, RegistersFollowTheirList) {
    sweep_registers(bus, ioapic::kRegisterBytes, ioapic::kRegisters,
                    {{"IOWIN", "is the register that IOREGSEL names; they have tests of their own"}});
}

TEST_F(IoApicTest, TheIndirectRegistersAreThoseOfTheDataSheet) {
    EXPECT_EQ(get(0x00), 0u);
    put(0x00, 0xFFFFFFFF);
    EXPECT_EQ(get(0x00), 0x0F000000u);
    EXPECT_EQ(get(0x01), 0x00170011u) << "24 entries, version 0x11";
    put(0x01, 0);
    EXPECT_EQ(get(0x01), 0x00170011u);
    for (unsigned pin = 0; pin < 24; ++pin) {
        EXPECT_EQ(get(0x10 + 2 * pin), kMasked) << pin;
        put(0x10 + 2 * pin, 0xFFFFFFFF);
        put(0x11 + 2 * pin, 0xFFFFFFFF);
        EXPECT_EQ(get(0x10 + 2 * pin), 0x0001AFFFu) << "delivery status and remote IRR are read-only";
        EXPECT_EQ(get(0x11 + 2 * pin), 0xFF000000u);
    }
    EXPECT_EQ(get(0x40), 0u);
}

TEST_F(IoApicTest, AnEdgeIsDeliveredOnce) {
    route(16, 0x31);
    set(true);
    EXPECT_EQ(first.acknowledge(), 0x31);
    cpu0.write(lapic::EOI, 0);
    EXPECT_FALSE(first.request());
    set(false);
    EXPECT_FALSE(first.request());
    set(true);
    EXPECT_TRUE(first.request());
    EXPECT_FALSE(second.request());
}

TEST_F(IoApicTest, AnEdgeOnAMaskedPinIsLost) {
    route(16, kMasked | 0x31);
    set(true);
    route(16, 0x31);
    EXPECT_FALSE(first.request());
}

TEST_F(IoApicTest, ALevelIsDeliveredAgainAfterTheEndOfInterruptWhileItLasts) {
    route(16, kLevel | 0x31);
    set(true);
    EXPECT_EQ(get(0x10 + 2 * 16), kRemoteIrr | kLevel | 0x31);
    EXPECT_EQ(first.acknowledge(), 0x31);
    cpu0.write(lapic::EOI, 0);
    EXPECT_EQ(first.acknowledge(), 0x31) << "the line is still high";
    set(false);
    cpu0.write(lapic::EOI, 0);
    EXPECT_FALSE(first.request());
    EXPECT_EQ(get(0x10 + 2 * 16), kLevel | 0x31);
}

TEST_F(IoApicTest, ALevelThatBouncesInServiceIsNotSentTwice) {
    route(16, kLevel | 0x31);
    set(true);
    EXPECT_EQ(first.acknowledge(), 0x31);
    set(false);
    set(true);
    EXPECT_EQ(cpu0.read(lapic::IRR(1)), 0u) << "remote IRR holds it back";
    cpu0.write(lapic::EOI, 0);
    EXPECT_TRUE(first.request());
}

TEST_F(IoApicTest, UnmaskingALevelDeliversIt) {
    route(16, kMasked | kLevel | 0x31);
    set(true);
    EXPECT_FALSE(first.request());
    route(16, kLevel | 0x31);
    EXPECT_TRUE(first.request());
}

TEST_F(IoApicTest, ALevelThatADisabledApicRefusedIsSentWhenItIsEnabled) {
    cpu0.write(lapic::SVR, 0xFF);
    route(16, kLevel | 0x31);
    set(true);
    EXPECT_FALSE(first.request());
    cpu0.write(lapic::SVR, 0x1FF);
    EXPECT_EQ(first.acknowledge(), 0x31);
}

TEST_F(IoApicTest, AnActiveLowPinIsAssertedByAZero) {
    set(true);
    route(16, kActiveLow | kLevel | 0x31);
    EXPECT_FALSE(first.request());
    set(false);
    EXPECT_TRUE(first.request());
}

TEST_F(IoApicTest, TheDestinationIsTheApicWithThatId) {
    route(16, 0x31, 1);
    set(true);
    EXPECT_FALSE(first.request());
    EXPECT_EQ(second.acknowledge(), 0x31);
    set(false);
    route(16, 0x32, 0xFF);
    set(true);
    EXPECT_TRUE(first.request());
    cpu1.write(lapic::EOI, 0);
    EXPECT_TRUE(second.request());
}

TEST_F(IoApicTest, ADestinationThatIsNotThereIsToldOnce) {
    const std::uint64_t before = diagnosis_count();
    route(16, 0x31, 7);
    set(true);
    set(false);
    set(true);
    EXPECT_EQ(diagnosis_count(), before + 1);
}

}  // namespace
}  // namespace turnpike::test
