# hoplimit of a route is the TTL of the router's own packets; attributes of TCP change nothing
ip link set eth0 up
ip addr add 10.0.0.1/24 dev eth0
ip neigh add 10.0.0.2 lladdr 02:00:00:0a:00:02 dev eth0 nud permanent
ip neigh add 10.0.0.3 lladdr 02:00:00:0a:00:03 dev eth0 nud permanent
ip link set eth1 up
ip addr add 10.0.1.1/24 dev eth1
ip neigh add 10.0.1.2 lladdr 02:00:00:0b:01:02 dev eth1 nud permanent
ip neigh add 10.0.1.3 lladdr 02:00:00:0b:01:03 dev eth1 nud permanent
sysctl -w net.ipv4.ip_forward=1
ip route add 172.16.0.0/16 via 10.0.1.2 hoplimit 9
ip route add 172.17.0.0/16 via 10.0.1.2 advmss 500 window 8000 rtt 100ms initcwnd 4 quickack 1 features ecn
ip route add 172.18.0.0/16 via 10.0.1.2 hoplimit 255 mtu 1200
ip route replace 10.0.0.0/24 dev eth0 proto kernel scope link src 10.0.0.1 hoplimit 33
