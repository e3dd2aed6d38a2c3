// SPDX-License-Identifier: Apache-2.0
#include "sw/kernel/syscall.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "sw/hal/native/test_machine.h"
#include "sw/kernel/interrupt.h"
#include "sw/kernel/printk.h"
#include "sw/kernel/sched.h"
#include "sw/kernel/time.h"
#include "sw/kernel/uaccess.h"
#include "sw/kernel/wait.h"
#include "sw/user/unistd.h"

namespace {

using namespace fw;
using testing::ElementsAre;
using user::address_of;

constexpr i64 kEbadf = -9, kEfault = -14, kEinval = -22, kEmfile = -24, kEnosys = -38;  // asm-generic/errno*.h

class Syscall : public testing::Test {
  protected:
    void SetUp() override {
        native::boot();
        native::advance(0);
    }
    void TearDown() override { EXPECT_EQ(current(), nullptr); }
    static std::string& console() { return native::machine().console; }
};

TEST_F(Syscall, WhatAProgramWritesToItsTerminalComesAsItStands) {
    console_loglevel = 1;
    const std::string text(300, 'x');
    native::run_program([&] {
        EXPECT_EQ(user::write(1, "out\n", 4), 4);
        EXPECT_EQ(user::write(2, text.data(), text.size()), 300);
    });
    EXPECT_EQ(console(), "out\n" + text);
}

TEST_F(Syscall, AddressesThatAreNotTheProgramsAnswerEfault) {
    static int elsewhere;
    native::run_program([&] {
        EXPECT_EQ(user::write(1, nullptr, 4), kEfault);
        EXPECT_EQ(user::syscall(nr::write, 1, ~u64{0} - 1, 4), kEfault);
        EXPECT_EQ(user::syscall(nr::clock_gettime, clock_id::monotonic, address_of(&elsewhere)), kEfault);
        EXPECT_EQ(user::syscall(nr::nanosleep, 16), kEfault);
        EXPECT_EQ(user::syscall(nr::poll, 16, 1, 0), kEfault);
    });
    EXPECT_EQ(elsewhere, 0);
}

TEST_F(Syscall, NumbersWithoutACallAnswerEnosys) {
    native::run_program([] {
        for (const u64 number : {u64{2}, u64{41}, kSyscalls - 1, kSyscalls, ~u64{0}}) {
            EXPECT_EQ(user::syscall(number), kEnosys) << number;
        }
    });
}

TEST_F(Syscall, NanosleepIsNeverShorterThanWanted) {
    std::vector<u64> woken;
    native::machine().tsc += 1;  // not a whole microsecond
    native::run_program([&] {
        for (const kernel_timespec& time :
             {kernel_timespec{0, 1}, kernel_timespec{1, 500'000'000}, kernel_timespec{0, 0}}) {
            EXPECT_EQ(user::nanosleep(time), 0);
            woken.push_back(uptime_ns());
        }
    });
    native::advance(5 * kSec);
    EXPECT_THAT(woken, ElementsAre(1'000, 1'500'001'000, 1'500'001'000));
}

TEST_F(Syscall, NanosleepOfAnImpossibleTimeIsInvalid) {
    native::run_program([] {
        EXPECT_EQ(user::nanosleep({-1, 0}), kEinval);
        EXPECT_EQ(user::nanosleep({0, 1'000'000'000}), kEinval);
        EXPECT_EQ(user::nanosleep({0, -1}), kEinval);
    });
}

TEST_F(Syscall, NanosleepOfTheLongestTimeSleepsOn) {
    bool woken = false;
    native::run_program([&] {
        user::nanosleep({~u64{0} >> 1, 0});
        woken = true;
    });
    native::advance(1000 * kSec);
    EXPECT_FALSE(woken);
}

TEST_F(Syscall, ClocksCountFromReady) {
    native::advance(3 * kSec + 7);
    native::run_program([] {
        for (const u64 clock : {clock_id::realtime, clock_id::monotonic}) {
            kernel_timespec now = {};
            EXPECT_EQ(user::clock_gettime(clock, now), 0);
            EXPECT_EQ(now.tv_sec, 3);
            EXPECT_EQ(now.tv_nsec, 7000);
        }
        kernel_timespec now = {};
        EXPECT_EQ(user::clock_gettime(99, now), kEinval);
    });
}

TEST_F(Syscall, EachTaskHasAnIdOfItsOwn) {
    std::vector<i64> ids;
    for (int n = 0; n < 3; ++n) native::run_program([&] { ids.push_back(user::getpid()); });
    EXPECT_THAT(ids, ElementsAre(1, 2, 3));
}

TEST_F(Syscall, ExitEndsTheTaskWhereItStands) {
    console_loglevel = 7;
    native::run_program([] {
        user::exit(3);
        ADD_FAILURE() << "went on";
    });
    EXPECT_EQ(console(), "[    0.000000] program[1]: exit status 3\n");
}

TEST_F(Syscall, AProgramThatYieldsLetsOthersRun) {
    std::vector<std::string> order;
    native::run_program([&] {
        native::run_program([&] { order.emplace_back("second"); });
        order.emplace_back("first");
        EXPECT_EQ(user::sched_yield(), 0);
        order.emplace_back("first again");
    });
    EXPECT_THAT(order, ElementsAre("second", "first", "first again"));
}

TEST_F(Syscall, SoftirqsRunOnTheWayBackFromASystemCall) {
    static bool ran;
    open_softirq(NET_TX_SOFTIRQ, [] { ran = true; });
    sys_call_table[200] = [](u64, u64, u64, u64, u64, u64) -> i64 {
        raise_softirq(NET_TX_SOFTIRQ);
        EXPECT_FALSE(ran);
        return 5;
    };
    native::run_program([] {
        EXPECT_EQ(user::syscall(200), 5);
        EXPECT_TRUE(ran);
        EXPECT_TRUE(native::machine().interrupts_enabled);
    });
}

TEST_F(Syscall, ArgumentsArriveInTheirOrder) {
    sys_call_table[201] = [](u64 a, u64 b, u64 c, u64 d, u64 e, u64 f) -> i64 {
        return static_cast<i64>(a + 10 * b + 100 * c + 1000 * d + 10'000 * e + 100'000 * f);
    };
    native::run_program([] { EXPECT_EQ(user::syscall(201, 1, 2, 3, 4, 5, 6), 654321); });
}

TEST_F(Syscall, TheConsolesLevelIsNeverSetBelowTheMinimum) {
    minimum_console_loglevel = 2;
    console_loglevel = 6;
    native::run_program([] {
        const auto syslog = [](u64 action, u64 level = 0) { return user::syscall(nr::syslog, action, 0, level); };
        EXPECT_EQ(syslog(syslog_action::console_level, 1), 0);
        EXPECT_EQ(console_loglevel, 2);
        EXPECT_EQ(syslog(syslog_action::console_level, 5), 0);
        EXPECT_EQ(console_loglevel, 5);
        EXPECT_EQ(syslog(syslog_action::console_level, 9), kEinval);
        EXPECT_EQ(syslog(syslog_action::console_off), 0);
        EXPECT_EQ(console_loglevel, 2);
        EXPECT_EQ(syslog(syslog_action::console_on), 0);
        EXPECT_EQ(console_loglevel, 5);
        EXPECT_EQ(syslog(99), kEinval);
    });
}

/// A file that becomes readable when the test says so.
struct Pipe {
    static i64 read(file* f, void* buffer, u64 bytes) {
        auto* pipe = static_cast<Pipe*>(f->private_data);
        wait_event(pipe->queue, [&] { return pipe->readable; });
        return copy_to_user(buffer, "data", bytes < 4 ? bytes : 4) == 0 ? 4 : kEfault;
    }
    static u32 poll(file* f, poll_table* table) {
        auto* pipe = static_cast<Pipe*>(f->private_data);
        poll_wait(pipe->queue, table);
        return pipe->readable ? u32{poll_bit::in} : 0;
    }
    static void release(file* f) { ++static_cast<Pipe*>(f->private_data)->released; }

    void become_readable() {
        readable = true;
        wake_up(queue);
        schedule();
    }
    static constexpr file_operations ops = {read, nullptr, poll, release};
    file opened = {&ops, this};
    wait_queue_head queue;
    bool readable = false;
    int released = 0;
};

TEST_F(Syscall, FilesGetTheLowestFreeDescriptorAndAreClosedOnce) {
    Pipe pipe;
    native::run_program([&] {
        EXPECT_EQ(fd_install(&pipe.opened), 3);
        EXPECT_EQ(fd_install(&pipe.opened), 4);
        EXPECT_EQ(user::close(3), 0);
        EXPECT_EQ(user::close(3), kEbadf);
        EXPECT_EQ(fd_install(&pipe.opened), 3);
        EXPECT_EQ(pipe.released, 1);
        while (fd_install(&pipe.opened) > 0) {
        }
        EXPECT_EQ(fd_install(&pipe.opened), kEmfile);
    });
    EXPECT_EQ(pipe.released, 1 + static_cast<int>(kMaxFiles - kFirstFile)) << "exit closes what is open";
}

TEST_F(Syscall, DescriptorsThatAreNotOpenAnswerEbadf) {
    native::run_program([] {
        char byte = 0;
        for (const int fd : {3, 15, 16, -1}) {
            EXPECT_EQ(user::read(fd, &byte, 1), kEbadf);
            EXPECT_EQ(user::write(fd, &byte, 1), kEbadf);
            EXPECT_EQ(user::close(fd), kEbadf);
        }
        EXPECT_EQ(user::read(0, &byte, 1), 0) << "the end of what nobody types";
    });
}

TEST_F(Syscall, AReaderSleepsUntilThereIsSomething) {
    Pipe pipe;
    std::string got;
    native::run_program([&] {
        char buffer[8] = {};
        const int fd = fd_install(&pipe.opened);
        EXPECT_EQ(user::read(fd, buffer, sizeof buffer), 4);
        got = buffer;
        EXPECT_EQ(user::write(fd, buffer, 1), kEinval) << "it has no write";
    });
    EXPECT_EQ(got, "");
    pipe.become_readable();
    EXPECT_EQ(got, "data");
}

TEST_F(Syscall, PollSleepsUntilOneOfItsFilesIsReady) {
    Pipe first, second;
    std::vector<i64> answers;
    native::run_program([&] {
        pollfd fds[] = {{fd_install(&first.opened), poll_bit::in, 0},
                        {fd_install(&second.opened), poll_bit::in, 0},
                        {9, poll_bit::in, 0}};
        answers.push_back(user::poll(fds, 2, -1));
        EXPECT_EQ(fds[0].revents, 0);
        EXPECT_EQ(fds[1].revents, poll_bit::in);
        answers.push_back(user::poll(fds, 1, 1500));
        answers.push_back(user::poll(fds, 1, 0));
        answers.push_back(user::poll(fds, 3, -1));
        EXPECT_EQ(fds[2].revents, poll_bit::nval);
        EXPECT_EQ(user::poll(fds, kMaxFiles + 1, 0), kEinval);
    });
    EXPECT_THAT(answers, ElementsAre());
    second.become_readable();
    EXPECT_THAT(answers, ElementsAre(1));
    native::advance(1499 * kMsec);
    EXPECT_EQ(answers.size(), 1U);
    native::advance(1 * kMsec);
    EXPECT_THAT(answers, ElementsAre(1, 0, 0, 2));
    EXPECT_EQ(first.queue.first, nullptr);
}

}  // namespace
