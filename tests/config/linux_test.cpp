// SPDX-License-Identifier: Apache-2.0
// The real tools as judges: in a network namespace with the same ports, what this parser takes and what it refuses as
// wrong must be what ip(8) and sysctl(8) take and refuse. Needs root.
#include <gtest/gtest.h>
#include <unistd.h>

#include <cstdlib>
#include <string>

#include "tests/config/message_bytes.h"

namespace turnpike::config {
namespace {

class Namespace {
  public:
    Namespace() : name_("tpcfg" + std::to_string(getpid())) {
        made_ = run("ip netns add " + name_) && inside("ip link add eth0 type veth peer name far0") &&
                inside("ip link add eth1 type veth peer name far1") && inside("ip link set far0 up") &&
                inside("ip link set far1 up");
    }
    ~Namespace() { run("ip netns del " + name_); }
    Namespace(const Namespace&) = delete;
    Namespace& operator=(const Namespace&) = delete;

    bool made() const { return made_; }
    bool inside(const std::string& command) const { return run("ip netns exec " + name_ + " " + command); }

  private:
    static bool run(const std::string& command) {
        return std::system((command + " >/dev/null 2>&1").c_str()) == 0;  // NOLINT(cert-env33-c)
    }
    std::string name_;
    bool made_;
};

TEST(Linux, AcceptsInOrderWhatTheParserAccepts) {
    const Namespace linux_router;
    if (!linux_router.made()) GTEST_SKIP() << "needs root and ip netns";
    for (const char* command : {
             "ip link set lo up",
             "ip l s eth0 up",
             "ip li se dev eth1 up mtu 1400 promisc on promisc off allmulticast on multicast on",
             "ip link set eth0 addr 02:00:00:0a:0:FE",
             "ip -4 addr add 10.0.0.1/24 brd + dev eth0",
             "ip a a 10.0.1.1/255.255.255.0 dev eth1",
             "ip ad ad local 10.2/16 dev eth1",
             "ip addr add 10.3.0.1 peer 10.3.0.2/32 scope link dev eth0",
             "ip addr add 0x0a.4.0.1/0x18 label eth0:1 dev eth0",
             "ip addr del 10.0.4.0 dev eth0 2>/dev/null || true",
             "ip neigh add 10.0.0.2 lladdr 02:00:00:0a:00:02 dev eth0 nud permanent",
             "ip n a to 10.0.0.3 dev eth0 ll 2:0:0:a:0:2",
             "ip neighbour replace 10.0.0.3 nud 0x80 dev eth0 lladdr 2:0:0:a:0:3",
             "ip neigh del 10.0.0.3 dev eth0",
             "ip route add 172.16.0.0/16 via 10.0.0.2",
             "ip ro a 172.17/16 dev eth1",
             "ip route add to default via inet 10.0.0.2",
             "ip r r all via 10.0.0.2 dev eth0",
             "ip route add black 172.18.2.0/24",
             "ip route add un 172.18.3.0/24",
             "ip route add onlink proto 4 scope 200 tab 0x64 priority 77 src 10.0.1.1 dev eth1 via 10.9.9.9 "
             "192.168.0.0/24",
             "ip route add blackhole 172.18.1.0/24 metric 5",
             "ip route append 172.16.0.0/16 via 10.0.0.4",
             "ip route add unicast 172.19.0.0/16 via 10.0.0.2 table default proto static",
             "ip r d 172.16.0.0/16 via 10.0.0.4",
             "ip route del blackhole 172.18.1.0/24",
             "ip route add 172.20.0.0/16 nexthop via 10.0.0.2 weight 3 nexthop via inet 10.0.0.3 dev eth0 onlink",
             "ip route del 172.20.0.0/16 nexthop via 10.0.0.2 nexthop via 10.0.0.3 weight 1",
             "ip route add local 172.21.0.0/16 dev lo",
             "ip route add brd 172.22.0.0/16 dev eth0",
             "ip route add multicast 225.0.0.0/8 dev eth0",
             "ip route add throw 172.23.0.0/16 table 7",
             "ip route add 172.24.0.0/16 via 10.0.0.2 tos 10 mtu lock 1400",
             "ip route prepend 172.24.0.0/16 via 10.0.0.2 ds 0x10 mtu 1300",
             "ip route change 172.24.0.0/16 via 10.0.0.3 tos 10",
             "ip route del 172.24.0.0/16 tos 10 via 10.0.0.3 proto boot scope global",
             "ip r f t 7",
             "ip route flush cache",
             "ip ru a from 10/8 lookup 200 pref 44",
             "ip rule add not from 10.0.0.0/8 to 172.16.0.0/12 iif eth0 fwmark 0x1/0xff tos 10 ipproto tcp sport 10-20 "
             "dport 80 prio 50 goto 32766",
             "ip rule add oif eth1 ipproto 17 order 51 nop",
             "ip rule add fwmark 3 type blackhole prio 52",
             "ip rule add table main sup_pl 0 prio 53",
             "ip nexthop add id 1 via 10.0.0.2 dev eth0",
             "ip nex a via inet 10.0.1.2 dev eth1 onlink proto static id 0x2",
             "ip nexthop repl id 3 dev eth1 p 77",
             "ip nexthop add blackhole id 6",
             "ip nexthop add id 10 group 1/2,256/0x3,2 type mpath",
             "ip nexthop add dev eth0",
             "ip route add 172.30.0.0/16 nhid 10",
             "ip route append 172.30.0.0/16 nhid 0x1 mtu 1300",
             "ip route del 172.30.0.0/16 nhid 10",
             "ip nexthop flush id 10",
             "ip nexthop flush dev eth1",
             "ip nexthop flush protocol 4",
             "ip nexthop flush group",
             "ip nexthop del id 6",
             "ip nexthop flush",
             "ip route add 172.31.0.0/16 via 10.0.0.2 expires 5 pref high ttl-propagate enabled as to 10.0.0.3",
             "ip route add 172.31.1.0/24 from 10.0.0.0/8 nexthop via 10.0.0.2 as 10.0.0.3 realms 3/4",
             "ip route flush root 172.31/16 proto boot",
             "ip route flush match 172.31.0.1 type blackhole",
             "ip route flush exact 172.31.0.0/16 table all",
             "ip route flush to 172.31.0.0/16",
             "ip -s -d -o link show dev eth0",
             "ip -br -c a",
             "ip r s table all",
             "ip route list match 10.0.0.1",
             "ip route get 10.0.0.9",
             "ip ru",
             "ip neigh show nud all",
             "ip nex",
             "ip mroute show",
             "ip maddr",
             "ip ntable show dev eth0",
             "ip rule del fwmark 3 prio 52",
             "ip rule del from 10.0.0.0/8 table 200",
             "ip neigh add 10.0.0.7 dev eth0 nud failed",
             "ip neigh add 10.0.0.8 dev eth0 nud reach lladdr 2:0:0:0:0:8",
             "ip neigh change 10.0.0.8 dev eth0 nud permanent",
             "ip neigh add proxy 10.0.0.9 dev eth1",
             "ip n d proxy 10.0.0.9 dev eth1",
             "ip n f dev eth0",
             "ip neigh flush all",
             "ip addr replace 10.0.0.1/24 dev eth0",
             "ip a c 10.8.0.1/24 metric 55 brd - dev eth0",
             "ip addr add 10.9.0.1/24 noprefixroute dev eth0",
             "ip addr del 10.9.0.1 dev eth0",
             "ip addr add 10.9.1.1/24 dev eth0 valid_lft 0x100 preferred_lft 5",
             "ip addr change 10.9.1.1/24 dev eth0 valid forever pref 10",
             "ip addr add 10.9.1.2/24 dev eth0 preferred_lft 0",
             "ip link set eth0 txq 7 arp off",
             "ip link set dev eth1 alias 'to the lab'",
             "ip rule add to 10.77.0.0/16 unicast prio 54",
             "ip link change eth0 arp on qlen 9",
             "ip a f eth1",
             "ip ru f",
             "sysctl -w net.ipv4.ip_forward=1 net.ipv4.ip_default_ttl=63",
             "sysctl -w net/ipv4/conf/eth0/forwarding=1",
             "sysctl -qw 'net.ipv4.ip_forward = 0x1'",
             "sysctl -w net.ipv4.ip_local_port_range='1024 2000'",
             "sysctl -w net.ipv4.fib_multipath_hash_policy=3 net.ipv4.fib_multipath_hash_fields=0xfff",
             "sysctl -w net.ipv4.neigh.eth0.unres_qlen=3 net.ipv4.neigh.eth1.retrans_time=50",
             "sysctl -w net.ipv4.conf.eth0.medium_id=-1 net.ipv4.route.flush=1 net.ipv4.igmp_qrv=3",
             "sysctl -w net.ipv4.icmp_echo_enable_probe=1 net.ipv4.fwmark_reflect=1",
             "sysctl -w net.ipv4.tcp_sack=0 net.ipv4.conf.all.tag=5 net.ipv4.tcp_rmem='4096 87380 100000'",
             "ip addr add 239.1.1.1/32 dev eth0 autojoin valid_lft forever preferred_lft forever",
         }) {
        const std::string text(command);
        const std::string ours = text.substr(0, text.find(" 2>"));
        EXPECT_EQ(error_of(ours), "accepted");
        EXPECT_TRUE(linux_router.inside(text)) << text;
    }
}

TEST(Linux, RefusesWhatTheParserRefusesAsWrong) {
    const Namespace linux_router;
    if (!linux_router.made()) GTEST_SKIP() << "needs root and ip netns";
    for (const char* command : {
             "ip foo",
             "ip link set eth9 up",
             "ip link set eth0 foo",
             "ip link set eth0 mtu abc",
             "ip link set eth0 promisc maybe",
             "ip link set eth0 address 02:00",
             "ip addr add 10.0.0.1/33 dev eth0",
             "ip addr add 10.0.0.300/24 dev eth0",
             "ip addr add 10.0.0.1/24 eth0",
             "ip addr add 10.0.0.1/24",
             "ip route add foo via 10.0.0.1",
             "ip route add default via 10.0.0.2 foo",
             "ip route add default via 10.0.0.2 via 10.0.0.3",
             "ip route add default dev eth0 metric 4294967296",
             "ip route add default dev eth0 scope 256",
             "ip route add any via 10.0.0.2",
             "ip neigh add 10.0.0.2 lladdr 2:0:0:0:0:1",
             "ip neigh add 10.0.0.2 lladdr 2:0:0:0:0:1 dev eth0 nud 3",
             "ip neigh flush",
             "ip route flush",
             "ip route add default nexthop",
             "ip route add default nexthop via 10.0.0.2 weight 0",
             "ip route add default nexthop via 10.0.0.2 foo",
             "ip route add default dev eth0 expires 5s",
             "ip route add default dev eth0 pref best",
             "ip route add default dev eth0 ttl-propagate on",
             "ip route add default dev eth0 nhid x",
             "ip route add default via 10.0.0.2 pervasive",
             "ip route flush foo",
             "ip route flush type foo",
             "ip route show dev eth9",
             "ip nexthop add id x dev eth0",
             "ip nexthop add id 1 dev eth0 scope link",
             "ip nexthop add id 1 group 1/",
             "ip nexthop add id 1 group 1,257",
             "ip nexthop add id 1 group 1,2,3",
             "ip nexthop add id 1 group 1 type hash",
             "ip nexthop del",
             "ip nexthop del 1",
             "ip nexthop flush all",
             "ip nexthop show dev eth9",
             "ip addr add 10.9.9.9/24 dev eth0 valid_lft 0",
             "ip addr add 10.9.9.9/24 dev eth0 valid_lft 5",
             "ip addr add 10.9.9.9/24 dev eth0 valid_lft 5s preferred_lft 1",
             "ip rule add",
             "ip rule add foo",
             "ip rule add fwmark x",
             "ip rule add ipproto 0x11",
             "ip rule add sport 20-10",
             "ip rule add tos lowdelay",
             "ip addr flush",
             "ip link set eth0 up dev eth1",
             "sysctl -w net.ipv4.foo=1",
             "sysctl -w net.ipv4.conf.eth9.forwarding=1",
             "sysctl -w net.ipv4.ip_default_ttl=0",
             "echo 1 > /proc/sys/net/ipv4/conf/all/mc_forwarding",
             "sysctl -w net.ipv4.fib_multipath_hash_policy=4",
             "sysctl -w net.ipv4.fib_multipath_hash_fields=0",
             "sysctl -w net.ipv4.fib_multipath_hash_fields=4096",
             "sysctl -w net.ipv4.tcp_sack=256",
             "sysctl -w net.ipv4.ip_local_port_range='1000 2000'",
             "sysctl -w net.ipv4.neigh.eth0.unres_qlen=1027505",
             "sysctl -w net.ipv4.ip_default_ttl=abc",
             "sysctl -w net.ipv4.ip_forward",
         }) {
        EXPECT_NE(error_of(command), "accepted") << command;
        EXPECT_FALSE(linux_router.inside(command)) << command;
    }
}

}  // namespace
}  // namespace turnpike::config
