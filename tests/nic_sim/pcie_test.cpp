// SPDX-License-Identifier: Apache-2.0
// The PCI Express link against SIGCOMM 2018's model, and its limits one by one.
#include <gtest/gtest.h>

#include "tests/nic_sim/little_driver.h"
#include "tests/nic_sim/pcie_load.h"

namespace turnpike::test {
namespace {

constexpr double kTolerance = 0.03;

TEST(PcieLink, CarriesWhatThePublishedModelSays) {
    for (const Load load : {Load::write, Load::read, Load::both})
        for (const unsigned bytes : {64U, 128U, 256U, 257U, 512U, 513U, 1024U, 1518U}) {
            const double published = published_gbps(load, bytes);
            EXPECT_NEAR(measured_gbps(without_waiting(), load, bytes), published, kTolerance * published)
                << bytes << " bytes, load " << static_cast<int>(load);
        }
}

TEST(PcieLink, WritesLargeAndSmallBlocksAtThePublishedRates) {  // SIGCOMM 2018, section 3
    EXPECT_NEAR(measured_gbps({}, Load::write, 256), 52.92, 52.92 * kTolerance);
    EXPECT_NEAR(measured_gbps({}, Load::write, 64), 42.10, 42.10 * kTolerance);
}

TEST(PcieLink, TagsLimitReadsToTheirNumberInARoundTrip) {  // PCI Express base specification 2.2.6.2
    NicSimConfig config;
    config.outstanding_reads = 4;
    // Both ways and the cache, 470 ns, and the TLPs' own time: 24 and 84 bytes at 57.87 Gbit/s.
    const double round_trip_ns = 470 + (24 + 84) * 8 / 57.87;
    EXPECT_NEAR(measured_gbps(config, Load::read, 64), 4 * 64 * 8 / round_trip_ns, 0.1);
}

TEST(PcieLink, DramIsFurtherAwayThanTheCache) {
    NicSimConfig config;
    config.outstanding_reads = 1;
    const double hit = 64 * 8 / measured_gbps(config, Load::read, 64);
    config.llc_hit = false;
    EXPECT_NEAR(64 * 8 / measured_gbps(config, Load::read, 64) - hit, 70, 1) << "ns";
}

TEST(PcieLink, CreditsLimitWritesAndRequestsToTheirNumberInTheTimeTheyTakeToComeBack) {  // 2.6.1
    NicSimConfig config = without_waiting();
    config.posted_header_credits = 2;
    // There 200 ns, the update back 150 ns, and the TLPs themselves: two of 88 bytes.
    EXPECT_NEAR(measured_gbps(config, Load::write, 64), 2 * 64 * 8 / (350 + 2 * 88 * 8 / 57.87), 0.15);
    config = without_waiting();
    config.posted_data_credits = 16;  // of 16 bytes
    EXPECT_NEAR(measured_gbps(config, Load::write, 256), 256 * 8 / (350 + 280 * 8 / 57.87), 0.15);
    config = without_waiting();
    config.non_posted_header_credits = 1;
    EXPECT_NEAR(measured_gbps(config, Load::read, 64), 64 * 8 / (350 + 24 * 8 / 57.87), 0.1);
}

TEST(PcieLink, UnalignedReadsNeedOneCompletionMore) {  // 2.3.1.1
    Memory memory(4096);
    for (const bool aligned : {true, false}) {
        NicSim sim({}, memory);
        sim.cfg_write32(4, 6);
        // A descriptor of 256 bytes to send, in a ring at the page's start.
        const std::uint64_t words[2] = {Memory::kBase + 512 + (aligned ? 0 : 1), 256 | 0x2B300000ULL | 256ULL << 46};
        memory.write(Memory::kBase, words, sizeof words);
        sim.run_for(2'000'000'000);
        const std::uint64_t before = sim.counters().tlps_to_device;
        const std::pair<std::uint64_t, std::uint32_t> kSteps[] = {
            {0x6004, Memory::kBase >> 32}, {0x6000, 0}, {0x6008, 128}, {0x4A80, 1}, {0x6028, 1U << 25}, {0x6018, 1}};
        for (const auto& [reg, value] : kSteps) sim.mmio_write32(0, reg, value);
        sim.run_for(10'000'000);
        // Ours, six register writes; the device's, a descriptor and the data.
        EXPECT_EQ(sim.counters().tlps_to_device - before, 6u + 1 + (aligned ? 1 : 2));
    }
}

}  // namespace
}  // namespace turnpike::test
