#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# Records scenarios/first-packet from real programs: curl, dig, ssh, iperf3 and ping in one network namespace, their
# servers in another, a Linux router between them; then makes the scenario of it with `turnpike import`.
#
#   tools/record_first_packet.sh CAPTURE           records into the file CAPTURE
#   tools/record_first_packet.sh --scenario        records and rewrites scenarios/first-packet (needs a built turnpike)
#
# Needs root and: iproute2 ethtool tcpdump curl dnsmasq bind9-dnsutils openssh-server openssh-client iperf3 iputils-ping
# python3. Nothing leaves this machine, and nothing is addressed to the router itself.
set -euo pipefail
cd "$(dirname "$0")/.."
PATH=$PATH:/usr/sbin:/sbin

[ $# -eq 1 ] || { sed -n '3,10s/^# \?//p' "$0"; exit 2; }
[ "$(id -u)" -eq 0 ] || { echo "$0: network namespaces need root" >&2; exit 2; }

client=tp-client-$$ router=tp-router-$$ server=tp-server-$$
work=$(mktemp -d)
daemons=()

cleanup() {
    for pid in "${daemons[@]}"; do kill "$pid" 2>/dev/null || true; done
    for space in $client $router $server; do ip netns del "$space" 2>/dev/null || true; done
    rm -rf "$work"
}
trap cleanup EXIT

at_client() { ip netns exec $client "$@"; }
at_server() { ip netns exec $server "$@"; }
daemon() { "$@" >"$work/daemon.log" 2>&1 & daemons+=($!); }
quietly() { "$@" >"$work/last.log" 2>&1 || { cat "$work/last.log" >&2; echo "failed: $*" >&2; exit 1; }; }

# No segment may be longer than the MTU and every checksum must be in the packet: all offloads off.
wire() {  # wire SPACE NAME ADDRESSES…: a cable from the router's NAME to eth0 of SPACE
    local space=$1 name=$2
    shift 2
    ip -n $router link add "$name" type veth peer name eth0 netns "$space"
    ip netns exec $router ethtool -K "$name" tx off rx off sg off tso off gso off gro off >/dev/null
    ip netns exec "$space" ethtool -K eth0 tx off rx off sg off tso off gso off gro off >/dev/null
    for address in "$@"; do ip -n "$space" addr add "$address" broadcast + dev eth0; done
    ip -n "$space" link set lo up
    ip -n "$space" link set eth0 up
    ip -n $router link set "$name" up
}

make_network() {
    for space in $client $router $server; do
        ip netns add "$space"
        ip netns exec "$space" sysctl -qw net.ipv6.conf.all.disable_ipv6=1 net.ipv6.conf.default.disable_ipv6=1
    done
    wire $client left 192.168.10.10/24 192.168.10.11/24 192.168.10.12/24
    wire $server right 172.16.20.20/24 172.16.20.21/24
    ip -n $router addr add 192.168.10.1/24 dev left
    ip -n $router addr add 172.16.20.1/24 dev right
    ip -n $client route add default via 192.168.10.1
    ip -n $server route add default via 172.16.20.1
    ip netns exec $router sysctl -qw net.ipv4.ip_forward=1
}

start_servers() {
    mkdir -p "$work/www" "$work/ssh"
    for i in $(seq 1 12); do head -c $((i * 311)) /dev/zero | tr '\0' "a" >"$work/www/page$i.html"; done
    seq 1 40000 >"$work/www/numbers.txt"
    daemon at_server python3 -m http.server --protocol HTTP/1.1 --directory "$work/www" --bind 172.16.20.20 80
    daemon at_server dnsmasq --no-daemon --no-resolv --no-hosts --conf-file=/dev/null --listen-address=172.16.20.21 \
        --bind-interfaces --address=/example.test/172.16.20.20 --txt-record=long.example.test,"$(seq -s, 1 60)"
    ssh-keygen -q -t ed25519 -N '' -f "$work/ssh/host"
    ssh-keygen -q -t ed25519 -N '' -f "$work/ssh/user"
    mkdir -p /run/sshd
    daemon at_server /usr/sbin/sshd -D -e -f /dev/null -p 22 -h "$work/ssh/host" -o ListenAddress=172.16.20.21 \
        -o AuthorizedKeysFile="$work/ssh/user.pub" -o StrictModes=no -o PermitRootLogin=yes -o PidFile=none
    daemon at_server iperf3 -s -B 172.16.20.20
    sleep 1
}

ssh_to_server() {
    at_client ssh -q -F /dev/null -i "$work/ssh/user" -o StrictHostKeyChecking=no -o UserKnownHostsFile=/dev/null \
        root@172.16.20.21 "$@"
}

use_the_web() {
    local urls=()
    for i in $(seq 1 12); do urls+=("http://172.16.20.20/page$i.html"); done
    for source in 192.168.10.10 192.168.10.11 192.168.10.12; do
        for _ in 1 2 3; do quietly at_client curl -sf --interface $source "${urls[@]}"; done
        for i in 1 5 9; do quietly at_client curl -sf --interface $source "http://172.16.20.20/page$i.html"; done
    done
    quietly at_client curl -sf http://172.16.20.20/numbers.txt
    at_client curl -s http://172.16.20.20/no-such-page >/dev/null
}

use_names() {
    for i in $(seq 1 60); do quietly at_client dig +tries=1 +short @172.16.20.21 "host$i.example.test" A; done
    for _ in $(seq 1 10); do quietly at_client dig +tries=1 @172.16.20.21 long.example.test TXT; done
    quietly at_client dig +tcp @172.16.20.21 long.example.test TXT
}

use_ssh() {
    quietly ssh_to_server 'for i in $(seq 1 60); do echo line $i; sleep 0.005; done'
    quietly ssh_to_server 'cat >/dev/null' <"$work/www/page12.html"
    head -c 60000 /dev/urandom >"$work/upload"
    quietly ssh_to_server 'cat >/dev/null' <"$work/upload"
}

use_iperf() {
    quietly at_client iperf3 -c 172.16.20.20 -n 150K
    quietly at_client iperf3 -c 172.16.20.20 -u -b 2M -l 180 -n 36K
    quietly at_client iperf3 -c 172.16.20.20 -R -n 100K
}

# Types of service of the documents' table, and two code points of DiffServ.
use_ping() {
    for tos in 0x00 0x02 0x04 0x08 0x10 0x18 0x28 0xb8; do
        quietly at_client ping -q -i 0.01 -c 10 -Q $tos -I 192.168.10.11 172.16.20.20
    done
    for ttl in 5 17 128 255; do quietly at_client ping -q -i 0.01 -c 5 -t $ttl 172.16.20.21; done
    quietly at_client ping -q -i 0.02 -c 6 -s 4000 172.16.20.20
    quietly at_server ping -q -i 0.02 -c 4 -s 2500 -I 172.16.20.21 192.168.10.12
    quietly at_client ping -q -i 0.01 -c 5 -s 1472 -M do 172.16.20.20
}

# What hosts say to nobody in particular: names, discovery, a DHCP discover, and a port that nobody listens on.
make_noise() {
    at_client python3 - <<'PYTHON'
import socket
s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
s.setsockopt(socket.SOL_SOCKET, socket.SO_BROADCAST, 1)
for i in range(8):
    s.sendto(b"\x80\x00\x01\x10\x00\x01\x00\x00\x00\x00\x00\x00 " + b"CK" * 16 + b"\x00\x00\x21\x00\x01", ("192.168.10.255", 137))
s.setsockopt(socket.IPPROTO_IP, socket.IP_MULTICAST_TTL, 255)
for name in (b"printer", b"laptop", b"tv"):
    s.sendto(b"\0" * 5 + b"\1" + b"\0" * 6 + bytes([len(name)]) + name + b"\5local\0\0\1\0\1", ("224.0.0.251", 5353))
s.setsockopt(socket.IPPROTO_IP, socket.IP_MULTICAST_TTL, 4)
s.sendto(b'M-SEARCH * HTTP/1.1\r\nHOST: 239.255.255.250:1900\r\nMAN: "ssdp:discover"\r\nMX: 1\r\nST: ssdp:all\r\n\r\n',
         ("239.255.255.250", 1900))
discover = bytes([1, 1, 6, 0]) + b"\x12\x34\x56\x78" + bytes(20) + b"\x02\0\0\0\x0a\x0a" + bytes(202)
discover += b"\x63\x82\x53\x63\x35\x01\x01\x37\x03\x01\x03\x06\xff"
for i in range(3):
    s.sendto(discover, ("255.255.255.255", 67))
for port in range(33434, 33440):
    s.sendto(b"anybody there?", ("172.16.20.21", port))
PYTHON
}

record() {
    local capture=$1
    daemon ip netns exec $router tcpdump -i left -U -s 0 --time-stamp-precision=nano -w "$work/all.pcap"
    sleep 1
    use_names &
    local names=$!
    use_ping
    wait $names
    use_ssh &
    local ssh=$!
    use_the_web
    wait $ssh
    make_noise
    use_iperf
    make_noise
    sleep 0.5
    kill "${daemons[-1]}"
    sleep 0.5
    cp "$work/all.pcap" "$capture"
}

# The scenario runs with both accelerators as RTL: it is to show the whole path.
make_scenario() {
    local scenario=scenarios/first-packet
    "${TURNPIKE:-build/release/turnpike}" import "$1" --out "$scenario" --force
    sed -i "s/^about = .*/about = \"curl, dig, ssh, iperf3, ping and broadcast noise between two networks: a real capture, wire to wire\"/" \
        "$scenario/scenario.toml"
    cat >>"$scenario/scenario.toml" <<'TOML'

[accel.lpm]
mode = "rtl"

[accel.checksum]
mode = "rtl"
TOML
}

make_network
start_servers
if [ "$1" = --scenario ]; then
    record "$work/first-packet.pcap"
    make_scenario "$work/first-packet.pcap"
else
    record "$1"
fi
