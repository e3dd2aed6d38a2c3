# A member answers queries: version 3 first, then version 2 and 1 when routers speak these; reports of others silence it
ip link set eth0 up
ip addr add 10.0.0.1/24 dev eth0
ip neigh add 10.0.0.2 lladdr 02:00:00:0a:00:02 dev eth0 nud permanent
ip neigh add 10.0.0.3 lladdr 02:00:00:0a:00:03 dev eth0 nud permanent
ip link set eth1 up
ip addr add 10.0.1.1/24 dev eth1
ip neigh add 10.0.1.2 lladdr 02:00:00:0b:01:02 dev eth1 nud permanent
ip neigh add 10.0.1.3 lladdr 02:00:00:0b:01:03 dev eth1 nud permanent
sysctl -w net.ipv4.ip_forward=1
sysctl -w net.ipv4.igmp_link_local_mcast_reports=0
#at 5ms ip addr add 239.1.1.1/32 dev eth0 autojoin
#at 2000ms ip addr add 239.1.1.2/32 dev eth0 autojoin
#at 2000ms ip addr add 224.0.0.9/32 dev eth0 autojoin
