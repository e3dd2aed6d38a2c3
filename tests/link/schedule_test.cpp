// SPDX-License-Identifier: Apache-2.0
#include "models/link/schedule.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace turnpike {
namespace {

using testing::ElementsAre;

constexpr std::uint64_t kSecond = 1'000'000'000;  // ns
constexpr PortLink kTenGigabit{10'000, 0};

/// A capture of 60-byte frames with these time stamps.
Capture capture(const std::vector<std::uint64_t>& times_ns, std::size_t bytes = 60) {
    Capture result;
    for (const std::uint64_t time : times_ns)
        result.frames.push_back({time, static_cast<std::uint32_t>(bytes), std::vector<std::uint8_t>(bytes)});
    return result;
}

std::vector<std::uint64_t> arrivals(const std::vector<TimedFrame>& frames) {
    std::vector<std::uint64_t> times;
    for (const TimedFrame& timed : frames) times.push_back(timed.arrival_ps);
    return times;
}

std::vector<FrameId> ids(const std::vector<TimedFrame>& frames) {
    std::vector<FrameId> result;
    for (const TimedFrame& timed : frames) result.push_back(timed.frame.id);
    return result;
}

TEST(Schedule, RealPaceKeepsTimeStampsFromTheEarliestWholeSecond) {
    const Schedule schedule = make_schedule({capture({100 * kSecond + 250}), capture({101 * kSecond + 5})},
                                            {kTenGigabit, kTenGigabit}, Pace::real);
    EXPECT_EQ(schedule.epoch_ns, 100 * kSecond);
    EXPECT_THAT(arrivals(schedule.ports[0]), ElementsAre(250'000u));
    EXPECT_THAT(arrivals(schedule.ports[1]), ElementsAre(1'000'000'005'000u));
    EXPECT_EQ(schedule.frames, 2u);
    EXPECT_EQ(schedule.last_arrival_ps, 1'000'000'005'000u);
}

TEST(Schedule, FramesTooCloseTogetherWaitForTheWire) {
    // 72 bytes of preamble, frame and FCS take 57.6 ns at 10 Gbit/s, the gap of 12 bytes 9.6 ns.
    const Schedule schedule = make_schedule({capture({1000, 1000, 1010, 2000})}, {kTenGigabit}, Pace::real);
    EXPECT_THAT(arrivals(schedule.ports[0]), ElementsAre(1'000'000u, 1'067'200u, 1'134'400u, 2'000'000u));
}

TEST(Schedule, NothingArrivesBeforeTheWireCanCarryIt) {
    const Schedule schedule = make_schedule({capture({0})}, {{10'000, 10'000}}, Pace::real);
    EXPECT_THAT(arrivals(schedule.ports[0]), ElementsAre(57'600u + 10'000u));
}

TEST(Schedule, TimeStampsThatGoBackKeepTheirOrder) {
    const Schedule schedule = make_schedule({capture({5000, 1000, 6000})}, {kTenGigabit}, Pace::real);
    EXPECT_THAT(arrivals(schedule.ports[0]), ElementsAre(5'000'000u, 5'067'200u, 6'000'000u));
    EXPECT_THAT(ids(schedule.ports[0]), ElementsAre(0u, 1u, 2u));
}

TEST(Schedule, FixedPaceSpacesAllPortsFramesInTimeStampOrderWithTiesInPortOrder) {
    const Schedule schedule =
        make_schedule({capture({10, 30}), capture({10, 20})}, {kTenGigabit, kTenGigabit}, Pace::fixed, 500'000'000);
    EXPECT_THAT(arrivals(schedule.ports[0]), ElementsAre(500'000'000u, 2'000'000'000u));
    EXPECT_THAT(arrivals(schedule.ports[1]), ElementsAre(1'000'000'000u, 1'500'000'000u));
    EXPECT_THAT(ids(schedule.ports[0]), ElementsAre(0u, 3u));
    EXPECT_THAT(ids(schedule.ports[1]), ElementsAre(1u, 2u));
}

TEST(Schedule, LineRateIsBackToBackOnEveryPort) {
    const Schedule schedule = make_schedule({capture({0, 7 * kSecond, 9 * kSecond}), capture({3, 4}, 1514)},
                                            {kTenGigabit, {1000, 0}}, Pace::line_rate);
    EXPECT_THAT(arrivals(schedule.ports[0]), ElementsAre(57'600u, 124'800u, 192'000u));
    // 1,526 bytes at 1 Gbit/s: 12,208 ns, and with the gap 12,304 ns.
    EXPECT_THAT(arrivals(schedule.ports[1]), ElementsAre(12'208'000u, 24'512'000u));
}

TEST(Schedule, ASpacingOfZeroIsLineRate) {
    const Schedule schedule = make_schedule({capture({0, kSecond})}, {kTenGigabit}, Pace::fixed, 0);
    EXPECT_THAT(arrivals(schedule.ports[0]), ElementsAre(57'600u, 124'800u));
}

TEST(Schedule, IdsCountArrivalsNotTimeStamps) {
    // The long frame's time stamp comes first, but it is still on its slow wire when the other has arrived.
    const Schedule schedule =
        make_schedule({capture({1000}, 1514), capture({2000})}, {{1000, 0}, kTenGigabit}, Pace::real);
    EXPECT_THAT(ids(schedule.ports[0]), ElementsAre(1u));
    EXPECT_THAT(ids(schedule.ports[1]), ElementsAre(0u));
}

TEST(Schedule, ManyFramesAtAnOddRateDoNotDrift) {
    // 84 bytes at 3 Mbit/s are exactly 224 µs; every frame's own time of 192 µs is exact too.
    const Schedule schedule = make_schedule({capture(std::vector<std::uint64_t>(10'001))}, {{3, 0}}, Pace::line_rate);
    EXPECT_EQ(schedule.last_arrival_ps, 10'000 * 224'000'000ULL + 192'000'000);
    // 84 bytes at 7 Mbit/s are 96 µs exactly, although no single byte is a whole number of picoseconds.
    const Schedule seven = make_schedule({capture(std::vector<std::uint64_t>(10'001))}, {{7, 0}}, Pace::line_rate);
    EXPECT_EQ(seven.last_arrival_ps, 10'000 * 96'000'000ULL + 82'285'715);
}

TEST(Schedule, NoFramesIsAPlanToo) {
    const Schedule schedule = make_schedule({Capture{}}, {kTenGigabit}, Pace::real);
    EXPECT_EQ(schedule.frames, 0u);
    EXPECT_EQ(schedule.epoch_ns, 0u);
}

}  // namespace
}  // namespace turnpike
