// SPDX-License-Identifier: Apache-2.0
// A core that remembers what its pipeline did against one that works everything out: the same in the same time,
// whatever the guest does and a device writes in between.
#include <gtest/gtest.h>

#include <random>

#include "config/machine.h"
#include "tests/cpu/guest.h"
#include "tests/cpu/random_code.h"

namespace turnpike::cpu {
namespace {

constexpr u64 kCounter = 0x50000, kTable = 0x51000, kSections = 0x2000, kSectionBytes = 0x800;
constexpr unsigned kSectionCount = 16;

regs::CpuProfile profile_of(const char* name, u64 states) {
    regs::CpuProfile profile;
    config::load_cpu_profile(TURNPIKE_MACHINES_DIR, name, profile);
    profile.schedule.memo_states = states;
    return profile;
}

void put32(std::vector<u8>& code, u64 value) {
    for (unsigned shift = 0; shift < 32; shift += 8) code.push_back(static_cast<u8>(value >> shift));
}

/// For ever: INC [counter]; MOV EAX, [counter]; a multiplication that is another for each value; AND EAX, 15;
/// JMP [table + RAX * 8], to sections of random code. `turns`: how far apart the values are that matter.
void load_sections(Guest& guest, u64 seed, unsigned instructions, u64 factor) {
    RandomCode random(seed);
    std::vector<u8> loop = {0xFF, 0x04, 0x25};
    put32(loop, kCounter);
    loop.insert(loop.end(), {0x8B, 0x04, 0x25});
    put32(loop, kCounter);
    loop.insert(loop.end(), {0x69, 0xC0});
    put32(loop, factor);
    loop.insert(loop.end(), {0xC1, 0xE8, 0x04, 0x83, 0xE0, kSectionCount - 1, 0xFF, 0x24, 0xC5});
    put32(loop, kTable);
    guest.load(loop);
    for (unsigned n = 0; n < kSectionCount; ++n) {
        const u64 at = kSections + n * kSectionBytes;
        std::vector<u8> code = random.sequence(1 + random.number() % instructions);
        code.push_back(0xE9);
        put32(code, Guest::kCode - (at + code.size() + 4));
        ASSERT_LE(code.size(), kSectionBytes);
        guest.load(code, at);
        guest.put<u64>(kTable + 8 * n, at);
    }
    for (u64 at = 0; at < 0x2000; at += 8) guest.put<u64>(Guest::kData + at, random.value());
    guest.core.start(Guest::kCode, Guest::kStack);
    guest.core.set_reg(RBX, Guest::kData + 0x1000);
    guest.core.set_reg(RBP, 8);
}

struct Case {
    const char* cpu;
    u64 states;
    u64 factor;  ///< 16 goes through the sections in turn; an odd one jumps about
    bool device = false;
};

/// Both go the same way; how many executions were told again.
u64 compare(const Case& with, u64 seed) {
    Guest remembering(profile_of(with.cpu, with.states)), working(profile_of(with.cpu, 0));
    load_sections(remembering, seed, 40, with.factor);
    load_sections(working, seed, 40, with.factor);
    std::mt19937_64 random(seed);
    for (u64 limit = 0; limit < 600'000; limit += 50 + random() % 1000) {
        const Stop stop = remembering.core.run(limit);
        EXPECT_EQ(working.core.run(limit), stop);
        EXPECT_EQ(remembering.core.cycles(), working.core.cycles()) << with.cpu << ", seed " << seed;
        EXPECT_EQ(remembering.core.rip(), working.core.rip());
        if (testing::Test::HasFailure() || stop != Stop::limit) break;
        if (with.device && random() % 8 == 0) {
            const u64 line = Guest::kData + random() % 128 * 64;
            for (Guest* guest : {&remembering, &working}) guest->core.memory_written(line, 64);
        }
    }
    const Stats &one = remembering.core.stats(), &other = working.core.stats();
    EXPECT_EQ(one.instructions, other.instructions);
    EXPECT_EQ(one.branches.mispredicted, other.branches.mispredicted);
    EXPECT_EQ(one.l1d.accesses, other.l1d.accesses);
    EXPECT_EQ(one.l1d.misses, other.l1d.misses);
    EXPECT_EQ(one.l2.misses, other.l2.misses);
    EXPECT_EQ(other.told_again, 0U);
    return one.told_again;
}

void compare_all(const Case& with) {
    u64 told_again = 0;
    for (u64 seed = 1; seed <= 12; ++seed) told_again += compare(with, seed);
    EXPECT_GT(told_again, 1000U);
}

TEST(Memo, WhatComesAgainInTurnTakesAsLong) { compare_all({"zen5", 65536, 16}); }
TEST(Memo, WhatComesAgainInNoOrderTakesAsLong) { compare_all({"zen5", 65536, 0x9E3779B1}); }
TEST(Memo, WhatComesAgainTakesAsLongOnAnotherCore) { compare_all({"skylake", 65536, 16}); }
TEST(Memo, WithLittleRoomItForgetsAndNothingChanges) { compare_all({"zen5", 64, 16}); }
TEST(Memo, WhatADeviceWritesInBetweenIsSeen) { compare_all({"zen5", 65536, 16, true}); }

TEST(Memo, TheSimpleModelRemembersNothing) {
    Guest guest(profile_of("simple", 65536));
    load_sections(guest, 1, 40, 16);
    guest.core.run(100'000);
    EXPECT_EQ(guest.core.stats().told_again, 0U);
}

}  // namespace
}  // namespace turnpike::cpu
