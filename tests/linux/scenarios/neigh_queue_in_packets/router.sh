# unres_qlen of a neighbour is in full frames: as many bytes wait
ip link set eth0 up
ip addr add 10.0.0.1/24 dev eth0
ip neigh add 10.0.0.2 lladdr 02:00:00:0a:00:02 dev eth0 nud permanent
ip neigh add 10.0.0.3 lladdr 02:00:00:0a:00:03 dev eth0 nud permanent
ip link set eth1 up
ip addr add 10.0.1.1/24 dev eth1
sysctl -w net.ipv4.ip_forward=1
sysctl -w net.ipv4.neigh.eth1.unres_qlen=2
