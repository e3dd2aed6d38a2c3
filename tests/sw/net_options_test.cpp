// SPDX-License-Identifier: Apache-2.0
// Options (RFC 791 3.1), judged as Linux 6.18 ip_options_compile judges them.
#include "tests/sw/net_router.h"

namespace fw::test {
namespace {

struct Case {
    const char* what;
    Bytes options;
    bool good;
};
/// For the test's name.
void PrintTo(const Case& value, std::ostream* out) { *out << value.what; }

class Options : public Router, public ::testing::WithParamInterface<Case> {};

const Case kCases[] = {
    {"no-operations and end", {1, 1, 1, 0}, true},
    {"record route with room", {7, 7, 4, 0, 0, 0, 0, 0}, true},
    {"record route that is full", {7, 7, 8, 9, 9, 9, 9, 0}, true},
    {"record route twice", {7, 3, 4, 7, 3, 4, 0, 0}, false},
    {"record route without pointer", {7, 2, 1, 0}, false},
    {"record route pointer below 4", {7, 7, 3, 0, 0, 0, 0, 0}, false},
    {"record route pointer with room for three bytes", {7, 7, 5, 0, 0, 0, 0, 0}, false},
    {"timestamp with room", {68, 8, 5, 0, 0, 0, 0, 0}, true},
    {"timestamp too short", {68, 3, 5, 0}, false},
    {"timestamp pointer below 5", {68, 8, 4, 0, 0, 0, 0, 0}, false},
    {"timestamp with address but room for the time only", {68, 8, 5, 1, 0, 0, 0, 0}, false},
    {"timestamp full, counter full", {68, 8, 9, 0xF0, 0, 0, 0, 0}, false},
    {"timestamp full", {68, 8, 9, 0xE0, 0, 0, 0, 0}, true},
    {"router alert", {148, 4, 0, 0}, true},
    {"router alert too short", {148, 2, 1, 0}, false},
    {"unknown option", {0x9E, 4, 1, 2}, true},
    {"length 0", {0x9E, 0, 1, 2}, false},
    {"length 1", {0x9E, 1, 1, 2}, false},
    {"longer than the header", {0x9E, 5, 1, 2}, false},
    {"type in the last byte", {1, 1, 1, 0x9E}, false},
    {"timestamp twice", {68, 4, 5, 0, 68, 4, 5, 0}, false},
    {"timestamp full of named addresses, counter full", {68, 8, 9, 0xF3, 0, 0, 0, 0}, true},
    {"timestamp of an unknown form", {68, 8, 5, 2, 0, 0, 0, 0}, true},
    {"timestamp pointer with room for three bytes", {68, 8, 6, 0, 0, 0, 0, 0}, false},
    {"named address but room for the address only", {68, 8, 5, 3, 10, 0, 0, 1}, false},
    {"source route, which is refused", {131, 7, 4, 10, 0, 1, 3, 0}, false},
    {"source route without pointer", {131, 2, 0, 0}, false},
    {"CIPSO of an unknown domain", {134, 8, 0, 0, 0, 1, 0, 0}, false},
    {"CIPSO too short", {134, 4, 0, 0}, false},
    {"strict source route pointer below 4", {137, 7, 3, 10, 0, 1, 3, 0}, false},
    {"two source routes", {131, 3, 4, 137, 3, 4, 0, 0}, false},
};

TEST_P(Options, DecideAboutThePacket) {
    configure();
    receive_ip(kEth0, ip_packet({.options = GetParam().options}, {1, 2, 3}));
    SCOPED_TRACE(GetParam().what);
    const auto forwarded =
        std::count_if(sent().begin(), sent().end(), [](const Sent& s) { return s.ifindex == kEth1; });
    EXPECT_EQ(forwarded, GetParam().good ? 1 : 0);
    EXPECT_EQ(fate(Fate::ip_options), GetParam().good ? 0U : 1U);
}

INSTANTIATE_TEST_SUITE_P(Net, Options, ::testing::ValuesIn(kCases));

class OptionBytes : public Router {};

TEST_F(OptionBytes, AreForwardedAsTheyCame) {
    configure();
    const Bytes options = {0x9E, 4, 1, 2, 148, 4, 0, 0};  // an unknown one, and a router alert that no socket wants
    receive_ip(kEth0, ip_packet({.options = options}, {1, 2, 3}));
    ASSERT_EQ(sent().size(), 1U);
    const Bytes expected = ip_packet({.ttl = 63, .options = options}, {1, 2, 3});
    EXPECT_EQ(Bytes(sent()[0].frame.begin() + 14, sent()[0].frame.end()), expected);
}

TEST_F(OptionBytes, BehindTheEndOfTheListBecomeZero) {
    configure();
    receive_ip(kEth0, ip_packet({.options = {1, 0, 7, 7}}, {1, 2, 3}));
    ASSERT_EQ(sent().size(), 1U);
    const Bytes expected = ip_packet({.ttl = 63, .options = {1, 0, 0, 0}}, {1, 2, 3});
    EXPECT_EQ(Bytes(sent()[0].frame.begin() + 14, sent()[0].frame.end()), expected);
}

TEST_F(OptionBytes, AreJudgedAfterRoutingSoThatAMartianIsAMartian) {
    configure();
    receive_ip(kEth0, ip_packet({.source = ip4(224, 0, 0, 9), .options = {0x9E, 0, 1, 2}}, {}));
    EXPECT_EQ(fate(Fate::martian), 1U);
    EXPECT_EQ(counter(Snmp::IpInHdrErrors), 0U);
}

TEST_F(OptionBytes, ThatAreBadCountAsHeaderError) {
    configure();
    receive_ip(kEth0, ip_packet({.options = {0x9E, 0, 1, 2}}, {}));
    EXPECT_EQ(counter(Snmp::IpInHdrErrors), 1U);
}

}  // namespace
}  // namespace fw::test
