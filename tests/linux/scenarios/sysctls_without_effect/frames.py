# SPDX-License-Identifier: Apache-2.0
A, B, R = "10.0.0.2", "10.0.1.2", "10.0.0.1"
for tos in (0, 2, 8, 16, 0xb8):
    send("eth0", udp(A, B, tos=tos)); send("eth0", echo(A, R, tos=tos)); send("eth0", tcp(A, R, tos=tos)); send("eth0", udp(A, R, tos=tos))
send("eth0", udp(A, B, ttl=1)); send("eth0", udp(A, "172.16.0.1"))
