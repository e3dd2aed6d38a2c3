// SPDX-License-Identifier: Apache-2.0
// A guest that runs wild: random bytes and random instructions as code, entered anywhere, with interrupts at random
// times, with and without an interrupt table. The core never crashes and never runs past its limit by much.
#include <gtest/gtest.h>

#include <random>

#include "tests/cpu/guest.h"
#include "tests/cpu/host/generator.h"

namespace turnpike::cpu {
namespace {

constexpr unsigned kAttempts = 400;
constexpr u64 kLimit = 20'000;  ///< cycles of one attempt
/// What may lie between two looks at the limit: the longest block, each instruction of which leaves the caches and the
/// model's slowest division behind it.
constexpr u64 kLongestBlock = 100'000;

class Wild {
  public:
    explicit Wild(u64 seed) : random_(seed), generator_(seed) {}

    void attempt(bool functional, bool table) {
        Guest guest;
        guest.core.set_functional(functional);
        fill(guest);
        if (table) load_table(guest);
        guest.core.start(table ? 0x700 : Guest::kCode + random_() % 0x4000, Guest::kStack);
        for (unsigned n = 0; n < 16; ++n) {
            if (n != RSP && random_() % 2 == 0) guest.core.set_reg(n, random_() % guest.memory.size());
        }
        run(guest);
    }

  private:
    void fill(Guest& guest) {
        for (u64 at = Guest::kCode; at < Guest::kCode + 0x8000; ++at) guest.memory[at] = static_cast<u8>(random_());
        if (random_() % 2 != 0) return;
        // Valid instructions one behind the other get further than plain noise.
        for (u64 at = Guest::kCode; at < Guest::kCode + 0x7000;) {
            const host::Sample sample = generator_.sample(20);
            guest.load(sample.code, at);
            at += sample.code.size();
        }
    }

    /// lidt; sti; jmp into the code. Every gate leads somewhere into it.
    void load_table(Guest& guest) {
        guest.put<u16>(0x800, 0xFFF);
        guest.put<u64>(0x802, Guest::kIdt);
        for (unsigned n = 0; n < 256; ++n) {
            guest.gate(n, Guest::kCode + random_() % 0x4000, random_() % 2 == 0 ? 0x8E : 0x8F);
        }
        guest.load({0x0F, 0x01, 0x1C, 0x25, 0x00, 0x08, 0x00, 0x00, 0xFB, 0xE9}, 0x700);
        guest.put<u32>(0x70A, static_cast<u32>(Guest::kCode + random_() % 0x4000 - 0x70E));
    }

    void run(Guest& guest) {
        while (guest.core.cycles() < kLimit) {
            if (random_() % 4 == 0) guest.request(static_cast<int>(0x20 + random_() % 0xE0));
            const u64 limit = guest.core.cycles() + 1 + random_() % 500;
            const Stop stop = guest.core.run(limit);
            ASSERT_LT(guest.core.cycles(), limit + kLongestBlock);
            if (stop == Stop::shutdown) {
                EXPECT_FALSE(guest.core.diagnosis().empty());
                ++shutdowns;
                return;
            }
            if (stop == Stop::halt) guest.core.idle_until(limit);
        }
        ++limits;
    }

    std::mt19937_64 random_;
    host::Generator generator_;

  public:
    unsigned shutdowns = 0;
    unsigned limits = 0;
};

TEST(WildGuest, EndsAtItsLimitOrWithADiagnosisWhateverItExecutes) {
    Wild wild(99);
    for (unsigned n = 0; n < kAttempts; ++n) wild.attempt(n % 2 == 0, n % 3 != 0);
    EXPECT_EQ(wild.shutdowns + wild.limits, kAttempts);
    EXPECT_GT(wild.shutdowns, kAttempts / 10);
    EXPECT_GT(wild.limits, kAttempts / 10);
}

}  // namespace
}  // namespace turnpike::cpu
