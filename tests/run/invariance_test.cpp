// SPDX-License-Identifier: Apache-2.0
// What must change no result: repetition, the host's load, the synchronisation quantum, what a core remembers of its
// pipeline, the form of an accelerator.
#include <gtest/gtest.h>

#include <atomic>
#include <thread>

#include "tests/run/program.h"

namespace turnpike::test {
namespace {

/// Bursts in both directions, of several sizes, so that interrupts, queues and idle times all occur.
void add_traffic(Scenario& scenario) {
    for (unsigned i = 0; i < 600; ++i) {
        UdpFrame east, west;
        east.id = west.id = static_cast<std::uint16_t>(i);
        east.total = 60 + (i * 37) % 1400;
        east.tos = static_cast<std::uint8_t>((i % 16) * 2);
        west.destination_mac = {2, 0, 0, 0, 1, 1};
        std::swap(west.source, west.destination);
        const std::uint64_t at = 20'000 + (i / 20) * 150'000 + (i % 20) * 900;
        scenario.add(0, at, east.bytes());
        scenario.add(1, at + 333, west.bytes());
    }
}

class Invariance : public testing::Test {
  protected:
    Invariance() : scenario(folder.path() / "s") {
        add_traffic(scenario);
        scenario.write();
    }
    fs::path run(const std::string& name, const std::vector<std::string>& settings = {}) {
        const fs::path out = folder.path() / name;
        std::vector<std::string> words{"run", scenario.folder.string(), "--quiet", "--out", out.string()};
        for (const std::string& setting : settings) {
            words.push_back("--set");
            words.push_back(setting);
        }
        const Result result = turnpike(words);
        EXPECT_EQ(result.status, 0) << result.err;
        return out;
    }
    static void expect_equal_files(const fs::path& a, const fs::path& b, const std::vector<std::string>& files) {
        for (const std::string& file : files) {
            EXPECT_TRUE(fs::exists(a / file)) << file;
            EXPECT_EQ(read_text(a / file), read_text(b / file)) << file;
        }
    }
    const std::vector<std::string> frames{"eth0.pcap", "eth1.pcap"};
    const std::vector<std::string> all{"eth0.pcap", "eth1.pcap", "stats.json", "console.txt"};
    TemporaryFolder folder;
    Scenario scenario;
};

TEST_F(Invariance, RepeatingARunUnderLoadChangesNoBit) {
    const fs::path calm = run("calm");
    std::atomic<bool> stop = false;
    std::vector<std::thread> load;
    for (int i = 0; i < 4; ++i)
        load.emplace_back([&stop] {
            while (!stop) {
            }
        });
    const fs::path loaded = run("loaded");
    stop = true;
    for (std::thread& thread : load) thread.join();
    expect_equal_files(calm, loaded, all);
}

TEST_F(Invariance, TheQuantumOfOneCoreChangesNoBit) {
    const fs::path usual = run("usual", {"cpu.quantum_ns=1000"});
    expect_equal_files(usual, run("half", {"cpu.quantum_ns=500"}), all);
    expect_equal_files(usual, run("double", {"cpu.quantum_ns=2000"}), all);
    expect_equal_files(usual, run("odd", {"cpu.quantum_ns=37"}), all);
}

TEST_F(Invariance, WhatTheCoreRemembersChangesNoBit) {
    for (const char* cores : {"cpu.cores=1", "cpu.cores=4"}) {
        const std::vector<std::string> settings{"cpu.profile=zen5", cores};
        const auto with = [&](const std::string& more) {
            std::vector<std::string> all_settings = settings;
            all_settings.push_back(more);
            return all_settings;
        };
        const fs::path nothing = run("nothing", with("profile.schedule.memo_states=0"));
        expect_equal_files(nothing, run("usual", settings), all);
        expect_equal_files(nothing, run("little", with("profile.schedule.memo_states=300")), all);
    }
}

/// stats.json without the names of the modes.
nlohmann::ordered_json timing_of(const fs::path& out) {
    auto stats = read_json(out / "stats.json");
    stats["accelerators"]["lpm"].erase("mode");
    stats["accelerators"]["checksum"].erase("mode");
    return stats;
}

TEST_F(Invariance, TlmRtlAndLockstepAgreeToTheCycleAndSoftwareSendsTheSameFrames) {
    auto modes = [](const std::string& mode) {
        return std::vector<std::string>{"accel.lpm.mode=" + mode, "accel.checksum.mode=" + mode};
    };
    const fs::path tlm = run("tlm", modes("tlm")), rtl = run("rtl", modes("rtl")),
                   lockstep = run("lockstep", modes("lockstep"));
    const fs::path software = run("software", modes("software"));
    expect_equal_files(tlm, rtl, frames);
    expect_equal_files(tlm, lockstep, frames);
    EXPECT_EQ(timing_of(tlm), timing_of(rtl));
    EXPECT_EQ(timing_of(tlm), timing_of(lockstep));

    const auto accelerated = read_json(tlm / "stats.json"), plain = read_json(software / "stats.json");
    EXPECT_EQ(accelerated["accelerators"]["lpm"]["lookups"], 1200);
    EXPECT_EQ(accelerated["accelerators"]["checksum"]["sums"], 1200);
    EXPECT_FALSE(plain["accelerators"]["lpm"].contains("lookups"));
    EXPECT_EQ(accelerated["frames_by_fate"], plain["frames_by_fate"]);
    EXPECT_NE(accelerated["core"]["busy_cycles"], plain["core"]["busy_cycles"]);
}

TEST_F(Invariance, SoftwareFormsSendTheSameBytes) {
    const fs::path tlm = run("tlm", {"accel.lpm.mode=tlm", "accel.checksum.mode=tlm"});
    const fs::path software = run("software", {"accel.lpm.mode=software", "accel.checksum.mode=software"});
    for (const std::string& port : frames) EXPECT_EQ(frame_bytes(tlm / port), frame_bytes(software / port));
}

}  // namespace
}  // namespace turnpike::test
