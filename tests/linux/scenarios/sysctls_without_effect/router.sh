# Settings of TCP, IPsec, buffers and privileges change nothing for packets that pass or are answered
ip link set eth0 up
ip addr add 10.0.0.1/24 dev eth0
ip neigh add 10.0.0.2 lladdr 02:00:00:0a:00:02 dev eth0 nud permanent
ip neigh add 10.0.0.3 lladdr 02:00:00:0a:00:03 dev eth0 nud permanent
ip link set eth1 up
ip addr add 10.0.1.1/24 dev eth1
ip neigh add 10.0.1.2 lladdr 02:00:00:0b:01:02 dev eth1 nud permanent
ip neigh add 10.0.1.3 lladdr 02:00:00:0b:01:03 dev eth1 nud permanent
sysctl -w net.ipv4.ip_forward=1
sysctl -w net.ipv4.conf.all.disable_policy=1
sysctl -w net.ipv4.conf.eth0.disable_xfrm=1
sysctl -w net.ipv4.conf.all.ignore_routes_with_linkdown=1
sysctl -w net.ipv4.conf.eth1.arp_evict_nocarrier=0
sysctl -w net.ipv4.conf.all.bootp_relay=1
sysctl -w net.ipv4.conf.eth0.tag=7
sysctl -w net.ipv4.neigh.eth1.interval_probe_time_ms=3000
sysctl -w net.ipv4.fib_notify_on_flag_change=2
sysctl -w net.ipv4.nexthop_compat_mode=0
sysctl -w net.ipv4.igmp_max_msf=5
sysctl -w net.ipv4.ip_dynaddr=1
sysctl -w net.ipv4.ip_autobind_reuse=1
sysctl -w net.ipv4.ip_unprivileged_port_start=80
sysctl -w net.ipv4.ip_early_demux=0
sysctl -w net.ipv4.udp_early_demux=0
sysctl -w net.ipv4.tcp_early_demux=0
sysctl -w net.ipv4.udp_rmem_min=1
sysctl -w net.ipv4.raw_l3mdev_accept=0
sysctl -w net.ipv4.udp_l3mdev_accept=1
sysctl -w net.ipv4.tcp_l3mdev_accept=1
sysctl -w net.ipv4.route.min_adv_mss=600
sysctl -w net.ipv4.tcp_sack=0
sysctl -w net.ipv4.tcp_timestamps=0
sysctl -w net.ipv4.tcp_window_scaling=0
sysctl -w net.ipv4.tcp_ecn=1
sysctl -w net.ipv4.tcp_syncookies=0
sysctl -w net.ipv4.tcp_fin_timeout=30
sysctl -w net.ipv4.tcp_keepalive_time=600
sysctl -w net.ipv4.tcp_rfc1337=1
sysctl -w net.ipv4.tcp_congestion_control=reno
sysctl -w net.ipv4.tcp_mtu_probing=1
sysctl -w net.ipv4.tcp_max_syn_backlog=64
sysctl -w net.ipv4.tcp_synack_retries=2
sysctl -w net.ipv4.tcp_syn_retries=3
sysctl -w net.ipv4.ip_forward_update_priority=0
sysctl -w net.ipv4.fwmark_reflect=1
sysctl -w net.ipv4.tcp_fwmark_accept=1
sysctl -w net.ipv4.tcp_rmem='4096 87380 100000'
sysctl -w net.ipv4.ping_group_range='0 100'
sysctl -w net.core.somaxconn=100
sysctl -w net.core.optmem_max=20480
