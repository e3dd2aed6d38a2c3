// SPDX-License-Identifier: Apache-2.0
// Several pairs of queues of a port, each with a core of its own: where flows go, who is interrupted and how often, and
// what changes of rings and queues during the run cost.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <map>

#include "tests/run/program.h"

namespace turnpike::test {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using json = nlohmann::ordered_json;

constexpr unsigned kCores = 4;

unsigned get16(const Bytes& frame, std::size_t at) { return static_cast<unsigned>(frame[at] << 8 | frame[at + 1]); }
std::uint32_t get32(const Bytes& frame, std::size_t at) { return get16(frame, at) << 16 | get16(frame, at + 2); }

/// Microsoft, "Verifying the RSS Hash Calculation": key, and hash by its definition, bit by bit.
std::uint32_t toeplitz(const Bytes& input) {
    constexpr std::array<std::uint8_t, 40> kKey = {0x6d, 0x5a, 0x56, 0xda, 0x25, 0x5b, 0x0e, 0xc2, 0x41, 0x67,
                                                   0x25, 0x3d, 0x43, 0xa3, 0x8f, 0xb0, 0xd0, 0xca, 0x2b, 0xcb,
                                                   0xae, 0x7b, 0x30, 0xb4, 0x77, 0xcb, 0x2d, 0xa3, 0x80, 0x30,
                                                   0xf2, 0x0c, 0x6a, 0x42, 0xb7, 0x3b, 0xbe, 0xac, 0x01, 0xfa};
    const auto key_bit = [&](std::size_t n) { return kKey[n / 8] >> (7 - n % 8) & 1U; };
    std::uint32_t hash = 0;
    for (std::size_t bit = 0; bit < input.size() * 8; ++bit) {
        if ((input[bit / 8] >> (7 - bit % 8) & 1) == 0) continue;
        std::uint32_t window = 0;
        for (std::size_t n = 0; n < 32; ++n) window = window << 1 | key_bit(bit + n);
        hash ^= window;
    }
    return hash;
}

/// 128 entries, the queues in turn.
unsigned queue_of(const Bytes& frame, bool ports) {
    return toeplitz(Bytes(frame.begin() + 26, frame.begin() + (ports ? 38 : 34))) % 128 % kCores;
}

class PairsOfQueues : public testing::TestWithParam<const char*> {
  protected:
    PairsOfQueues() : scenario(folder.path() / "s") {}

    /// `flows` pairs of addresses, or with `ports` flows of one pair of addresses.
    Bytes frame(unsigned port, unsigned flow, unsigned n, bool ports = false) {
        UdpFrame udp;
        udp.destination_mac = {2, 0, 0, 0, static_cast<std::uint8_t>(port), 1};
        udp.source = 0xAC100000 + (port << 8) + (ports ? 0 : flow);
        udp.destination = 0x0A000002 + ((1 - port) << 8);
        udp.source_port = static_cast<std::uint16_t>(1000 + flow);
        udp.id = static_cast<std::uint16_t>(n);
        Bytes bytes = udp.bytes();
        if (port < 2) ++expected[port][queue_of(bytes, ports)];
        return bytes;
    }
    /// Frames of many flows at both ports.
    void add_load(unsigned frames, unsigned flows, unsigned gap_ns) {
        for (unsigned n = 0; n < frames; ++n)
            for (unsigned port = 0; port < 2; ++port)
                scenario.add(port, 20'000 + std::uint64_t{n} * gap_ns + port * 50, frame(port, n * 7 % flows, n));
    }
    json run(std::vector<std::string> settings = {}) {
        scenario.router += "sysctl -w net.ipv4.conf.all.rp_filter=0\n";
        scenario.write();
        std::vector<std::string> words{"run", scenario.folder.string(), "--quiet"};
        settings.push_back("cpu.cores=" + std::to_string(kCores));
        settings.emplace_back(GetParam());
        for (const std::string& setting : settings) words.insert(words.end(), {"--set", setting});
        const Result result = turnpike(words);
        EXPECT_EQ(result.status, 0) << result.err;
        const json stats = read_json(scenario.folder / "out/stats.json");
        EXPECT_TRUE(stats["balance"]["balanced"]) << stats["balance"];
        return stats;
    }
    static std::uint64_t queue_count(const json& stats, unsigned port, unsigned queue, const char* direction = "rx") {
        const json& driver = stats["firmware"]["ethtool -S"]["eth" + std::to_string(port)];
        return driver.value(std::string(direction) + "_queue_" + std::to_string(queue) + "_packets", std::uint64_t{0});
    }
    /// Each flow's frames have left in the order of their identification fields.
    void expect_order() {
        for (const char* port : {"eth0", "eth1"}) {
            std::map<std::uint64_t, std::vector<unsigned>> flows;  // by source address and port
            for (const Bytes& sent : frame_bytes(scenario.folder / "out" / (std::string(port) + ".pcap")))
                flows[std::uint64_t{get32(sent, 26)} << 16 | get16(sent, 34)].push_back(get16(sent, 18));
            EXPECT_FALSE(flows.empty());
            for (const auto& [flow, ids] : flows) EXPECT_TRUE(std::is_sorted(ids.begin(), ids.end())) << flow;
        }
    }

    TemporaryFolder folder;
    Scenario scenario;
    std::map<unsigned, std::map<unsigned, unsigned>> expected;  ///< frames by port and queue
};

INSTANTIATE_TEST_SUITE_P(, PairsOfQueues, testing::Values("cpu.mode=functional", "cpu.profile=zen5"),
                         [](const auto& each) {
                             return std::string(each.param).substr(4, 1) == "m" ? "Functional" : "Zen5";
                         });

TEST(RssHash, OfThisTestIsThePublishedOne) {
    // 66.9.149.187:2794 to 161.142.100.80:1766.
    const Bytes input = {66, 9, 149, 187, 161, 142, 100, 80, 0x0A, 0xEA, 0x06, 0xE6};
    EXPECT_EQ(toeplitz(Bytes(input.begin(), input.begin() + 8)), 0x323E8FC2U);
    EXPECT_EQ(toeplitz(input), 0x51CCC178U);
}

TEST_P(PairsOfQueues, FlowsGoWhereThePublishedHashSaysInOrderAndEachVectorInterruptsItsCoreAlone) {
    add_load(600, 64, 1'000);
    const json stats = run();
    EXPECT_EQ(stats["frames_by_fate"]["forwarded"], 1200);
    expect_order();
    const json& interrupts = stats["firmware"]["interrupts"];
    for (unsigned port = 0; port < 2; ++port)
        for (unsigned queue = 0; queue < kCores; ++queue) {
            EXPECT_GT(expected[port][queue], 0U);
            EXPECT_EQ(queue_count(stats, port, queue), expected[port][queue]) << port << " " << queue;
            // What a core takes in leaves by its own queue of the other port.
            EXPECT_EQ(queue_count(stats, 1 - port, queue, "tx"), expected[port][queue]);
            const json& row = interrupts["eth" + std::to_string(port) + "-TxRx-" + std::to_string(queue)];
            for (unsigned core = 0; core < kCores; ++core) EXPECT_EQ(row[core] != 0, core == queue) << row;
        }
    for (unsigned core = 0; core < kCores; ++core)
        EXPECT_EQ(stats["firmware"]["softnet_stat"][core]["processed"], expected[0][core] + expected[1][core]);
    const json& locks = stats["firmware"]["lock_stat"];
    for (const char* lock : {"qdisc", "tx_ring"}) EXPECT_EQ(locks[lock]["contended"], 0) << lock;
}

TEST_P(PairsOfQueues, TheBacklogPathKeepsTheOrderOfFlowsToo) {
    add_load(300, 16, 2'000);
    scenario.router += "sysctl -w turnpike.napi=0\n";
    const json stats = run();
    EXPECT_EQ(stats["frames_by_fate"]["forwarded"], 600);
    expect_order();
    for (unsigned queue = 0; queue < kCores; ++queue) EXPECT_EQ(queue_count(stats, 0, queue), expected[0][queue]);
}

TEST_P(PairsOfQueues, UdpFlowsOfOnePairOfAddressesStayTogetherUnlessTheirPortsAreHashed) {
    for (unsigned n = 0; n < 200; ++n) scenario.add(0, 20'000 + n * 2'000, frame(0, n % 16, n, true));
    const json together = run();
    std::vector<std::uint64_t> counts;
    for (unsigned queue = 0; queue < kCores; ++queue) counts.push_back(queue_count(together, 0, queue));
    EXPECT_EQ(std::count(counts.begin(), counts.end(), 200U), 1);
    scenario.router += "ethtool -N eth0 rx-flow-hash udp4 sdfn\n";
    const json apart = run();
    for (unsigned queue = 0; queue < kCores; ++queue) EXPECT_EQ(queue_count(apart, 0, queue), expected[0][queue]);
}

TEST_P(PairsOfQueues, ByTheLineOrMsiThereIsOnePairAndOneCore) {
    add_load(100, 16, 5'000);
    for (const char* interrupts : {"nic.interrupts=line", "nic.interrupts=msi"}) {
        const json stats = run({interrupts, "nic.irq_cores=2"});
        EXPECT_EQ(stats["frames_by_fate"]["forwarded"], 200) << interrupts;
        EXPECT_FALSE(stats["firmware"]["interrupts"].contains("eth0-TxRx-0"));
        for (unsigned port = 0; port < 2; ++port) {
            const json& row = stats["firmware"]["interrupts"]["eth" + std::to_string(port)];
            for (unsigned core = 0; core < kCores; ++core) EXPECT_EQ(row[core] != 0, core == port) << interrupts;
            EXPECT_EQ(queue_count(stats, port, 0), 100U);
        }
    }
}

TEST_P(PairsOfQueues, TheLinkComingUpInterruptsByTheVectorOfTheOtherCauses) {
    scenario.add(0, 900'000, frame(0, 1, 1));
    const json stats = run({"nic.link_up_us=500"});
    EXPECT_THAT(stats["firmware"]["interrupts"]["eth0"], ElementsAre(1, 0, 0, 0));
    EXPECT_EQ(stats["firmware"]["ethtool -S"]["eth0"]["lsc_int"], 1);
    EXPECT_EQ(stats["frames_by_fate"]["forwarded"], 1);
}

// EITR counts in units of 2.048 us (8.2.3.5.12), of which the driver, as Linux's, takes half as many as microseconds.
TEST_P(PairsOfQueues, InterruptsComeAsOftenAsTheModerationSays) {
    constexpr unsigned kGapNs = 4'000, kFrames = 2'500;
    constexpr double kRunUs = 1e-3 * kGapNs * kFrames;
    for (unsigned n = 0; n < kFrames; ++n) scenario.add(0, 20'000 + std::uint64_t{n} * kGapNs, frame(0, 5, n));
    const std::string router = scenario.router;
    for (const unsigned usecs : {20U, 100U}) {
        const std::string text = std::to_string(usecs);
        scenario.router = router + "ethtool -C eth0 rx-usecs " + text + " tx-usecs " + text + "\n";
        const json stats = run();
        const double count = stats["firmware"]["ethtool -S"]["eth0"]["interrupts"];
        const double wanted = kRunUs / (usecs / 2 * 2.048);
        EXPECT_NEAR(count, wanted, wanted * 0.02 + 1) << usecs;
        EXPECT_EQ(stats["frames_by_fate"]["forwarded"], kFrames);
    }
}

TEST_P(PairsOfQueues, ChangesOfQueuesAndRingsUnderLoadCountEveryFrame) {
    add_load(2'000, 64, 1'000);
    scenario.router +=
        "#at 300us ethtool -L eth0 combined 2\n"
        "#at 600us ethtool -G eth1 rx 64 tx 64\n"
        "#at 900us ethtool -L eth1 combined 1\n"
        "#at 1200us ethtool -L eth0 combined 4\n"
        "#at 1500us ethtool -G eth0 rx 512 tx 256\n"
        "#at 1700us ethtool -C eth0 rx-usecs 50\n";
    const json stats = run();
    std::uint64_t sum = 0, forwarded = 0;
    for (const auto& [fate, count] : stats["frames_by_fate"].items()) {
        sum += count.get<std::uint64_t>();
        if (fate == "forwarded") forwarded = count;
        EXPECT_THAT(fate, testing::AnyOf("forwarded", "rx_disabled", "device_down", "rx_no_descriptor")) << count;
    }
    EXPECT_EQ(sum, 4'000U);
    EXPECT_GT(forwarded, 3'000U) << "a change costs what is on its way, not the rest";
    EXPECT_EQ(queue_count(stats, 0, 3) > 0, true);
}

TEST_P(PairsOfQueues, MoreQueuesThanCoresAreRefusedWithTheLine) {
    scenario.router += "ethtool -L eth0 combined 5\n";
    scenario.write();
    const Result result = turnpike({"run", scenario.folder.string(), "--set", "cpu.cores=4", "--set", GetParam()});
    EXPECT_EQ(result.status, 2);
    EXPECT_THAT(result.err, HasSubstr("router.sh:8: 'ethtool -L eth0 combined 5': netlink error: Invalid argument"));
}

/// Frames of the shipped scenario that are forwarded while its ports are flooded.
std::uint64_t forwarded(const fs::path& out, const char* cores) {
    std::vector<std::string> words{"run", TURNPIKE_SCENARIOS_DIR "/many-flows", "--quiet", "--out", out.string()};
    for (unsigned n = 0; n < 4; ++n)
        words.insert(words.end(), {"--set", "generator." + std::to_string(n) + ".frames=4000"});
    words.insert(words.end(), {"--set", "run.drain_s=0", "--set", std::string("cpu.cores=") + cores});
    const Result result = turnpike(words);
    EXPECT_EQ(result.status, 0) << result.err;
    const json stats = read_json(out / "stats.json");
    EXPECT_TRUE(stats["balance"]["balanced"]) << stats["balance"];
    for (const json& core : stats["cores"])
        EXPECT_GT(core["busy_cycles"].get<double>(), 9 * core["idle_cycles"].get<double>()) << "not saturated";
    return stats["frames_by_fate"]["forwarded"];
}

TEST(ManyFlows, FourCoresForwardMoreThanThreePointTwoTimesAsManyFramesAsOne) {
    TemporaryFolder folder;
    const std::uint64_t one = forwarded(folder.path() / "1", "1"), four = forwarded(folder.path() / "4", "4");
    EXPECT_GT(static_cast<double>(four), 3.2 * static_cast<double>(one));
}

}  // namespace
}  // namespace turnpike::test
