# rules, route NAT, several next hops, the route cache
ip link set eth0 up
ip addr add 10.0.0.1/24 dev eth0
ip neigh add 10.0.0.2 lladdr 02:00:00:0a:00:02 dev eth0 nud permanent
ip link set eth1 up
ip addr add 10.0.1.1/24 dev eth1
ip neigh add 10.0.1.2 lladdr 02:00:00:0b:01:02 dev eth1 nud permanent
ip link set eth2 up
ip addr add 10.0.2.1/24 dev eth2
ip neigh add 10.0.2.2 lladdr 02:00:00:0c:02:02 dev eth2 nud permanent
sysctl -w net.ipv4.ip_forward=1
ip route add 192.168.0.0/16 via 10.0.1.2
ip route add 172.16.0.0/12 nexthop via 10.0.1.2 weight 3 nexthop via 10.0.2.2 weight 1
ip route add nat 203.0.113.0/24 via 192.168.0.0
ip route add default via 10.0.2.2 table 100
ip route add throw 10.0.1.0/24 table 100
ip rule add prio 100 from 10.0.0.2 nat 10.0.1.77
ip rule add prio 101 tos 0x10 table 100
ip rule add prio 102 ipproto udp dport 9 prohibit
ip rule add prio 103 iif eth2 to 198.18.0.0/15 unreachable
sysctl -w net.ipv4.fib_multipath_hash_policy=1
sysctl -w net.ipv4.rt_cache_rebuild_count=4
sysctl -w net.ipv4.route.gc_thresh=4
sysctl -w net.ipv4.route.max_size=16
sysctl -w net.ipv4.route.gc_timeout=1
sysctl -w net.ipv4.conf.all.rp_filter=2
sysctl -w net.ipv4.conf.all.log_martians=1
