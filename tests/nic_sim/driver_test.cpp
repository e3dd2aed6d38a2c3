// SPDX-License-Identifier: Apache-2.0
// The little driver sends and receives: every frame once, in order per queue, uncorrupted.
#include <gtest/gtest.h>

#include <algorithm>
#include <deque>
#include <map>
#include <random>

#include "tests/nic_sim/little_driver.h"

namespace turnpike::test {
namespace {

/// UDP over IPv4 to `flow`, so that RSS has something to choose by; `number` and a pattern from it fill the rest.
std::vector<std::uint8_t> frame_of(unsigned flow, std::uint32_t number, std::size_t bytes) {
    std::vector<std::uint8_t> frame(bytes);
    const std::size_t datagram = bytes - 14;
    const std::uint8_t header[] = {2,
                                   0,
                                   0,
                                   0,
                                   0,
                                   1,
                                   2,
                                   0,
                                   0,
                                   0,
                                   0,
                                   9,
                                   8,
                                   0,
                                   0x45,
                                   0,
                                   static_cast<std::uint8_t>(datagram >> 8),
                                   static_cast<std::uint8_t>(datagram),
                                   0,
                                   0,
                                   0,
                                   0,
                                   64,
                                   17,
                                   0,
                                   0,
                                   10,
                                   0,
                                   0,
                                   1,
                                   10,
                                   0,
                                   0,
                                   2,
                                   static_cast<std::uint8_t>(flow),
                                   7,
                                   0,
                                   9};
    std::copy(std::begin(header), std::end(header), frame.begin());
    for (std::size_t i = sizeof header; i < bytes; ++i) frame[i] = static_cast<std::uint8_t>(number * 31 + i * 7);
    for (unsigned i = 0; i < 4; ++i) frame[42 + i] = static_cast<std::uint8_t>(number >> (i * 8));
    return frame;
}

std::uint32_t number_of(std::span<const std::uint8_t> frame) {
    return frame[42] | frame[43] << 8 | frame[44] << 16 | static_cast<std::uint32_t>(frame[45]) << 24;
}

struct Combination {
    unsigned queues, entries;
    std::size_t least, most, skew;
};

/// What comes in goes out again, frame by frame, from the queue it came to.
void echo(const Combination& what, unsigned count, std::uint64_t seed) {
    Memory memory(std::size_t{96} << 20);
    NicSim sim({}, memory);
    DriverSetup setup;
    setup.queues = what.queues;
    setup.entries = what.entries;
    setup.skew = what.skew;
    setup.jumbo = what.most > 1514;
    LittleDriver driver(sim, memory, setup);
    std::mt19937_64 random(seed);
    SCOPED_TRACE("seed " + std::to_string(seed));
    std::vector<std::size_t> sizes(count);
    for (std::size_t& size : sizes) size = what.least + random() % (what.most - what.least + 1);
    std::map<unsigned, std::uint32_t> last;
    unsigned sent = 0, received = 0;
    sim.on_wire_tx([&](std::span<const std::uint8_t> frame, std::uint64_t) {
        const std::uint32_t number = number_of(frame);
        ASSERT_LT(number, count);
        const unsigned flow = number % 16;
        ASSERT_TRUE(std::ranges::equal(frame, frame_of(flow, number, sizes[number]))) << number;
        const auto before = last.find(flow);
        ASSERT_TRUE(before == last.end() || before->second + 16 == number) << "order in flow " << flow;
        last[flow] = number;
        ++sent;
    });
    driver.bring_up();
    unsigned given = 0;
    std::vector<std::deque<std::vector<std::uint8_t>>> waiting(what.queues);
    for (unsigned step = 0; sent < count && step < count * 64; ++step) {
        // At most a few rings' worth ahead of what has come back, and slower than the wire: nothing may be dropped.
        for (unsigned n = 0; n < 4 && given < count && given - sent < what.entries; ++n, ++given)
            sim.wire_rx(frame_of(given % 16, given, sizes[given]), sim.now_ps());
        for (unsigned q = 0; q < what.queues; ++q) {
            received += driver.poll(
                q, [&](std::span<const std::uint8_t> frame) { waiting[q].emplace_back(frame.begin(), frame.end()); });
            while (!waiting[q].empty() && driver.send(q, waiting[q].front())) waiting[q].pop_front();
            driver.flush(q);
        }
        sim.run_for(2'000'000);
    }
    EXPECT_EQ(received, count);
    EXPECT_EQ(sent, count);
    EXPECT_TRUE(sim.counters().drops.empty());
    EXPECT_EQ(sim.counters().dma_errors, 0u);
}

TEST(NicSimDriver, EchoesSmallFramesThroughOneQueue) { echo({1, 64, 60, 60, 0}, 20'000, 1); }
TEST(NicSimDriver, EchoesFramesOfAllSizesThroughFourQueues) { echo({4, 256, 60, 1514, 1}, 20'000, 2); }
TEST(NicSimDriver, EchoesFramesThroughSixteenQueues) { echo({16, 128, 60, 300, 3}, 20'000, 3); }
TEST(NicSimDriver, EchoesJumboFramesOfSeveralBuffers) { echo({4, 64, 1500, 9724, 1}, 3'000, 4); }
TEST(NicSimDriver, EchoesThroughTheSmallestRing) { echo({1, 8, 60, 600, 5}, 5'000, 5); }
TEST(NicSimDriver, EchoesThroughTheLargestRing) { echo({1, 4096, 60, 200, 0}, 20'000, 6); }

}  // namespace
}  // namespace turnpike::test
