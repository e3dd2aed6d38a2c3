// SPDX-License-Identifier: Apache-2.0
// What loads, stores and instruction fetches cost beyond a hit in L1: three levels of cache, prefetchers, TLBs, page
// walks and DRAM. Asked in program order; the times it is given need not rise, so that misses overlap as far as the
// miss-status registers and the paths between the levels allow.
#pragma once
#include <array>
#include <functional>
#include <memory>

#include "models/cpu/cache.h"
#include "models/cpu/memory/last_level.h"
#include "models/cpu/memory/occupancy.h"
#include "models/cpu/memory/prefetchers.h"
#include "models/cpu/memory/translation.h"
#include "regs/cpu_memory.h"

namespace turnpike::cpu {

struct MemoryStats {
    CacheStats l1i, l1d, l2, llc;
    TlbStats itlb, dtlb;
    u64 dram_reads = 0;   ///< lines
    u64 dram_writes = 0;  ///< lines
    u64 prefetches = 0;   ///< lines that the prefetchers brought nearer
    u64 line_crossings = 0;
    u64 page_crossings = 0;
};

class MemoryTiming {
  public:
    /// `dram_cycles`: beyond a miss of the last cache, unloaded. Throws std::invalid_argument where a cache or TLB
    /// cannot be built. `llc`: of all cores, where there are several; nothing: one of its own.
    MemoryTiming(const regs::CpuMemory& shape, u64 dram_cycles, std::shared_ptr<LastLevel> llc = nullptr);
    MemoryTiming(const MemoryTiming&) = delete;
    MemoryTiming& operator=(const MemoryTiming&) = delete;
    static std::shared_ptr<LastLevel> make_last_level(const regs::CpuMemory& shape);

    /// Whether a load hits in the line of its set that was used last, so that there is nothing more to ask.
    bool hits_newest(u64 address, unsigned bytes) {
        const u64 line = address >> Cache::kLineShift;
        const bool hits = newest_[line & newest_mask_] >> 1 == line && (address & 63) + bytes <= 64;
        l1d_hits_ += hits ? 1 : 0;
        return hits;
    }
    /// The same of a store.
    bool hits_newest_dirty(u64 address, unsigned bytes) {
        const u64 line = address >> Cache::kLineShift;
        const bool hits = newest_[line & newest_mask_] == (line << 1 | 1) && (address & 63) + bytes <= 64;
        l1d_hits_ += hits ? 1 : 0;
        return hits;
    }
    /// Cycles beyond an L1 hit until the data can be used, for the instruction at `pc` that accesses at `now`.
    unsigned load(u64 address, unsigned bytes, u64 now, u64 pc) {
        return hits_newest(address, bytes) ? 0 : access(address, bytes, now, pc, false);
    }
    /// The same until the line can be written.
    unsigned store(u64 address, unsigned bytes, u64 now, u64 pc) {
        return hits_newest_dirty(address, bytes) ? 0 : access(address, bytes, now, pc, true);
    }
    /// Either, without the look at the newest line.
    unsigned access(u64 address, unsigned bytes, u64 now, u64 pc, bool write);
    /// The same for the code line (address / 64).
    unsigned fetch(u64 code_line, u64 now) {
        if (code_line == last_code_line_) {
            ++l1i_hits_;
            return 0;
        }
        return fetch_line(code_line, now);
    }

    /// A device wrote memory; `now` is the time for its share of the DRAM's bandwidth.
    void device_wrote(u64 address, u64 bytes, u64 now = 0);
    /// A device read memory that no cache holds dirty.
    void device_read(u64 address, u64 bytes, u64 now);
    /// Another core wants the line (address / 64): to write it, or only to read it (`keep`). A copy here goes to the
    /// last level, and stays here as a clean one if at all.
    void hand_over(u64 line, bool keep);
    /// The translation of the page at the physical `address` is no longer valid (INVLPG).
    void forget_translation(u64 address);
    /// All translations but those of the physical addresses for which `keep` says so (a load of CR3).
    void forget_translations(const std::function<bool(u64 address)>& keep);

    MemoryStats stats() const;
    CacheMisses misses() const { return {l1i_.stats().misses, l1d_.stats().misses, l2_.stats().misses}; }
    void restart_stats();

  private:
    static constexpr u64 kNone = Cache::kNone;

    unsigned fetch_line(u64 line, u64 now);
    // The long ways of a fetch and an access. What the short ones have found before they give up is found again.
    [[gnu::noinline]] unsigned fetch_line_beyond(u64 line, u64 now);
    [[gnu::noinline]] unsigned access_across(u64 address, unsigned bytes, u64 now, u64 pc, bool write);
    [[gnu::noinline]] unsigned data_line(u64 line, u64 now, u64 pc, bool write);
    [[gnu::noinline]] unsigned stride(u64 pc, u64 line, u64 now, unsigned wait);
    /// For newest_: what is still on its way, or not known to be dirty, has to be looked at again.
    void used_newly(u64 line, bool write, bool arrived) {
        newest_[line & newest_mask_] = arrived ? line << 1 | (write ? 1 : 0) : kNone;
    }
    u64 page_of(u64 line) const { return line >> page_lines_log2_; }
    u64 translate(TimingTlb& tlb, u64 page, u64 now) {
        return tlb.looked_up_last(page) ? now : translate_other(tlb, page, now);
    }
    u64 translate_other(TimingTlb& tlb, u64 page, u64 now);
    u64 walk(u64 page, u64 now);
    u64 fill_l1d(u64 line, u64 now, bool write);
    u64 fill_l1i(u64 line, u64 now);
    u64 from_l2(u64 line, u64 now);
    u64 fill_l2(u64 line, u64 now);
    u64 from_dram(u64 now);
    void prefetch_l1d(u64 line, u64 now);
    void prefetch_stream(u64 line, u64 now);
    void l1d_victim(const Cache::Victim& victim);
    void l2_victim(const Cache::Victim& victim);
    void llc_victim(const Cache::Victim& victim);
    bool drop_from_l1(u64 line);
    void forget_short_ways();

    regs::CpuMemory shape_;
    Cache l1i_, l1d_, l2_;
    std::shared_ptr<LastLevel> last_level_;
    Cache& llc_;
    TimingTlb itlb_, dtlb_;
    Cache directory_;  ///< page-directory entries that the walkers hold
    bool victim_llc_;
    unsigned page_shift_, page_lines_log2_;
    u64 l2_cycles_, llc_cycles_, dram_cycles_;  ///< each beyond the level above
    Places l1d_misses_, l1i_misses_, l2_misses_, walkers_;
    Throughput l2_path_, llc_path_, dram_path_;
    Arrivals l1d_arrivals_, l1i_arrivals_, l2_arrivals_;
    StridePrefetcher strides_;
    StreamPrefetcher streams_;
    u64 last_missed_line_ = kNone;

    // Per set of L1D: the line used last, as line << 1 | dirty, if it has arrived. An access to it needs no more look.
    // Only very wide caches have more sets; some of theirs share a row.
    static constexpr u64 kNewest = 4096;
    std::array<u64, kNewest> newest_;
    u64 newest_mask_;
    u64 last_code_line_ = kNone;
    u64 l1d_hits_ = 0, l1i_hits_ = 0;  ///< found by the two short ways above
    MemoryStats stats_;
};

}  // namespace turnpike::cpu
