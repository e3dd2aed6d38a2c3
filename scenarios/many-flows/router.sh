# Each port is a network of its own behind one neighbour; rings of one size, however many queues there are.
ip link set eth0 up
ip addr add 10.0.0.1/24 dev eth0
ip neigh add 10.0.0.2 lladdr 02:00:00:0a:00:02 dev eth0 nud permanent
ip route add 172.16.0.0/24 via 10.0.0.2
ethtool -G eth0 rx 128 tx 128
ip link set eth1 up
ip addr add 10.0.1.1/24 dev eth1
ip neigh add 10.0.1.2 lladdr 02:00:00:0a:01:02 dev eth1 nud permanent
ip route add 172.16.1.0/24 via 10.0.1.2
ethtool -G eth1 rx 128 tx 128
ip link set eth2 up
ip addr add 10.0.2.1/24 dev eth2
ip neigh add 10.0.2.2 lladdr 02:00:00:0a:02:02 dev eth2 nud permanent
ip route add 172.16.2.0/24 via 10.0.2.2
ethtool -G eth2 rx 128 tx 128
ip link set eth3 up
ip addr add 10.0.3.1/24 dev eth3
ip neigh add 10.0.3.2 lladdr 02:00:00:0a:03:02 dev eth3 nud permanent
ip route add 172.16.3.0/24 via 10.0.3.2
ethtool -G eth3 rx 128 tx 128
sysctl -w net.ipv4.ip_forward=1
