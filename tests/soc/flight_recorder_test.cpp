// SPDX-License-Identifier: Apache-2.0
#include "models/soc/flight_recorder.h"

#include <gtest/gtest.h>

namespace turnpike {
namespace {

using regs::Fate;

class Recorder : public testing::Test {
  protected:
    Recorder() { recorder.expect({0, 1, 0}); }
    std::uint64_t count(Fate fate) const { return recorder.by_fate()[static_cast<unsigned>(fate)]; }
    FlightRecorder recorder;
};

TEST_F(Recorder, AFrameThatIsSentIsForwardedWithItsTimes) {
    recorder.arrived(0, 0, 60);
    recorder.stored(0, 0x8000, 100);
    recorder.written_back(0, 110);
    recorder.passes(Point::driver, 0x8000, 200);
    EXPECT_EQ(recorder.fetched(1, 0x8002), 0u);
    recorder.sent(1, 0, 60, 300);
    recorder.finish();
    EXPECT_EQ(count(Fate::forwarded), 1u);
    EXPECT_EQ(recorder.forwarded(), 1u);
    const FrameRecord& record = recorder.frames()[0];
    EXPECT_EQ(record.at[static_cast<unsigned>(Point::stored)], 100u);
    EXPECT_EQ(record.at[static_cast<unsigned>(Point::first_bit)], 300u);
    EXPECT_EQ(record.out_port, 1u);
}

TEST_F(Recorder, TheFirstFateStands) {
    recorder.arrived(0, 0, 60);
    recorder.stored(0, 0x8000, 1);
    recorder.freed(0x8000, Fate::no_route);
    recorder.dropped(0, Fate::rx_filtered);
    EXPECT_EQ(count(Fate::no_route), 1u);
    EXPECT_EQ(count(Fate::rx_filtered), 0u);
}

TEST_F(Recorder, FramesThatAreStillInsideSayWhereTheyAre) {
    recorder.arrived(0, 0, 60);
    recorder.arrived(1, 1, 60);
    recorder.stored(1, 0x9000, 5);
    recorder.finish();
    EXPECT_EQ(count(Fate::end_in_nic), 1u);
    EXPECT_EQ(count(Fate::end_in_ring), 1u);
    EXPECT_EQ(count(Fate::end_on_wire), 1u);
}

TEST_F(Recorder, AnAnswerIsGeneratedAndTheFrameThatCausedItKeepsItsFate) {
    recorder.arrived(0, 0, 60);
    recorder.stored(0, 0x8000, 1);
    recorder.answers(0x9000, 0x8000);
    recorder.freed(0x8000, Fate::ttl_exceeded);
    recorder.inherits(0xA000, 0x9000);  // a fragment of the answer
    recorder.freed(0x9000, Fate::count);
    recorder.sent(0, recorder.fetched(0, 0xA000), 60, 5);
    recorder.finish();
    EXPECT_EQ(count(Fate::ttl_exceeded), 1u);
    EXPECT_EQ(count(Fate::forwarded), 0u);
    EXPECT_EQ(recorder.generated(), 1u);
    EXPECT_EQ(recorder.answered(), 1u);
    EXPECT_EQ(recorder.forwarded(), 0u);
}

TEST_F(Recorder, WhatIsSentFromMemoryThatACopyLeftIsNobodysFrame) {
    recorder.arrived(0, 0, 60);
    recorder.stored(0, 0x8000, 1);
    recorder.inherits(0x9000, 0x8000);
    recorder.freed(0x8000, Fate::count);
    recorder.sent(0, recorder.fetched(0, 0x8000), 60, 5);
    EXPECT_EQ(recorder.generated(), 1u);
    EXPECT_EQ(recorder.answered(), 0u);
    recorder.sent(1, recorder.fetched(1, 0x9000), 60, 9);
    EXPECT_EQ(recorder.forwarded(), 1u);
}

TEST_F(Recorder, AFrameThatIsGivenBackWithoutAnEndSaysWhereItWas) {
    for (FrameId frame = 0; frame < 3; ++frame) {
        recorder.arrived(0, frame, 60);
        recorder.stored(frame, 0x10000 * (frame + 1), 1);
    }
    recorder.freed(0x10000, Fate::count);  // the rx ring is emptied
    recorder.passes(Point::driver, 0x20000, 2);
    recorder.passes(Point::ring, 0x20000, 3);
    recorder.freed(0x20000, Fate::count);  // the tx ring is emptied
    recorder.passes(Point::driver, 0x30000, 2);
    recorder.freed(0x30000, Fate::count);
    EXPECT_EQ(count(Fate::rx_disabled), 1u);
    EXPECT_EQ(count(Fate::device_down), 1u);
    EXPECT_EQ(count(Fate::lost), 1u);
}

TEST_F(Recorder, AFrameWhoseMemoryIsUsedAgainWithoutAnEndIsLost) {
    recorder.arrived(0, 0, 60);
    recorder.stored(0, 0x8000, 1);
    recorder.stored(2, 0x8000, 2);
    recorder.finish();
    EXPECT_EQ(count(Fate::lost), 1u);
}

TEST_F(Recorder, PiecesOfAFrameAreSentInItsName) {
    recorder.arrived(0, 0, 1514);
    recorder.stored(0, 0x8000, 1);
    recorder.inherits(0x10000, 0x8000);
    recorder.inherits(0x20000, 0x8000);
    recorder.stored(1, 0x8000, 2);  // the whole is used again while its pieces wait
    recorder.freed(0x20000, Fate::qdisc_full);
    recorder.sent(1, recorder.fetched(1, 0x10000), 600, 3);
    recorder.finish();
    EXPECT_EQ(recorder.forwarded(), 1u);
    EXPECT_EQ(recorder.generated(), 0u);
    EXPECT_EQ(count(Fate::forwarded), 1u);
    EXPECT_EQ(count(Fate::qdisc_full), 0u);
    EXPECT_EQ(recorder.told(Fate::qdisc_full), 1u);
    EXPECT_EQ(count(Fate::lost), 0u);
}

TEST_F(Recorder, AFrameWithoutOriginIsGenerated) {
    recorder.sent(0, recorder.fetched(0, 0xA000), 42, 1);
    EXPECT_EQ(recorder.generated(), 1u);
    EXPECT_EQ(recorder.forwarded(), 0u);
}

TEST_F(Recorder, AnEndThatIsNoFateIsIgnored) {
    recorder.arrived(0, 0, 60);
    recorder.stored(0, 0x8000, 1);
    recorder.freed(0x8000, static_cast<Fate>(9999));
    recorder.finish();
    EXPECT_EQ(count(Fate::end_in_ring), 1u);
}

}  // namespace
}  // namespace turnpike
