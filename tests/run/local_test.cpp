// SPDX-License-Identifier: Apache-2.0
// [[local]] sections: programs of the router on the modelled core, seen from the wire.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

#include "tests/run/program.h"

namespace turnpike::test {
namespace {

using testing::HasSubstr;

class Local : public testing::Test {
  protected:
    Local() : scenario(folder.path() / "s") {}

    nlohmann::ordered_json run() {
        scenario.write();
        const Result result = turnpike({"run", scenario.folder.string(), "--quiet"});
        EXPECT_EQ(result.status, 0) << result.err;
        return read_json(scenario.folder / "out/stats.json");
    }
    std::vector<Bytes> sent(const std::string& port) const {
        return frame_bytes(scenario.folder / "out" / (port + ".pcap"));
    }

    TemporaryFolder folder;
    Scenario scenario;
};

TEST_F(Local, TheUdpEchoServiceSendsBackWhatItGets) {
    scenario.toml = "[[local]]\nprogram = \"udp-echo\"\n";
    UdpFrame request;
    request.destination = 0x0A000001;
    Bytes frame = request.bytes();
    frame[36] = 0, frame[37] = 7;  // to port 7
    frame[40] = frame[41] = 0;     // RFC 768: no checksum
    scenario.add(0, 1'000'000, frame);
    const auto stats = run();
    const auto frames = sent("eth0");
    ASSERT_EQ(frames.size(), 1u);
    const Bytes& answer = frames[0];
    EXPECT_EQ(Bytes(answer.begin() + 26, answer.begin() + 30), (Bytes{10, 0, 0, 1}));
    EXPECT_EQ(Bytes(answer.begin() + 30, answer.begin() + 34), (Bytes{10, 0, 0, 2}));
    EXPECT_EQ(Bytes(answer.begin() + 34, answer.begin() + 38), (Bytes{0, 7, 0x04, 0x57}));
    EXPECT_EQ(Bytes(answer.begin() + 42, answer.end()), Bytes(frame.begin() + 42, frame.end()));
    EXPECT_EQ(stats["frames_by_fate"]["delivered"], 1);
    EXPECT_TRUE(stats["balance"]["balanced"]);
}

/// RFC 768: header, data and pseudo header of addresses, protocol and length sum up to ones.
bool udp_checksum_is_right(const Bytes& frame) {
    const std::size_t end = 14 + static_cast<std::size_t>(frame[16] << 8 | frame[17]);
    std::uint32_t sum = 17 + static_cast<std::uint32_t>(end - 34);
    for (std::size_t at = 26; at < end; at += 2)
        sum += static_cast<std::uint32_t>(frame[at] << 8 | (at + 1 < end ? frame[at + 1] : 0));
    while (sum >> 16 != 0) sum = (sum & 0xFFFF) + (sum >> 16);
    return sum == 0xFFFF;
}

TEST_F(Local, TheNicsChecksumsAreThoseOfTheFirmware) {
    scenario.toml =
        "[run]\ndrain_s = 0.002\n[[local]]\nprogram = \"udp-sender\"\nto = \"10.0.1.2\"\nto_port = 9\n"
        "count = 40\nbytes = 33\ninterval_us = 10\nstart_us = 1\n";
    scenario.add(0, 1'000'000, UdpFrame{}.bytes());
    run();
    const auto by_nic = sent("eth1");
    scenario.router += "ethtool -K eth1 tx off rx off\n";
    run();
    ASSERT_EQ(by_nic.size(), 41u);
    EXPECT_EQ(by_nic, sent("eth1"));
    const auto right = std::count_if(by_nic.begin(), by_nic.end(), udp_checksum_is_right);
    EXPECT_EQ(right, 40) << "all but the forwarded one, which came with none";
}

TEST_F(Local, TheSameSeedGivesTheSameFramesAndAnotherOthers) {
    const auto with = [&](const std::string& seed) {
        scenario.toml = seed +
                        "[[local]]\nprogram = \"udp-sender\"\nto = \"10.0.1.2\"\nto_port = 9\ncount = 3\n"
                        "interval_us = 10\n";
        run();
        return sent("eth1");
    };
    scenario.add(0, 1'000'000, UdpFrame{}.bytes());
    const auto usual = with("");
    EXPECT_EQ(with("[run]\nseed = 1\n"), usual);
    const auto other = with("[run]\nseed = 2\n");
    EXPECT_NE(other, usual);
    EXPECT_EQ(with("[run]\nseed = 2\n"), other);
}

TEST_F(Local, PingIsAnsweredByTheRouterItselfAndWritesToTheConsole) {
    scenario.toml =
        "[run]\ndrain_s = 0.2\n[[local]]\nprogram = \"ping\"\nto = \"10.0.1.1\"\ncount = 2\ninterval_us = 10000\n";
    UdpFrame any;
    scenario.add(0, 1'000'000, any.bytes());
    const auto stats = run();
    EXPECT_THAT(read_text(scenario.folder / "out/console.txt"), HasSubstr("2 packets transmitted, 2 received"));
    EXPECT_TRUE(stats["balance"]["balanced"]);
}

TEST_F(Local, TheSenderSendsAtItsTimesWhateverTheProfile) {
    scenario.toml =
        "[run]\ndrain_s = 0.1\n[[local]]\nprogram = \"udp-sender\"\nto = \"10.0.1.2\"\nto_port = 9\ncount = 3\n"
        "start_us = 2000\ninterval_us = 1000\nbytes = 100\n[cpu]\nprofile = \"zen5\"\n";
    UdpFrame any;
    scenario.add(0, 1'000'000, any.bytes());
    const auto stats = run();
    EXPECT_EQ(sent("eth1").size(), 4u);
    EXPECT_TRUE(stats["balance"]["balanced"]);
}

}  // namespace
}  // namespace turnpike::test
