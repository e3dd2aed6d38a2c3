// SPDX-License-Identifier: Apache-2.0
// How the op cache gives code lines, with the figures measured on Zen 5 (NOPs in lines of 64 bytes, cycles a line).
#include "models/cpu/scheduled/code_lines.h"

#include <gtest/gtest.h>

namespace turnpike::cpu::scheduled {
namespace {

constexpr u64 kCycle = 12;
const regs::params::memory::branch kZen5{};

/// Instructions in each line of straight code without end, and cycles that a line takes there in the mean.
double straight(u32 instructions) {
    const FetchTable table(kZen5, kCycle);
    LineVisit visit;
    u64 time = 0;
    constexpr unsigned kLines = 600;
    for (unsigned n = 0; n < kLines; ++n) {
        visit.places += instructions;
        const LineFetch& of = table.leave(visit);
        time += of.time;
        visit.places = of.carried;
    }
    return static_cast<double>(time) / kCycle / kLines;
}

double single_run(u32 instructions) {
    const FetchTable table(kZen5, kCycle);
    return static_cast<double>(table.end({0, instructions, true, false}).time) / kCycle;
}

u8 filled(std::initializer_list<unsigned> fields) {
    EntryFiller filler(kZen5);
    for (const unsigned each : fields) filler.add(1, each);
    return filler.places();
}

TEST(CodeLines, ARunBetweenTakenBranchesTakesHalfACycleForEachOfTwoEntriesAndTwoCyclesForEachPairBeyond) {
    EXPECT_EQ(single_run(1), 0.5);
    EXPECT_EQ(single_run(6), 0.5);
    EXPECT_EQ(single_run(7), 1);
    EXPECT_EQ(single_run(12), 1);
    EXPECT_EQ(single_run(13), 3);
    EXPECT_EQ(single_run(24), 3);
    EXPECT_EQ(single_run(25), 5);
}

TEST(CodeLines, StraightCodeTakesACycleForALineAndCarriesWhatIsBeyondItsEntries) {
    EXPECT_EQ(straight(5), 1);
    EXPECT_EQ(straight(12), 1);
    EXPECT_EQ(straight(64), 1);
    const FetchTable table(kZen5, kCycle);
    EXPECT_EQ(table.leave({0, 12, false, false}).carried, 0U);
    EXPECT_EQ(table.leave({0, 17, false, false}).carried, 5U);
    EXPECT_EQ(table.leave({0, 22, false, false}).carried, 4U);
}

TEST(CodeLines, ARunThatBeginsBehindTheStartOfALineTakesItsLastEntryWithTheNextLine) {
    const FetchTable table(kZen5, kCycle);
    EXPECT_EQ(table.leave({0, 6, true, true}).time, 0U);
    EXPECT_EQ(table.leave({0, 6, true, true}).carried, 6U);
    EXPECT_EQ(table.leave({0, 7, true, true}).time, kCycle);
    EXPECT_EQ(table.leave({0, 7, true, true}).carried, 0U);
    EXPECT_EQ(table.leave({0, 6, true, false}).time, kCycle);
    EXPECT_EQ(table.leave({0, 13, true, false}).time, 3 * kCycle);
}

TEST(CodeLines, TheLastLineOfARunTakesACycleOfItsOwn) {
    const FetchTable table(kZen5, kCycle);
    EXPECT_EQ(table.end({0, 1, false, false}).time, kCycle);
    EXPECT_EQ(table.end({0, 17, false, false}).time, kCycle);
    EXPECT_EQ(table.end({0, 20, false, false}).time, 3 * kCycle);
    EXPECT_EQ(table.end({}).time, 0U);
}

TEST(CodeLines, AnEntryHoldsSixDisplacementsAndImmediates) {
    EXPECT_EQ(filled({0, 0, 0, 0, 0, 0, 0}), 7);
    EXPECT_EQ(filled({1, 1, 1, 1, 1, 1, 1}), 7);
    EXPECT_EQ(filled({2, 2, 2}), 6);
    EXPECT_EQ(filled({2, 2, 2, 0}), 6);
    EXPECT_EQ(filled({2, 0, 2, 0, 2, 0}), 6);
    EXPECT_EQ(filled({0, 2, 2, 2, 0, 0}), 6);
    EXPECT_EQ(filled({2, 1, 2, 1, 2, 1}), 9);
    EXPECT_EQ(filled({2, 2, 1, 2}), 8);
}

TEST(CodeLines, AnInstructionOfTwoOperationsTakesTwoPlacesOfOneEntry) {
    EntryFiller filler(kZen5);
    for (unsigned n = 0; n < 5; ++n) filler.add(1, 0);
    filler.add(2, 0);
    EXPECT_EQ(filler.places(), 8);
    filler.next_line();
    filler.add(8, 0);
    filler.add(1, 0);
    EXPECT_EQ(filler.places(), 9);
}

TEST(CodeLines, WithoutEntriesTheSlotsAreFetchedWithoutRegardToLines) {
    regs::params::memory::branch rules;
    rules.entry_places = 0;
    rules.fetch_width = 6;
    EntryFiller filler(rules);
    filler.add(2, 4);
    filler.add(1, 0);
    EXPECT_EQ(filler.places(), 3);
    const FetchTable table(rules, kCycle);
    EXPECT_EQ(table.leave({0, 3, false, false}).time, kCycle / 2);
    EXPECT_EQ(table.leave({0, 3, true, true}).carried, 0U);
    EXPECT_EQ(table.end({0, 12, true, false}).time, 2 * kCycle);
}

}  // namespace
}  // namespace turnpike::cpu::scheduled
