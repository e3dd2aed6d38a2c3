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

/// Writes a word by the register bus, one access a clock; returns the clock after the last.
std::uint64_t write_word(LpmEngine& engine, const LpmTable::Word& word, std::uint64_t cycle) {
    engine.write(lpm::ENTRY_ADDR, word.place, cycle);
    engine.write(lpm::ENTRY_HIGH, word.high, cycle + 1);
    engine.write(lpm::ENTRY_DATA, word.data, cycle + 2);
    return cycle + 3;
}

std::uint64_t load(LpmEngine& engine, const LpmTable& table, std::uint64_t cycle) {
    for (const LpmTable::Word& word : table.words()) cycle = write_word(engine, word, cycle);
    engine.write(lpm::CTRL, 1, cycle++);
    return cycle;
}

class EachLpmEngine : public testing::TestWithParam<const char*> {};
INSTANTIATE_TEST_SUITE_P(Forms, EachLpmEngine, testing::Values("tlm", "rtl", "lockstep"));

TEST_P(EachLpmEngine, AnswersAreTheLongestPrefixNineteenClocksLater) {
    Random random(20);
    for (unsigned round = 0; round < 4; ++round) {
        const LpmTable table = tb::random_lpm_table(random, 100);
        const std::unique_ptr<LpmEngine> engine = make_lpm_engine(GetParam());
        std::uint64_t cycle = load(*engine, table, 0);
        for (unsigned n = 0; n < 3000; ++n) {
            const std::uint32_t address = tb::random_lpm_address(random, table);
            const LpmEngine::Ticket ticket = engine->issue(address, cycle);
            EXPECT_FALSE(engine->answer(ticket, cycle + 18));
            const std::optional<LpmAnswer> answer = engine->answer(ticket, cycle + 19);
            ASSERT_TRUE(answer);
            EXPECT_EQ(answer->index, table.lookup(address)) << std::hex << address;
            EXPECT_EQ(answer->cycle, cycle + 19);
            cycle += 19 + random.below(20);
        }
    }
}

TEST_P(EachLpmEngine, AnEntryWrittenInTheClockOfAcceptanceIsSeen) {
    const std::unique_ptr<LpmEngine> engine = make_lpm_engine(GetParam());
    engine->write(lpm::CTRL, 1, 0);
    engine->write(lpm::ENTRY_DATA, 5, 10);
    const LpmEngine::Ticket ticket = engine->issue(0, 10);
    EXPECT_EQ(engine->answer(ticket, 29)->index, 5);
}

TEST_P(EachLpmEngine, AnEntryWrittenInTheClockThatReadsItIsNotSeen) {
    const std::unique_ptr<LpmEngine> engine = make_lpm_engine(GetParam());
    engine->write(lpm::CTRL, 1, 0);
    const LpmEngine::Ticket ticket = engine->issue(0, 10);
    engine->write(lpm::ENTRY_DATA, 5, 11);
    EXPECT_EQ(engine->answer(ticket, 29)->index, 0);
}

TEST_P(EachLpmEngine, EnablingCountsFromTheNextClockOn) {
    const std::unique_ptr<LpmEngine> engine = make_lpm_engine(GetParam());
    engine->write(lpm::CTRL, 1, 3);
    const LpmEngine::Ticket same = engine->issue(0, 3);
    const LpmEngine::Ticket next = engine->issue(0, 4);
    EXPECT_EQ(engine->answer(same, 22)->index, 0xFFFF);
    EXPECT_EQ(engine->answer(next, 23)->index, 0);
}

TEST_P(EachLpmEngine, ResetForgetsRegistersAndLookups) {
    const std::unique_ptr<LpmEngine> engine = make_lpm_engine(GetParam());
    engine->write(lpm::CTRL, 1, 0);
    engine->issue(1, 5);
    engine->reset();
    EXPECT_EQ(engine->read(lpm::CTRL, 0), 0u);
    EXPECT_EQ(engine->read(lpm::LOOKUPS, 1), 0u);
    const LpmEngine::Ticket ticket = engine->issue(1, 2);
    EXPECT_EQ(engine->answer(ticket, 21)->index, 0xFFFF);
}

TEST_P(EachLpmEngine, HeldAnswersFillTheQueueAndComeOutOneAClockWhenLetGo) {
    const std::unique_ptr<LpmEngine> engine = make_lpm_engine(GetParam());
    engine->hold(true, 0);
    std::vector<LpmEngine::Ticket> tickets;
    std::uint64_t cycle = 0;
    for (; engine->ready(cycle); ++cycle) tickets.push_back(engine->issue(1, cycle));
    EXPECT_EQ(tickets.size(), kLpmInFlight);
    EXPECT_FALSE(engine->answer(tickets[0], 100));
    engine->write(lpm::DRAIN, 0, 101);
    EXPECT_EQ(engine->read(lpm::DRAIN, 102), kLpmInFlight);
    engine->hold(false, 110);
    EXPECT_FALSE(engine->ready(110));
    EXPECT_TRUE(engine->ready(111));
    EXPECT_EQ(engine->read(lpm::DRAIN, 112), kLpmInFlight - 2);
    for (unsigned n = 0; n < tickets.size(); ++n) {
        const std::optional<LpmAnswer> answer = engine->answer(tickets[n], 200);
        ASSERT_TRUE(answer);
        EXPECT_EQ(answer->cycle, 110 + n);
    }
    EXPECT_EQ(engine->read(lpm::DRAIN, 201), 0u);
}

TEST_P(EachLpmEngine, WhatIsTakenAtAnEdgeMakesRoomAtTheNext) {
    const std::unique_ptr<LpmEngine> engine = make_lpm_engine(GetParam());
    engine->hold(true, 0);
    std::uint64_t cycle = 0;
    std::vector<LpmEngine::Ticket> tickets;
    for (; engine->ready(cycle); ++cycle) tickets.push_back(engine->issue(1, cycle));
    engine->hold(false, 110);
    EXPECT_TRUE(engine->answer(tickets[0], 110));
    EXPECT_FALSE(engine->ready(110));
    EXPECT_TRUE(engine->ready(111));
}

TEST_P(EachLpmEngine, ABadPointerIsReportedWhenItsAnswerComesOutOfTheMemories) {
    const std::unique_ptr<LpmEngine> engine = make_lpm_engine(GetParam());
    write_word(*engine, {LpmTable::place(0, 0), 0, lpm::ENTRY_DATA_ROOT_CHILD_VALID.mask()}, 0);
    write_word(*engine, {LpmTable::place(1, 0), 0, 1 | lpm::ENTRY_DATA_NODE_RESULTS.of(kLpmCapacity[kLpmResult])}, 10);
    engine->write(lpm::CTRL, 1, 20);
    const LpmEngine::Ticket ticket = engine->issue(0, 30);
    EXPECT_EQ(engine->read(lpm::STATUS, 48), 0u);
    EXPECT_EQ(engine->read(lpm::STATUS, 49), lpm::STATUS_BAD_POINTER.mask());
    EXPECT_EQ(engine->answer(ticket, 49)->index, 0xFFFF);
    engine->write(lpm::STATUS, lpm::STATUS_BAD_POINTER.mask(), 50);
    EXPECT_EQ(engine->read(lpm::STATUS, 51), 0u);
}

TEST_P(EachLpmEngine, RecordsOfUpdateListsAreWordsAndCountDownWhatIsPending) {
    const std::unique_ptr<LpmEngine> engine = make_lpm_engine(GetParam());
    engine->write(lpm::CTRL, 1, 0);
    engine->write(lpm::UPDATE_BASE, 0x1230, 1);
    const std::optional<LpmCommand> command = engine->write(lpm::UPDATE_DOORBELL, 3, 2);
    EXPECT_EQ(command, (LpmCommand{LpmCommand::Kind::update, 0x1230, 0, 0, 3}));
    engine->update({LpmTable::place(0, 0), 0, 42}, 5);
    EXPECT_EQ(engine->read(lpm::UPDATE_PENDING, 5), 3u);
    EXPECT_EQ(engine->read(lpm::UPDATE_PENDING, 6), 2u);
    engine->moved({.dropped = 2, .bus_error = true}, 7);
    EXPECT_EQ(engine->read(lpm::UPDATE_PENDING, 8), 0u);
    EXPECT_EQ(engine->read(lpm::STATUS, 8), lpm::STATUS_BUS_ERROR.mask());
    EXPECT_EQ(engine->answer(engine->issue(0, 9), 28)->index, 42);
}

/// Everything at once, all compared by the lockstep: lookups, words written under way, registers read, answers held up.
class Everything {
  public:
    explicit Everything(std::uint32_t seed) : random_(seed), table_(tb::random_lpm_table(random_, 80)) {
        cycle_ = load(engine_, table_, 0);
        engine_.write(lpm::UPDATE_DOORBELL, lpm::UPDATE_DOORBELL_COUNT.mask(), cycle_++);
    }
    void clock() {
        cycle_ += random_.percent(90) ? 1 : 1 + random_.below(60);
        if (random_.percent(4)) engine_.hold(held_ = !held_, cycle_);
        const bool bus_first = random_.percent(50);
        if (bus_first) access();
        if (random_.percent(80) && engine_.ready(cycle_)) {
            due_.push_back(engine_.issue(tb::random_lpm_address(random_, table_), cycle_));
        }
        if (!bus_first) access();
        while (!due_.empty() && engine_.answer(due_.front(), cycle_)) {
            due_.pop_front();
            ++answered_;
        }
    }
    unsigned answered() const { return answered_; }

  private:
    void access() {
        const unsigned kind = random_.below(100);
        if (kind < 20) {
            engine_.read(lpm::kRegisters[random_.below(std::size(lpm::kRegisters))].offset, cycle_);
        } else if (kind < 22) {
            engine_.write(lpm::CTRL, random_.percent(90), cycle_);
        } else if (kind < 25) {
            engine_.write(random_.percent(50) ? lpm::DRAIN : lpm::STATUS, random_.word(), cycle_);
        } else if (kind < 45) {
            // Mostly words that the table uses, sometimes the places around a memory's end.
            const std::uint64_t memory = random_.below(8);
            const std::uint64_t end = memory < kLpmMemories ? kLpmCapacity[memory] : 8;
            const std::uint64_t index = random_.percent(95) ? random_.below(60) : end - 2 + random_.below(4);
            engine_.write(lpm::ENTRY_ADDR, LpmTable::place(static_cast<unsigned>(memory), index), cycle_);
        } else if (kind < 50) {
            engine_.write(lpm::ENTRY_HIGH, random_.percent(90) ? random_.below(60) : random_.word(), cycle_);
        } else if (kind < 60) {
            engine_.write(lpm::ENTRY_DATA, random_data(), cycle_);
        } else if (kind < 70) {
            engine_.update({random_.word(), random_.word(), random_data()}, cycle_);
        } else if (kind < 72) {
            engine_.moved({.completions = random_.below(9), .bus_error = random_.percent(50)}, cycle_);
        }
    }
    std::uint64_t random_data() {
        const std::uint64_t results = random_.percent(95) ? random_.below(200) : random_.word();
        return (std::uint64_t{random_.word()} << 37 | lpm::ENTRY_DATA_NODE_RESULTS.of(results) |
                random_.below(0x10000)) &
               ((1ULL << 53) - 1);
    }

    Random random_;
    LpmTable table_;
    LockstepLpm engine_{std::make_unique<LpmTwin>(), make_lpm_rtl()};
    std::deque<LpmEngine::Ticket> due_;
    std::uint64_t cycle_ = 0;
    unsigned answered_ = 0;
    bool held_ = false;
};

TEST(LpmLockstep, TwinAndRtlAgreeOnEveryClockOfRandomTraffic) {
    Everything everything(4711);
    for (unsigned n = 0; n < 60000; ++n) everything.clock();
    EXPECT_GT(everything.answered(), 20000u);
}

}  // namespace
}  // namespace turnpike
