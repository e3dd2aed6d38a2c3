// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <algorithm>
#include <vector>

#include "cli/run/report.h"

namespace turnpike {

using json = nlohmann::ordered_json;

namespace {

void add_ports(std::string& out, const json& stats) {
    out += fmt::format("{:<8}{:>12}{:>14}{:>12}{:>14}   {}\n", "port", "rx frames", "rx bytes", "tx frames", "tx bytes",
                       "received frames that were not forwarded");
    for (const auto& [name, port] : stats["ports"].items()) {
        std::string drops;
        for (const auto& [fate, count] : port["fates"].items())
            if (fate != "forwarded")
                drops += fmt::format("{}{} {}", drops.empty() ? "" : ", ", fate, count.get<std::uint64_t>());
        out += fmt::format("{:<8}{:>12}{:>14}{:>12}{:>14}   {}\n", name, port["rx_frames"].get<std::uint64_t>(),
                           port["rx_bytes"].get<std::uint64_t>(), port["tx_frames"].get<std::uint64_t>(),
                           port["tx_bytes"].get<std::uint64_t>(), drops.empty() ? "none" : drops);
    }
}

double busy_percent(const json& core) {
    const double busy = core["busy_cycles"], idle = core["idle_cycles"];
    return busy + idle > 0 ? 100 * busy / (busy + idle) : 0.0;
}

void add_each_core(std::string& out, const json& cores) {
    for (std::size_t n = 0; n < cores.size(); ++n)
        out += fmt::format("core {:<3}busy {:.2f} %, {} instructions, IPC {:.2f}, {} interrupts\n", n,
                           busy_percent(cores[n]), cores[n]["instructions"].get<std::uint64_t>(),
                           cores[n]["ipc"].get<double>(), cores[n]["interrupts"].get<std::uint64_t>());
}

void add_core(std::string& out, const json& core, const json& cores) {
    out += '\n';
    if (cores.size() > 1) add_each_core(out, cores);
    out += fmt::format("{:<8}busy {:.2f} %, {} instructions, IPC {:.2f}, {:.0f} cycles per forwarded frame\n",
                       cores.size() > 1 ? "all" : "core", busy_percent(core), core["instructions"].get<std::uint64_t>(),
                       core["ipc"].get<double>(), core["cycles_per_forwarded_frame"].get<double>());
    out += fmt::format("        {} interrupts, {} device reads and {} writes, {} cycles waiting for devices\n",
                       core["interrupts"].get<std::uint64_t>(), core["bus_reads"].get<std::uint64_t>(),
                       core["bus_writes"].get<std::uint64_t>(), core["bus_stall_cycles"].get<std::uint64_t>());
}

void add_latency(std::string& out, const json& latency) {
    out += fmt::format("\n{:<14}{:>12}{:>12}{:>12}{:>12}   (ns, last bit in to last bit out)\n", "latency", "min",
                       "median", "p99", "max");
    auto row = [&](const std::string& name, const json& d) {
        out += fmt::format("{:<14}{:>12.1f}{:>12.1f}{:>12.1f}{:>12.1f}\n", name, d["min"].get<double>(),
                           d["median"].get<double>(), d["p99"].get<double>(), d["max"].get<double>());
    };
    for (const auto& [name, segment] : latency["segments"].items()) row(name, segment);
    row("total", latency["total"]);
}

void add_stages(std::string& out, const json& core) {
    const double busy = std::max<double>(1, core["busy_cycles"].get<double>());
    std::vector<json> stages(core["stages"].begin(), core["stages"].end());
    std::stable_sort(stages.begin(), stages.end(),
                     [](const json& a, const json& b) { return a["cycles"] > b["cycles"]; });
    out += fmt::format("\n{:<28}{:>12}{:>14}{:>10}{:>14}\n", "stage", "calls", "cycles", "share", "cycles/call");
    for (const json& stage : stages) {
        const double cycles = stage["cycles"], calls = stage["calls"];
        out += fmt::format("{:<28}{:>12.0f}{:>14.0f}{:>9.1f}%{:>14.1f}\n", stage["name"].get<std::string>(), calls,
                           cycles, 100 * cycles / busy, calls > 0 ? cycles / calls : 0.0);
    }
}

void add_accelerators(std::string& out, const json& accelerators) {
    out += "\naccelerators  ";
    const json& lpm = accelerators["lpm"];
    const json& checksum = accelerators["checksum"];
    out += fmt::format("lpm {}", lpm["mode"].get<std::string>());
    if (lpm.contains("lookups")) {
        out += fmt::format(" ({} blocking lookups, {} lookaside)", lpm["lookups"].get<std::uint64_t>(),
                           lpm["lookaside_lookups"].get<std::uint64_t>());
    }
    out += fmt::format(", checksum {}", checksum["mode"].get<std::string>());
    if (checksum.contains("sums")) out += fmt::format(" ({} sums)", checksum["sums"].get<std::uint64_t>());
    out += "\n";
}

}  // namespace

std::string make_table(const json& stats, const json& host) {
    std::string out = fmt::format("{} on {} ({})\n\n", stats["scenario"].get<std::string>(),
                                  stats["machine"].get<std::string>(), stats["cpu_profile"].get<std::string>());
    add_ports(out, stats);
    add_core(out, stats["core"], stats["cores"]);
    add_latency(out, stats["latency"]);
    add_stages(out, stats["core"]);
    add_accelerators(out, stats["accelerators"]);
    const json& balance = stats["balance"];
    out += fmt::format(
        "account       {} received, {} forwarded, {} made by the firmware; {}\n",
        balance["received"].get<std::uint64_t>(), balance["sent_forwarded"].get<std::uint64_t>(),
        balance["sent_generated"].get<std::uint64_t>(),
        balance["balanced"].get<bool>() ? "every frame and every cycle accounted for" : "NOT BALANCED, see stats.json");
    out += fmt::format("time          {:.6f} s simulated in {:.2f} s, {:.0f} frames per wall-clock second\n",
                       stats["simulated_ns"].get<double>() * 1e-9, host["wall_seconds"].get<double>(),
                       host["frames_per_wall_second"].get<double>());
    return out;
}

}  // namespace turnpike
