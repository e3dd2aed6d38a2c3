# force_igmp_version, igmp_qrv, unsolicited report intervals and link-local reports
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
sysctl -w net.ipv4.igmp_qrv=3
sysctl -w net.ipv4.igmp_link_local_mcast_reports=0
sysctl -w net.ipv4.conf.eth0.force_igmp_version=2
sysctl -w net.ipv4.conf.eth1.force_igmp_version=1
sysctl -w net.ipv4.conf.eth0.igmpv2_unsolicited_report_interval=300
sysctl -w net.ipv4.conf.eth1.igmpv2_unsolicited_report_interval=300
sysctl -w net.ipv4.conf.eth2.igmpv3_unsolicited_report_interval=200
#at 5ms ip addr add 239.1.1.1/32 dev eth0 autojoin
#at 5ms ip addr add 224.0.0.9/32 dev eth0 autojoin
#at 5ms ip addr add 239.1.1.1/32 dev eth1 autojoin
#at 5ms ip addr add 239.1.1.1/32 dev eth2 autojoin
#at 1500ms ip addr del 239.1.1.1/32 dev eth0
#at 1500ms ip addr del 239.1.1.1/32 dev eth1
