// SPDX-License-Identifier: Apache-2.0
// Generated frames: their bytes, their flows, their times.
#include "models/link/generator.h"

#include <gtest/gtest.h>

#include <map>
#include <set>

namespace turnpike {
namespace {

Generator udp() {
    Generator g;
    g.source_mac = {2, 0, 0, 0, 0, 2};
    g.destination_mac = {2, 0, 0, 0, 0, 1};
    g.source = {0x0A000002, 1};
    g.destination = {0x0A000102, 1};
    g.source_port = 0x0400;
    g.frames = 1;
    return g;
}

unsigned get16(const std::vector<std::uint8_t>& bytes, std::size_t at) {
    return static_cast<unsigned>(bytes[at] << 8 | bytes[at + 1]);
}

// Header and datagram summed by hand (RFC 791, RFC 768).
TEST(Generator, AFrameIsAUdpDatagramWithRightChecksums) {
    const Capture made = generate(udp());
    ASSERT_EQ(made.frames.size(), 1U);
    const std::vector<std::uint8_t> expected = {
        2,    0,    0,    0,    0,    1,    2,    0,    0,    0,    0,    2,    0x08, 0x00,                          //
        0x45, 0x00, 0x00, 0x2E, 0x00, 0x00, 0x00, 0x00, 0x40, 0x11, 0x65, 0xBC, 0x0A, 0x00, 0x00, 0x02, 0x0A, 0x00,  //
        0x01, 0x02, 0x04, 0x00, 0x00, 0x09, 0x00, 0x1A, 0xE6, 0xAD};
    const std::vector<std::uint8_t>& bytes = made.frames[0].bytes;
    ASSERT_EQ(bytes.size(), 60U);
    EXPECT_EQ(std::vector<std::uint8_t>(bytes.begin(), bytes.begin() + 42), expected);
    EXPECT_EQ(made.frames[0].original_bytes, 60U);
}

TEST(Generator, TcpSegmentsOfAFlowFollowEachOther) {
    Generator g = udp();
    g.protocol = 6;
    g.bytes = 118;  // 60 bytes of payload
    g.frames = 3;
    const Capture made = generate(g);
    for (unsigned n = 0; n < 3; ++n) {
        const std::vector<std::uint8_t>& bytes = made.frames[n].bytes;
        EXPECT_EQ(bytes.size(), 114U);
        EXPECT_EQ(get16(bytes, 40), 60U * n) << "sequence number";
        std::uint32_t sum = 6 + 80;  // pseudo header: protocol and length; the addresses are summed below
        for (std::size_t at = 26; at < bytes.size(); at += 2) sum += get16(bytes, at);
        EXPECT_EQ((sum & 0xFFFF) + (sum >> 16), 0xFFFFU) << n;
    }
}

TEST(Generator, EachFlowHasAddressesAndAPortOfItsOwnAndCountsItsFrames) {
    Generator g = udp();
    g.source.count = 4;
    g.destination.count = 256;
    g.flows = 16;
    g.frames = 1000;
    std::map<unsigned, unsigned> seen;
    std::set<unsigned> sources, destinations;
    for (const CapturedFrame& frame : generate(g).frames) {
        const unsigned flow = get16(frame.bytes, 34) - 0x0400;
        EXPECT_EQ(get16(frame.bytes, 18), seen[flow]++);
        EXPECT_EQ(get16(frame.bytes, 28), 2 + flow % 4);
        EXPECT_EQ(get16(frame.bytes, 32), 0x0102 + flow);
    }
    EXPECT_EQ(seen.size(), 16U);
    for (const auto& [flow, frames] : seen) EXPECT_GT(frames, 1000U / 16 / 2) << flow;
}

TEST(Generator, TheSeedDecidesWhichFlowComesNext) {
    Generator g = udp();
    g.flows = 64;
    g.frames = 100;
    const Capture once = generate(g), again = generate(g);
    g.seed = 2;
    const Capture other = generate(g);
    bool differs = false;
    for (std::size_t n = 0; n < 100; ++n) {
        EXPECT_EQ(once.frames[n].bytes, again.frames[n].bytes);
        differs |= once.frames[n].bytes != other.frames[n].bytes;
    }
    EXPECT_TRUE(differs);
}

TEST(Generator, FramesComeBetweenThoseOfACaptureAtTimesThatCountFromItsSecond) {
    Generator g = udp();
    g.frames = 2;
    g.start_ns = 100;
    g.interval_ns = 1000;
    std::vector<Capture> captures(1);
    captures[0].frames.push_back({5'000'000'500, 60, std::vector<std::uint8_t>(60)});
    ASSERT_EQ(epoch_of(captures), 5'000'000'000U);
    merge(captures[0], generate(g), epoch_of(captures));
    ASSERT_EQ(captures[0].frames.size(), 3U);
    EXPECT_EQ(captures[0].frames[0].time_ns, 5'000'000'100U);
    EXPECT_EQ(captures[0].frames[1].time_ns, 5'000'000'500U);
    EXPECT_EQ(captures[0].frames[2].time_ns, 5'000'001'100U);
    EXPECT_EQ(epoch_of({}), 0U);
}

}  // namespace
}  // namespace turnpike
