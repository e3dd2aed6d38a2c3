# SPDX-License-Identifier: Apache-2.0
A, B = "10.0.0.2", "10.0.1.2"

for type in (0x0801, 0x0805, 0x8035, 0x809b, 0x8137, 0x9000, 0xffff, 46, 1, 0x0600):
    send("eth0", udp(A, B), type=type)
    send("eth0", echo(A, "10.0.0.1"), type=type, dst=BROADCAST)
send("eth0", udp(A, B))
