// SPDX-License-Identifier: Apache-2.0
#include "cli/diff/linux_router.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <net/if.h>
#include <unistd.h>

#include <fstream>

#include "cli/diff/process.h"
#include "tests/linux/frames.h"

namespace turnpike::diff {
namespace {

using namespace std::chrono_literals;
using testing::HasSubstr;

const std::vector<LinuxPort> kPorts{{"eth0", "02:00:00:00:00:01", 1500}, {"eth1", "02:00:00:00:01:01", 1500}};
constexpr const char* kScript =
    "# two networks\n"
    "ip link set eth0 up\n"
    "ip addr add 10.0.0.1/24 dev eth0\n"
    "ip link set eth1 up\n"
    "ip addr add 10.0.1.1/24 \\\n"
    "  dev eth1\n"
    "ip neigh add 10.0.1.2 lladdr 02:00:00:0b:01:02 dev eth1 nud permanent\n"
    "sysctl -w net.ipv4.ip_forward=1\n";

class LinuxRouterTest : public testing::Test {
  protected:
    void SetUp() override {
        if (geteuid() != 0) GTEST_SKIP() << "network namespaces need root";
        try {
            const NetNamespace probe;
        } catch (const EnvironmentError& error) {
            GTEST_SKIP() << error.what();
        }
    }
    std::filesystem::path script(const std::string& text) {
        auto file = directory_.path() / "router.sh";
        std::ofstream(file) << text;
        return file;
    }

  private:
    TemporaryDirectory directory_;
};

/// As it arrives at eth0: to the router's MAC, TTL 64, the checksum of RFC 1071 worked out by hand:
/// 4500+003a+0001+0000+4011+0a00+0002+0a00+0102 = 9a50, its complement 65af.
TestFrame arriving() {
    TestFrame frame = udp_frame(1);
    const TestFrame macs{0x02, 0, 0, 0, 0, 0x01, 0x02, 0, 0, 0x0a, 0, 0x02};
    std::copy(macs.begin(), macs.end(), frame.begin());
    frame[22] = 64;
    frame[24] = 0x65, frame[25] = 0xAF;
    return frame;
}

/// As it leaves eth1: TTL 63, so the checksum is 0100 more.
TestFrame leaving() {
    TestFrame frame = udp_frame(1);
    frame[24] = 0x66, frame[25] = 0xAF;
    return frame;
}

TEST_F(LinuxRouterTest, AForwardedFrameLeavesTheOtherPort) {
    LinuxRouter router(kPorts);
    router.configure(script(kScript));
    const FrameBytes frame = arriving();
    const LinuxRun run = router.run({{0ms, 0, &frame}, {1ms, 0, &frame}}, 300ms);
    EXPECT_TRUE(run.sent[0].empty());
    ASSERT_EQ(run.sent[1].size(), 2u);
    EXPECT_EQ(run.sent[1][0].frame, leaving());
    EXPECT_EQ(run.refused, 0u);
}

TEST_F(LinuxRouterTest, FramesShorterThanAHeaderAreCountedAsRefused) {
    LinuxRouter router(kPorts);
    router.configure(script(kScript));
    const FrameBytes runt(13);
    EXPECT_EQ(router.run({{0ms, 0, &runt}}, 1ms).refused, 1u);
}

TEST_F(LinuxRouterTest, ARefusedCommandIsToldWithFileAndLine) {
    LinuxRouter router(kPorts);
    const auto file = script("ip link set eth0 up\n\nip link set eth7 up\n");
    try {
        router.configure(file);
        FAIL() << "eth7 does not exist";
    } catch (const EnvironmentError& error) {
        EXPECT_THAT(error.what(), HasSubstr(file.string() + ":3: Linux refuses 'ip link set eth7 up'"));
        EXPECT_THAT(error.what(), HasSubstr("Cannot find device \"eth7\""));
    }
}

TEST_F(LinuxRouterTest, NothingIsLeftInTheMachinesOwnNamespace) {
    const auto count = [] {
        struct if_nameindex* all = if_nameindex();
        unsigned interfaces = 0;
        for (const auto* each = all; each->if_index != 0; ++each) ++interfaces;
        if_freenameindex(all);
        return interfaces;
    };
    const unsigned before = count();
    {
        LinuxRouter router(kPorts);
        EXPECT_EQ(count(), before);
    }
    EXPECT_EQ(count(), before);
}

TEST_F(LinuxRouterTest, PortsStartDownWithoutAddressesAndForwardNothing) {
    LinuxRouter router(kPorts);
    router.configure(
        script("test \"$(ip -4 -o addr show dev eth0)\" = ''\n"
               "ip -o link show eth0 | grep -q 'state DOWN'\n"
               "test $(cat /proc/sys/net/ipv4/ip_forward) = 0\n"
               "test $(cat /proc/sys/net/ipv4/icmp_ratelimit) = 0\n"
               "test $(cat /proc/sys/net/ipv4/conf/eth0/accept_source_route) = 1\n"
               "test $(cat /proc/sys/net/ipv4/conf/all/accept_source_route) = 0\n"));
}

}  // namespace
}  // namespace turnpike::diff
