// SPDX-License-Identifier: Apache-2.0
// Long random traces of two cores' hierarchies above one last level: what every access costs and what was counted,
// beside facts recorded when each access still took the long way through all tables.
#include <gtest/gtest.h>

#include <ostream>
#include <random>

#include "models/cpu/memory/hierarchy.h"

namespace turnpike::cpu {
namespace {

constexpr u64 kDram = 210;
constexpr u64 kSteps = 400'000;

/// What a trace came to, of both cores together.
struct Facts {
    u64 cycles = 0;                                                        ///< that all accesses cost
    u64 print = 0;                                                         ///< of each one's cost in its place
    u64 l1i = 0, l1d = 0, l2 = 0, llc = 0, itlb = 0, dtlb = 0, walks = 0;  ///< misses
    u64 accesses = 0;                                                      ///< of all caches
    u64 l1d_write_backs = 0, l2_write_backs = 0, dram_reads = 0, dram_writes = 0, prefetches = 0;

    bool operator==(const Facts&) const = default;
    friend std::ostream& operator<<(std::ostream& out, const Facts& facts) {
        for (const u64 each :
             {facts.cycles, facts.print, facts.l1i, facts.l1d, facts.l2, facts.llc, facts.itlb, facts.dtlb, facts.walks,
              facts.accesses, facts.l1d_write_backs, facts.l2_write_backs, facts.dram_reads, facts.dram_writes})
            out << each << "u, ";
        return out << facts.prefetches << "u";
    }
};

/// Programs that go round in little data and code, walk through more of it, and now and then jump anywhere; devices and
/// the other core come between.
class Trace {
  public:
    Trace(const regs::CpuMemory& shape, u64 seed)
        : llc_(MemoryTiming::make_last_level(shape)),
          cores_{{shape, kDram, llc_}, {shape, kDram, llc_}},
          random_(seed) {}

    Facts run() {
        for (u64 step = 0; step < kSteps; ++step) one_step();
        for (const MemoryTiming& core : cores_) count(core.stats());
        return facts_;
    }

  private:
    u64 below(u64 bound) { return random_() % bound; }

    u64 some_address() {
        switch (below(20)) {
            case 0:
                return streaming_ = (streaming_ + 24) % (1 << 21);
            case 1:
                return below(1 << 21);
            case 2:
                return below(200) * 4096 + below(16) * 8;  // many pages
            case 3:
                return below(40) * 8192 + 0x40;  // few sets
            default:
                return below(1 << 14);
        }
    }

    void one_step() {
        // Program order is not the order of time.
        now_ += below(4);
        if (below(1000) == 0) now_ += 500;
        const u64 at = now_ + below(40);
        MemoryTiming& core = cores_[below(16) == 0 ? 1 : 0];
        const u64 kind = below(256);
        if (kind < 100) {
            note(fetch(core, at));
        } else if (kind < 250) {
            note(data(core, at));
        } else {
            around(core, at);
        }
    }

    u64 fetch(MemoryTiming& core, u64 at) {
        code_line_ = below(3) == 0 ? 0x8000 + below(below(8) == 0 ? 4000 : 300) : code_line_ + below(2);
        return core.fetch(code_line_, at);
    }

    u64 data(MemoryTiming& core, u64 at) {
        const u64 pc = 0x401000 + below(below(2) == 0 ? 6 : 300) * 4;
        const bool strided = below(8) == 0;
        const u64 address =
            strided ? strided_[pc % 5] = (strided_[pc % 5] + 64 * (1 + pc % 5)) % (1 << 20) : some_address();
        const unsigned bytes = 1u << below(4);
        const bool write = below(3) == 0;
        if (below(4) == 0) return core.access(address, bytes, at, pc, write);
        return write ? core.store(address, bytes, at, pc) : core.load(address, bytes, at, pc);
    }

    void around(MemoryTiming& core, u64 at) {
        const u64 address = some_address();
        switch (below(8)) {
            case 0:
            case 1:
                return cores_[0].device_wrote(address, 1 + below(1500), at);
            case 2:
                return core.device_read(address, 1 + below(300), at);
            case 3:
            case 4:
                return core.hand_over(address / 64, below(2) == 0);
            case 5:
                return cores_[0].device_wrote((0x8000 + below(300)) * 64, 64, at);  // code
            case 6:
                return core.forget_translation(address);
            default:
                if (below(8) == 0) core.forget_translations([](u64 page) { return (page >> 12) % 3 != 0; });
        }
    }

    void note(u64 cycles) {
        if (below(3) == 0) now_ += cycles;  // something depends on it
        facts_.cycles += cycles;
        facts_.print = (facts_.print ^ cycles) * 0x9E37'79B9'7F4A'7C15;
    }

    void count(const MemoryStats& stats) {
        facts_.l1i += stats.l1i.misses;
        facts_.l1d += stats.l1d.misses;
        facts_.l2 += stats.l2.misses;
        facts_.llc += stats.llc.misses;
        facts_.itlb += stats.itlb.misses;
        facts_.dtlb += stats.dtlb.misses;
        facts_.walks += stats.itlb.walks + stats.dtlb.walks;
        facts_.accesses += stats.l1i.accesses + stats.l1d.accesses + stats.l2.accesses + stats.llc.accesses;
        facts_.l1d_write_backs += stats.l1d.write_backs;
        facts_.l2_write_backs += stats.l2.write_backs;
        facts_.dram_reads += stats.dram_reads;
        facts_.dram_writes += stats.dram_writes;
        facts_.prefetches += stats.prefetches;
    }

    std::shared_ptr<LastLevel> llc_;
    MemoryTiming cores_[2];
    std::mt19937_64 random_;
    Facts facts_;
    u64 now_ = 1000;
    u64 streaming_ = 0;
    u64 strided_[5] = {};
    u64 code_line_ = 0x8000;
};

regs::CpuMemory zen5() {
    regs::CpuMemory shape;
    shape.llc.kib = 1024;
    shape.l2.kib = 256;
    return shape;
}

/// LRU everywhere, an inclusive last level, sets that are no power of two, little TLBs, devices that write to memory.
regs::CpuMemory odd() {
    regs::CpuMemory shape;
    shape.l1i = {.kib = 24, .ways = 8, .replacement = "lru", .misses = 2, .ahead = 1};
    shape.l1d = {.kib = 24, .ways = 4, .replacement = "lru", .misses = 3};
    shape.l2 = {.kib = 96, .ways = 6, .latency = 12, .replacement = "lru", .misses = 5, .inclusive = 0};
    shape.llc = {.kib = 384, .ways = 12, .latency = 42, .replacement = "lru", .fill = "inclusive", .ddio = 0};
    shape.dtlb = {.entries = 12, .ways = 4, .second_entries = 96, .second_ways = 12, .second_cycles = 9};
    shape.itlb = {.entries = 6, .ways = 6, .second_entries = 48, .second_ways = 4, .second_cycles = 9};
    shape.walk = {.page_kib = 4, .walkers = 2, .directory_entries = 2};
    shape.prefetch = {
        .next_line = 1, .stride_entries = 48, .stride_distance = 2, .stream_trackers = 5, .stream_distance = 8};
    return shape;
}

/// Trees over numbers of ways and sets that are no power of two; no prefetchers.
regs::CpuMemory trees() {
    regs::CpuMemory shape;
    shape.l1i = {.kib = 9, .ways = 3, .ahead = 0};
    shape.l1d = {.kib = 36, .ways = 12};
    shape.l2 = {.kib = 144, .ways = 12, .inclusive = 1};
    shape.llc = {.kib = 480, .ways = 10, .replacement = "plru", .ddio_ways = 3};
    shape.prefetch = {.next_line = 0, .stride_entries = 0, .stream_trackers = 0};
    return shape;
}

TEST(RandomMemory, CachesShapedAsInZen5CostWhatWasRecorded) {
    const Facts recorded{.cycles = 8839524u,
                         .print = 7377072776394861886u,
                         .l1i = 16632u,
                         .l1d = 86493u,
                         .l2 = 80057u,
                         .llc = 43616u,
                         .itlb = 2345u,
                         .dtlb = 21886u,
                         .walks = 9804u,
                         .accesses = 663698u,
                         .l1d_write_backs = 23334u,
                         .l2_write_backs = 34907u,
                         .dram_reads = 43894u,
                         .dram_writes = 7825u,
                         .prefetches = 71189u};
    EXPECT_EQ(Trace(zen5(), 5).run(), recorded);
}

TEST(RandomMemory, LruSetsThatAreNoPowerOfTwoAndAnInclusiveLastLevelCostWhatWasRecorded) {
    const Facts recorded{.cycles = 25516089u,
                         .print = 13010961978488473089u,
                         .l1i = 18970u,
                         .l1d = 99524u,
                         .l2 = 105752u,
                         .llc = 80344u,
                         .itlb = 12014u,
                         .dtlb = 49913u,
                         .walks = 25964u,
                         .accesses = 670298u,
                         .l1d_write_backs = 33091u,
                         .l2_write_backs = 21232u,
                         .dram_reads = 81267u,
                         .dram_writes = 46864u,
                         .prefetches = 20525u};
    EXPECT_EQ(Trace(odd(), 6).run(), recorded);
}

TEST(RandomMemory, TreesOverOddNumbersOfWaysCostWhatWasRecorded) {
    const Facts recorded{.cycles = 14984166u,
                         .print = 16605965003726307108u,
                         .l1i = 68886u,
                         .l1d = 89089u,
                         .l2 = 94330u,
                         .llc = 44387u,
                         .itlb = 2144u,
                         .dtlb = 21596u,
                         .walks = 9227u,
                         .accesses = 661021u,
                         .l1d_write_backs = 22499u,
                         .l2_write_backs = 28205u,
                         .dram_reads = 44719u,
                         .dram_writes = 15112u,
                         .prefetches = 0u};
    EXPECT_EQ(Trace(trees(), 7).run(), recorded);
}

}  // namespace
}  // namespace turnpike::cpu
