// SPDX-License-Identifier: Apache-2.0
#include "models/debug/points.h"

#include <gtest/gtest.h>

namespace turnpike::gdb {
namespace {

TEST(Points, AnAccessMeetsAWatchpointByASingleByteAndNotBesideIt) {
    Points points;
    ASSERT_TRUE(points.insert(PointKind::write, 0x1000, 4));
    EXPECT_FALSE(points.hit(0xFF8, 8, true));
    EXPECT_TRUE(points.hit(0xFF9, 8, true));
    EXPECT_TRUE(points.hit(0x1003, 1, true));
    EXPECT_FALSE(points.hit(0x1004, 1, true));
}

TEST(Points, WatchpointsTellReadsFromWrites) {
    Points points;
    points.insert(PointKind::write, 0x1000, 1);
    points.insert(PointKind::read, 0x2000, 1);
    points.insert(PointKind::access, 0x3000, 1);
    EXPECT_FALSE(points.hit(0x1000, 1, false));
    EXPECT_FALSE(points.hit(0x2000, 1, true));
    EXPECT_TRUE(points.hit(0x3000, 1, true));
    EXPECT_TRUE(points.hit(0x3000, 1, false));
}

TEST(Points, ASoftwareAndAHardwareBreakpointAtOneAddressAreTwo) {
    Points points;
    points.insert(PointKind::software, 0x1000, 1);
    points.insert(PointKind::software, 0x1000, 1);
    points.insert(PointKind::hardware, 0x1000, 1);
    points.remove(PointKind::software, 0x1000, 1);
    EXPECT_TRUE(points.breakpoint_in(0x1000, 0x1001));
    points.remove(PointKind::hardware, 0x1000, 1);
    EXPECT_FALSE(points.breakpoint_in(0, ~0ULL));
}

TEST(Points, EachPageOfAWatchpointIsWatchedWhereItLies) {
    Points points;
    points.insert(PointKind::write, 0x1FFC, 8);
    const auto locate = [](std::uint64_t linear) -> std::optional<std::uint64_t> {
        return linear < 0x2000 ? linear + 0x10000 : linear + 0x50000;
    };
    EXPECT_TRUE(points.hit(0x11FFF, 1, true, locate));
    EXPECT_FALSE(points.hit(0x12000, 4, true, locate));  // the next page there is another's
    EXPECT_TRUE(points.hit(0x52000, 1, true, locate));
    EXPECT_TRUE(points.hit(0x52003, 1, true, locate));
    EXPECT_FALSE(points.hit(0x52004, 1, true, locate));
}

TEST(Points, AWatchpointOfNoBytesOrTooManyOrAroundTheEndOfMemoryIsRefused) {
    EXPECT_FALSE(Points().insert(PointKind::write, 0x1000, 0x100001));
    Points points;
    EXPECT_FALSE(points.insert(PointKind::read, 0x1000, 0));
    EXPECT_FALSE(points.insert(PointKind::read, ~0ULL, 2));
}

}  // namespace
}  // namespace turnpike::gdb
