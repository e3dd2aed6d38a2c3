# Unusual sources and destinations on a router and their combinations with accept_local, route_localnet and bc_forwarding
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
sysctl -w net.ipv4.neigh.eth2.retrans_time_ms=30000
sysctl -w net.ipv4.neigh.eth1.retrans_time_ms=30000
sysctl -w net.ipv4.conf.all.send_redirects=0
sysctl -w net.ipv4.conf.eth0.send_redirects=0
ip route add default via 10.0.2.2
#at 400ms sysctl -w net.ipv4.conf.eth0.accept_local=1
#at 500ms sysctl -w net.ipv4.conf.eth0.route_localnet=1
#at 600ms sysctl -w net.ipv4.conf.all.bc_forwarding=1
#at 600ms sysctl -w net.ipv4.conf.eth0.bc_forwarding=1
#at 700ms sysctl -w net.ipv4.icmp_echo_ignore_broadcasts=0
#at 800ms sysctl -w net.ipv4.conf.all.rp_filter=2
#at 900ms sysctl -w net.ipv4.ip_forward=0
