# ARP with every arp_ignore, asked by hosts inside and outside, for addresses of the port, of others and of lo
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
sysctl -w net.ipv4.neigh.eth0.proxy_delay=0
ip addr add 10.0.0.5/24 dev eth0
ip addr add 10.9.0.1/32 dev lo
ip addr add 10.0.8.1/24 dev eth0 scope link
ip addr add 10.0.7.1/24 dev eth0 scope host
ip route add local 10.50.0.0/24 dev eth1
ip route add blackhole 10.51.0.0/24
ip route add 10.52.0.0/24 via 10.0.1.2
ip route add 10.53.0.0/24 via 10.0.0.2
ip route add 10.54.0.0/24 dev eth1
#at 200ms sysctl -w net.ipv4.conf.eth0.arp_ignore=1
#at 300ms sysctl -w net.ipv4.conf.all.arp_ignore=2
#at 400ms sysctl -w net.ipv4.conf.eth0.arp_ignore=3
#at 500ms sysctl -w net.ipv4.conf.all.arp_ignore=4
#at 600ms sysctl -w net.ipv4.conf.eth0.arp_ignore=5
#at 700ms sysctl -w net.ipv4.conf.all.arp_ignore=6
#at 800ms sysctl -w net.ipv4.conf.eth0.arp_ignore=7
#at 900ms sysctl -w net.ipv4.conf.all.arp_ignore=8

#at 1000ms sysctl -w net.ipv4.conf.all.arp_ignore=0
#at 1000ms sysctl -w net.ipv4.conf.eth0.arp_ignore=0
#at 1000ms sysctl -w net.ipv4.conf.eth0.proxy_arp=1
#at 1100ms sysctl -w net.ipv4.conf.eth0.arp_filter=1
#at 1200ms sysctl -w net.ipv4.conf.eth0.rp_filter=1
#at 1300ms sysctl -w net.ipv4.conf.eth0.proxy_arp_pvlan=1
#at 1400ms sysctl -w net.ipv4.conf.eth0.route_localnet=1
