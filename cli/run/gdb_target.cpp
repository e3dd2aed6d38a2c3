// SPDX-License-Identifier: Apache-2.0
#include "cli/run/gdb_target.h"

#include "models/core/clock.h"
#include "regs/fates.h"

namespace turnpike {
namespace {

constexpr const char* kHelp =
    "time     simulated time and cycles of each core\n"
    "stats    instructions, cycles and accesses of each core\n"
    "stages   cycles by stage of the packet's path\n"
    "frames   received frames by fate\n"
    "console  what the firmware has written to the UART\n";

std::string microseconds(std::uint64_t ps) { return fmt::format("{}.{:06} us", ps / 1'000'000, ps % 1'000'000); }

}  // namespace

std::string GdbTarget::monitor(const std::string& command) {
    if (command == "time") return time();
    if (command == "stats") return stats();
    if (command == "stages") return stages();
    if (command == "frames") return frames();
    if (command == "console") return soc_.console();
    if (command == "help") return kHelp;
    return fmt::format("found '{}', expected one of:\n{}", command, kHelp);
}

void GdbTarget::kill() { sc_core::sc_stop(); }

std::string GdbTarget::time() const {
    std::string text = fmt::format("simulated {} since reset", microseconds(now_ps()));
    if (soc_.zero_ps() != 0 && now_ps() >= soc_.zero_ps())
        text += fmt::format(", {} since time zero", microseconds(now_ps() - soc_.zero_ps()));
    text += '\n';
    for (unsigned n = 0; n < soc_.debug_cores(); ++n)
        text += fmt::format("core {}: {} cycles\n", n, soc_.debug_core(n).cycles());
    return text;
}

std::string GdbTarget::stats() const {
    std::string text;
    for (unsigned n = 0; n < soc_.debug_cores(); ++n) {
        const cpu::Stats& stats = soc_.debug_core(n).stats();
        text += fmt::format("core {}: {} instructions, {} busy cycles, {} idle cycles\n", n, stats.instructions,
                            stats.busy_cycles, stats.idle_cycles);
        text += fmt::format("  {} interrupts, {} exceptions, {} bus reads, {} bus writes, {} bus errors\n",
                            stats.interrupts, stats.exceptions, stats.bus_reads, stats.bus_writes, stats.bus_errors);
        const std::pair<const char*, const cpu::CacheStats*> caches[] = {
            {"l1i", &stats.l1i}, {"l1d", &stats.l1d}, {"l2", &stats.l2}, {"llc", &stats.llc}};
        for (const auto& [name, cache] : caches)
            text += fmt::format("  {}: {} accesses, {} misses\n", name, cache->accesses, cache->misses);
    }
    return text;
}

std::string GdbTarget::frames() const {
    std::string text;
    const auto counts = soc_.recorder().by_fate();
    for (std::size_t n = 0; n < counts.size(); ++n)
        if (counts[n] != 0) text += fmt::format("{}: {}\n", regs::kFates[n].name, counts[n]);
    return text.empty() ? "no frame has met its fate yet\n" : text;
}

std::string GdbTarget::stages() const {
    std::string text;
    for (unsigned n = 0; n < soc_.debug_cores(); ++n)
        for (const cpu::StageCost& stage : soc_.debug_core(n).stages())
            if (stage.calls != 0 || stage.cycles != 0)
                text += fmt::format("core {}: {}: {} calls, {} cycles, {} instructions\n", n, stage.name, stage.calls,
                                    stage.cycles, stage.instructions);
    return text;
}

}  // namespace turnpike
