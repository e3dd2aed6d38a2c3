# An address is answered from when it is added until it is deleted
ip link set eth0 up
ip addr add 10.0.0.1/24 dev eth0
ip neigh add 10.0.0.2 lladdr 02:00:00:0a:00:02 dev eth0 nud permanent
ip neigh add 10.0.0.3 lladdr 02:00:00:0a:00:03 dev eth0 nud permanent
ip link set eth1 up
ip addr add 10.0.1.1/24 dev eth1
ip neigh add 10.0.1.2 lladdr 02:00:00:0b:01:02 dev eth1 nud permanent
ip neigh add 10.0.1.3 lladdr 02:00:00:0b:01:03 dev eth1 nud permanent
sysctl -w net.ipv4.ip_forward=1
ip neigh add 10.0.0.50 lladdr 02:00:00:0a:00:32 dev eth0 nud permanent
#at 50ms ip addr add 10.0.0.50/24 dev eth0
#at 51ms ip addr add 10.8.0.1/24 dev eth0
#at 52ms ip neigh add 10.8.0.2 lladdr 02:00:00:0a:08:02 dev eth0 nud permanent
#at 150ms ip addr del 10.0.0.50/24 dev eth0
#at 151ms ip addr del 10.8.0.1/24 dev eth0
