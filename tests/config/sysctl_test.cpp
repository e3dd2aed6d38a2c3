// SPDX-License-Identifier: Apache-2.0
// sysctl(8) as procps has it; ranges as Documentation/networking/ip-sysctl.rst gives them.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/config/message_bytes.h"

namespace turnpike::config {
namespace {

using regs::config::SysctlId;

Message sysctl(SysctlId id, std::uint32_t ifindex, std::uint64_t value) {
    return Bytes().u32(static_cast<std::uint32_t>(id)).u32(ifindex).u64(value).type(17);
}

TEST(Sysctl, DotsAndSlashesSeparate) {
    const Message expected = sysctl(SysctlId::ip_forward, 0, 1);
    for (const char* text : {"sysctl -w net.ipv4.ip_forward=1", "sysctl -w net/ipv4/ip_forward=1",
                             "sysctl -qw net.ipv4.ip_forward=1", "sysctl net.ipv4.ip_forward=1",
                             "sysctl -w 'net.ipv4.ip_forward = 1'", "sysctl --write net.ipv4.ip_forward=0x1"}) {
        EXPECT_EQ(message_of(text), expected) << text;
    }
}

TEST(Sysctl, InterfacesAreAllDefaultOrOneByName) {
    EXPECT_EQ(message_of("sysctl -w net.ipv4.conf.all.forwarding=1"), sysctl(SysctlId::forwarding, 0xFFFFFFFE, 1));
    EXPECT_EQ(message_of("sysctl -w net.ipv4.conf.default.forwarding=0"), sysctl(SysctlId::forwarding, 0xFFFFFFFF, 0));
    EXPECT_EQ(message_of("sysctl -w net.ipv4.conf.eth1.forwarding=1"), sysctl(SysctlId::forwarding, 3, 1));
    EXPECT_EQ(message_of("sysctl -w net/ipv4/conf/lo/forwarding=1"), sysctl(SysctlId::forwarding, 1, 1));
}

TEST(Sysctl, ADotInAnInterfaceNameIsASlashAmongDots) {
    const auto commands =
        parse_router_script(
            "r", "sysctl -w net.ipv4.conf.eth0/7.forwarding=1\nsysctl -w net/ipv4/conf/eth0.7/forwarding=1", {"eth0.7"})
            .commands;
    ASSERT_EQ(commands.size(), 2u);
    EXPECT_EQ(commands[0].messages[0], sysctl(SysctlId::forwarding, 2, 1));
    EXPECT_EQ(commands[1].messages[0], sysctl(SysctlId::forwarding, 2, 1));
}

TEST(Sysctl, SeveralAssignmentsAreSeveralMessages) {
    const auto commands = parse("sysctl -w net.ipv4.ip_forward=1 net.ipv4.ip_default_ttl=63");
    ASSERT_EQ(commands.size(), 1u);
    ASSERT_EQ(commands[0].messages.size(), 2u);
    EXPECT_EQ(commands[0].messages[0], sysctl(SysctlId::ip_forward, 0, 1));
    EXPECT_EQ(commands[0].messages[1], sysctl(SysctlId::ip_default_ttl, 0, 63));
}

TEST(Sysctl, PrintkHasFourLevelsOfWhichTheFirstIsTheConsoles) {
    EXPECT_EQ(message_of("sysctl -w kernel.printk=7"), sysctl(SysctlId::printk, 0, 7));
    const auto commands = parse("sysctl -w kernel.printk='7 5 2 6'");
    EXPECT_THAT(commands[0].messages,
                testing::ElementsAre(sysctl(SysctlId::printk, 0, 7), sysctl(SysctlId::printk_default_message, 0, 5),
                                     sysctl(SysctlId::printk_minimum, 0, 2), sysctl(SysctlId::printk_default, 0, 6)));
    EXPECT_EQ(
        error_of("sysctl -w 'kernel.printk=7 4 1 7 5'"),
        "router.sh:1:11: found 'kernel.printk=7 4 1 7 5', expected at most 4 numbers of kernel.printk from 0 to 8");
}

TEST(Sysctl, ARangeIsTwoNumbers) {
    const auto commands = parse("sysctl -w net.ipv4.ip_local_port_range='1024\t2000'");
    ASSERT_EQ(commands[0].messages.size(), 2u);
    EXPECT_EQ(commands[0].messages[0], sysctl(SysctlId::ip_local_port_first, 0, 1024));
    EXPECT_EQ(commands[0].messages[1], sysctl(SysctlId::ip_local_port_last, 0, 2000));
    EXPECT_EQ(message_of("sysctl -w net.ipv4.ip_local_port_range=1024"),
              sysctl(SysctlId::ip_local_port_first, 0, 1024));
    EXPECT_EQ(error_of("sysctl -w 'net.ipv4.ip_local_port_range=2000 1024'"),
              "router.sh:1:11: found 'net.ipv4.ip_local_port_range=2000 1024', expected a rising range");
}

TEST(Sysctl, NegativeNumbers) {
    EXPECT_EQ(message_of("sysctl -w net.ipv4.rt_cache_rebuild_count=-1"),
              sysctl(SysctlId::rt_cache_rebuild_count, 0, ~0ULL));
}

TEST(Sysctl, UnknownNamesAndDevicesDoNotExist) {
    EXPECT_EQ(error_of("sysctl -w net.ipv4.foo=1")
                  .find("router.sh:1:11: cannot stat /proc/sys/net/ipv4/foo: No such "
                        "file or directory, expected one of net.ipv4.ip_forward"),
              0u);
    EXPECT_EQ(error_of("sysctl -w net.ipv4.conf.eth9.forwarding=1")
                  .find("router.sh:1:11: cannot stat /proc/sys/net/ipv4/conf/eth9/forwarding: No such file"),
              0u);
}

TEST(Sysctl, NeighbourParametersHaveNoAll) {
    EXPECT_EQ(message_of("sysctl -w net.ipv4.neigh.default.mcast_solicit=2"),
              sysctl(SysctlId::neigh_mcast_solicit, 0xFFFFFFFF, 2));
    EXPECT_EQ(error_of("sysctl -w net.ipv4.neigh.all.mcast_solicit=2")
                  .find("router.sh:1:11: cannot stat /proc/sys/net/ipv4/neigh/all/mcast_solicit: No such file"),
              0u);
}

TEST(Sysctl, ValuesOutsideTheirRangeAreErrors) {
    EXPECT_EQ(error_of("sysctl -w net.ipv4.icmp_ratemask=2147483648"),
              "router.sh:1:11: found 'net.ipv4.icmp_ratemask=2147483648', expected net.ipv4.icmp_ratemask from "
              "-2147483648 to "
              "2147483647");
    const std::string expected =
        "router.sh:1:11: found 'net.ipv4.ip_default_ttl=%', expected net.ipv4.ip_default_ttl "
        "from 1 to 255";
    for (const char* value : {"0", "256", "abc", "", "-1", "64 5", "99999999999999999999"}) {
        std::string text = expected;
        text.replace(text.find('%'), 1, value);
        EXPECT_EQ(error_of(std::string("sysctl -w 'net.ipv4.ip_default_ttl=") + value + "'"), text);
    }
}

TEST(Sysctl, WhatNothingHereDependsOnIsTakenWithinLinuxsRanges) {
    for (const char* text : {"net.ipv4.tcp_sack=0", "net.ipv4.conf.all.disable_policy=1", "net.ipv4.conf.eth0.tag=-5",
                             "net.ipv4.neigh.eth1.interval_probe_time_ms=10", "net.ipv4.tcp_rmem='4096 87380 100000'",
                             "net.ipv4.ping_group_range='0 5'", "net.ipv6.conf.all.disable_ipv6=1",
                             "net.core.somaxconn=0x80", "net.ipv4.tcp_congestion_control=reno"}) {
        const auto commands = parse(std::string("sysctl -w ") + text);
        ASSERT_EQ(commands.size(), 1u) << text;
        EXPECT_TRUE(commands[0].messages.empty()) << text;
    }
    EXPECT_TRUE(parse("echo 1 > /proc/sys/net/ipv4/ip_dynaddr")[0].messages.empty());
    EXPECT_EQ(error_of("sysctl -w net.ipv4.tcp_sack=256"),
              "router.sh:1:11: found 'net.ipv4.tcp_sack=256', expected net.ipv4.tcp_sack from 0 to 255");
    EXPECT_EQ(error_of("sysctl -w 'net.ipv4.tcp_sack=1 1'"),
              "router.sh:1:11: found 'net.ipv4.tcp_sack=1 1', expected net.ipv4.tcp_sack from 0 to 255");
    EXPECT_EQ(error_of("sysctl -w 'net.ipv4.ping_group_range=1 2 3'"),
              "router.sh:1:11: found 'net.ipv4.ping_group_range=1 2 3', expected at most 2 numbers of "
              "net.ipv4.ping_group_range from 0 to 4294967294");
    EXPECT_EQ(error_of("sysctl -w net.ipv4.tcp_congestion_control=vegas"),
              "router.sh:1:11: found 'net.ipv4.tcp_congestion_control=vegas', expected reno, cubic or bbr");
    EXPECT_EQ(error_of("sysctl -w net.ipv4.neigh.all.interval_probe_time_ms=10")
                  .find("router.sh:1:11: cannot stat /proc/sys/net/ipv4/neigh/all/interval_probe_time_ms"),
              0u);
    EXPECT_EQ(error_of("sysctl -w net.ipv4.conf.eth7.tag=1").find("router.sh:1:11: cannot stat"), 0u);
    EXPECT_EQ(error_of("sysctl -w net.ipv6.conf.all.disable_ipv6=0"),
              "router.sh:1:11: found 'net.ipv6.conf.all.disable_ipv6=0', expected net.ipv6.conf.*.disable_ipv6 from 1 "
              "to 1");
}

TEST(Sysctl, WhatIsReadOnlyIsPassedOverBySysctlAndRefusedToAShell) {
    EXPECT_TRUE(parse("sysctl -w net.ipv4.conf.all.mc_forwarding=1")[0].messages.empty());
    EXPECT_EQ(error_of("echo 1 > /proc/sys/net/ipv4/conf/all/mc_forwarding"),
              "router.sh:1:10: cannot create /proc/sys/net/ipv4/conf/all/mc_forwarding: Permission denied");
}

TEST(Sysctl, WhatIsNotAnAssignmentIsAnError) {
    EXPECT_EQ(error_of("sysctl -w net.ipv4.ip_forward"),
              "router.sh:1:11: found 'net.ipv4.ip_forward', expected key=value");
    EXPECT_EQ(error_of("sysctl -w"), "router.sh:1: found the end of the command, expected sysctl -w key=value");
    EXPECT_EQ(error_of("sysctl -p"),
              "router.sh:1:8: not supported by this version: found '-p', expected sysctl -w key=value");
}

TEST(Echo, WritesAFileBelowProcSys) {
    const Message expected = sysctl(SysctlId::ip_forward, 0, 1);
    for (const char* text :
         {"echo 1 > /proc/sys/net/ipv4/ip_forward", "echo -n 1 >/proc/sys/net/ipv4/ip_forward",
          "echo \"1\" > '/proc/sys/net/ipv4/ip_forward'", "echo 0x1 > /proc/sys/net/ipv4/ip_forward # on"}) {
        EXPECT_EQ(message_of(text), expected) << text;
    }
    EXPECT_EQ(message_of("echo 2 > /proc/sys/net/ipv4/conf/eth1/rp_filter"), sysctl(SysctlId::rp_filter, 3, 2));
    EXPECT_EQ(parse("echo 7 4 1 7 > /proc/sys/kernel/printk")[0].messages.size(), 4u);
    EXPECT_EQ(parse("echo 1024 2000 > /proc/sys/net/ipv4/ip_local_port_range")[0].messages.size(), 2u);
}

TEST(Echo, WhatIsNoSuchWriteIsAnError) {
    EXPECT_EQ(error_of("echo hello"),
              "router.sh:1: found the end of the command, expected > /proc/sys/… behind the value");
    EXPECT_EQ(error_of("echo 1 >"), "router.sh:1: found the end of the command, expected a file below /proc/sys");
    EXPECT_EQ(error_of("echo 1 > /tmp/x"), "router.sh:1:10: found '/tmp/x', expected a file below /proc/sys");
    EXPECT_EQ(error_of("echo 1 > /proc/sys/net/ipv4/ip_forward 2"),
              "router.sh:1:40: found '2', expected the end of the command");
    EXPECT_EQ(error_of("echo > /proc/sys/net/ipv4/ip_forward"),
              "router.sh:1:8: found '/proc/sys/net/ipv4/ip_forward', expected net.ipv4.ip_forward from 0 to 1");
    EXPECT_EQ(error_of("echo 1 > /proc/sys/net/ipv4/foo")
                  .find("router.sh:1:10: cannot stat /proc/sys/net/ipv4/foo: No such file or directory"),
              0u);
    EXPECT_EQ(error_of("ip link set eth0 up > x"),
              "router.sh:1:21: found '>', expected one plain command a line: shell syntax is not run");
}

}  // namespace
}  // namespace turnpike::config
