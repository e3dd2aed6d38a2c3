# An address that is no longer preferred is chosen as source no less than another
ip addr add 10.0.1.1/24 dev eth1
ip link set eth1 up
ip addr add 10.0.0.1/24 dev eth0 valid_lft 1000 preferred_lft 0
ip link set eth0 up
ip addr add 10.7.0.1/16 dev eth0
ip route add 172.31.0.0/16 dev eth0
ip neigh add 172.31.0.2 lladdr 02:00:00:0a:1f:02 dev eth0 nud permanent
sysctl -w net.ipv4.ip_forward=1
