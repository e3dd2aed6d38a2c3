# small limits everywhere: reassembly, neighbours, queues, MTUs, rings
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
ip link set eth1 mtu 576
ip link set eth2 mtu 68
ip route add 192.168.0.0/16 via 10.0.1.99
ip route add 198.18.0.0/15 via 10.0.2.99
sysctl -w net.ipv4.ipfrag_low_thresh=6000
sysctl -w net.ipv4.ipfrag_high_thresh=12000
sysctl -w net.ipv4.ipfrag_max_dist=3
sysctl -w net.ipv4.ipfrag_time=1
sysctl -w net.ipv4.neigh.eth1.unres_qlen_bytes=3000
sysctl -w net.ipv4.neigh.default.gc_thresh1=0
sysctl -w net.ipv4.neigh.default.gc_thresh2=4
sysctl -w net.ipv4.neigh.default.gc_thresh3=8
sysctl -w net.ipv4.icmp_ratelimit=1000
sysctl -w net.ipv4.icmp_ratemask=6168
sysctl -w net.ipv4.conf.all.accept_source_route=1
sysctl -w net.ipv4.conf.all.proxy_arp=1
sysctl -w net.core.netdev_max_backlog=8
sysctl -w turnpike.napi=0
ethtool -G eth0 rx 64 tx 64
ip link set eth0 txqueuelen 4
