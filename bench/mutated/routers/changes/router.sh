# tables that change under traffic, with the route cache, small pools, groups and programs
ip link set eth0 up
ip addr add 10.0.0.1/24 dev eth0
ip neigh add 10.0.0.2 lladdr 02:00:00:0a:00:02 dev eth0 nud permanent
ip link set eth1 up
ip addr add 10.0.1.1/24 dev eth1
ip neigh add 10.0.1.2 lladdr 02:00:00:0a:01:02 dev eth1 nud permanent
ip link set eth2 up
ip addr add 10.0.2.1/24 dev eth2
ip neigh add 10.0.2.2 lladdr 02:00:00:0a:02:02 dev eth2 nud permanent
ip link set eth3 up
ip addr add 10.0.3.1/24 dev eth3
ip neigh add 10.0.3.2 lladdr 02:00:00:0a:03:02 dev eth3 nud permanent
sysctl -w net.ipv4.ip_forward=1
sysctl -w net.ipv4.rt_cache_rebuild_count=0
sysctl -w net.ipv4.route.gc_thresh=16
sysctl -w net.ipv4.route.max_size=64
sysctl -w net.ipv4.route.gc_elasticity=1
sysctl -w net.ipv4.route.gc_timeout=1
sysctl -w net.ipv4.ipfrag_time=1
sysctl -w net.ipv4.neigh.default.gc_thresh1=0
sysctl -w net.ipv4.neigh.default.gc_thresh2=6
sysctl -w net.ipv4.neigh.default.gc_thresh3=12
sysctl -w net.ipv4.neigh.eth2.unres_qlen_bytes=5000
sysctl -w net.ipv4.icmp_ratemask=6168
sysctl -w net.ipv4.icmp_ratelimit=10
sysctl -w net.ipv4.icmp_msgs_per_sec=500
sysctl -w net.ipv4.icmp_msgs_burst=5
sysctl -w net.ipv4.conf.all.accept_redirects=1
ip mroute add 0.0.0.0 224.1.2.3 iif eth1 oif eth0:2 oif eth2 oif eth3
ip addr add 239.1.1.1/32 dev eth0 autojoin
ip addr add 224.1.2.3/32 dev eth1 autojoin
ip link set eth0 txqueuelen 4
ip route add default via 10.0.1.2 table 100
#at 100us ip route add 192.168.0.0/16 via 10.0.1.2
#at 191us ip rule add to 10.0.2.0/24 lookup 100
#at 282us ip neigh replace 10.0.1.2 lladdr 02:00:00:0b:01:77 dev eth1 nud permanent
#at 373us ip route replace default nexthop via 10.0.1.2 weight 2 nexthop via 10.0.2.2
#at 464us ip addr add 239.9.9.9/32 dev eth2 autojoin
#at 555us ip link set eth3 down
#at 646us sysctl -w net.ipv4.conf.all.rp_filter=1
#at 737us ip link set eth2 mtu 576
#at 828us sysctl -w net.ipv4.rt_cache_rebuild_count=-1
#at 919us ip route add blackhole 10.0.1.0/25
#at 1010us ip neigh flush dev eth2
#at 1101us ip route del 192.168.0.0/16 via 10.0.1.2
#at 1192us ip rule del to 10.0.2.0/24 lookup 100
#at 1283us ip neigh replace 10.0.1.2 lladdr 02:00:00:0a:01:02 dev eth1 nud reachable
#at 1374us ip route replace default via 10.0.3.2
#at 1465us ip addr del 239.9.9.9/32 dev eth2
#at 1556us ip link set eth3 up
#at 1647us sysctl -w net.ipv4.conf.all.rp_filter=0
#at 1738us ip link set eth2 mtu 1500
#at 1829us sysctl -w net.ipv4.rt_cache_rebuild_count=0
#at 1920us ip route del blackhole 10.0.1.0/25
#at 2011us ip route flush cache
#at 2102us ip route add 192.168.0.0/16 via 10.0.1.2
#at 2193us ip rule add to 10.0.2.0/24 lookup 100
#at 2284us ip neigh replace 10.0.1.2 lladdr 02:00:00:0b:01:77 dev eth1 nud permanent
#at 2375us ip route replace default nexthop via 10.0.1.2 weight 2 nexthop via 10.0.2.2
#at 2466us ip addr add 239.9.9.9/32 dev eth2 autojoin
#at 2557us ip link set eth3 down
#at 2648us sysctl -w net.ipv4.conf.all.rp_filter=1
#at 2739us ip link set eth2 mtu 576
#at 2830us sysctl -w net.ipv4.rt_cache_rebuild_count=-1
#at 2921us ip route add blackhole 10.0.1.0/25
#at 3012us ip neigh flush dev eth2
#at 3103us ip route del 192.168.0.0/16 via 10.0.1.2
#at 3194us ip rule del to 10.0.2.0/24 lookup 100
#at 3285us ip neigh replace 10.0.1.2 lladdr 02:00:00:0a:01:02 dev eth1 nud reachable
#at 3376us ip route replace default via 10.0.3.2
#at 3467us ip addr del 239.9.9.9/32 dev eth2
#at 3558us ip link set eth3 up
#at 3649us sysctl -w net.ipv4.conf.all.rp_filter=0
#at 3740us ip link set eth2 mtu 1500
#at 3831us sysctl -w net.ipv4.rt_cache_rebuild_count=0
#at 3922us ip route del blackhole 10.0.1.0/25
#at 4013us ip route flush cache
#at 4104us ip route add 192.168.0.0/16 via 10.0.1.2
#at 4195us ip rule add to 10.0.2.0/24 lookup 100
#at 4286us ip neigh replace 10.0.1.2 lladdr 02:00:00:0b:01:77 dev eth1 nud permanent
#at 4377us ip route replace default nexthop via 10.0.1.2 weight 2 nexthop via 10.0.2.2
#at 4468us ip addr add 239.9.9.9/32 dev eth2 autojoin
#at 4559us ip link set eth3 down
#at 4650us sysctl -w net.ipv4.conf.all.rp_filter=1
#at 4741us ip link set eth2 mtu 576
#at 4832us sysctl -w net.ipv4.rt_cache_rebuild_count=-1
#at 4923us ip route add blackhole 10.0.1.0/25
#at 5014us ip neigh flush dev eth2
#at 5105us ip route del 192.168.0.0/16 via 10.0.1.2
#at 5196us ip rule del to 10.0.2.0/24 lookup 100
#at 5287us ip neigh replace 10.0.1.2 lladdr 02:00:00:0a:01:02 dev eth1 nud reachable
#at 5378us ip route replace default via 10.0.3.2
#at 5469us ip addr del 239.9.9.9/32 dev eth2
#at 5560us ip link set eth3 up
#at 5651us sysctl -w net.ipv4.conf.all.rp_filter=0
#at 5742us ip link set eth2 mtu 1500
#at 5833us sysctl -w net.ipv4.rt_cache_rebuild_count=0
#at 5924us ip route del blackhole 10.0.1.0/25
#at 6015us ip route flush cache
#at 6106us ip route add 192.168.0.0/16 via 10.0.1.2
#at 6197us ip rule add to 10.0.2.0/24 lookup 100
#at 6288us ip neigh replace 10.0.1.2 lladdr 02:00:00:0b:01:77 dev eth1 nud permanent
#at 6379us ip route replace default nexthop via 10.0.1.2 weight 2 nexthop via 10.0.2.2
#at 6470us ip addr add 239.9.9.9/32 dev eth2 autojoin
#at 6561us ip link set eth3 down
#at 6652us sysctl -w net.ipv4.conf.all.rp_filter=1
#at 6743us ip link set eth2 mtu 576
#at 6834us sysctl -w net.ipv4.rt_cache_rebuild_count=-1
#at 6925us ip route add blackhole 10.0.1.0/25
#at 7016us ip neigh flush dev eth2
#at 7107us ip route del 192.168.0.0/16 via 10.0.1.2
#at 7198us ip rule del to 10.0.2.0/24 lookup 100
#at 7289us ip neigh replace 10.0.1.2 lladdr 02:00:00:0a:01:02 dev eth1 nud reachable
#at 7380us ip route replace default via 10.0.3.2
#at 7471us ip addr del 239.9.9.9/32 dev eth2
#at 7562us ip link set eth3 up
#at 7653us sysctl -w net.ipv4.conf.all.rp_filter=0
#at 7744us ip link set eth2 mtu 1500
#at 7835us sysctl -w net.ipv4.rt_cache_rebuild_count=0
#at 7926us ip route del blackhole 10.0.1.0/25
#at 8017us ip route flush cache
