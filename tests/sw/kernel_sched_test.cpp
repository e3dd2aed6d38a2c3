// SPDX-License-Identifier: Apache-2.0
#include "sw/kernel/sched.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "sw/hal/native/test_machine.h"
#include "sw/kernel/interrupt.h"
#include "sw/kernel/ksoftirqd.h"
#include "sw/kernel/preempt.h"
#include "sw/kernel/time.h"
#include "sw/kernel/wait.h"

namespace {

using namespace fw;
using testing::ElementsAre;

std::vector<std::string> events;
void note(const std::string& what) { events.push_back(what + "@" + std::to_string(uptime_us())); }

class Sched : public testing::Test {
  protected:
    void SetUp() override {
        native::boot();
        native::advance(0);
    }
    static task_struct* start(void (*entry)(const void*), const void* argument = nullptr) {
        task_struct* const task = kthread_create(entry, argument, "test", 0);
        if (task) wake_up_process(task);
        return task;
    }
};

TEST_F(Sched, ATaskBeginsWhenItIsWokenAndEndsWhenItReturns) {
    task_struct* const task =
        kthread_create([](const void* text) { note(static_cast<const char*>(text)); }, "a", "t", 0);
    schedule();
    EXPECT_THAT(events, ElementsAre());
    EXPECT_TRUE(wake_up_process(task));
    EXPECT_FALSE(wake_up_process(task)) << "it runs already";
    schedule();
    EXPECT_THAT(events, ElementsAre("a@0"));
    EXPECT_EQ(current(), nullptr);
    EXPECT_FALSE(task->in_use);
}

TEST_F(Sched, TasksTakeTurnsInTheOrderInWhichTheyBecameRunnable) {
    for (const char* name : {"a", "b", "c"}) {
        start(
            [](const void* text) {
                for (int turn = 0; turn < 2; ++turn) {
                    note(static_cast<const char*>(text));
                    yield();
                }
            },
            name);
    }
    schedule();
    EXPECT_THAT(events, ElementsAre("a@0", "b@0", "c@0", "a@0", "b@0", "c@0"));
}

TEST_F(Sched, ASleepingTaskGoesOnWhenItsTimeHasCome) {
    start([](const void*) {
        set_current_state(TASK_INTERRUPTIBLE);
        EXPECT_EQ(schedule_timeout(30 * kSec), 0U);
        note("awake");
    });
    native::advance(29 * kSec);
    EXPECT_THAT(events, ElementsAre());
    native::advance(2 * kSec);
    EXPECT_THAT(events, ElementsAre("awake@30000000"));
}

TEST_F(Sched, OneThatIsWokenEarlyKnowsWhatIsLeft) {
    task_struct* const task = start([](const void*) {
        set_current_state(TASK_INTERRUPTIBLE);
        note("left " + std::to_string(schedule_timeout(kSec)));
    });
    native::advance(400 * kMsec);
    wake_up_process(task);
    native::advance(0);
    EXPECT_THAT(events, ElementsAre("left 600000@400000"));
}

TEST_F(Sched, AWakeUpBetweenTheLookAndTheSleepIsNotLost) {
    start([](const void*) {
        set_current_state(TASK_INTERRUPTIBLE);
        wake_up_process(current());
        schedule();
        note("on");
    });
    schedule();
    EXPECT_THAT(events, ElementsAre("on@0"));
}

TEST_F(Sched, ATurnEndsAfterATimeSliceOnlyWhileAnotherTaskWaits) {
    start([](const void*) {
        native::advance(100 * kMsec);
        EXPECT_FALSE(need_resched()) << "alone";
        start([](const void*) { note("other"); });
        native::machine().tsc += uptime_ticks(kTimeSlice) - 1;
        native::machine().interrupts_enabled = false;
        prepare_exit_to_user();
        EXPECT_FALSE(need_resched());
        native::machine().interrupts_enabled = true;
        ++native::machine().tsc;
        do_IRQ(0xEC);  // the local APIC's timer
        EXPECT_TRUE(need_resched());
        EXPECT_THAT(events, ElementsAre());
        prepare_exit_to_user();
        note("first");
    });
    schedule();
    EXPECT_THAT(events, ElementsAre("other@104000", "first@104000"));
}

TEST_F(Sched, SleepingInASoftirqIsABugThatStopsTheMachine) {
    open_softirq(HI_SOFTIRQ, [] {
        start([](const void*) {});
        EXPECT_THROW(schedule(), native::Panic);
    });
    raise_softirq(HI_SOFTIRQ);
    do_softirq();
}

TEST_F(Sched, WhenAllTasksAreTakenThereIsNoMore) {
    for (unsigned n = 0; n < hal::kMaxTasks; ++n)
        ASSERT_NE(kthread_create([](const void*) {}, nullptr, "t", 0), nullptr);
    EXPECT_EQ(kthread_create([](const void*) {}, nullptr, "t", 0), nullptr);
}

wait_queue_head queue;
bool ready = false;

TEST_F(Sched, AWakeUpOfAQueueReachesAllThatWaitInTheirOrder) {
    ready = false;
    for (const char* name : {"a", "b"}) {
        start(
            [](const void* text) {
                wait_event(queue, [] { return ready; });
                note(static_cast<const char*>(text));
            },
            name);
    }
    schedule();
    wake_up(queue);
    schedule();
    EXPECT_THAT(events, ElementsAre()) << "the condition does not hold";
    ready = true;
    wake_up(queue);
    schedule();
    EXPECT_THAT(events, ElementsAre("a@0", "b@0"));
    EXPECT_EQ(queue.first, nullptr);
}

TEST_F(Sched, AWaitWithATimeOutEndsWithoutTheCondition) {
    ready = false;
    start(
        [](const void*) { note(wait_event_timeout(queue, kSec, [] { return ready; }) == 0 ? "timed out" : "ready"); });
    native::advance(2 * kSec);
    EXPECT_THAT(events, ElementsAre("timed out@1000000"));
}

TEST_F(Sched, SoftirqsThatKeepComingBackGoToKsoftirqdSoThatTasksGetTurns) {
    static unsigned rounds;
    spawn_ksoftirqd();
    open_softirq(NET_RX_SOFTIRQ, [] {
        // Each round takes a millisecond. Enough is enough after 100.
        native::machine().tsc += uptime_ticks(kMsec);
        if (++rounds < 100) raise_softirq(NET_RX_SOFTIRQ);
        if (const u64 deadline = native::machine().msr[0x6E0]; deadline && deadline <= native::machine().tsc) {
            native::machine().msr[0x6E0] = 0;
            do_IRQ(0xEC);
        }
    });
    raise_softirq(NET_RX_SOFTIRQ);
    do_softirq();
    EXPECT_EQ(rounds, 10U);
    EXPECT_FALSE(softirq_pending()) << "left to ksoftirqd";
    do_softirq();
    EXPECT_EQ(rounds, 10U);
    open_softirq(HI_SOFTIRQ, [] {});
    raise_softirq(HI_SOFTIRQ);
    EXPECT_TRUE(softirq_pending()) << "what does not belong to the network is not left to it";
    start([](const void*) {
        for (int turn = 0; turn < 3; ++turn) {
            note("task after " + std::to_string(rounds));
            yield();
        }
    });
    schedule();
    EXPECT_EQ(rounds, 100U);
    // ksoftirqd was woken first. Its turns: a slice of four rounds, the one before which the timer's softirq finds that
    // it is over, and the one of the scheduler point.
    EXPECT_THAT(events, ElementsAre("task after 16@16000", "task after 22@22000", "task after 28@28000"));
}

}  // namespace
