# SPDX-License-Identifier: Apache-2.0
A, G = "10.0.0.2", "239.1.1.1"
def to(group, packet, port="eth0"):
    send(port, packet, dst=multicast(group))
send("eth0", echo(A, "10.0.0.1"))
send("eth0", echo(A, "10.0.0.1"), at=5)
to(G, udp(A, G)); to(G, echo(A, G)); to(G, udp(A, G, ttl=0)); to(G, ip(A, G, 20, 99)); to(G, tcp(A, G))
to(G, udp("10.0.1.9", G)); to(G, udp("10.0.0.1", G)); to(G, udp("192.168.1.1", G)); to(G, udp("0.0.0.0", G)); to(G, udp("239.1.1.1", G))
to("239.1.1.2", udp(A, "239.1.1.2")); to(G, udp("10.0.1.2", G), "eth1"); to("224.0.0.9", udp(A, "224.0.0.9", ttl=1))
send("eth0", echo(A, G)); send("eth0", echo(A, G), dst=BROADCAST); send("eth0", udp(A, "10.0.0.1"), dst=multicast(G))
to(G, fragments(udp(A, G, data=200), 64)); to(G, udp(A, G, options=record_route(2))); to(G, icmp(A, G, 13, 0, bytes(4), 12))
send_arp("eth0", who_has(G, A, host(0, 2))); to("224.0.0.1", echo(A, "224.0.0.1"))
