# A route's mtu takes the place of the port's for what is forwarded, locked or not
ip link set eth0 up
ip addr add 10.0.0.1/24 dev eth0
ip neigh add 10.0.0.2 lladdr 02:00:00:0a:00:02 dev eth0 nud permanent
ip neigh add 10.0.0.3 lladdr 02:00:00:0a:00:03 dev eth0 nud permanent
ip link set eth1 up
ip addr add 10.0.1.1/24 dev eth1
ip neigh add 10.0.1.2 lladdr 02:00:00:0b:01:02 dev eth1 nud permanent
ip neigh add 10.0.1.3 lladdr 02:00:00:0b:01:03 dev eth1 nud permanent
sysctl -w net.ipv4.ip_forward=1
ip route add 172.16.1.0/24 via 10.0.1.2 mtu 1000
ip route add 172.16.2.0/24 via 10.0.1.2 mtu lock 1000
ip route add 172.16.3.0/24 via 10.0.1.2
