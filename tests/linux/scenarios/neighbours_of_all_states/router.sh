# Entries that ip neigh makes behave as their state says
ip link set eth0 up
ip addr add 10.0.0.1/24 dev eth0
ip neigh add 10.0.0.2 lladdr 02:00:00:0a:00:02 dev eth0 nud permanent
ip neigh add 10.0.0.3 lladdr 02:00:00:0a:00:03 dev eth0 nud permanent
ip link set eth1 up
ip addr add 10.0.1.1/24 dev eth1
sysctl -w net.ipv4.ip_forward=1
ip neigh add 10.0.1.10 lladdr 02:00:00:0b:01:0a dev eth1 nud permanent
ip neigh add 10.0.1.11 lladdr 02:00:00:0b:01:0b dev eth1 nud reachable
ip neigh add 10.0.1.12 lladdr 02:00:00:0b:01:0c dev eth1 nud stale
ip neigh add 10.0.1.13 lladdr 02:00:00:0b:01:0d dev eth1 nud noarp
ip neigh add 10.0.1.14 lladdr 02:00:00:0b:01:0e dev eth1 nud permanent
ip neigh del 10.0.1.14 dev eth1
ip neigh add 10.0.1.15 lladdr 02:00:00:0b:01:0f dev eth1 nud permanent
ip neigh replace 10.0.1.15 lladdr 02:00:00:0b:01:10 dev eth1 nud permanent
