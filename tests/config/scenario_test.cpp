// SPDX-License-Identifier: Apache-2.0
// docs/scenario.md is what these hold.
#include "config/scenario.h"

#include "tests/config/scenario_folder.h"

namespace turnpike::config {
namespace {

TEST_F(ScenarioFolder, OnlyAPortIsRequired) {
    const Scenario scenario = load(kPort);
    EXPECT_EQ(scenario.name, folder.filename());
    EXPECT_EQ(scenario.machine_name, "xeon-10g");
    EXPECT_EQ(scenario.machine.link.rate_mbps, 10'000u);
    EXPECT_EQ(scenario.cpu_profile.name, "simple");
    ASSERT_EQ(scenario.ports.size(), 1u);
    EXPECT_EQ(scenario.ports[0].name, "eth0");
    EXPECT_EQ(scenario.ports[0].mac, (Mac{2, 0, 0, 0, 0, 1}));
    EXPECT_EQ(scenario.ports[0].mtu, 1500u);
    EXPECT_FALSE(scenario.ports[0].rx);
    EXPECT_EQ(scenario.ports[0].tx, "out/eth0.pcap");
    EXPECT_EQ(scenario.run.pace, Pace::real);
    EXPECT_DOUBLE_EQ(scenario.run.drain_s, 0.1);
    EXPECT_TRUE(scenario.router.commands.empty());
    EXPECT_FALSE(scenario.firmware_elf);
}

TEST_F(ScenarioFolder, EveryKeyIsRead) {
    write("fw.elf", "");
    write("router.sh", "ip link set wan up\n");
    const Scenario scenario = load(R"(
name = "n"
about = "a"
tags = ["x", "y"]
era = "modern"
era_note = "e"
machine = "xeon-1g"
[cpu]
freq_mhz = 2500
[accel.lpm]
mode = "rtl"
[profile.l2]
kib = 2048
[router]
conntrack = true
[[port]]
name = "lan"
mac = "02:00:00:00:00:07"
mtu = 1400
rx = "in/eth0.pcap"
tx = "out/a.pcap"
rate = "2.5Gbps"
phy_ns = 12.5
fec_ns = 100
[[port]]
name = "wan"
[run]
pace = "line-rate"
spacing_us = 0
drain_s = 40
seed = 9
max_late_ms = 2.5
[firmware]
elf = "fw.elf"
[compare]
ip_id = "exact"
icmp_quote = "min"
inner_ttl = "any"
pad = false
mask_ip_ts = true
order = "none"
refrag = "any"
nat_port = ["203.0.113.1"]
nat_port_range = [1024, 65535]
ip_pool = ["10.0.0.1", "10.0.0.9"]
dport_pool = ["10.0.0.1", 80, 90]
port_groups = [["lan", "wan"]]
share_min = 0.2
ports = ["wan"]
)");
    EXPECT_EQ(scenario.name, "n");
    EXPECT_EQ(scenario.tags, (std::vector<std::string>{"x", "y"}));
    EXPECT_EQ(scenario.era, "modern");
    EXPECT_EQ(scenario.machine.link.rate_mbps, 1000u);
    EXPECT_EQ(scenario.machine.cpu.freq_mhz, 2500u);
    EXPECT_EQ(scenario.machine.accel_lpm.mode, "rtl");
    EXPECT_EQ(scenario.cpu_profile.l2.kib, 2048u);
    EXPECT_TRUE(scenario.conntrack);
    EXPECT_EQ(scenario.ports[0].mac[5], 7);
    EXPECT_EQ(scenario.ports[0].rate_mbps, 2500u);
    EXPECT_DOUBLE_EQ(scenario.ports[0].phy_ns, 12.5);
    EXPECT_DOUBLE_EQ(scenario.ports[0].fec_ns, 100);
    EXPECT_EQ(scenario.ports[0].rx, folder / "in/eth0.pcap");
    EXPECT_EQ(scenario.ports[1].mac, (Mac{2, 0, 0, 0, 1, 1}));
    EXPECT_EQ(scenario.run.pace, Pace::line_rate);
    EXPECT_EQ(scenario.run.seed, 9u);
    EXPECT_DOUBLE_EQ(scenario.run.max_late_ms, 2.5);
    EXPECT_EQ(scenario.firmware_elf, folder / "fw.elf");
    ASSERT_EQ(scenario.router.commands.size(), 1u);
    EXPECT_EQ(scenario.router.commands[0].messages[0].bytes[0], 3);  // wan
}

TEST_F(ScenarioFolder, CompareKeysAreTyped) {
    const CompareConfig compare = load(R"(
[[port]]
[[port]]
[compare]
nat_port = ["203.0.113.1", "203.0.113.2"]
nat_port_range = [1024, 65535]
ip_pool = ["10.0.0.1", "10.0.0.9"]
dport_pool = ["10.0.0.1", 80, 90]
port_groups = [["eth0", "eth1"]]
pad = "exact"
)")
                                      .compare;
    EXPECT_EQ(compare.nat_port, (std::vector<std::uint32_t>{0xCB007101, 0xCB007102}));
    EXPECT_EQ(compare.nat_port_range, (CompareConfig::Range{1024, 65535}));
    EXPECT_EQ(compare.ip_pool, (CompareConfig::Range{0x0A000001, 0x0A000009}));
    ASSERT_TRUE(compare.dport_pool);
    EXPECT_EQ(compare.dport_pool->last, 90);
    EXPECT_EQ(compare.port_groups, (std::vector<std::vector<std::string>>{{"eth0", "eth1"}}));
    EXPECT_FALSE(compare.pad);
    EXPECT_EQ(compare.ip_id, "generated");
}

TEST_F(ScenarioFolder, OverridesAreTomlOrBareText) {
    const Scenario scenario = load("[[port]]\nname = 'a'\n[[port]]\nrate = '1Gbps'\n",
                                   {"accel.lpm.mode=software", "accel.checksum.mode=\"rtl\"", "cpu.freq_mhz=1000",
                                    "port.a.rate=100Mbps", "port.1.rate=40Gbps", "port.eth1.mtu=1280", "run.pace=fixed",
                                    "run.spacing_us=0.5", "machine=xeon-1g", "profile.llc.kib=8192"});
    EXPECT_EQ(scenario.machine.accel_lpm.mode, "software");
    EXPECT_EQ(scenario.machine.accel_checksum.mode, "rtl");
    EXPECT_EQ(scenario.machine.cpu.freq_mhz, 1000u);
    EXPECT_EQ(scenario.ports[0].rate_mbps, 100u);
    EXPECT_EQ(scenario.ports[1].rate_mbps, 40'000u);
    EXPECT_EQ(scenario.ports[1].mtu, 1280u);
    EXPECT_EQ(scenario.run.pace, Pace::fixed);
    EXPECT_DOUBLE_EQ(scenario.run.spacing_us, 0.5);
    EXPECT_EQ(scenario.machine.link.rate_mbps, 1000u);
    EXPECT_EQ(scenario.cpu_profile.llc.kib, 8192u);
}

TEST_F(ScenarioFolder, TheLastOverrideWins) {
    EXPECT_EQ(load(kPort, {"cpu.freq_mhz=1000", "cpu.freq_mhz=2000"}).machine.cpu.freq_mhz, 2000u);
}

TEST_F(ScenarioFolder, AnOutFolderTakesThePlaceOfTheScenariosOwn) {
    const Scenario scenario = load("[[port]]\n[[port]]\ntx = 'sent/b.pcap'\n");
    EXPECT_EQ(output_path(scenario, scenario.ports[0], std::nullopt), folder / "out/eth0.pcap");
    EXPECT_EQ(output_path(scenario, scenario.ports[0], "/x"), "/x/eth0.pcap");
    EXPECT_EQ(output_path(scenario, scenario.ports[1], "/x"), "/x/sent/b.pcap");
}

}  // namespace
}  // namespace turnpike::config
