# multicast forwarding, groups and broadcasts
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
sysctl -w net.ipv4.conf.all.mc_forwarding=1
sysctl -w net.ipv4.conf.eth0.mc_forwarding=1
sysctl -w net.ipv4.conf.eth1.mc_forwarding=1
sysctl -w net.ipv4.conf.all.bc_forwarding=1
sysctl -w net.ipv4.conf.eth1.bc_forwarding=1
sysctl -w net.ipv4.icmp_echo_ignore_broadcasts=0
ip mroute add 10.0.0.2 239.1.1.1 iif eth0 oif eth1 oif eth2
ip mroute add 0.0.0.0 224.1.2.3 iif eth1 oif eth0:5
ip link set eth2 allmulticast on
ip link set eth0 promisc on
