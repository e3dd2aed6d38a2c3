// SPDX-License-Identifier: Apache-2.0
#include "tests/sw/net_router.h"

namespace fw::test {
namespace {

TEST(Wire, TheSumOfRfc1071IsTheOneInItsExample) {
    const u8 example[] = {0x00, 0x01, 0xF2, 0x03, 0xF4, 0xF5, 0xF6, 0xF7};  // RFC 1071 3
    EXPECT_EQ(wire::swap16(wire::csum_fold(wire::csum_partial(example, sizeof example))), 0xDDF2);
}

TEST(Wire, AnOddLastByteCountsAsIfAZeroFollowed) {
    const u8 example[] = {0x00, 0x01, 0xF2, 0x03, 0xF4, 0xF5, 0xF6};
    const u8 padded[] = {0x00, 0x01, 0xF2, 0x03, 0xF4, 0xF5, 0xF6, 0x00};
    EXPECT_EQ(wire::csum_fold(wire::csum_partial(example, 7)), wire::csum_fold(wire::csum_partial(padded, 8)));
}

TEST(Wire, SumsOfAllLengthsAndAlignmentsAgreeWithRfc1071WordByWord) {
    Bytes data(200);
    for (size_t i = 0; i < data.size(); ++i) data[i] = static_cast<u8>(i * 151 + (i >> 3));
    for (u32 start = 0; start < 9; ++start) {
        for (u32 bytes = 0; bytes < 150; ++bytes) {
            const u16 sum = wire::csum_fold(wire::csum_partial(&data[start], bytes));
            EXPECT_EQ(static_cast<u16>(~wire::swap16(sum)), internet_checksum(&data[start], bytes));
        }
    }
}

/// Byte after byte, as RFC 1071 section 1 words it.
u16 next_sum(u16 sum, u32 position, u8 byte) {
    const u32 wide = u32{sum} + (position % 2 == 0 ? byte << 8 : byte);
    return static_cast<u16>(wide > 0xFFFF ? wide - 0xFFFF : wide);
}

TEST(Wire, SumsOfEveryLengthOfAFrameAtEveryAlignmentAreThoseOfItsBytes) {
    for (const bool ones : {false, true}) {
        Bytes data(9'800, 0xFF);
        for (size_t i = 0; i < data.size() && !ones; ++i) data[i] = static_cast<u8>(i * 151 + (i >> 3));
        for (u32 start = 0; start < 64; start += ones ? 63 : 1) {
            u16 expected = 0;
            for (u32 bytes = 0; bytes <= 9'728; ++bytes) {
                ASSERT_EQ(wire::swap16(wire::csum_fold(wire::csum_partial(&data[start], bytes))), expected)
                    << bytes << " from " << start;
                expected = next_sum(expected, bytes, data[start + bytes]);
            }
        }
    }
}

TEST(Wire, ASumGoesOnFromAnyOther) {
    const Bytes ones(200, 0xFF);
    for (const u64 sum : {u64{0}, u64{1}, u64{0xFFFF}, u64{0x1FFFFFFFF}, ~u64{0} - 1, ~u64{0}}) {
        for (u32 bytes = 0; bytes < 200; ++bytes) {
            // All ones are a zero of the addition, a byte of them behind an even number of bytes is 0x00FF.
            const u32 last = bytes % 2 == 0 ? 0 : 0xFF;
            const u16 expected = wire::csum_fold(u64{wire::csum_fold(sum)} + last);
            const u16 summed = wire::csum_fold(wire::csum_partial(ones.data(), bytes, sum));
            EXPECT_EQ(summed % 0xFFFF, expected % 0xFFFF) << sum << " " << bytes;
            EXPECT_EQ(summed == 0, sum == 0 && bytes == 0) << sum << " " << bytes;
        }
    }
}

TEST(Wire, ASumLeavesRoomForOthersToBeAdded) {
    const Bytes ones(9'000, 0xFF);
    EXPECT_LE(wire::csum_partial(ones.data(), 9'000, ~u64{0}), u64{2} << 32);
}

TEST(Wire, NumbersAreBigEndianAtAnyAddress) {
    u8 bytes[8] = {0, 0x12, 0x34, 0x56, 0x78, 0, 0, 0};
    EXPECT_EQ(wire::get32(bytes + 1), 0x12345678U);
    EXPECT_EQ(wire::get16(bytes + 1), 0x1234U);
    wire::put32(bytes + 3, 0xA1B2C3D4);
    EXPECT_EQ(bytes[3], 0xA1);
    EXPECT_EQ(bytes[6], 0xD4);
}

TEST(Wire, AHeaderSumCoversOptionsToo) {
    Bytes packet = ip_packet({.options = {7, 7, 4, 0, 0, 0, 0, 0}}, {});
    EXPECT_EQ(wire::ip_header_sum(packet.data(), 7), 0xFFFF);
    packet[27] ^= 1;
    EXPECT_NE(wire::ip_header_sum(packet.data(), 7), 0xFFFF);
}

TEST(Wire, DecrementingTtlGivesTheChecksumMadeAnewForEveryPossibleChecksum) {
    for (u32 id = 0; id < 0x10000; ++id) {
        Bytes packet = ip_packet({.ttl = 64, .id = static_cast<u16>(id)}, {});
        Bytes expected = packet;
        expected[8] = 63;
        checksum_header(expected);
        wire::ip_decrease_ttl(wire::Ipv4(packet.data()));
        ASSERT_EQ(packet, expected) << "identification " << id;
    }
}

TEST(Wire, AChecksumOfFeffBecomesZeroAsRfc1624Says) {
    for (u32 id = 0; id < 0x10000; ++id) {
        Bytes packet = ip_packet({.id = static_cast<u16>(id)}, {});
        if (wire::get16(&packet[10]) != 0xFEFF) continue;
        wire::ip_decrease_ttl(wire::Ipv4(packet.data()));
        EXPECT_EQ(wire::get16(&packet[10]), 0x0000);
        return;
    }
    FAIL() << "no header with that checksum";
}

}  // namespace
}  // namespace fw::test
