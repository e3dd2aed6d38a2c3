# medium_id: no proxy ARP between ports of one medium, none at all with -1
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
sysctl -w net.ipv4.conf.all.proxy_arp=1
sysctl -w net.ipv4.neigh.eth0.proxy_delay=0
sysctl -w net.ipv4.neigh.eth1.proxy_delay=0
sysctl -w net.ipv4.neigh.eth2.proxy_delay=0
sysctl -w net.ipv4.conf.eth0.medium_id=5
sysctl -w net.ipv4.conf.eth1.medium_id=5
sysctl -w net.ipv4.conf.eth2.medium_id=6
#at 100ms sysctl -w net.ipv4.conf.eth0.medium_id=-1
#at 200ms sysctl -w net.ipv4.conf.eth0.medium_id=0
#at 300ms sysctl -w net.ipv4.conf.eth0.medium_id=7
#at 300ms sysctl -w net.ipv4.conf.eth2.medium_id=-1
