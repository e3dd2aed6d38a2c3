// SPDX-License-Identifier: Apache-2.0
// Messages between local APICs: Intel SDM volume 3, 11.6 (inter-processor interrupts), 11.11 (message-signalled ones).
#include "models/irq/apic_bus.h"

#include <gtest/gtest.h>

#include <array>
#include <memory>
#include <vector>

#include "models/core/clock.h"
#include "models/core/diagnosis.h"
#include "regs/lapic.h"
#include "tests/core/test_initiator.h"

namespace turnpike::test {
namespace {

namespace lapic = regs::lapic;

constexpr unsigned kApics = 4;
constexpr std::uint64_t kIpiPs = 100'000;
// Interrupt command, 11.6.1: delivery modes, logical destination, shorthands.
constexpr std::uint32_t kLowestPriority = 1U << 8, kSmi = 2U << 8, kNmi = 4U << 8, kInit = 5U << 8, kStartup = 6U << 8;
constexpr std::uint32_t kLogical = 1U << 11, kAssert = 1U << 14, kLevel = 1U << 15;
constexpr std::uint32_t kSelf = 1U << 18, kAll = 2U << 18, kOthers = 3U << 18;

struct ApicBusTest : testing::Test {
    ApicBusTest() {
        device.socket.bind(bus.msi);
        for (unsigned n = 0; n < kApics; ++n) {
            apics[n] = std::make_unique<LocalApic>(("apic" + std::to_string(n)).c_str(), n, 100);
            cpus[n] = std::make_unique<TestInitiator>(("cpu" + std::to_string(n)).c_str());
            cpus[n]->socket.bind(apics[n]->socket);
            bus.connect(*apics[n]);
            apics[n]->set_init_handler([this, n] { inits.push_back(n); });
            apics[n]->set_nmi_handler([this, n] { nmis.push_back(n); });
            apics[n]->set_startup_handler([this, n](unsigned page) { startups.emplace_back(n, page); });
        }
        sc_core::sc_start(sc_core::SC_ZERO_TIME);
        for (auto& cpu : cpus) cpu->write(lapic::SVR, 0x1FF);
    }
    void command(unsigned from, std::uint32_t low, unsigned destination = 0) {
        cpus[from]->write(lapic::ICR_HIGH, destination << 24);
        cpus[from]->write(lapic::ICR_LOW, low);
    }
    void run(std::uint64_t ps) {
        sc_core::sc_start(from_ps(ps));
        sc_core::sc_start(sc_core::SC_ZERO_TIME);
    }
    void arrive() { run(kIpiPs); }
    bool requested(unsigned apic, unsigned vector) {
        return (cpus[apic]->read(lapic::IRR(vector / 32)) >> (vector % 32) & 1) != 0;
    }
    /// Which of the four have the vector requested, a bit each.
    unsigned who(unsigned vector) {
        unsigned mask = 0;
        for (unsigned n = 0; n < kApics; ++n) mask |= (requested(n, vector) ? 1U : 0U) << n;
        return mask;
    }

    ApicBus bus{"bus", kIpiPs};
    TestInitiator device{"device"};
    std::array<std::unique_ptr<LocalApic>, kApics> apics;
    std::array<std::unique_ptr<TestInitiator>, kApics> cpus;
    std::vector<unsigned> inits, nmis;
    std::vector<std::pair<unsigned, unsigned>> startups;
};

TEST_F(ApicBusTest, AFixedInterruptReachesItsPhysicalDestinationAfterTheLatency) {
    command(0, 0x40, 2);
    EXPECT_TRUE(lapic::ICR_LOW_PENDING.test(cpus[0]->read(lapic::ICR_LOW))) << "11.6.1: send pending";
    run(kIpiPs - 1);
    EXPECT_EQ(who(0x40), 0u);
    run(1);
    EXPECT_EQ(who(0x40), 0b0100u);
    EXPECT_FALSE(lapic::ICR_LOW_PENDING.test(cpus[0]->read(lapic::ICR_LOW)));
}

TEST_F(ApicBusTest, PhysicalDestinationFfIsEverybody) {
    command(1, 0x41, 0xFF);
    arrive();
    EXPECT_EQ(who(0x41), 0b1111u);
}

TEST_F(ApicBusTest, AnNmiReachesItsDestinationEvenWhereTheApicIsDisabled) {
    cpus[2]->write(lapic::SVR, 0xFF);
    command(0, kNmi | 0x55, 2);
    command(0, kNmi | kOthers);
    arrive();
    EXPECT_EQ(nmis, (std::vector<unsigned>{2, 1, 2, 3}));
    EXPECT_EQ(who(0x55), 0u) << "11.6.1: the vector of an NMI means nothing";
}

TEST_F(ApicBusTest, ShorthandsNameSelfAllAndAllOthers) {
    command(1, kSelf | 0x50);
    EXPECT_EQ(who(0x50), 0b0010u) << "at once";
    command(1, kAll | 0x51);
    arrive();
    EXPECT_EQ(who(0x51), 0b1111u);
    command(1, kOthers | 0x52);
    arrive();
    EXPECT_EQ(who(0x52), 0b1101u);
}

TEST_F(ApicBusTest, ALogicalDestinationOfTheFlatModelIsASetOfBits) {
    for (unsigned n = 0; n < kApics; ++n) cpus[n]->write(lapic::LDR, 1U << (24 + n));
    command(0, kLogical | 0x60, 0b1010);
    arrive();
    EXPECT_EQ(who(0x60), 0b1010u);
}

TEST_F(ApicBusTest, ALogicalDestinationOfTheClusterModelIsAClusterAndASetOfItsMembers) {
    const unsigned ids[kApics] = {0x11, 0x12, 0x21, 0x22};  // two clusters of two
    for (unsigned n = 0; n < kApics; ++n) {
        cpus[n]->write(lapic::DFR, 0x0FFFFFFF);
        cpus[n]->write(lapic::LDR, ids[n] << 24);
    }
    command(0, kLogical | 0x61, 0x23);
    arrive();
    EXPECT_EQ(who(0x61), 0b1100u);
    command(0, kLogical | 0x62, 0xF1);
    arrive();
    EXPECT_EQ(who(0x62), 0b0101u) << "cluster 15 is all clusters";
}

TEST_F(ApicBusTest, ALowestPriorityInterruptGoesToTheLeastBusyOfItsDestinations) {
    cpus[0]->write(lapic::TPR, 0x50);
    cpus[1]->write(lapic::TPR, 0x20);
    cpus[2]->write(lapic::TPR, 0x30);
    cpus[3]->write(lapic::SVR, 0xFF);  // disabled
    command(0, kLowestPriority | 0x70, 0xFF);
    arrive();
    EXPECT_EQ(who(0x70), 0b0010u);
}

TEST_F(ApicBusTest, InitAndStartupReachTheOtherCoresInOrder) {
    command(0, kOthers | kInit | kLevel | kAssert);
    command(0, kOthers | kInit | kLevel);  // the de-assertion does nothing
    command(0, kOthers | kStartup | 0x08);
    arrive();
    EXPECT_EQ(inits, (std::vector<unsigned>{1, 2, 3}));
    const std::vector<std::pair<unsigned, unsigned>> expected{{1, 8}, {2, 8}, {3, 8}};
    EXPECT_EQ(startups, expected);
}

TEST_F(ApicBusTest, InitResetsTheLocalApicButKeepsItsId) {
    cpus[2]->write(lapic::TPR, 0x30);
    command(0, kInit | kLevel | kAssert, 2);
    arrive();
    EXPECT_EQ(cpus[2]->read(lapic::SVR), 0xFFu) << "disabled";
    EXPECT_EQ(cpus[2]->read(lapic::TPR), 0u);
    EXPECT_EQ(cpus[2]->read(lapic::ID), 2u << 24);
}

TEST_F(ApicBusTest, WhatNobodyHasAndModesThatAreNotThereAreToldAndDropped) {
    const std::uint64_t before = diagnosis_count();
    command(0, 0x40, 9);
    command(0, 0x40, 9);
    arrive();
    EXPECT_EQ(diagnosis_count(), before + 1);
    command(0, kSmi, 1);
    arrive();
    EXPECT_EQ(diagnosis_count(), before + 2);
    EXPECT_EQ(who(0x40), 0u);
}

TEST_F(ApicBusTest, AWriteToTheMsiWindowIsAnInterruptToTheApicThatTheAddressNames) {
    EXPECT_EQ(device.write_bytes(0x03000, {0x80, 0, 0, 0}), tlm::TLM_OK_RESPONSE);
    EXPECT_EQ(who(0x80), 0b1000u);
    EXPECT_EQ(device.write_bytes(0xFF000, {0x81, 0, 0, 0}), tlm::TLM_OK_RESPONSE);
    EXPECT_EQ(who(0x81), 0b1111u);
}

TEST_F(ApicBusTest, ARedirectedLogicalMessageIsMatchedByLogicalIds) {
    for (unsigned n = 0; n < kApics; ++n) cpus[n]->write(lapic::LDR, 1U << (24 + n));
    EXPECT_EQ(device.write_bytes(0x06000 | 0xC, {0x82, 0, 0, 0}), tlm::TLM_OK_RESPONSE);
    EXPECT_EQ(who(0x82), 0b0110u);
}

TEST_F(ApicBusTest, TheMsiWindowTakesOnlyWholeAlignedWrites) {
    std::array<std::uint8_t, 4> data{};
    EXPECT_EQ(device.read_bytes(0, data), tlm::TLM_GENERIC_ERROR_RESPONSE);
    EXPECT_EQ(device.write_bytes(0, {0x80, 0}), tlm::TLM_GENERIC_ERROR_RESPONSE);
    EXPECT_EQ(device.write_bytes(2, {0x80, 0, 0, 0}), tlm::TLM_GENERIC_ERROR_RESPONSE);
}

TEST_F(ApicBusTest, ADeadlineFiresOnceAtItsTimeAndAModeChangeDisarmsIt) {
    constexpr std::uint32_t kDeadline = 2U << 17;
    apics[0]->set_deadline(now_ps() + 1000);
    EXPECT_FALSE(apics[0]->has_deadline()) << "11.5.4.1: in other modes nothing is armed";
    cpus[0]->write(lapic::LVT_TIMER, kDeadline | 0x90);
    apics[0]->set_deadline(now_ps() + 1000);
    run(999);
    EXPECT_FALSE(requested(0, 0x90));
    run(1);
    EXPECT_TRUE(requested(0, 0x90));
    EXPECT_FALSE(apics[0]->has_deadline());
    cpus[0]->write(lapic::LVT_TIMER, kDeadline | 0x91);
    apics[0]->set_deadline(now_ps() + 1000);
    cpus[0]->write(lapic::LVT_TIMER, 0x91);
    run(2000);
    EXPECT_FALSE(requested(0, 0x91));
}

}  // namespace
}  // namespace turnpike::test
