// SPDX-License-Identifier: Apache-2.0
#include "sw/kernel/timer.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>
#include <random>
#include <string>
#include <vector>

#include "sw/hal/native/test_machine.h"
#include "sw/kernel/interrupt.h"
#include "sw/kernel/time.h"
#include "sw/kernel/timer_wheel.h"

namespace {

using namespace fw;
using testing::ElementsAre;

/// A timer that writes down when it fired.
struct Noted : timer_list {
    explicit Noted(std::string its_name = "") : name(std::move(its_name)) { timer_setup(this, fire); }
    static void fire(timer_list* timer) {
        auto* noted = static_cast<Noted*>(timer);
        fired.push_back(noted->name + "@" + std::to_string(uptime_us()));
        if (noted->then) noted->then(timer);
    }
    std::string name;
    void (*then)(timer_list*) = nullptr;
    static std::vector<std::string> fired;
};
std::vector<std::string> Noted::fired;

constexpr u32 kTscDeadline = 0x6E0;  // Intel SDM volume 4

class Timer : public testing::Test {
  protected:
    void SetUp() override {
        native::machine() = {};
        tsc_khz = 0;
        timers_init();
        Noted::fired.clear();
    }
    Noted a{"a"}, b{"b"}, c{"c"};
    std::vector<std::string>& fired = Noted::fired;
};

TEST_F(Timer, OneThatIsSetBeforeTheClockRunsCountsFromItsStart) {
    mod_timer(&a, 2 * kMsec);
    native::machine().tsc = 123'456;
    EXPECT_EQ(uptime_us(), 0U);
    EXPECT_EQ(native::machine().msr.count(kTscDeadline), 0U);
    native::machine().tsc = 0;
    native::advance(1999);
    EXPECT_THAT(fired, ElementsAre());
    native::advance(1);
    EXPECT_THAT(fired, ElementsAre("a@2000"));
    EXPECT_FALSE(timer_pending(&a));
}

TEST_F(Timer, TheyFireByTimeAndOfOneTimeInTheOrderOfSetting) {
    mod_timer(&a, 300);
    native::advance(299);
    mod_timer(&c, 301);
    mod_timer(&b, 300);
    native::advance(10);
    EXPECT_THAT(fired, ElementsAre("a@300", "b@300", "c@301"));
}

TEST_F(Timer, ATimeThatHasPassedMeansAtOnceAndFromTheSoftirq) {
    native::advance(kSec);
    mod_timer(&a, 5);
    EXPECT_THAT(fired, ElementsAre());
    native::advance(0);
    EXPECT_THAT(fired, ElementsAre("a@1000000"));
}

TEST_F(Timer, ADeletedOneDoesNotFireAndSaysWhetherItWasSet) {
    mod_timer(&a, 100);
    EXPECT_TRUE(del_timer(&a));
    EXPECT_FALSE(del_timer(&a));
    native::advance(kSec);
    EXPECT_THAT(fired, ElementsAre());
}

TEST_F(Timer, OneThatIsMovedFiresOnceAtItsNewTime) {
    mod_timer(&a, 100);
    mod_timer(&a, 40 * kSec);
    native::advance(39 * kSec);
    EXPECT_THAT(fired, ElementsAre());
    mod_timer(&a, 39 * kSec + 7);
    native::advance(kSec);
    EXPECT_THAT(fired, ElementsAre("a@39000007"));
}

TEST_F(Timer, AHandlerMaySetItsOwnTimerAnew) {
    a.then = [](timer_list* timer) {
        if (Noted::fired.size() < 3) mod_timer(timer, timer->expires + 10 * kSec);
    };
    mod_timer(&a, 10 * kSec);
    native::advance(60 * kSec);
    EXPECT_THAT(fired, ElementsAre("a@10000000", "a@20000000", "a@30000000"));
}

TEST_F(Timer, AHandlerMayDeleteOneThatIsDueAtTheSameTime) {
    static Noted* victim;
    victim = &b;
    a.then = [](timer_list*) { EXPECT_TRUE(del_timer(victim)); };
    mod_timer(&a, 70);
    mod_timer(&b, 70);
    mod_timer(&c, 70);
    native::advance(100);
    EXPECT_THAT(fired, ElementsAre("a@70", "c@70"));
}

TEST_F(Timer, AHandlerThatWantsToRunAtOnceForeverLeavesTheSoftirqAlone) {
    a.then = [](timer_list* timer) { mod_timer(timer, 0); };
    mod_timer(&a, 0);
    native::advance(0);
    EXPECT_EQ(fired.size(), 1U);
    native::advance(5);
    EXPECT_EQ(fired.size(), 6U);
}

TEST_F(Timer, HandlersRunInTheSoftirqWithInterruptsOn) {
    a.then = [](timer_list*) {
        EXPECT_TRUE(in_interrupt());
        EXPECT_TRUE(native::machine().interrupts_enabled);
    };
    mod_timer(&a, 1);
    native::advance(1);
    EXPECT_EQ(fired.size(), 1U);
}

TEST_F(Timer, OnlyAnEarlierTimeThanAllOthersTouchesTheDeadline) {
    native::advance(0);
    auto& deadline = native::machine().msr[kTscDeadline];
    mod_timer(&a, 500);
    EXPECT_EQ(deadline, uptime_ticks(500));
    deadline = 1;
    mod_timer(&b, 501);
    EXPECT_EQ(deadline, 1U);
    mod_timer(&c, 499);
    EXPECT_EQ(deadline, uptime_ticks(499));
}

TEST_F(Timer, NothingTicksBetweenDeadlines) {
    mod_timer(&a, 40 * kSec);
    native::advance(0);
    EXPECT_EQ(native::machine().msr[kTscDeadline], uptime_ticks(40 * kSec));
    native::advance(39 * kSec);
    EXPECT_EQ(native::machine().msr[kTscDeadline], uptime_ticks(40 * kSec));
}

TEST(TimerClock, ADeadlineIsTheFirstTickOfItsMicrosecond) {
    for (const u32 khz : {1'000U, 2'999'999U, 3'000'000U, 1'234'567U}) {
        tsc_khz = khz;
        for (const u64 us : {u64{1}, u64{999}, u64{1'000'001}, 40 * kSec + 3, 400'000 * kSec + 17}) {
            native::machine().tsc = uptime_ticks(us);
            EXPECT_EQ(uptime_us(), us);
            --native::machine().tsc;
            EXPECT_EQ(uptime_us(), us - 1);
        }
    }
}

/// The wheel against a list that is searched from end to end.
class WheelAndModel {
  public:
    explicit WheelAndModel(u32 seed) : random_(seed) { wheel_.init(); }

    void step() {
        const u64 spread = u64{1} << random_() % 40;
        timer_list& timer = timers_[random_() % timers_.size()];
        const bool set = timer_pending(&timer);
        switch (random_() % 4) {
            case 0:
                if (set) remove(timer);
                break;
            case 1:
                run_to(wheel_.clock() + random_() % spread);
                break;
            default:
                if (set) remove(timer);
                timer.expires = wheel_.clock() + random_() % spread;
                wheel_.add(&timer);
                model_.emplace(timer.expires, &timer);
        }
        ASSERT_EQ(wheel_.first(), model_.empty() ? TimerWheel::kNever : model_.begin()->first);
    }

  private:
    void remove(timer_list& timer) {
        wheel_.remove(&timer);
        auto at = model_.find(timer.expires);
        while (at->second != &timer) ++at;
        model_.erase(at);
    }
    void run_to(u64 now) {
        for (u64 at = wheel_.first(); at <= now; at = wheel_.first()) {
            wheel_.advance(at);
            timer_list* expired = nullptr;
            wheel_.take(&expired);
            wheel_.advance(at + 1);
            while (expired) {
                ASSERT_EQ(expired, model_.begin()->second);
                ASSERT_EQ(expired->expires, at);
                model_.erase(model_.begin());
                wheel_.remove(expired);
            }
        }
        if (wheel_.clock() < now) wheel_.advance(now);
    }

    std::mt19937_64 random_;
    TimerWheel wheel_;
    std::vector<timer_list> timers_ = std::vector<timer_list>(200);
    std::multimap<u64, timer_list*> model_;  // equal keys keep the order of insertion
};

TEST(TimerWheelModel, AnyMixOfSettingDeletingAndAdvancingGoesInOrder) {
    for (u32 seed = 1; seed <= 20; ++seed) {
        WheelAndModel both(seed);
        for (unsigned n = 0; n < 5000; ++n) {
            both.step();
            ASSERT_FALSE(HasFatalFailure()) << "seed " << seed << ", step " << n;
        }
    }
}

}  // namespace
