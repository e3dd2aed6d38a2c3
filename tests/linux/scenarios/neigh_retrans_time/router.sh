# retrans_time in 1/100 s: questions come faster, and host unreachable sooner
ip link set eth0 up
ip addr add 10.0.0.1/24 dev eth0
ip neigh add 10.0.0.2 lladdr 02:00:00:0a:00:02 dev eth0 nud permanent
ip neigh add 10.0.0.3 lladdr 02:00:00:0a:00:03 dev eth0 nud permanent
ip link set eth1 up
ip addr add 10.0.1.1/24 dev eth1
sysctl -w net.ipv4.ip_forward=1
sysctl -w net.ipv4.neigh.eth1.retrans_time=20
sysctl -w net.ipv4.neigh.eth1.base_reachable_time=10
sysctl -w net.ipv4.neigh.eth1.mcast_solicit=2
