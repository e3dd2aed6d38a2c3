// SPDX-License-Identifier: Apache-2.0
// Forms and abbreviations of ip-rule(8), and the bytes they become.
#include <gtest/gtest.h>

#include "tests/config/message_bytes.h"

namespace turnpike::config {
namespace {

struct Rule {
    std::uint32_t priority = 0, source = 0, destination = 0, iif = 0, oif = 0, fwmark = 0, fwmask = 0, table = 0;
    std::uint32_t target = 0, nat = 0, suppress = 0xFFFFFFFF;
    unsigned source_len = 0, destination_len = 0, tos = 0, action = 1, invert = 0, has_priority = 0, ip_proto = 0;
    unsigned sport_first = 0, sport_last = 0, dport_first = 0, dport_last = 0;
    Message add() const {
        Bytes bytes;
        bytes.u32(priority).u32(source).u32(destination).u32(iif).u32(oif).u32(fwmark).u32(fwmask).u32(table);
        bytes.u32(target).u32(nat).u32(suppress);
        bytes.u8(source_len).u8(destination_len).u8(tos).u8(action).u8(invert).u8(has_priority).u8(ip_proto).zeros(1);
        return bytes.u16(sport_first).u16(sport_last).u16(dport_first).u16(dport_last).type(18);
    }
    Message remove() const {
        Bytes bytes;
        bytes.u32(priority).u32(source).u32(destination).u32(iif).u32(oif).u32(fwmark).u32(fwmask).u32(table);
        bytes.u8(source_len).u8(destination_len).u8(tos).u8(action).u8(invert).u8(has_priority).u8(ip_proto).zeros(1);
        return bytes.u16(sport_first).u16(sport_last).u16(dport_first).u16(dport_last).u32(suppress).type(19);
    }
};

TEST(IpRule, ALookupGoesToTheMainTableUnlessOneIsNamed) {
    EXPECT_EQ(message_of("ip rule add from 10.0.0.0/8"),
              (Rule{.source = 0x0A000000, .table = 254, .source_len = 8}.add()));
    for (const char* text : {"ip rule add from 10.0.0.0/8 lookup 200", "ip ru a from 10/8 table 200",
                             "ip ru add from 10.0.0.0/8 t 0xc8 type unicast"}) {
        EXPECT_EQ(message_of(text), (Rule{.source = 0x0A000000, .table = 200, .source_len = 8}.add())) << text;
    }
}

TEST(IpRule, TableZeroIsGivenToTheKernelAsItIs) {
    EXPECT_EQ(message_of("ip rule add from 10/8 table 0"), (Rule{.source = 0x0A000000, .source_len = 8}.add()));
    EXPECT_EQ(message_of("ip rule add from 10/8 lookup unspec"), (Rule{.source = 0x0A000000, .source_len = 8}.add()));
}

TEST(IpRule, AllSelectors) {
    const Message expected = Rule{.priority = 100,
                                  .source = 0x0A000000,
                                  .destination = 0xC0A80101,
                                  .iif = 2,
                                  .oif = 3,
                                  .fwmark = 1,
                                  .fwmask = 0xFF,
                                  .table = 7,
                                  .source_len = 8,
                                  .destination_len = 32,
                                  .tos = 0x10,
                                  .invert = 1,
                                  .has_priority = 1,
                                  .ip_proto = 6,
                                  .sport_first = 10,
                                  .sport_last = 20,
                                  .dport_first = 80,
                                  .dport_last = 80}
                                 .add();
    EXPECT_EQ(message_of("ip rule add not from 10.0.0.0/8 to 192.168.1.1 iif eth0 oif eth1 fwmark 0x1/0xff tos 0x10 "
                         "prio 100 ipproto tcp sport 10-20 dport 80 lookup 7"),
              expected);
    EXPECT_EQ(message_of("ip rule add not from 10/8 to 192.168.1.1 dev eth0 oif eth1 fwmark 1/255 ds 10 order 100 "
                         "ipproto 6 sport 10-20 dport 80-80 protocol static table 7"),
              expected);
}

TEST(IpRule, APriorityHasThreeNames) {
    for (const char* name : {"priority", "prio", "preference", "pref", "order"}) {
        EXPECT_EQ(message_of(std::string("ip rule add lookup 7 ") + name + " 0"),
                  (Rule{.table = 7, .has_priority = 1}.add()))
            << name;
    }
}

TEST(IpRule, AMarkWithoutMaskCountsAsAWholeButZeroForAny) {
    EXPECT_EQ(message_of("ip rule add fwmark 3 lookup 7"), (Rule{.fwmark = 3, .fwmask = 0xFFFFFFFF, .table = 7}.add()));
    EXPECT_EQ(message_of("ip rule add fwmark 0 lookup 7"), (Rule{.table = 7}.add()));
    EXPECT_EQ(message_of("ip rule add fwmark 0/1 lookup 7"), (Rule{.fwmask = 1, .table = 7}.add()));
}

TEST(IpRule, ActionsOtherThanALookup) {
    EXPECT_EQ(message_of("ip rule add prio 5 goto 100"),
              (Rule{.priority = 5, .target = 100, .action = 2, .has_priority = 1}.add()));
    EXPECT_EQ(message_of("ip rule add nop"), Rule{.action = 3}.add());
    EXPECT_EQ(message_of("ip rule add bl"), Rule{.action = 6}.add());
    EXPECT_EQ(message_of("ip rule add unreachable"), Rule{.action = 7}.add());
    EXPECT_EQ(message_of("ip rule add type prohibit"), Rule{.action = 8}.add());
}

TEST(IpRule, ShortPrefixesAreSuppressed) {
    EXPECT_EQ(message_of("ip rule add table main suppress_prefixlength 0"), (Rule{.table = 254, .suppress = 0}.add()));
    EXPECT_EQ(message_of("ip rule add table main sup_pl 8"), (Rule{.table = 254, .suppress = 8}.add()));
}

TEST(IpRule, RouteNatTranslatesTheSource) {
    const Message expected = Rule{.source = 0x0A000000, .table = 254, .nat = 0x01020304, .source_len = 8}.add();
    EXPECT_EQ(message_of("ip rule add from 10.0.0.0/8 nat 1.2.3.4"), expected);
    EXPECT_EQ(message_of("ip rule add from 10.0.0.0/8 map-to 1.2.3.4"), expected);
}

TEST(IpRule, DeletionNamesWhatTheRuleMustHave) {
    EXPECT_EQ(message_of("ip rule del prio 100"), (Rule{.priority = 100, .action = 0, .has_priority = 1}.remove()));
    EXPECT_EQ(message_of("ip ru d from 10/8 fwmark 1 table 7 dport 80 ipproto 17 sup_pl 3"), (Rule{.source = 0x0A000000,
                                                                                                   .fwmark = 1,
                                                                                                   .fwmask = 0xFFFFFFFF,
                                                                                                   .table = 7,
                                                                                                   .suppress = 3,
                                                                                                   .source_len = 8,
                                                                                                   .action = 0,
                                                                                                   .ip_proto = 17,
                                                                                                   .dport_first = 80,
                                                                                                   .dport_last = 80}
                                                                                                  .remove()));
}

TEST(IpRule, FlushTakesAll) { EXPECT_EQ(message_of("ip rule flush"), flush(4, 0, 0)); }

TEST(IpRule, WrongValuesAreNamed) {
    EXPECT_EQ(error_of("ip rule add fwmark x"), "router.sh:1:20: found 'x', expected a mark, N or N/MASK of 32 bits");
    EXPECT_EQ(error_of("ip rule add fwmark 1/"), "router.sh:1:20: found '1/', expected a mark, N or N/MASK of 32 bits");
    EXPECT_EQ(error_of("ip rule add fwmark 1/0x100000000"),
              "router.sh:1:20: found '1/0x100000000', expected a mark, N or N/MASK of 32 bits");
    for (const char* ports : {"0", "20-10", "70000", "x", "5-", "0x10"}) {
        EXPECT_EQ(error_of(std::string("ip rule add sport ") + ports),
                  std::string("router.sh:1:19: found '") + ports +
                      "', expected a port from 1 to 65535 or a range of them, FIRST-LAST");
    }
    for (const char* protocol : {"300", "foo", "0x11"}) {
        EXPECT_EQ(error_of(std::string("ip rule add ipproto ") + protocol),
                  std::string("router.sh:1:21: found '") + protocol +
                      "', expected icmp, tcp, udp, another protocol name or a decimal number from 0 to 255");
    }
    EXPECT_EQ(error_of("ip rule add tos lowdelay"),
              "router.sh:1:17: found 'lowdelay', expected a TOS in hexadecimal from 0 to ff or a name as AF11, CS1 or "
              "EF");
    EXPECT_EQ(error_of("ip rule add lookup foo"),
              "router.sh:1:20: found 'foo', expected main, local, default or a table number from 0 to 4294967295");
    EXPECT_EQ(error_of("ip rule add goto foo"),
              "router.sh:1:18: found 'foo', expected the priority of a rule from 0 to 4294967295");
    EXPECT_EQ(error_of("ip rule add sup_pl 2147483648"),
              "router.sh:1:20: found '2147483648', expected a prefix length from 0 to 2147483647");
}

TEST(IpRule, WhatIsNoPartOfARuleIsAnError) {
    const std::string options =
        "expected not, from PREFIX, to PREFIX, tos N, fwmark N[/MASK], iif NAME, oif NAME, ipproto NAME, sport N[-N], "
        "dport N[-N], priority N, table N, suppress_prefixlength N, map-to ADDRESS, goto N, nop, blackhole, "
        "unreachable or prohibit";
    EXPECT_EQ(error_of("ip rule add"), "router.sh:1: found the end of the command, " + options);
    EXPECT_EQ(error_of("ip rule del"), "router.sh:1: found the end of the command, " + options);
    EXPECT_EQ(error_of("ip rule add foo"), "router.sh:1:13: found 'foo', " + options);
    EXPECT_EQ(error_of("ip rule add throw"), "router.sh:1:13: found 'throw', " + options);
    EXPECT_EQ(error_of("ip rule add uidrange 1-2"),
              "router.sh:1:13: not supported by this version: found 'uidrange', " + options);
    EXPECT_EQ(error_of("ip rule help"),
              "router.sh:1:9: not supported by this version: found 'help', expected add, del, flush or show");
    EXPECT_EQ(error_of("ip rule flush table 7"),
              "router.sh:1:15: not supported by this version: found 'table', expected the end of the command");
}

}  // namespace
}  // namespace turnpike::config
