// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <array>
#include <stdexcept>

#include "tests/fabric/fabric_bench.h"

namespace turnpike::test {
namespace {

constexpr std::uint64_t kBase = Bench::kBase;

class Diagnoses {
  public:
    Diagnoses() {
        set_diagnosis_handler([this](const std::string& text) { texts.push_back(text); });
    }
    ~Diagnoses() { set_diagnosis_handler({}); }
    std::vector<std::string> texts;
};

TEST(FabricRouting, AWriteOfAnInitiatorThatIsAheadWhereNothingAnswersIsToldAtItsOwnTime) {
    const Diagnoses diagnoses;
    Bench bench;
    TestInitiator& cpu = bench.initiator("cpu");
    bench.program([&] {
        cpu.delay = ns(33);
        EXPECT_EQ(cpu.write_bytes(0xDEAD0000, bytes(4, 1)), tlm::TLM_ADDRESS_ERROR_RESPONSE);
        EXPECT_EQ(cpu.delay, sc_core::SC_ZERO_TIME);
    });
    ASSERT_TRUE(bench.run());
    EXPECT_THAT(diagnoses.texts.at(0), testing::StartsWith("[33 ns] "));
}

TEST(FabricRouting, AReadWhereNothingAnswersIsAnAddressErrorAfterTheRoundTrip) {
    const Diagnoses diagnoses;
    Bench bench;
    TestInitiator& cpu = bench.initiator("cpu");
    bench.program([&] {
        std::array<std::uint8_t, 4> data{1, 2, 3, 4};
        EXPECT_EQ(cpu.read_bytes(0xDEAD0000, data), tlm::TLM_ADDRESS_ERROR_RESPONSE);
        EXPECT_EQ(now_ps(), (12 + 250 + 12 + 250) * 1000u);
        EXPECT_EQ(data[0], 1);
        EXPECT_EQ(cpu.read_bytes(0xDEAD0004, data), tlm::TLM_ADDRESS_ERROR_RESPONSE);
        EXPECT_EQ(cpu.read_bytes(0xDEAD1000, data), tlm::TLM_ADDRESS_ERROR_RESPONSE);
    });
    ASSERT_TRUE(bench.run());
    EXPECT_EQ(diagnoses.texts.size(), 2u) << "one for each page";
    EXPECT_THAT(diagnoses.texts.at(0), testing::HasSubstr("cpu reads 4 bytes at 0xdead0000, where nothing answers"));
    EXPECT_EQ(bench.fabric.initiator_statistics().at(0).errors, 3u);
}

TEST(FabricRouting, AWriteWhereNothingAnswersIsRefusedAtOnce) {
    const Diagnoses diagnoses;
    Bench bench;
    TestInitiator& cpu = bench.initiator("cpu");
    bench.program([&] {
        EXPECT_EQ(cpu.write_bytes(0xDEAD0000, bytes(4, 0)), tlm::TLM_ADDRESS_ERROR_RESPONSE);
        EXPECT_EQ(now_ps(), 0u);
    });
    ASSERT_TRUE(bench.run());
    EXPECT_EQ(diagnoses.texts.size(), 1u);
    EXPECT_EQ(bench.fabric.initiator_statistics().at(0).errors, 1u);
}

TEST(FabricRouting, AnAccessAcrossTheEndOfAWindowIsAnAddressError) {
    const Diagnoses diagnoses;
    Bench bench;
    TestInitiator& cpu = bench.initiator("cpu");
    const std::uint64_t last = kBase + (1 << 20) - 4;
    bench.program([&] {
        std::array<std::uint8_t, 8> data{};
        EXPECT_EQ(cpu.read_bytes(last, data), tlm::TLM_ADDRESS_ERROR_RESPONSE);
        EXPECT_EQ(cpu.write_bytes(last, bytes(4, 9)), tlm::TLM_OK_RESPONSE);
        EXPECT_EQ(cpu.read_bytes(0xFFFFFFFFFFFFFFFCULL, data), tlm::TLM_ADDRESS_ERROR_RESPONSE);
    });
    ASSERT_TRUE(bench.run());
    ASSERT_EQ(diagnoses.texts.size(), 2u);
    EXPECT_THAT(diagnoses.texts[0], testing::HasSubstr("across the end of dram"));
    EXPECT_EQ(bench.memory.data()[(1 << 20) - 1], 9);
}

TEST(FabricRouting, ARefusedWriteIsToldAndCountedOnBothSides) {
    const Diagnoses diagnoses;
    Bench bench;
    Recorder device("device");
    device.answer = tlm::TLM_BURST_ERROR_RESPONSE;
    bench.fabric.add_target("device", 0x40000000, 0x1000, target_path()).bind(device.socket);
    TestInitiator& cpu = bench.initiator("cpu");
    bench.program([&] { EXPECT_EQ(cpu.write_bytes(0x40000000, bytes(3, 0)), tlm::TLM_OK_RESPONSE) << "it is posted"; });
    ASSERT_TRUE(bench.run());
    ASSERT_EQ(diagnoses.texts.size(), 1u);
    EXPECT_THAT(diagnoses.texts[0], testing::HasSubstr("cpu writes 3 bytes at 0x40000000, which device refuses"));
    EXPECT_EQ(bench.fabric.initiator_statistics().at(0).errors, 1u);
    EXPECT_EQ(bench.fabric.target_statistics().at(1).errors, 1u);
}

TEST(FabricRouting, EmptyAndUnknownCommandsAreErrors) {
    Bench bench;
    TestInitiator& cpu = bench.initiator("cpu");
    bench.program([&] {
        std::uint32_t word = 0;
        tlm::tlm_generic_payload payload;
        sc_core::sc_time delay;
        TestInitiator::prepare(payload, tlm::TLM_IGNORE_COMMAND, kBase, &word, 4);
        cpu.socket->b_transport(payload, delay);
        EXPECT_EQ(payload.get_response_status(), tlm::TLM_COMMAND_ERROR_RESPONSE);
        TestInitiator::prepare(payload, tlm::TLM_READ_COMMAND, kBase, &word, 0);
        cpu.socket->b_transport(payload, delay);
        EXPECT_EQ(payload.get_response_status(), tlm::TLM_GENERIC_ERROR_RESPONSE);
    });
    ASSERT_TRUE(bench.run());
}

TEST(FabricRouting, ABlockingTargetHoldsItsReaderOnly) {
    Bench bench;
    Recorder slow("slow", ns(5000));
    bench.fabric.add_target("slow", 0x40000000, 0x1000, target_path()).bind(slow.socket);
    TestInitiator& cpu = bench.initiator("cpu");
    TestInitiator& nic = bench.initiator("nic");
    std::uint64_t nic_ps = 0;
    bench.program([&] {
        std::array<std::uint8_t, 4> data{};
        cpu.read_bytes(0x40000020, data);
        // Arrival at 272 ns, 6 ns for the header there, 5 us inside, (12+4)/2 + 10 + 16 + 250 back.
        EXPECT_EQ(now_ps(), (272 + 6 + 5000 + 8 + 10 + 16 + 250) * 1000u);
    });
    bench.program([&] {
        std::array<std::uint8_t, 64> data{};
        nic.read_bytes(kBase, data);
        nic_ps = now_ps();
    });
    ASSERT_TRUE(bench.run());
    EXPECT_EQ(nic_ps, 722'000u);
}

TEST(FabricRouting, AReadWaitsForTheWritesThatABlockingTargetIsAt) {
    Bench bench;
    Recorder slow("slow", ns(1000));
    bench.fabric.add_target("slow", 0x40000000, 0x1000, target_path()).bind(slow.socket);
    TestInitiator& cpu = bench.initiator("cpu");
    bench.program([&] {
        for (std::uint8_t n = 0; n < 2; ++n) {
            cpu.write_bytes(0x40000000, bytes(4, n));
            cpu.delay = sc_core::SC_ZERO_TIME;
        }
        std::array<std::uint8_t, 4> data{};
        cpu.read_bytes(0x40000008, data);
    });
    ASSERT_TRUE(bench.run());
    ASSERT_EQ(slow.entries.size(), 3u);
    EXPECT_EQ(slow.entries[0].bytes, bytes(4, 0));
    EXPECT_EQ(slow.entries[0].at_ps, (16 + 260 + 1000) * 1000u);
    EXPECT_EQ(slow.entries[1].bytes, bytes(4, 1));
    EXPECT_EQ(slow.entries[1].at_ps, (16 + 260 + 2000) * 1000u);
    EXPECT_FALSE(slow.entries[2].is_write);
    EXPECT_EQ(slow.entries[2].at_ps, (16 + 260 + 3000) * 1000u);
}

TEST(FabricRouting, DirectPointersAndDebugAccessesAreTranslated) {
    Bench bench;
    TestInitiator& cpu = bench.initiator("cpu");
    sc_core::sc_start(sc_core::SC_ZERO_TIME);
    tlm::tlm_generic_payload payload;
    tlm::tlm_dmi dmi;
    std::uint32_t word = 0x11223344;
    TestInitiator::prepare(payload, tlm::TLM_READ_COMMAND, kBase + 0x100, &word, 4);
    ASSERT_TRUE(cpu.socket->get_direct_mem_ptr(payload, dmi));
    EXPECT_EQ(dmi.get_start_address(), kBase);
    EXPECT_EQ(dmi.get_end_address(), kBase + (1 << 20) - 1);
    EXPECT_EQ(dmi.get_dmi_ptr(), bench.memory.data());
    EXPECT_TRUE(dmi.is_read_write_allowed());
    EXPECT_EQ(payload.get_address(), kBase + 0x100);

    payload.set_write();
    EXPECT_EQ(cpu.socket->transport_dbg(payload), 4u);
    EXPECT_EQ(bench.memory.data()[0x100], 0x44);
    EXPECT_EQ(payload.get_address(), kBase + 0x100);
    payload.set_address(0);
    EXPECT_EQ(cpu.socket->transport_dbg(payload), 0u);
    EXPECT_FALSE(cpu.socket->get_direct_mem_ptr(payload, dmi));

    bench.memory.socket->invalidate_direct_mem_ptr(0, 0xFFF);
    ASSERT_EQ(cpu.invalidations.size(), 1u);
    EXPECT_EQ(cpu.invalidations[0].first, kBase);
    EXPECT_EQ(cpu.invalidations[0].second, kBase + 0xFFF);
}

TEST(FabricRouting, StatisticsCountBytesAndBusyTimeOfEachPort) {
    Bench bench;
    TestInitiator& nic = bench.initiator("nic");
    bench.program([&] {
        std::array<std::uint8_t, 64> data{};
        nic.read_bytes(kBase, data);
        nic.write_bytes(kBase, bytes(100, 1));
    });
    ASSERT_TRUE(bench.run());
    const PortStatistics initiator = bench.fabric.initiator_statistics().at(0);
    EXPECT_EQ(initiator.name, "nic");
    EXPECT_EQ(initiator.reads, 1u);
    EXPECT_EQ(initiator.read_bytes, 64u);
    EXPECT_EQ(initiator.writes, 1u);
    EXPECT_EQ(initiator.written_bytes, 100u);
    EXPECT_EQ(initiator.request_busy_ps, (12 + 112) * 1000u);
    EXPECT_EQ(initiator.response_busy_ps, 76 * 1000u);
    const PortStatistics target = bench.fabric.target_statistics().at(0);
    EXPECT_EQ(target.request_busy_ps, (12 + 112) * 500u);
    EXPECT_EQ(target.response_busy_ps, 76 * 500u);
    bench.fabric.reset_statistics();
    EXPECT_EQ(bench.fabric.initiator_statistics().at(0).reads, 0u);
    EXPECT_EQ(bench.fabric.initiator_statistics().at(0).request_busy_ps, 0u);
    EXPECT_EQ(bench.fabric.initiator_statistics().at(0).name, "nic");
}

TEST(FabricRouting, WindowsThatOverlapAndBandwidthsOfZeroAreRefused) {
    Bench bench;
    EXPECT_THROW(bench.fabric.add_target("other", kBase + 0xFFFFF, 0x1000, target_path()), std::invalid_argument);
    EXPECT_THROW(bench.fabric.add_target("empty", 0, 0, target_path()), std::invalid_argument);
    EXPECT_THROW(bench.fabric.add_initiator("dead", {ns(1), 0}), std::invalid_argument);
}

}  // namespace
}  // namespace turnpike::test
