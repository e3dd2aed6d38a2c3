// SPDX-License-Identifier: Apache-2.0
#include "cli/exec/report.h"

#include <fmt/core.h>

#include <utility>

namespace turnpike::exec {
namespace {

constexpr std::size_t kBacktraceLines = 16;

double ipc(const cpu::Stats& stats) {
    return stats.busy_cycles == 0 ? 0
                                  : static_cast<double>(stats.instructions) / static_cast<double>(stats.busy_cycles);
}

template <typename Visitor>
void for_each_cache(const cpu::Stats& stats, Visitor&& visit) {
    visit("l1i", stats.l1i);
    visit("l1d", stats.l1d);
    visit("l2", stats.l2);
    visit("llc", stats.llc);
}

std::string reason(const Machine& machine, End end, const Symbols& symbols) {
    const cpu::Core& core = machine.core();
    switch (end) {
        case End::shut_down:
            return fmt::format("the core stopped: {}", core.diagnosis());
        case End::halted:
            return fmt::format("the program halted at {}, where nothing raises interrupts", symbols.name(core.rip()));
        case End::instructions:
            return fmt::format("stopped after {} instructions at {}", core.stats().instructions,
                               symbols.name(core.rip()));
        case End::exited:
            break;
    }
    return fmt::format("the program ended with status {}", machine.exit_status());
}

}  // namespace

nlohmann::ordered_json make_json(const cpu::Stats& stats, bool functional) {
    nlohmann::ordered_json out;
    out["instructions"] = stats.instructions;
    out["cycles"] = stats.busy_cycles + stats.idle_cycles;
    out["ipc"] = ipc(stats);
    out["exceptions"] = stats.exceptions;
    out["bus"] = {{"reads", stats.bus_reads},
                  {"writes", stats.bus_writes},
                  {"errors", stats.bus_errors},
                  {"stall_cycles", stats.bus_stall_cycles}};
    if (functional) return out;
    for_each_cache(stats, [&](const char* name, const cpu::CacheStats& cache) {
        out["caches"][name] = {
            {"accesses", cache.accesses}, {"misses", cache.misses}, {"write_backs", cache.write_backs}};
    });
    if (stats.branches.branches == 0) return out;
    out["tlb"] = {{"itlb_misses", stats.itlb.misses},
                  {"itlb_walks", stats.itlb.walks},
                  {"dtlb_misses", stats.dtlb.misses},
                  {"dtlb_walks", stats.dtlb.walks}};
    out["branches"] = {{"all", stats.branches.branches},
                       {"taken", stats.branches.taken},
                       {"mispredicted", stats.branches.mispredicted}};
    return out;
}

std::string make_table(const cpu::Stats& stats, bool functional) {
    std::string out = fmt::format("{:<14}{:>16}\n{:<14}{:>16}\n{:<14}{:>16.3f}\n", "instructions", stats.instructions,
                                  "cycles", stats.busy_cycles + stats.idle_cycles, "IPC", ipc(stats));
    if (functional) return out;
    out += fmt::format("{:<14}{:>16}{:>16}{:>16}\n", "", "accesses", "misses", "write-backs");
    for_each_cache(stats, [&](const char* name, const cpu::CacheStats& cache) {
        out += fmt::format("{:<14}{:>16}{:>16}{:>16}\n", name, cache.accesses, cache.misses, cache.write_backs);
    });
    if (stats.branches.branches == 0) return out;
    out += fmt::format("{:<14}{:>16}{:>16}\n", "", "misses", "walks");
    out += fmt::format("{:<14}{:>16}{:>16}\n", "itlb", stats.itlb.misses, stats.itlb.walks);
    out += fmt::format("{:<14}{:>16}{:>16}\n", "dtlb", stats.dtlb.misses, stats.dtlb.walks);
    out += fmt::format("{:<14}{:>16} of {}\n", "mispredicted", stats.branches.mispredicted, stats.branches.branches);
    return out;
}

std::string make_trace(const cpu::Core& core, const cpu::Memory& memory, const Symbols& symbols) {
    std::string out;
    const auto branches = core.last_branches();
    if (!branches.empty()) out += "last branches, newest first:\n";
    for (const cpu::Branch& branch : branches)
        out += fmt::format("  {} -> {}\n", symbols.name(branch.from), symbols.name(branch.to));
    out += fmt::format("backtrace:\n  {}\n", symbols.name(core.rip()));
    for (const std::uint64_t address : return_addresses(memory, core.reg(cpu::RSP), symbols, kBacktraceLines))
        out += fmt::format("  {}\n", symbols.name(address));
    return out;
}

std::string make_diagnosis(const Machine& machine, End end, const Symbols& symbols) {
    return reason(machine, end, symbols) + "\n" + make_trace(machine.core(), machine.memory(), symbols);
}

}  // namespace turnpike::exec
