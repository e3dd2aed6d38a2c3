// SPDX-License-Identifier: Apache-2.0
// A wrong key or value names file, line, what was found and what was expected.
#include "regs/address_map.h"
#include "tests/config/scenario_folder.h"

namespace turnpike::config {
namespace {

TEST_F(ScenarioFolder, AMissingFolderOrFile) {
    try {
        load_scenario(folder / "none", {}, TURNPIKE_MACHINES_DIR);
        FAIL();
    } catch (const Error& e) {
        EXPECT_EQ(e.what(), (folder / "none/scenario.toml").string() +
                                ": found no such file, expected a scenario folder with scenario.toml");
    }
    EXPECT_EQ(error("[[port]]\nrx = 'in/eth7.pcap'\n"),
              "scenario.toml:2:6: found port.0.rx = 'in/eth7.pcap', expected a capture file that is there");
    EXPECT_EQ(error("[firmware]\nelf = 'x.elf'\n[[port]]\n"),
              "scenario.toml:2:7: found firmware.elf = 'x.elf', expected an ELF file that is there");
}

TEST_F(ScenarioFolder, TextThatIsNotToml) {
    EXPECT_EQ(error("[[port]]\nmtu = \n").find("scenario.toml:2:"), 0u);
    EXPECT_NE(error("[[port]]\nmtu = \n").find("found text that is not TOML ("), std::string::npos);
}

TEST_F(ScenarioFolder, UnknownKeysAtEveryLevel) {
    EXPECT_EQ(error("foo = 1\n[[port]]\n").find("scenario.toml:1:1: found unknown key 'foo', expected name, about, "),
              0u);
    EXPECT_EQ(
        error("[[port]]\nmut = 1500\n"),
        "scenario.toml:2:1: found unknown key 'port.0.mut', expected name, mac, mtu, rx, tx, rate, irq_cpu, phy_ns "
        "or fec_ns");
    EXPECT_EQ(
        error("[[port]]\n[run]\npase = 'real'\n"),
        "scenario.toml:3:1: found unknown key 'run.pase', expected pace, spacing_us, drain_s, seed or max_late_ms");
    EXPECT_EQ(error("[[port]]\n[accel.lpm]\nmoed = 'rtl'\n"),
              "scenario.toml:3:1: found unknown key 'accel.lpm.moed', expected mode, freq_mhz or access");
    EXPECT_EQ(error("[[port]]\n[accel.foo]\n"),
              "scenario.toml:2:8: found unknown key 'accel.foo', expected lpm or checksum");
    EXPECT_EQ(error("[[port]]\n[compare]\nx = 1\n").find("scenario.toml:3:1: found unknown key 'compare.x'"), 0u);
    EXPECT_EQ(error("[[port]]\n[router]\nx = 1\n"),
              "scenario.toml:3:1: found unknown key 'router.x', expected conntrack");
    EXPECT_EQ(error("[[port]]\n[firmware]\nx = 1\n"),
              "scenario.toml:3:1: found unknown key 'firmware.x', expected elf");
    EXPECT_EQ(error("[[port]]\n[profile.l9]\nkib = 1\n").find("scenario.toml:2:10: found unknown key 'profile.l9'"),
              0u);
}

TEST_F(ScenarioFolder, WrongTypes) {
    EXPECT_EQ(error("name = 1\n[[port]]\n"), "scenario.toml:1:8: found name = 1, expected a text in quotes");
    EXPECT_EQ(error("tags = 'x'\n[[port]]\n"), "scenario.toml:1:8: found tags = 'x', expected an array");
    EXPECT_EQ(error("cpu = 1\n[[port]]\n"), "scenario.toml:1:7: found cpu = 1, expected a table");
    EXPECT_EQ(error("[port]\n"), "scenario.toml:1:1: found port = a table, expected tables [[port]]");
    EXPECT_EQ(error("[router]\nconntrack = 'yes'\n[[port]]\n"),
              "scenario.toml:2:13: found router.conntrack = 'yes', expected true or false");
    EXPECT_EQ(error("[[port]]\n[cpu]\nfreq_mhz = 2.5\n"),
              "scenario.toml:3:12: found cpu.freq_mhz = 2.5, expected a whole number from 1 to 100000");
    EXPECT_EQ(error("[[port]]\n[compare]\nnat_port = [1]\n"),
              "scenario.toml:3:13: found compare.nat_port = 1, expected a text in quotes");
}

TEST_F(ScenarioFolder, ValuesOutOfRange) {
    EXPECT_EQ(error("[[port]]\nmtu = 67\n"),
              "scenario.toml:2:7: found port.0.mtu = 67, expected a whole number from 68 to 9000");
    EXPECT_EQ(error("[[port]]\nmtu = 9001\n"),
              "scenario.toml:2:7: found port.0.mtu = 9001, expected a whole number from 68 to 9000");
    EXPECT_EQ(error("[[port]]\nmtu = -1\n"),
              "scenario.toml:2:7: found port.0.mtu = -1, expected a whole number from 68 to 9000");
    EXPECT_EQ(error("[[port]]\n[run]\ndrain_s = -0.5\n"),
              "scenario.toml:3:11: found run.drain_s = -0.5, expected a number from 0 to 1000000");
    EXPECT_EQ(error("[[port]]\n[run]\ndrain_s = nan\n"),
              "scenario.toml:3:11: found run.drain_s = nan, expected a number from 0 to 1000000");
    EXPECT_EQ(error("[[port]]\nirq_cpu = 2\n[cpu]\ncores = 2\n"),
              "scenario.toml:2:11: found port.0.irq_cpu = 2, expected a whole number from 0 to 1");
    EXPECT_EQ(error("[[port]]\n[nic]\nirq_cores = 3\n[cpu]\ncores = 2\n"),
              "scenario.toml: found nic.irq_cores 3, expected at most cpu.cores, which is 2");
    EXPECT_EQ(error("[[port]]\n[nic]\nqueues = 3\n[cpu]\ncores = 2\n"),
              "scenario.toml: found nic.queues 3, expected at most cpu.cores, which is 2");
    EXPECT_EQ(error("[[port]]\n[nic]\nqueues = 2\ninterrupts = 'line'\n[cpu]\ncores = 2\n"),
              "scenario.toml: found nic.queues 2, expected at most 1 with nic.interrupts line and 2 cores");
    EXPECT_EQ(error("[[port]]\n[nic]\nqueues = 2\n"),
              "scenario.toml: found nic.queues 2, expected at most 1 with nic.interrupts auto and 1 core");
    EXPECT_EQ(error("[[port]]\n[nic]\nqueues = 17\n"),
              "scenario.toml:3:10: found nic.queues = 17, expected a whole number from 0 to 16");
    EXPECT_EQ(error("[[port]]\n[cpu]\ncores = 17\n"),
              "scenario.toml:3:9: found cpu.cores = 17, expected a whole number from 1 to 16");
    EXPECT_EQ(error("[[port]]\n[dram]\nsize_mib = 4096\n"),
              "scenario.toml:3:12: found dram.size_mib = 4096, expected a whole number from 16 to 2048");
    EXPECT_EQ(error("[[port]]\n[compare]\nip_pool = ['10.0.0.1']\n"),
              "scenario.toml:3:11: found 1 elements, expected [first address, last address]");
    EXPECT_EQ(error("[[port]]\n[compare]\nnat_port = ['x']\n"),
              "scenario.toml:3:13: found compare.nat_port = 'x', expected an IPv4 address");
    EXPECT_EQ(error("[[port]]\n[compare]\nports = ['eth5']\n"),
              "scenario.toml:3:9: found 'eth5', expected one of eth0");
}

TEST_F(ScenarioFolder, ChoicesAreNamed) {
    EXPECT_EQ(error("[[port]]\n[accel.lpm]\nmode = 'fast'\n"),
              "scenario.toml:3:8: found accel.lpm.mode = 'fast', expected software, tlm, rtl or lockstep");
    EXPECT_EQ(error("[[port]]\n[accel.lpm]\naccess = 'sideways'\n"),
              "scenario.toml:3:10: found accel.lpm.access = 'sideways', expected blocking or lookaside");
    EXPECT_EQ(error("[[port]]\n[accel.lpm]\nmode = 'software|tlm'\n"),
              "scenario.toml:3:8: found accel.lpm.mode = 'software|tlm', expected software, tlm, rtl or lockstep");
    EXPECT_EQ(error("[[port]]\n[run]\npace = 'fast'\n"),
              "scenario.toml:3:8: found run.pace = 'fast', expected real, fixed or line-rate");
    EXPECT_EQ(error("machine = 'epyc'\n[[port]]\n"),
              "scenario.toml:1:11: found machine = 'epyc', expected one of xeon-10g, xeon-1g");
    EXPECT_EQ(error("machine = '../x'\n[[port]]\n"),
              "scenario.toml:1:11: found machine = '../x', expected one of xeon-10g, xeon-1g");
    EXPECT_EQ(
        error("[[port]]\n[cpu]\nprofile = 'z80'\n").find("scenario.toml:3:11: found cpu.profile = 'z80', expected "),
        0u);
}

TEST_F(ScenarioFolder, Ports) {
    EXPECT_EQ(error("name = 'x'\n"), "scenario.toml:1:1: found no port, expected at least one [[port]]");
    EXPECT_EQ(error("[[port]]\nname = 'a'\n[[port]]\nname = 'a'\n"),
              "scenario.toml:4:8: found a second port 'a', expected another name");
    EXPECT_EQ(error("[[port]]\nname = 'eth1'\n[[port]]\n"),
              "scenario.toml:3:1: found a second port 'eth1', expected another name");
    for (const char* name : {"lo", "", "a b", "x/y", "sixteen-bytes-xx", "all"}) {
        EXPECT_EQ(error(std::string("[[port]]\nname = '") + name + "'\n"),
                  std::string("scenario.toml:2:8: found port.0.name = '") + name +
                      "', expected an interface name of at most 15 characters, as \"eth0\"");
    }
    for (const char* mac : {"01:00:5e:00:00:01", "00:00:00:00:00:00", "02:00:00:00:00", "x"}) {
        EXPECT_EQ(error(std::string("[[port]]\nmac = '") + mac + "'\n"),
                  std::string("scenario.toml:2:7: found port.0.mac = '") + mac +
                      "', expected a unicast MAC address, as \"02:00:00:00:00:01\"");
    }
    for (const char* rate :
         {"10", "10 Gbps", "0Gbps", "0.5Mbps", "2000Gbps", "-1Gbps", "Gbps", "1e999Gbps", "nanGbps"}) {
        EXPECT_EQ(error(std::string("[[port]]\nrate = '") + rate + "'\n"),
                  std::string("scenario.toml:2:8: found port.0.rate = '") + rate +
                      "', expected a rate from \"1Mbps\" to \"1000Gbps\", as \"10Gbps\" or \"2.5Gbps\"");
    }
    for (const char* tx : {"/etc/x", "../x.pcap", "out/"}) {
        EXPECT_EQ(error(std::string("[[port]]\ntx = '") + tx + "'\n"),
                  std::string("scenario.toml:2:6: found port.0.tx = '") + tx +
                      "', expected a file inside the scenario folder, as \"out/eth0.pcap\"");
    }
    EXPECT_EQ(error("[[port]]\n[[port]]\ntx = 'out/./eth0.pcap'\n"),
              "scenario.toml:3:6: found 'out/./eth0.pcap', which is eth0's too, expected another file");
}

TEST_F(ScenarioFolder, AsManyPortsAsTheAddressMapHas) {
    std::string toml;
    for (unsigned i = 0; i < regs::map::MAX_PORTS; ++i) toml += kPort;
    EXPECT_EQ(load(toml).ports.size(), 16u);
    EXPECT_EQ(error(toml + kPort), "scenario.toml:17:1: found one [[port]] more, expected at most 16");
}

TEST_F(ScenarioFolder, WrongOverridesNameThemselves) {
    EXPECT_EQ(error(kPort, {"cpu.freq_mhz=0"}),
              "--set cpu.freq_mhz=0: found cpu.freq_mhz = 0, expected a whole number from 1 to 100000");
    EXPECT_EQ(error(kPort, {"accel.lpm.mode=fast"}),
              "--set accel.lpm.mode=fast: found accel.lpm.mode = 'fast', expected software, tlm, rtl or lockstep");
    EXPECT_EQ(error(kPort, {"cpu.foo=1"}).find("--set cpu.foo=1: found unknown key 'cpu.foo', expected profile, "), 0u);
    EXPECT_EQ(error(kPort, {"foo.bar.x=1"}).find("--set foo.bar.x=1: found unknown key 'foo', expected name, "), 0u);
    EXPECT_EQ(error(kPort, {"cpu"}), "--set cpu: found 'cpu', expected KEY=VALUE");
    EXPECT_EQ(error(kPort, {"=1"}), "--set =1: found '=1', expected KEY=VALUE");
    EXPECT_EQ(error(kPort, {"cpu..x=1"}), "--set cpu..x=1: found 'cpu..x', expected a dotted key, as cpu.freq_mhz");
    EXPECT_EQ(error(kPort, {"port.eth3.mtu=1"}),
              "--set port.eth3.mtu=1: found 'eth3', expected one of eth0 or an index below 1");
    EXPECT_EQ(error(kPort, {"port.eth0.mtu=1"}),
              "--set port.eth0.mtu=1: found port.0.mtu = 1, expected a whole number from 68 to 9000");
    EXPECT_EQ(error(kPort, {"port.eth0=1"}),
              "--set port.eth0=1: found 'port', expected a name or an index and a key behind it");
    EXPECT_EQ(error("name = 'x'\n[[port]]\n", {"name.y=1"}),
              "--set name.y=1: found 'name', which is not a table, expected a table's key");
    EXPECT_EQ(error(kPort, {"cpu.freq_mhz=1\nfoo = 2"}).find("--set cpu.freq_mhz=1\nfoo = 2: found cpu.freq_mhz = "),
              0u);
}

TEST_F(ScenarioFolder, AWrongRouterScriptNamesItsOwnFile) {
    write("router.sh", "ip link set eth0 up\nfrob\n");
    EXPECT_EQ(error(kPort),
              "router.sh:2:1: not supported by this version: found 'frob', expected ip "
              "link|addr|route|rule|neigh|nexthop|mroute, "
              "sysctl -w, echo VALUE > /proc/sys/… or ethtool");
}

TEST_F(ScenarioFolder, CachesThatCannotBeBuilt) {
    EXPECT_EQ(error("[[port]]\n[profile.l2]\nkib = 1000\n"),
              "scenario.toml:3:7: found l2 of 1000 KiB and 16 ways, expected a power of two of sets of 64-byte lines");
    EXPECT_EQ(error(kPort, {"l2.kib=1000"}),
              "--set l2.kib=1000: found l2 of 1000 KiB and 16 ways, expected a power of two of sets of 64-byte lines");
}

TEST_F(ScenarioFolder, AKeyOfTheCoreProfileIsSetWithOrWithoutItsPrefix) {
    EXPECT_EQ(load(kPort, {"l2.kib=512"}).cpu_profile.l2.kib, 512u);
    EXPECT_EQ(load(kPort, {"profile.l2.kib=2048"}).cpu_profile.l2.kib, 2048u);
    EXPECT_EQ(load(kPort, {"memory.l2.latency=15", "cpu.freq_mhz=2000"}).cpu_profile.memory.l2.latency, 15u);
}

}  // namespace
}  // namespace turnpike::config
