# igmp_max_memberships: so many groups can be joined, a group that is joined already cannot
ip link set eth0 up
ip addr add 10.0.0.1/24 dev eth0
ip neigh add 10.0.0.2 lladdr 02:00:00:0a:00:02 dev eth0 nud permanent
ip neigh add 10.0.0.3 lladdr 02:00:00:0a:00:03 dev eth0 nud permanent
ip link set eth1 up
ip addr add 10.0.1.1/24 dev eth1
ip neigh add 10.0.1.2 lladdr 02:00:00:0b:01:02 dev eth1 nud permanent
ip neigh add 10.0.1.3 lladdr 02:00:00:0b:01:03 dev eth1 nud permanent
sysctl -w net.ipv4.ip_forward=1
sysctl -w net.ipv4.igmp_max_memberships=2
sysctl -w net.ipv4.conf.eth0.force_igmp_version=2
sysctl -w net.ipv4.conf.eth0.igmpv2_unsolicited_report_interval=50
ip link set eth0 promisc on
#at 5ms ip addr add 239.1.1.1/32 dev eth0 autojoin
#at 5ms ip addr add 239.1.1.2/32 dev eth0 autojoin
#at 300ms ip addr del 239.1.1.2/32 dev eth0
#at 300ms ip addr add 239.1.1.3/32 dev eth0 autojoin valid_lft forever preferred_lft forever
