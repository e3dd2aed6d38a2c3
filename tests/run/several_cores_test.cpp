// SPDX-License-Identifier: Apache-2.0
// The whole path on several cores, each port with one pair of queues: frames from two ports, each with a core of its
// own, meet in one queue and one ring.
#include <gtest/gtest.h>

#include <algorithm>
#include <map>

#include "regs/params.h"
#include "tests/run/program.h"

namespace turnpike::test {
namespace {

constexpr unsigned kFrames = 3000;  // from each port
constexpr unsigned kSourcePort = 34, kIdOffset = 18;

unsigned get16(const Bytes& frame, std::size_t at) { return static_cast<unsigned>(frame[at] << 8 | frame[at + 1]); }

/// eth0 and eth1 send to eth2's network; four flows each, told apart by the UDP source port.
class SeveralCores : public testing::Test {
  protected:
    SeveralCores() : scenario(folder.path() / "s", 3) {
        for (unsigned port = 0; port < 2; ++port)
            for (unsigned i = 0; i < kFrames; ++i) add(port, i);
        scenario.toml = "[run]\npace = \"real\"\ndrain_s = 0.02\n";
        scenario.write();
    }
    void add(unsigned port, unsigned i) {
        UdpFrame frame;
        frame.destination_mac = {2, 0, 0, 0, static_cast<std::uint8_t>(port), 1};
        frame.source = 0x0A000002 + (port << 8);
        frame.destination = 0x0A000202;
        frame.source_port = static_cast<std::uint16_t>(1000 * (port + 1) + i % 4);
        frame.id = static_cast<std::uint16_t>(i);
        // Bursts at twice what one core can do, with pauses that let the queue run empty.
        scenario.add(port, 20'000 + (i / 50) * 100'000 + (i % 50) * 300 + port * 7, frame.bytes());
    }
    fs::path run(const std::string& name, std::vector<std::string> settings) {
        const fs::path out = folder.path() / name;
        std::vector<std::string> words{
            "run", scenario.folder.string(), "--quiet", "--out", out.string(), "--set", "nic.queues=1"};
        for (std::string& setting : settings) {
            words.emplace_back("--set");
            words.push_back(std::move(setting));
        }
        const Result result = turnpike(words);
        EXPECT_EQ(result.status, 0) << result.err;
        return out;
    }
    /// Identification fields by flow, in the order in which the frames left.
    static std::map<unsigned, std::vector<unsigned>> flows(const fs::path& out) {
        std::map<unsigned, std::vector<unsigned>> ids;
        for (const Bytes& frame : frame_bytes(out / "eth2.pcap"))
            ids[get16(frame, kSourcePort)].push_back(get16(frame, kIdOffset));
        return ids;
    }
    void expect_all_in_order(const fs::path& out) const {
        const auto stats = read_json(out / "stats.json");
        EXPECT_TRUE(stats["balance"]["balanced"]) << stats["balance"];
        EXPECT_EQ(stats["frames_by_fate"]["forwarded"], 2 * kFrames);
        const auto sent = flows(out);
        ASSERT_EQ(sent.size(), 8u);
        for (const auto& [flow, ids] : sent) {
            EXPECT_EQ(ids.size(), kFrames / 4) << flow;
            EXPECT_TRUE(std::is_sorted(ids.begin(), ids.end())) << "flow " << flow << " left out of order";
        }
    }
    static void expect_same_bits(const fs::path& a, const fs::path& b) {
        for (const char* file : {"eth0.pcap", "eth1.pcap", "eth2.pcap", "stats.json", "console.txt"})
            EXPECT_EQ(read_text(a / file), read_text(b / file)) << file;
    }
    TemporaryFolder folder;
    Scenario scenario;
};

TEST_F(SeveralCores, FramesOfTwoCoresThatMeetInOneQueueAllLeaveOnceAndInTheOrderOfTheirFlows) {
    const fs::path out = run("two", {"cpu.cores=2", "nic.irq_cores=2"});
    expect_all_in_order(out);
    const auto stats = read_json(out / "stats.json");
    const auto& locks = stats["firmware"]["lock_stat"];
    EXPECT_GT(locks["qdisc"]["contended"], 0) << "the cores never met: this run shows nothing";
    ASSERT_EQ(stats["cores"].size(), 2u);
    for (const auto& core : stats["cores"]) EXPECT_GT(core["interrupts"], 0);
    for (const auto& cpu : stats["firmware"]["softnet_stat"]) EXPECT_EQ(cpu["processed"], kFrames);
}

TEST_F(SeveralCores, OneTwoAndFourCoresSendTheSameFramesOfEachFlow) {
    const fs::path one = run("one", {});
    expect_all_in_order(one);
    for (const char* cores : {"2", "4"}) {
        const fs::path out = run(cores, {std::string("cpu.cores=") + cores, "nic.irq_cores=2"});
        expect_all_in_order(out);
        EXPECT_EQ(flows(one), flows(out));
    }
}

TEST_F(SeveralCores, ARunIsTheSameToTheBitWhenRepeated) {
    for (const char* timing : {"cpu.profile=simple", "cpu.profile=zen5", "cpu.mode=functional"}) {
        const std::vector<std::string> settings{"cpu.cores=4", "nic.irq_cores=4", timing};
        const std::string name = timing;
        expect_same_bits(run(name, settings), run(name + "-again", settings));
    }
}

TEST_F(SeveralCores, InFunctionalModeEveryInstructionTakesACycle) {
    const fs::path out = run("functional", {"cpu.cores=2", "nic.irq_cores=2", "cpu.mode=functional"});
    expect_all_in_order(out);
    const auto core = read_json(out / "stats.json")["core"];
    // Interrupt entries take theirs; waiting for devices takes what it takes.
    const std::uint64_t entry = regs::CpuProfile().core.interrupt_entry_cycles;
    EXPECT_EQ(core["busy_cycles"].get<std::uint64_t>() - core["bus_stall_cycles"].get<std::uint64_t>(),
              core["instructions"].get<std::uint64_t>() + core["interrupts"].get<std::uint64_t>() * entry);
    EXPECT_EQ(core["l1d"]["accesses"], 0);
}

/// A firmware whose cores 1 and 2 die as soon as they start.
TEST_F(SeveralCores, TheDiagnosisNamesEveryCoreThatStopped) {
    const Result result = turnpike({"run", scenario.folder.string(), "--quiet", "--firmware", TURNPIKE_DYING_FIRMWARE,
                                    "--set", "cpu.cores=3", "--out", (folder.path() / "dead").string()});
    EXPECT_EQ(result.status, 1);
    for (const char* part : {"core 1 stopped: shut down (triple fault) after #UD", "core 2 stopped: shut down"})
        EXPECT_NE(result.err.find(part), std::string::npos) << result.err;
    EXPECT_EQ(result.err.find("core 0 stopped"), std::string::npos) << result.err;
}

TEST_F(SeveralCores, EachCoreIsAccountedForItselfAndTheSumsAreThoseOfAll) {
    const fs::path out = run("sums", {"cpu.cores=4", "nic.irq_cores=2", "cpu.profile=zen5"});
    const auto stats = read_json(out / "stats.json");
    ASSERT_EQ(stats["cores"].size(), 4u);
    for (const char* key : {"busy_cycles", "idle_cycles", "instructions", "interrupts", "bus_reads"}) {
        std::uint64_t sum = 0;
        for (const auto& core : stats["cores"]) sum += core[key].get<std::uint64_t>();
        EXPECT_EQ(stats["core"][key], sum) << key;
    }
    const auto cycles = static_cast<std::uint64_t>(stats["simulated_ns"].get<double>() * 3);  // 3 GHz
    for (const auto& core : stats["cores"]) {
        std::uint64_t staged = 0;
        for (const auto& stage : core["stages"]) staged += stage["cycles"].get<std::uint64_t>();
        EXPECT_EQ(core["busy_cycles"], staged);
        EXPECT_NEAR(
            static_cast<double>(core["busy_cycles"].get<std::uint64_t>() + core["idle_cycles"].get<std::uint64_t>()),
            static_cast<double>(cycles), 10'000.0);
    }
    for (const unsigned n : {0u, 1u}) {
        EXPECT_GT(stats["cores"][n]["branches"]["executed"], 0);
        EXPECT_GT(stats["cores"][n]["dtlb"]["misses"], 0);
        EXPECT_GT(stats["cores"][n]["l1d"]["accesses"], 0);
        EXPECT_GT(stats["cores"][n]["lines_from_other_cores"], 0);
    }
    EXPECT_EQ(stats["cores"][3]["instructions"], 0) << "no port's interrupts go to it";
}

TEST_F(SeveralCores, APortMayNameTheCoreOfItsInterrupts) {
    std::string text = read_text(scenario.folder / "scenario.toml");
    text.replace(text.find("name = \"eth1\""), 0, "irq_cpu = 3\n");
    write_text(scenario.folder / "scenario.toml", text);
    const auto stats = read_json(run("named", {"cpu.cores=4"}) / "stats.json");
    EXPECT_GT(stats["cores"][0]["interrupts"], 0);
    EXPECT_EQ(stats["cores"][1]["interrupts"], 0);
    EXPECT_GT(stats["cores"][3]["interrupts"], 0);
    EXPECT_EQ(stats["firmware"]["softnet_stat"][3]["processed"], kFrames);
    const Result wrong = turnpike({"run", scenario.folder.string(), "--set", "cpu.cores=2"});
    EXPECT_EQ(wrong.status, 2);
    EXPECT_NE(wrong.err.find("irq_cpu"), std::string::npos) << wrong.err;
}

}  // namespace
}  // namespace turnpike::test
