// SPDX-License-Identifier: Apache-2.0
// 14.88 million frames of 64 bytes a second in both directions at once, with memory reads of 600 ns.
#include <gtest/gtest.h>

#include <algorithm>

#include "models/link/capture_source.h"
#include "tests/nic/bench.h"

namespace turnpike {
namespace {

constexpr unsigned kRing = 512;
constexpr unsigned kFrames = 20'000;

/// Software that looks every 2 µs: takes what came, gives the buffers back, and keeps the tx ring full.
class Software : public sc_core::sc_module {
  public:
    Software(const sc_core::sc_module_name& name, Bench& bench) : sc_module(name), bench_(bench) {
        SC_HAS_PROCESS(Software);
        SC_THREAD(run);
    }
    unsigned received() const { return received_; }

  private:
    void run() {
        for (;;) {
            receive();
            transmit();
            wait(from_ps(2'000'000));
        }
    }
    void receive() {
        const unsigned before = received_;
        while (bench_.rx_descriptor(received_ % kRing, r::RX_WB_DD) != 0) {
            bench_.give_rx_descriptor(received_ % kRing);
            ++received_;
        }
        if (received_ != before) bench_.write(r::RDT(0), (received_ + kRing - 1) % kRing);
    }
    void transmit() {
        const unsigned before = given_;
        while (cleaned_ < given_ && bench_.tx_descriptor(cleaned_ % kRing, r::TX_WB_DD) != 0) ++cleaned_;
        while (given_ < kFrames && given_ - cleaned_ < kRing - 1) bench_.put_tx(given_ % kRing, frame_.bytes), ++given_;
        if (given_ != before) bench_.write(r::TDT(0), given_ % kRing);
    }

    Bench& bench_;
    const Frame frame_ = make_frame(0, 60, kBroadcast);
    unsigned received_ = 0, given_ = 0, cleaned_ = 0;
};

std::vector<TimedFrame> back_to_back() {
    Capture capture;
    for (unsigned n = 0; n < kFrames; ++n) capture.frames.push_back({0, 60, make_frame(n, 60).bytes});
    std::vector<Capture> captures;
    captures.push_back(std::move(capture));
    return std::move(make_schedule(std::move(captures), {{10'000, 0}}, Pace::line_rate).ports[0]);
}

struct LineRateBench : Bench {
    Wire in{"in", 10'000, 0, nic};
    CaptureSource source{"source", back_to_back(), in};
    Software software{"software", *this};
};

TEST(NicLineRate, NothingIsDroppedAndFramesLeaveEvery67point2Nanoseconds) {
    LineRateBench bench;
    bench.start_rx(kRing, kRing - 1);
    bench.start_tx(kRing);
    bench.run_ns(5000);
    bench.source.start(now_ps());
    bench.run_ns(kFrames * 67'200ULL / 1000 + 20'000);
    EXPECT_TRUE(bench.observer.drops.empty());
    EXPECT_EQ(bench.observer.arrivals.size(), kFrames);
    EXPECT_EQ(bench.software.received(), kFrames);
    const auto& sent = bench.observer.frames_sent;
    ASSERT_EQ(sent.size(), kFrames);
    for (std::size_t n = 1; n < sent.size(); ++n) ASSERT_EQ(sent[n].first_ps - sent[n - 1].first_ps, 67'200u) << n;
}

}  // namespace
}  // namespace turnpike
