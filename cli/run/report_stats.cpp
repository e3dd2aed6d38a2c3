// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <numeric>
#include <string_view>
#include <utility>

#include "cli/run/report.h"
#include "cli/run/report_cores.h"
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

json latency(const Soc& soc) {
    std::array<std::vector<std::uint64_t>, kPoints> segments;
    std::vector<std::uint64_t> total;
    for (const FrameRecord& record : soc.recorder().frames()) {
        // A frame that was put together with others and cut anew has left without a last bit of its own.
        if (record.fate != regs::Fate::forwarded || !record.reached(Point::last_bit)) continue;
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

/// The sum over all CPUs of a row of counters, `row(cpu)`.
template <std::size_t N, typename Row>
json summed(const char* const (&names)[N], const regs::CounterTable& table, Row row) {
    std::array<std::uint64_t, N> sums{};
    for (const regs::CpuCounters& cpu : table.cpu)
        for (std::size_t i = 0; i < N; ++i) sums[i] += row(cpu)[i];
    return named(names, sums.data());
}

json locks(const regs::CounterTable& table) {
    json out = json::object();
    for (std::size_t which = 0; which < std::size(regs::kLockClassNames); ++which)
        out[regs::kLockClassNames[which]] =
            summed(regs::kLockStatNames, table, [which](const regs::CpuCounters& cpu) { return &cpu.lock[which][0]; });
    return out;
}

/// nstat shows a type only once it was seen.
void add_icmp_types(json& nstat, const regs::CounterTable& table) {
    constexpr std::array<std::string_view, 2> kGroups{"IcmpMsgInType", "IcmpMsgOutType"};
    for (std::size_t direction = 0; direction < kGroups.size(); ++direction) {
        for (std::size_t type = 0; type < std::size(table.cpu[0].icmp_msg[direction]); ++type) {
            std::uint64_t sum = 0;
            for (const regs::CpuCounters& cpu : table.cpu) sum += cpu.icmp_msg[direction][type];
            if (sum != 0) nstat[fmt::format("{}{}", kGroups[direction], type)] = sum;
        }
    }
}

/// What the queues of a port count adds up to what the device shows, as in Linux.
void add_queues(json& out, const std::string& name, const regs::QueueCounters (&queues)[regs::kMaxQueues]) {
    std::array<std::uint64_t, std::size(regs::kNicDrvNames)> driver{};
    std::array<std::uint64_t, std::size(regs::kQdiscNames)> qdisc{};
    for (const regs::QueueCounters& queue : queues) {
        for (std::size_t n = 0; n < driver.size(); ++n) driver[n] += queue.driver[n];
        for (std::size_t n = 0; n < qdisc.size(); ++n) qdisc[n] += queue.qdisc[n];
    }
    json& ethtool = out["ethtool -S"][name] = named(regs::kNicDrvNames, driver.data());
    out["tc -s"][name] = named(regs::kQdiscNames, qdisc.data());
    json& link = out["ip -s link"][name];
    const auto of = [](const regs::QueueCounters& queue, regs::NicDrv which) {
        return queue.driver[static_cast<unsigned>(which)];
    };
    constexpr std::array kCounts{
        std::pair{"rx_{}packets", regs::NicDrv::rx_packets}, std::pair{"rx_{}bytes", regs::NicDrv::rx_bytes},
        std::pair{"tx_{}packets", regs::NicDrv::tx_packets}, std::pair{"tx_{}bytes", regs::NicDrv::tx_bytes}};
    for (const auto& [key, which] : kCounts) {
        const std::string whole = fmt::format(fmt::runtime(key), "");
        link[whole] = link[whole].get<std::uint64_t>() + driver[static_cast<unsigned>(which)];
    }
    for (std::size_t n = 0; n < std::size(queues); ++n) {
        if (of(queues[n], regs::NicDrv::rx_packets) + of(queues[n], regs::NicDrv::tx_packets) == 0) continue;
        for (const auto& [key, which] : kCounts)
            ethtool[fmt::format(fmt::runtime(key), fmt::format("queue_{}_", n))] = of(queues[n], which);
    }
}

/// /proc/interrupts: what somebody has asked for, by CPU.
json interrupts(const regs::CounterTable& table, std::size_t cores) {
    json out = json::object();
    const auto add = [&](const std::string& name, unsigned irq) {
        json& row = out[name] = json::array();
        for (std::size_t n = 0; n < cores; ++n) row.push_back(table.cpu[n].irq[irq]);
    };
    for (unsigned irq = 0; irq < regs::kTimerIrq; ++irq)
        if (table.irq_name[irq][0] != '\0') add(table.irq_name[irq], irq);
    add("LOC", regs::kTimerIrq);
    add("RES", regs::kRescheduleIrq);
    return out;
}

json firmware(const config::Scenario& scenario, const Soc& soc) {
    const auto table = soc.counters();
    if (!table) return nullptr;
    json out;
    out["nstat"] = summed(regs::kSnmpNames, *table, [](const regs::CpuCounters& cpu) { return &cpu.snmp[0]; });
    add_icmp_types(out["nstat"], *table);
    for (std::size_t i = 0; i <= soc.ports(); ++i) {
        const std::string name = i == 0 ? "lo" : scenario.ports[i - 1].name;
        out["ip -s link"][name] =
            summed(regs::kDevNames, *table, [i](const regs::CpuCounters& cpu) { return &cpu.dev[i][0]; });
        if (i == 0) continue;
        add_queues(out, name, table->queue[i]);
    }
    out["interrupts"] = interrupts(*table, soc.cores());
    out["softnet_stat"] = json::array();
    for (std::size_t n = 0; n < soc.cores(); ++n)
        out["softnet_stat"].push_back(named(regs::kSoftnetNames, table->cpu[n].softnet));
    out["lock_stat"] = locks(*table);
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
        out["lpm"]["access"] = scenario.machine.accel_lpm.access;
        out["lpm"]["lookaside_lookups"] = soc.lpm()->mover().stats().completions;
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
    for (unsigned i = 0; i < regs::kFateCount; ++i) {
        std::uint64_t counted = 0;
        for (const regs::CpuCounters& cpu : table->cpu) counted += cpu.fates[i];
        if (counted != soc.recorder().told(static_cast<regs::Fate>(i))) return false;
    }
    return true;
}

/// The sums that must be equal; a run where one is not is a defect of the model or a loss in the firmware.
json balance(const Soc& soc) {
    const auto sums = soc.recorder().by_fate();
    const CoreBalance cores = core_balance(soc);
    std::uint64_t tx_frames = 0;
    for (std::size_t i = 0; i < soc.ports(); ++i) tx_frames += soc.sink(i).frames();
    json out;
    out["received"] = soc.recorder().frames().size();
    out["sum_of_fates"] = std::accumulate(sums.begin(), sums.end(), std::uint64_t{0});
    out["sent"] = tx_frames;
    out["sent_forwarded"] = soc.recorder().forwarded();
    out["sent_generated"] = soc.recorder().generated();
    out["sent_in_answer"] = soc.recorder().answered();
    out["core_busy_cycles"] = cores.busy_cycles;
    out["sum_of_stage_cycles"] = cores.stage_cycles;
    out["firmware_agrees"] = firmware_agrees(soc);
    out["balanced"] = out["received"] == out["sum_of_fates"] &&
                      tx_frames == soc.recorder().forwarded() + soc.recorder().generated() && cores.equal &&
                      sums[static_cast<unsigned>(regs::Fate::lost)] == 0 && firmware_agrees(soc);
    return out;
}

}  // namespace

json distribution(std::vector<std::uint64_t> samples, double unit) {
    json out;
    const std::size_t n = samples.size();
    // Of the samples in order; those before the last rank asked for are in their half already.
    auto asked = samples.begin();
    auto rank = [&](std::size_t percent) {
        if (n == 0) return 0.0;
        const auto place = samples.begin() + static_cast<std::ptrdiff_t>((n * percent + 99) / 100 - 1);
        std::nth_element(asked, place, samples.end());
        asked = place;
        return static_cast<double>(*place) / unit;
    };
    const auto [least, most] = std::minmax_element(samples.begin(), samples.end());
    const double min = n == 0 ? 0.0 : static_cast<double>(*least) / unit;
    const double max = n == 0 ? 0.0 : static_cast<double>(*most) / unit;
    const auto sum = std::accumulate(samples.begin(), samples.end(), std::uint64_t{0});
    out["count"] = n;
    out["min"] = min;
    out["mean"] = n == 0 ? 0.0 : static_cast<double>(sum) / static_cast<double>(n) / unit;
    out["median"] = rank(50);
    out["p99"] = rank(99);
    out["max"] = max;
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
    out["core"] = make_core_totals(soc);
    out["cores"] = make_cores(soc);
    out["latency"] = latency(soc);
    out["accelerators"] = accelerators(scenario, soc);
    out["fabric"] = fabric(soc);
    out["firmware"] = firmware(scenario, soc);
    out["balance"] = balance(soc);
    return out;
}

}  // namespace turnpike
