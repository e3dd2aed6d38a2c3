# ip route flush: of a prefix, of a protocol, of a type, of a table and a device
ip link set eth0 up
ip addr add 10.0.0.1/24 dev eth0
ip neigh add 10.0.0.2 lladdr 02:00:00:0a:00:02 dev eth0 nud permanent
ip neigh add 10.0.0.3 lladdr 02:00:00:0a:00:03 dev eth0 nud permanent
ip link set eth1 up
ip addr add 10.0.1.1/24 dev eth1
ip neigh add 10.0.1.2 lladdr 02:00:00:0b:01:02 dev eth1 nud permanent
ip neigh add 10.0.1.3 lladdr 02:00:00:0b:01:03 dev eth1 nud permanent
sysctl -w net.ipv4.ip_forward=1
ip route add 172.16.0.0/16 via 10.0.1.2 proto static
ip route add 172.17.0.0/16 via 10.0.1.2
ip route add 172.17.1.0/24 via 10.0.1.3
ip route add 172.18.0.0/16 via 10.0.1.2
ip route add 172.18.1.0/24 via 10.0.1.3
ip route add 172.19.0.0/16 via 10.0.1.2
ip route add 172.19.1.0/24 via 10.0.1.3
ip route add blackhole 172.20.0.0/16
ip route add 172.21.0.0/16 via 10.0.1.2 table 7
ip rule add from all lookup 7
ip nexthop add id 1 via 10.0.1.2 dev eth1
ip route add 172.22.0.0/16 nhid 1
ip route add 172.23.0.0/16 nhid 1
sysctl -w net.ipv4.nexthop_compat_mode=0
ip route flush proto static
ip route flush exact 172.17.0.0/16
ip route flush root 172.18.0.0/16
ip route flush match 172.19.1.9
ip route flush type blackhole
ip route flush table 7 dev eth1
ip route flush 172.22.0.0/16
