// SPDX-License-Identifier: Apache-2.0
// What micro-ops compete for, each by itself: ports, places in a scheduler, stores in the queue, renamed loads.
#include <gtest/gtest.h>

#include "models/cpu/scheduled/recent_stores.h"
#include "models/cpu/scheduled/resources.h"

namespace turnpike::cpu::scheduled {
namespace {

constexpr PortSet kOnePort = kEachCycle;
constexpr PortSet kTwoPorts = kEachCycle | kEachCycle << 1;

TEST(PortCalendar, ALaterOperationFillsTheGapBeforeAnEarlierOne) {
    PortCalendar ports;
    EXPECT_EQ(ports.take(10, kOnePort), 10U);
    EXPECT_EQ(ports.take(7, kOnePort), 7U);
    EXPECT_EQ(ports.take(10, kOnePort), 11U);
}

TEST(PortCalendar, TwoPortsServeTwoOperationsInACycle) {
    PortCalendar ports;
    EXPECT_EQ(ports.take(3, kTwoPorts), 3U);
    EXPECT_EQ(ports.take(3, kTwoPorts), 3U);
    EXPECT_EQ(ports.take(3, kTwoPorts), 4U);
}

TEST(PortCalendar, ABusyPortIsFreeAgainBehindItsOperation) {
    PortCalendar ports;
    EXPECT_EQ(ports.take(5, kOnePort, 7), 5U);
    EXPECT_EQ(ports.take(5, kOnePort), 12U);
}

TEST(WaitingRoom, WhatGoesToItsPortAtOnceTakesNoPlace) {
    WaitingRoom room(1);
    for (u64 cycle = 1; cycle < 100; ++cycle) {
        EXPECT_EQ(room.enter(cycle), cycle);
        room.leave(cycle, cycle);
    }
}

TEST(WaitingRoom, AFullRoomLetsInWhenTheFirstLeaves) {
    WaitingRoom room(2);
    EXPECT_EQ(room.enter(10), 10U);
    room.leave(10, 40);
    EXPECT_EQ(room.enter(10), 10U);
    room.leave(10, 25);
    EXPECT_EQ(room.enter(11), 25U);
}

TEST(WaitingRoom, WhatWaitsLongerThanCanBeCountedLeavesAtTheEndOfTheCount) {
    WaitingRoom room(1);
    EXPECT_EQ(room.enter(100), 100U);
    room.leave(100, 1'000'000);
    EXPECT_EQ(room.enter(101), 100U + 2047);
}

TEST(StoreTable, ALoadFindsTheNewestStoreToItsBytes) {
    StoreTable stores;
    stores.push(0x1000, 8).data_ready = 5;
    stores.push(0x1000, 4).data_ready = 9;
    ASSERT_NE(stores.at(0x1000, 64), nullptr);
    EXPECT_EQ(stores.at(0x1000, 64)->data_ready, 9U);
    EXPECT_EQ(stores.at(0x1004, 64)->data_ready, 5U);
    EXPECT_EQ(stores.at(0x1008, 64), nullptr);
}

TEST(StoreTable, AStoreOutsideTheWindowIsForgotten) {
    StoreTable stores;
    stores.push(0x1000, 8);
    for (unsigned n = 0; n < 4; ++n) stores.push(0x2000 + 64 * n, 8);
    EXPECT_TRUE(stores.may_hold(0x1000, 5));
    EXPECT_FALSE(stores.may_hold(0x1000, 4));
    EXPECT_EQ(stores.at(0x1000, 4), nullptr);
}

TEST(StoreTable, AStoreAcrossTwoLinesIsFoundFromBoth) {
    StoreTable stores;
    stores.push(0x103C, 8);
    EXPECT_TRUE(stores.may_hold(0x1000, 1));
    EXPECT_TRUE(stores.may_hold(0x1040, 1));
    EXPECT_NE(stores.at(0x1040, 1), nullptr);
}

TEST(RenamedLoads, ALoadIsForeseenOnceItHasMetItsStoreOftenEnough) {
    RenamedLoads loads(64, 3);
    for (unsigned n = 0; n < 3; ++n) EXPECT_FALSE(loads.met(7));
    EXPECT_TRUE(loads.met(7));
}

TEST(RenamedLoads, AnotherStoreMakesALoadBeginAnew) {
    RenamedLoads loads(64, 1);
    EXPECT_FALSE(loads.met(7));
    EXPECT_TRUE(loads.met(7));
    loads.missed(7);
    EXPECT_FALSE(loads.met(7));
}

TEST(RenamedLoads, ALoadInTheSamePlaceOfTheTableDrivesTheOtherOut) {
    RenamedLoads loads(64, 1);
    EXPECT_FALSE(loads.met(1));
    EXPECT_FALSE(loads.met(1 + (1U << 20)));
    EXPECT_FALSE(loads.met(1));
}

TEST(RenamedLoads, WithoutEntriesNothingIsForeseen) {
    RenamedLoads loads(0, 0);
    EXPECT_FALSE(loads.met(7));
    loads.missed(7);
}

}  // namespace
}  // namespace turnpike::cpu::scheduled
