// SPDX-License-Identifier: Apache-2.0
// "#at" lines: commands that the firmware obeys during the run.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/run/program.h"

namespace turnpike::test {
namespace {

using testing::HasSubstr;

class Changes : public testing::Test {
  protected:
    Changes() : scenario(folder.path() / "s") {
        for (unsigned i = 0; i < 10; ++i)
            scenario.add(0, 500'000 + i * 1'000'000, UdpFrame{.id = static_cast<std::uint16_t>(i)}.bytes());
    }
    Result run() {
        scenario.write();
        return turnpike({"run", scenario.folder.string()});
    }
    std::uint64_t fate(const std::string& name) const {
        return read_json(scenario.folder / "out/stats.json")["frames_by_fate"].value(name, std::uint64_t{0});
    }
    TemporaryFolder folder;
    Scenario scenario;
};

TEST_F(Changes, ARouteThatGoesDuringTheRunTakesFramesUpToItsTime) {
    scenario.router += "#at 4ms ip route del 10.0.1.0/24\n";
    ASSERT_EQ(run().status, 0);
    EXPECT_EQ(fate("forwarded"), 4u);
    EXPECT_EQ(fate("no_route"), 6u);
}

TEST_F(Changes, EqualTimesAreObeyedInTheOrderOfTheLines) {
    scenario.router +=
        "#at 6ms ip route replace 10.0.1.0/24 dev eth1\n"
        "#at 4ms ip route del 10.0.1.0/24\n"
        "#at 4ms ip route add blackhole 10.0.1.0/24\n";
    ASSERT_EQ(run().status, 0);
    EXPECT_EQ(fate("forwarded"), 8u);
    EXPECT_EQ(fate("blackhole"), 2u);
}

TEST_F(Changes, AChangeAtZeroComesBeforeTheFirstFrame) {
    scenario.router += "#at 0us sysctl -w net.ipv4.ip_forward=0\n";
    ASSERT_EQ(run().status, 0);
    EXPECT_EQ(fate("forwarded"), 0u);
    EXPECT_EQ(fate("not_forwarding"), 10u);
}

TEST_F(Changes, TheRunGoesOnForItsDrainTimeAfterTheLastChange) {
    scenario.router += "#at 30ms ip route del 10.0.1.0/24\n";
    ASSERT_EQ(run().status, 0);
    EXPECT_EQ(read_json(scenario.folder / "out/stats.json")["simulated_ns"], 40e6);
}

TEST_F(Changes, ARefusedChangeNamesItsLineAndNothingMoreIsWritten) {
    scenario.router += "# a comment\n#at 4ms ip route del 10.9.0.0/16\n";
    const Result result = run();
    EXPECT_EQ(result.status, 2);
    EXPECT_THAT(result.err, HasSubstr("router.sh:9: 'ip route del 10.9.0.0/16': RTNETLINK answers: No such process"));
    EXPECT_FALSE(fs::exists(scenario.folder / "out/stats.json"));
}

}  // namespace
}  // namespace turnpike::test
