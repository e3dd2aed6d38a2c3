// SPDX-License-Identifier: Apache-2.0
#include "models/cpu/scheduled/scheduled_timing.h"
#include "models/cpu/simple_timing.h"

namespace turnpike::cpu {

namespace {
bool is_scheduled(const regs::CpuProfile& profile) { return profile.schedule.model == "scheduled"; }
}  // namespace

std::unique_ptr<TimingModel> make_timing_model(const regs::CpuProfile& profile, u64 dram_cycles,
                                               std::shared_ptr<LastLevel> llc) {
    if (is_scheduled(profile))
        return std::make_unique<scheduled::ScheduledTiming>(profile, dram_cycles, std::move(llc));
    return std::make_unique<SimpleTiming>(profile, dram_cycles, std::move(llc));
}

std::shared_ptr<LastLevel> make_last_level(const regs::CpuProfile& profile) {
    if (is_scheduled(profile)) return MemoryTiming::make_last_level(profile.memory);
    return SimpleTiming::make_last_level(profile);
}

}  // namespace turnpike::cpu
