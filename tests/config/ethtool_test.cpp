// SPDX-License-Identifier: Apache-2.0
// ethtool(8) on the ports, and `ip mroute`.
#include <gtest/gtest.h>

#include "tests/config/message_bytes.h"

namespace turnpike::config {
namespace {

struct Settings {
    std::uint32_t change = 0, rx_pending = 0, tx_pending = 0, rx_usecs = 0, tx_usecs = 0, combined = 0;
    std::uint32_t features = 0, features_change = 0;
    std::uint8_t udp_ports = 0;
};

Message ethtool(const Settings& s) {
    Bytes bytes;
    bytes.u32(2).u32(s.change).u32(s.rx_pending).u32(s.tx_pending).u32(s.rx_usecs).u32(s.tx_usecs).u32(s.combined);
    return bytes.u32(s.features).u32(s.features_change).u8(s.udp_ports).zeros(3).type(23);
}

TEST(Ethtool, InterruptModerationAndRings) {
    EXPECT_EQ(message_of("ethtool -C eth0 rx-usecs 20"), ethtool({.change = 4, .rx_usecs = 20}));
    EXPECT_EQ(message_of("ethtool -C eth0 rx-usecs 20 tx-usecs 20"),
              ethtool({.change = 12, .rx_usecs = 20, .tx_usecs = 20}));
    EXPECT_EQ(message_of("ethtool --coalesce eth0 rx-usecs 0"), ethtool({.change = 4}));
    EXPECT_EQ(message_of("ethtool -G eth0 rx 256 tx 128"),
              ethtool({.change = 3, .rx_pending = 256, .tx_pending = 128}));
    EXPECT_EQ(message_of("ethtool --set-ring eth0 tx 64"), ethtool({.change = 2, .tx_pending = 64}));
}

TEST(Ethtool, PairsOfQueuesAndWhatTellsFlowsApart) {
    EXPECT_EQ(message_of("ethtool -L eth0 combined 4"), ethtool({.change = 16, .combined = 4}));
    EXPECT_EQ(message_of("ethtool --set-channels eth0 combined 16"), ethtool({.change = 16, .combined = 16}));
    EXPECT_EQ(message_of("ethtool -N eth0 rx-flow-hash udp4 sdfn"), ethtool({.change = 32, .udp_ports = 1}));
    EXPECT_EQ(message_of("ethtool --config-ntuple eth0 rx-flow-hash udp4 sd"), ethtool({.change = 32}));
}

TEST(Ethtool, ChecksumsCanBeSwitched) {
    EXPECT_EQ(message_of("ethtool -K eth0 rx on"), ethtool({.features = 1, .features_change = 1}));
    EXPECT_EQ(message_of("ethtool -K eth0 rx-checksumming off tx on gso off"),
              ethtool({.features = 2, .features_change = 3}));
    EXPECT_EQ(message_of("ethtool -K eth0 tx-checksumming off"), ethtool({.features_change = 2}));
}

TEST(Ethtool, WhatTheDriverDoesNotDoMayBeSwitchedOff) {
    EXPECT_EQ(message_of("ethtool -K eth0 tso off gso off gro off ntuple off"), ethtool({}));
    EXPECT_EQ(message_of("ethtool --offload eth0 large-receive-offload off"), ethtool({}));
    EXPECT_EQ(message_of("ethtool -A eth0 autoneg off rx off tx off"), ethtool({}));
    EXPECT_EQ(
        error_of("ethtool -K eth0 gro on"),
        "router.sh:1:21: not supported by this version: found 'on', expected off: the firmware's driver has no such "
        "thing");
}

TEST(Ethtool, WrongWordsAreNamed) {
    EXPECT_EQ(
        error_of("ethtool eth0"),
        "router.sh:1:9: not supported by this version: found 'eth0', expected -C NAME rx-usecs N tx-usecs N, "
        "-G NAME rx N tx N, -L NAME combined N, -K NAME FEATURE on|off, -N NAME rx-flow-hash udp4 sd|sdfn or -A NAME "
        "FEATURE off");
    EXPECT_EQ(error_of("ethtool -C eth9 rx-usecs 1"),
              "router.sh:1:12: Cannot find device \"eth9\", expected lo, eth0 or eth1");
    EXPECT_EQ(error_of("ethtool -C eth0"),
              "router.sh:1: found the end of the command, expected rx-usecs N or tx-usecs N");
    EXPECT_EQ(error_of("ethtool -C eth0 rx-frames 1"),
              "router.sh:1:17: not supported by this version: found 'rx-frames', expected rx-usecs N or tx-usecs N");
    EXPECT_EQ(error_of("ethtool -C eth0 tx-usecs 1023"),
              "router.sh:1:26: found '1023', expected microseconds from 0 to 1022");
    EXPECT_EQ(error_of("ethtool -C eth0 rx-usecs 1023"),
              "router.sh:1:26: found '1023', expected microseconds from 0 to 1022");
    EXPECT_EQ(error_of("ethtool -G eth0 rx 63"), "router.sh:1:20: found '63', expected descriptors from 64 to 4096");
    EXPECT_EQ(error_of("ethtool -G eth0 rx-mini 64"),
              "router.sh:1:17: not supported by this version: found 'rx-mini', expected rx N or tx N");
    for (const char* number : {"0", "17"})
        EXPECT_EQ(error_of(std::string("ethtool -L eth0 combined ") + number),
                  std::string("router.sh:1:26: found '") + number + "', expected queues from 1 to 16");
    EXPECT_EQ(error_of("ethtool -L eth0 rx 2"),
              "router.sh:1:17: not supported by this version: found 'rx', expected combined N");
    EXPECT_EQ(error_of("ethtool -L eth0 combined 2 rx 2"),
              "router.sh:1:28: found 'rx', expected the end of the command");
    EXPECT_EQ(error_of("ethtool -N eth0 flow-type udp4"),
              "router.sh:1:17: not supported by this version: found 'flow-type', expected rx-flow-hash");
    EXPECT_EQ(error_of("ethtool -N eth0 rx-flow-hash tcp4 sdfn"),
              "router.sh:1:30: not supported by this version: found 'tcp4', expected udp4");
    EXPECT_EQ(error_of("ethtool -N eth0 rx-flow-hash udp4 v"),
              "router.sh:1:35: not supported by this version: found 'v', expected sd or sdfn");
    EXPECT_EQ(error_of("ethtool -K eth0 rx"), "router.sh:1: found the end of the command, expected on or off");
    EXPECT_EQ(error_of("ethtool -K eth0 gro"), "router.sh:1: found the end of the command, expected off");
    EXPECT_EQ(error_of("ethtool -K eth0 gro maybe"), "router.sh:1:21: found 'maybe', expected on or off");
    EXPECT_EQ(
        error_of("ethtool -K eth0 loopback off"),
        "router.sh:1:17: not supported by this version: found 'loopback', expected rx, tx, sg, tso, ufo, gso, gro, "
        "lro, rxvlan, txvlan, ntuple or rxhash");
    EXPECT_EQ(error_of("ethtool -A eth0 foo off"),
              "router.sh:1:17: not supported by this version: found 'foo', expected autoneg, rx or tx");
}

TEST(IpMroute, AnEntryLeavesByItsOutputsAboveTheirTtl) {
    Bytes bytes;
    bytes.u32(0x0A000002).u32(0xE0010203).u32(2).u8(5).u8(0).u8(1).zeros(14).zeros(3);
    EXPECT_EQ(message_of("ip mroute add 10.0.0.2 224.1.2.3 iif eth0 oif eth1 oif lo:5"), bytes.type(21));
    EXPECT_EQ(message_of("ip mr a 10.0.0.2 224.1.2.3 iif eth0 oif lo:5 oif eth1:1"), bytes.type(21));
}

TEST(IpMroute, Deletion) {
    EXPECT_EQ(message_of("ip mroute del 0.0.0.0 224.1.2.3"), Bytes().u32(0).u32(0xE0010203).u32(0).type(22));
    EXPECT_EQ(message_of("ip mroute del 10.0.0.2 224.1.2.3 iif eth1"),
              Bytes().u32(0x0A000002).u32(0xE0010203).u32(3).type(22));
}

TEST(IpMroute, WrongWordsAreNamed) {
    EXPECT_EQ(error_of("ip mroute help"),
              "router.sh:1:11: not supported by this version: found 'help', expected add, del or show");
    EXPECT_EQ(error_of("ip mroute add 10.0.0.2"), "router.sh:1: found the end of the command, expected a group");
    EXPECT_EQ(error_of("ip mroute add 10.0.0.2 10.0.0.3 iif eth0 oif eth1"),
              "router.sh:1:24: found '10.0.0.3', expected a group, 224.0.0.0 to 239.255.255.255");
    EXPECT_EQ(error_of("ip mroute add 10.0.0.2 224.1.2.3 oif eth1"), "router.sh:1:34: found 'oif', expected iif NAME");
    EXPECT_EQ(error_of("ip mroute add 10.0.0.2 224.1.2.3 iif eth0"),
              "router.sh:1: found the end of the command, expected oif NAME or oif NAME:TTL");
    EXPECT_EQ(error_of("ip mroute add 10.0.0.2 224.1.2.3 iif eth0 dev eth1"),
              "router.sh:1:43: found 'dev', expected oif NAME or oif NAME:TTL");
    EXPECT_EQ(error_of("ip mroute add 10.0.0.2 224.1.2.3 iif eth0 oif eth9:2"),
              "router.sh:1:47: found 'eth9:2', expected lo, eth0 or eth1, with :TTL or without");
    for (const char* ttl : {"0", "256", "", "x"}) {
        EXPECT_EQ(
            error_of(std::string("ip mroute add 10.0.0.2 224.1.2.3 iif eth0 oif eth1:") + ttl),
            std::string("router.sh:1:47: found 'eth1:") + ttl + "', expected a TTL from 1 to 255 behind the colon");
    }
    EXPECT_EQ(error_of("ip mroute del 10.0.0.2 224.1.2.3 oif eth0"),
              "router.sh:1:34: found 'oif', expected iif NAME or the end of the command");
}

}  // namespace
}  // namespace turnpike::config
