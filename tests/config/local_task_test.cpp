// SPDX-License-Identifier: Apache-2.0
// [[local]] sections and the messages that they become.
#include "tests/config/message_bytes.h"
#include "tests/config/scenario_folder.h"

namespace turnpike::config {
namespace {

struct Task {
    unsigned program = 1, protocol = 17, tos = 0, ttl = 0, port = 7, remote_port = 0;
    std::uint32_t address = 0, remote = 0, count = 0, bytes = 0;
    std::uint64_t start_us = 0, interval_us = 0;
    Message message() const {
        Bytes text;
        text.u8(program).u8(protocol).u8(tos).u8(ttl).u16(port).u16(remote_port);
        text.u32(address).u32(remote).u32(count).u32(bytes);
        return text.u64(start_us).u64(interval_us).type(24);
    }
};

class LocalTasks : public ScenarioFolder {
  protected:
    Message task(const std::string& section) const {
        const Scenario scenario = load(kPort + ("[[local]]\n" + section));
        const bool one = scenario.local.size() == 1 && scenario.local[0].messages.size() == 1;
        return one ? scenario.local[0].messages[0] : Message{};
    }
};

TEST_F(LocalTasks, ServersListenAtTheirWellKnownPorts) {
    EXPECT_EQ(task("program = 'udp-echo'\n"), Task{}.message());
    EXPECT_EQ(task("program = 'tcp-echo'\n"), (Task{.protocol = 6}.message()));
    EXPECT_EQ(task("program = 'udp-discard'\n"), (Task{.program = 2, .port = 9}.message()));
    EXPECT_EQ(task("program = 'tcp-discard'\nport = 99\naddress = '10.0.0.1'\ntos = 16\nttl = 3\nstart_us = 5\n"),
              (Task{.program = 2, .protocol = 6, .tos = 16, .ttl = 3, .port = 99, .address = 0x0A000001, .start_us = 5}
                   .message()));
}

TEST_F(LocalTasks, SendersSaySomethingToSomebody) {
    EXPECT_EQ(task("program = 'ping'\nto = '10.0.0.2'\n"), (Task{.program = 3,
                                                                 .protocol = 1,
                                                                 .port = 0,
                                                                 .remote = 0x0A000002,
                                                                 .count = 1,
                                                                 .bytes = 56,
                                                                 .interval_us = 1'000'000}
                                                                .message()));
    EXPECT_EQ(task("program = 'udp-sender'\nto = '10.0.0.2'\nto_port = 9\ncount = 0\nbytes = 1472\n"
                   "interval_us = 10\n"),
              (Task{.program = 4, .port = 0, .remote_port = 9, .remote = 0x0A000002, .bytes = 1472, .interval_us = 10}
                   .message()));
}

TEST_F(LocalTasks, SectionsKeepTheirOrderAndPlace) {
    const Scenario scenario = load("[[port]]\n[[local]]\nprogram = 'udp-echo'\n[[local]]\nprogram = 'tcp-echo'\n");
    ASSERT_EQ(scenario.local.size(), 2u);
    EXPECT_EQ(scenario.local[1].text, "[[local]] tcp-echo");
    const std::string text = refused(scenario.local[1], -98).what();
    EXPECT_EQ(text, (folder / "scenario.toml").string() + ":4: '[[local]] tcp-echo': Address already in use");
}

TEST_F(LocalTasks, WrongSections) {
    EXPECT_EQ(error("[[port]]\n[[local]]\n"),
              "scenario.toml:2:1: found no 'program', expected udp-echo, tcp-echo, udp-discard, tcp-discard, ping or "
              "udp-sender");
    EXPECT_EQ(error("[[port]]\n[[local]]\nprogram = 'httpd'\n"),
              "scenario.toml:3:11: found local.0.program = 'httpd', expected udp-echo, tcp-echo, udp-discard, "
              "tcp-discard, ping or udp-sender");
    EXPECT_EQ(error("[[port]]\n[[local]]\nprogram = 'ping'\n"),
              "scenario.toml:2:1: found no 'to', expected one: ping needs it");
    EXPECT_EQ(error("[[port]]\n[[local]]\nprogram = 'udp-sender'\nto = '10.0.0.2'\n"),
              "scenario.toml:2:1: found no 'to_port', expected one: udp-sender needs it");
    EXPECT_EQ(error("[[port]]\n[[local]]\nprogram = 'ping'\nto = 'here'\n"),
              "scenario.toml:4:6: found local.0.to = 'here', expected an IPv4 address in quotes, as \"10.0.0.1\"");
    EXPECT_EQ(error("[[port]]\n[[local]]\nprogram = 'udp-echo'\nport = 0\n"),
              "scenario.toml:4:8: found local.0.port = 0, expected a whole number from 1 to 65535");
    EXPECT_EQ(error("[[port]]\n[[local]]\nprogram = 'ping'\nto = '10.0.0.2'\nbytes = 65508\n"),
              "scenario.toml:5:9: found local.0.bytes = 65508, expected a whole number from 0 to 65507");
    EXPECT_EQ(error("[[port]]\n[[local]]\nprogram = 'ping'\nto = '10.0.0.2'\nport = 5\n"),
              "scenario.toml:5:1: found unknown key 'local.0.port', expected program, address, to, count, bytes, "
              "interval_us, tos, ttl or start_us");
    EXPECT_EQ(
        error("[[port]]\n[[local]]\nprogram = 'udp-echo'\nto = '10.0.0.2'\n"),
        "scenario.toml:4:1: found unknown key 'local.0.to', expected program, address, port, tos, ttl or start_us");
    EXPECT_EQ(error("local = 3\n[[port]]\n"), "scenario.toml:1:9: found local = 3, expected tables [[local]]");
}

}  // namespace
}  // namespace turnpike::config
