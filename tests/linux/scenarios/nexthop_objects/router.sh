# Routes by next-hop objects: on link, by a gateway, onlink, by an mtu, by several at once
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
ip nexthop add id 1 via 10.0.1.2 dev eth1
ip nexthop add id 2 dev eth2
ip nexthop add id 3 via 10.9.0.9 dev eth2 onlink
ip nexthop add via 10.0.2.3 dev eth2
ip nexthop add id 20 via 10.0.1.2 dev eth1
ip nexthop add id 24 dev eth2
ip neigh add 10.9.0.9 lladdr 02:00:00:0c:09:09 dev eth2 nud permanent
ip neigh add 172.17.0.9 lladdr 02:00:00:0c:11:09 dev eth2 nud permanent
ip route add 172.16.0.0/16 nhid 1
ip route add 172.17.0.0/16 nhid 2
ip route add 172.18.0.0/16 nhid 3
ip route add 172.19.0.0/16 nhid 4
ip route add 172.20.0.0/16 nhid 20 mtu 600
ip route add 172.21.0.0/16 nhid 1 metric 7
ip route add 172.21.0.0/16 nhid 2 metric 5
ip route del 172.21.0.0/16 nhid 2
ip route add unreachable 172.22.0.0/16 nhid 1
ip route add prohibit 172.23.0.0/16 nhid 1
ip route add local 172.24.0.0/16 nhid 24
ip route add 172.25.0.0/16 nhid 1
ip route replace 172.25.0.0/16 nhid 3
ip route append 172.25.0.0/16 nhid 1
