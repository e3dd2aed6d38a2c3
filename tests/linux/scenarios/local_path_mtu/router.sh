# What senders make of a path narrower than their link, by IP_MTU_DISCOVER
ip link set eth0 up
ip addr add 10.0.0.1/24 dev eth0
ip neigh add 10.0.0.2 lladdr 02:00:00:0a:00:02 dev eth0 nud permanent
ip neigh add 10.0.0.3 lladdr 02:00:00:0a:00:03 dev eth0 nud permanent
ip link set eth1 up
ip addr add 10.0.1.1/24 dev eth1
ip neigh add 10.0.1.2 lladdr 02:00:00:0b:01:02 dev eth1 nud permanent
ip neigh add 10.0.1.3 lladdr 02:00:00:0b:01:03 dev eth1 nud permanent
sysctl -w net.ipv4.ip_forward=1
ip route add 172.16.0.0/16 via 10.0.1.2
