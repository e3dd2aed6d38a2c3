// SPDX-License-Identifier: Apache-2.0
#include "cli/diff/counters.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>

#include "cli/diff/process.h"

namespace turnpike::diff {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

class CountersTest : public testing::Test {
  protected:
    std::filesystem::path file(const std::string& text) {
        const auto path = directory_.path() / "counters.json";
        std::ofstream(path) << text;
        return path;
    }

  private:
    TemporaryDirectory directory_;
};

TEST_F(CountersTest, WhatIsZeroMayBeMissing) {
    EXPECT_THAT(counter_differences({{{"IpInReceives", 0}}, {}}, {}, "linux"), IsEmpty());
}

TEST_F(CountersTest, EachDifferenceIsNamed) {
    const Counters ours{{{"IpInReceives", 13}, {"IcmpMsgInType8", 1}}, {{"eth0", {{"rx_packets", 4}}}}};
    const Counters theirs{{{"IpInReceives", 12}, {"IcmpMsgInType8", 1}, {"TcpOutRsts", 2}},
                          {{"eth0", {{"rx_packets", 5}}}}};
    EXPECT_THAT(counter_differences(ours, theirs, "linux"),
                ElementsAre("IpInReceives: turnpike 13, linux 12", "TcpOutRsts: turnpike 0, linux 2",
                            "eth0 rx_packets: turnpike 4, linux 5"));
}

TEST_F(CountersTest, SettingsOtherGroupsAndOctetsAreNotCompared) {
    const Counters theirs{{{"IpForwarding", 1},
                           {"IpExtInOctets", 28},
                           {"TcpExtSyncookiesSent", 1},
                           {"Ip6InReceives", 3},
                           {"TcpMaxConn", 9}},
                          {}};
    EXPECT_THAT(counter_differences({}, theirs, "linux"), IsEmpty());
}

TEST_F(CountersTest, OnlyWhatTheRunCountedIsLeft) {
    const Counters counted = counted_between({{{"IpInReceives", 3}}, {{"eth0", {{"tx_packets", 1}}}}},
                                             {{{"IpInReceives", 8}}, {{"eth0", {{"tx_packets", 5}}}}});
    EXPECT_EQ(counted.nstat.at("IpInReceives"), 5u);
    EXPECT_EQ(counted.ports.at("eth0").at("tx_packets"), 4u);
}

TEST_F(CountersTest, PortsOfAGroupCountAsOne) {
    const Counters counters{
        {}, {{"eth1", {{"tx_packets", 2}}}, {"eth2", {{"tx_packets", 5}}}, {"eth3", {{"tx_packets", 9}}}}};
    const Counters grouped = with_groups(counters, {{"eth1", "eth2"}});
    EXPECT_EQ(grouped.ports.at("eth1").at("tx_packets"), 7u);
    EXPECT_FALSE(grouped.ports.contains("eth2"));
    EXPECT_EQ(grouped.ports.at("eth3").at("tx_packets"), 9u);
}

TEST_F(CountersTest, ARecordingIsReadBack) {
    const auto path = file("");
    write_recorded_counters({{{"IpInReceives", 5}, {"IpForwarding", 1}}, {{"eth0", {{"rx_packets", 5}}}}}, path);
    const Counters read = read_recorded_counters(path);
    EXPECT_EQ(read.nstat, (std::map<std::string, std::uint64_t>{{"IpInReceives", 5}}));
    EXPECT_EQ(read.ports.at("eth0").at("rx_packets"), 5u);
}

TEST_F(CountersTest, AFileWithoutCountersIsAnErrorThatNamesIt) {
    const auto wants = [](const auto& read, const std::string& text) {
        try {
            read();
            FAIL() << "expected an error";
        } catch (const EnvironmentError& error) {
            EXPECT_THAT(error.what(), HasSubstr(text));
        }
    };
    wants([&] { return read_recorded_counters(file("not json")); }, "found no JSON object");
    wants([&] { return read_recorded_counters(file("{}")); }, "expected 'mib' and 'ports'");
    wants([&] { return read_turnpike_counters(file("{\"firmware\": null}")); }, "found no counters of the firmware");
}

TEST(KernelCounters, AreNamedAsNstatNamesThem) {
    const Counters counters = read_kernel_counters();
    for (const char* name : {"IpInReceives", "IcmpInMsgs", "UdpNoPorts", "TcpOutRsts", "IpExtInNoRoutes"})
        EXPECT_TRUE(counters.nstat.contains(name)) << name;
    EXPECT_FALSE(counters.ports.contains("lo"));
}

}  // namespace
}  // namespace turnpike::diff
