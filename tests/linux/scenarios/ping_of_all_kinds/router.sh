# Echo requests with odd data, options, TOS, flags, to all addresses of the router, by all ways
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
sysctl -w net.ipv4.ip_forward=1
sysctl -w net.ipv4.neigh.eth0.retrans_time_ms=30000
sysctl -w net.ipv4.conf.all.send_redirects=0
sysctl -w net.ipv4.conf.eth0.send_redirects=0
ip addr add 10.0.0.9/24 dev eth0
ip addr add 10.99.0.1/32 dev lo
ip route add local 10.98.0.0/16 dev lo
sysctl -w net.ipv4.icmp_echo_ignore_broadcasts=0
ip route add 172.16.0.0/16 via 10.0.1.2 mtu 800
ip route add 172.17.0.0/16 via 10.0.1.2 mtu lock 700
ip route add 172.18.0.0/16 via 10.0.1.2 src 10.99.0.1
sysctl -w net.ipv4.conf.all.accept_source_route=1
