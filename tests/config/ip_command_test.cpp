// SPDX-License-Identifier: Apache-2.0
// Forms and abbreviations of ip-link(8), ip-address(8) and ip-neighbour(8), and the bytes they become.
#include <gtest/gtest.h>

#include "tests/config/message_bytes.h"

namespace turnpike::config {
namespace {

Message link(std::uint32_t ifindex, std::uint32_t mtu, std::uint32_t flags, std::uint32_t change) {
    return Bytes().u32(ifindex).u32(mtu).u32(flags).u32(change).zeros(12).type(10);
}

TEST(IpLink, UpAndDownChangeIffUpAlone) {
    EXPECT_EQ(message_of("ip link set eth0 up"), link(2, 0, 1, 1));
    EXPECT_EQ(message_of("ip link set eth1 down"), link(3, 0, 0, 1));
    EXPECT_EQ(message_of("ip link set lo up"), link(1, 0, 1, 1));
}

TEST(IpLink, SeveralOptionsAreOneMessage) {
    EXPECT_EQ(message_of("ip link set dev eth0 up mtu 1400 promisc on"), link(2, 1400, 0x101, 0x101));
    EXPECT_EQ(message_of("ip link set mtu 0x500 dev eth1"), link(3, 1280, 0, 0));
    EXPECT_EQ(message_of("ip link set eth0 promisc on promisc off"), link(2, 0, 0, 0x100));
    EXPECT_EQ(message_of("ip link set eth0 allmulticast on multicast off"), link(2, 0, 0x200, 0x1200));
}

TEST(IpLink, ArpOffIsAFlagOfItsOwn) {
    EXPECT_EQ(message_of("ip link set eth0 arp off"), link(2, 0, 0x80, 0x80));
    EXPECT_EQ(message_of("ip link change eth0 arp on"), link(2, 0, 0, 0x80));
}

TEST(IpLink, TheQueueLengthHasThreeNames) {
    const Message expected = Bytes().u32(2).zeros(12).zeros(7).u8(1).u32(5).type(10);
    for (const char* text : {"ip link set eth0 txqueuelen 5", "ip link set eth0 qlen 5", "ip link set eth0 txql 5"}) {
        EXPECT_EQ(message_of(text), expected) << text;
    }
}

TEST(IpLink, AbbreviationsAreThoseOfIproute2) {
    for (const char* text : {"ip l s eth0 up", "ip li se dev eth0 up", "ip -4 link set eth0 up", "ip lin set up eth0",
                             "ip -f inet link set eth0 up"}) {
        EXPECT_EQ(message_of(text), link(2, 0, 1, 1)) << text;
    }
}

TEST(IpLink, AddressIsSixBytes) {
    const Message expected = Bytes().u32(2).zeros(12).u8(1).mac({0x02, 0, 0, 0x0A, 0, 0xFE}).zeros(5).type(10);
    EXPECT_EQ(message_of("ip link set eth0 address 02:00:00:0a:0:FE"), expected);
    EXPECT_EQ(message_of("ip link set eth0 addr 02:00:00:0a:0:FE"), expected);
}

Message addr(std::uint32_t ifindex, std::uint32_t address, std::uint32_t peer, std::uint32_t broadcast, unsigned length,
             unsigned scope, unsigned replace = 0, unsigned noprefixroute = 0, std::uint32_t metric = 0,
             unsigned autojoin = 0, std::uint32_t valid_lft = 0) {
    Bytes bytes;
    bytes.u32(ifindex).u32(address).u32(peer).u32(broadcast).u8(length).u8(scope).u8(replace).u8(noprefixroute);
    return bytes.u32(metric).u8(autojoin).zeros(3).u32(valid_lft).type(11);
}

TEST(IpAddress, PrefixesInAllSpellingsOfIproute2) {
    EXPECT_EQ(message_of("ip addr add 10.0.0.1/24 dev eth0"), addr(2, 0x0A000001, 0x0A000001, 0, 24, 0));
    EXPECT_EQ(message_of("ip a a 10.0.0.1/255.255.255.0 dev eth0"), addr(2, 0x0A000001, 0x0A000001, 0, 24, 0));
    EXPECT_EQ(message_of("ip address add 10.1 dev eth0"), addr(2, 0x0A010000, 0x0A010000, 0, 32, 0));
    EXPECT_EQ(message_of("ip ad ad local 0x0a.1/16 dev eth1"), addr(3, 0x0A010000, 0x0A010000, 0, 16, 0));
}

TEST(IpAddress, LoopbackAddressesHaveHostScope) {
    EXPECT_EQ(message_of("ip addr add 127.0.0.1/8 dev lo"), addr(1, 0x7F000001, 0x7F000001, 0, 8, 254));
    EXPECT_EQ(message_of("ip addr add 127.0.0.1/8 scope global dev lo"), addr(1, 0x7F000001, 0x7F000001, 0, 8, 0));
}

TEST(IpAddress, BroadcastIsGivenOrMadeOfThePrefix) {
    EXPECT_EQ(message_of("ip addr add 10.0.0.1/24 brd 10.0.0.255 dev eth0"),
              addr(2, 0x0A000001, 0x0A000001, 0x0A0000FF, 24, 0));
    EXPECT_EQ(message_of("ip addr add 10.0.0.1/20 broadcast + dev eth0"),
              addr(2, 0x0A000001, 0x0A000001, 0x0A000FFF, 20, 0));
}

TEST(IpAddress, APeerBringsThePrefixLength) {
    EXPECT_EQ(message_of("ip addr add 10.0.0.1 peer 10.9.0.0/16 dev eth0"), addr(2, 0x0A000001, 0x0A090000, 0, 16, 0));
}

TEST(IpAddress, ABroadcastOfZerosIsTheNetworkItself) {
    EXPECT_EQ(message_of("ip addr add 10.0.0.1/24 brd - dev eth0"), addr(2, 0x0A000001, 0x0A000001, 0x0A000000, 24, 0));
    EXPECT_EQ(message_of("ip addr add 10.0.0.1/31 brd + dev eth0"), addr(2, 0x0A000001, 0x0A000001, 0, 31, 0));
}

TEST(IpAddress, ReplaceAndChangeTakeAnAddressThatIsThere) {
    for (const char* text : {"ip addr replace 10.0.0.1/24 dev eth0", "ip a r 10.0.0.1/24 dev eth0",
                             "ip addr change 10.0.0.1/24 dev eth0", "ip a c 10.0.0.1/24 label eth0:1 dev eth0"}) {
        EXPECT_EQ(message_of(text), addr(2, 0x0A000001, 0x0A000001, 0, 24, 0, 1)) << text;
    }
}

TEST(IpAddress, TheRouteToTheSubnetHasAMetricOrIsLeftOut) {
    EXPECT_EQ(message_of("ip addr add 10.0.0.1/24 metric 55 dev eth0"),
              addr(2, 0x0A000001, 0x0A000001, 0, 24, 0, 0, 0, 55));
    EXPECT_EQ(message_of("ip addr add 10.0.0.1/24 noprefixroute dev eth0"),
              addr(2, 0x0A000001, 0x0A000001, 0, 24, 0, 0, 1));
}

TEST(IpAddress, AGroupCanBeJoinedWithItsAddressWhichStaysForever) {
    EXPECT_EQ(message_of("ip addr add 239.1.1.1/32 dev eth0 autojoin valid_lft forever preferred_lft forever"),
              addr(2, 0xEF010101, 0xEF010101, 0, 32, 0, 0, 0, 0, 1));
}

TEST(IpAddress, AnAddressMayGoByItself) {
    EXPECT_EQ(message_of("ip addr add 10.0.0.1/24 dev eth0 valid_lft 10 preferred_lft 5"),
              addr(2, 0x0A000001, 0x0A000001, 0, 24, 0, 0, 0, 0, 0, 10));
    EXPECT_EQ(message_of("ip addr add 10.0.0.1/24 dev eth0 preferred_lft 0"),
              addr(2, 0x0A000001, 0x0A000001, 0, 24, 0));
    EXPECT_EQ(error_of("ip addr add 10.0.0.1/24 dev eth0 valid_lft 5s"),
              "router.sh:1:44: found '5s', expected forever or a number of seconds");
    EXPECT_EQ(error_of("ip addr add 10.0.0.1/24 dev eth0 valid_lft 0"),
              "router.sh:1: valid_lft is zero, expected forever or 1 second at least");
    EXPECT_EQ(error_of("ip addr add 10.0.0.1/24 dev eth0 valid_lft 5"),
              "router.sh:1: preferred_lft is greater than valid_lft, expected at most 5 seconds");
}

Message addr_del(unsigned length, unsigned any_prefix, std::uint32_t peer = 0) {
    return Bytes().u32(2).u32(0x0A000001).u8(length).u8(any_prefix).zeros(2).u32(peer).type(12);
}

TEST(IpAddress, DeletionIsOfThePrefixOrOfAny) {
    EXPECT_EQ(message_of("ip addr del 10.0.0.1/24 dev eth0"), addr_del(24, 0));
    EXPECT_EQ(message_of("ip a d 10.0.0.1/24 dev eth0"), addr_del(24, 0));
    EXPECT_EQ(message_of("ip addr del 10.0.0.1 dev eth0"), addr_del(32, 1));
    EXPECT_EQ(message_of("ip addr del 10.0.0.1 peer 10.9.0.0/16 dev eth0"), addr_del(16, 0, 0x0A090000));
}

TEST(IpAddress, FlushIsOfADevice) {
    for (const char* text : {"ip addr flush dev eth1", "ip a f eth1"}) EXPECT_EQ(message_of(text), flush(0, 3, 0));
}

struct Neighbour {
    unsigned state = 0x80, replace = 0, create = 1, has_mac = 1, proxy = 0;
    Message message() const {
        Bytes bytes;
        bytes.u32(2).u32(0x0A000002);
        has_mac != 0 ? bytes.mac({0x02, 0, 0, 0x0A, 0, 0x02}) : bytes.zeros(6);
        return bytes.u16(state).u8(replace).u8(create).u8(has_mac).u8(proxy).type(15);
    }
};

TEST(IpNeighbour, PermanentEntries) {
    for (const char* text : {"ip neigh add 10.0.0.2 lladdr 02:00:00:0a:00:02 dev eth0 nud permanent",
                             "ip n a to 10.0.0.2 dev eth0 ll 2:0:0:a:0:2",
                             "ip neighbour add 10.0.0.2 nud 0x80 dev eth0 lladdr 2:0:0:a:0:2",
                             "ip neighbor add dev eth0 10.0.0.2 lladdr 02:00:00:0A:00:02"}) {
        EXPECT_EQ(message_of(text), Neighbour{}.message()) << text;
    }
    EXPECT_EQ(message_of("ip neigh replace 10.0.0.2 lladdr 02:00:00:0a:00:02 dev eth0"),
              (Neighbour{.replace = 1}.message()));
    EXPECT_EQ(message_of("ip neigh change 10.0.0.2 lladdr 02:00:00:0a:00:02 dev eth0"),
              (Neighbour{.replace = 1, .create = 0}.message()));
}

TEST(IpNeighbour, AllStatesByName) {
    const std::pair<const char*, unsigned> kStates[] = {
        {"perm", 0x80},       {"reach", 0x02}, {"noarp", 0x40}, {"none", 0},    {"stale", 0x04},
        {"incomplete", 0x01}, {"delay", 0x08}, {"probe", 0x10}, {"fail", 0x20}, {"0x04", 0x04}};
    for (const auto& [name, state] : kStates) {
        EXPECT_EQ(message_of(std::string("ip neigh add 10.0.0.2 lladdr 2:0:0:a:0:2 dev eth0 nud ") + name),
                  (Neighbour{.state = state}.message()))
            << name;
    }
}

TEST(IpNeighbour, WithoutALinkLayerAddress) {
    EXPECT_EQ(message_of("ip neigh add 10.0.0.2 dev eth0 nud failed"),
              (Neighbour{.state = 0x20, .has_mac = 0}.message()));
    EXPECT_EQ(message_of("ip neigh change 10.0.0.2 dev eth0 lladdr null nud stale"),
              (Neighbour{.state = 0x04, .replace = 1, .create = 0, .has_mac = 0}.message()));
}

TEST(IpNeighbour, ProxyEntriesHaveNone) {
    EXPECT_EQ(message_of("ip neigh add proxy 10.0.0.2 dev eth0"), (Neighbour{.has_mac = 0, .proxy = 1}.message()));
    EXPECT_EQ(message_of("ip n d proxy 10.0.0.2 dev eth1"), Bytes().u32(3).u32(0x0A000002).u8(1).zeros(3).type(16));
}

TEST(IpNeighbour, Deletion) {
    EXPECT_EQ(message_of("ip neigh del 10.0.0.2 dev eth1"), Bytes().u32(3).u32(0x0A000002).zeros(4).type(16));
}

TEST(IpNeighbour, FlushIsOfADeviceOrOfAll) {
    EXPECT_EQ(message_of("ip neigh flush dev eth0"), flush(1, 2, 0));
    EXPECT_EQ(message_of("ip n f all"), flush(1, 0, 0));
}

}  // namespace
}  // namespace turnpike::config
