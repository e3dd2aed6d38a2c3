// SPDX-License-Identifier: Apache-2.0
#include "cli/run/report_cores.h"

#include <algorithm>
#include <numeric>

namespace turnpike {

using json = nlohmann::ordered_json;

namespace {

using Stages = std::vector<cpu::StageCost>;

double ratio(std::uint64_t a, std::uint64_t b) {
    return b != 0 ? static_cast<double>(a) / static_cast<double>(b) : 0.0;
}

void add_caches(json& out, const cpu::Stats& stats) {
    const std::pair<const char*, const cpu::CacheStats*> caches[] = {
        {"l1i", &stats.l1i}, {"l1d", &stats.l1d}, {"l2", &stats.l2}, {"llc", &stats.llc}};
    for (const auto& [name, cache] : caches) out[name] = {{"accesses", cache->accesses}, {"misses", cache->misses}};
    const std::pair<const char*, const cpu::TlbStats*> tlbs[] = {{"itlb", &stats.itlb}, {"dtlb", &stats.dtlb}};
    for (const auto& [name, tlb] : tlbs) out[name] = {{"misses", tlb->misses}, {"walks", tlb->walks}};
    out["branches"] = {{"executed", stats.branches.branches},
                       {"taken", stats.branches.taken},
                       {"mispredicted", stats.branches.mispredicted}};
}

json stages_of(const Stages& stages) {
    json out = json::array();
    for (const cpu::StageCost& stage : stages)
        if (stage.calls != 0 || stage.cycles != 0)
            out.push_back({{"name", stage.name},
                           {"calls", stage.calls},
                           {"cycles", stage.cycles},
                           {"instructions", stage.instructions},
                           {"l1i_misses", stage.misses.l1i},
                           {"l1d_misses", stage.misses.l1d},
                           {"l2_misses", stage.misses.l2}});
    return out;
}

json block(const cpu::Stats& stats, const Stages& stages) {
    json out;
    out["busy_cycles"] = stats.busy_cycles;
    out["idle_cycles"] = stats.idle_cycles;
    out["instructions"] = stats.instructions;
    out["ipc"] = ratio(stats.instructions, stats.busy_cycles);
    out["interrupts"] = stats.interrupts;
    out["bus_reads"] = stats.bus_reads;
    out["bus_writes"] = stats.bus_writes;
    out["bus_stall_cycles"] = stats.bus_stall_cycles;
    out["bus_errors"] = stats.bus_errors;
    add_caches(out, stats);
    out["stages"] = stages_of(stages);
    return out;
}

void add(cpu::CacheStats& sum, const cpu::CacheStats& one) {
    sum.accesses += one.accesses;
    sum.misses += one.misses;
    sum.write_backs += one.write_backs;
}

void add(cpu::TlbStats& sum, const cpu::TlbStats& one) {
    sum.misses += one.misses;
    sum.walks += one.walks;
}

void add(cpu::Stats& sum, const cpu::Stats& one) {
    sum.instructions += one.instructions;
    sum.busy_cycles += one.busy_cycles;
    sum.idle_cycles += one.idle_cycles;
    sum.interrupts += one.interrupts;
    sum.bus_reads += one.bus_reads;
    sum.bus_writes += one.bus_writes;
    sum.bus_stall_cycles += one.bus_stall_cycles;
    sum.bus_errors += one.bus_errors;
    add(sum.l1i, one.l1i);
    add(sum.l1d, one.l1d);
    add(sum.l2, one.l2);
    add(sum.llc, one.llc);
    add(sum.itlb, one.itlb);
    add(sum.dtlb, one.dtlb);
    sum.branches.branches += one.branches.branches;
    sum.branches.taken += one.branches.taken;
    sum.branches.mispredicted += one.branches.mispredicted;
}

/// All cores have the same stages in the same order: they are those of the firmware's image.
void add(Stages& sums, const Stages& one) {
    sums.resize(std::max(sums.size(), one.size()));
    for (std::size_t n = 0; n < one.size(); ++n) {
        sums[n].name = one[n].name;
        sums[n].calls += one[n].calls;
        sums[n].cycles += one[n].cycles;
        sums[n].instructions += one[n].instructions;
        sums[n].misses.l1i += one[n].misses.l1i;
        sums[n].misses.l1d += one[n].misses.l1d;
        sums[n].misses.l2 += one[n].misses.l2;
    }
}

}  // namespace

json make_cores(const Soc& soc) {
    json out = json::array();
    for (std::size_t n = 0; n < soc.cores(); ++n) {
        json one = block(soc.core(n).stats(), soc.core(n).stages());
        one["lines_from_other_cores"] = soc.transfers(n);
        out.push_back(std::move(one));
    }
    return out;
}

json make_core_totals(const Soc& soc) {
    cpu::Stats stats;
    Stages stages;
    for (std::size_t n = 0; n < soc.cores(); ++n) {
        add(stats, soc.core(n).stats());
        add(stages, soc.core(n).stages());
    }
    json out = block(stats, stages);
    out["cycles_per_forwarded_frame"] = ratio(stats.busy_cycles, soc.recorder().forwarded());
    return out;
}

CoreBalance core_balance(const Soc& soc) {
    CoreBalance sums;
    for (std::size_t n = 0; n < soc.cores(); ++n) {
        const Stages& stages = soc.core(n).stages();
        const std::uint64_t busy = soc.core(n).stats().busy_cycles;
        const std::uint64_t staged = std::accumulate(stages.begin(), stages.end(), std::uint64_t{0},
                                                     [](auto sum, const auto& s) { return sum + s.cycles; });
        sums.busy_cycles += busy;
        sums.stage_cycles += staged;
        sums.equal = sums.equal && busy == staged;
    }
    return sums;
}

}  // namespace turnpike
