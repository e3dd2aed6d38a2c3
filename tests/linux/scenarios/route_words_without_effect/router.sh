# Attributes of routes that are about TCP, MPLS or IPv6 change nothing for IPv4 packets
ip link set eth0 up
ip addr add 10.0.0.1/24 dev eth0
ip neigh add 10.0.0.2 lladdr 02:00:00:0a:00:02 dev eth0 nud permanent
ip neigh add 10.0.0.3 lladdr 02:00:00:0a:00:03 dev eth0 nud permanent
ip link set eth1 up
ip addr add 10.0.1.1/24 dev eth1
ip neigh add 10.0.1.2 lladdr 02:00:00:0b:01:02 dev eth1 nud permanent
ip neigh add 10.0.1.3 lladdr 02:00:00:0b:01:03 dev eth1 nud permanent
sysctl -w net.ipv4.ip_forward=1
ip route add 172.16.1.0/24 via 10.0.1.2 expires 1
ip route add 172.16.2.0/24 via 10.0.1.2 pref low
ip route add 172.16.3.0/24 via 10.0.1.2 ttl-propagate disabled
ip route add 172.16.4.0/24 via 10.0.1.2 as to 10.0.0.3
ip route add 172.16.5.0/24 via 10.0.1.2 from 10.5.0.0/16
ip route add 172.16.6.0/24 via 10.0.1.2 realms 3/4
ip route add 172.16.7.0/24 via 10.0.1.2 advmss 500 quickack 1 initcwnd 5 initrwnd 5 window 100 cwnd lock 3
ip route add 172.16.8.0/24 via 10.0.1.2 rtt 10ms rttvar 5 rto_min 10ms reordering 3 ssthresh 4 features ecn
ip route add 172.16.9.0/24 via 10.0.1.2 congctl reno fastopen_no_cookie 1
ip route add 172.16.10.0/24 nexthop via 10.0.1.2 as to 10.0.0.3 realms 7
ip addr show
ip -s link show dev eth0
ip route show table all
ip route get 172.16.1.9
ip neigh
