// SPDX-License-Identifier: Apache-2.0
// Alarms and processes with a time of their own.
#include "models/core/agenda.h"

#include <gtest/gtest.h>

#include "models/core/process.h"

namespace turnpike {
namespace {

const bool kNever = false;

struct AgendaTest : testing::Test {
    Agenda agenda;
    std::vector<std::pair<char, std::uint64_t>> seen;
    Alarm a{"a", [this] { seen.emplace_back('a', now_ps()); }};
    Alarm b{"b", [this] { seen.emplace_back('b', now_ps()); }};
    using Seen = std::vector<std::pair<char, std::uint64_t>>;
};

TEST_F(AgendaTest, AlarmsGoOffInOrderOfTimeAndThenOfSetting) {
    b.at(20);
    a.at(30);
    agenda.run_to(25, kNever);
    EXPECT_EQ(seen, (Seen{{'b', 20}}));
    EXPECT_EQ(agenda.now(), 25u);
    b.at(30);
    agenda.run_to(30, kNever);
    EXPECT_EQ(seen, (Seen{{'b', 20}, {'a', 30}, {'b', 30}}));
}

TEST_F(AgendaTest, OfSeveralTimesTheEarliestHolds) {
    a.at(30);
    a.at(10);
    a.at(20);
    agenda.run_to(100, kNever);
    EXPECT_EQ(seen, (Seen{{'a', 10}}));
}

TEST_F(AgendaTest, ACancelledAlarmIsSilentUntilItIsSetAgain) {
    a.at(10);
    a.cancel();
    EXPECT_EQ(agenda.next_ps(), Agenda::kNever);
    a.at(40);
    EXPECT_EQ(agenda.next_ps(), 40u);
    agenda.run_to(100, kNever);
    EXPECT_EQ(seen, (Seen{{'a', 40}}));
}

TEST_F(AgendaTest, StopsBetweenTwoEventsAndGoesOn) {
    bool stop = false;
    Alarm stopper("stop", [&] { stop = true; });
    stopper.at(10);
    a.at(10);
    agenda.run_to(100, stop);
    EXPECT_EQ(agenda.now(), 10u);
    EXPECT_TRUE(seen.empty());
    stop = false;
    agenda.run_to(100, stop);
    EXPECT_EQ(seen, (Seen{{'a', 10}}));
    EXPECT_EQ(agenda.now(), 100u);
}

TEST_F(AgendaTest, AnAlarmThatIsGoneIsForgotten) {
    {
        Alarm gone("gone", [] { FAIL(); });
        gone.at(10);
        a.at(20);
    }
    agenda.run_to(100, kNever);
    EXPECT_EQ(seen, (Seen{{'a', 20}}));
}

struct Counting {
    Signal signal{"signal"};
    std::vector<std::uint64_t> times;
    unsigned answers = 0;
    Process process = run();

    Task<unsigned> wait() {
        co_await signal;
        co_return 1;
    }
    static Task<unsigned> at_once() { co_return 2; }
    Process run() {
        for (;;) {
            answers += co_await wait();
            answers += co_await at_once();
            times.push_back(now_ps());
        }
    }
};

TEST_F(AgendaTest, AProcessGoesOnWhenItsSignalComesAndTasksAnswer) {
    Counting counting;
    counting.signal.notify_at(10);
    agenda.run_to(10, kNever);
    EXPECT_EQ(counting.times, (std::vector<std::uint64_t>{10}));
    counting.signal.notify();
    counting.signal.notify();
    agenda.run_to(20, kNever);
    EXPECT_EQ(counting.times, (std::vector<std::uint64_t>{10, 10})) << "two calls at one time are one";
    EXPECT_EQ(counting.answers, 6u);
}

}  // namespace
}  // namespace turnpike
