# SPDX-License-Identifier: Apache-2.0
def quote(src, dst, proto=ICMP, bytes_=1500, **h):
    return ip(src, dst, bytes([0, 0, 0, 0, 0, 1, 0, 1]), proto, total=bytes_, **h)
seq = 0
def probe(dst, size=1400, at=None):
    global seq
    seq += 1
    send("eth1", echo(dst, "10.0.1.1", ident=2, seq=seq, data=size), at=at)
for n, at in enumerate((.1, .25, .35, .45, .55)):
    for mtu in (1000, 600, 100):
        dst = f"172.16.{n}.{mtu // 100}"
        probe(dst, at=at)
        for q in (quote("10.0.1.1", dst), quote("10.0.1.1", dst, UDP), quote("10.0.1.1", dst, TCP)):
            send("eth1", icmp("10.0.1.9", "10.0.1.1", 3, 4, struct.pack(">HH", 0, mtu), data=q), at=at)
        probe(dst, at=at)
        probe(dst, 650, at=at)
        at += .01
probe("172.16.4.10", at=1.2)
probe("172.16.4.10", at=2.2)
