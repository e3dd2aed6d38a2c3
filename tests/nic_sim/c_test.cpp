// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include "models/nic_sim/nic_sim_c.h"

namespace {

int no_memory_read(void*, std::uint64_t, void*, std::size_t) { return 0; }
int no_memory_write(void*, std::uint64_t, const void*, std::size_t) { return 0; }
constexpr turnpike_nic_sim_memory kNoMemory{nullptr, no_memory_read, no_memory_write};

TEST(NicSimC, TheMirrorReachesConfigurationRegistersAndTime) {
    turnpike_nic_sim* sim = turnpike_nic_sim_new(nullptr, &kNoMemory);
    ASSERT_NE(sim, nullptr);
    EXPECT_EQ(turnpike_nic_sim_cfg_read32(sim, 0), 0x10FB8086u);
    turnpike_nic_sim_mmio_write32(sim, 0, 0x05200, 5);
    EXPECT_EQ(turnpike_nic_sim_mmio_read32(sim, 0, 0x05200), 5u);
    const std::uint64_t before = turnpike_nic_sim_now_ps(sim);
    turnpike_nic_sim_run_for(sim, 1000);
    EXPECT_EQ(turnpike_nic_sim_now_ps(sim), before + 1000);
    turnpike_nic_sim_counters counters;
    turnpike_nic_sim_get_counters(sim, &counters);
    EXPECT_EQ(counters.register_reads, 1u);
    EXPECT_EQ(counters.register_writes, 1u);
    turnpike_nic_sim_delete(sim);
}

TEST(NicSimC, TheMirrorSendsFramesInAndTellsWhatBecameOfThem) {
    turnpike_nic_sim_config config{};
    config.link_up_us = 1;
    turnpike_nic_sim* sim = turnpike_nic_sim_new(&config, &kNoMemory);
    ASSERT_NE(sim, nullptr);
    turnpike_nic_sim_run_for(sim, 2'000'000);
    turnpike_nic_sim_mmio_write32(sim, 0, 0x03000, 1);  // RXCTRL.RXEN
    turnpike_nic_sim_run_for(sim, 1'000'000);
    const std::uint8_t frame[60] = {2, 0, 0, 0, 0, 1};
    turnpike_nic_sim_wire_rx_bad_fcs(sim, frame, sizeof frame, turnpike_nic_sim_now_ps(sim));
    turnpike_nic_sim_wire_rx(sim, frame, 40, turnpike_nic_sim_now_ps(sim));
    turnpike_nic_sim_run_for(sim, 1'000'000);
    EXPECT_EQ(turnpike_nic_sim_drops(sim, "rx_bad_fcs"), 1u);
    EXPECT_EQ(turnpike_nic_sim_drops(sim, "rx_runt"), 1u);
    EXPECT_EQ(turnpike_nic_sim_drops(sim, "rx_filtered"), 0u);
    EXPECT_EQ(turnpike_nic_sim_statistic(sim, "rx_crc_errors"), 1u);
    EXPECT_EQ(turnpike_nic_sim_statistic(sim, "no_such_name"), UINT64_MAX);
    turnpike_nic_sim_delete(sim);
}

TEST(NicSimC, AWrongValueGivesNoDevice) {
    turnpike_nic_sim_config config{};
    config.max_payload = 1;
    EXPECT_EQ(turnpike_nic_sim_new(&config, &kNoMemory), nullptr);
}

}  // namespace
