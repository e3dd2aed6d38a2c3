# Rules with every selector and action, throw and goto among tables
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
ip link set eth3 up
ip addr add 10.0.3.1/24 dev eth3
ip neigh add 10.0.3.2 lladdr 02:00:00:0d:03:02 dev eth3 nud permanent
ip neigh add 10.0.3.3 lladdr 02:00:00:0d:03:03 dev eth3 nud permanent
sysctl -w net.ipv4.ip_forward=1
ip route add 172.16.0.0/16 via 10.0.1.2
ip route add 172.16.0.0/16 via 10.0.2.2 table 10
ip route add 172.16.0.0/16 via 10.0.3.2 table 11
ip route add throw 172.16.1.0/24 table 10
ip route add prohibit 172.16.2.0/24 table 10
ip route add unreachable 172.16.3.0/24 table 10
ip route add blackhole 172.16.4.0/24 table 10
ip route add local 172.16.5.0/24 dev lo table 10
ip route add broadcast 172.16.6.0/24 dev eth1 table 10
ip route add 172.16.7.0/24 via 10.0.3.2 tos 0x08 table 10
ip rule add from 10.0.0.2 tos 0x10 lookup 11 prio 50
ip rule add from 10.0.0.2 lookup 10 prio 100
ip rule add not from 10.0.0.0/24 to 172.16.9.0/24 prohibit prio 101
ip rule add from 10.0.0.3 to 172.16.0.0/20 goto 300 prio 110
ip rule add from 10.0.0.3 unreachable prio 120
ip rule add from 10.0.0.3 nop prio 300
ip rule add from 10.0.0.3 to 172.16.8.0/24 blackhole prio 301
ip rule add iif eth1 to 172.16.8.0/24 lookup 11 prio 302
ip rule add iif eth1 tos 0x04 to 172.16.8.0/24 lookup 10 prio 299
ip rule add fwmark 0/1 to 172.16.10.0/24 lookup 10 prio 303
ip rule add fwmark 1 to 172.16.11.0/24 lookup 10 prio 304
ip rule add from 10.0.3.0/24 goto 32766 prio 305
ip rule add from 10.0.2.0/24 to 172.16.12.0/24 lookup 99 prio 306
