# With fib_multipath_hash_seed each flow takes the way that it takes in Linux, by all policies; errors go the way of the packet they are about
ip link set eth0 up
ip addr add 10.0.0.1/24 dev eth0
ip neigh add 10.0.0.2 lladdr 02:00:00:0a:00:02 dev eth0 nud permanent
ip link set eth1 up
ip addr add 10.0.1.1/24 dev eth1
ip neigh add 10.0.1.2 lladdr 02:00:00:0b:01:02 dev eth1 nud permanent
ip neigh add 10.0.1.3 lladdr 02:00:00:0b:01:03 dev eth1 nud permanent
ip link set eth2 up
ip addr add 10.0.2.1/24 dev eth2
ip neigh add 10.0.2.2 lladdr 02:00:00:0c:02:02 dev eth2 nud permanent
sysctl -w net.ipv4.ip_forward=1
sysctl -w net.ipv4.fib_multipath_hash_seed=3141592653
ip route add 172.16.0.0/16 nexthop via 10.0.1.2 weight 3 nexthop via 10.0.1.3 nexthop via 10.0.2.2 weight 2
ip route add 192.168.0.0/16 nexthop via 10.0.1.3 nexthop via 10.0.2.2
ip nexthop add id 1 via 10.0.1.2 dev eth1
ip nexthop add id 2 via 10.0.2.2 dev eth2
ip nexthop add id 10 group 1,5/2,3
ip route add 172.17.0.0/16 nhid 10
#at 200ms sysctl -w net.ipv4.fib_multipath_hash_policy=1
#at 400ms sysctl -w net.ipv4.fib_multipath_hash_policy=2
#at 600ms sysctl -w net.ipv4.fib_multipath_hash_policy=3
#at 600ms sysctl -w net.ipv4.fib_multipath_hash_fields=0x0037
#at 800ms sysctl -w net.ipv4.fib_multipath_hash_fields=0x0dc3
#at 1000ms sysctl -w net.ipv4.fib_multipath_hash_fields=0x00c0
#at 1000ms sysctl -w net.ipv4.fib_multipath_hash_seed=1
