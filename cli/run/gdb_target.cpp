// SPDX-License-Identifier: Apache-2.0
#include "cli/run/gdb_target.h"

#include <charconv>

#include "models/core/clock.h"
#include "regs/fates.h"

namespace turnpike {
namespace {

constexpr const char* kHelp =
    "time     simulated time and cycles of each core\n"
    "stats    instructions, cycles, accesses, misses and branches of each core\n"
    "stages   cycles by stage of the packet's path\n"
    "frames   received frames by fate\n"
    "frame N  times and fate of one received frame; they are numbered from 0 in the order of their arrival\n"
    "console  what the firmware has written to the UART\n"
    "help     this list\n";

std::string microseconds(std::uint64_t ps) { return fmt::format("{}.{:06} us", ps / 1'000'000, ps % 1'000'000); }

}  // namespace

std::string GdbTarget::name(unsigned number) const {
    return fmt::format("core {}{}", number, soc_.debug_core_off(number) ? ", not started" : "");
}

std::string GdbTarget::monitor(const std::string& command) {
    if (command == "time") return clocks();
    if (command == "stats") return stats();
    if (command == "stages") return stages();
    if (command == "frames") return frames();
    if (command == "console") return soc_.console();
    if (command == "help") return kHelp;
    if (command.starts_with("frame ")) return frame(command.substr(command.find_first_not_of(' ', 5)));
    return fmt::format("found '{}', expected one of:\n{}", command, kHelp);
}

void GdbTarget::kill() { sc_core::sc_stop(); }

std::string GdbTarget::time() const {
    std::string text = fmt::format("simulated {} since reset", microseconds(now_ps()));
    if (soc_.zero_ps() != 0 && now_ps() >= soc_.zero_ps())
        text += fmt::format(", {} since time zero", microseconds(now_ps() - soc_.zero_ps()));
    return text;
}

std::string GdbTarget::clocks() const {
    std::string text = time() + '\n';
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
        text += fmt::format("  branches: {}, {} mispredicted\n", stats.branches.branches, stats.branches.mispredicted);
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

/// Where a frame has been: each point that it has passed, in microseconds since time zero.
std::string GdbTarget::frame(const std::string& number) const {
    const auto& all = soc_.recorder().frames();
    std::size_t index = 0;
    const auto [end, error] = std::from_chars(number.data(), number.data() + number.size(), index);
    if (error != std::errc{} || end != number.data() + number.size() || index >= all.size())
        return fmt::format("found frame '{}', expected a number below {}\n", number, all.size());
    const FrameRecord& record = all[index];
    std::string text = fmt::format("frame {}, {} bytes, in by port {}: ", index, record.bytes, record.in_port);
    text += record.fate == regs::Fate::count ? "on its way" : regs::kFates[static_cast<std::size_t>(record.fate)].name;
    if (record.fate == regs::Fate::forwarded) text += fmt::format(" by port {}", record.out_port);
    text += '\n';
    for (unsigned point = 0; point < kPoints; ++point)
        if (record.at[point] != FrameRecord::kNever)
            text += fmt::format("  {:<12} {}\n", point == 0 ? "arrived" : kSegmentNames[point],
                                microseconds(record.at[point] - soc_.zero_ps()));
    return text;
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
