// SPDX-License-Identifier: Apache-2.0
// The account of frames and cycles: nothing is lost, nothing counted twice, also when the machine is overloaded.
#include <gtest/gtest.h>

#include "tests/run/program.h"

namespace turnpike::test {
namespace {

TEST(Account, EveryDropHasItsReason) {
    TemporaryFolder folder;
    Scenario scenario(folder.path() / "s");
    auto add = [&, at = std::uint64_t{0}](const UdpFrame& frame) mutable {
        scenario.add(0, at += 20'000, frame.bytes());
    };
    UdpFrame good, other_mac, expired, unroutable, no_neighbour, local;
    other_mac.destination_mac = {2, 0, 0, 0, 0, 9};
    expired.ttl = 1;
    unroutable.destination = 0xC0000201;
    no_neighbour.destination = 0x0A000163;
    local.destination = 0x0A000101;
    for (const UdpFrame& frame : {good, other_mac, expired, unroutable, no_neighbour, local}) add(frame);
    Bytes broken = good.bytes();
    broken[24] ^= 0xFF;
    scenario.add(0, 200'000, broken);
    scenario.toml = "[run]\ndrain_s = 4\n";  // three requests for the address, a second apart
    scenario.write();
    ASSERT_EQ(turnpike({"run", scenario.folder.string()}).status, 0);
    const auto stats = read_json(scenario.folder / "out/stats.json");
    const auto& fates = stats["frames_by_fate"];
    EXPECT_EQ(fates["forwarded"], 1);
    EXPECT_EQ(fates["rx_filtered"], 1);
    EXPECT_EQ(fates["ttl_exceeded"], 1);
    EXPECT_EQ(fates["no_route"], 1);
    EXPECT_EQ(fates["no_neighbour"], 1);
    EXPECT_EQ(fates["proto_unreachable"], 1);
    EXPECT_EQ(fates["ip_checksum"], 1);
    // The ICMP messages, and the three requests for an address that nobody has.
    const auto answers = stats["firmware"]["nstat"]["IcmpOutMsgs"].get<std::uint64_t>() + 3;
    EXPECT_EQ(stats["balance"]["sent_in_answer"], answers);
    EXPECT_EQ(stats["balance"]["sent_generated"], answers);
    EXPECT_EQ(stats["balance"]["sent"], answers + 1);
    EXPECT_TRUE(stats["balance"]["balanced"]);
}

TEST(Account, StageCyclesAddUpToTheBusyCyclesAndLittleIsOther) {
    TemporaryFolder folder;
    Scenario scenario(folder.path() / "s");
    for (unsigned i = 0; i < 2000; ++i)
        scenario.add(0, 10'000 + i * 3'000, UdpFrame{.id = static_cast<std::uint16_t>(i)}.bytes());
    scenario.write();
    ASSERT_EQ(turnpike({"run", scenario.folder.string()}).status, 0);
    const auto stats = read_json(scenario.folder / "out/stats.json");
    std::uint64_t sum = 0, other = 0;
    for (const auto& stage : stats["core"]["stages"]) {
        sum += stage["cycles"].get<std::uint64_t>();
        if (stage["name"] == "other") other = stage["cycles"];
    }
    const std::uint64_t busy = stats["core"]["busy_cycles"];
    EXPECT_EQ(sum, busy);
    EXPECT_LE(other * 100, busy * 5);
}

TEST(Account, SegmentsOfALatencyAddUpToItsTotal) {
    TemporaryFolder folder;
    Scenario scenario(folder.path() / "s");
    scenario.add(0, 10'000, UdpFrame{}.bytes());
    scenario.write();
    ASSERT_EQ(turnpike({"run", scenario.folder.string()}).status, 0);
    const auto latency = read_json(scenario.folder / "out/stats.json")["latency"];
    ASSERT_EQ(latency["total"]["count"], 1);
    double sum = 0;
    for (const auto& segment : latency["segments"]) {
        EXPECT_EQ(segment["count"], 1);
        sum += segment["median"].get<double>();
    }
    EXPECT_NEAR(sum, latency["total"]["median"].get<double>(), 1e-6);
    // 72 bytes of a minimum frame with preamble at 10 Gbit/s.
    EXPECT_DOUBLE_EQ(latency["segments"]["wire"]["median"].get<double>(), 57.6);
}

TEST(Account, OverloadAtLineRateDropsWhereHardwareWouldAndCountsAllOfIt) {
    TemporaryFolder folder;
    Scenario scenario(folder.path() / "s");
    scenario.toml = "[run]\npace = \"line-rate\"\ndrain_s = 0.01\n[nic]\nrx_fifo_kib = 64\n";
    constexpr unsigned kFrames = 40'000;
    for (unsigned i = 0; i < kFrames; ++i) scenario.add(0, i, UdpFrame{.id = static_cast<std::uint16_t>(i)}.bytes());
    scenario.write();
    const Result result = turnpike({"run", scenario.folder.string()});
    ASSERT_EQ(result.status, 0) << result.err;
    const auto stats = read_json(scenario.folder / "out/stats.json");
    const auto& fates = stats["frames_by_fate"];
    const std::uint64_t fifo = fates.value("rx_fifo_overflow", 0), backlog = fates.value("backlog_full", 0),
                        no_skb = fates.value("rx_no_skb", 0), queue = fates.value("qdisc_full", 0);
    EXPECT_GT(fifo, 0u) << "at 14.88 million frames a second one core cannot keep up";
    EXPECT_GT(fates["forwarded"].get<std::uint64_t>(), 0u);
    EXPECT_EQ(fates["forwarded"].get<std::uint64_t>() + fifo + backlog + no_skb + queue, kFrames);
    EXPECT_EQ(stats["ports"]["eth0"]["ethtool"]["rx_missed_errors"], fifo);
    EXPECT_TRUE(stats["balance"]["balanced"]);
}

TEST(Account, FortySecondsOfSilenceAreAccountedAsIdle) {
    TemporaryFolder folder;
    Scenario scenario(folder.path() / "s");
    scenario.toml = "[run]\npace = \"real\"\ndrain_s = 40\n";
    scenario.add(0, 10'000, UdpFrame{}.bytes());
    scenario.write();
    ASSERT_EQ(turnpike({"run", scenario.folder.string()}).status, 0);
    const auto stats = read_json(scenario.folder / "out/stats.json");
    EXPECT_EQ(stats["simulated_ns"].get<double>(), 40e9 + 10'000);
    EXPECT_LT(stats["core"]["busy_cycles"].get<std::uint64_t>(), 1'000'000u);
    EXPECT_TRUE(stats["balance"]["balanced"]);
}

}  // namespace
}  // namespace turnpike::test
