// SPDX-License-Identifier: Apache-2.0
// The mtu of routes to broadcast addresses and groups holds for packets of this host (Linux 6.18 net/ipv4/route.c,
// __mkroute_output). Lengths and offsets are those that Linux 6.18 was seen to send for the same routes and datagram.
#include "tests/sw/net_socket.h"

namespace fw::test {
namespace {

constexpr u16 kPort = 9;
constexpr size_t kBytes = 1200;
constexpr u64 kMtuDiscover = 10;  // IP_MTU_DISCOVER, include/uapi/linux/in.h …
constexpr int kPmtudiscDont = 0;  // … as the program that was observed set it

class ToManyMtu : public Sockets {
  protected:
    /// Total length and flags with offset of each IP packet that left, behind an Ethernet destination.
    struct Piece {
        u8 first_of_mac;
        u16 length, frag_off;
        bool operator==(const Piece&) const = default;
    };
    static std::vector<Piece> pieces_to(u32 destination) {
        sent_frames().clear();
        native::run_program([=] {
            static const u8 data[kBytes] = {};
            const int fd = user::socket(user::SOCK_DGRAM, 0);
            EXPECT_EQ(user::setsockopt(fd, user::SOL_SOCKET, user::SO_BROADCAST, 1), 0);
            EXPECT_EQ(user::setsockopt(fd, user::SOL_IP, kMtuDiscover, kPmtudiscDont), 0);
            EXPECT_EQ(user::sendto(fd, data, kBytes, user::address(destination, kPort)), static_cast<i64>(kBytes));
        });
        settle();
        std::vector<Piece> pieces;
        for (const Sent& one : sent()) {
            pieces.push_back({one.frame[0], wire::get16(&one.frame[16]), wire::get16(&one.frame[20])});
        }
        return pieces;
    }
    static rc::RouteAdd to_many(u8 type, u32 destination, u8 prefixlen, u32 mtu) {
        rc::RouteAdd message = on_link(destination, prefixlen, kEth0);
        message.type = type, message.mtu = mtu;
        if (type == rc::RTN_BROADCAST) message.table = rc::RT_TABLE_LOCAL;
        return message;
    }
};

TEST_F(ToManyMtu, ABroadcastIsCutToTheMtuOfItsRoute) {
    const u32 destination = ip4(10, 0, 7, 255);
    ASSERT_EQ(inet_route_add(to_many(rc::RTN_BROADCAST, destination, 32, 800)), 0);
    EXPECT_EQ(pieces_to(destination), (std::vector<Piece>{{0xFF, 796, 0x2000}, {0xFF, 452, 0x0061}}));
    EXPECT_EQ(counter(Snmp::IpExtOutBcastPkts), 2U);
}

TEST_F(ToManyMtu, TheSubnetsBroadcastToo) {
    const u32 destination = ip4(10, 0, 0, 255);
    EXPECT_EQ(pieces_to(destination), (std::vector<Piece>{{0xFF, 1228, 0}}));
    rc::RouteAdd message = to_many(rc::RTN_BROADCAST, destination, 32, 800);
    message.replace = message.change = 1;
    ASSERT_EQ(inet_route_add(message), 0);
    EXPECT_EQ(pieces_to(destination), (std::vector<Piece>{{0xFF, 796, 0x2000}, {0xFF, 452, 0x0061}}));
}

TEST_F(ToManyMtu, TheBroadcastToAllGoesByTheDevice) {
    ASSERT_EQ(inet_route_add(to_many(rc::RTN_BROADCAST, ip4(255, 255, 255, 255), 32, 700)), 0);
    EXPECT_EQ(pieces_to(ip4(255, 255, 255, 255)), (std::vector<Piece>{{0xFF, 1228, 0}}));
}

TEST_F(ToManyMtu, ABroadcastByANextHopObjectGoesToItsGateway) {
    rc::NexthopAdd object;
    object.id = 1, object.gateway = ip4(10, 0, 0, 2), object.oif = kEth0;
    ASSERT_EQ(inet_nexthop_add(object), 0);
    rc::RouteAdd message = to_many(rc::RTN_BROADCAST, ip4(10, 0, 8, 255), 32, 800);
    message.oif = 0, message.nhid = 1;
    ASSERT_EQ(inet_route_add(message), 0);
    EXPECT_EQ(pieces_to(ip4(10, 0, 8, 255)), (std::vector<Piece>{{0x02, 796, 0x2000}, {0x02, 452, 0x0061}}));
}

TEST_F(ToManyMtu, AGroupIsCutToTheMtuOfARouteAboutGroups) {
    const u32 group = ip4(239, 1, 1, 1);
    ASSERT_EQ(inet_route_add(to_many(rc::RTN_MULTICAST, ip4(239, 0, 0, 0), 8, 700)), 0);
    EXPECT_EQ(pieces_to(group), (std::vector<Piece>{{0x01, 700, 0x2000}, {0x01, 548, 0x0055}}));
}

TEST_F(ToManyMtu, NoRouteHasAnMtuBeyondLinuxsMost) {
    rc::RouteAdd message = via(ip4(192, 0, 2, 0), 24, ip4(10, 0, 0, 2));
    message.mtu = 70000;
    ASSERT_EQ(inet_route_add(message), 0);
    EXPECT_EQ(rt_table[fib_lookup_address(ip4(192, 0, 2, 1)).nexthop].mtu, 65520U);  // ip_metrics_convert
}

}  // namespace
}  // namespace fw::test
