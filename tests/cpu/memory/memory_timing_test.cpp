// SPDX-License-Identifier: Apache-2.0
// The memory hierarchy on traces whose hits, misses and times are worked out by hand.
#include "models/cpu/memory/hierarchy.h"

#include <gtest/gtest.h>

#include <numeric>
#include <random>
#include <stdexcept>

namespace turnpike::cpu {
namespace {

constexpr u64 kDram = 200;
constexpr u64 kPc = 0x401000;
constexpr u64 kLong = 100'000;  // cycles after which nothing is on its way any more

/// No prefetchers, a TLB that always hits, LRU everywhere: what is left can be counted by hand.
regs::CpuMemory plain() {
    regs::CpuMemory shape;
    shape.l1d.replacement = shape.l2.replacement = shape.llc.replacement = shape.l1i.replacement = "lru";
    shape.prefetch.next_line = shape.prefetch.stride_entries = shape.prefetch.stream_trackers = 0;
    shape.l1i.ahead = 0;
    shape.l1d.crossing_load = 3;
    shape.l1d.crossing_store = 2;
    shape.dtlb.second_cycles = shape.itlb.second_cycles = 0;
    shape.walk.page_kib = 1 << 20;
    return shape;
}

class Hierarchy : public ::testing::Test {
  protected:
    /// One access at a time, each long after the one before.
    unsigned load(u64 address, unsigned bytes = 8) { return memory.load(address, bytes, now += kLong, kPc); }
    unsigned store(u64 address, unsigned bytes = 8) { return memory.store(address, bytes, now += kLong, kPc); }
    void warm_up() {
        load(0x3F'FFC0);  // the walk for the only page
        memory.restart_stats();
    }

    regs::CpuMemory shape = plain();
    MemoryTiming memory{plain(), kDram};
    u64 now = 0;
};

TEST_F(Hierarchy, EachLevelCostsItsLatencyBeyondL1) {
    warm_up();
    EXPECT_EQ(load(0x10000), shape.llc.latency - shape.l1d.latency + kDram);
    EXPECT_EQ(load(0x10008), 0u);
    // 12 more lines of the same set (64 sets of 64 bytes: 4 KiB apart) drive it out of L1 but not out of L2.
    for (u64 n = 1; n <= 12; ++n) load(0x10000 + n * 4096);
    EXPECT_EQ(load(0x10000), shape.l2.latency - shape.l1d.latency);
    // 16 more lines of the same set of L2 (1024 sets: 64 KiB apart) drive it out of there, into the victim cache.
    for (u64 n = 1; n <= 16; ++n) load(0x10000 + n * 65536);
    EXPECT_EQ(load(0x10000), shape.llc.latency - shape.l1d.latency);
}

TEST_F(Hierarchy, HitsAndMissesAreCounted) {
    warm_up();
    for (u64 n = 0; n < 100; ++n) load(0x10000 + n * 8);  // 800 bytes: 13 lines
    const MemoryStats stats = memory.stats();
    EXPECT_EQ(stats.l1d.accesses, 100u);
    EXPECT_EQ(stats.l1d.misses, 13u);
    EXPECT_EQ(stats.l2.misses, 13u);
    EXPECT_EQ(stats.llc.misses, 13u);
    EXPECT_EQ(stats.dram_reads, 13u);
    EXPECT_EQ(stats.dram_writes, 0u);
}

TEST_F(Hierarchy, AWrittenLineIsWrittenBackLevelByLevel) {
    warm_up();
    store(0x10000);
    for (u64 n = 1; n <= 12; ++n) load(0x10000 + n * 4096);
    EXPECT_EQ(memory.stats().l1d.write_backs, 1u);
    EXPECT_EQ(memory.stats().l2.write_backs, 0u);
    for (u64 n = 1; n <= 16; ++n) load(0x10000 + n * 65536);
    EXPECT_EQ(memory.stats().l2.write_backs, 1u);
    EXPECT_EQ(memory.stats().dram_writes, 0u);
    // 32 MiB in 16 ways: lines 2 MiB apart share a set of the last cache, and one of L2 too (16 ways): 33 more lines
    // leave neither a place.
    for (u64 n = 1; n <= 33; ++n) load(0x10000 + n * (2 << 20));
    EXPECT_EQ(memory.stats().dram_writes, 1u);
}

TEST_F(Hierarchy, ALoadAfterAStoreToTheLineAndAStoreAfterALoadHit) {
    warm_up();
    EXPECT_GT(store(0x10000), 0u);
    EXPECT_EQ(load(0x10010), 0u);
    EXPECT_EQ(store(0x10020), 0u);
    EXPECT_GT(load(0x20000), 0u);
    EXPECT_EQ(store(0x20000), 0u);
    EXPECT_EQ(memory.stats().l1d.misses, 2u);
}

TEST_F(Hierarchy, IndependentMissesOverlapUpToTheMissStatusRegisters) {
    warm_up();
    const u64 one = shape.llc.latency - shape.l1d.latency + kDram;
    now += kLong;
    std::vector<u64> cost;
    for (u64 n = 0; n <= shape.l1d.misses; ++n) cost.push_back(memory.load(0x10000 + n * 64, 8, now, kPc));
    EXPECT_EQ(cost[0], one);
    // Lines follow each other at the pace of the memory controllers: 32 sixteenths of a cycle.
    for (u64 n = 1; n < shape.l1d.misses; ++n) EXPECT_EQ(cost[n], one + 2 * n) << n;
    EXPECT_GE(cost.back(), 2 * one);
}

TEST_F(Hierarchy, ASecondAccessToALineOnItsWayWaitsOnlyForTheRest) {
    warm_up();
    now += kLong;
    const unsigned all = memory.load(0x10000, 8, now, kPc);
    EXPECT_EQ(memory.load(0x10008, 8, now + 50, kPc), all - 50);
    EXPECT_EQ(memory.load(0x10010, 8, now + all, kPc), 0u);
    EXPECT_EQ(memory.stats().l1d.misses, 1u);
}

TEST_F(Hierarchy, AnEarlierAccessThatComesLaterInTheProgramDoesNotWaitForTheLaterOne) {
    warm_up();
    now += kLong;
    const unsigned all = memory.load(0x10000, 8, now + 5000, kPc);
    EXPECT_EQ(memory.load(0x10000, 8, now, kPc), all);
    EXPECT_EQ(memory.load(0x90000, 8, now, kPc), all);
}

TEST_F(Hierarchy, DramPassesNoMoreThanItsBandwidth) {
    shape.l1d.misses = shape.l2.misses = 1000;
    shape.dram.line_16ths = 16 * 10;
    MemoryTiming slow(shape, kDram);
    slow.load(0, 8, 0, kPc);
    u64 last = 0;
    for (u64 n = 1; n <= 500; ++n) last = std::max<u64>(last, kLong + slow.load(n * 64, 8, kLong, kPc));
    // The last of 500 lines, one each 10 cycles, begins after 499 others.
    EXPECT_EQ(last - kLong, 499u * 10 + kDram + shape.llc.latency - shape.l1d.latency);
}

TEST_F(Hierarchy, DmaTakesItsShareOfTheDram) {
    shape.llc.ddio = 0;
    shape.dram.line_16ths = 16 * 10;
    MemoryTiming shared(shape, kDram);
    shared.load(0, 8, 0, kPc);
    const unsigned alone = shared.load(0x10000, 8, kLong, kPc);
    shared.device_wrote(0x80000, 64 * 64, 2 * kLong);
    // 64 lines of 10 cycles began when the DMA did, the core's request reaches the DRAM after its own way there.
    EXPECT_EQ(shared.load(0x20000, 8, 2 * kLong, kPc), alone + 640 - (shape.llc.latency - shape.l2.latency));
}

TEST_F(Hierarchy, ADeviceWriteTakesTheLineOutOfTheCoreAndDdioPutsItIntoTheLastCache) {
    warm_up();
    load(0x10000);
    memory.device_wrote(0x10000, 64);
    EXPECT_EQ(load(0x10000), shape.llc.latency - shape.l1d.latency);
    shape.llc.ddio = 0;
    MemoryTiming without(shape, kDram);
    without.load(0x10000, 8, 0, kPc);
    without.device_wrote(0x10000, 64);
    EXPECT_EQ(without.load(0x10000, 8, kLong, kPc), shape.llc.latency - shape.l1d.latency + kDram);
    EXPECT_EQ(without.stats().dram_writes, 1u);
}

TEST_F(Hierarchy, DdioHoldsNoMoreThanItsWays) {
    warm_up();
    for (u64 n = 0; n < 10; ++n) memory.device_wrote(0x10000 + n * (2 << 20), 64);  // one set of the last cache
    EXPECT_EQ(memory.stats().dram_writes, 10 - shape.llc.ddio_ways);
}

TEST_F(Hierarchy, AnAccessAcrossALineTouchesBothAndPaysForTheCrossing) {
    warm_up();
    load(0x10000);
    load(0x10040);
    EXPECT_EQ(load(0x1003C, 4), 0u);
    EXPECT_EQ(load(0x1003C, 8), shape.l1d.crossing_load);
    EXPECT_EQ(store(0x1003C, 8), shape.l1d.crossing_store);
    EXPECT_GT(load(0x1007C, 8), shape.llc.latency);  // the second line is not there
    EXPECT_EQ(memory.stats().line_crossings, 3u);
}

TEST(Translation, ThePagesBeyondTheFirstLevelComeFromTheSecond) {
    regs::CpuMemory shape = plain();
    shape.walk.page_kib = 4;
    shape.dtlb = {.entries = 4, .ways = 4, .second_entries = 64, .second_ways = 4, .second_cycles = 7};
    MemoryTiming memory(shape, kDram);
    u64 now = 0;
    // Five pages by turns, LRU of four: each access misses the first level; each walks once. The lines differ in
    // their L1 sets, so that they all stay in L1.
    for (unsigned round = 0; round < 3; ++round) {
        for (u64 page = 0; page < 5; ++page) {
            const unsigned cost = memory.load(page * 4096 + page * 64, 8, now += kLong, kPc);
            EXPECT_EQ(cost > 7, round == 0);
        }
    }
    EXPECT_EQ(memory.stats().dtlb.walks, 5u);
    // In the first two rounds; a line that has arrived and was used last in its set needs no second look.
    EXPECT_EQ(memory.stats().dtlb.misses, 10u);
    // Other lines of the five pages do: every page misses the first level again.
    for (u64 page = 0; page < 5; ++page) memory.load(page * 4096 + (page + 8) * 64, 8, now += kLong, kPc);
    EXPECT_EQ(memory.stats().dtlb.misses, 15u);
    EXPECT_EQ(memory.stats().dtlb.walks, 5u);
    EXPECT_EQ(memory.load(0x0, 1, now += kLong, kPc), 0u);
}

TEST(Translation, AWalkReadsItsEntriesThroughL2) {
    regs::CpuMemory shape = plain();
    shape.walk.page_kib = 4;
    shape.dtlb.second_cycles = 7;
    MemoryTiming memory(shape, kDram);
    const u64 miss = shape.llc.latency - shape.l1d.latency + kDram;
    const u64 l2_hit = shape.l2.latency - shape.l1d.latency;
    // Nothing is anywhere: directory entry, page-table entry and the line itself come from DRAM, one after the other.
    EXPECT_EQ(memory.load(0x40'0000, 8, kLong, kPc), 7 + 2 * (miss + shape.l1d.latency) + miss);
    // The neighbouring page's entry stands in the same line (eight entries of 8 bytes), the directory is held.
    EXPECT_EQ(memory.load(0x40'1000, 8, 2 * kLong, kPc), 7 + l2_hit + shape.l1d.latency + miss);
    EXPECT_EQ(memory.stats().dtlb.walks, 2u);
    memory.forget_translation(0x40'1000);
    EXPECT_GT(memory.load(0x40'1000, 8, 3 * kLong, kPc), 7u);
    EXPECT_EQ(memory.stats().dtlb.walks, 3u);
}

TEST(Prefetch, AStrideOfOneInstructionIsFollowedInsideThePage) {
    regs::CpuMemory shape = plain();
    shape.prefetch.stride_entries = 64;
    shape.prefetch.stride_distance = 4;
    MemoryTiming memory(shape, kDram);
    u64 now = 0;
    // 32 lines of a page, two lines apart. The stride is known at the third line and sure at the fourth; that one
    // asks for the eighth, so that seven are missed.
    for (u64 n = 0; n < 32; ++n) memory.load(n * 128, 8, now += kLong, kPc);
    EXPECT_EQ(memory.stats().l1d.misses, 7u);
    EXPECT_EQ(memory.stats().prefetches, 25u);
}

TEST(Prefetch, RandomAccessesAreNotPrefetched) {
    regs::CpuMemory shape;
    MemoryTiming memory(shape, kDram);
    std::mt19937_64 random(1);
    for (u64 n = 0; n < 10'000; ++n) memory.load(random() % (64 << 20), 1, n * 1000, kPc);
    EXPECT_LE(memory.stats().prefetches, 500u);
}

TEST(Prefetch, TheStreamPrefetcherKeepsALongCopyOutOfDram) {
    regs::CpuMemory shape = plain();
    shape.prefetch.stream_trackers = 16;
    MemoryTiming memory(shape, kDram);
    u64 now = 0;
    unsigned slow = 0;
    for (u64 line = 0; line < 64 * 100; ++line) {
        const unsigned cost = memory.load(line * 64, 8, now += 100, kPc);
        slow += cost > shape.llc.latency;
    }
    // A page has three lines before its stream is sure; the fourth and later ones were asked for in time, but for the
    // first ones that are still on their way.
    EXPECT_GE(slow, 300u);
    EXPECT_LE(slow, 500u);
}

TEST(Fetch, CodeThatRunsStraightOnIsFetchedAhead) {
    regs::CpuMemory shape = plain();
    shape.l1i.ahead = 2;
    MemoryTiming memory(shape, kDram);
    memory.fetch(100, kLong);
    EXPECT_EQ(memory.fetch(101, 2 * kLong), 0u);
    EXPECT_EQ(memory.fetch(102, 3 * kLong), 0u);
    EXPECT_GT(memory.fetch(103, 4 * kLong), 0u);
    EXPECT_EQ(memory.fetch(103, 5 * kLong), 0u);
    EXPECT_EQ(memory.stats().l1i.misses, 2u);
    EXPECT_EQ(memory.stats().l1i.accesses, 5u);
}

/// Cycles of a load in a chain through all lines of `kib` in random order, with two cycles of address arithmetic, as
/// the kernels chase_* of tests/data/kernels do.
double chase(u64 kib) {
    MemoryTiming memory(regs::CpuMemory{}, kDram);
    std::vector<u64> next(kib * 1024 / 64);
    std::iota(next.begin(), next.end(), 0);
    std::mt19937_64 random(7);
    for (u64 n = next.size() - 1; n > 0; --n) std::swap(next[n], next[random() % n]);
    u64 now = 0;
    u64 at = 0;
    const auto run = [&](u64 loads) {
        const u64 begin = now;
        for (u64 n = 0; n < loads; ++n) {
            now += 2 + regs::CpuMemory{}.l1d.latency + memory.load(0x100'0000 + at * 64, 4, now + 2, kPc);
            at = next[at];
        }
        return static_cast<double>(now - begin) / static_cast<double>(loads);
    };
    run(2 * next.size());
    return run(200'000);
}

TEST(Chase, TakesWhatWasMeasuredOnZen5) {
    EXPECT_NEAR(chase(24), 5.989, 0.05);
    EXPECT_NEAR(chase(512), 18.292, 1.0);
    EXPECT_NEAR(chase(8192), 61.080, 3.0);
}

TEST(MemoryShape, WhatCannotBeBuiltIsRefused) {
    regs::CpuMemory odd;
    odd.l1d.ways = 7;
    EXPECT_THROW(MemoryTiming(odd, kDram), std::invalid_argument);
    regs::CpuMemory falling;
    falling.llc.latency = 10;
    EXPECT_THROW(MemoryTiming(falling, kDram), std::invalid_argument);
    regs::CpuMemory page;
    page.walk.page_kib = 3;
    EXPECT_THROW(MemoryTiming(page, kDram), std::invalid_argument);
}

}  // namespace
}  // namespace turnpike::cpu
