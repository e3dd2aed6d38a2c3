# SPDX-License-Identifier: Apache-2.0
A, B = "10.0.0.2", "10.0.1.2"

send("eth0", udp(A, B, data=1000, tos=0xb8, ttl=9, id=0))
send("eth0", udp(A, B, data=1000, tos=0x03, ttl=255, id=0xffff))
send("eth0", tcp(A, B, data=1000, flags="PA", tos=0x10))
send("eth0", echo(A, B, data=1000))
send("eth0", ip(A, B, 1000, 50))
send("eth0", udp(A, B, data=1000, reserved=True))
