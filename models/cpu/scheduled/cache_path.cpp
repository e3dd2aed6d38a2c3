// SPDX-License-Identifier: Apache-2.0
#include "models/cpu/scheduled/cache_path.h"

namespace turnpike::cpu::scheduled {

CachePath::CachePath(const regs::CpuProfile& profile, u64 dram_cycles)
    : l1i_("l1i", profile.l1i.kib, profile.l1i.ways),
      l1d_("l1d", profile.l1d.kib, profile.l1d.ways),
      l2_("l2", profile.l2.kib, profile.l2.ways),
      llc_("llc", profile.llc.kib, profile.llc.ways),
      l2_hit_(profile.l2.hit_cycles),
      llc_hit_(profile.llc.hit_cycles),
      dram_(dram_cycles),
      ddio_(profile.core.ddio != 0) {}

u64 CachePath::miss(Cache& level, u64 line, bool write) {
    u64 cost = l2_hit_;
    if (!l2_.access(line, false)) {
        cost += llc_hit_;
        if (!llc_.access(line, false)) {
            cost += dram_;
            llc_.insert(line, false);
        }
        const u64 victim = l2_.insert(line, false);
        if (victim != Cache::kNone) llc_.write_back(victim);
    }
    const u64 victim = level.insert(line, write);
    if (victim != Cache::kNone) write_back(victim);
    return cost;
}

void CachePath::write_back(u64 line) {
    const u64 victim = l2_.write_back(line);
    if (victim != Cache::kNone) llc_.write_back(victim);
}

void CachePath::memory_written(u64 address, u64 bytes) {
    if (bytes == 0) return;
    const u64 last = (address + bytes - 1) >> Cache::kLineShift;
    for (u64 line = address >> Cache::kLineShift; line <= last; ++line) {
        l1i_.invalidate(line);
        l1d_.invalidate(line);
        l2_.invalidate(line);
        if (ddio_) {
            llc_.write_back(line);
        } else {
            llc_.invalidate(line);
        }
    }
}

void CachePath::add_stats(Stats& stats) const {
    stats.l1i = l1i_.stats();
    stats.l1d = l1d_.stats();
    stats.l2 = l2_.stats();
    stats.llc = llc_.stats();
}

void CachePath::restart_stats() {
    for (Cache* cache : {&l1i_, &l1d_, &l2_, &llc_}) cache->restart_stats();
}

}  // namespace turnpike::cpu::scheduled
