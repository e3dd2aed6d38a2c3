// SPDX-License-Identifier: Apache-2.0
#include "bench/scaling/resources.h"

#include <algorithm>

namespace turnpike::bench {
namespace {

using json = nlohmann::ordered_json;

constexpr double kWireOverhead = 4 + 20;  // FCS; preamble, delimiter and gap, IEEE 802.3 3.1.1, 4.4.2
constexpr double kHeaderBytes = 12;       // of a packet on the fabric (models/fabric/fabric.h)
constexpr double kLineBytes = 64;

double share(double bits, double gbps, double ns) { return bits / (gbps * ns); }

double cores(const json& stats) {
    double sum = 0;
    for (const json& core : stats["cores"]) {
        const double busy = core["busy_cycles"], idle = core["idle_cycles"];
        sum += busy / (busy + idle);
    }
    return sum / static_cast<double>(stats["cores"].size());
}

double wire(const config::Scenario& scenario, const json& stats, double ns) {
    double most = 0;
    for (const config::PortConfig& port : scenario.ports) {
        const double mbps = static_cast<double>(port.rate_mbps != 0 ? port.rate_mbps : scenario.machine.link.rate_mbps);
        const json& counts = stats["ports"][port.name];
        const double frames = counts["tx_frames"], bytes = counts["tx_bytes"];
        most = std::max(most, share((bytes + frames * kWireOverhead) * 8, mbps / 1000, ns));
    }
    return most;
}

/// Writes and read requests go one way, what is read comes the other.
double pcie(const config::Scenario& scenario, const json& stats, double ns) {
    double most = 0;
    for (const config::PortConfig& port : scenario.ports) {
        const json& dma = stats["fabric"]["initiators"][port.name + "_dma"];
        const double reads = dma["reads"], writes = dma["writes"];
        const double up = dma["written_bytes"].get<double>() + (reads + writes) * kHeaderBytes;
        const double down = dma["read_bytes"].get<double>() + reads * kHeaderBytes;
        most = std::max(most,
                        share(std::max(up, down) * 8, static_cast<double>(scenario.machine.pcie.bandwidth_gbps), ns));
    }
    return most;
}

/// What devices move, and the lines that the cores' last level did not have.
double memory(const config::Scenario& scenario, const json& stats, double ns) {
    const json& dram = stats["fabric"]["targets"]["dram"];
    const double bytes = dram["read_bytes"].get<double>() + dram["written_bytes"].get<double>() +
                         stats["core"]["llc"]["misses"].get<double>() * kLineBytes;
    return share(bytes * 8, static_cast<double>(scenario.machine.dram.bandwidth_gbps), ns);
}

/// A lookup can begin with each clock (docs/accelerators.md).
double lpm(const config::Scenario& scenario, const json& stats, double ns) {
    const json& engine = stats["accelerators"]["lpm"];
    if (!engine.contains("lookups")) return 0;
    const double lookups = engine["lookups"].get<double>() + engine["lookaside_lookups"].get<double>();
    return lookups / (ns * static_cast<double>(scenario.machine.accel_lpm.freq_mhz) / 1000);
}

}  // namespace

std::vector<Use> resources(const config::Scenario& scenario, const json& stats) {
    const double ns = stats["simulated_ns"];
    return {{"cores", cores(stats)},
            {"wire out", wire(scenario, stats, ns)},
            {"PCIe", pcie(scenario, stats, ns)},
            {"memory", memory(scenario, stats, ns)},
            {"LPM engine", lpm(scenario, stats, ns)}};
}

std::vector<Use> core_time(const json& stats) {
    const double busy = stats["core"]["busy_cycles"];
    double waited = 0, longest = 0;
    std::string worst;
    for (const auto& [name, lock] : stats["firmware"]["lock_stat"].items()) {
        const double cycles = lock["wait_cycles"];
        waited += cycles;
        if (cycles <= longest) continue;
        longest = cycles;
        worst = " (most for " + name + ")";
    }
    const double devices = stats["core"]["bus_stall_cycles"].get<double>() / busy, locks = waited / busy;
    return {{"waiting for devices", devices}, {"waiting for locks" + worst, locks}, {"computing", 1 - devices - locks}};
}

const Use& most_used(const std::vector<Use>& uses) {
    return *std::max_element(uses.begin(), uses.end(), [](const Use& a, const Use& b) { return a.share < b.share; });
}

}  // namespace turnpike::bench
