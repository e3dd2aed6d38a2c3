# What ARP packets change in entries of all states
ip link set eth0 up
ip addr add 10.0.0.1/24 dev eth0
ip neigh add 10.0.0.2 lladdr 02:00:00:0a:00:02 dev eth0 nud permanent
ip neigh add 10.0.0.3 lladdr 02:00:00:0a:00:03 dev eth0 nud permanent
ip link set eth1 up
ip addr add 10.0.1.1/24 dev eth1
ip neigh add 10.0.1.2 lladdr 02:00:00:0b:01:02 dev eth1 nud permanent
ip neigh add 10.0.1.3 lladdr 02:00:00:0b:01:03 dev eth1 nud permanent
sysctl -w net.ipv4.ip_forward=1
ip neigh add 10.0.0.10 lladdr 02:00:00:0a:00:10 dev eth0 nud permanent
ip neigh add 10.0.0.11 lladdr 02:00:00:0a:00:11 dev eth0 nud reachable
ip neigh add 10.0.0.12 lladdr 02:00:00:0a:00:12 dev eth0 nud stale
ip neigh add 10.0.0.13 lladdr 02:00:00:0a:00:13 dev eth0 nud noarp
#at 50ms ip neigh add 10.0.0.14 lladdr 02:00:00:0a:00:14 dev eth0 nud delay
#at 60ms ip neigh add 10.0.0.15 lladdr 02:00:00:0a:00:15 dev eth0 nud probe
ip neigh add 10.0.0.16 dev eth0 nud failed
