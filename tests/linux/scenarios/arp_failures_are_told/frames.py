# SPDX-License-Identifier: Apache-2.0
def burst(at, src="10.0.1.2"):
    n = 0
    for dst in ("10.0.0.88", "172.17.0.1"):
        for packet in (udp(src, dst), echo(src, dst), tcp(src, dst), udp(src, dst, ttl=1), icmp(src, dst, 3, 1, data=28), udp(src, dst, offset=80, id=3), udp(src, dst, df=True, tos=0x1c), udp(src, dst, options=record_route(3)),
                       udp(src, dst, data=1400), udp("10.0.1.3", dst)):
            send("eth1", packet, at=at + 0.0003 * n); n += 1
burst(0.01)
burst(0.5)
burst(3.5)
send("eth1", udp("10.0.1.2", "10.0.0.88"), at=7.5)
send_arp("eth0", is_at("10.0.0.88", host(0, 88), "10.0.0.1", router(0)), dst=router(0), at=7.6)
send("eth1", udp("10.0.1.2", "10.0.0.88"), at=7.7)
send("eth0", udp("10.0.0.55", "172.17.0.1"), at=8.0)
send("eth0", udp("10.0.0.55", "10.0.1.1"), at=8.01)
