// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <numeric>

#include "cli/run/report.h"
#include "regs/counter_names.h"

namespace turnpike {

using json = nlohmann::ordered_json;

namespace {

constexpr double kPsPerNs = 1000.0;

template <std::size_t N>
json named(const char* const (&names)[N], const std::uint64_t* values) {
    json out = json::object();
    for (std::size_t i = 0; i < N; ++i) out[names[i]] = values[i];
    return out;
}

json fates(const std::array<std::uint64_t, regs::kFateCount>& sums) {
    json out = json::object();
    for (unsigned i = 0; i < regs::kFateCount; ++i)
        if (sums[i] != 0) out[regs::kFates[i].name] = sums[i];
    return out;
}

struct PortSums {
    std::uint64_t rx_frames = 0, rx_bytes = 0, tx_frames = 0;
    std::array<std::uint64_t, regs::kFateCount> fates{};
};

std::vector<PortSums> sum_ports(const Soc& soc) {
    std::vector<PortSums> sums(soc.ports());
    for (const FrameRecord& record : soc.recorder().frames()) {
        PortSums& port = sums[record.in_port];
        if (record.reached(Point::arrived)) {
            ++port.rx_frames;
            port.rx_bytes += record.bytes;
        }
        ++port.fates[static_cast<unsigned>(record.fate)];
    }
    return sums;
}

json ports(const config::Scenario& scenario, const Soc& soc) {
    const std::vector<PortSums> sums = sum_ports(soc);
    json out = json::object();
    for (std::size_t i = 0; i < soc.ports(); ++i) {
        json port;
        port["rx_frames"] = sums[i].rx_frames;
        port["rx_bytes"] = sums[i].rx_bytes;
        port["tx_frames"] = soc.sink(i).frames();
        port["tx_bytes"] = soc.sink(i).bytes();
        port["fates"] = fates(sums[i].fates);
        json nic = json::object();
        for (const auto& [name, value] : soc.nic(i).statistics()) nic[name] = value;
        port["ethtool"] = std::move(nic);
        out[scenario.ports[i].name] = std::move(port);
    }
    return out;
}

json core(const Soc& soc) {
    const cpu::Stats& stats = soc.core().stats();
    json out;
    out["busy_cycles"] = stats.busy_cycles;
    out["idle_cycles"] = stats.idle_cycles;
    out["instructions"] = stats.instructions;
    out["ipc"] =
        stats.busy_cycles != 0 ? static_cast<double>(stats.instructions) / static_cast<double>(stats.busy_cycles) : 0.0;
    const std::uint64_t forwarded = soc.recorder().forwarded();
    out["cycles_per_forwarded_frame"] =
        forwarded != 0 ? static_cast<double>(stats.busy_cycles) / static_cast<double>(forwarded) : 0.0;
    out["interrupts"] = stats.interrupts;
    out["bus_reads"] = stats.bus_reads;
    out["bus_writes"] = stats.bus_writes;
    out["bus_stall_cycles"] = stats.bus_stall_cycles;
    out["bus_errors"] = stats.bus_errors;
    const std::pair<const char*, const cpu::CacheStats*> caches[] = {
        {"l1i", &stats.l1i}, {"l1d", &stats.l1d}, {"l2", &stats.l2}, {"llc", &stats.llc}};
    for (const auto& [name, cache] : caches) out[name] = {{"accesses", cache->accesses}, {"misses", cache->misses}};
    json stages = json::array();
    for (const cpu::StageCost& stage : soc.core().stages())
        if (stage.calls != 0 || stage.cycles != 0)
            stages.push_back({{"name", stage.name},
                              {"calls", stage.calls},
                              {"cycles", stage.cycles},
                              {"instructions", stage.instructions}});
    out["stages"] = std::move(stages);
    return out;
}

json latency(const Soc& soc) {
    std::array<std::vector<std::uint64_t>, kPoints> segments;
    std::vector<std::uint64_t> total;
    for (const FrameRecord& record : soc.recorder().frames()) {
        if (record.fate != regs::Fate::forwarded) continue;
        total.push_back(record.at[kPoints - 1] - record.at[0]);
        std::uint64_t before = record.at[0];
        for (unsigned i = 1; i < kPoints; ++i) {
            // A firmware without the watched functions leaves points out; their time is then part of the next segment.
            if (record.at[i] == FrameRecord::kNever) continue;
            segments[i].push_back(record.at[i] - before);
            before = record.at[i];
        }
    }
    json out;
    out["unit"] = "ns";
    out["total"] = distribution(std::move(total), kPsPerNs);
    for (unsigned i = 1; i < kPoints; ++i)
        out["segments"][kSegmentNames[i]] = distribution(std::move(segments[i]), kPsPerNs);
    return out;
}

json firmware(const config::Scenario& scenario, const Soc& soc) {
    const auto table = soc.counters();
    if (!table) return nullptr;
    json out;
    out["nstat"] = named(regs::kSnmpNames, table->snmp);
    for (std::size_t i = 0; i <= soc.ports(); ++i) {
        const std::string name = i == 0 ? "lo" : scenario.ports[i - 1].name;
        out["ip -s link"][name] = named(regs::kDevNames, table->dev[i]);
        if (i == 0) continue;
        out["ethtool -S"][name] = named(regs::kNicDrvNames, table->nic[i]);
        out["tc -s"][name] = named(regs::kQdiscNames, table->qdisc[i]);
    }
    out["softnet_stat"] = json::array({named(regs::kSoftnetNames, table->softnet[0])});
    return out;
}

json accelerators(const config::Scenario& scenario, const Soc& soc) {
    json out;
    out["lpm"]["mode"] = scenario.machine.accel_lpm.mode;
    if (soc.lpm() != nullptr) {
        const LpmAccelerator::Stats& stats = soc.lpm()->stats();
        out["lpm"]["lookups"] = stats.lookups;
        out["lpm"]["misses"] = stats.misses;
        out["lpm"]["lookup_cycles"] = stats.lookup_cycles;
        out["lpm"]["wait_cycles"] = stats.wait_cycles;
    }
    out["checksum"]["mode"] = scenario.machine.accel_checksum.mode;
    if (soc.checksum() != nullptr) {
        const ChecksumAccelerator::Stats& stats = soc.checksum()->stats();
        out["checksum"]["sums"] = stats.sums;
        out["checksum"]["bytes"] = stats.bytes;
        out["checksum"]["bus_errors"] = stats.bus_errors;
        out["checksum"]["busy_cycles"] = stats.busy_cycles;
    }
    return out;
}

json fabric(const Soc& soc) {
    auto table = [](const std::vector<PortStatistics>& ports) {
        json out = json::object();
        for (const PortStatistics& port : ports)
            out[port.name] = {{"reads", port.reads},
                              {"read_bytes", port.read_bytes},
                              {"writes", port.writes},
                              {"written_bytes", port.written_bytes},
                              {"errors", port.errors}};
        return out;
    };
    return {{"initiators", table(soc.fabric().initiator_statistics())},
            {"targets", table(soc.fabric().target_statistics())}};
}

/// The firmware's own table against what was seen of it from outside.
bool firmware_agrees(const Soc& soc) {
    const auto table = soc.counters();
    if (!table) return true;
    for (unsigned i = 0; i < regs::kFateCount; ++i)
        if (table->fates[i] != soc.recorder().told(static_cast<regs::Fate>(i))) return false;
    return true;
}

/// The sums that must be equal; a run where one is not is a defect of the model or a loss in the firmware.
json balance(const Soc& soc) {
    const auto sums = soc.recorder().by_fate();
    const auto& stages = soc.core().stages();
    const std::uint64_t stage_cycles = std::accumulate(stages.begin(), stages.end(), std::uint64_t{0},
                                                       [](auto sum, const auto& s) { return sum + s.cycles; });
    std::uint64_t tx_frames = 0;
    for (std::size_t i = 0; i < soc.ports(); ++i) tx_frames += soc.sink(i).frames();
    json out;
    out["received"] = soc.recorder().frames().size();
    out["sum_of_fates"] = std::accumulate(sums.begin(), sums.end(), std::uint64_t{0});
    out["sent"] = tx_frames;
    out["sent_forwarded"] = soc.recorder().forwarded();
    out["sent_generated"] = soc.recorder().generated();
    out["core_busy_cycles"] = soc.core().stats().busy_cycles;
    out["sum_of_stage_cycles"] = stage_cycles;
    out["firmware_agrees"] = firmware_agrees(soc);
    out["balanced"] = out["received"] == out["sum_of_fates"] &&
                      tx_frames == soc.recorder().forwarded() + soc.recorder().generated() &&
                      stage_cycles == soc.core().stats().busy_cycles &&
                      sums[static_cast<unsigned>(regs::Fate::lost)] == 0 && firmware_agrees(soc);
    return out;
}

}  // namespace

json distribution(std::vector<std::uint64_t> samples, double unit) {
    json out;
    std::sort(samples.begin(), samples.end());
    const std::size_t n = samples.size();
    auto rank = [&](std::size_t percent) {
        return n == 0 ? 0.0 : static_cast<double>(samples[(n * percent + 99) / 100 - 1]) / unit;
    };
    const auto sum = std::accumulate(samples.begin(), samples.end(), std::uint64_t{0});
    out["count"] = n;
    out["min"] = n == 0 ? 0.0 : static_cast<double>(samples.front()) / unit;
    out["mean"] = n == 0 ? 0.0 : static_cast<double>(sum) / static_cast<double>(n) / unit;
    out["median"] = rank(50);
    out["p99"] = rank(99);
    out["max"] = n == 0 ? 0.0 : static_cast<double>(samples.back()) / unit;
    return out;
}

json make_stats(const config::Scenario& scenario, const Soc& soc, std::uint64_t simulated_ps) {
    json out;
    out["scenario"] = scenario.name;
    out["machine"] = scenario.machine_name;
    out["cpu_profile"] = scenario.cpu_profile.name;
    out["simulated_ns"] = static_cast<double>(simulated_ps) / kPsPerNs;
    out["frames_by_fate"] = fates(soc.recorder().by_fate());
    out["ports"] = ports(scenario, soc);
    out["core"] = core(soc);
    out["latency"] = latency(soc);
    out["accelerators"] = accelerators(scenario, soc);
    out["fabric"] = fabric(soc);
    out["firmware"] = firmware(scenario, soc);
    out["balance"] = balance(soc);
    return out;
}

}  // namespace turnpike
