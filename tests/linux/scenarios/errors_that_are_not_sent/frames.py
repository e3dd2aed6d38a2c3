# SPDX-License-Identifier: Apache-2.0
A, B = "10.0.0.2", "10.0.1.2"

for kind in (3, 4, 5, 11, 12):
    send("eth0", icmp(A, B, kind, data=ip(B, A, 8), ttl=1))
for kind in (0, 8, 9, 10, 13, 14, 17, 30, 40):
    send("eth0", icmp(A, B, kind, ttl=1))  # of the others only those that are no errors are answered
send("eth0", ip(A, B, bytes([8]), ICMP, ttl=1))
send("eth0", ip(A, B, b"", ICMP, ttl=1))
send("eth0", ip(A, B, 24, UDP, offset=80, ttl=1))
send("eth0", udp(A, "10.0.1.255", ttl=1))
send("eth0", udp(A, "224.0.0.5", ttl=1), dst=multicast("224.0.0.5"))
for source in ("0.0.0.0", "127.0.0.1", "224.0.0.1", "255.255.255.255", "10.0.0.1", "240.0.0.1"):
    send("eth0", udp(source, B, ttl=1))
    send("eth0", udp(source, "10.0.0.1"))
