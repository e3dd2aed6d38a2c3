// SPDX-License-Identifier: Apache-2.0
#include "models/cpu/scheduled/scheduled_timing.h"
#include "models/cpu/simple_timing.h"

namespace turnpike::cpu {

std::unique_ptr<TimingModel> make_timing_model(const regs::CpuProfile& profile, u64 dram_cycles) {
    if (profile.schedule.model == "scheduled") {
        return std::make_unique<scheduled::ScheduledTiming>(profile, dram_cycles);
    }
    return std::make_unique<SimpleTiming>(profile, dram_cycles);
}

}  // namespace turnpike::cpu
