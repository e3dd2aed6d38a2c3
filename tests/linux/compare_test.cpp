// SPDX-License-Identifier: Apache-2.0
#include "cli/diff/compare.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "cli/diff/report.h"
#include "tests/linux/frames.h"

namespace turnpike::diff {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;
using Frames = std::vector<FrameBytes>;
using Rules = config::CompareConfig;
using Kind = Difference::Kind;

PortResult compare(const Frames& ours, const Frames& theirs, const Rules& rules = {}) {
    return compare_outputs({ours}, {theirs}, facts_of({{"eth1", {}}}, rules, {})).front();
}

Rules with_order(const std::string& order) {
    Rules rules;
    rules.order = order;
    return rules;
}

TEST(Compare, EqualOutputsAreEqual) {
    const Frames frames{udp_frame(1), udp_frame(2), echo_frame(1, 1)};
    const PortResult result = compare(frames, frames);
    EXPECT_TRUE(result.equal());
    EXPECT_EQ(result.matched, 3u);
    EXPECT_EQ(summary(result), "eth1: 3 frames, equal");
}

TEST(Compare, NothingEqualsNothing) { EXPECT_TRUE(compare({}, {}).equal()); }

TEST(Compare, OneChangedByteIsNamedByItsFieldAndMarked) {
    const Frames theirs{udp_frame(1), udp_frame(2), udp_frame(3)};
    Frames ours = theirs;
    ours[1][22] = 62;
    const PortResult result = compare(ours, theirs);
    ASSERT_FALSE(result.equal());
    EXPECT_EQ(result.first->kind, Kind::changed);
    EXPECT_EQ(result.first->ours->index, 1u);
    EXPECT_EQ(result.first->theirs->index, 1u);
    EXPECT_THAT(result.first->fields, ElementsAre("ip.ttl"));
    const std::string text = explain(result, {ours}, {theirs}, "linux");
    EXPECT_THAT(text, HasSubstr("eth1: a frame differs in ip.ttl\n"));
    EXPECT_THAT(text, HasSubstr("linux frame 1: 10.0.0.2 > 10.0.1.2 udp 99 > 2222, ttl 63"));
    EXPECT_THAT(text, HasSubstr("turnpike frame 1: 10.0.0.2 > 10.0.1.2 udp 99 > 2222, ttl 62"));
    EXPECT_THAT(text, HasSubstr("0010  00 3a 00 02 00 00*3f 11"));
    EXPECT_THAT(text, HasSubstr("0010  00 3a 00 02 00 00*3e 11"));
}

TEST(Compare, AChangedPortNumberIsStillShownAsAChangeOfOneFrame) {
    const Frames theirs{udp_frame(1), udp_frame(2)};
    Frames ours = theirs;
    ours[0][35] = 1;
    const PortResult result = compare(ours, theirs);
    ASSERT_FALSE(result.equal());
    EXPECT_EQ(result.first->kind, Kind::changed);
    EXPECT_THAT(result.first->fields, ElementsAre("udp.srcport"));
}

TEST(Compare, SeveralFieldsAreListedInFrameOrder) {
    Frames ours{udp_frame(1)};
    ours[0][0] ^= 0xFF;
    ours[0][24] ^= 0xFF;
    ours[0].push_back(1);
    EXPECT_THAT(compare(ours, {udp_frame(1)}).first->fields, ElementsAre("eth.dst", "ip.csum", "length"));
}

TEST(Compare, AFrameThatTurnpikeDidNotSendIsMissing) {
    const PortResult result = compare({udp_frame(1)}, {udp_frame(1), echo_frame(9, 1)});
    ASSERT_FALSE(result.equal());
    EXPECT_EQ(result.first->kind, Kind::missing);
    EXPECT_EQ(result.first->theirs->index, 1u);
    EXPECT_EQ(summary(result), "eth1: 1 frames, reference 2, 1 alike: different");
}

TEST(Compare, AFrameThatOnlyTurnpikeSentIsExtra) {
    const PortResult result = compare({udp_frame(1), udp_frame(1)}, {udp_frame(1)});
    ASSERT_FALSE(result.equal());
    EXPECT_EQ(result.first->kind, Kind::extra);
    EXPECT_EQ(result.first->ours->index, 1u);
}

TEST(Compare, OrderInsideAFlowCounts) {
    const PortResult result =
        compare({udp_frame(1), udp_frame(3), udp_frame(2)}, {udp_frame(1), udp_frame(2), udp_frame(3)});
    ASSERT_FALSE(result.equal());
    EXPECT_EQ(result.first->kind, Kind::order);
    EXPECT_EQ(result.first->theirs->index, 1u);
    EXPECT_EQ(result.matched, 3u);
}

TEST(Compare, OrderAcrossFlowsDoesNotCount) {
    const Frames ours{udp_frame(1, 10), udp_frame(2, 11), udp_frame(3, 10)};
    const Frames theirs{udp_frame(2, 11), udp_frame(1, 10), udp_frame(3, 10)};
    EXPECT_TRUE(compare(ours, theirs).equal());
}

TEST(Compare, OrderOfThePortMakesOrderAcrossFlowsCount) {
    const Frames ours{udp_frame(1, 10), udp_frame(2, 11)};
    const Frames theirs{udp_frame(2, 11), udp_frame(1, 10)};
    EXPECT_FALSE(compare(ours, theirs, with_order("port")).equal());
    EXPECT_TRUE(compare(ours, theirs, with_order("none")).equal());
}

TEST(Compare, ZeroPaddingUpToSixtyBytesIsForgiven) {
    Frames ours{echo_frame(1, 1)};
    ours[0].resize(60);
    EXPECT_TRUE(compare(ours, {echo_frame(1, 1)}).equal());
    Rules rules;
    rules.pad = false;
    EXPECT_FALSE(compare(ours, {echo_frame(1, 1)}, rules).equal());
}

TEST(Compare, PaddingThatIsNotZeroOrTooLongIsNotForgiven) {
    Frames ours{echo_frame(1, 1)};
    ours[0].resize(60);
    ours[0][50] = 7;
    EXPECT_FALSE(compare(ours, {echo_frame(1, 1)}).equal());
    ours[0][50] = 0;
    ours[0].resize(61);
    EXPECT_FALSE(compare(ours, {echo_frame(1, 1)}).equal());
}

TEST(Compare, ZerosOfThePacketItselfAreNotPadding) {
    TestFrame longer = udp_frame(1, 99, 4);
    longer[45] = 0;  // the packet's last byte
    TestFrame shorter = longer;
    shorter.pop_back();
    EXPECT_FALSE(compare({shorter}, {longer}).equal());
}

TEST(Compare, Ipv6AndLldpAreIgnored) {
    TestFrame ipv6(60), lldp(60);
    ipv6[12] = 0x86, ipv6[13] = 0xDD;
    lldp[12] = 0x88, lldp[13] = 0xCC;
    const PortResult result = compare({ipv6, udp_frame(1)}, {udp_frame(1), lldp});
    EXPECT_TRUE(result.equal());
    EXPECT_EQ(result.ours, 1u);
}

TEST(HexDump, LinesBeyondTheHeadersAreShownOnlyWhereTheyDiffer) {
    TestFrame frame(400, 0x11);
    TestFrame other = frame;
    other[300] = 0x22;
    const std::string text = hex_dump(frame, other);
    EXPECT_THAT(text, HasSubstr("    0070 "));
    EXPECT_THAT(text, Not(HasSubstr("    0080 ")));
    EXPECT_THAT(text, HasSubstr("    ...\n    0120  11 11 11 11 11 11 11 11 11 11 11 11*11"));
}

}  // namespace
}  // namespace turnpike::diff
