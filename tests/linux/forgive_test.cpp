// SPDX-License-Identifier: Apache-2.0
#include "cli/diff/forgive.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "cli/diff/checksum.h"
#include "cli/diff/compare.h"
#include "tests/linux/frames.h"

namespace turnpike::diff {
namespace {

using Frames = std::vector<FrameBytes>;
using Rules = config::CompareConfig;

PortResult compare(const Frames& ours, const Frames& theirs, const Rules& rules = {}, const Frames& input = {}) {
    return compare_outputs({ours}, {theirs}, facts_of({{"eth1", {}}}, rules, {input})).front();
}

/// RFC 768: addresses, protocol and length count too.
void make_udp_checksum(FrameBytes& frame, const Ipv4View& ip) {
    const std::size_t sum_at = ip.payload() + 6;
    put16(frame, sum_at, 0);
    const Bytes datagram = Bytes(frame).subspan(ip.payload(), ip.packet_end - ip.payload());
    const Bytes addresses = Bytes(frame).subspan(kIpSource, 8);
    FrameBytes all(addresses.begin(), addresses.end());
    all.insert(all.end(), {0, kUdp, datagram[4], datagram[5]});
    all.insert(all.end(), datagram.begin(), datagram.end());
    put16(frame, sum_at, internet_checksum(all));
}

/// All checksums of an IPv4 frame made right.
FrameBytes summed(FrameBytes frame) {
    const auto ip = *ipv4_view(frame);
    make_ip_checksum(frame);
    if (ip.protocol == kIcmp) make_icmp_checksum(frame, ip);
    if (ip.protocol == kUdp && !ip.fragment) make_udp_checksum(frame, ip);
    return frame;
}

FrameBytes with_word(FrameBytes frame, std::size_t at, std::uint16_t value) {
    put16(frame, at, value);
    return summed(std::move(frame));
}

constexpr std::size_t kTotalLengthAt = 16, kIdAt = 18, kFragmentAt = 20, kTtlAt = 22, kIcmpIdAt = 38,
                      kSourcePortAt = 34;

FrameBytes echo(std::uint16_t ip_id) { return with_word(echo_frame(7, 1), kIdAt, ip_id); }

/// Time exceeded about `quoted` (without its Ethernet header).
FrameBytes time_exceeded(Bytes quoted, std::size_t quoted_bytes) {
    FrameBytes frame = echo_frame(0, 0);
    frame[34] = 11;
    frame[38] = frame[39] = frame[40] = frame[41] = 0;
    const Bytes packet = quoted.subspan(kEthernetHeader, quoted_bytes);
    frame.insert(frame.end(), packet.begin(), packet.end());
    put16(frame, kTotalLengthAt, static_cast<std::uint16_t>(28 + quoted_bytes));
    return summed(frame);
}

/// RFC 1071, section 3: the sum of 00 01 f2 03 f4 f5 f6 f7 is ddf2.
TEST(Checksum, IsThatOfTheExampleInRfc1071) {
    const FrameBytes bytes{0x00, 0x01, 0xf2, 0x03, 0xf4, 0xf5, 0xf6, 0xf7};
    EXPECT_EQ(internet_checksum(bytes), static_cast<std::uint16_t>(~0xddf2));
}

TEST(Checksum, AReplacedWordLeavesARightSumRightAndAWrongOneWrong) {
    FrameBytes frame = echo(1);
    replace_word(frame, kIdAt, 0xBEEF, 24);
    EXPECT_TRUE(ip_checksum_right(frame));
    frame[24] ^= 1;
    replace_word(frame, kIdAt, 0x1234, 24);
    EXPECT_FALSE(ip_checksum_right(frame));
}

TEST(Forgive, TheIpIdOfIcmpMadeByTheRouterIsForgiven) { EXPECT_TRUE(compare({echo(5)}, {echo(9)}).equal()); }

TEST(Forgive, TheIpIdOfForwardedIcmpIsNot) {
    EXPECT_FALSE(compare({echo(5)}, {echo(9)}, {}, {echo(9)}).equal());
    EXPECT_FALSE(compare({udp_frame(5)}, {udp_frame(9)}).equal());
}

TEST(Forgive, AnExactIpIdIsWantedWhenTheScenarioSaysSo) {
    Rules rules;
    rules.ip_id = "exact";
    EXPECT_FALSE(compare({echo(5)}, {echo(9)}, rules).equal());
}

TEST(Forgive, TheIpIdIsNotForgivenWhereTheChecksumIsWrong) {
    FrameBytes wrong = echo(5);
    wrong[25] ^= 1;
    EXPECT_FALSE(compare({wrong}, {echo(9)}).equal());
}

TEST(Forgive, AllFragmentsOfAMessageMadeByTheRouterAreTreatedAlike) {
    const auto fragments = [](std::uint16_t id) {
        FrameBytes later = with_word(udp_frame(1), kFragmentAt, 0x00B9);
        later[23] = kIcmp;
        later[kSourcePortAt] = 0x55;
        put16(later, kIdAt, id);
        make_ip_checksum(later);
        return Frames{with_word(echo(id), kFragmentAt, 0x2000), later};
    };
    EXPECT_TRUE(compare(fragments(5), fragments(9)).equal());
    EXPECT_FALSE(compare(fragments(5), fragments(9), {}, fragments(9)).equal());
}

TEST(Forgive, AShorterQuoteIsForgivenWithARemarkAndOnlyDownToEightBytesOfPayload) {
    const Frames long_quote{time_exceeded(udp_frame(1), 58)}, least{time_exceeded(udp_frame(1), 28)};
    const PortResult result = compare(least, long_quote);
    EXPECT_TRUE(result.equal());
    EXPECT_EQ(result.quotes, 1u);
    EXPECT_EQ(compare(long_quote, long_quote).quotes, 0u);
    EXPECT_FALSE(compare({time_exceeded(udp_frame(1), 27)}, long_quote).equal());
}

TEST(Forgive, AnExactQuoteForbidsAnotherLengthAndTheLeastOneNeedsNoRemark) {
    const Frames long_quote{time_exceeded(udp_frame(1), 58)}, least{time_exceeded(udp_frame(1), 28)};
    Rules rules;
    rules.icmp_quote = "exact";
    EXPECT_FALSE(compare(least, long_quote, rules).equal());
    rules.icmp_quote = "min";
    EXPECT_TRUE(compare(least, long_quote, rules).equal());
    EXPECT_EQ(compare(least, long_quote, rules).quotes, 0u);
}

TEST(Forgive, TheQuotedTtlIsForgivenWhenAsked) {
    const FrameBytes before = summed(udp_frame(1));
    FrameBytes after = before;
    after[kTtlAt] -= 1;
    make_ip_checksum(after);
    const Frames ours{time_exceeded(before, 28)}, theirs{time_exceeded(after, 28)};
    EXPECT_FALSE(compare(ours, theirs).equal());
    Rules rules;
    rules.any_inner_ttl = true;
    EXPECT_TRUE(compare(ours, theirs, rules).equal());
}

TEST(Forgive, TimesInIpTimestampOptionsAreForgivenWhenAsked) {
    const auto stamped = [](std::uint8_t time, std::uint8_t pointer) {
        FrameBytes frame = udp_frame(1);
        // RFC 791 3.1: type, length, pointer, flag 1 (address and time); one entry, room for none more
        frame.insert(frame.begin() + 34, {68, 12, pointer, 1, 10, 0, 0, 1, 0, 0, 0, time});
        frame[14] = 0x48;
        put16(frame, kTotalLengthAt, static_cast<std::uint16_t>(be16(frame, kTotalLengthAt) + 12));
        make_ip_checksum(frame);
        return Frames{frame};
    };
    Rules rules;
    EXPECT_FALSE(compare(stamped(1, 13), stamped(2, 13), rules).equal());
    rules.mask_ip_ts = true;
    EXPECT_TRUE(compare(stamped(1, 13), stamped(2, 13), rules).equal());
    EXPECT_FALSE(compare(stamped(1, 5), stamped(2, 5), rules).equal()) << "the pointer says that no time was written";
}

/// Time exceeded about a packet with a timestamp option into which the router has put `time`, without a new checksum.
FrameBytes about_stamped(std::uint8_t time, bool summed_anew) {
    FrameBytes quoted = udp_frame(1);
    quoted.insert(quoted.begin() + 34, {68, 8, 9, 0, 0, 0, 0, 0});
    quoted[14] = 0x47;
    put16(quoted, kTotalLengthAt, static_cast<std::uint16_t>(be16(quoted, kTotalLengthAt) + 8));
    make_ip_checksum(quoted);
    quoted[41] = time;
    if (summed_anew) make_ip_checksum(quoted);
    return time_exceeded(quoted, 36);
}

TEST(Forgive, TimesInQuotedOptionsAreForgivenWhetherOrNotTheQuotedChecksumCoversThem) {
    Rules rules;
    for (const bool summed_anew : {false, true}) {
        const Frames one{about_stamped(1, summed_anew)}, other{about_stamped(2, summed_anew)};
        rules.mask_ip_ts = false;
        EXPECT_FALSE(compare(one, other, rules).equal());
        rules.mask_ip_ts = true;
        EXPECT_TRUE(compare(one, other, rules).equal()) << summed_anew;
    }
}

TEST(Forgive, TimesInIcmpTimestampRepliesAreForgivenWhenAsked) {
    const auto reply = [](std::uint8_t originate, std::uint8_t receive) {
        const TestFrame query = echo_frame(7, 1);
        FrameBytes frame(54);
        std::copy(query.begin(), query.end(), frame.begin());
        frame[34] = 14;
        frame[45] = originate;
        frame[49] = frame[53] = receive;
        put16(frame, kTotalLengthAt, 40);
        return Frames{summed(frame)};
    };
    Rules rules;
    EXPECT_FALSE(compare(reply(1, 2), reply(1, 3), rules).equal());
    rules.mask_icmp_ts = true;
    EXPECT_TRUE(compare(reply(1, 2), reply(1, 3), rules).equal());
    EXPECT_FALSE(compare(reply(1, 2), reply(4, 2), rules).equal()) << "the originate time is the asker's";
}

TEST(Forgive, OtherFragmentsOfTheSameDatagramAreForgivenWhenAsked) {
    const FrameBytes whole = summed(udp_frame(1, 99, 40));
    const auto cut = [&](std::size_t first_bytes) {
        const auto payload = whole.begin() + 34;
        FrameBytes head(whole.begin(), payload + static_cast<std::ptrdiff_t>(first_bytes));
        FrameBytes tail(whole.begin(), payload);
        tail.insert(tail.end(), payload + static_cast<std::ptrdiff_t>(first_bytes), whole.end());
        put16(head, kTotalLengthAt, static_cast<std::uint16_t>(20 + first_bytes));
        put16(tail, kTotalLengthAt, static_cast<std::uint16_t>(tail.size() - 14));
        return Frames{with_word(head, kFragmentAt, 0x2000),
                      with_word(tail, kFragmentAt, static_cast<std::uint16_t>(first_bytes / 8))};
    };
    EXPECT_FALSE(compare(cut(16), cut(24)).equal());
    Rules rules;
    rules.any_refrag = true;
    EXPECT_TRUE(compare(cut(16), cut(24), rules).equal());
    EXPECT_TRUE(compare(cut(16), {whole}, rules).equal());
    EXPECT_FALSE(compare({cut(16)[0]}, {whole}, rules).equal()) << "a datagram with a hole stays in fragments";
}

constexpr std::uint32_t kSource = 0x0A000002, kDestination = 0x0A000102;  // of udp_frame

Frames from_ports(std::initializer_list<std::uint16_t> ports) {
    Frames frames;
    std::uint8_t sequence = 0;
    for (const std::uint16_t port : ports) frames.push_back(with_word(udp_frame(++sequence), kSourcePortAt, port));
    return frames;
}

TEST(Forgive, SourcePortsThatTheRouterChoseAreForgivenWhenTheyStayTheSame) {
    Rules rules;
    rules.nat_port = {kSource};
    EXPECT_TRUE(compare(from_ports({7001, 7001}), from_ports({9005, 9005}), rules).equal());
    EXPECT_FALSE(compare(from_ports({7001, 7002}), from_ports({9005, 9005}), rules).equal());
    EXPECT_FALSE(compare(from_ports({7001, 7001}), from_ports({9005, 9005})).equal());
}

TEST(Forgive, APortOfTheInputOrOutsideTheRangeIsNotFreeToChoose) {
    Rules rules;
    rules.nat_port = {kSource};
    EXPECT_FALSE(compare(from_ports({7001}), from_ports({9005}), rules, from_ports({7001})).equal());
    rules.nat_port_range = {9000, 9999};
    EXPECT_FALSE(compare(from_ports({7001}), from_ports({9005}), rules).equal());
    EXPECT_TRUE(compare(from_ports({9001}), from_ports({9005}), rules).equal());
}

TEST(Forgive, TheChosenPortIsFollowedIntoTheQuoteOfAnError) {
    Rules rules;
    rules.nat_port = {kSource};
    const auto sent = [](std::uint16_t port) {
        Frames frames = from_ports({port});
        frames.push_back(time_exceeded(frames[0], 28));
        return frames;
    };
    EXPECT_TRUE(compare(sent(7001), sent(9005), rules).equal());
    Frames other = sent(7001);
    other[1] = time_exceeded(from_ports({7002})[0], 28);
    EXPECT_FALSE(compare(other, sent(9005), rules).equal());
}

TEST(Forgive, EchoIdsThatTheRouterChoseAreForgiven) {
    Rules rules;
    rules.nat_port = {kSource};
    EXPECT_TRUE(compare({with_word(echo(1), kIcmpIdAt, 700)}, {with_word(echo(1), kIcmpIdAt, 900)}, rules).equal());
}

TEST(Forgive, AnyAddressOfThePoolIsForgiven) {
    Rules rules;
    rules.ip_pool = {kSource, kSource + 3};
    const auto from = [](std::uint8_t last) {
        FrameBytes frame = udp_frame(1);
        frame[29] = last;
        return Frames{summed(frame)};
    };
    EXPECT_TRUE(compare(from(4), from(2), rules).equal());
    EXPECT_FALSE(compare(from(9), from(2), rules).equal());
}

TEST(Forgive, AnyDestinationPortOfThePoolIsForgiven) {
    Rules rules;
    rules.dport_pool = Rules::DportPool{kDestination, 8000, 8010};
    const Frames theirs{with_word(udp_frame(1), kSourcePortAt + 2, 8000)};
    EXPECT_TRUE(compare({with_word(udp_frame(1), kSourcePortAt + 2, 8007)}, theirs, rules).equal());
    EXPECT_FALSE(compare({with_word(udp_frame(1), kSourcePortAt + 2, 8011)}, theirs, rules).equal());
}

}  // namespace
}  // namespace turnpike::diff
