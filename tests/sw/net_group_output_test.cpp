// SPDX-License-Identifier: Apache-2.0
// What this host's programs send to groups (RFC 1112 6.1; Linux net/ipv4/ip_output.c, ip_mc_output, and
// net/ipv4/route.c, __mkroute_output): copies for its own members and for those that it forwards to.
#include "tests/sw/net_socket.h"

namespace fw::test {
namespace {

constexpr u32 kGroup = ip4(239, 1, 2, 3);
constexpr u16 kPort = 7000;
constexpr u64 kSoPriority = 12, kMulticastTtl = 33, kMulticastLoop = 34;

class GroupOutput : public Sockets {
  protected:
    void SetUp() override {
        Sockets::SetUp();
        ASSERT_EQ(inet_route_add(on_link(ip4(239, 0, 0, 0), 8, kEth0)), 0);
        got_ = 0;
    }
    void TearDown() override {
        for (u32 i = 0; i < kPorts; ++i) link_down(kEth0 + i);
        native::advance(u64{60} * kSec);
        Router::TearDown();
    }

    static void join() {
        ASSERT_EQ(ip_mc_inc_group(port(kEth0), kGroup), 0);
        native::advance(u64{10} * kSec);  // routers have been told
        sent_frames().clear();
        native::run_program([] {
            const int fd = user::socket(user::SOCK_DGRAM, 0);
            EXPECT_EQ(user::bind(fd, user::address(0, kPort)), 0);
            for (u8 buffer[8];;) {
                user::sockaddr_in from;
                if (user::recvfrom(fd, buffer, sizeof buffer, from) > 0) ++got_;
            }
        });
    }
    /// A program sends one datagram to the group with an option of its socket set.
    static void send(u64 level = 0, u64 option = 0, int value = 0) {
        native::run_program([=] {
            const int fd = user::socket(user::SOCK_DGRAM, 0);
            if (option != 0) EXPECT_EQ(user::setsockopt(fd, level, option, value), 0);
            EXPECT_EQ(user::sendto(fd, "x", 1, user::address(kGroup, kPort)), 1);
        });
        settle();
        native::advance(kSec);
    }

    static inline unsigned got_ = 0;
};

TEST_F(GroupOutput, AMemberOfThisHostGetsACopyOfItsOwn) {
    join();
    send();
    EXPECT_EQ(got_, 1U);
    ASSERT_EQ(sent().size(), 1U);
    EXPECT_EQ(sent()[0].frame[14 + 8], 1);  // RFC 1112 6.1: TTL 1 unless the program asks for more
    EXPECT_EQ(fate(Fate::delivered), 1U);
    EXPECT_EQ(counter(Snmp::IpExtInMcastPkts), 1U);
}

TEST_F(GroupOutput, WithoutMembersThereIsNoCopy) {
    send();
    EXPECT_EQ(sent().size(), 1U);
    EXPECT_EQ(counter(Snmp::IpInReceives), 0U);
}

TEST_F(GroupOutput, AProgramMayWantNoCopy) {
    join();
    send(user::SOL_IP, kMulticastLoop, 0);
    EXPECT_EQ(got_, 0U);
    EXPECT_EQ(sent().size(), 1U);
}

TEST_F(GroupOutput, TtlZeroReachesThisHostOnly) {
    join();
    send(user::SOL_IP, kMulticastTtl, 0);
    EXPECT_EQ(got_, 1U);
    EXPECT_TRUE(sent().empty());
}

TEST_F(GroupOutput, WhatItSendsIsForwardedAsWell) {
    rc::MrouteAdd entry;
    entry.source = kRouter;
    entry.group = kGroup;
    entry.iif = kEth0;
    entry.ttl[kEth1 - 1] = 1;
    ASSERT_EQ(inet_mroute_add(entry), 0);
    send(user::SOL_IP, kMulticastTtl, 9);
    ASSERT_EQ(sent().size(), 2U);
    const auto at = [](u32 ifindex) { return sent()[sent()[0].ifindex == ifindex ? 0 : 1]; };
    EXPECT_EQ(at(kEth0).frame[14 + 8], 9);
    EXPECT_EQ(at(kEth1).ifindex, kEth1);
    EXPECT_EQ(at(kEth1).frame[14 + 8], 8);
}

TEST_F(GroupOutput, ARouteOfTheGroupsThatLeadsToAGatewayServesMembersToo) {
    ASSERT_EQ(inet_route_del(del(ip4(239, 0, 0, 0), 8)), 0);
    ASSERT_EQ(inet_route_add(via(ip4(239, 0, 0, 0), 8, kHost)), 0);
    send();
    EXPECT_EQ(counter(Snmp::IpInReceives), 0U);
    ASSERT_EQ(sent().size(), 1U);
    EXPECT_EQ(sent()[0].frame[5], 2);  // the gateway's MAC, not the group's
    EXPECT_EQ(counter(Snmp::IpExtOutMcastPkts), 1U);
    join();
    send();
    EXPECT_EQ(got_, 1U);
    EXPECT_EQ(sent().size(), 1U);
    send(user::SOL_IP, kMulticastTtl, 0);
    EXPECT_EQ(got_, 2U);
    EXPECT_EQ(sent().size(), 1U);
}

TEST_F(GroupOutput, ASocketsPriorityIsThatOfItsPackets) {
    static u32 seen = 0;
    static const nf_hook_ops kLooks = {[](void*, sk_buff* skb, const nf_hook_state*) {
                                           seen = skb->priority;
                                           return NF_ACCEPT;
                                       },
                                       nullptr, NF_INET_POST_ROUTING, NF_IP_PRI_MANGLE};
    ASSERT_EQ(nf_register_hook(&kLooks), 0);
    send(user::SOL_SOCKET, kSoPriority, 5);
    EXPECT_EQ(seen, 5U);
    send(user::SOL_IP, user::IP_TOS, 0x10);
    EXPECT_EQ(seen, rt_tos2priority(0x10));
    nf_unregister_hook(&kLooks);
}

TEST_F(GroupOutput, PrioritiesAboveSixAreForTheKernel) {
    native::run_program([] {
        const int fd = user::socket(user::SOCK_DGRAM, 0);
        EXPECT_EQ(user::setsockopt(fd, user::SOL_SOCKET, kSoPriority, 6), 0);
        EXPECT_EQ(user::setsockopt(fd, user::SOL_SOCKET, kSoPriority, 7), -err::perm);
        EXPECT_EQ(user::setsockopt(fd, user::SOL_SOCKET, kSoPriority, -1), -err::perm);
    });
}

constexpr u64 kAdd = 35, kDrop = 36;

/// struct ip_mreqn, or so much of it.
i64 membership(int fd, u64 what, u32 group, u32 address, u32 ifindex, u64 bytes = 12) {
    const u32 words[] = {wire::swap32(group), wire::swap32(address), ifindex};
    return user::syscall(nr::setsockopt, static_cast<u64>(fd), user::SOL_IP, what, user::address_of(words), bytes);
}

TEST_F(GroupOutput, ASocketJoinsByNumberAddressOrRouteAndLeavesTheSameWay) {
    native::run_program([] {
        const int fd = user::socket(user::SOCK_DGRAM, 0);
        EXPECT_EQ(membership(fd, kAdd, kGroup, 0, kEth1), 0);
        EXPECT_TRUE(ip_check_mc(port(kEth1), kGroup));
        EXPECT_EQ(membership(fd, kAdd, kGroup, ip4(10, 0, 0, 1), 0, 8), 0);
        EXPECT_TRUE(ip_check_mc(port(kEth0), kGroup));
        EXPECT_EQ(membership(fd, kAdd, kGroup + 1, 0, 0, 8), 0);  // the route of 239.0.0.0/8
        EXPECT_TRUE(ip_check_mc(port(kEth0), kGroup + 1));
        EXPECT_EQ(membership(fd, kDrop, kGroup, 0, kEth1), 0);
        EXPECT_FALSE(ip_check_mc(port(kEth1), kGroup));
        EXPECT_EQ(membership(fd, kDrop, kGroup, ip4(10, 0, 0, 1), 0), 0);
        EXPECT_FALSE(ip_check_mc(port(kEth0), kGroup));
        EXPECT_EQ(membership(fd, kDrop, kGroup + 1, 0, 0), 0);
        EXPECT_FALSE(ip_check_mc(port(kEth0), kGroup + 1));
    });
}

TEST_F(GroupOutput, WhatASocketIsInEndsWithIt) {
    native::run_program([] {
        const int fd = user::socket(user::SOCK_DGRAM, 0);
        EXPECT_EQ(membership(fd, kAdd, kGroup, 0, kEth0), 0);
    });
    settle();
    EXPECT_FALSE(ip_check_mc(port(kEth0), kGroup));
}

TEST_F(GroupOutput, MembershipsThatCannotBeAreRefused) {
    sysctl_write(SysctlId::igmp_max_memberships, 0, 2);
    native::run_program([] {
        const int fd = user::socket(user::SOCK_DGRAM, 0);
        EXPECT_EQ(membership(fd, kAdd, kGroup, 0, kEth0, 7), -err::inval);
        EXPECT_EQ(membership(fd, kAdd, ip4(10, 0, 0, 9), 0, kEth0), -err::inval);
        EXPECT_EQ(membership(fd, kAdd, kGroup, 0, 99), -err::nodev);
        EXPECT_EQ(membership(fd, kAdd, kGroup, ip4(10, 9, 9, 9), 0), -err::nodev);
        EXPECT_EQ(membership(fd, kAdd, ip4(232, 1, 1, 1), 0, 0), -err::nodev);
        EXPECT_EQ(membership(fd, kDrop, ip4(232, 1, 1, 1), 0, 0), -err::nodev);
        EXPECT_EQ(membership(fd, kDrop, kGroup, 0, kEth0), -err::addrnotavail);
        EXPECT_EQ(membership(fd, kAdd, kGroup, 0, kEth0), 0);
        EXPECT_EQ(membership(fd, kAdd, kGroup, 0, kEth0), -err::addrinuse);
        EXPECT_EQ(membership(fd, kDrop, kGroup, ip4(10, 0, 1, 1), 0), -err::addrnotavail);
        EXPECT_EQ(membership(fd, kAdd, kGroup + 1, 0, kEth0), 0);
        EXPECT_EQ(membership(fd, kAdd, kGroup + 2, 0, kEth0), -err::nobufs);
        EXPECT_EQ(user::syscall(nr::setsockopt, static_cast<u64>(fd), user::SOL_IP, kAdd, u64{8}, u64{12}),
                  -err::fault);
    });
}

}  // namespace
}  // namespace fw::test
