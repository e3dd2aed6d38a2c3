# A point-to-point address: the peer is the network
ip link set eth0 up
ip addr add 10.0.0.1/24 dev eth0
ip neigh add 10.0.0.2 lladdr 02:00:00:0a:00:02 dev eth0 nud permanent
ip neigh add 10.0.0.3 lladdr 02:00:00:0a:00:03 dev eth0 nud permanent
ip link set eth1 up
ip addr add 192.0.2.1 peer 192.0.2.9 dev eth1
ip neigh add 192.0.2.9 lladdr 02:00:00:0b:01:02 dev eth1 nud permanent
ip route add 172.16.0.0/16 via 192.0.2.9
sysctl -w net.ipv4.ip_forward=1
