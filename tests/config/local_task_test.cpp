// SPDX-License-Identifier: Apache-2.0
// [[local]] sections and the messages that they become.
#include "tests/config/message_bytes.h"
#include "tests/config/scenario_folder.h"

namespace turnpike::config {
namespace {

struct Task {
    unsigned program = 1, protocol = 17, tos = 0, ttl = 0, port = 7, remote_port = 0;
    std::uint32_t address = 0, remote = 0, count = 0, bytes = 0;
    std::uint64_t start_us = 0, interval_us = 0, join_us = 0, leave_us = 0;
    std::uint32_t group = 0, ifindex = 0;
    unsigned echo_id = 0, flags = 0, mc_ttl = 0, mtu_discover = 0;
    /// What senders have unless it is given: broadcasts may be, groups are near, IP_PMTUDISC_WANT.
    Task sends() const {
        Task task = *this;
        task.flags |= 1;
        if (mc_ttl == 0) task.mc_ttl = 1;
        if (mtu_discover == 0) task.mtu_discover = 2;
        return task;
    }
    Message message() const {
        Bytes text;
        text.u8(program).u8(protocol).u8(tos).u8(ttl).u16(port).u16(remote_port);
        text.u32(address).u32(remote).u32(count).u32(bytes);
        text.u64(start_us).u64(interval_us).u64(join_us).u64(leave_us);
        text.u32(group).u32(ifindex).u16(echo_id).u8(flags).u8(mc_ttl).u8(mtu_discover);
        return text.u8(0).u16(0).type(24);
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
                                                                 .interval_us = 1'000'000,
                                                                 .echo_id = 1}
                                                                .sends()
                                                                .message()));
    EXPECT_EQ(task("program = 'udp-sender'\nto = '10.0.0.2'\nto_port = 9\ncount = 0\nbytes = 1472\n"
                   "interval_us = 10\n"),
              (Task{.program = 4, .port = 0, .remote_port = 9, .remote = 0x0A000002, .bytes = 1472, .interval_us = 10}
                   .sends()
                   .message()));
}

TEST_F(LocalTasks, SendersSayHowTheirSocketSends) {
    const Task sender = {.program = 4,
                         .port = 0,
                         .remote_port = 9,
                         .remote = 0xEF010101,
                         .count = 1,
                         .bytes = 18,
                         .interval_us = 1'000'000};
    const std::string start = "program = 'udp-sender'\nto = '239.1.1.1'\nto_port = 9\n";
    Task task_ = sender;
    task_.mc_ttl = 9, task_.ifindex = 2, task_.flags = 2 | 4 | 8, task_.mtu_discover = 6;
    EXPECT_EQ(task(start + "multicast_ttl = 9\ninterface = 'eth0'\nbroadcast = false\nno_loop = true\nconnect = true\n"
                           "errors = true\nmtu_discover = 'omit'\n"),
              task_.message());
    task_ = sender.sends();
    task_.mtu_discover = 1;
    EXPECT_EQ(task(start + "mtu_discover = 'dont'\n"), task_.message());
}

TEST_F(LocalTasks, ServicesMayBeInAGroupForATime) {
    EXPECT_EQ(task("program = 'udp-echo'\ngroup = '224.1.2.3'\n"), (Task{.group = 0xE0010203}.message()));
    EXPECT_EQ(task("program = 'udp-echo'\ngroup = '224.1.2.3'\ninterface = 'eth0'\njoin_us = 5\nleave_us = 6\n"),
              (Task{.join_us = 5, .leave_us = 6, .group = 0xE0010203, .ifindex = 2}.message()));
    EXPECT_EQ(error("[[port]]\n[[local]]\nprogram = 'udp-echo'\ngroup = '10.0.0.1'\n"),
              "scenario.toml:4:9: found local.0.group = '10.0.0.1', expected an address from 224.0.0.0 to "
              "239.255.255.255 in quotes");
    EXPECT_EQ(error("[[port]]\n[[local]]\nprogram = 'udp-echo'\ngroup = '224.1.2.3'\njoin_us = 7\nleave_us = 7\n"),
              "scenario.toml:6:12: found local.0.leave_us = 7, expected a whole number from 8 to 1000000000000");
    EXPECT_EQ(error("[[port]]\n[[local]]\nprogram = 'udp-echo'\ngroup = '224.1.2.3'\ninterface = 'eth9'\n"),
              "scenario.toml:5:13: found local.0.interface = 'eth9', expected eth0");
    EXPECT_EQ(
        error("[[port]]\n[[local]]\nprogram = 'udp-sender'\nto = '10.0.0.2'\nto_port = 9\nmtu_discover = 'x'\n"),
        "scenario.toml:6:16: found local.0.mtu_discover = 'x', expected dont, want, do, probe, interface or omit");
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
              "interval_us, multicast_ttl, interface, broadcast, no_loop, errors, mtu_discover, tos, ttl or start_us");
    EXPECT_EQ(error("[[port]]\n[[local]]\nprogram = 'udp-echo'\nto = '10.0.0.2'\n"),
              "scenario.toml:4:1: found unknown key 'local.0.to', expected program, address, port, group, tos, ttl or "
              "start_us");
    EXPECT_EQ(error("local = 3\n[[port]]\n"), "scenario.toml:1:9: found local = 3, expected tables [[local]]");
}

}  // namespace
}  // namespace turnpike::config
