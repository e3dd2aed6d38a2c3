// SPDX-License-Identifier: Apache-2.0
// Packets: expected bytes from the gdb manual, appendix E.1.
#include "models/debug/packet.h"

#include <gtest/gtest.h>

namespace turnpike::gdb {
namespace {

using Kind = PacketReader::Kind;

TEST(Packet, AnOkIsFramedWithItsChecksum) { EXPECT_EQ(framed("OK"), "$OK#9a"); }
TEST(Packet, AnEmptyPacketHasChecksumZero) { EXPECT_EQ(framed(""), "$#00"); }

TEST(Packet, WhatComesInPiecesIsPutTogether) {
    PacketReader reader;
    std::string body;
    for (const char c : std::string("+$qSuppo")) reader.feed({&c, 1});
    EXPECT_EQ(reader.next(body), Kind::acknowledge);
    EXPECT_EQ(reader.next(body), Kind::none);
    reader.feed("rted#3");
    EXPECT_EQ(reader.next(body), Kind::none);
    reader.feed("7\x03$g#67-");
    EXPECT_EQ(reader.next(body), Kind::packet);
    EXPECT_EQ(body, "qSupported");
    EXPECT_EQ(reader.next(body), Kind::interrupt);
    EXPECT_EQ(reader.next(body), Kind::packet);
    EXPECT_EQ(body, "g");
    EXPECT_EQ(reader.next(body), Kind::repeat);
    EXPECT_EQ(reader.next(body), Kind::none);
}

TEST(Packet, AWrongChecksumIsDamageAndTheNextPacketIsWhole) {
    PacketReader reader;
    std::string body;
    reader.feed("$g#68$?#3f");
    EXPECT_EQ(reader.next(body), Kind::damaged);
    EXPECT_EQ(reader.next(body), Kind::packet);
    EXPECT_EQ(body, "?");
}

TEST(Packet, ADigitThatIsNoneInTheChecksumIsDamage) {
    PacketReader reader;
    std::string body;
    reader.feed("$g#zz");
    EXPECT_EQ(reader.next(body), Kind::damaged);
}

TEST(Packet, OneThatNeverEndsIsGivenUpInsteadOfHoarded) {
    PacketReader reader;
    std::string body;
    reader.feed("$" + std::string(3 * kMaxPacket, 'a'));
    EXPECT_EQ(reader.next(body), Kind::damaged);
    EXPECT_EQ(reader.next(body), Kind::none);
}

TEST(Packet, BinaryDataIsEscapedWithBit5Flipped) {
    EXPECT_EQ(escape("a#b$c}d*"),
              "a}\x03"
              "b}\x04"
              "c}]d}\x0A");
    EXPECT_EQ(unescape(escape("a#b$c}d*")), "a#b$c}d*");
    EXPECT_EQ(unescape("}"), "}");
}

TEST(Packet, NumbersHaveOneToSixteenDigits) {
    std::string_view text = "ffffffffffffffff,1";
    EXPECT_EQ(take_number(text), ~0ULL);
    EXPECT_EQ(text, ",1");
    EXPECT_FALSE(take_number(text));
    text = "11112222333344445";
    EXPECT_FALSE(take_number(text));
}

TEST(Packet, HexadecimalTextOfOddLengthOrWithOtherLettersIsNone) {
    EXPECT_EQ(from_hex("0aFf"), (std::vector<std::uint8_t>{0x0A, 0xFF}));
    EXPECT_FALSE(from_hex("0"));
    EXPECT_FALSE(from_hex("0g"));
}

}  // namespace
}  // namespace turnpike::gdb
