// SPDX-License-Identifier: Apache-2.0
#include "models/cpu/memory/hierarchy.h"

#include <bit>
#include <stdexcept>

namespace turnpike::cpu {
namespace {

Replacement replacement_of(const std::string& name) { return name == "plru" ? Replacement::plru : Replacement::lru; }

const regs::CpuMemory& checked(const regs::CpuMemory& shape) {
    if (shape.l2.latency < shape.l1d.latency || shape.llc.latency < shape.l2.latency) {
        throw std::invalid_argument("memory: expected latencies that rise from l1d over l2 to llc");
    }
    if (!std::has_single_bit(shape.walk.page_kib)) {
        throw std::invalid_argument("memory.walk: page_kib of " + std::to_string(shape.walk.page_kib) +
                                    ", expected a power of two");
    }
    return shape;
}

template <class Shape>
Cache build(const char* name, const Shape& shape) {
    return {name, shape.kib, shape.ways, replacement_of(shape.replacement)};
}

}  // namespace

std::shared_ptr<LastLevel> MemoryTiming::make_last_level(const regs::CpuMemory& shape) {
    return std::make_shared<LastLevel>(build("memory.llc", shape.llc));
}

MemoryTiming::MemoryTiming(const regs::CpuMemory& shape, u64 dram_cycles, std::shared_ptr<LastLevel> llc)
    : shape_(checked(shape)),
      l1i_(build("memory.l1i", shape.l1i)),
      l1d_(build("memory.l1d", shape.l1d)),
      l2_(build("memory.l2", shape.l2)),
      last_level_(llc ? std::move(llc) : make_last_level(shape)),
      llc_(last_level_->cache),
      itlb_("memory.itlb", shape.itlb),
      dtlb_("memory.dtlb", shape.dtlb),
      directory_(Cache::of_entries("memory.walk", shape.walk.directory_entries, shape.walk.directory_entries)),
      victim_llc_(shape.llc.fill == "victim"),
      page_shift_(static_cast<unsigned>(std::countr_zero(shape.walk.page_kib)) + 10),
      page_lines_log2_(page_shift_ - static_cast<unsigned>(Cache::kLineShift)),
      l2_cycles_(shape.l2.latency - shape.l1d.latency),
      llc_cycles_(shape.llc.latency - shape.l2.latency),
      dram_cycles_(dram_cycles),
      l1d_misses_(shape.l1d.misses),
      l1i_misses_(shape.l1i.misses),
      l2_misses_(shape.l2.misses),
      walkers_(shape.walk.walkers),
      l2_path_(shape.l1d.line_16ths),
      llc_path_(shape.l2.line_16ths),
      dram_path_(shape.dram.line_16ths),
      strides_(shape.prefetch.stride_entries, shape.prefetch.stride_distance),
      streams_(shape.prefetch.stream_trackers, shape.prefetch.stream_distance, shape.prefetch.stream_degree),
      newest_mask_(std::min(std::bit_floor(l1d_.sets()), kNewest) - 1) {
    newest_.fill(kNone);
    last_level_->above.push_back(this);
}

unsigned MemoryTiming::access(u64 address, unsigned bytes, u64 now, u64 pc, bool write) {
    if ((address & 63) + bytes > 64) [[unlikely]] {
        return access_across(address, bytes, now, pc, write);
    }
    const u64 line = address >> Cache::kLineShift;
    if (!dtlb_.hits_where_it_was(page_of(line)) || !l1d_.hits_where_it_was(line, write)) [[unlikely]] {
        return data_line(line, now, pc, write);
    }
    const u64 ready = l1d_arrivals_.usable(line, now);
    used_newly(line, write, ready == now);
    const unsigned wait = static_cast<unsigned>(ready - now);
    return strides_.moves(pc, line) ? stride(pc, line, now, wait) : wait;
}

unsigned MemoryTiming::access_across(u64 address, unsigned bytes, u64 now, u64 pc, bool write) {
    const u64 last = (address + bytes - 1) >> Cache::kLineShift;
    u64 wait = data_line(address >> Cache::kLineShift, now, pc, write);
    wait = std::max<u64>(wait, data_line(last, now, pc, write));
    wait += write ? shape_.l1d.crossing_store : shape_.l1d.crossing_load;
    ++stats_.line_crossings;
    if ((address >> page_shift_) != ((address + bytes - 1) >> page_shift_)) {
        wait += shape_.l1d.page_crossing;
        ++stats_.page_crossings;
    }
    return static_cast<unsigned>(wait);
}

unsigned MemoryTiming::data_line(u64 line, u64 now, u64 pc, bool write) {
    const u64 start = translate(dtlb_, page_of(line), now);
    const u64 ready = l1d_.access(line, write) ? l1d_arrivals_.usable(line, start) : fill_l1d(line, start, write);
    used_newly(line, write, ready == start);
    const unsigned wait = static_cast<unsigned>(ready - now);
    return strides_.moves(pc, line) ? stride(pc, line, start, wait) : wait;
}

/// Passes `wait` on, so that whoever calls it last need not come back.
unsigned MemoryTiming::stride(u64 pc, u64 line, u64 now, unsigned wait) {
    const u64 wanted = strides_.moved(pc, line);
    if (wanted != kNoLine) prefetch_l1d(wanted, now);
    return wait;
}

u64 MemoryTiming::fill_l1d(u64 line, u64 now, bool write) {
    const u64 begin = l1d_misses_.free_from(now);
    const u64 ready = from_l2(line, begin);
    l1d_misses_.take(ready);
    l1d_arrivals_.add(line, now, ready);
    l1d_victim(l1d_.replace(line, write));
    const bool runs = last_missed_line_ + 1 == line;
    last_missed_line_ = line;
    if (runs && shape_.prefetch.next_line != 0 && same_page(line, line + 1)) prefetch_l1d(line + 1, now);
    return ready;
}

/// A prefetch gives way: without a free place for the miss it does not take place.
void MemoryTiming::prefetch_l1d(u64 line, u64 now) {
    if (l1d_.contains(line) || l1d_misses_.free_from(now) > now) return;
    ++stats_.prefetches;
    const u64 ready = from_l2(line, now);
    l1d_misses_.take(ready);
    l1d_arrivals_.add(line, now, ready);
    l1d_victim(l1d_.replace(line, false));
}

unsigned MemoryTiming::fetch_line(u64 line, u64 now) {
    last_code_line_ = line;
    const bool usual = itlb_.hits_where_it_was(page_of(line)) && !l1i_arrivals_.on_its_way(line, now) &&
                       l1i_.hits_where_it_was(line, false);
    return usual ? 0 : fetch_line_beyond(line, now);
}

unsigned MemoryTiming::fetch_line_beyond(u64 line, u64 now) {
    const u64 start = translate(itlb_, page_of(line), now);
    if (l1i_.access(line, false)) return static_cast<unsigned>(l1i_arrivals_.usable(line, start) - now);
    const u64 ready = fill_l1i(line, start);
    for (u64 next = line + 1; next <= line + shape_.l1i.ahead && same_page(line, next); ++next) {
        if (l1i_.contains(next)) continue;
        ++stats_.prefetches;
        fill_l1i(next, start);
    }
    return static_cast<unsigned>(ready - now);
}

u64 MemoryTiming::fill_l1i(u64 line, u64 now) {
    const u64 ready = from_l2(line, l1i_misses_.free_from(now));
    l1i_misses_.take(ready);
    l1i_arrivals_.add(line, now, ready);
    l1i_.replace(line, false);
    return ready;
}

/// L1 asks L2 at `now`: when it has the line.
u64 MemoryTiming::from_l2(u64 line, u64 now) {
    u64 at_l2 = now;
    if (l2_.access(line, false)) {
        at_l2 = l2_arrivals_.usable(line, now);
    } else {
        at_l2 = fill_l2(line, now);
    }
    prefetch_stream(line, now);
    return l2_path_.pass(at_l2) + l2_cycles_;
}

u64 MemoryTiming::fill_l2(u64 line, u64 now) {
    u64 ready = l2_misses_.free_from(now);
    bool dirty = false;
    ++stats_.llc.accesses;
    if (llc_.access(line, false)) {
        if (victim_llc_) dirty = llc_.invalidate(line);
        ready = llc_path_.pass(ready) + llc_cycles_;
    } else {
        ++stats_.llc.misses;
        ready = from_dram(ready + llc_cycles_);
        if (!victim_llc_) llc_victim(llc_.replace(line, false));
    }
    l2_misses_.take(ready);
    l2_arrivals_.add(line, now, ready);
    l2_victim(l2_.replace(line, dirty));
    return ready;
}

u64 MemoryTiming::from_dram(u64 now) {
    ++stats_.dram_reads;
    return dram_path_.pass(now) + dram_cycles_;
}

void MemoryTiming::prefetch_stream(u64 line, u64 now) {
    for (const u64 wanted : streams_.touched(line)) {
        if (l2_.contains(wanted)) continue;
        if (l2_misses_.free_from(now) > now) return;
        ++stats_.prefetches;
        fill_l2(wanted, now);
    }
}

bool MemoryTiming::drop_from_l1(u64 line) {
    if (newest_[line & newest_mask_] >> 1 == line) newest_[line & newest_mask_] = kNone;
    if (last_code_line_ == line) last_code_line_ = kNone;
    l1i_.invalidate(line);
    return l1d_.invalidate(line);
}

void MemoryTiming::l1d_victim(const Cache::Victim& victim) {
    u64& newest = newest_[victim.line & newest_mask_];
    if (newest >> 1 == victim.line) newest = kNone;
    if (!victim.dirty) return;
    if (l2_.make_dirty(victim.line)) return;
    l2_victim(l2_.replace(victim.line, true));
}

void MemoryTiming::l2_victim(const Cache::Victim& victim) {
    if (victim.line == kNone) return;
    bool dirty = victim.dirty;
    if (shape_.l2.inclusive != 0) dirty |= drop_from_l1(victim.line);
    if (dirty && llc_.make_dirty(victim.line)) return;
    if (!dirty && (!victim_llc_ || llc_.contains(victim.line))) return;
    llc_victim(llc_.replace(victim.line, dirty));
}

void MemoryTiming::llc_victim(const Cache::Victim& victim) {
    if (victim.line == kNone) return;
    bool dirty = victim.dirty;
    stats_.llc.write_backs += dirty ? 1 : 0;
    if (!victim_llc_) {
        for (MemoryTiming* core : last_level_->above) {
            dirty |= core->drop_from_l1(victim.line);
            dirty |= core->l2_.invalidate(victim.line);
        }
    }
    stats_.dram_writes += dirty ? 1 : 0;
}

}  // namespace turnpike::cpu
