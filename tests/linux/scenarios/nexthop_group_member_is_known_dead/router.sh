# Of a group of next-hop objects a member whose gateway is known not to answer carries nothing
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
sysctl -w net.ipv4.ip_forward=1
ip nexthop add id 1 via 10.0.1.2 dev eth1
ip nexthop add id 2 via 10.0.2.9 dev eth2
ip nexthop add id 10 group 1/2
ip route add 172.16.0.0/16 nhid 10
ip neigh add 10.0.2.9 dev eth2 nud failed
