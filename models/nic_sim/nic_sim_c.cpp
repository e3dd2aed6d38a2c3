// SPDX-License-Identifier: Apache-2.0
#include "models/nic_sim/nic_sim_c.h"

#include <fmt/core.h>

#include <algorithm>
#include <cstdio>
#include <stdexcept>

#include "models/nic_sim/nic_sim.h"

using turnpike::NicSim;
using turnpike::NicSimConfig;

struct turnpike_nic_sim {
    struct Memory : turnpike::HostMemory {
        explicit Memory(const turnpike_nic_sim_memory& functions) : c(functions) {}
        bool read(std::uint64_t address, void* data, std::size_t bytes) override {
            return c.read(c.context, address, data, bytes) != 0;
        }
        bool write(std::uint64_t address, const void* data, std::size_t bytes) override {
            return c.write(c.context, address, data, bytes) != 0;
        }
        turnpike_nic_sim_memory c;
    };
    turnpike_nic_sim(const NicSimConfig& config, const turnpike_nic_sim_memory& functions)
        : memory(functions), sim(config, memory) {}
    Memory memory;
    NicSim sim;
};

namespace {

template <typename To, typename From>
void take(To& to, From from) {
    if (from != 0) to = static_cast<To>(from);
}

NicSimConfig converted(const turnpike_nic_sim_config& c) {
    NicSimConfig config;
    if (c.name != nullptr) config.name = c.name;
    if (std::any_of(std::begin(c.mac), std::end(c.mac), [](std::uint8_t byte) { return byte != 0; }))
        std::copy(std::begin(c.mac), std::end(c.mac), config.mac.begin());
    take(config.rate_mbps, c.rate_mbps);
    take(config.link_up_us, c.link_up_us);
    take(config.pcie_generation, c.pcie_generation);
    take(config.pcie_lanes, c.pcie_lanes);
    take(config.max_payload, c.max_payload);
    take(config.max_read_request, c.max_read_request);
    take(config.propagation_ns, c.propagation_ns);
    take(config.rx_fifo_kib, c.rx_fifo_kib);
    take(config.tx_fifo_kib, c.tx_fifo_kib);
    take(config.read_completion_boundary, c.read_completion_boundary);
    take(config.outstanding_reads, c.outstanding_reads);
    take(config.posted_header_credits, c.posted_header_credits);
    take(config.posted_data_credits, c.posted_data_credits);
    take(config.non_posted_header_credits, c.non_posted_header_credits);
    take(config.link_latency_ns, c.link_latency_ns);
    take(config.root_complex_ns, c.root_complex_ns);
    take(config.llc_ns, c.llc_ns);
    take(config.dram_ns, c.dram_ns);
    config.llc_hit = c.llc_miss == 0;
    return config;
}

}  // namespace

turnpike_nic_sim* turnpike_nic_sim_new(const turnpike_nic_sim_config* config, const turnpike_nic_sim_memory* memory) {
    try {
        return new turnpike_nic_sim(config != nullptr ? converted(*config) : NicSimConfig{}, *memory);
    } catch (const std::exception& error) {
        fmt::print(stderr, "turnpike_nic_sim_new: {}\n", error.what());
        return nullptr;
    }
}

void turnpike_nic_sim_delete(turnpike_nic_sim* sim) { delete sim; }

uint32_t turnpike_nic_sim_mmio_read32(turnpike_nic_sim* sim, unsigned bar, uint64_t offset) {
    return sim->sim.mmio_read32(bar, offset);
}
void turnpike_nic_sim_mmio_write32(turnpike_nic_sim* sim, unsigned bar, uint64_t offset, uint32_t value) {
    sim->sim.mmio_write32(bar, offset, value);
}
uint32_t turnpike_nic_sim_cfg_read32(turnpike_nic_sim* sim, uint64_t offset) { return sim->sim.cfg_read32(offset); }
void turnpike_nic_sim_cfg_write32(turnpike_nic_sim* sim, uint64_t offset, uint32_t value) {
    sim->sim.cfg_write32(offset, value);
}

uint64_t turnpike_nic_sim_now_ps(const turnpike_nic_sim* sim) { return sim->sim.now_ps(); }
void turnpike_nic_sim_run_for(turnpike_nic_sim* sim, uint64_t ps) { sim->sim.run_for(ps); }
int turnpike_nic_sim_run_until(turnpike_nic_sim* sim, int (*predicate)(void*), void* context, uint64_t max_ps) {
    return sim->sim.run_until([=] { return predicate(context) != 0; }, max_ps) ? 1 : 0;
}

void turnpike_nic_sim_on_intx(turnpike_nic_sim* sim, void (*handler)(void*, int), void* context) {
    sim->sim.on_intx([=](bool level) { handler(context, level ? 1 : 0); });
}
void turnpike_nic_sim_on_msi(turnpike_nic_sim* sim, void (*handler)(void*, uint64_t, uint32_t), void* context) {
    sim->sim.on_msi([=](std::uint64_t address, std::uint32_t data) { handler(context, address, data); });
}
void turnpike_nic_sim_on_wire_tx(turnpike_nic_sim* sim, void (*handler)(void*, const uint8_t*, size_t, uint64_t),
                                 void* context) {
    sim->sim.on_wire_tx([=](std::span<const std::uint8_t> frame, std::uint64_t ps) {
        handler(context, frame.data(), frame.size(), ps);
    });
}
void turnpike_nic_sim_wire_rx(turnpike_nic_sim* sim, const uint8_t* frame, size_t bytes, uint64_t at_ps) {
    sim->sim.wire_rx({frame, bytes}, at_ps);
}

void turnpike_nic_sim_wire_rx_bad_fcs(turnpike_nic_sim* sim, const uint8_t* frame, size_t bytes, uint64_t at_ps) {
    sim->sim.wire_rx({frame, bytes}, at_ps, true);
}

uint64_t turnpike_nic_sim_statistic(const turnpike_nic_sim* sim, const char* name) {
    for (const auto& [key, value] : sim->sim.counters().statistics)
        if (key == name) return value;
    return UINT64_MAX;
}
uint64_t turnpike_nic_sim_drops(const turnpike_nic_sim* sim, const char* fate) {
    for (const auto& [key, value] : sim->sim.counters().drops)
        if (key == fate) return value;
    return 0;
}

void turnpike_nic_sim_get_counters(const turnpike_nic_sim* sim, turnpike_nic_sim_counters* counters) {
    const turnpike::NicSimCounters c = sim->sim.counters();
    *counters = {c.tlps_to_host,
                 c.bytes_to_host,
                 c.tlps_to_device,
                 c.bytes_to_device,
                 c.dma_reads,
                 c.dma_read_bytes,
                 c.dma_writes,
                 c.dma_written_bytes,
                 c.dma_errors,
                 c.messages,
                 c.register_reads,
                 c.register_writes,
                 0};
    for (const auto& [fate, count] : c.drops) counters->dropped_frames += count;
}
