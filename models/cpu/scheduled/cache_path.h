// SPDX-License-Identifier: Apache-2.0
// Caches behind the scheduler: what an access costs beyond a hit in the first level.
#pragma once
#include "models/cpu/cache.h"
#include "models/cpu/core.h"
#include "regs/params.h"

namespace turnpike::cpu::scheduled {

class CachePath {
  public:
    CachePath(const regs::CpuProfile& profile, u64 dram_cycles);

    /// More cycles than a hit takes.
    u64 data(u64 address, unsigned bytes, bool write) {
        const u64 line = address >> Cache::kLineShift;
        const u64 last = (address + bytes - 1) >> Cache::kLineShift;
        u64 more = l1d_.access(line, write) ? 0 : miss(l1d_, line, write);
        if (last != line) [[unlikely]] {
            more += l1d_.access(last, write) ? 0 : miss(l1d_, last, write);
        }
        return more;
    }
    u64 fetch(u64 line) { return l1i_.access(line, false) ? 0 : miss(l1i_, line, false); }
    /// A device wrote memory.
    void memory_written(u64 address, u64 bytes);
    void add_stats(Stats& stats) const;
    void restart_stats();

  private:
    u64 miss(Cache& level, u64 line, bool write);
    void write_back(u64 line);

    Cache l1i_, l1d_, l2_, llc_;
    u64 l2_hit_, llc_hit_, dram_;
    bool ddio_;
};

}  // namespace turnpike::cpu::scheduled
