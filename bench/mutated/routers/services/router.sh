# programs of the router's own, and hosts that talk to them
ip link set eth0 up
ip addr add 10.0.0.1/24 dev eth0
ip neigh add 10.0.0.2 lladdr 02:00:00:0a:00:02 dev eth0 nud permanent
ip link set eth1 up
ip addr add 10.0.1.1/24 dev eth1
ip neigh add 10.0.1.2 lladdr 02:00:00:0b:01:02 dev eth1 nud permanent
ip link set eth2 up
ip addr add 10.0.2.1/24 dev eth2
ip neigh add 10.0.2.2 lladdr 02:00:00:0c:02:02 dev eth2 nud permanent
sysctl -w net.ipv4.ip_forward=1
ip route add 192.168.0.0/16 via 10.0.1.2
sysctl -w net.core.rmem_default=4096
sysctl -w net.ipv4.conf.all.accept_redirects=1
