# Strict and loose source validation with rules, several routes and multipath back
ip link set eth0 up
ip addr add 10.0.0.1/24 dev eth0
ip neigh add 10.0.0.2 lladdr 02:00:00:0a:00:02 dev eth0 nud permanent
ip neigh add 10.0.0.3 lladdr 02:00:00:0a:00:03 dev eth0 nud permanent
ip link set eth1 up
ip addr add 10.0.1.1/24 dev eth1
ip neigh add 10.0.1.2 lladdr 02:00:00:0b:01:02 dev eth1 nud permanent
ip neigh add 10.0.1.3 lladdr 02:00:00:0b:01:03 dev eth1 nud permanent
ip link set eth2 up
ip addr add 10.0.2.1/24 dev eth2
ip neigh add 10.0.2.2 lladdr 02:00:00:0c:02:02 dev eth2 nud permanent
ip neigh add 10.0.2.3 lladdr 02:00:00:0c:02:03 dev eth2 nud permanent
ip link set eth3 up
ip addr add 10.0.3.1/24 dev eth3
ip neigh add 10.0.3.2 lladdr 02:00:00:0d:03:02 dev eth3 nud permanent
ip neigh add 10.0.3.3 lladdr 02:00:00:0d:03:03 dev eth3 nud permanent
sysctl -w net.ipv4.ip_forward=1
ip route add 172.16.0.0/16 via 10.0.1.2
ip route add 172.17.0.0/16 nexthop via 10.0.0.2 nexthop via 10.0.1.2
ip route add 172.18.0.0/16 via 10.0.2.2 metric 5
ip route add 172.18.0.0/16 via 10.0.0.2 metric 10
ip route add blackhole 172.19.0.0/16
ip route add unreachable 172.20.0.0/16
ip route add prohibit 172.21.0.0/16
ip route add 172.22.0.0/16 via 10.0.2.2 table 100
ip route add 172.23.0.0/16 via 10.0.0.2 tos 0x10
ip route add 172.23.0.0/16 via 10.0.2.2
ip route add default via 10.0.3.2 table 200
ip route add local 172.24.0.0/16 dev lo
ip route add throw 172.25.0.0/16
ip rule add to 172.22.0.0/16 lookup 100 prio 100
ip rule add from 10.0.3.0/24 lookup 200 prio 101
ip rule add iif eth3 to 172.16.0.0/16 prohibit prio 102
sysctl -w net.ipv4.conf.eth0.rp_filter=1
sysctl -w net.ipv4.conf.eth1.rp_filter=2
sysctl -w net.ipv4.conf.eth3.rp_filter=1
