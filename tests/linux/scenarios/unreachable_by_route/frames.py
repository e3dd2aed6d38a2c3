# SPDX-License-Identifier: Apache-2.0
A, B = "10.0.0.2", "10.0.1.2"

for third in (1, 2, 3, 4):
    send("eth0", udp(A, f"172.16.{third}.9"))
send("eth1", udp(B, "172.16.2.9"))
send("eth1", tcp(B, "172.16.3.9"))
