// SPDX-License-Identifier: Apache-2.0
// A router of four ports whose stack runs on one, two or four modelled cores: what every run has to show, whatever the
// cores have to do with each other.
#pragma once
#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <set>

#include "tests/run/program.h"

namespace turnpike::test {

inline unsigned get16(const Bytes& frame, std::size_t at) {
    return static_cast<unsigned>(frame[at] << 8 | frame[at + 1]);
}

inline void put16(Bytes& bytes, std::size_t at, unsigned value) {
    bytes[at] = static_cast<std::uint8_t>(value >> 8);
    bytes[at + 1] = static_cast<std::uint8_t>(value);
}

/// RFC 1071, of what is from `begin` to `end`, an even number of bytes.
inline unsigned internet_checksum(const Bytes& bytes, std::size_t begin, std::size_t end) {
    std::uint32_t sum = 0;
    for (std::size_t at = begin; at < end; at += 2) sum += get16(bytes, at);
    while (sum >> 16 != 0) sum = (sum & 0xFFFF) + (sum >> 16);
    return ~sum & 0xFFFF;
}

/// A whole run, with its account.
struct CoresRun {
    fs::path out;
    nlohmann::ordered_json stats;

    std::uint64_t fate(const char* name) const { return stats["frames_by_fate"].value(name, std::uint64_t{0}); }
    std::uint64_t counter(const char* name) const { return stats["firmware"]["nstat"].value(name, std::uint64_t{0}); }
    std::vector<Bytes> sent(unsigned port) const { return frame_bytes(out / ("eth" + std::to_string(port) + ".pcap")); }
    /// What left by the port, in an order of its own.
    std::vector<Bytes> sorted(unsigned port) const {
        std::vector<Bytes> frames = sent(port);
        std::sort(frames.begin(), frames.end());
        return frames;
    }
    /// Cores that took frames in.
    unsigned busy_cores() const {
        const auto& cpus = stats["firmware"]["softnet_stat"];
        return static_cast<unsigned>(
            std::count_if(cpus.begin(), cpus.end(), [](const auto& cpu) { return cpu["processed"] > 0; }));
    }
};

class ManyCores : public testing::Test {
  protected:
    static constexpr unsigned kPorts = 4;
    static constexpr unsigned kCores[] = {1, 2, 4};

    ManyCores() : scenario(folder.path() / "s", kPorts) {
        for (unsigned port = 0; port < kPorts; ++port) {
            const std::string n = std::to_string(port);
            scenario.router += "ip route add 172.16." + n + ".0/24 via 10.0." + n + ".2\n";
        }
    }
    /// A datagram of one of 256 flows of the port: its sender is 172.16.PORT.FLOW, so that RSS deals the flows out.
    static UdpFrame of_flow(unsigned port, unsigned flow, std::uint32_t destination, unsigned id) {
        UdpFrame frame;
        frame.destination_mac = {2, 0, 0, 0, static_cast<std::uint8_t>(port), 1};
        frame.source = 0xAC100000 + (port << 8) + flow % 256;
        frame.destination = destination;
        frame.id = static_cast<std::uint16_t>(id);
        return frame;
    }
    void add(unsigned port, std::uint64_t ns, const Bytes& frame) {
        scenario.add(port, ns, frame);
        ++frames_;
    }
    void at(unsigned us, const std::string& command) {
        scenario.router += "#at " + std::to_string(us) + "us " + command + "\n";
    }
    CoresRun run(unsigned cores, const std::vector<std::string>& settings = {}) {
        scenario.write();
        CoresRun result{folder.path() / ("out" + std::to_string(runs_++)), {}};
        std::vector<std::string> words{"run", scenario.folder.string(), "--quiet", "--out", result.out.string()};
        words.insert(words.end(), {"--set", "cpu.cores=" + std::to_string(cores), "--set", "cpu.mode=functional"});
        for (const std::string& setting : settings) words.insert(words.end(), {"--set", setting});
        const Result program = turnpike(words);
        EXPECT_EQ(program.status, 0) << program.err;
        result.stats = read_json(result.out / "stats.json");
        expect_account(result);
        return result;
    }
    /// Two runs of the same, and the same to the bit.
    CoresRun run_twice(unsigned cores, const std::vector<std::string>& settings = {}) {
        const CoresRun once = run(cores, settings), again = run(cores, settings);
        for (const char* file : {"eth0.pcap", "eth1.pcap", "eth2.pcap", "eth3.pcap", "stats.json", "console.txt"})
            EXPECT_EQ(read_text(once.out / file), read_text(again.out / file)) << file;
        return once;
    }
    /// Every frame has a fate, none is still somewhere in the machine, and the firmware's counters say the same.
    void expect_account(const CoresRun& run) const {
        const auto& balance = run.stats["balance"];
        EXPECT_TRUE(balance["balanced"]) << balance;
        EXPECT_EQ(balance["received"], frames_);
        for (const char* fate : {"end_on_wire", "end_in_nic", "end_in_ring", "end_in_stack", "end_in_tx", "lost"})
            EXPECT_EQ(run.fate(fate), 0U) << fate;
    }
    /// Fragments and hosts' flows go by their addresses; with one pair of queues a port each port has a core of its
    /// own.
    static std::vector<std::string> a_core_for_each_port(unsigned cores) {
        return {"nic.queues=1", "nic.irq_cores=" + std::to_string(cores)};
    }

    TemporaryFolder folder;
    Scenario scenario;

  private:
    unsigned runs_ = 0, frames_ = 0;
};

}  // namespace turnpike::test
