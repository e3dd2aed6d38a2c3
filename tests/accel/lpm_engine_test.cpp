// SPDX-License-Identifier: Apache-2.0
// Twin and RTL of the longest-prefix-match engine against each other, clock by clock, and against a route table.
#include <gtest/gtest.h>

#include <deque>

#include "models/accel/lockstep.h"
#include "models/accel/lpm_twin.h"
#include "models/accel/rtl/lpm_rtl.h"
#include "tb/unit/lpm_table.h"
#include "tests/accel/random.h"

namespace turnpike {
namespace {

namespace lpm = regs::lpm;
using tb::LpmTable;

/// Writes the table by the register bus, one access a clock; returns the clock after the last.
std::uint64_t load(LpmEngine& engine, const LpmTable& table, std::uint64_t cycle) {
    for (const LpmTable::Entry& entry : table.entries()) {
        engine.write(lpm::ENTRY_ADDR, lpm::ENTRY_ADDR_LEVEL.of(entry.level) | lpm::ENTRY_ADDR_INDEX.of(entry.index),
                     cycle++);
        engine.write(lpm::ENTRY_DATA, entry.data, cycle++);
    }
    engine.write(lpm::CTRL, 1, cycle++);
    return cycle;
}

class EachLpmEngine : public testing::TestWithParam<const char*> {};
INSTANTIATE_TEST_SUITE_P(Forms, EachLpmEngine, testing::Values("tlm", "rtl", "lockstep"));

TEST_P(EachLpmEngine, AnswersAreTheLongestPrefixSixClocksLater) {
    Random random(20);
    for (unsigned round = 0; round < 4; ++round) {
        const LpmTable table = tb::random_lpm_table(random, 100);
        const std::unique_ptr<LpmEngine> engine = make_lpm_engine(GetParam());
        std::uint64_t cycle = load(*engine, table, 0);
        for (unsigned n = 0; n < 3000; ++n) {
            const std::uint32_t address = tb::random_lpm_address(random, table);
            const LpmEngine::Ticket ticket = engine->issue(address, cycle);
            EXPECT_FALSE(engine->answer(ticket, cycle + 5));
            const std::optional<LpmAnswer> answer = engine->answer(ticket, cycle + 6);
            ASSERT_TRUE(answer);
            EXPECT_EQ(answer->index, table.lookup(address)) << std::hex << address;
            EXPECT_EQ(answer->cycle, cycle + 6);
            cycle += 6 + random.below(20);
        }
    }
}

TEST_P(EachLpmEngine, AnEntryWrittenInTheClockOfAcceptanceIsSeen) {
    const std::unique_ptr<LpmEngine> engine = make_lpm_engine(GetParam());
    engine->write(lpm::CTRL, 1, 0);
    engine->write(lpm::ENTRY_DATA, 5, 10);
    const LpmEngine::Ticket ticket = engine->issue(0, 10);
    EXPECT_EQ(engine->answer(ticket, 16)->index, 5);
}

TEST_P(EachLpmEngine, AnEntryWrittenInTheClockThatReadsItIsNotSeen) {
    const std::unique_ptr<LpmEngine> engine = make_lpm_engine(GetParam());
    engine->write(lpm::CTRL, 1, 0);
    const LpmEngine::Ticket ticket = engine->issue(0, 10);
    engine->write(lpm::ENTRY_DATA, 5, 11);
    EXPECT_EQ(engine->answer(ticket, 16)->index, 0);
}

TEST_P(EachLpmEngine, EnablingCountsFromTheNextClockOn) {
    const std::unique_ptr<LpmEngine> engine = make_lpm_engine(GetParam());
    engine->write(lpm::CTRL, 1, 3);
    const LpmEngine::Ticket same = engine->issue(0, 3);
    const LpmEngine::Ticket next = engine->issue(0, 4);
    EXPECT_EQ(engine->answer(same, 9)->index, 0xFFFF);
    EXPECT_EQ(engine->answer(next, 10)->index, 0);
}

TEST_P(EachLpmEngine, ResetForgetsRegistersAndLookups) {
    const std::unique_ptr<LpmEngine> engine = make_lpm_engine(GetParam());
    engine->write(lpm::CTRL, 1, 0);
    engine->issue(1, 5);
    engine->reset();
    EXPECT_EQ(engine->read(lpm::CTRL, 0), 0u);
    EXPECT_EQ(engine->read(lpm::LOOKUPS, 1), 0u);
    const LpmEngine::Ticket ticket = engine->issue(1, 2);
    EXPECT_EQ(engine->answer(ticket, 8)->index, 0xFFFF);
}

/// Everything at once: lookups each clock, entries changed under way, registers read, all compared by the lockstep.
TEST(LpmLockstep, TwinAndRtlAgreeOnEveryClockOfRandomTraffic) {
    Random random(4711);
    LockstepLpm engine(std::make_unique<LpmTwin>(), std::make_unique<LpmRtl>());
    const LpmTable table = tb::random_lpm_table(random, 80);
    std::uint64_t cycle = load(engine, table, 0);
    std::deque<std::pair<LpmEngine::Ticket, std::uint64_t>> due;
    unsigned answered = 0;
    for (unsigned n = 0; n < 40000; ++n) {
        cycle += random.percent(70) ? 1 : random.below(12);
        const bool bus = random.percent(50);
        const bool bus_first = random.percent(50);
        const auto access = [&] {
            if (random.percent(30)) {
                engine.read(lpm::kRegisters[random.below(std::size(lpm::kRegisters))].offset, cycle);
            } else if (random.percent(5)) {
                engine.write(lpm::CTRL, random.percent(80), cycle);
            } else if (random.percent(40)) {
                const unsigned level = random.below(4);
                engine.write(lpm::ENTRY_ADDR, lpm::ENTRY_ADDR_LEVEL.of(level) | random.below(level == 0 ? 300 : 600),
                             cycle);
            } else {
                engine.write(lpm::ENTRY_DATA, random.percent(70) ? 0x10000 | random.below(3) : random.below(0x20000),
                             cycle);
            }
        };
        while (!due.empty() && due.front().second <= cycle) {
            ASSERT_TRUE(engine.answer(due.front().first, cycle));
            due.pop_front();
            ++answered;
        }
        if (n == 0) ++cycle;
        if (bus && bus_first) access();
        if (random.percent(70)) due.emplace_back(engine.issue(tb::random_lpm_address(random, table), cycle), cycle + 6);
        if (bus && !bus_first) access();
        ++cycle;
    }
    EXPECT_GT(answered, 20000u);
}

}  // namespace
}  // namespace turnpike
