# Datagrams of UDP-Lite and PIM to this host
ip link set eth0 up
ip addr add 10.0.0.1/24 dev eth0
ip neigh add 10.0.0.2 lladdr 02:00:00:0a:00:02 dev eth0 nud permanent
ip neigh add 10.0.0.3 lladdr 02:00:00:0a:00:03 dev eth0 nud permanent
