// SPDX-License-Identifier: Apache-2.0
#include "models/link/wire.h"

#include <gtest/gtest.h>

#include "models/core/clock.h"
#include "models/link/capture_sink.h"
#include "models/link/capture_source.h"
#include "tests/link/capture_file.h"

namespace turnpike {
namespace {

struct Collector : FrameSink {
    struct Received {
        std::uint64_t at_ps;
        Frame frame;
    };
    std::vector<Received> received;
    void receive(Frame frame) override { received.push_back({now_ps(), std::move(frame)}); }
};

Frame frame_of(std::size_t bytes, FrameId id = 0) { return {std::vector<std::uint8_t>(bytes, 0xA5), id}; }

struct WireBench {
    Collector collector;
    Wire wire{"wire", 10'000, 10'000, collector};
};

TEST(Wire, AMinimumFrameTakesThePreambleItsBytesAndTheFcs) {
    WireBench bench;
    const WireTiming timing = bench.wire.transmit(frame_of(60));
    EXPECT_EQ(timing.first_ps, 0u);
    EXPECT_EQ(timing.last_ps, 57'600u);  // 8 + 60 + 4 bytes of 0.8 ns
    sc_core::sc_start(from_ps(1'000'000));
    ASSERT_EQ(bench.collector.received.size(), 1u);
    EXPECT_EQ(bench.collector.received[0].at_ps, 67'600u);
}

TEST(Wire, BackToBackMinimumFramesFollowEvery67point2Nanoseconds) {
    WireBench bench;
    for (FrameId id = 0; id < 1000; ++id) EXPECT_EQ(bench.wire.transmit(frame_of(60, id)).first_ps, id * 67'200u);
    EXPECT_EQ(to_ps(bench.wire.free_at()), 67'200'000u);
    sc_core::sc_start(from_ps(100'000'000));
    ASSERT_EQ(bench.collector.received.size(), 1000u);
    for (FrameId id = 0; id < 1000; ++id) {
        EXPECT_EQ(bench.collector.received[id].frame.id, id);
        EXPECT_EQ(bench.collector.received[id].at_ps, id * 67'200u + 67'600u);
    }
}

TEST(Wire, AFrameMayBeHeldBack) {
    WireBench bench;
    EXPECT_EQ(bench.wire.transmit(frame_of(60), 5000).first_ps, 5000u);
    EXPECT_EQ(bench.wire.transmit(frame_of(60), 6000).first_ps, 5000u + 67'200);
}

TEST(Wire, RuntsTravelAsTheyAre) {
    WireBench bench;
    EXPECT_EQ(bench.wire.transmit(frame_of(0)).last_ps, 9'600u);  // preamble and FCS alone
    sc_core::sc_start(from_ps(1'000'000));
    EXPECT_TRUE(bench.collector.received.at(0).frame.bytes.empty());
}

TEST(CaptureSource, FramesArriveAtTheirTimesAfterZero) {
    Collector collector;
    Wire wire("wire", 10'000, 10'000, collector);
    std::vector<TimedFrame> frames;
    for (FrameId id = 0; id < 100; ++id) frames.push_back({frame_of(60, id), 1'000'000 + id * 1'000'000ULL});
    CaptureSource source("source", std::move(frames), wire);
    sc_core::sc_start(from_ps(7777));
    source.start(5'000'000);
    sc_core::sc_start(from_ps(200'000'000));
    ASSERT_EQ(collector.received.size(), 100u);
    for (FrameId id = 0; id < 100; ++id) {
        EXPECT_EQ(collector.received[id].at_ps, 6'000'000 + id * 1'000'000ULL);
        EXPECT_EQ(collector.received[id].frame.id, id);
    }
    EXPECT_EQ(source.waiting(), 0u);
}

TEST(CaptureSource, ArrivalsAreThoseOfThePlanEvenWhenTheWireIsFull) {
    Collector collector;
    Wire wire("wire", 10'000, 10'000, collector);
    Capture capture;
    for (unsigned n = 0; n < 500; ++n) capture.frames.push_back({n * 50ULL, 64, std::vector<std::uint8_t>(14 + n)});
    std::vector<Capture> captures;
    captures.push_back(std::move(capture));
    Schedule schedule = make_schedule(std::move(captures), {{10'000, 10'000}}, Pace::real);
    std::vector<std::uint64_t> expected;
    for (const TimedFrame& timed : schedule.ports[0]) expected.push_back(timed.arrival_ps);
    CaptureSource source("source", std::move(schedule.ports[0]), wire);
    source.start(0);
    sc_core::sc_start(from_ps(1'000'000'000));
    ASSERT_EQ(collector.received.size(), expected.size());
    for (std::size_t n = 0; n < expected.size(); ++n) ASSERT_EQ(collector.received[n].at_ps, expected[n]) << n;
}

TEST(CaptureSource, TheSendingMacPadsShortFramesWithZerosButNotRunts) {
    Collector collector;
    Wire wire("wire", 10'000, 0, collector);
    std::vector<TimedFrame> frames;
    for (const std::size_t bytes : {0, 13, 14, 59, 60, 61}) frames.push_back({frame_of(bytes), 0});
    CaptureSource source("source", std::move(frames), wire);
    source.start(0);
    sc_core::sc_start(from_ps(10'000'000));
    ASSERT_EQ(collector.received.size(), 6u);
    const std::size_t expected[] = {0, 13, 60, 60, 60, 61};
    for (unsigned n = 0; n < 6; ++n) EXPECT_EQ(collector.received[n].frame.bytes.size(), expected[n]);
    EXPECT_EQ(collector.received[2].frame.bytes[13], 0xA5);
    EXPECT_EQ(collector.received[2].frame.bytes[14], 0);
}

TEST(CaptureSink, WritesWhenTheLastBitLeftAsCaptureTime) {
    const TestFile file;
    CaptureSink sink;
    Wire wire("wire", 10'000, 0, sink);
    sc_core::sc_start(from_ps(4'000'000));
    sink.start(file.path(), 2'000'000, 1'700'000'000'000'000'000);
    wire.transmit(frame_of(60));
    sc_core::sc_start(from_ps(1'000'000));
    sink.close();
    const Capture capture = read_capture(file.path());
    ASSERT_EQ(capture.frames.size(), 1u);
    // 2 µs after zero, and 57.6 ns of preamble, frame and FCS.
    EXPECT_EQ(capture.frames[0].time_ns, 1'700'000'000'000'002'057u);
    EXPECT_EQ(capture.frames[0].bytes, frame_of(60).bytes);
    EXPECT_EQ(sink.frames(), 1u);
}

}  // namespace
}  // namespace turnpike
