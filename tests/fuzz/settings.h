// SPDX-License-Identifier: Apache-2.0
// Configurations of the fuzzed router, in the words of router.sh. Their places in the lists are part of the seeds'
// format: new ones go to the end.
#pragma once

namespace fw::fuzz {

/// Takes back whatever an input did. What is not there to be taken away is refused, which does not matter.
inline constexpr const char* kReset = R"(
ip link set eth0 down promisc off allmulticast off arp on mtu 1500
ip link set eth1 down promisc off allmulticast off arp on mtu 1500
ip link set eth2 down promisc off allmulticast off arp on mtu 1500
ip addr flush dev eth0
ip addr flush dev eth1
ip addr flush dev eth2
ip nexthop flush
ip route flush table main
ip route flush table default
ip route flush table 100
ip route flush cache
ip rule flush
ip rule add prio 32766 table main
ip rule add prio 32767 table default
ip neigh del proxy 10.0.0.200 dev eth0
ip mroute del 10.0.0.2 239.1.1.1
ip mroute del 0.0.0.0 239.1.1.1
)";

/// Three networks, neighbours that are there and such as never answer, and a route of every kind.
inline constexpr const char* kBase = R"(
sysctl -w net.ipv4.ip_forward=1
ip link set eth0 up
ip link set eth1 up
ip link set eth2 mtu 576 up
ip addr add 10.0.0.1/24 dev eth0
ip addr add 10.0.0.5/24 dev eth0
ip addr add 10.0.1.1/24 dev eth1
ip addr add 10.0.2.1/24 dev eth2
ip neigh add 10.0.0.2 lladdr 02:00:00:0a:00:02 dev eth0 nud permanent
ip neigh add 10.0.1.2 lladdr 02:00:00:0b:01:02 dev eth1 nud permanent
ip neigh add 10.0.1.3 lladdr 02:00:00:0b:01:03 dev eth1 nud permanent
ip neigh add 10.0.2.2 lladdr 02:00:00:0c:02:02 dev eth2 nud permanent
ip route add 192.168.0.0/16 via 10.0.1.2
ip route add 192.168.1.0/24 via 10.0.2.2
ip route add 172.16.0.0/12 nexthop via 10.0.1.2 weight 3 nexthop via 10.0.2.2 weight 1
ip route add blackhole 198.18.0.0/24
ip route add unreachable 198.18.1.0/24
ip route add prohibit 198.18.2.0/24
ip route add throw 198.18.3.0/24
ip route add 198.18.4.0/24 via 10.0.0.3
ip route add 198.18.5.0/24 via 10.0.1.2 mtu 600
ip nexthop add id 1 via 10.0.1.2 dev eth1
ip nexthop add id 2 via 10.0.2.2 dev eth2
ip nexthop add id 3 group 1,3/2
ip route add 198.18.6.0/24 nhid 3
ip route add default via 10.0.1.2 table 100
ip mroute add 0.0.0.0 239.1.1.1 iif eth0 oif eth1 oif eth2:5
)";

/// Each may be chosen or not, at the beginning.
inline constexpr const char* kChoices[32] = {
    "sysctl -w net.ipv4.ip_forward=0",
    "sysctl -w net.ipv4.conf.all.accept_source_route=1",
    "sysctl -w net.ipv4.conf.all.rp_filter=1",
    "sysctl -w net.ipv4.conf.eth0.rp_filter=2",
    "sysctl -w net.ipv4.conf.all.log_martians=1",
    "sysctl -w net.ipv4.conf.all.accept_redirects=1\nsysctl -w net.ipv4.conf.all.secure_redirects=0",
    "sysctl -w net.ipv4.conf.all.proxy_arp=1\nip neigh add proxy 10.0.0.200 dev eth0",
    "sysctl -w net.ipv4.conf.all.arp_ignore=2\nsysctl -w net.ipv4.conf.all.arp_announce=2",
    "sysctl -w net.ipv4.conf.all.arp_accept=1\nsysctl -w net.ipv4.conf.all.arp_filter=1",
    "sysctl -w net.ipv4.fib_multipath_hash_policy=3\nsysctl -w net.ipv4.fib_multipath_hash_fields=4095\n"
    "sysctl -w net.ipv4.icmp_echo_enable_probe=1",
    "sysctl -w net.ipv4.conf.all.bc_forwarding=1\nsysctl -w net.ipv4.conf.eth1.bc_forwarding=1",
    "sysctl -w net.ipv4.conf.all.route_localnet=1\nsysctl -w net.ipv4.conf.all.accept_local=1",
    "sysctl -w net.ipv4.icmp_echo_ignore_broadcasts=0",
    "sysctl -w net.ipv4.icmp_errors_use_inbound_ifaddr=1",
    "sysctl -w net.ipv4.icmp_ratelimit=1000\nsysctl -w net.ipv4.icmp_ratemask=6168\n"
    "sysctl -w net.ipv4.icmp_msgs_burst=2\nsysctl -w net.ipv4.icmp_msgs_per_sec=3",
    "sysctl -w net.ipv4.ipfrag_low_thresh=4000\nsysctl -w net.ipv4.ipfrag_high_thresh=9000",
    "sysctl -w net.ipv4.ipfrag_time=1\nsysctl -w net.ipv4.ipfrag_max_dist=2",
    "sysctl -w net.ipv4.fib_multipath_hash_policy=1",
    "sysctl -w net.ipv4.rt_cache_rebuild_count=4\nsysctl -w net.ipv4.route.max_size=4",
    "sysctl -w net.ipv4.rt_cache_rebuild_count=4\nsysctl -w net.ipv4.route.gc_thresh=2\n"
    "sysctl -w net.ipv4.route.gc_timeout=1",
    "sysctl -w net.ipv4.ip_forward_use_pmtu=1\nsysctl -w net.ipv4.route.min_pmtu=68",
    "sysctl -w net.ipv4.ip_no_pmtu_disc=1",
    "sysctl -w net.ipv4.conf.all.force_igmp_version=2",
    "sysctl -w net.ipv4.neigh.eth0.unres_qlen_bytes=3000\nsysctl -w net.ipv4.neigh.eth0.mcast_solicit=1",
    "sysctl -w net.ipv4.neigh.default.gc_thresh1=0\nsysctl -w net.ipv4.neigh.default.gc_thresh2=2\n"
    "sysctl -w net.ipv4.neigh.default.gc_thresh3=4",
    "sysctl -w net.core.rmem_default=2304",
    "ip rule add prio 100 from 10.0.0.0/24 tos 0x10 table 100",
    "ip rule add prio 101 to 192.168.0.0/16 iif eth1 prohibit\nip rule add prio 102 ipproto udp dport 9 unreachable",
    "ip rule add prio 103 from 10.0.0.2 nat 10.0.1.77\nip route add nat 203.0.113.0/24 via 192.168.0.0",
    "ip route add default via 10.0.1.3",
    "ip addr add 10.0.3.1 peer 10.0.3.2 dev eth2\nip link set eth2 mtu 68",
    "ip link set eth0 promisc on\nip link set eth1 allmulticast on arp off",
};

/// One at a time, in between.
inline constexpr const char* kChanges[] = {
    "ip link set eth0 down",
    "ip link set eth0 up",
    "ip link set eth1 down",
    "ip link set eth1 up",
    "ip addr del 10.0.0.1/24 dev eth0",
    "ip addr add 10.0.0.1/24 dev eth0",
    "ip addr flush dev eth1",
    "ip neigh flush dev eth1",
    "ip neigh del 10.0.1.2 dev eth1",
    "ip neigh replace 10.0.0.3 lladdr 02:00:00:0a:00:03 dev eth0 nud stale",
    "ip neigh replace 10.0.0.2 lladdr 02:00:00:0a:00:02 dev eth0 nud delay",
    "ip route del 192.168.0.0/16",
    "ip route replace 192.168.1.0/24 via 10.0.1.3 mtu lock 300",
    "ip route replace 172.16.0.0/12 nexthop via 10.0.0.2 nexthop via 10.0.0.3 weight 9",
    "ip route flush cache",
    "ip route flush table main",
    "ip rule add prio 50 blackhole",
    "ip rule del prio 50",
    "ip link set eth1 mtu 576",
    "ip link set eth1 mtu 1500",
    "ip link set eth2 address 02:00:00:00:77:77",
    "ip mroute add 10.0.0.2 239.1.1.1 iif eth0 oif eth1 oif eth2",
    "sysctl -w net.ipv4.ip_forward=0",
    "sysctl -w net.ipv4.ip_forward=1",
    "sysctl -w net.ipv4.ipfrag_low_thresh=0\nsysctl -w net.ipv4.ipfrag_high_thresh=0",
    "sysctl -w net.ipv4.rt_cache_rebuild_count=-1",
    "ip nexthop replace id 1 via 10.0.0.2 dev eth0",
    "ip nexthop replace id 3 group 2",
    "ip nexthop replace id 3 group 1/2",
    "ip nexthop add id 4 blackhole\nip nexthop replace id 3 group 4",
    "ip nexthop del id 2",
    "ip addr add 10.0.4.1/24 dev eth0 valid_lft 1 preferred_lft 1",
    "ip route change broadcast 10.0.1.255 dev eth1 table local mtu 300",
};
/// What `happen` takes for a program's sending instead of a change; those of the list behind it follow.
inline constexpr unsigned kSending = 27;

}  // namespace fw::fuzz
