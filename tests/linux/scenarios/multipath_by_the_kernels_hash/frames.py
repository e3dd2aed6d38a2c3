# SPDX-License-Identifier: Apache-2.0
import struct
GRE, GRE_IPV6 = b"\0\0\x08\0", b"\0\0\x86\xdd"
def ipv6(n, next=17, extensions=b""):
    a, b = bytes([0x20, 1, 0x0d, 0xb8, n % 3]) + bytes(10) + bytes([n]), bytes([0x20, 1, 0x0d, 0xb8, n % 5]) + bytes(10) + bytes([99 - n])
    return struct.pack(">IHBB", 6 << 28 | (n % 4) << 9, 8 + len(extensions), next, 64) + a + b + extensions + struct.pack(">HHHH", 3000 + n % 2, 53, 8, 0)
# Of ICMP no type that the router makes itself, whose identifications are any.
for policy in range(6):
    at = 0.05 + 0.2 * policy
    for n in range(12):
        a, b = f"192.168.{n}.{5 * n + policy}", f"172.{16 + n % 2}.{n}.{9 * n + 1}"
        inner = udp(f"10.9.{n % 3}.{n}", f"10.8.0.{n // 2}", sport=4000 + n % 4, dport=53)
        packets = [udp(a, b, sport=5000 + n, dport=60000 - n), udp(a, b, sport=60000 - n, dport=5000 + n),
                   tcp(a, b, sport=80 + n), udp(a, b, sport=7, dport=8, data=8, mf=True, id=n), echo(a, b, ident=n),
                   ip(a, b, inner, proto=4), ip(a, b, GRE + inner, proto=47), ip(a, b, ipv6(n), proto=41), ip(a, b, GRE_IPV6 + ipv6(n), proto=47), ip(a, b, bytes(range(n, n + 60)), proto=41), ip(a, b, ipv6(n)[:39], proto=41),
                   ip(a, b, ipv6(n, 0, bytes([60, 1]) + bytes(14) + bytes([43]) + bytes(7) + bytes([17]) + bytes(7)), proto=41),
                   ip(a, b, ipv6(n, 44, bytes([17]) + bytes(7)), proto=41), ip(a, b, ipv6(n, 43)[:41], proto=41), ip(a, b, pattern(600), proto=41),
                   ip(a, b, bytes(range(n, n + 20)), proto=(50, 51, 132, 136)[n % 4]),
                   icmp(a, b, (4, 5, 12, 0)[n % 4], data=udp(b, f"10.7.0.{n}")),
                   udp(a, b, sport=n, ttl=1), udp(a, "10.0.0.1", dport=9), udp(a, "172.20.0.1", sport=n), ip(a, b, inner, proto=4, ttl=1)]
        for packet in packets:
            send("eth0", packet, at=at)
            at += 0.0003
