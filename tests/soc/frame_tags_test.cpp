// SPDX-License-Identifier: Apache-2.0
#include "models/soc/frame_tags.h"

#include <gtest/gtest.h>

namespace turnpike {
namespace {

TEST(FrameTags, ATagInThePoolCoversItsWholeSlotAndNoOther) {
    FrameTags tags;
    tags.set_pool(0x1000, 10 * 2304, 2304);
    tags.put(0x1000 + 2304 + 300, 7);
    EXPECT_EQ(tags.find(0x1000 + 2304), 7u);
    EXPECT_EQ(tags.find(0x1000 + 2 * 2304 - 1), 7u);
    EXPECT_EQ(tags.find(0x1000 + 2303), kNoFrame);
    EXPECT_EQ(tags.find(0x1000 + 2 * 2304), kNoFrame);
}

TEST(FrameTags, ATagOutsideThePoolCoversADmaBuffer) {
    FrameTags tags;
    tags.put(0x8000, 3);
    EXPECT_EQ(tags.find(0x8000 + 14), 3u);
    EXPECT_EQ(tags.find(0x8000 + 2048), kNoFrame);
    EXPECT_EQ(tags.find(0x7FFF), kNoFrame);
}

TEST(FrameTags, TakingATagGivesTheFrameOnce) {
    FrameTags tags;
    tags.put(0x8000, 3);
    EXPECT_EQ(tags.put(0x8010, kNoFrame), 3u);
    EXPECT_EQ(tags.put(0x8010, kNoFrame), kNoFrame);
}

TEST(FrameTags, PuttingAFrameAnswersTheOneBefore) {
    FrameTags tags;
    tags.set_pool(0x1000, 4608, 2304);
    EXPECT_EQ(tags.put(0x1100, 1), kNoFrame);
    EXPECT_EQ(tags.put(0x1200, 2), 1u);
}

}  // namespace
}  // namespace turnpike
