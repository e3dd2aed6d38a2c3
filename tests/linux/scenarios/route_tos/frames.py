# SPDX-License-Identifier: Apache-2.0
A, B = "10.0.0.2", "10.0.1.2"

for tos in (0x00, 0x10, 0x08, 0x18, 0x11, 0x13, 0x30, 0xb0, 0x04, 0x02):
    send("eth0", udp(A, "172.16.0.1", tos=tos))
send("eth0", udp(A, "172.17.0.1", tos=0x08))
send("eth0", udp(A, "172.17.0.1"))  # only a route with a TOS: no way for others
