// SPDX-License-Identifier: Apache-2.0
// Two cores' hierarchies above one last level of cache, on traces whose costs are worked out by hand.
#include <gtest/gtest.h>

#include "models/cpu/memory/hierarchy.h"
#include "models/cpu/shared_memory.h"

namespace turnpike::cpu {
namespace {

constexpr u64 kDram = 200, kPc = 0x401000, kLong = 100'000;
constexpr u64 kAddress = 0x10000, kLine = kAddress / 64;

/// No prefetchers, one page, LRU.
regs::CpuMemory plain(const char* fill) {
    regs::CpuMemory shape;
    shape.l1d.replacement = shape.l2.replacement = shape.llc.replacement = "lru";
    shape.prefetch.next_line = shape.prefetch.stride_entries = shape.prefetch.stream_trackers = 0;
    shape.dtlb.second_cycles = 0;
    shape.walk.page_kib = 1 << 20;
    shape.llc.fill = fill;
    return shape;
}

class TwoCores {
  public:
    explicit TwoCores(const char* fill = "victim") : TwoCores(plain(fill)) {}
    explicit TwoCores(const regs::CpuMemory& wanted)
        : shape(wanted), llc(MemoryTiming::make_last_level(shape)), a(shape, kDram, llc), b(shape, kDram, llc) {
        load(a, 0x3F'FFC0);  // the walks for the only page
        load(b, 0x3F'FFC0);
    }
    unsigned load(MemoryTiming& core, u64 address = kAddress) { return core.load(address, 8, now += kLong, kPc); }
    unsigned store(MemoryTiming& core, u64 address = kAddress) { return core.store(address, 8, now += kLong, kPc); }
    unsigned from_llc() const { return static_cast<unsigned>(shape.llc.latency - shape.l1d.latency); }

    regs::CpuMemory shape;
    std::shared_ptr<LastLevel> llc;
    MemoryTiming a, b;
    u64 now = 0;
};

TEST(LastLevel, ALineThatAnotherCoreHandsOverToBeReadComesAtTheCostOfAHit) {
    for (const char* fill : {"victim", "inclusive"}) {
        TwoCores cores(fill);
        EXPECT_EQ(cores.load(cores.a), cores.from_llc() + kDram);
        cores.a.hand_over(kLine, true);
        EXPECT_EQ(cores.load(cores.b), cores.from_llc()) << fill;
        EXPECT_EQ(cores.load(cores.a), 0u) << fill << ": its own copy stays";
    }
}

TEST(LastLevel, ALineThatIsTakenAwayToBeWrittenIsMissedByItsOldOwner) {
    TwoCores cores;
    cores.store(cores.a);
    EXPECT_EQ(cores.store(cores.a), 0u);
    cores.a.hand_over(kLine, false);
    EXPECT_EQ(cores.store(cores.b), cores.from_llc());
    cores.b.hand_over(kLine, true);
    EXPECT_EQ(cores.load(cores.a), cores.from_llc());
}

TEST(LastLevel, AModifiedLineOfWhichAReaderGotACopyIsCleanUntilItIsWrittenAgain) {
    TwoCores cores;
    cores.store(cores.a);
    cores.a.hand_over(kLine, true);
    // What was modified lies in the last level now. Sixteen more lines of its set (32,768 sets) drive it out to memory.
    const u64 before = cores.a.stats().dram_writes + cores.b.stats().dram_writes;
    for (u64 n = 1; n <= 40; ++n) cores.load(cores.b, kAddress + n * 32768 * 64);
    EXPECT_EQ(cores.a.stats().dram_writes + cores.b.stats().dram_writes, before + 1);
}

TEST(LastLevel, OneCoreDrivesTheOthersLinesOutOfAnInclusiveCache) {
    TwoCores cores("inclusive");
    cores.load(cores.a);
    EXPECT_EQ(cores.load(cores.a), 0u);
    for (u64 n = 1; n <= 16; ++n) cores.load(cores.b, kAddress + n * 32768 * 64);
    EXPECT_EQ(cores.load(cores.a), cores.from_llc() + kDram);
}

TEST(LastLevel, EachCoreCountsItsOwnAccesses) {
    TwoCores cores;
    cores.a.restart_stats();
    cores.b.restart_stats();
    for (u64 n = 0; n < 10; ++n) cores.load(cores.a, 0x100000 + n * 64);
    EXPECT_EQ(cores.a.stats().llc.misses, 10u);
    EXPECT_EQ(cores.b.stats().llc.accesses, 0u);
}

using Met = SharedMemory::Met;

TEST(Directory, WhatAnAccessMeetsFollowsTheCopies) {
    regs::CpuProfile profile;
    SharedMemory memory(1 << 20);
    const auto first = memory.join(0, profile, 210), second = memory.join(1, profile, 210),
               third = memory.join(2, profile, 210);
    EXPECT_EQ(memory.access(0, kLine, false), Met::nothing);
    EXPECT_EQ(memory.access(0, kLine, true), Met::nothing) << "nobody else has it";
    EXPECT_EQ(memory.access(1, kLine, false), Met::modified);
    EXPECT_EQ(memory.access(2, kLine, false), Met::nothing) << "a clean copy";
    EXPECT_EQ(memory.access(0, kLine, true), Met::copies);
    EXPECT_EQ(memory.access(0, kLine, true), Met::nothing);
    EXPECT_EQ(memory.access(1, kLine, true), Met::modified);
    memory.device_wrote(kAddress, 64);
    EXPECT_EQ(memory.access(2, kLine, true), Met::nothing) << "a device has overwritten what was modified";
    EXPECT_EQ(memory.transfers(1), 2u);
    EXPECT_EQ(memory.upgrades(0), 1u);
}

}  // namespace
}  // namespace turnpike::cpu
