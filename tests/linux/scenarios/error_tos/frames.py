# SPDX-License-Identifier: Apache-2.0
A, B, R = "10.0.0.2", "10.0.1.2", "10.0.0.1"

for tos in (0x00, 0x02, 0x04, 0x08, 0x10, 0x1e, 0x1f, 0x20, 0xb8, 0xe0, 0xff):
    send("eth0", udp(A, B, ttl=1, tos=tos))
    send("eth0", echo(A, R, tos=tos))
    send("eth0", tcp(A, R, tos=tos))
