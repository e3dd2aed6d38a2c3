// SPDX-License-Identifier: Apache-2.0
#include "cli/diff/groups.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "cli/diff/compare.h"
#include "tests/linux/frames.h"

namespace turnpike::diff {
namespace {

using testing::HasSubstr;
using Frames = std::vector<FrameBytes>;

constexpr config::Mac kMac1{0x02, 0, 0, 0, 1, 1}, kMac2{0x02, 0, 0, 0, 2, 1};

FrameBytes from(const config::Mac& mac, std::uint8_t last_of_destination) {
    FrameBytes frame = udp_frame(last_of_destination);
    frame[5] = mac[4];  // another neighbour on each port
    std::copy(mac.begin(), mac.end(), frame.begin() + 6);
    frame[33] = last_of_destination;
    return frame;
}

std::vector<PortResult> compare(const Output& ours, const Output& theirs, double share_min) {
    config::CompareConfig rules;
    rules.port_groups = {{"eth1", "eth2"}};
    rules.share_min = share_min;
    return compare_outputs(ours, theirs, facts_of({{"eth0", {}}, {"eth1", kMac1}, {"eth2", kMac2}}, rules, {}));
}

TEST(Groups, TheRoutersMaySpreadPairsOverTheGroupDifferently) {
    const auto results =
        compare({{}, {from(kMac1, 1)}, {from(kMac2, 2)}}, {{}, {from(kMac1, 2)}, {from(kMac2, 1)}}, 0.5);
    ASSERT_EQ(results.size(), 2u);
    EXPECT_EQ(results[1].port, "eth1+eth2");
    EXPECT_TRUE(results[0].equal());
    EXPECT_TRUE(results[1].equal());
}

TEST(Groups, ASourceMacThatIsNotThePortsOwnIsADifference) {
    EXPECT_FALSE(compare({{}, {from(kMac2, 1)}, {}}, {{}, {from(kMac1, 1)}, {}}, 0)[1].equal());
}

TEST(Groups, APairOfAddressesStaysOnOnePort) {
    const auto results =
        compare({{}, {from(kMac1, 1)}, {from(kMac2, 1)}}, {{}, {from(kMac1, 1), from(kMac1, 1)}, {}}, 0);
    ASSERT_FALSE(results[1].equal());
    EXPECT_THAT(results[1].first->fault, HasSubstr("10.0.0.2 > 10.0.1.1 leaves by eth1 and by eth2"));
}

TEST(Groups, EachPortHasItsShare) {
    const Output one_sided{{}, {from(kMac1, 1), from(kMac1, 2), from(kMac1, 3), from(kMac1, 4)}, {}};
    EXPECT_TRUE(compare(one_sided, one_sided, 0)[1].equal());
    const auto results = compare(one_sided, one_sided, 0.25);
    ASSERT_FALSE(results[1].equal());
    EXPECT_EQ(results[1].first->fault, "eth2 sends 0 of 4 frames, expected at least 1");
}

}  // namespace
}  // namespace turnpike::diff
