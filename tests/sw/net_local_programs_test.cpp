// SPDX-License-Identifier: Apache-2.0
// Programs of [[local]] sections: senders and members of groups, and what those tell that ask for errors.
#include "tests/sw/net_recverr.h"

namespace fw::test {
namespace {

class LocalPrograms : public Errors {
  protected:
    LocalPrograms() {
        arguments.program = rc::LOCAL_SENDER;
        arguments.protocol = wire::IPPROTO_UDP;
        arguments.remote = kHost;
        arguments.remote_port = 9;
        arguments.count = 1;
        arguments.bytes = 10;
        arguments.interval_us = 1000;
        arguments.mc_ttl = 1;
    }
    void start() {
        native::run_program([this] { user::local_program(&arguments); });
    }
    user::Arguments arguments;
};

TEST_F(LocalPrograms, TheSenderSendsAtItsTimes) {
    arguments.count = 3;
    arguments.start_us = 5000;
    start();
    native::advance(4999);
    EXPECT_TRUE(packets_sent().empty());
    for (unsigned n = 0; n < 3; ++n) {
        native::advance(n == 0 ? 1 : 1000);
        EXPECT_EQ(packets_sent().size(), 1u);
    }
    native::advance(kSec);
    EXPECT_TRUE(packets_sent().empty());
}

TEST_F(LocalPrograms, BroadcastsNeedTheirFlag) {
    arguments.remote = ip4(10, 0, 0, 255);
    start();
    EXPECT_TRUE(packets_sent().empty());
    arguments.flags = rc::LOCAL_F_BROADCAST;
    start();
    EXPECT_EQ(packets_sent().size(), 1u);
}

TEST_F(LocalPrograms, WhatGoesToAGroupHasItsOwnTtlAndInterface) {
    arguments.remote = ip4(239, 1, 1, 1);
    arguments.ttl = 64;
    arguments.mc_ttl = 7;
    arguments.ifindex = port(kEth1)->ifindex;
    arguments.flags = rc::LOCAL_F_NO_LOOP;
    start();
    ASSERT_EQ(sent().size(), 1u);
    EXPECT_EQ(sent()[0].ifindex, port(kEth1)->ifindex);
    const auto packets = packets_sent();
    EXPECT_EQ(packets[0][8], 7);
    EXPECT_EQ(wire::get32(&packets[0][12]), ip4(10, 0, 1, 1));
}

TEST_F(LocalPrograms, AConnectedSenderLosesADatagramToTheErrorAboutTheOneBefore) {
    arguments.count = 3;
    arguments.flags = rc::LOCAL_F_CONNECT;
    start();
    icmp_about_last(3, 3);
    native::advance(1000);
    EXPECT_TRUE(packets_sent().empty());
    native::advance(1000);
    EXPECT_EQ(packets_sent().size(), 1u);
    EXPECT_EQ(native::machine().console, "");
}

TEST_F(LocalPrograms, ErrorsAreToldWhereTheyAreAskedFor) {
    arguments.count = 2;
    arguments.bytes = 1400;
    arguments.flags = rc::LOCAL_F_ERRORS;
    arguments.mtu_discover = 1 + 2;  // IP_PMTUDISC_DO
    start();
    icmp_about_last(3, 4, 1000);
    native::advance(2 * kSec);
    EXPECT_TRUE(packets_sent().empty()) << "the second does not fit the path";
    EXPECT_EQ(native::machine().console, "error 90 from 10.0.0.2: icmp type 3 code 4 info 1000\nerror 90 info 1000\n");
}

TEST_F(LocalPrograms, PingTellsWhoRefused) {
    arguments.program = rc::LOCAL_PING;
    arguments.flags = rc::LOCAL_F_ERRORS;
    arguments.echo_id = 0x1234;
    start();
    auto packets = packets_sent();
    ASSERT_EQ(packets.size(), 1u);
    EXPECT_EQ(wire::get16(&packets[0][24]), 0x1234);
    icmp_about(packets[0], 3, 1);
    native::advance(5 * kSec);
    EXPECT_EQ(native::machine().console,
              "error 113 from 10.0.0.2: icmp type 3 code 1\n1 packets transmitted, 0 received\n");
}

TEST_F(LocalPrograms, AServiceIsInItsGroupFromWhenItJoinsToWhenItLeaves) {
    arguments = {};
    arguments.program = rc::LOCAL_DISCARD;
    arguments.protocol = wire::IPPROTO_UDP;
    arguments.port = 9;
    arguments.group = ip4(239, 1, 1, 1);
    arguments.ifindex = port(kEth0)->ifindex;
    arguments.join_us = 2000;
    arguments.leave_us = 5'000'000;
    start();
    native::advance(1000);
    EXPECT_TRUE(packets_sent().empty());
    native::advance(3 * kSec);
    auto reports = packets_sent();
    ASSERT_FALSE(reports.empty());
    // RFC 3376 4.2: version 3, one record of change to exclude mode for the group.
    EXPECT_EQ(reports[0][24], 0x22);
    EXPECT_EQ(reports[0][32], 4);
    EXPECT_EQ(wire::get32(&reports[0][36]), ip4(239, 1, 1, 1));
    native::advance(5 * kSec);
    reports = packets_sent();
    ASSERT_FALSE(reports.empty());
    EXPECT_EQ(reports[0][32], 3) << "change to include mode: it has left";
}

}  // namespace
}  // namespace fw::test
