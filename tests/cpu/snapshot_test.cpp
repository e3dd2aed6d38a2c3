// SPDX-License-Identifier: Apache-2.0
// States of the pipeline as rows of numbers, and what is remembered of them.
#include <gtest/gtest.h>

#include "models/cpu/scheduled/memo.h"
#include "models/cpu/scheduled/resources.h"

namespace turnpike::cpu::scheduled {
namespace {

Snapshot snapshot_of(std::initializer_list<u64> numbers) {
    Snapshot snapshot;
    for (const u64 number : numbers) snapshot.put(number);
    return snapshot;
}

TEST(Snapshot, GivesBackWhatItTook) {
    Snapshot snapshot;
    snapshot.put(7);
    snapshot.put_long(0x1234'5678'9ABC'DEF0);
    const std::size_t begin = snapshot.reserve();
    snapshot.put(1);
    snapshot.put(2);
    snapshot.put(3);
    snapshot.cut(begin, 2);
    snapshot.put(9);
    ASSERT_TRUE(snapshot.fits());
    SnapshotReader reader(snapshot.words());
    EXPECT_EQ(reader.get(), 7);
    EXPECT_EQ(reader.get_long(), 0x1234'5678'9ABC'DEF0U);
    EXPECT_EQ(reader.get(), 2);
    EXPECT_EQ(reader.get(), 1);
    EXPECT_EQ(reader.get(), 2);
    EXPECT_EQ(reader.get(), 9);
}

TEST(Snapshot, ANumberOfMoreThan16BitsDoesNotFit) {
    EXPECT_TRUE(snapshot_of({0xFFFF}).fits());
    EXPECT_FALSE(snapshot_of({0x10000}).fits());
    Snapshot snapshot = snapshot_of({0x10000});
    snapshot.clear();
    EXPECT_TRUE(snapshot.fits());
}

TEST(Snapshot, HasAnotherHashWhereverItDiffers) {
    const u64 hash = snapshot_of({1, 2, 3, 4, 5}).hash();
    EXPECT_EQ(snapshot_of({1, 2, 3, 4, 5}).hash(), hash);
    EXPECT_NE(snapshot_of({1, 2, 3, 4, 6}).hash(), hash);
    EXPECT_NE(snapshot_of({2, 2, 3, 4, 5}).hash(), hash);
    EXPECT_NE(snapshot_of({1, 2, 3, 4, 5, 0}).hash(), hash);
}

TEST(Snapshot, ACalendarGoesOnAtAnotherTimeAsItWould) {
    constexpr PortSet kTwoPorts = 3 * kEachCycle;
    for (const u64 later : {0, 1, 2, 3, 50, 4097}) {
        PortCalendar calendar, other;
        for (const u64 cycle : {100, 100, 101, 103, 103, 107}) calendar.take(cycle, kTwoPorts);
        calendar.take(102, kTwoPorts, 9);
        Snapshot snapshot;
        calendar.save(snapshot, 101, 109);
        SnapshotReader reader(snapshot.words());
        other.restore(reader, 101 + later);
        for (u64 cycle = 101; cycle < 115; ++cycle)
            EXPECT_EQ(other.take(cycle + later, kTwoPorts), calendar.take(cycle, kTwoPorts) + later) << cycle;
    }
}

TEST(Snapshot, AWaitingRoomGoesOnAtAnotherTimeAsItWould) {
    for (const u64 later : {0, 7, 5000}) {
        WaitingRoom room(4), other(4);
        for (const u64 leaves : {12, 20, 20, 31}) {
            EXPECT_EQ(room.enter(10), 10U);
            room.leave(10, leaves);
        }
        Snapshot snapshot;
        room.save(snapshot, 11);
        SnapshotReader reader(snapshot.words());
        other.restore(reader, 11 + later);
        for (unsigned n = 0; n < 4; ++n) {
            const u64 entered = room.enter(11);
            EXPECT_EQ(other.enter(11 + later), entered + later);
            room.leave(entered, entered + 40);
            other.leave(entered + later, entered + later + 40);
        }
    }
}

TEST(Memo, KnowsAStateFromTheSecondTimeOn) {
    Memo memo(8);
    EXPECT_EQ(memo.state(snapshot_of({1, 2})), Memo::kNone);
    const u32 state = memo.state(snapshot_of({1, 2}));
    EXPECT_NE(state, Memo::kNone);
    EXPECT_EQ(memo.state(snapshot_of({1, 2})), state);
    EXPECT_EQ(memo.state(snapshot_of({1, 3})), Memo::kNone);
    EXPECT_EQ(memo.words(state).size(), 2U);
    EXPECT_EQ(memo.words(state)[1], 2);
}

TEST(Memo, FindsTheStepsOfAnExecutionNewestFirst) {
    Memo memo(8);
    memo.state(snapshot_of({1}));
    const u32 state = memo.state(snapshot_of({1}));
    EXPECT_EQ(memo.find(state, 5), nullptr);
    Step step;
    step.key = 5;
    step.retired = 1;
    const Question question{7, 0, 3, 8};
    memo.add(state, step, {&question, 1});
    step.key = 6;
    memo.add(state, step, {});
    step.key = 5;
    step.retired = 2;
    memo.add(state, step, {});
    const Step* const found = memo.find(state, 5);
    ASSERT_NE(found, nullptr);
    EXPECT_EQ(found->retired, 2);
    const Step* const before = memo.next(*found);
    ASSERT_NE(before, nullptr);
    EXPECT_EQ(before->retired, 1);
    ASSERT_EQ(before->count, 1U);
    EXPECT_EQ(before->questions()->answer, 7U);
    EXPECT_EQ(memo.next(*before), nullptr);
}

TEST(Memo, AStepThatIsPutFirstIsFoundFirstAndTheOthersStay) {
    Memo memo(8);
    memo.state(snapshot_of({1}));
    const u32 state = memo.state(snapshot_of({1}));
    Step step;
    step.key = 5;
    for (const u16 retired : {1, 2, 3}) {
        step.retired = retired;
        memo.add(state, step, {});
    }
    const auto order = [&] {
        std::vector<unsigned> all;
        for (const Step* at = memo.find(state, 5); at != nullptr; at = memo.next(*at)) all.push_back(at->retired);
        return all;
    };
    ASSERT_EQ(order(), (std::vector<unsigned>{3, 2, 1}));
    const auto put_first = [&](unsigned retired) {
        const Step* at = memo.find(state, 5);
        while (at->retired != retired) at = memo.next(*at);
        memo.put_first(state, *at);
    };
    put_first(1);
    EXPECT_EQ(order(), (std::vector<unsigned>{1, 3, 2}));
    put_first(1);
    EXPECT_EQ(order(), (std::vector<unsigned>{1, 3, 2}));
    put_first(3);
    EXPECT_EQ(order(), (std::vector<unsigned>{3, 1, 2}));
}

TEST(Memo, TakesNoMoreStatesThanThereIsRoomFor) {
    Memo memo(2);
    for (const u64 number : {1, 1, 2, 2}) memo.state(snapshot_of({number}));
    EXPECT_TRUE(memo.full());
    memo.state(snapshot_of({3}));
    EXPECT_EQ(memo.state(snapshot_of({3})), Memo::kNone);
    EXPECT_NE(memo.state(snapshot_of({2})), Memo::kNone);
    memo.forget();
    EXPECT_FALSE(memo.full());
    EXPECT_EQ(memo.state(snapshot_of({4})), Memo::kNone);
    EXPECT_NE(memo.state(snapshot_of({4})), Memo::kNone);
}

}  // namespace
}  // namespace turnpike::cpu::scheduled
