// SPDX-License-Identifier: Apache-2.0
// Lookups by the LPM accelerator's lookaside ring, on whole runs: the frames of blocking reads and of software, at the
// same picosecond in every form of the block, on one core and on several; and the latency is hidden.
#include <gtest/gtest.h>

#include <algorithm>
#include <map>

#include "tests/run/program.h"

namespace turnpike::test {
namespace {

constexpr unsigned kFrames = 600;  // from each port
constexpr unsigned kSourceAddress = 26, kEndOfPorts = 38;

/// eth0 and eth1 send bursts to eth2's network and to one behind it; other traffic goes in between.
class Lookaside : public testing::Test {
  protected:
    Lookaside() : scenario(folder.path() / "s", 3) {
        for (unsigned port = 0; port < 2; ++port)
            for (unsigned i = 0; i < kFrames; ++i) add(port, i);
        scenario.router += "ip route add 60.0.0.0/8 via 10.0.2.2\nip route add 60.1.0.0/16 via 10.0.2.2\n";
        scenario.toml = "[run]\npace = \"real\"\ndrain_s = 0.02\n[accel.lpm]\naccess = \"lookaside\"\n";
        scenario.write();
    }
    void add(unsigned port, unsigned i) {
        UdpFrame frame;
        frame.destination_mac = {2, 0, 0, 0, static_cast<std::uint8_t>(port), 1};
        frame.source = 0x0A000002 + (port << 8);
        frame.destination = i % 3 == 0 ? 0x0A000202 : 0x3C000000 + i * 7919;
        if (i % 50 == 49) frame.destination = 0x63000001;  // no route: an ICMP error goes back
        if (i % 50 == 48) frame.ttl = 1;
        frame.source_port = static_cast<std::uint16_t>(1000 * (port + 1) + i % 4);
        frame.id = static_cast<std::uint16_t>(i);
        Bytes bytes = frame.bytes();
        if (i % 50 == 47) bytes[24] ^= 1;  // a wrong header checksum
        scenario.add(port, 20'000 + (i / 50) * 100'000 + (i % 50) * 70 + port * 7, bytes);
    }
    fs::path run(const std::string& name, const std::vector<std::string>& settings) {
        const fs::path out = folder.path() / name;
        std::vector<std::string> words{"run", scenario.folder.string(), "--quiet", "--out", out.string()};
        for (const std::string& setting : settings) words.insert(words.end(), {"--set", setting});
        const Result result = turnpike(words);
        EXPECT_EQ(result.status, 0) << result.err;
        return out;
    }
    using Flows = std::map<Bytes, std::vector<Bytes>>;
    /// Forwarded frames by addresses and ports, in the order in which they left.
    static Flows flows(const fs::path& out) {
        Flows frames;
        for (const Bytes& frame : frame_bytes(out / "eth2.pcap"))
            frames[Bytes(frame.begin() + kSourceAddress, frame.begin() + kEndOfPorts)].push_back(frame);
        return frames;
    }
    static std::uint64_t cycles_of(const fs::path& out, const std::string& stage) {
        const auto stats = read_json(out / "stats.json");
        for (const auto& one : stats["core"]["stages"])
            if (one["name"] == stage) return one["cycles"];
        return 0;
    }
    TemporaryFolder folder;
    Scenario scenario;
};

TEST_F(Lookaside, EachFormAndEachNumberOfCoresSendsTheFramesOfSoftware) {
    const fs::path software = run("software", {"accel.lpm.mode=software"});
    const Flows expected = flows(software);
    ASSERT_GT(expected.size(), 8u);
    const auto fates = read_json(software / "stats.json")["frames_by_fate"];
    for (const char* cores : {"1", "2", "4"}) {
        std::map<std::string, fs::path> outs;
        for (const char* mode : {"tlm", "rtl", "lockstep"}) {
            const fs::path out = run(std::string(mode) + cores,
                                     {std::string("accel.lpm.mode=") + mode, std::string("cpu.cores=") + cores,
                                      "nic.irq_cores=" + std::string(cores[0] == '1' ? "1" : "2")});
            EXPECT_TRUE(flows(out) == expected) << mode << " on " << cores;
            const auto stats = read_json(out / "stats.json");
            EXPECT_EQ(stats["frames_by_fate"], fates);
            EXPECT_TRUE(stats["balance"]["balanced"]) << stats["balance"];
            EXPECT_GT(stats["accelerators"]["lpm"]["lookaside_lookups"], kFrames);
            outs[mode] = out;
        }
        for (const char* port : {"eth0.pcap", "eth1.pcap", "eth2.pcap"})
            for (const char* mode : {"rtl", "lockstep"})
                EXPECT_EQ(read_text(outs["tlm"] / port), read_text(outs[mode] / port)) << port << " of " << mode;
    }
}

TEST_F(Lookaside, PacketsOfABurstDoNotWaitForTheirLookups) {
    const fs::path blocking = run("blocking", {"accel.lpm.access=blocking"});
    const fs::path lookaside = run("lookaside", {});
    EXPECT_TRUE(flows(blocking) == flows(lookaside));
    const std::uint64_t waited = cycles_of(blocking, "fib_trie_lookup");
    const std::uint64_t ahead = cycles_of(lookaside, "fib_trie_lookup") + cycles_of(lookaside, "fib_ahead_begin");
    EXPECT_LT(3 * ahead, waited);
}

TEST_F(Lookaside, ARunIsTheSameToTheBitWhenRepeated) {
    const std::vector<std::string> settings{"cpu.cores=4", "nic.irq_cores=2", "cpu.profile=zen5"};
    const fs::path once = run("once", settings), again = run("again", settings);
    for (const char* file : {"eth0.pcap", "eth1.pcap", "eth2.pcap", "stats.json"})
        EXPECT_EQ(read_text(once / file), read_text(again / file)) << file;
}

TEST_F(Lookaside, TheBacklogOfInterruptsIsServedAsWell) {
    write_text(scenario.folder / "router.sh", scenario.router + "sysctl -w turnpike.napi=0\n");
    const fs::path out = run("backlog", {});
    EXPECT_TRUE(flows(out) == flows(run("software", {"accel.lpm.mode=software"})));
    EXPECT_GT(read_json(out / "stats.json")["accelerators"]["lpm"]["lookaside_lookups"], kFrames);
}

TEST_F(Lookaside, AnAccessThatIsNoneEndsWithStatus2) {
    const Result result = turnpike({"run", scenario.folder.string(), "--set", "accel.lpm.access=sideways"});
    EXPECT_EQ(result.status, 2);
    EXPECT_NE(result.err.find("expected blocking or lookaside"), std::string::npos) << result.err;
}

}  // namespace
}  // namespace turnpike::test
