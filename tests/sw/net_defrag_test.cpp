// SPDX-License-Identifier: Apache-2.0
// What fragments may not be, and what becomes of the datagram's header (Linux 6.18 net/ipv4/ip_fragment.c).
#include "tests/sw/net_defrag.h"

namespace fw::test {
namespace {

class Defrag : public DefragRouter {};

TEST_F(Defrag, AFragmentThatIsThereAlreadyIsDroppedAlone) {
    receive_pieces({{0, 16, true}, {0, 16, true}, {16, 40, false}});
    expect_delivered(numbered(40));
    EXPECT_EQ(fate(Fate::reasm_duplicate), 1U);
    EXPECT_EQ(fate(Fate::delivered), 2U);
    EXPECT_EQ(counter(Snmp::IpReasmReqds), 3U);
    EXPECT_EQ(counter(Snmp::IpReasmFails), 0U);
}

TEST_F(Defrag, APartOfWhatCameInOneRunIsADuplicate) {
    receive_pieces({{0, 16, true}, {16, 32, true}, {8, 24, true}, {0, 32, true}, {32, 40, false}});
    expect_delivered(numbered(40));
    EXPECT_EQ(fate(Fate::reasm_duplicate), 2U);
}

TEST_F(Defrag, BytesOfTwoRunsAreAnOverlapThoughAllAreThere) {
    receive_pieces({{16, 32, true}, {0, 16, true}, {8, 24, true}});
    expect_discarded(3, 1);
}

TEST_F(Defrag, AnOverlapAtTheEndDropsTheDatagram) {
    receive_pieces({{0, 16, true}, {8, 24, true}});
    expect_discarded(2, 1);
}

TEST_F(Defrag, AnOverlapAtTheBeginningDropsTheDatagram) {
    receive_pieces({{16, 32, true}, {8, 24, true}});
    expect_discarded(2, 1);
}

TEST_F(Defrag, AnOverlapInTheMiddleDropsTheDatagram) {
    receive_pieces({{0, 16, true}, {24, 40, true}, {48, 64, true}, {8, 56, true}});
    expect_discarded(4, 1);
}

TEST_F(Defrag, BehindAnOverlapTheDatagramBeginsAnew) {
    receive_pieces({{0, 16, true}, {8, 24, true}, {0, 16, true}, {16, 40, false}});
    expect_delivered(numbered(40));
}

TEST_F(Defrag, TwoEndsContradictEachOther) {
    receive_pieces({{16, 32, false}, {16, 40, false}});
    expect_discarded(2);
}

TEST_F(Defrag, AnEndBeforeWhatIsThereContradictsIt) {
    receive_pieces({{32, 48, true}, {16, 24, false}});
    expect_discarded(2);
}

TEST_F(Defrag, BytesBehindTheEndContradictIt) {
    receive_pieces({{16, 32, false}, {32, 48, true}});
    expect_discarded(2);
}

TEST_F(Defrag, OddBytesOfAMiddleFragmentAreCutOff) {
    receive_pieces({{0, 21, true}, {16, 40, false}});
    expect_delivered(numbered(40));
}

TEST_F(Defrag, AMiddleFragmentOfLessThanEightBytesDropsTheDatagram) {
    receive_pieces({{0, 16, true}, {16, 23, true}});
    expect_discarded(2);
}

TEST_F(Defrag, AnEmptyLastFragmentDropsTheDatagram) {
    receive_pieces({{0, 16, true}, {16, 16, false}});
    expect_discarded(2);
}

TEST_F(Defrag, LargestDatagramHas65535Bytes) {
    const Bytes data = numbered(65535 - 20);
    for (u32 at = 0; at < data.size(); at += 1480) {
        const u32 to = std::min<u32>(at + 1480, static_cast<u32>(data.size()));
        receive_piece(data, {at, to, to < data.size()});
    }
    expect_delivered(data);
}

TEST_F(Defrag, ALongerOneIsDroppedWithAllItsFragments) {
    sysctl_write(rc::SysctlId::printk, 0, 7);
    const Bytes data = numbered(65536 - 20);
    u64 frames = 0;
    for (u32 at = 0; at < data.size(); at += 1480, ++frames) {
        const u32 to = std::min<u32>(at + 1480, static_cast<u32>(data.size()));
        receive_piece(data, {at, to, to < data.size()});
    }
    expect_discarded(frames);
    EXPECT_NE(native::machine().console.find("Oversized IP packet from 10.0.0.2\n"), std::string::npos);
}

TEST_F(Defrag, DatagramsAreToldApartBySourceDestinationIdAndProtocol) {
    const Bytes data = numbered(32);
    Header other[4] = {header(), header(), header(), header()};
    other[0].source = ip4(10, 0, 0, 3);
    other[1].destination = kOwnFar;
    other[2].id = 0x1235;
    other[3].protocol = 252;
    receive_piece(data, {0, 16, true});
    for (const Header& one : other) receive_piece(data, {16, 32, false}, one);
    EXPECT_EQ(delivered_.size(), 0U);
    receive_piece(data, {16, 32, false});
    expect_delivered(data);
}

TEST_F(Defrag, TheFirstFragmentsHeaderIsTheDatagrams) {
    Header first = header();
    first.ttl = 9;
    first.tos = 0x10;
    first.options = {148, 4, 0, 0};
    const Bytes data = numbered(32);
    receive_piece(data, {16, 32, false});
    receive_piece(data, {0, 16, true}, first);
    ASSERT_EQ(delivered_.size(), 1U);
    EXPECT_EQ(delivered_[0], ip_packet(first, data));
}

// RFC 3168 5.3; the table of Linux net/ipv4/inet_fragment.c, ip_frag_ecn_table.
TEST_F(Defrag, EcnFieldsGoTogetherOrTheDatagramIsDropped) {
    for (u8 a = 0; a < 4; ++a) {
        for (u8 b = 0; b < 4; ++b) {
            delivered_.clear();
            const u64 fails = counter(Snmp::IpReasmFails);
            Header first = header(), second = header();
            first.tos = a;
            second.tos = b;
            receive_piece(numbered(32), {0, 16, true}, first);
            receive_piece(numbered(32), {16, 32, false}, second);
            const bool valid = (a == 0) == (b == 0);
            ASSERT_EQ(delivered_.size(), valid ? 1U : 0U) << int{a} << " " << int{b};
            EXPECT_EQ(counter(Snmp::IpReasmFails) - fails, valid ? 0U : 1U);
            if (valid) {
                EXPECT_EQ(delivered_[0][1], a == 3 || b == 3 ? 3 : a);
            }
        }
    }
}

TEST_F(Defrag, DontFragmentStaysWhereTheLongestFragmentHadIt) {
    const Bytes data = numbered(40);
    Header with_df = header();
    with_df.frag_off = wire::IP_DF;
    receive_piece(data, {0, 24, true}, with_df);
    receive_piece(data, {24, 40, false});
    receive_piece(data, {0, 24, true});
    receive_piece(data, {24, 40, false}, with_df);
    ASSERT_EQ(delivered_.size(), 2U);
    EXPECT_EQ(delivered_[0], ip_packet(with_df, data));
    EXPECT_EQ(delivered_[1], ip_packet(header(), data));
}

TEST_F(Defrag, FragmentsThatAreForwardedAreNotLookedAt) {
    Header through = header();
    through.destination = kFar;
    receive_piece(numbered(32), {16, 32, false}, through);
    EXPECT_EQ(sent().size(), 1U);
    EXPECT_EQ(counter(Snmp::IpReasmReqds), 0U);
}

TEST_F(Defrag, APingInFragmentsIsAnsweredInFragments) {
    const Bytes data = numbered(2000);
    const Bytes ping = icmp_message(ICMP_ECHO, 0, 0x00070001, data);
    Header header = DefragRouter::header();
    header.protocol = 1;
    receive_piece(ping, {1480, 2008, false}, header);
    receive_piece(ping, {0, 1480, true}, header);
    ASSERT_EQ(sent().size(), 2U);
    const Bytes pong = icmp_message(ICMP_ECHOREPLY, 0, 0x00070001, data);
    Header back = {.source = kOwn, .destination = kHost, .protocol = 1, .id = wire::get16(&sent()[0].frame[18])};
    const auto packet = [](const Sent& one) { return Bytes(one.frame.begin() + 14, one.frame.end()); };
    EXPECT_EQ(packet(sent()[0]), fragment(back, pong, {0, 1480, true}));
    EXPECT_EQ(packet(sent()[1]), fragment(back, pong, {1480, 2008, false}));
    EXPECT_EQ(counter(Snmp::IpFragCreates), 2U);
    EXPECT_EQ(counter(Snmp::IpFragOKs), 1U);
}

TEST_F(Defrag, ARouterAlertInFragmentsComesWholeToItsSocket) {
    static std::vector<u32> lengths;
    lengths.clear();
    ip_ra_chain ra = {nullptr, nullptr, kProtocol, 0, [](ip_ra_chain*, sk_buff* skb) {
                          lengths.push_back(skb->len);
                          kfree_skb_reason(skb, Fate::delivered);
                      }};
    ASSERT_EQ(ip_ra_add(&ra), 0);
    Header through = header();
    through.destination = kFar;
    through.options = {148, 4, 0, 0};
    receive_piece(numbered(32), {0, 16, true}, through);
    receive_piece(numbered(32), {16, 32, false}, through);
    EXPECT_EQ(lengths, std::vector<u32>{24 + 32});
    EXPECT_EQ(sent().size(), 0U);
    EXPECT_EQ(ip_ra_del(&ra), 0);
}

}  // namespace
}  // namespace fw::test
