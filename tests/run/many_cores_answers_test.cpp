// SPDX-License-Identifier: Apache-2.0
// What all cores share when they answer and ask: the rate limits of ICMP, neighbours that are being resolved, the pool
// of buffers.
#include "tests/run/many_cores.h"

namespace turnpike::test {
namespace {

constexpr std::uint32_t kUnknown = 0x0A000363;  // 10.0.3.99, of whom nothing is known

class Answers : public ManyCores {
  protected:
    static constexpr unsigned kSenders = 3;  // ports; what they send goes to the fourth

    /// `count` frames of many flows at each of three ports, to what `destination` says of the number.
    template <typename Destination>
    void add_frames(unsigned count, unsigned gap_ns, Destination destination, std::uint8_t ttl = 64) {
        for (unsigned n = 0; n < count; ++n)
            for (unsigned port = 0; port < kSenders; ++port) {
                UdpFrame frame = of_flow(port, n * 5 + port, destination(n * kSenders + port), n);
                frame.ttl = ttl;
                add(port, 20'000 + std::uint64_t{n} * gap_ns + port * 30, frame.bytes());
            }
    }
    static std::size_t requests(const CoresRun& run) {
        const std::vector<Bytes> sent = run.sent(3);
        return static_cast<std::size_t>(
            std::count_if(sent.begin(), sent.end(), [](const Bytes& frame) { return get16(frame, 12) == 0x0806; }));
    }
    /// RFC 826: 10.0.3.99 is at 02:00:00:0a:03:99.
    static Bytes reply_of_the_unknown() {
        return {2, 0, 0, 0, 3,  1, 2,    0,  0, 10, 3,  0x99, 8, 6, 0, 1, 8, 0,  6, 4, 0,
                2, 2, 0, 0, 10, 3, 0x99, 10, 0, 3,  99, 2,    0, 0, 0, 3, 1, 10, 0, 3, 1};
    }
};

/// XRLIM_BURST_FACTOR of Linux: six at once to one host, then one in each icmp_ratelimit.
TEST_F(Answers, OneHostGetsSixErrorsAtOnceFromAllCoresTogether) {
    // One sender, whose frames come at all ports.
    constexpr unsigned kFrames = 100;
    for (unsigned n = 0; n < kFrames; ++n)
        for (unsigned port = 0; port < kPorts; ++port) {
            UdpFrame frame = of_flow(port, 0, 0x0A000202 + n % 50, n);
            frame.source = 0x0A000002;
            frame.ttl = 1;
            add(port, 20'000 + n * 1'000 + port * 20, frame.bytes());
        }
    scenario.router += "sysctl -w net.ipv4.icmp_ratelimit=1000\nsysctl -w net.ipv4.icmp_ratemask=6168\n";
    for (const unsigned cores : kCores) {
        const CoresRun run = run_twice(cores);
        EXPECT_EQ(run.busy_cores(), cores);
        EXPECT_EQ(run.fate("ttl_exceeded"), kFrames * kPorts);
        EXPECT_EQ(run.counter("IcmpOutTimeExcds"), 6U);
        EXPECT_EQ(run.counter("IcmpOutRateLimitHost"), kFrames * kPorts - 6);
    }
}

/// icmp_msgs_burst at once, then icmp_msgs_per_sec. A core that has looked into the bucket takes out of it a little
/// later, as in Linux, so that all may find the last one in it; the next filling makes up for that.
TEST_F(Answers, AllHostsTogetherGetWhatTheGlobalBucketHolds) {
    constexpr unsigned kFrames = 400, kBurst = 40, kPerSecond = 1'000;
    constexpr std::uint64_t kGapNs = 200'000, kRefillNs = 20'000'000;
    add_frames(
        kFrames, kGapNs, [](unsigned n) { return 0x0A000302 + n % 100; }, 1);
    scenario.router +=
        "sysctl -w net.ipv4.icmp_ratemask=6168\nsysctl -w net.ipv4.icmp_msgs_burst=40\n"
        "sysctl -w net.ipv4.icmp_msgs_per_sec=1000\n";
    // It is filled when somebody finds it empty, each 20 ms at the earliest: three times after the first.
    constexpr std::uint64_t kRefills = (std::uint64_t{kFrames} * kGapNs - 1) / kRefillNs;
    constexpr std::uint64_t kAll = kBurst + kRefills * kPerSecond * kRefillNs / 1'000'000'000;
    for (const unsigned cores : kCores) {
        const CoresRun run = run_twice(cores);
        const std::uint64_t sent = run.counter("IcmpOutTimeExcds");
        EXPECT_GE(sent, kAll);
        EXPECT_LE(sent, kAll + cores - 1);
        EXPECT_EQ(sent + run.counter("IcmpOutRateLimitGlobal"), kFrames * kSenders);
    }
}

TEST_F(Answers, AnAddressThatNobodyHasIsAskedForThreeTimesHoweverManyCoresWaitForIt) {
    constexpr unsigned kFrames = 40;
    add_frames(kFrames, 300, [](unsigned) { return kUnknown; });
    scenario.toml = "[run]\ndrain_s = 5\n";
    for (const unsigned cores : kCores) {
        const CoresRun run = run_twice(cores);
        EXPECT_EQ(run.busy_cores(), cores);
        EXPECT_EQ(requests(run), 3U);
        EXPECT_EQ(run.fate("no_neighbour"), kFrames * kSenders);
        EXPECT_EQ(run.counter("IcmpOutDestUnreachs"), kFrames * kSenders);
        EXPECT_EQ(run.counter("ArpCacheResFailed"), 1U);
    }
}

TEST_F(Answers, WhatWaitsAtAllCoresLeavesOnceWhenTheAddressIsKnown) {
    constexpr unsigned kFrames = 60;
    add_frames(kFrames, 300, [](unsigned) { return kUnknown; });
    // While frames still come, and others go on waiting.
    add(3, 30'000, reply_of_the_unknown());
    std::vector<Bytes> on_one;
    for (const unsigned cores : kCores) {
        const CoresRun run = run_twice(cores);
        EXPECT_EQ(requests(run), 1U);
        EXPECT_EQ(run.fate("forwarded"), kFrames * kSenders);
        if (cores == 1) on_one = run.sorted(3);
        EXPECT_TRUE(run.sorted(3) == on_one);
    }
}

TEST_F(Answers, AQueueThatIsTooShortLosesTheOldestAndCountsThem) {
    constexpr unsigned kFrames = 40;
    add_frames(kFrames, 300, [](unsigned) { return kUnknown; });
    scenario.router += "sysctl -w net.ipv4.neigh.eth3.unres_qlen_bytes=4000\n";
    scenario.toml = "[run]\ndrain_s = 5\n";
    std::uint64_t on_one = 0;
    for (const unsigned cores : kCores) {
        const CoresRun run = run_twice(cores);
        EXPECT_GT(run.fate("no_neighbour"), 0U);
        EXPECT_EQ(run.fate("no_neighbour") + run.fate("neigh_queue"), kFrames * kSenders);
        EXPECT_EQ(run.counter("ArpCacheUnresolvedDiscards"), run.fate("neigh_queue"));
        if (cores == 1) on_one = run.fate("neigh_queue");
        EXPECT_EQ(run.fate("neigh_queue"), on_one);
    }
}

TEST_F(Answers, AFullTableOfNeighboursTurnsPacketsAwayAndIsEmptyAgainLater) {
    constexpr unsigned kFrames = 150;
    add_frames(kFrames, 2'000, [](unsigned n) { return 0x0A000310 + n % 200; });
    for (unsigned n = 0; n < 4; ++n) add(0, 30'000'000'000 + n * 1'000, of_flow(0, n, 0x0A000302, n).bytes());
    scenario.router +=
        "sysctl -w net.ipv4.neigh.default.gc_thresh1=0\nsysctl -w net.ipv4.neigh.default.gc_thresh2=8\n"
        "sysctl -w net.ipv4.neigh.default.gc_thresh3=16\n";
    scenario.toml = "[run]\ndrain_s = 5\n";
    for (const unsigned cores : kCores) {
        const CoresRun run = run_twice(cores);
        EXPECT_EQ(run.fate("no_neighbour"), kFrames * kSenders);
        EXPECT_GT(run.counter("ArpCacheTableFulls"), 0U);
        EXPECT_GT(run.counter("ArpCacheForcedGcRuns"), 0U);
        EXPECT_EQ(run.counter("ArpCacheAllocs"), run.counter("ArpCacheDestroys") + kPorts);  // the permanent ones
        EXPECT_EQ(run.fate("forwarded"), 4U);
    }
}

TEST_F(Answers, APoolThatAllCoresHaveUsedUpComesBackWhole) {
    constexpr unsigned kFrames = 6'000;  // three times as many are more than there are buffers
    add_frames(kFrames, 1'500, [](unsigned n) { return 0x0A000310 + n % 3; });
    scenario.router +=
        "sysctl -w net.ipv4.neigh.eth3.unres_qlen_bytes=100000000\n"
        "sysctl -w net.ipv4.icmp_ratemask=6168\nsysctl -w net.ipv4.icmp_msgs_per_sec=0\n"
        "sysctl -w net.ipv4.icmp_msgs_burst=0\n";
    constexpr unsigned kLater = 300;
    for (unsigned n = 0; n < kLater; ++n)
        add(n % 3, 10'000'000'000 + n * 2'000, of_flow(n % 3, n, 0x0A000302, n).bytes());
    for (const unsigned cores : kCores) {
        const CoresRun run = run_twice(cores);
        EXPECT_GT(run.fate("rx_no_skb"), 0U);
        EXPECT_EQ(run.fate("forwarded"), kLater);
        EXPECT_EQ(run.fate("rx_no_skb") + run.fate("no_neighbour"), kFrames * kSenders);
    }
}

}  // namespace
}  // namespace turnpike::test
