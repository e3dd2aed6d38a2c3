# made by turnpike import from first-packet.pcap
ip link set eth0 up
ip addr add 198.18.0.1/24 dev eth0
ip neigh add 198.18.0.2 lladdr 02:00:00:00:00:02 dev eth0 nud permanent
ip link set eth1 up
ip addr add 198.18.1.1/24 dev eth1
ip neigh add 198.18.1.2 lladdr 02:00:00:00:01:02 dev eth1 nud permanent
sysctl -w net.ipv4.ip_forward=1
ip route add 192.168.10.8/29 via 198.18.0.2
ip route add 172.16.20.20/31 via 198.18.1.2
