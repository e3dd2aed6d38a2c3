// SPDX-License-Identifier: Apache-2.0
// Forms and abbreviations of ip-link(8), ip-address(8), ip-route(8) and ip-neighbour(8), and the bytes they become.
#include <gtest/gtest.h>

#include "tests/config/message_bytes.h"

namespace turnpike::config {
namespace {

Message link(std::uint32_t ifindex, std::uint32_t mtu, std::uint32_t flags, std::uint32_t change) {
    return Bytes().u32(ifindex).u32(mtu).u32(flags).u32(change).zeros(8).type(10);
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

TEST(IpLink, AbbreviationsAreThoseOfIproute2) {
    for (const char* text : {"ip l s eth0 up", "ip li se dev eth0 up", "ip -4 link set eth0 up", "ip lin set up eth0",
                             "ip -f inet link set eth0 up"}) {
        EXPECT_EQ(message_of(text), link(2, 0, 1, 1)) << text;
    }
}

TEST(IpLink, AddressIsSixBytes) {
    const Message expected =
        Bytes().u32(2).u32(0).u32(0).u32(0).u8(1).mac({0x02, 0, 0, 0x0A, 0, 0xFE}).zeros(1).type(10);
    EXPECT_EQ(message_of("ip link set eth0 address 02:00:00:0a:0:FE"), expected);
    EXPECT_EQ(message_of("ip link set eth0 addr 02:00:00:0a:0:FE"), expected);
}

Message addr(std::uint32_t ifindex, std::uint32_t address, std::uint32_t peer, std::uint32_t broadcast, unsigned length,
             unsigned scope) {
    return Bytes().u32(ifindex).u32(address).u32(peer).u32(broadcast).u8(length).u8(scope).zeros(2).type(11);
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

TEST(IpAddress, Deletion) {
    const Message expected = Bytes().u32(2).u32(0x0A000001).u8(24).zeros(3).type(12);
    EXPECT_EQ(message_of("ip addr del 10.0.0.1/24 dev eth0"), expected);
    EXPECT_EQ(message_of("ip a d 10.0.0.1/24 dev eth0"), expected);
}

struct Route {
    std::uint32_t destination = 0, gateway = 0, oif = 0, prefsrc = 0, metric = 0, table = 254;
    unsigned length = 0, type = 1, scope = 0, replace = 0, onlink = 0, append = 0;
    Message message() const {
        Bytes bytes;
        bytes.u32(destination).u32(gateway).u32(oif).u32(prefsrc).u32(metric).u32(table);
        return bytes.u8(length).u8(type).u8(scope).u8(replace).u8(onlink).u8(append).zeros(2).type(13);
    }
};

TEST(IpRoute, GatewayRoutesAreOfUniverseScopeAndDeviceRoutesOfLinkScope) {
    EXPECT_EQ(message_of("ip route add 172.16.0.0/16 via 10.0.1.2"),
              (Route{.destination = 0xAC100000, .gateway = 0x0A000102, .length = 16}.message()));
    EXPECT_EQ(message_of("ip ro a 172.16/16 dev eth1"),
              (Route{.destination = 0xAC100000, .oif = 3, .length = 16, .scope = 253}.message()));
}

TEST(IpRoute, DefaultIsTheEmptyPrefix) {
    const Message expected = Route{.gateway = 0x0A000102}.message();
    for (const char* text : {"ip route add default via 10.0.1.2", "ip r a 0.0.0.0/0 via 10.0.1.2",
                             "ip route add to default via inet 10.0.1.2", "ip route add unicast all via 10.0.1.2"}) {
        EXPECT_EQ(message_of(text), expected) << text;
    }
}

TEST(IpRoute, AllOptionsInAnyOrder) {
    const Message expected = Route{.destination = 0xC0A80000,
                                   .gateway = 0x0A000102,
                                   .oif = 3,
                                   .prefsrc = 0x0A000101,
                                   .metric = 77,
                                   .table = 100,
                                   .length = 24,
                                   .scope = 200,
                                   .onlink = 1}
                                 .message();
    EXPECT_EQ(message_of("ip route add 192.168.0.0/24 via 10.0.1.2 dev eth1 src 10.0.1.1 metric 77 table 100 "
                         "scope site proto static onlink"),
              expected);
    EXPECT_EQ(message_of("ip route add onlink proto 4 scope 200 tab 0x64 priority 77 src 10.0.1.1 dev eth1 "
                         "via 10.0.1.2 192.168.0.0/24"),
              expected);
}

TEST(IpRoute, TypesWithoutNextHop) {
    EXPECT_EQ(message_of("ip route add blackhole 172.16.1.0/24"),
              (Route{.destination = 0xAC100100, .length = 24, .type = 6}.message()));
    EXPECT_EQ(message_of("ip route add unreachable 172.16.1.0/24"),
              (Route{.destination = 0xAC100100, .length = 24, .type = 7}.message()));
    EXPECT_EQ(message_of("ip route add un 172.16.1.0/24"),
              (Route{.destination = 0xAC100100, .length = 24, .type = 7}.message()));
    EXPECT_EQ(message_of("ip route add prohibit 172.16.1.0/24 metric 5"),
              (Route{.destination = 0xAC100100, .metric = 5, .length = 24, .type = 8}.message()));
}

TEST(IpRoute, HostBitsAreLeftForTheKernelToRefuse) {
    EXPECT_EQ(message_of("ip route add 10.6.0.1/16 via 10.0.0.2"),
              (Route{.destination = 0x0A060001, .gateway = 0x0A000002, .length = 16}.message()));
}

TEST(IpRoute, ReplaceAndAppendAreFlags) {
    EXPECT_EQ(message_of("ip route replace default via 10.0.1.2"),
              (Route{.gateway = 0x0A000102, .replace = 1}.message()));
    EXPECT_EQ(message_of("ip route append default via 10.0.1.2"),
              (Route{.gateway = 0x0A000102, .append = 1}.message()));
}

TEST(IpRoute, TablesHaveNames) {
    EXPECT_EQ(message_of("ip route add default via 10.0.1.2 table main"), (Route{.gateway = 0x0A000102}.message()));
    EXPECT_EQ(message_of("ip route add default via 10.0.1.2 table default"),
              (Route{.gateway = 0x0A000102, .table = 253}.message()));
    EXPECT_EQ(message_of("ip route add default via 10.0.1.2 table local"),
              (Route{.gateway = 0x0A000102, .table = 255}.message()));
}

TEST(IpRoute, DeletionLeavesOpenWhatIsNotSaid) {
    Bytes any;
    any.u32(0xAC100000).u32(0).u32(0).u32(0).u32(254).u8(16).u8(0).zeros(2);
    EXPECT_EQ(message_of("ip route del 172.16.0.0/16"), any.type(14));
    Bytes one;
    one.u32(0xAC100000).u32(0x0A000102).u32(3).u32(9).u32(7).u8(16).u8(6).zeros(2);
    EXPECT_EQ(message_of("ip r d blackhole 172.16.0.0/16 via 10.0.1.2 dev eth1 metric 9 table 7"), one.type(14));
}

Message neigh(unsigned replace) {
    Bytes bytes;
    bytes.u32(2).u32(0x0A000002).mac({0x02, 0, 0, 0x0A, 0, 0x02}).u16(0x80).u8(replace).zeros(3);
    return bytes.type(15);
}

TEST(IpNeighbour, PermanentEntries) {
    for (const char* text : {"ip neigh add 10.0.0.2 lladdr 02:00:00:0a:00:02 dev eth0 nud permanent",
                             "ip n a to 10.0.0.2 dev eth0 ll 2:0:0:a:0:2",
                             "ip neighbour add 10.0.0.2 nud 0x80 dev eth0 lladdr 2:0:0:a:0:2",
                             "ip neighbor add dev eth0 10.0.0.2 lladdr 02:00:00:0A:00:02"}) {
        EXPECT_EQ(message_of(text), neigh(0)) << text;
    }
    EXPECT_EQ(message_of("ip neigh replace 10.0.0.2 lladdr 02:00:00:0a:00:02 dev eth0"), neigh(1));
}

TEST(IpNeighbour, Deletion) {
    EXPECT_EQ(message_of("ip neigh del 10.0.0.2 dev eth1"), Bytes().u32(3).u32(0x0A000002).type(16));
}

}  // namespace
}  // namespace turnpike::config
