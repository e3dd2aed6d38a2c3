// SPDX-License-Identifier: Apache-2.0
// The parts of the memory hierarchy that are not on the way of a cache line: translation, devices, counting.
#include "models/cpu/memory/hierarchy.h"

namespace turnpike::cpu {
namespace {

// Where the page tables lie is the guest's affair and the walks' lines are their own: above any physical address.
constexpr u64 kTableLines = u64{1} << 56;
constexpr u64 kDirectoryLines = kTableLines + (u64{1} << 54);
constexpr unsigned kEntriesOfLineLog2 = 3;  // 64 bytes of 8-byte entries
constexpr unsigned kEntriesOfTableLog2 = 9;

}  // namespace

u64 MemoryTiming::translate_other(TimingTlb& tlb, u64 page, u64 now) {
    switch (tlb.look_up(page)) {
        case TimingTlb::Result::first:
            return now;
        case TimingTlb::Result::second:
            return now + tlb.second_cycles();
        case TimingTlb::Result::walk:
            return walk(page, now + tlb.second_cycles());
    }
    return now;
}

/// The walkers read page-table entries through L2, one after the other; the upper two levels they always hold.
u64 MemoryTiming::walk(u64 page, u64 now) {
    u64 ready = walkers_.free_from(now);
    const u64 directory = page >> kEntriesOfTableLog2;
    if (!directory_.access(directory, false)) {
        directory_.replace(directory, false);
        ready = from_l2(kDirectoryLines + (directory >> kEntriesOfLineLog2), ready) + shape_.l1d.latency;
    }
    ready = from_l2(kTableLines + (page >> kEntriesOfLineLog2), ready) + shape_.l1d.latency;
    walkers_.take(ready);
    return ready;
}

void MemoryTiming::forget_translation(u64 address) {
    const u64 page = address >> page_shift_;
    itlb_.forget(page);
    dtlb_.forget(page);
    directory_.invalidate(page >> kEntriesOfTableLog2);
    forget_short_ways();
}

void MemoryTiming::forget_translations(const std::function<bool(u64)>& keep) {
    const auto gone = [&](u64 page) { return !keep(page << page_shift_); };
    itlb_.forget_where(gone);
    dtlb_.forget_where(gone);
    directory_.invalidate_where([](u64) { return true; });  // of paging structures nothing is global
    forget_short_ways();
}

/// They take a translation for granted.
void MemoryTiming::forget_short_ways() {
    std::fill_n(newest_.begin(), newest_mask_ + 1, kNone);
    last_code_line_ = kNone;
}

void MemoryTiming::hand_over(u64 line, bool keep) {
    bool held = l1d_.contains(line) || l2_.contains(line);
    bool dirty = false;
    if (keep) {
        if (newest_[line & newest_mask_] >> 1 == line) newest_[line & newest_mask_] = kNone;
        dirty |= l1d_.make_clean(line);
        dirty |= l2_.make_clean(line);
    } else {
        dirty |= drop_from_l1(line);
        dirty |= l2_.invalidate(line);
        l1d_arrivals_.remove(line);
        l1i_arrivals_.remove(line);
        l2_arrivals_.remove(line);
    }
    if (dirty && llc_.make_dirty(line)) return;
    if (held && !llc_.contains(line)) llc_victim(llc_.replace(line, dirty));
}

void MemoryTiming::device_wrote(u64 address, u64 bytes, u64 now) {
    if (bytes == 0) return;
    const u64 last = (address + bytes - 1) >> Cache::kLineShift;
    for (u64 line = address >> Cache::kLineShift; line <= last; ++line) {
        drop_from_l1(line);
        l1d_arrivals_.remove(line);
        l1i_arrivals_.remove(line);
        l2_arrivals_.remove(line);
        l2_.invalidate(line);
        if (shape_.llc.ddio != 0) {
            if (!llc_.make_dirty(line)) llc_victim(llc_.replace(line, true, shape_.llc.ddio_ways));
        } else {
            llc_.invalidate(line);
            ++stats_.dram_writes;
            dram_path_.pass(now);
        }
    }
}

void MemoryTiming::device_read(u64 address, u64 bytes, u64 now) {
    if (bytes == 0) return;
    const u64 last = (address + bytes - 1) >> Cache::kLineShift;
    for (u64 line = address >> Cache::kLineShift; line <= last; ++line) {
        if (l1d_.contains(line) || l2_.contains(line) || llc_.contains(line)) continue;
        ++stats_.dram_reads;
        dram_path_.pass(now);
    }
}

MemoryStats MemoryTiming::stats() const {
    MemoryStats all = stats_;
    all.l1i = l1i_.stats();
    all.l1d = l1d_.stats();
    all.l1i.accesses += l1i_hits_;
    all.l1d.accesses += l1d_hits_;
    all.l2 = l2_.stats();
    all.itlb = itlb_.stats();
    all.dtlb = dtlb_.stats();
    return all;
}

void MemoryTiming::restart_stats() {
    stats_ = {};
    l1d_hits_ = l1i_hits_ = 0;
    for (Cache* cache : {&l1i_, &l1d_, &l2_}) cache->restart_stats();
    itlb_.restart_stats();
    dtlb_.restart_stats();
}

}  // namespace turnpike::cpu
