# ip rule iif: the port by which a packet came in chooses the table
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
ip route add default via 10.0.1.2
ip route add default via 10.0.2.2 table 200
ip rule add iif eth3 lookup 200
ip rule add iif lo prio 50 lookup 200
