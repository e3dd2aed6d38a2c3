// SPDX-License-Identifier: Apache-2.0
// [[generator]] tables of a scenario.
#include "tests/config/scenario_folder.h"

namespace turnpike::config {
namespace {

TEST_F(ScenarioFolder, AGeneratorHasItsPortAndItsFlows) {
    const Scenario scenario = load(
        "[[port]]\n[[port]]\n[[generator]]\nport = 'eth1'\nframes = 10\nflows = 4\nbytes = 128\nprotocol = 'tcp'\n"
        "from = '10.1.0.0/16'\nto = '10.2.0.5'\nfrom_port = 7\nto_port = 80\nstart_us = 2.5\ninterval_ns = 100\n");
    ASSERT_EQ(scenario.generators.size(), 1U);
    const GeneratorConfig& generator = scenario.generators[0];
    EXPECT_EQ(generator.port, 1U);
    EXPECT_EQ(generator.destination_mac, scenario.ports[1].mac);
    EXPECT_EQ(generator.frames, 10U);
    EXPECT_EQ(generator.flows, 4U);
    EXPECT_EQ(generator.bytes, 128U);
    EXPECT_TRUE(generator.tcp);
    EXPECT_EQ(prefix_text(generator.source), "10.1.0.0/16");
    EXPECT_EQ(generator.destination.address, 0x0A020005U);
    EXPECT_EQ(generator.source_port, 7);
    EXPECT_EQ(generator.destination_port, 80);
    EXPECT_EQ(generator.start_us, 2.5);
    EXPECT_EQ(generator.interval_ns, 100);
}

TEST_F(ScenarioFolder, AGeneratorsMistakesAreNamed) {
    const auto of = [this](const std::string& lines) { return error("[[port]]\n[[generator]]\n" + lines); };
    EXPECT_EQ(of("from = '10.1'\nto = '10.2'\n"), "scenario.toml:2:1: found no 'port', expected eth0");
    EXPECT_EQ(of("port = 'eth1'\n"), "scenario.toml:3:8: found generator.0.port = 'eth1', expected eth0");
    EXPECT_EQ(of("port = 'eth0'\nto = '10.2'\n"),
              "scenario.toml:2:1: found no 'from', expected the addresses of the flows");
    EXPECT_EQ(of("port = 'eth0'\nfrom = 'x'\nto = '10.2'\n"),
              "scenario.toml:4:8: found generator.0.from = 'x', expected an address or a prefix in quotes, as "
              "\"10.1.0.0/16\"");
    EXPECT_EQ(of("port = 'eth0'\nfrom = '10.1'\nto = '10.2'\nbytes = 63\n"),
              "scenario.toml:6:9: found generator.0.bytes = 63, expected a whole number from 64 to 1518");
    EXPECT_EQ(of("port = 'eth0'\nfrom = '10.1'\nto = '10.2'\nflows = 0\n"),
              "scenario.toml:6:9: found generator.0.flows = 0, expected a whole number from 1 to 65536");
    EXPECT_EQ(of("port = 'eth0'\nfrom = '10.1'\nto = '10.2'\nprotocol = 'icmp'\n"),
              "scenario.toml:6:12: found generator.0.protocol = 'icmp', expected udp or tcp");
    EXPECT_EQ(of("port = 'eth0'\nmac = 'x'\n"),
              "scenario.toml:4:7: found generator.0.mac = 'x', expected a MAC address, as \"02:00:00:00:00:01\"");
    EXPECT_EQ(of("port = 'eth0'\nfrom = '10.1'\nto = '10.2'\nspeed = 1\n")
                  .find("scenario.toml:6:1: found unknown key 'generator.0.speed', expected port, mac, frames"),
              0U);
}

}  // namespace
}  // namespace turnpike::config
